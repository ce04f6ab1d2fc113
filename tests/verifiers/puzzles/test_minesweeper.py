from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.minesweeper import verify

THREE = {"cells": ["1?1", "122", "01?"]}
RIGHT = ".X.\n...\n..X"
OPEN = {"cells": ["1?", "??"]}

ACCEPTED = {
    "as asked": (RIGHT, THREE),
    "spaces and lower case": (". x .\n. . .\n. . x", THREE),
    "numbers copied": ("1X1\n122\n01X", THREE),
    "one of three": (".X\n..", OPEN),
    "another of three": ("..\n.X", OPEN),
    "list of lists": ("[[.,X,.],\n[.,.,.],\n[.,.,X]]", THREE),
}
REJECTED = {
    "a mine missing": (".X.\n...\n...", THREE),
    "all covered cells marked": (".X\nXX", OPEN),
    "a mine on a number": ("XX.\n...\n..X", THREE),
    "mines everywhere": ("XXX\nXXX\nXXX", THREE),
    "no mines": ("...\n...\n...", THREE),
    "numbers that touch the mine at a corner only": ("..\nX.", {"cells": ["1?", "?2"]}),
    "question marks left": (".X.\n...\n..?", THREE),
    "the board copied": ("1?1\n122\n01?", THREE),
    "a number changed": ("1X1\n121\n01X", THREE),
    "a number for a covered cell": ("1X1\n122\n012", THREE),
    "a list of cells": ("(1, 2), (3, 3)", THREE),
    "two boards": (RIGHT + "\n\n" + RIGHT, THREE),
    "a line short": (".X.\n...", THREE),
    "Cyrillic X": (RIGHT.replace("X", "\u0425"), THREE),
    "code run by others": ("__import__('os').getcwd()", THREE),
    "empty": ("", THREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Let each mine add one to its neighbours and compare the whole board; written apart from the verifier."""
    cells = payload["cells"]
    lines = [[ch for ch in line if ch not in " \t,|[]"] for line in answer.split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [len(row) for row in cells]:
        return False
    total = [[0] * (len(cells[0]) + 2) for _ in range(len(cells) + 2)]
    for r, (line, row) in enumerate(zip(lines, cells, strict=True)):
        for c, (char, given) in enumerate(zip(line, row, strict=True)):
            if char not in (".Xx" if given == "?" else "." + given):
                return False
            for dr, dc in product(range(3), repeat=2):
                total[r + dr][c + dc] += char in "Xx"
    shown = [(r, c, given) for r, row in enumerate(cells) for c, given in enumerate(row) if given != "?"]
    return all(total[r + 1][c + 1] == int(given) for r, c, given in shown)


def grids(payload):
    """Yield every way to put mines under the covered cells."""
    options = [[".X" if given == "?" else "." for given in row] for row in payload["cells"]]
    rows = [["".join(line) for line in product(*row)] for row in options]
    return ("\n".join(grid) for grid in product(*rows))


def solutions(payload):
    """Yield every right answer of a small instance, by brute force."""
    return (grid for grid in grids(payload) if oracle(grid, payload))


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(level, index):
    instance = get_task("minesweeper").pose(index, level)
    every = list(grids(instance.payload))
    right = [oracle(answer, instance.payload) for answer in every]
    assert [verify(answer, instance.payload).score == 1.0 for answer in every] == right
    assert [answer for answer, fits in zip(every, right, strict=True) if fits] == [instance.reference]
