from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.tapa import verify

FIVE = {"cells": [["?", "?", "?"], ["?", "5", "?"], ["?", "?", "."]]}
CORNER = {"cells": [["2", "?", "?"], ["?", "?", "?"], ["?", "?", "."]]}
NONE = {"cells": [["?", "?", "?", "#"], ["?", "0", "?", "#"], ["?", "?", "?", "#"]]}

ACCEPTED = {
    "a run over the start of the circle": ("###\n#.#\n...", FIVE),
    "spaces": ("# # #\n# . .\n# . .", FIVE),
    "a corner of the board": (".#.\n##.\n...", {"cells": [["3", "?", "?"], ["?", "?", "?"], ["?", "?", "."]]}),
    "five around three sides": ("#.#\n###", {"cells": [["?", "5", "?"], ["?", "?", "?"]]}),
    "digits in any order": (
        "#.##\n#..#\n####\n....",
        {"cells": [["?"] * 4, ["?", "51", "?", "?"], ["?"] * 4, ["?"] * 4]},
    ),
    "two runs at the edge": ("#.#\n#.#\n###", {"cells": [["?", "22", "?"], ["?", "?", "?"], ["?", "?", "?"]]}),
    "clue 0": ("...#\n...#\n...#", NONE),
    "all eight": ("###\n#.#\n###", {"cells": [["?", "?", "?"], ["?", "8", "?"], ["?", "?", "?"]]}),
}
REJECTED = {
    "wall in two parts": ("##.\n..#\n.##", {"cells": [["?"] * 3, ["?", "?", "?"], ["?"] * 3]}),
    "parts that touch by a corner": ("#..\n.#.\n...", CORNER),
    "run too long": ("###\n#.#\n#..", FIVE),
    "right sum, wrong runs": ("##.\n#.#\n.#.", FIVE),
    "one run for two": (".##\n.##\n...", {"cells": [["?", "?", "?"], ["?"] * 3, ["?", "11", "?"]]}),
    "run that wraps counted as two": ("###\n#.#\n...", {"cells": [["?"] * 3, ["?", "14", "?"], ["?"] * 3]}),
    "a cell too few counted": ("#.#\n###", {"cells": [["?", "4", "?"], ["?"] * 3]}),
    "clue 0 with a shaded neighbour": ("...#\n..##\n...#", NONE),
    "2x2 of wall": ("##.\n##.\n...", {"cells": [["?"] * 3] * 3}),
    "clue shaded": ("###\n###\n...", FIVE),
    "shown cell changed": ("###\n#.#\n..#", FIVE),
    "clue left in": ("###\n#5#\n...", FIVE),
    "question marks left": ("###\n#.#\n.?.", FIVE),
    "line missing": ("###\n#.#", FIVE),
    "two answers": ("###\n#.#\n...\n\n###\n#.#\n...", FIVE),
    "full-width signs": ("\uff03##\n#.#\n...", FIVE),
    "bomb": ("#" * 100_000, FIVE),
    "empty": ("", FIVE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def runs(ring):
    """Return the lengths of the runs of a ring of 8: remove a piece at a time, written apart from the verifier."""
    left = {k for k in range(8) if ring[k]}
    lengths = []
    while left:
        run, new = set(), {left.pop()}
        while new:
            run |= new
            new = {(k + d) % 8 for k in new for d in (1, -1)} & left
            left -= new
        lengths.append(len(run))
    return sorted(lengths)


def connected(cells):
    """Return whether complex numbers hang together by steps of one."""
    left = set(cells)
    new = {left.pop()} if left else set()
    while new:
        new = {z + 1j**k for z in new for k in range(4)} & left
        left -= new
    return not left


def oracle(answer, payload):
    """Judge by the definition on a board of complex numbers; written apart from the verifier."""
    if len(answer) > 2000 or set(answer) - set("#. ,|[]\t\n-+="):
        return False
    lines = [[ch for ch in line if ch in "#."] for line in answer.split("\n")]
    lines = [line for line in lines if line]
    if [len(line) for line in lines] != [len(line) for line in payload["cells"]]:
        return False
    wall = {complex(r, c) for r, line in enumerate(lines) for c, ch in enumerate(line) if ch == "#"}
    given = {complex(r, c): word for r, line in enumerate(payload["cells"]) for c, word in enumerate(line)}
    circle = [-1 - 1j, -1, -1 + 1j, 1j, 1 + 1j, 1, 1 - 1j, -1j]
    for z, word in given.items():
        if word != "?" and (word == "#") != (z in wall):
            return False
        if word.isdigit() and runs([z + d in wall for d in circle]) != sorted(int(k) for k in word if k != "0"):
            return False
    return connected(wall) and not any({z, z + 1, z + 1j, z + 1 + 1j} <= wall for z in wall)


def candidates(payload):
    """Yield the board with each way to fill its question marks."""
    text = "\n".join("".join("." if word.isdigit() else word for word in line) for line in payload["cells"])
    parts = text.split("?")
    for marks in product("#.", repeat=len(parts) - 1):
        yield "".join(a + b for a, b in zip(parts, [*marks, ""], strict=True))


def solutions(payload):
    """Yield every right answer by trying all shadings."""
    yield from (text for text in candidates(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_shading_of_small_instances(level):
    for index in range(20):
        instance = get_task("tapa").pose(index, level)
        answers = list(candidates(instance.payload))
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert list(solutions(instance.payload)) == [instance.reference]


@pytest.mark.parametrize("clue", ["11", "2", "3", "13", "5", "0"])
def test_every_shading_around_a_clue(clue):
    for payload in ({"cells": [["?"] * 3, ["?", clue, "?"], ["?"] * 3]}, {"cells": [["?", clue, "?"], ["?"] * 3]}):
        answers = list(candidates(payload))
        assert [verify(a, payload).score == 1.0 for a in answers] == [oracle(a, payload) for a in answers]
