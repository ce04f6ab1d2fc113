from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.norinori import verify

SMALL = {"regions": ["AAA", "BBB", "BBB"], "shown": ["???"] * 3}
HALVES = {"regions": ["AABB"] * 3, "shown": ["????"] * 3}
ONE = {"regions": ["AAA"] * 3, "shown": ["???"] * 3}

ACCEPTED = {
    "plain": ("##.\n...\n.##", SMALL),
    "another shading": ("##.\n..#\n..#", SMALL),
    "spaces and commas": ("#, #, .\n., ., .\n., #, #", SMALL),
    "dominoes that touch by a corner": ("##.\n..#\n..#", SMALL),
    "upright dominoes": ("#..#\n#..#\n....", HALVES),
    "two dominoes, each across the border": (".##.\n....\n.##.", HALVES),
    "one region": ("...\n##.\n...", ONE),
}
REJECTED = {
    "nothing shaded": ("...\n...\n...", SMALL),
    "a region left out": ("...\n...\n.##", SMALL),
    "two regions that share a domino only": (".##.\n....\n....", HALVES),
    "four in one region": ("##.\n...\n.##", ONE),
    "three in a row": ("###\n...\n...", {"regions": ["AAB", "BBB", "BBB"], "shown": ["???"] * 3}),
    "single cells": ("#.#\n...\n#.#", SMALL),
    "dominoes side by side": ("##.\n##.\n...", SMALL),
    "everything shaded": ("###\n###\n###", SMALL),
    "shown cell changed": ("##.\n...\n.##", {**SMALL, "shown": ["???", "???", "#??"]}),
    "question marks left": ("##.\n.?.\n.##", SMALL),
    "letters left": ("##A\nBBB\nB##", SMALL),
    "line missing": ("##.\n...", SMALL),
    "line too many": ("##.\n...\n.##\n...", SMALL),
    "two answers": ("##.\n...\n.##\n\n##.\n..#\n..#", SMALL),
    "giving up": ("I give up", SMALL),
    "full-width signs": ("\uff03#.\n...\n.##", SMALL),
    "bomb": ("#" * 100_000, SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: groups of shaded cells have two cells each; written apart from the verifier."""
    if len(answer) > 2000 or set(answer) - set("#. ,|[]\t\n-+="):
        return False
    lines = [[ch for ch in line if ch in "#."] for line in answer.split("\n")]
    lines = [line for line in lines if line]
    if [len(line) for line in lines] != [len(line) for line in payload["regions"]]:
        return False
    known = {complex(r, c): ch for r, line in enumerate(payload["shown"]) for c, ch in enumerate(line)}
    region = {complex(r, c): ch for r, line in enumerate(payload["regions"]) for c, ch in enumerate(line)}
    left = {complex(r, c) for r, line in enumerate(lines) for c, ch in enumerate(line) if ch == "#"}
    if any(known[z] != "?" and (known[z] == "#") != (z in left) for z in known):
        return False
    if sorted(region[z] for z in left) != sorted([*set(region.values())] * 2):
        return False
    while left:
        group, new = set(), {left.pop()}
        while new:
            group |= new
            new = {z + 1j**k for z in new for k in range(4)} & left
            left -= new
        if len(group) != 2:
            return False
    return True


def candidates(payload):
    """Yield the board with each way to fill its question marks."""
    parts = "\n".join(payload["shown"]).split("?")
    for marks in product("#.", repeat=len(parts) - 1):
        yield "".join(a + b for a, b in zip(parts, [*marks, ""], strict=True))


def solutions(payload):
    """Yield every right answer by trying all shadings."""
    yield from (text for text in candidates(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_shading_of_small_instances(level):
    for index in range(20):
        instance = get_task("norinori").pose(index, level)
        answers = list(candidates(instance.payload))
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert list(solutions(instance.payload)) == [instance.reference]


@pytest.mark.parametrize("payload", [HALVES, SMALL])
def test_every_shading_of_boards_with_several_solutions(payload):
    answers = list(candidates(payload))
    verdicts = [verify(a, payload).score == 1.0 for a in answers]
    assert verdicts == [oracle(a, payload) for a in answers] and sum(verdicts) > 1
