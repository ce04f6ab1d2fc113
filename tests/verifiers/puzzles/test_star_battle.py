from itertools import combinations, pairwise, permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.star_battle import verify

FOUR = {"regions": ["AABB", "AABB", "CCDD", "CCDD"], "cells": ["...."] * 4, "stars": 1}
RIGHT = ".S..\n...S\nS...\n..S."
OTHER = "..S.\nS...\n...S\n.S.."
GIVEN = {**FOUR, "cells": ["....", "....", "S...", "...."]}
ROWS = {"regions": ["AAAA", "BBBB", "CCCC", "DDDD"], "cells": ["...."] * 4, "stars": 1}

ACCEPTED = {
    "as asked": (RIGHT, FOUR),
    "spaces and lower case": (". s . .\n. . . s\ns . . .\n. . s .", FOUR),
    "another solution": (OTHER, FOUR),
    "given star kept": (RIGHT, GIVEN),
    "list of lists": ("[[.,S,.,.],\n[.,.,.,S],\n[S,.,.,.],\n[.,.,S,.]]", FOUR),
}
REJECTED = {
    "given star moved": (OTHER, GIVEN),
    "given star only": ("....\n....\nS...\n....", GIVEN),
    "stars touch at a corner": ("S...\n..S.\n...S\n.S..", ROWS),
    "stars on the diagonal": ("S...\n.S..\n..S.\n...S", ROWS),
    "stars touch by a side": ("S...\nS...\n..S.\n..S.", FOUR),
    "a column with two": (".S..\n...S\n.S..\n...S", ROWS),
    "a row with two": ("S..S\n....\n....\nS..S", FOUR),
    "a region with two": ("S.......", FOUR),
    "rows and columns fine, regions not": (RIGHT, {**FOUR, "regions": ["AAAA", "AAAA", "BCCC", "BBDD"]}),
    "one star too many": (".S..\n...S\nS...\n..SS", FOUR),
    "no stars": ("....\n....\n....\n....", FOUR),
    "stars everywhere": ("SSSS\nSSSS\nSSSS\nSSSS", FOUR),
    "regions copied": ("AABB\nAABB\nCCDD\nCCDD", FOUR),
    "a line short": (".S..\n...S\nS...", FOUR),
    "two boards": (RIGHT + "\n" + OTHER, FOUR),
    "other signs": (RIGHT.replace("S", "*"), FOUR),
    "full-width S": (RIGHT.replace("S", "\uff33"), FOUR),
    "empty": ("", FOUR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: units as lists of cells, pairs by distance; written apart from the verifier."""
    n = len(payload["regions"])
    lines = [[ch for ch in line if ch not in " \t,|[]"] for line in answer.upper().split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [n] * n or set().union(*lines) - {".", "S"} or not answer.isascii():
        return False
    cells = list(product(range(n), repeat=2))
    stars = [cell for cell in cells if lines[cell[0]][cell[1]] == "S"]
    units = [[(i, j) for j in range(n)] for i in range(n)] + [[(j, i) for j in range(n)] for i in range(n)]
    units += [[(r, c) for r, c in cells if payload["regions"][r][c] == name] for name in {*"".join(payload["regions"])}]
    return (
        all(sum(cell in stars for cell in unit) == payload["stars"] for unit in units)
        and all(max(abs(a - c), abs(b - d)) > 1 for (a, b), (c, d) in combinations(stars, 2))
        and all(cell in stars for cell in cells if payload["cells"][cell[0]][cell[1]] == "S")
    )


def boards(payload):
    """Yield every board with one star in each row and column, touching ones left out."""
    n = len(payload["regions"])
    for order in permutations(range(n)):
        if any(abs(a - b) < 2 for a, b in pairwise(order)):
            continue
        yield "\n".join("." * c + "S" + "." * (n - c - 1) for c in order)


def solutions(payload):
    """Yield every right answer of a small instance with one star a row, by brute force."""
    return (answer for answer in boards(payload) if oracle(answer, payload))


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(level, index):
    instance = get_task("star_battle").pose(index, level)
    every = list(boards(instance.payload))
    assert [verify(a, instance.payload).score == 1.0 for a in every] == [oracle(a, instance.payload) for a in every]
    assert list(solutions(instance.payload)) == [instance.reference]


def test_all_boards_with_one_star_a_row():
    every = ["\n".join(rows) for rows in product(["S...", ".S..", "..S.", "...S", "S..S"], repeat=4)]
    for payload in (FOUR, GIVEN, ROWS):
        assert [verify(a, payload).score == 1.0 for a in every] == [oracle(a, payload) for a in every]


def test_two_stars_agree_with_the_oracle():
    instance = get_task("star_battle").pose(0, len(get_task("star_battle").levels) - 1)
    lines = instance.reference.split("\n")
    for i, j in combinations(range(len(lines)), 2):
        swapped = list(lines)
        swapped[i], swapped[j] = lines[j], lines[i]
        answer = "\n".join(swapped)
        assert (verify(answer, instance.payload).score == 1.0) == oracle(answer, instance.payload)
    assert oracle(instance.reference, instance.payload)
