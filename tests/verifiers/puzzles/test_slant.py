from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.slant import verify

TWO = {"corners": ["1..", "...", "..1"]}
OPEN = {"corners": ["...", "...", "..."]}
RING = {"corners": ["....", "....", "....", "...."]}

ACCEPTED = {
    "as asked": ("\\/\n/\\", TWO),
    "spaces": ("\\ /\n/ \\", TWO),
    "another solution": ("\\\\\n\\\\", TWO),
    "a cross, no loop": ("\\/\n/\\", OPEN),
    "list of lists": ("[[\\,/],\n[/,\\]]", TWO),
    "three sides of a loop": ("/\\\n\\\\", OPEN),
}
REJECTED = {
    "slashes taken the wrong way round": ("/\\\n\\/", TWO),
    "a number too low": ("//\n//", TWO),
    "a number too high": ("\\/\n/\\", {"corners": ["...", ".3.", "..."]}),
    "the smallest loop": ("/\\\n\\/", OPEN),
    "a loop round four cells": ("\\/\\/\n/\\/\\\n\\/\\/\n/\\/\\", {"corners": ["....."] * 5}),
    "a cell left open": ("\\.\n/\\", TWO),
    "numbers copied": ("1..\n...\n..1", TWO),
    "words": ("left right\nright left", TWO),
    "plus and minus one": ("1 -1\n-1 1", TWO),
    "a line short": ("\\/", TWO),
    "two grids": ("\\/\n/\\\n\\/\n/\\", TWO),
    "full-width slash": ("\\\uff0f\n\uff0f\\", TWO),
    "box-drawing diagonals": ("\u2572\u2571\n\u2571\u2572", TWO),
    "empty": ("", TWO),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: strip corners with one diagonal until none is left; written apart from the verifier."""
    height, width = len(payload["corners"]) - 1, len(payload["corners"][0]) - 1
    lines = [[ch for ch in line if ch not in " \t,|[]"] for line in answer.split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [width] * height or set().union(*lines) - set("/\\"):
        return False
    edges = set()
    for r, c in product(range(height), range(width)):
        shift = lines[r][c] == "/"
        edges.add(((r, c + shift), (r + 1, c + 1 - shift)))
    for r, row in enumerate(payload["corners"]):
        for c, number in enumerate(row):
            if number != "." and sum((r, c) in edge for edge in edges) != int(number):
                return False
    while True:
        tips = [corner for edge in edges for corner in edge]
        loose = {edge for edge in edges if any(tips.count(corner) == 1 for corner in edge)}
        if not loose:
            return not edges
        edges -= loose


def grids(payload):
    """Yield every grid of diagonals."""
    height, width = len(payload["corners"]) - 1, len(payload["corners"][0]) - 1
    return ("\n".join(grid) for grid in product(["".join(p) for p in product("/\\", repeat=width)], repeat=height))


def solutions(payload):
    """Yield every right answer of a small instance, by brute force."""
    return (grid for grid in grids(payload) if oracle(grid, payload))


def test_all_3x3_grids_agree_with_the_oracle():
    every = list(grids(RING))
    right = [oracle(grid, RING) for grid in every]
    assert [verify(grid, RING).score == 1.0 for grid in every] == right
    assert 0 < sum(right) < len(every)


@pytest.mark.parametrize("hidden", [0, 5])
@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(hidden, index):
    instance = get_task("slant").pose(index, params={"hidden": hidden})
    every = list(grids(instance.payload))
    right = [oracle(answer, instance.payload) for answer in every]
    assert [verify(answer, instance.payload).score == 1.0 for answer in every] == right
    assert [answer for answer, fits in zip(every, right, strict=True) if fits] == [instance.reference]
