from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.light_up import verify

THREE = {"cells": ["..1", "...", "#.."]}
RIGHT = ".B1\nB..\n#.B"
OPEN = {"cells": ["..", ".."]}
ZERO = {"cells": [".0.", "...", "4#."]}

ACCEPTED = {
    "as asked": (RIGHT, THREE),
    "lower case and spaces": (". b 1\nb . .\n# . b", THREE),
    "walls without their digits": (".B#\nB..\n#.B", THREE),
    "one of two": ("B.\n.B", OPEN),
    "the other of two": (".B\nB.", OPEN),
    "list of lists": ("[[.,B,1],\n[B,.,.],\n[#,.,B]]", THREE),
}
REJECTED = {
    "a cell in the dark": (".B1\n...\n#.B", THREE),
    "bulbs see each other in a row": ("BB\n..", OPEN),
    "bulbs see each other in a column": ("B.\nB.", OPEN),
    "bulbs see each other from afar": ("B.1\n...\n#.B", {"cells": ["...", "...", "#.."]}),
    "a number too low": ("B.1\n.B.\n#..", THREE),
    "a number too high": (".B1\n..B\n#..", THREE),
    "a number counted at the corner": ("..1\n.B.\n#..", THREE),
    "a bulb beside a 0": ("B0.\n...\n4#B", ZERO),
    "a bulb on a wall": (".B1\nB..\nB..", THREE),
    "a wall more": (".B1\nB#.\n#.B", THREE),
    "a wall left out": (".B1\nB..\n..B", THREE),
    "a digit changed": (".B2\nB..\n#.B", THREE),
    "a digit on a bare wall": (".B1\nB..\n1.B", THREE),
    "no bulbs": ("..1\n...\n#..", THREE),
    "bulbs everywhere": ("BB1\nBBB\n#BB", THREE),
    "two grids": (RIGHT + "\n" + RIGHT, THREE),
    "a line short": (".B1\nB..", THREE),
    "Arabic digit": (RIGHT.replace("1", "\u0661"), THREE),
    "Greek B": (RIGHT.replace("B", "\u0392"), THREE),
    "empty": ("", THREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition, on stretches of open cells; written apart from the verifier."""
    cells = payload["cells"]
    lines = [[ch for ch in line if ch not in " \t,|[]"] for line in answer.split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [len(row) for row in cells]:
        return False
    text = "".join(map("".join, lines))
    fits = {".": ".Bb", "#": "#"}
    if any(char not in fits.get(given, "#" + given) for char, given in zip(text, "".join(cells), strict=True)):
        return False
    width = len(cells[0])
    at = {divmod(i, width): char in "Bb" for i, char in enumerate(text)}
    bright = set()
    for turned in (False, True):
        line_of = list(zip(*cells, strict=True)) if turned else cells
        for i, line in enumerate(line_of):
            stretch = []
            for j, given in enumerate([*line, "#"]):
                if given == ".":
                    stretch.append((j, i) if turned else (i, j))
                    continue
                bulbs = sum(at[cell] for cell in stretch)
                if bulbs > 1:
                    return False
                bright.update(stretch if bulbs else [])
                stretch = []
    for i, given in enumerate("".join(cells)):
        r, c = divmod(i, width)
        near = sum(at.get(cell, False) for cell in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)))
        if (given == "." and (r, c) not in bright) or (given in "01234" and near != int(given)):
            return False
    return True


def grids(payload):
    """Yield every placement in which no two bulbs stand side by side in a row."""
    rows = []
    for line in payload["cells"]:
        options = product(*(".B" if given == "." else given for given in line))
        rows.append([row for row in map("".join, options) if "BB" not in row])
    return ("\n".join(grid) for grid in product(*rows))


def solutions(payload):
    """Yield every right answer of a small instance, by brute force."""
    return (grid for grid in grids(payload) if oracle(grid, payload))


@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(index):
    instance = get_task("light_up").pose(index)
    right = list(solutions(instance.payload))
    assert right == [instance.reference]
    assert [grid for grid in grids(instance.payload) if verify(grid, instance.payload).score] == right


def test_all_placements_on_open_boards_agree_with_the_oracle():
    for payload in (OPEN, THREE, ZERO, {"cells": ["...", ".2.", "..."]}):
        every = list(grids(payload))
        assert [verify(a, payload).score == 1.0 for a in every] == [oracle(a, payload) for a in every]
