import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles.nonogram import fillings
from gradarium.verifiers.puzzles.nonogram import verify

THREE = {"cells": ["???"] * 3, "rows": [[1, 1], [1], [2]], "columns": [[1], [2], [1, 1]]}
RIGHT = "#.#\n.#.\n.##"
GIVEN = {**THREE, "cells": ["#??", "???", ".??"]}
ONES = {"cells": ["??", "??"], "rows": [[1], [1]], "columns": [[1], [1]]}

ACCEPTED = {
    "as asked": (RIGHT.replace(".##", ".##"), {**THREE, "columns": [[1], [2], [1, 1]]}),
    "spaces": ("# . #\n. # .\n. # #", THREE),
    "given cells kept": (RIGHT, GIVEN),
    "one of two": ("#.\n.#", ONES),
    "the other of two": (".#\n#.", ONES),
    "list of lists": ("[[#,.,#],\n[.,#,.],\n[.,#,#]]", THREE),
}
REJECTED = {
    "rows fine, columns not": ("#.#\n#..\n.##", THREE),
    "columns fine, rows not": ("#..\n.##\n.#.", {**THREE, "columns": [[1], [2], [1]]}),
    "runs that touch": ("##.\n.#.\n.##", THREE),
    "the sum of a row alone": ("##.", {"cells": ["???"], "rows": [[1, 1]], "columns": [[1], [1], [1]]}),
    "runs in the other order": ("##.#", {"cells": ["????"], "rows": [[1, 2]], "columns": [[1], [1], [], [1]]}),
    "a run more": ("#.#", {"cells": ["???"], "rows": [[1]], "columns": [[1], [], [1]]}),
    "given cell changed": (RIGHT, {**GIVEN, "cells": [".??", "???", "???"]}),
    "question marks left": ("#?#\n.#.\n.##", THREE),
    "nothing filled": ("...\n...\n...", THREE),
    "all filled": ("###\n###\n###", THREE),
    "0 and 1": ("101\n010\n011", THREE),
    "a list of cells": ("(1, 1), (1, 3), (2, 2), (3, 2), (3, 3)", THREE),
    "a line short": ("#.#\n.#.", THREE),
    "two pictures": (RIGHT + "\n\n" + RIGHT, THREE),
    "full-width sign": (RIGHT.replace("#", "\uff03"), THREE),
    "code": ("'#' * 9", THREE),
    "empty": ("", THREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Match each line with a pattern of its runs; written apart from the verifier."""
    rows, columns = payload["rows"], payload["columns"]
    lines = [re.sub(r"[ \t,|\[\]]", "", line) for line in answer.split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [len(columns)] * len(rows):
        return False
    text = "".join(lines)
    if not all(char in {"?": ".#"}.get(g, g) for g, char in zip("".join(payload["cells"]), text, strict=True)):
        return False
    lines += ["".join(line[c] for line in lines) for c in range(len(columns))]
    dots = "[.]"
    return all(
        re.fullmatch(dots + "*" + (dots + "+").join("#" * run for run in runs) + dots + "*", line)
        for runs, line in zip([*rows, *columns], lines, strict=True)
    )


def grids(payload):
    """Yield every picture with the right number of filled cells in each row."""
    width = len(payload["columns"])
    lines = ["".join(line) for line in product(".#", repeat=width)]
    return ("\n".join(g) for g in product(*([x for x in lines if x.count("#") == sum(row)] for row in payload["rows"])))


def solutions(payload):
    """Yield every right answer of a 4x4 instance, by brute force."""
    return (grid for grid in grids(payload) if oracle(grid, payload))


def test_fillings_by_brute_force():
    for runs in ((), (3,), (1, 2), (2, 1, 1), (6,)):
        right = {i for i in range(64) if [len(run) for run in f"{i:06b}"[::-1].split("0") if run] == list(runs)}
        assert set(fillings(runs, 6)) == right


def test_all_3x3_pictures_agree_with_the_oracle():
    every = ["\n".join(rows) for rows in product(["".join(p) for p in product(".#", repeat=3)], repeat=3)]
    for payload in (THREE, GIVEN):
        assert [verify(a, payload).score == 1.0 for a in every] == [oracle(a, payload) for a in every]


@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(index):
    instance = get_task("nonogram").pose(index)
    every = list(grids(instance.payload))
    right = [oracle(answer, instance.payload) for answer in every]
    assert [verify(answer, instance.payload).score == 1.0 for answer in every] == right
    assert [answer for answer, fits in zip(every, right, strict=True) if fits] == [instance.reference]
