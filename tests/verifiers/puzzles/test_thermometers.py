from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.thermometers import verify

BENT = {"cells": [["A1", "A2", "a1"], ["B2", "A3", "a2"], ["B1", "C2", "C1"]], "shown": ["???"] * 3}
SMALL = {**BENT, "rows": [2, 2, 1], "columns": [2, 1, 2]}
KNOWN = {**SMALL, "shown": ["???", "??.", "???"]}

ACCEPTED = {
    "plain": ("#.#\n#.#\n#..", {**SMALL, "columns": [3, 0, 2]}),
    "spaces and commas": ("#, ., #\n#, ., #\n#, ., .", {**SMALL, "columns": [3, 0, 2]}),
    "another filling with the same counts": ("##.\n##.\n#..", {**SMALL, "columns": [3, 2, 0]}),
    "all full": ("###\n###\n###", {**SMALL, "rows": [3, 3, 3], "columns": [3, 3, 3]}),
    "all empty": ("...\n...\n...", {**SMALL, "rows": [0, 0, 0], "columns": [0, 0, 0]}),
}
REJECTED = {
    "filled from the tip": ("#.#\n#.#\n.#.", {**SMALL, "columns": [2, 1, 2]}),
    "bulb empty": (".##\n#.#\n#..", {**SMALL, "columns": [2, 1, 2]}),
    "gap at a bend": ("#..\n##.\n#..", {**SMALL, "rows": [1, 2, 1], "columns": [3, 1, 0]}),
    "rows right, columns wrong": ("##.\n##.\n#..", {**SMALL, "columns": [3, 0, 2]}),
    "columns right, rows wrong": ("##.\n##.\n#..", {**SMALL, "rows": [1, 2, 2], "columns": [3, 2, 0]}),
    "small letter taken for the capital": ("..#\n..#\n...", {**SMALL, "rows": [1, 1, 0], "columns": [0, 0, 1]}),
    "shown cell changed": ("#.#\n#.#\n#..", {**KNOWN, "columns": [3, 0, 2]}),
    "question marks left": ("#.#\n#?#\n#..", {**SMALL, "columns": [3, 0, 2]}),
    "names instead of marks": ("A1 A2 .\n. . .\n. . .", SMALL),
    "line missing": ("#.#\n#.#", {**SMALL, "columns": [3, 0, 2]}),
    "line too many": ("#.#\n#.#\n#..\n...", {**SMALL, "columns": [3, 0, 2]}),
    "two answers": ("#.#\n#.#\n#..\n\n#.#\n#.#\n#..", {**SMALL, "columns": [3, 0, 2]}),
    "full-width signs": ("\uff03.#\n#.#\n#..", {**SMALL, "columns": [3, 0, 2]}),
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
    """Judge by the definition, thermometer by thermometer as strings; written apart from the verifier."""
    if len(answer) > 2000 or set(answer) - set("#. ,|[]\t\n-+="):
        return False
    lines = ["".join(ch for ch in line if ch in "#.") for line in answer.split("\n")]
    lines = [line for line in lines if line]
    if [len(line) for line in lines] != [len(line) for line in payload["cells"]]:
        return False
    if any(
        k != "?" and k != a
        for known, line in zip(payload["shown"], lines, strict=True)
        for k, a in zip(known, line, strict=True)
    ):
        return False
    bars = {}
    for names, line in zip(payload["cells"], lines, strict=True):
        for name, mark in zip(names, line, strict=True):
            bars.setdefault(name[:1], []).append((int(name[1:]), mark))
    if any(".#" in "".join(mark for _, mark in sorted(bar)) for bar in bars.values()):
        return False
    sums = [[sum(ch == "#" for ch in line) for line in way] for way in (lines, zip(*lines, strict=True))]
    return sums == [payload["rows"], payload["columns"]]


def candidates(payload):
    """Yield every way to fill the thermometers from the bulb, whatever the counts and the shown cells."""
    names = sorted({name[0] for line in payload["cells"] for name in line})
    sizes = [sum(name[0] == letter for line in payload["cells"] for name in line) for letter in names]
    for levels in product(*(range(size + 1) for size in sizes)):
        up_to = dict(zip(names, levels, strict=True))
        yield "\n".join("".join("#" if int(n[1:]) <= up_to[n[0]] else "." for n in line) for line in payload["cells"])


def solutions(payload):
    """Yield every right answer by trying all levels of all thermometers."""
    yield from (text for text in candidates(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_filling_of_small_instances(level):
    for index in range(20):
        instance = get_task("thermometers").pose(index, level)
        answers = [*candidates(instance.payload)]
        answers += [text.replace("#", ".", 1) for text in answers]
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert list(solutions(instance.payload)) == [instance.reference]


def test_every_set_of_cells_of_one_board():
    answers = ["\n".join(lines) for lines in product(["".join(p) for p in product("#.", repeat=3)], repeat=3)]
    payload = {**SMALL, "rows": [2, 2, 1], "columns": [3, 0, 2]}
    verdicts = [verify(a, payload).score == 1.0 for a in answers]
    assert verdicts == [oracle(a, payload) for a in answers] and sum(verdicts) > 0
