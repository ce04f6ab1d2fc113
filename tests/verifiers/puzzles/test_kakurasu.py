from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.kakurasu import verify

THREE = {"cells": ["???", "???", "???"], "rows": [4, 2, 3], "columns": [1, 2, 4]}
RIGHT = "#.#\n.#.\n..#"
GIVEN = {**THREE, "cells": ["#??", "?#?", "???"]}
OPEN = {"cells": ["???", "???", "???"], "rows": [3, 3, 3], "columns": [3, 3, 3]}

ACCEPTED = {
    "as asked": (RIGHT, THREE),
    "spaces": ("# . #\n. # .\n. . #", THREE),
    "given cells kept": (RIGHT, GIVEN),
    "one of two": ("##.\n##.\n..#", OPEN),
    "the other of two": ("..#\n..#\n##.", OPEN),
    "list of lists": ("[[#,.,#],\n[.,#,.],\n[.,.,#]]", THREE),
}
REJECTED = {
    "cells counted in the order of filling": ("###\n.#.\n..#", {**THREE, "rows": [3, 2, 3]}),
    "weights taken the other way round": ("#..\n.#.\n#.#", THREE),
    "weights counted from 0": (".##\n.#.\n...", {**THREE, "rows": [3, 1, 0]}),
    "row sums only": ("#.#\n.#.\n##.", THREE),
    "column sums only": ("#.#\n.#.\n..#", {**THREE, "rows": [4, 2, 6]}),
    "given cell changed": (RIGHT, {**GIVEN, "cells": [".??", "???", "???"]}),
    "question marks left": ("#.#\n?#?\n..#", THREE),
    "nothing filled": ("...\n...\n...", THREE),
    "all filled": ("###\n###\n###", THREE),
    "0 and 1": ("101\n010\n001", THREE),
    "sums copied": ("#.#4\n.#.2\n..#3\n124", THREE),
    "a list of cells": ("(1, 1), (1, 3), (2, 2), (3, 3)", THREE),
    "a line short": ("#.#\n.#.", THREE),
    "two grids": (RIGHT + "\n\n" + RIGHT, THREE),
    "full-width sign": (RIGHT.replace("#", "\uff03"), THREE),
    "code run by others": ("[['#'] * 3] * 3", THREE),
    "empty": ("", THREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Subtract each filled cell's numbers from all sums; written apart from the verifier."""
    rows, columns = list(payload["rows"]), list(payload["columns"])
    lines = [[ch for ch in line if ch not in " \t,|[]"] for line in answer.split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [len(columns)] * len(rows):
        return False
    for (r, line), given in zip(enumerate(lines), payload["cells"], strict=True):
        for (c, char), shown in zip(enumerate(line), given, strict=True):
            if char not in {"?": ".#"}.get(shown, shown):
                return False
            rows[r] -= (c + 1) * (char == "#")
            columns[c] -= (r + 1) * (char == "#")
    return not any(rows) and not any(columns)


def grids(payload):
    """Yield every grid whose rows have the right sums."""
    width = len(payload["columns"])
    lines = ["".join(line) for line in product(".#", repeat=width)]
    fits = [[x for x in lines if sum(c + 1 for c in range(width) if x[c] == "#") == total] for total in payload["rows"]]
    return ("\n".join(grid) for grid in product(*fits))


def solutions(payload):
    """Yield every right answer of a small instance, by brute force."""
    return (grid for grid in grids(payload) if oracle(grid, payload))


def test_all_3x3_grids_agree_with_the_oracle():
    every = ["\n".join(rows) for rows in product(["".join(p) for p in product(".#", repeat=3)], repeat=3)]
    for payload in (THREE, GIVEN, OPEN):
        assert [verify(a, payload).score == 1.0 for a in every] == [oracle(a, payload) for a in every]


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(level, index):
    instance = get_task("kakurasu").pose(index, level)
    every = list(grids(instance.payload))
    assert [verify(a, instance.payload).score == 1.0 for a in every] == [oracle(a, instance.payload) for a in every]
    assert list(solutions(instance.payload)) == [instance.reference]
