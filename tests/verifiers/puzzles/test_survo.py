import re
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.survo import verify

SMALL = {"givens": [[1, 0, 0], [0, 5, 0]], "rows": [6, 15], "columns": [5, 7, 9]}
# Without givens there are several squares with these sums.
OPEN = {"givens": [[0, 0, 0], [0, 0, 0], [0, 0, 0]], "rows": [15, 15, 15], "columns": [15, 15, 15]}
FULL = {"givens": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], "rows": [10, 26, 42], "columns": [15, 18, 21, 24]}

ACCEPTED = {
    "spaces": ("1 2 3\n4 5 6", SMALL),
    "list of lists": ("[[1, 2, 3],\n[4, 5, 6]]", SMALL),
    "bars": ("| 1 | 2 | 3 |\n| 4 | 5 | 6 |", SMALL),
    "numbers of two digits": ("1 2 3 4\n5 6 7 8\n9 10 11 12", FULL),
    "one of many": ("8 1 6\n3 5 7\n4 9 2", OPEN),
    "another of many, no magic square": ("7 6 2\n5 1 9\n3 8 4", OPEN),
}
REJECTED = {
    "every number 5": ("5 5 5\n5 5 5\n5 5 5", OPEN),
    "sums right, a number twice": ("1 3 2\n4 4 7", {**SMALL, "givens": [[1, 0, 0], [0, 0, 0]]}),
    "given changed": ("2 1 3\n3 6 6", SMALL),
    "number over the largest": ("0 5 10\n10 0 5\n5 10 0", OPEN),
    "negative number": ("1 2 3\n4 -5 16", SMALL),
    "row sums right, column sums not": ("1 3 2\n6 5 4", SMALL),
    "column sums right, row sums not": ("4 2 3\n1 5 6", {**SMALL, "givens": [[0] * 3] * 2}),
    "sums written out": ("1 2 3 6\n4 5 6 15\n5 7 9 21", SMALL),
    "dots left over": ("1 . .\n. 5 .", SMALL),
    "zeros left over": ("1 0 0\n0 5 0", SMALL),
    "row missing": ("1 2 3", SMALL),
    "row too many": ("1 2 3\n4 5 6\n1 2 3", SMALL),
    "two grids": ("1 2 3\n4 5 6\n\n1 2 3\n4 5 6", SMALL),
    "one line": ("1 2 3 4 5 6", SMALL),
    "digits run together": ("123\n456", SMALL),
    "decimals": ("1 2 3\n4 5.0 6", SMALL),
    "superscript digits": ("1 \u00b2 3\n4 5 6", SMALL),
    "Arabic digits": ("1 \u0662 3\n4 5 6", SMALL),
    "huge": ("1 2 3\n4 5 " + "6" * 40, SMALL),
    "code": ("[range(1, 4), range(4, 7)]", SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: the sorted numbers are 1 to n, and slices have the sums."""
    width, n = len(payload["columns"]), len(payload["rows"]) * len(payload["columns"])
    if len(answer) > 2000 or re.search(r"[^0-9 \n|,\[\]]", answer):
        return False
    lines = [
        [int(word) for word in re.findall("[0-9]+", line)] for line in answer.split("\n") if re.search("[0-9]", line)
    ]
    if [len(line) for line in lines] != [width] * len(payload["rows"]):
        return False
    flat = [number for line in lines for number in line]
    told = [number for line in payload["givens"] for number in line]
    return (
        sorted(flat) == list(range(1, n + 1))
        and all(t in (0, f) for t, f in zip(told, flat, strict=True))
        and [sum(flat[i : i + width]) for i in range(0, n, width)] == payload["rows"]
        and [sum(flat[i::width]) for i in range(width)] == payload["columns"]
    )


def fillings(payload):
    """Yield every way to put the missing numbers into the empty cells."""
    flat = [number for line in payload["givens"] for number in line]
    width = len(payload["columns"])
    for order in permutations(sorted(set(range(1, len(flat) + 1)) - set(flat))):
        rest = iter(order)
        full = [number or next(rest) for number in flat]
        yield "\n".join(" ".join(map(str, full[i : i + width])) for i in range(0, len(full), width))


def solutions(payload):
    """Yield every right answer by trying all orders; for six empty cells or fewer."""
    yield from (text for text in fillings(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_all_fillings_get_the_verdict_of_the_oracle_and_one_is_right(level):
    for index in range(15):
        instance = get_task("survo").pose(index, level)
        right = list(solutions(instance.payload))
        assert right == [instance.reference]
        assert [t for t in fillings(instance.payload) if verify(t, instance.payload).score == 1.0] == right


def test_all_fillings_of_a_grid_without_givens():
    payload = {"givens": [[0, 0], [0, 0], [0, 0]], "rows": [7, 7, 7], "columns": [9, 12]}
    verdicts = [verify(t, payload).score == 1.0 for t in fillings(payload)]
    assert verdicts == [oracle(t, payload) for t in fillings(payload)]
    assert sum(verdicts) > 1
