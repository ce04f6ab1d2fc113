from functools import cache
from itertools import permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.killer_sudoku import verify

SQUARE = "1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1"
EMPTY = ["...."] * 4
PAIRS = {
    "box": [2, 2],
    "givens": EMPTY,
    "regions": ["AABB", "CCDD", "EEFF", "GHIJ"],
    "sums": {"A": 3, "B": 7, "C": 7, "D": 3, "E": 3, "F": 7, "G": 4, "H": 3, "I": 2, "J": 1},
}
FREE = {"box": [2, 2], "givens": EMPTY, "regions": ["AAAA", "BBBB", "CCCC", "DDDD"], "sums": dict.fromkeys("ABCD", 10)}
# Cages across boxes: the middle four cells are 4 1 1 4, so digits repeat in X without breaking a row, column or box.
CROSS = {
    "box": [2, 2],
    "givens": EMPTY,
    "regions": ["AABB", "AXXB", "CXXD", "CCDD"],
    "sums": {"A": 6, "B": 9, "C": 9, "D": 6, "X": 10},
}
PAIR = {"box": [2, 2], "givens": EMPTY, "regions": ["ABBB", "BBBB", "BBBB", "BBBA"], "sums": {"A": 2, "B": 38}}

ACCEPTED = {
    "spaces": (SQUARE, PAIRS),
    "no spaces": (SQUARE.replace(" ", ""), PAIRS),
    "list of lists": ("[[1, 2, 3, 4],\n[3, 4, 1, 2],\n[2, 1, 4, 3],\n[4, 3, 2, 1]]", PAIRS),
    "givens kept": (SQUARE, {**PAIRS, "givens": ["....", "..1.", "....", "4..."]}),
    "rows as cages: any sudoku": ("1 2 3 4\n3 4 2 1\n2 1 4 3\n4 3 1 2", FREE),
}
REJECTED = {
    "sums right, digit twice in a cage": (SQUARE, CROSS),
    "sum right, digit twice in a cage of two": (SQUARE, PAIR),
    "sum wrong": ("3 4 1 2\n1 2 3 4\n4 3 2 1\n2 1 4 3", PAIRS),
    "given changed": (SQUARE, {**PAIRS, "givens": ["....", "..2.", "....", "...."]}),
    "single cell changed": ("1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 1 2", PAIRS),
    "cages and rows right, columns repeat": ("1234\n1234\n1234\n1234", FREE),
    "cages, rows and columns right, boxes repeat": ("1234\n2341\n3412\n4123", FREE),
    "cages right, rows repeat": ("1122\n3344\n1122\n3344", {**FREE, "sums": {"A": 6, "B": 14, "C": 6, "D": 14}}),
    "the map of cages": ("AABB\nCCDD\nEEFF\nGHIJ", PAIRS),
    "dots left over": ("12.4\n3412\n2143\n432.", PAIRS),
    "digit out of range": ("1254\n3412\n2143\n4321", PAIRS),
    "zero": ("1204\n3412\n2143\n4320", PAIRS),
    "row missing": ("1234\n3412\n2143", PAIRS),
    "row too many": (f"{SQUARE}\n1234", PAIRS),
    "two grids dumped": (f"{SQUARE}\n\n{SQUARE}", PAIRS),
    "superscript digits": (SQUARE.replace("2", "\u00b2"), PAIRS),
    "Arabic digits": (SQUARE.replace("1", "\u0661"), PAIRS),
    "code": ("[[1,2,3,4]]*4", PAIRS),
    "empty": ("", PAIRS),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: digits grouped by row, column, box and letter."""
    h, w = payload["box"]
    n = h * w
    digits = [int(ch) for ch in answer if ch in "123456789"]
    if len(digits) != n * n or set(answer) - set("0123456789 \n|-+[],"):
        return False
    cells = list(product(range(n), repeat=2))
    letters = "".join(payload["regions"])
    for key in ([r for r, _ in cells], [c for _, c in cells], [(r // h, c // w) for r, c in cells], letters):
        groups = {}
        for name, digit in zip(key, digits, strict=True):
            groups.setdefault(name, []).append(digit)
        if any(len(set(group)) != len(group) for group in groups.values()) or max(digits) > n:
            return False
    if any(g not in (".", str(d)) for g, d in zip("".join(payload["givens"]), digits, strict=True)):
        return False
    return {letter: sum(group) for letter, group in groups.items()} == payload["sums"]


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
        instance = get_task("killer_sudoku").pose(index, level)
        right = list(solutions(instance.payload))
        assert right == [instance.reference]
        assert [s for s in squares() if verify(s, instance.payload).score == 1.0] == right


def test_rows_as_cages_leave_the_288_sudokus():
    verdicts = [verify(s, FREE).score == 1.0 for s in squares()]
    assert verdicts == [oracle(s, FREE) for s in squares()]
    assert sum(verdicts) == 288
