from functools import cache
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.jigsaw_sudoku import verify

SQUARE = "1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1"
BOXES = ["AABB", "AABB", "CCDD", "CCDD"]
ROWS = ["AAAA", "BBBB", "CCCC", "DDDD"]
PIECES = ["AAAB", "ABBB", "CCCD", "CDDD"]
FOUR = {"regions": BOXES, "givens": ["12.4", "3412", "2143", "432."]}
OPEN = {"regions": PIECES, "givens": ["...."] * 4}

ACCEPTED = {
    "spaces": (SQUARE, FOUR),
    "no spaces": (SQUARE.replace(" ", ""), FOUR),
    "list of lists": ("[[1, 2, 3, 4],\n[3, 4, 1, 2],\n[2, 1, 4, 3],\n[4, 3, 2, 1]]", FOUR),
    "boxes repeat, which are no regions here": ("1234\n2341\n3412\n4123", {**OPEN, "regions": ROWS}),
    "pieces": ("1 2 3 4\n4 3 1 2\n2 1 4 3\n3 4 2 1", {**OPEN, "regions": ["AAAB", "ABBB", "CCCD", "CDDD"]}),
}
REJECTED = {
    "region repeats": (SQUARE, OPEN),
    "rows and columns fine, regions repeat": ("1234\n2341\n3412\n4123", {**OPEN, "regions": BOXES}),
    "regions fine, column repeats": ("1234\n1234\n1234\n1234", {**OPEN, "regions": ROWS}),
    "given changed": ("1243\n3412\n2134\n4321", FOUR),
    "dots left over": ("12.4\n3412\n2143\n432.", FOUR),
    "the map of regions": ("\n".join(BOXES), FOUR),
    "digit out of range": ("1254\n3412\n2143\n4321", FOUR),
    "zero for unknown": ("1204\n3412\n2143\n4320", FOUR),
    "row missing": ("1234\n3412\n2143", FOUR),
    "row too many": (f"{SQUARE}\n1234", FOUR),
    "two grids dumped": (f"{SQUARE}\n\n{SQUARE}", FOUR),
    "superscript digits": (SQUARE.replace("2", "\u00b2"), FOUR),
    "Arabic digits": (SQUARE.replace("1", "\u0661"), FOUR),
    "code": ("[[1,2,3,4]]*4", FOUR),
    "empty": ("", FOUR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: sets of cells by row, by column and by letter."""
    letters = "".join(payload["regions"])
    n = len(payload["regions"])
    digits = [int(ch) for ch in answer if ch in "123456789"]
    if len(digits) != n * n or set(answer) - set("0123456789 \n|-+[],"):
        return False
    every = set(range(1, n + 1))
    for key in ([i // n for i in range(n * n)], [i % n for i in range(n * n)], letters):
        if any({d for d, k in zip(digits, key, strict=True) if k == name} != every for name in set(key)):
            return False
    return all(g in (".", str(d)) for g, d in zip("".join(payload["givens"]), digits, strict=True))


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


@pytest.mark.parametrize("level", [0, 1])
def test_all_squares_get_the_verdict_of_the_oracle_and_one_is_right(level):
    for index in range(15):
        instance = get_task("jigsaw_sudoku").pose(index, level)
        right = list(solutions(instance.payload))
        assert right == [instance.reference]
        assert [s for s in squares() if verify(s, instance.payload).score == 1.0] == right


def test_boxes_as_regions_make_the_288_sudokus():
    payload = {"regions": BOXES, "givens": ["...."] * 4}
    verdicts = [verify(s, payload).score == 1.0 for s in squares()]
    assert verdicts == [oracle(s, payload) for s in squares()]
    assert sum(verdicts) == 288
