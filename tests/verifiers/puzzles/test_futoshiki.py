from functools import cache
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.futoshiki import verify

OPEN = {"givens": ["...."] * 4, "signs": []}
SQUARE = "2 1 4 3\n3 4 1 2\n1 2 3 4\n4 3 2 1"
SMALL = {"givens": ["2...", "....", "..3.", "...."], "signs": [[[0, 1], [0, 0]], [[0, 0], [1, 0]], [[2, 3], [1, 3]]]}
LESS = {**SMALL, "signs": [[[0, 1], [0, 0]], [[0, 0], [1, 0]], [[1, 3], [2, 3]]]}

ACCEPTED = {
    "spaces": (SQUARE, LESS),
    "no spaces": (SQUARE.replace(" ", ""), LESS),
    "list of lists": ("[[2, 1, 4, 3],\n[3, 4, 1, 2],\n[1, 2, 3, 4],\n[4, 3, 2, 1]]", LESS),
    "any Latin square without signs": ("1234\n2341\n3412\n4123", OPEN),
    "sign between cells that are no neighbours": (SQUARE, {**OPEN, "signs": [[[0, 1], [3, 0]]]}),
}
REJECTED = {
    "one sign broken, upside down": (SQUARE, SMALL),
    "sign broken, left and right": (SQUARE, {**OPEN, "signs": [[[0, 0], [0, 1]]]}),
    "sign broken, above and below": (SQUARE, {**OPEN, "signs": [[[1, 0], [0, 0]]]}),
    "equal is not less": (SQUARE, {**OPEN, "signs": [[[0, 0], [1, 3]]]}),
    "signs kept, rows repeat": ("1 1 4 3\n3 4 1 2\n1 2 3 4\n4 3 2 1", {**OPEN, "signs": [[[0, 1], [0, 2]]]}),
    "columns repeat": ("1234\n1234\n1234\n1234", OPEN),
    "given changed": ("1243\n3412\n2134\n4321", LESS),
    "signs left in the grid": ("2>1 4 3\n3 4 1 2\n1 2 3 4\n4 3 2 1", LESS),
    "dots left over": ("2143\n34.2\n1234\n4321", LESS),
    "zero": ("2143\n3412\n1234\n4320", LESS),
    "number over the size": ("2143\n3412\n1235\n4321", LESS),
    "row missing": ("2143\n3412\n1234", LESS),
    "row too many": ("2143\n3412\n1234\n4321\n2143", LESS),
    "two grids": (f"{SQUARE}\n\n{SQUARE}", LESS),
    "superscript digits": (SQUARE.replace("2", "\u00b2"), LESS),
    "Arabic digits": (SQUARE.replace("1", "\u0661"), LESS),
    "code": ("[[1,2,3,4]]*4", LESS),
    "empty": ("", LESS),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: where each number stands in rows and columns, and every sign as a difference."""
    n = len(payload["givens"])
    digits = [int(ch) for ch in answer if ch in "123456789"]
    if len(digits) != n * n or set(answer) - set("0123456789 \n|-+[],"):
        return False
    at = {(i // n, i % n): d for i, d in enumerate(digits)}
    for value in range(1, n + 1):
        places = [cell for cell, d in at.items() if d == value]
        if len(places) != n or len({r for r, _ in places}) != n or len({c for _, c in places}) != n:
            return False
    if any(ch not in (".", str(at[r, c])) for r, line in enumerate(payload["givens"]) for c, ch in enumerate(line)):
        return False
    return all(at[tuple(b)] - at[tuple(a)] >= 1 for a, b in payload["signs"])


@cache
def squares():
    """Return the Latin squares of order 4 as texts."""
    rows = ["".join(p) for p in permutations("1234")]
    found = [()]
    for _ in range(4):
        found = [
            (*g, row) for g in found for row in rows if all(a != b for o in g for a, b in zip(o, row, strict=True))
        ]
    return ["\n".join(" ".join(row) for row in grid) for grid in found]


def solutions(payload):
    """Yield every right answer of an instance of order 4."""
    yield from (square for square in squares() if oracle(square, payload))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_all_squares_get_the_verdict_of_the_oracle_and_one_is_right(level):
    for index in range(10):
        instance = get_task("futoshiki").pose(index, level)
        right = list(solutions(instance.payload))
        assert right == [instance.reference]
        assert [s for s in squares() if verify(s, instance.payload).score == 1.0] == right


def test_each_sign_is_judged_alone():
    for a in [(0, 0), (1, 2), (3, 3)]:
        for b in [(0, 1), (2, 2), (3, 2)]:
            payload = {**OPEN, "signs": [[list(a), list(b)]]}
            assert [verify(s, payload).score == 1.0 for s in squares()] == [oracle(s, payload) for s in squares()]
