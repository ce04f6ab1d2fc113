from itertools import permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.sudoku import verify

FOUR = {"box": [2, 2], "givens": ["12.4", "3412", "2143", "432."]}
OPEN = {"box": [2, 2], "givens": ["12..", "....", "....", "...."]}

ACCEPTED = {
    "spaces": ("1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1", FOUR),
    "no spaces": ("1234\n3412\n2143\n4321", FOUR),
    "bars, rulers and blank lines": ("12 | 34\n34 | 12\n---+---\n\n21 | 43\n43 | 21\n", FOUR),
    "list of lists": ("[[1, 2, 3, 4],\n[3, 4, 1, 2],\n[2, 1, 4, 3],\n[4, 3, 2, 1]]", FOUR),
    "one of many solutions": ("1 2 3 4\n3 4 2 1\n2 1 4 3\n4 3 1 2", OPEN),
}
REJECTED = {
    "given changed to make the rules hold": ("2134\n3412\n1243\n4321", FOUR),
    "column repeats": ("1234\n3412\n2143\n1324", OPEN),
    "rows fine, boxes repeat": ("1234\n2341\n3412\n4123", OPEN),
    "givens copied with dots": ("12.4\n3412\n2143\n432.", FOUR),
    "digit out of range": ("1254\n3412\n2143\n4321", FOUR),
    "zero for unknown": ("1204\n3412\n2143\n4320", FOUR),
    "row missing": ("1234\n3412\n2143", FOUR),
    "row too many": ("1234\n3412\n2143\n4321\n1234", FOUR),
    "two grids dumped": ("1234\n3412\n2143\n4321\n\n1234\n3412\n2143\n4321", FOUR),
    "superscript digits": ("1\u00b234\n3412\n2143\n4321", FOUR),
    "Arabic digits": ("\u0661234\n3412\n2143\n4321", FOUR),
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
    """Judge by the definition: 27 sets; written apart from the verifier."""
    h, w = payload["box"]
    n = h * w
    digits = [int(ch) for ch in answer if ch in "123456789"]
    if len(digits) != n * n or set(answer) - set("0123456789 \n|-+[],"):
        return False
    want = set(range(1, n + 1))
    at = {(i // n, i % n): d for i, d in enumerate(digits)}
    units = [{at[r, c] for c in range(n)} for r in range(n)] + [{at[r, c] for r in range(n)} for c in range(n)]
    units += [{at[r, c] for r, c in at if (r // h, c // w) == box} for box in product(range(n // h), range(n // w))]
    kept = all(g in (".", str(at[r, c])) for r, line in enumerate(payload["givens"]) for c, g in enumerate(line))
    return kept and all(unit == want for unit in units)


def all_grids():
    rows = ["".join(p) for p in permutations("1234")]
    for grid in product(rows, repeat=4):
        columns = ["".join(row[c] for row in grid) for c in range(4)]
        if all(len(set(column)) == 4 for column in columns):
            yield "\n".join(grid)


def test_all_4x4_grids_agree_with_the_oracle():
    grids = list(all_grids())
    assert len(grids) == 576  # Latin squares of order 4
    empty = {"box": [2, 2], "givens": ["...."] * 4}
    verdicts = [verify(grid, empty).score == 1.0 for grid in grids]
    assert verdicts == [oracle(grid, empty) for grid in grids]
    assert sum(verdicts) == 288  # the known number of 4x4 sudokus


@pytest.mark.parametrize("level", [0, 1, 2])
def test_puzzles_have_one_solution_by_brute_force(level):
    grids = list(all_grids())
    for index in range(20):
        instance = get_task("sudoku").pose(index, level)
        assert [g for g in grids if oracle(g, instance.payload)] == [instance.reference.replace(" ", "")]
