from itertools import pairwise, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.hitori import verify

THREE = {"numbers": [[1, 1, 2], [2, 3, 1], [3, 2, 2]]}
RIGHT = "#..\n...\n..#"
LATIN = {"numbers": [[1, 2, 3], [2, 3, 1], [3, 1, 2]]}

ACCEPTED = {
    "as asked": (RIGHT, THREE),
    "spaces": ("# . .\n. . .\n. . #", THREE),
    "another solution": (".#.\n...\n..#", THREE),
    "nothing to shade": ("...\n...\n...", LATIN),
    "list of lists": ("[[#,.,.],\n[.,.,.],\n[.,.,#]]", THREE),
    "more than needed": ("#..\n...\n...", LATIN),
}
REJECTED = {
    "a number twice in a row": ("...\n...\n..#", THREE),
    "a number twice in a column": ("...\n.#.\n...", {"numbers": [[1, 2, 3], [1, 3, 2], [2, 1, 1]]}),
    "shaded cells side by side": ("##.\n...\n..#", THREE),
    "shaded cells one above the other": ("#..\n#..\n..#", THREE),
    "a corner cut off": (".#.\n#..\n...", LATIN),
    "cut in two along a diagonal": ("#..\n.#.\n..#", LATIN),
    "a cell cut off in the middle": (".#.\n#.#\n.#.", LATIN),
    "all shaded": ("###\n###\n###", THREE),
    "numbers copied": ("1 1 2\n2 3 1\n3 2 2", THREE),
    "numbers with shading": ("# 1 2\n2 3 1\n3 2 #", THREE),
    "a list of cells": ("(1, 1), (3, 3)", THREE),
    "a line short": ("#..\n...", THREE),
    "two grids": (RIGHT + "\n\n" + RIGHT, THREE),
    "full-width sign": (RIGHT.replace("#", "\uff03"), THREE),
    "code run by others": ("__import__('os').system('true')", THREE),
    "empty": ("", THREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition, with cells joined in a union-find; written apart from the verifier."""
    numbers = payload["numbers"]
    n = len(numbers)
    lines = [[ch for ch in line if ch not in " \t,|[]"] for line in answer.split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [n] * n or set().union(*lines) - {".", "#"}:
        return False
    for group, values in ((lines, numbers), (list(zip(*lines, strict=True)), list(zip(*numbers, strict=True)))):
        for line, row in zip(group, values, strict=True):
            left = sorted(number for char, number in zip(line, row, strict=True) if char == ".")
            if "##" in "".join(line) or any(a == b for a, b in pairwise(left)):
                return False
    parent = {(r, c): (r, c) for r, c in product(range(n), repeat=2) if lines[r][c] == "."}

    def root(cell):
        while parent[cell] != cell:
            cell = parent[cell]
        return cell

    for r, c in parent:
        for other in ((r, c + 1), (r + 1, c)):
            if other in parent:
                parent[root((r, c))] = root(other)
    return len({root(cell) for cell in parent}) == 1


def grids(n):
    """Yield every shading in which no two shaded cells share a side."""
    rows = [row for row in map("".join, product(".#", repeat=n)) if "##" not in row]
    found = [[row] for row in rows]
    for _ in range(n - 1):
        found = [[*g, row] for g in found for row in rows if ("#", "#") not in zip(g[-1], row, strict=True)]
    return ("\n".join(grid) for grid in found)


def solutions(payload):
    """Yield every right answer of a 4x4 instance, by brute force."""
    return (grid for grid in grids(len(payload["numbers"])) if oracle(grid, payload))


def test_all_answers_of_3x3_grids():
    every = ["\n".join(rows) for rows in product(["".join(p) for p in product(".#", repeat=3)], repeat=3)]
    for payload in (THREE, LATIN, {"numbers": [[1, 1, 1], [2, 1, 2], [3, 2, 1]]}):
        assert [verify(a, payload).score == 1.0 for a in every] == [oracle(a, payload) for a in every]


@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(index):
    instance = get_task("hitori").pose(index)
    right = list(solutions(instance.payload))
    assert right == [instance.reference]
    assert [grid for grid in grids(4) if verify(grid, instance.payload).score] == right
