import random
import re
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles.magic_square import plain, spread_out, vary
from gradarium.verifiers.puzzles.magic_square import verify

THREE = {"givens": [[2, 7, 6], [9, 0, 1], [4, 0, 0]], "numbers": [3, 5, 8]}
BARE = {"givens": [[0, 0, 0]] * 3, "numbers": list(range(1, 10))}
FOUR = {"givens": [[16, 3, 2, 13], [5, 10, 11, 8], [0, 0, 0, 0], [0, 0, 0, 0]], "numbers": [1, 4, 6, 7, 9, 12, 14, 15]}

ACCEPTED = {
    "spaces": ("2 7 6\n9 5 1\n4 3 8", THREE),
    "list of lists": ("[[2, 7, 6],\n[9, 5, 1],\n[4, 3, 8]]", THREE),
    "bars": ("| 2 | 7 | 6 |\n| 9 | 5 | 1 |\n| 4 | 3 | 8 |", THREE),
    "one of eight": ("8 1 6\n3 5 7\n4 9 2", BARE),
    "another of eight": ("2 7 6\n9 5 1\n4 3 8", BARE),
    "as Duerer drew it": ("16 3 2 13\n5 10 11 8\n9 6 7 12\n4 15 14 1", FOUR),
}
REJECTED = {
    "given changed": ("8 1 6\n3 5 7\n4 9 2", THREE),
    "every number 5": ("5 5 5\n5 5 5\n5 5 5", BARE),
    "shifted by one: not the listed numbers": ("9 2 7\n4 6 8\n5 10 3", BARE),
    "rows and columns fine, diagonals not": ("7 6 2\n5 1 9\n3 8 4", BARE),
    "one diagonal only": ("4 9 2\n8 1 6\n3 5 7", BARE),
    "a listed number twice": ("2 7 6\n9 5 1\n4 3 3", THREE),
    "negative": ("2 7 6\n9 5 1\n4 3 -8", THREE),
    "dots left over": ("2 7 6\n9 . 1\n4 3 8", THREE),
    "zeros left over": ("2 7 6\n9 0 1\n4 0 0", THREE),
    "row missing": ("2 7 6\n9 5 1", THREE),
    "row too many": ("2 7 6\n9 5 1\n4 3 8\n2 7 6", THREE),
    "two squares": ("2 7 6\n9 5 1\n4 3 8\n\n2 7 6\n9 5 1\n4 3 8", THREE),
    "one line": ("2 7 6 9 5 1 4 3 8", THREE),
    "digits run together": ("276\n951\n438", THREE),
    "decimals": ("2 7 6\n9 5.0 1\n4 3 8", THREE),
    "sums": ("2 7 6\n9 4+1 1\n4 3 8", THREE),
    "superscript digits": ("\u00b2 7 6\n9 5 1\n4 3 8", THREE),
    "Arabic digits": ("\u0662 7 6\n9 5 1\n4 3 8", THREE),
    "huge": ("9" * 40 + " 7 6\n9 5 1\n4 3 8", THREE),
    "code": ("[[5] * 3] * 3", BARE),
    "empty": ("", THREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: one set of sums, and the numbers of the whole square as a sorted list."""
    n = len(payload["givens"])
    if len(answer) > 2000 or re.search(r"[^0-9 \n|,\[\]]", answer) or len(re.findall("[0-9]+", answer)) != n * n:
        return False
    lines = [
        [int(word) for word in re.findall("[0-9]+", line)] for line in answer.split("\n") if re.search("[0-9]", line)
    ]
    if [len(line) for line in lines] != [n] * n:
        return False
    flat = [number for line in lines for number in line]
    told = [number for line in payload["givens"] for number in line]
    if any(t not in (0, f) for t, f in zip(told, flat, strict=True)):
        return False
    if sorted(flat) != sorted([t for t in told if t] + payload["numbers"]):
        return False
    sums = {sum(flat[i * n : i * n + n]) for i in range(n)} | {sum(flat[i::n]) for i in range(n)}
    return len(sums | {sum(flat[:: n + 1]), sum(flat[n - 1 : n * n - 1 : n - 1])}) == 1


def fillings(payload):
    """Yield every way to put the listed numbers into the empty cells."""
    flat = [number for line in payload["givens"] for number in line]
    n = len(payload["givens"])
    for order in sorted(set(permutations(payload["numbers"]))):
        rest = iter(order)
        full = [number or next(rest) for number in flat]
        yield "\n".join(" ".join(map(str, full[i : i + n])) for i in range(0, n * n, n))


def solutions(payload):
    """Yield every right answer by trying all orders; for five empty cells or fewer."""
    yield from (text for text in fillings(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_all_fillings_get_the_verdict_of_the_oracle(level):
    for index in range(15):
        instance = get_task("magic_square").pose(index, level)
        every = list(fillings(instance.payload))
        right = [text for text in every if verify(text, instance.payload).score == 1.0]
        assert right == list(solutions(instance.payload))
        assert instance.reference in right


def test_there_are_eight_squares_of_order_3():
    rows = list(permutations(range(1, 10), 3))
    found = 0
    for a in (row for row in rows if sum(row) == 15):
        for b in (row for row in rows if sum(row) == 15 and not {*row} & {*a}):
            text = "\n".join(" ".join(map(str, row)) for row in (a, b, [15 - x - y for x, y in zip(a, b, strict=True)]))
            assert (verify(text, BARE).score == 1.0) == oracle(text, BARE)
            found += verify(text, BARE).score == 1.0
    assert found == 8


@pytest.mark.parametrize("n", [3, 4, 5, 6, 7, 8])
def test_the_squares_are_magic_before_and_after_they_are_varied(n):
    rng = random.Random(n)
    squares = [plain(n), vary(rng, plain(n))] + ([spread_out(rng, plain(n), 5)] if n > 3 else [])
    for square in squares:
        numbers = [number for row in square for number in row]
        assert len(set(numbers)) == n * n
        payload = {"givens": [[0] * n] * n, "numbers": numbers}
        assert verify("\n".join(" ".join(map(str, row)) for row in square), payload).score == 1.0
    assert sorted(number for row in squares[1] for number in row) == list(range(1, n * n + 1))
