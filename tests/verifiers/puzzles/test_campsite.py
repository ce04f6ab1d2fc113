import random
from itertools import combinations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.campsite import verify

FOUR = {"cells": ["....", "#..#", "....", "...."], "rows": [1, 0, 1, 0], "columns": [1, 0, 0, 1]}
RIGHT = "T...\n#..#\n...T\n...."
CHAIN = {"cells": [".#.#.#."], "rows": [3], "columns": [1, 0, 1, 0, 1, 0, 0]}

ACCEPTED = {
    "as asked": (RIGHT, FOUR),
    "lower case and spaces": ("t . . .\n# . . #\n. . . t\n. . . .", FOUR),
    "another solution": ("...T\n#..#\nT...\n....", FOUR),
    "a tent beside two trees": ("T#T#T#.", CHAIN),
    "list of lists": ("[[T,.,.,.],\n[#,.,.,#],\n[.,.,.,T],\n[.,.,.,.]]", FOUR),
}
REJECTED = {
    "one tree has two tents, another none": (
        "T#T.#",
        {"cells": [".#..#"], "rows": [2], "columns": [1, 0, 1, 0, 0]},
    ),
    "counts right, pairs wrong": (
        "T#T..\n.....\n#..#T",
        {"cells": [".#...", ".....", "#..#."], "rows": [2, 0, 1], "columns": [1, 0, 1, 0, 1]},
    ),
    "tents touch at a corner": ("T...\n#T.#\n....\n....", {**FOUR, "rows": [1, 1, 0, 0], "columns": [1, 1, 0, 0]}),
    "tents touch by a side": (
        "TT#\n#..\n...",
        {"cells": ["..#", "#..", "..."], "rows": [2, 0, 0], "columns": [1, 1, 0]},
    ),
    "tent without a tree": ("T...\n#..#\n....\n...T", {**FOUR, "rows": [1, 0, 0, 1]}),
    "tent at a tree's corner only": (".T..\n#..#\n...T\n....", {**FOUR, "columns": [0, 1, 0, 1]}),
    "row count": ("....\n#..#\nT..T\n....", FOUR),
    "column count": ("....\n#TT#\n....\n....", FOUR),
    "a tent on a tree": ("....\nT..#\n...T\n....", FOUR),
    "trees left out": ("T...\n....\n...T\n....", FOUR),
    "a tree more": ("T..#\n#..#\n...T\n....", FOUR),
    "one tent too many": ("T...\n#..#\n...T\n.T..", FOUR),
    "no tents": ("....\n#..#\n....\n....", FOUR),
    "numbers copied": ("  1 0 0 1\n1 T . . .\n0 # . . #\n1 . . . T\n0 . . . .", FOUR),
    "two grids": (RIGHT + "\n" + RIGHT, FOUR),
    "a line short": ("T...\n#..#\n...T", FOUR),
    "Cyrillic T": (RIGHT.replace("T", "\u0422"), FOUR),
    "empty": ("", FOUR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition, with Hall's condition on groups of trees that share tents; apart from the verifier."""
    cells = payload["cells"]
    lines = [[ch for ch in line if ch not in " \t,|[]"] for line in answer.split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [len(row) for row in cells]:
        return False
    text, want = "".join(map("".join, lines)).replace("t", "T"), "".join(cells)
    if set(text) - set(".#T") or text.replace("T", ".") != want:
        return False
    width = len(cells[0])
    tents = [divmod(i, width) for i, char in enumerate(text) if char == "T"]
    trees = [divmod(i, width) for i, char in enumerate(text) if char == "#"]
    if any(max(abs(a - c), abs(b - d)) < 2 for (a, b), (c, d) in combinations(tents, 2)) or len(tents) != len(trees):
        return False
    counted = [[sum(t[axis] == i for t in tents) for i in range(n)] for axis, n in ((0, len(cells)), (1, width))]
    if counted != [payload["rows"], payload["columns"]]:
        return False
    options = [[i for i, t in enumerate(tents) if abs(t[0] - a) + abs(t[1] - b) == 1] for a, b in trees]
    return _choose(options, frozenset())


def _choose(options, used):
    """Give the tree with the fewest tents left one of them, in all ways."""
    if not options:
        return True
    options = sorted(([i for i in tents if i not in used] for tents in options), key=len)
    return any(_choose(options[1:], used | {i}) for i in options[0])


def grids(payload):
    """Yield every grid with as many tents as trees, no matter where."""
    cells = "".join(payload["cells"])
    width = len(payload["cells"][0])
    free = [i for i, char in enumerate(cells) if char == "."]
    for chosen in combinations(free, cells.count("#")):
        text = "".join("T" if i in chosen else char for i, char in enumerate(cells))
        yield "\n".join(text[i : i + width] for i in range(0, len(text), width))


def solutions(payload):
    """Yield every right answer of a small instance, by brute force."""
    return (grid for grid in grids(payload) if oracle(grid, payload))


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(level, index):
    instance = get_task("campsite").pose(index, level)
    every = list(grids(instance.payload))
    assert [verify(a, instance.payload).score == 1.0 for a in every] == [oracle(a, instance.payload) for a in every]
    assert list(solutions(instance.payload)) == [instance.reference]


@pytest.mark.parametrize("seed", range(80))
def test_matching_agrees_with_all_pairings(seed):
    rng = random.Random(seed)
    tents = [cell for cell in ((0, 0), (0, 2), (0, 4), (2, 0), (2, 2), (2, 4)) if rng.random() < 0.8]
    free = [(r, c) for r in range(4) for c in range(5) if (r, c) not in tents]
    trees = rng.sample(free, len(tents))
    grid = [["T" if (r, c) in tents else "#" if (r, c) in trees else "." for c in range(5)] for r in range(4)]
    payload = {
        "cells": ["".join(row).replace("T", ".") for row in grid],
        "rows": [row.count("T") for row in grid],
        "columns": [[row[c] for row in grid].count("T") for c in range(5)],
    }
    answer = "\n".join(map("".join, grid))
    assert (verify(answer, payload).score == 1.0) == oracle(answer, payload)
