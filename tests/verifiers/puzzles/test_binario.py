from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.binario import verify

FOUR = {"cells": ["0...", "....", "...1", "...."]}
RIGHT = "0 1 0 1\n1 0 1 0\n0 0 1 1\n1 1 0 0"
OPEN = {"cells": ["......"] * 6}

ACCEPTED = {
    "spaces": (RIGHT, FOUR),
    "no spaces": ("0101\n1010\n0011\n1100", FOUR),
    "another solution": ("0011\n1100\n0101\n1010", FOUR),
    "list of lists": ("[[0, 1, 0, 1],\n[1, 0, 1, 0],\n[0, 0, 1, 1],\n[1, 1, 0, 0]]", FOUR),
    "six, a row equal to a column": ("010101\n101010\n001011\n110100\n011001\n100110", OPEN),
}
REJECTED = {
    "blanks filled with 2, 3, 4": ("0 2 3 4\n5 6 7 8\n9 2 3 1\n2 3 4 5", FOUR),
    "dots left": ("0 1 0 1\n1 0 1 0\n0 0 1 1\n1 1 0 .", FOUR),
    "given cells only": ("0...\n....\n...1\n....", FOUR),
    "equal rows": ("0101\n1010\n0101\n1010", FOUR),
    "equal columns only": ("0011\n0011\n1100\n1100", {"cells": ["...."] * 4}),
    "two pairs of equal rows": ("0101\n1010\n1010\n0101", {"cells": ["...."] * 4}),
    "given changed": ("1010\n0101\n1100\n0011", FOUR),
    "three in a row": ("010101\n101010\n000111\n111000\n011001\n100110", OPEN),
    "three in a column": ("010101\n011010\n011001\n100110\n101010\n100101", OPEN),
    "rows unbalanced": ("0100\n1011\n0101\n1011", FOUR),
    "a line short": ("0101\n1010\n0011", FOUR),
    "a line too many": (RIGHT + "\n0101", FOUR),
    "two grids": (RIGHT + "\n\n" + RIGHT, FOUR),
    "Arabic digits": (RIGHT.replace("1", "\u0661"), FOUR),
    "superscript digits": (RIGHT.replace("1", "\u00b9"), FOUR),
    "true and false": (RIGHT.replace("1", "T").replace("0", "F"), FOUR),
    "code": ("[[0,1],[1,0]]*2", FOUR),
    "empty": ("", FOUR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition, cell by cell; written apart from the verifier."""
    n = len(payload["cells"])
    bits = [char for char in answer if char in "01"]
    if len(bits) != n * n or set(answer) - set("01 \t\n|-+=[],"):
        return False
    lines = [bits[i : i + n] for i in range(0, n * n, n)]
    if [len([char for char in line if char in "01"]) for line in answer.split("\n") if set(line) & set("01")] != [
        n
    ] * n:
        return False
    at = {(r, c): lines[r][c] for r in range(n) for c in range(n)}
    for (r, c), bit in at.items():
        if payload["cells"][r][c] not in (".", bit):
            return False
        for dr, dc in ((0, 1), (1, 0)):
            if bit == at.get((r + dr, c + dc)) == at.get((r + 2 * dr, c + 2 * dc)):
                return False
    for group in (lines, [[line[c] for line in lines] for c in range(n)]):
        if len({tuple(line) for line in group}) < n or any(sum(map(int, line)) != n // 2 for line in group):
            return False
    return True


def grids(payload):
    """Yield every grid whose rows are balanced and keep the given cells."""
    n = len(payload["cells"])
    rows = ["".join(p) for p in product("01", repeat=n) if p.count("1") * 2 == n]
    fits = [
        [row for row in rows if all(g in (".", x) for g, x in zip(line, row, strict=True))] for line in payload["cells"]
    ]
    for grid in product(*fits):
        yield "\n".join(" ".join(row) for row in grid)


def solutions(payload):
    """Yield every right answer of a small instance, by brute force."""
    return (grid for grid in grids(payload) if oracle(grid, payload))


def test_all_4x4_grids_agree_with_the_oracle():
    empty = {"cells": ["...."] * 4}
    every = ["\n".join(rows) for rows in product(["".join(p) for p in product("01", repeat=4)], repeat=4)][::3]
    assert [verify(grid, empty).score == 1.0 for grid in every] == [oracle(grid, empty) for grid in every]
    assert sum(1 for _ in solutions(empty)) == 72  # the known number of 4x4 grids


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("index", range(20))
def test_puzzles_have_one_solution_by_brute_force(level, index):
    instance = get_task("binario").pose(index, level)
    every = list(grids(instance.payload))
    assert [verify(a, instance.payload).score == 1.0 for a in every] == [oracle(a, instance.payload) for a in every]
    assert list(solutions(instance.payload)) == [instance.reference]
