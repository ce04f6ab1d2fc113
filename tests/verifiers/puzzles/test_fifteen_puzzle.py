import re
from itertools import chain, pairwise, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.fifteen_puzzle import verify

TOP = [[1, 2, 3, 4], [5, 6, 7, 8]]
TWO = {
    "start": [*TOP, [9, 10, 0, 12], [13, 14, 11, 15]],
    "goal": [*TOP, [9, 10, 11, 12], [13, 14, 15, 0]],
    "most": 2,
}
FOUR = {**TWO, "most": 4}
WRAP = {
    "start": [*TOP, [9, 10, 11, 12], [0, 13, 14, 15]],
    "goal": [*TOP, [9, 10, 11, 12], [15, 13, 14, 0]],
    "most": 1,
}
ROUND = {
    "start": [*TOP, [9, 10, 11, 0], [12, 13, 14, 15]],
    "goal": [*TOP, [9, 10, 11, 12], [0, 13, 14, 15]],
    "most": 1,
}

ACCEPTED = {
    "the shortest way": ("11 15", TWO),
    "commas and brackets": ("[11, 15]", TWO),
    "one a line": ("11\n15\n", TWO),
    "a detour within the limit": ("11 15 15 15", FOUR),
    "less than the limit": ("11 15", FOUR),
}
REJECTED = {
    "a way past the goal": ("11 15 15", FOUR),
    "more moves than the limit": ("11 15 15 15", TWO),
    "stops too early": ("11", TWO),
    "a tile that is not beside the gap": ("15 11", TWO),
    "a tile at a corner of the gap": ("6", {**TWO, "most": 9}),
    "around the edge of the row": ("15", WRAP),
    "from the end of a row to the next row": ("12", ROUND),
    "moves nothing": ("0 11 15", FOUR),
    "a tile that does not exist": ("16", TWO),
    "a negative tile": ("-11 15", TWO),
    "directions, which the prompt does not define": ("up left", TWO),
    "prose with letters of directions": ("LURD", TWO),
    "tiles in their order": ("1 2 3 4", FOUR),
    "the goal board with the gap": ("1 2 3 4\n5 6 7 8\n9 10 11 12\n13 14 15 0", FOUR),
    "two answers": ("11 15 11 15", FOUR),
    "digits without spaces": ("1115", TWO),
    "Arabic digits": ("\u0661\u0661 \u0661\u0665", TWO),
    "superscript digits": ("\u00b9\u00b9 \u00b9\u2075", TWO),
    "decimals": ("11.0 15.0", TWO),
    "code": ("[11, 15] * 1", TWO),
    "nothing": ("", TWO),
    "no moves": ("[]", TWO),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def beside(n, i, j):
    """Whether cells i and j of an n x n board share a side."""
    low, high = sorted((i, j))
    return high - low == n or (high - low == 1 and high % n > 0)


def oracle(answer, payload):
    """Swap the tile with the gap in the board written as one line."""
    inside = re.fullmatch(r"\s*([\[({]?)([0-9+\s,;]{1,9999}?)([\])}]?)\s*", answer, re.ASCII)
    if not inside or inside[1] + inside[3] not in ("", "[]", "()", "{}"):
        return False
    words = re.split(r"[\s,;]+", inside[2].strip())
    if len(words) > payload["most"] or not all(re.fullmatch(r"\+?[0-9]{1,9}", word, re.ASCII) for word in words):
        return False
    line, n = list(chain(*payload["start"])), len(payload["start"])
    for tile in map(int, words):
        if tile == 0 or tile not in line or not beside(n, line.index(tile), line.index(0)):
            return False
        line = [0 if t == tile else tile if t == 0 else t for t in line]
    return line == list(chain(*payload["goal"]))


def solutions(payload):
    """Yield every way within the limit that does not turn back at once, by trying all."""
    n, goal = len(payload["start"]), list(chain(*payload["goal"]))

    def go(line, way):
        if line == goal:
            yield " ".join(map(str, way))
        if len(way) < payload["most"]:
            gap = line.index(0)
            for cell in range(n * n):
                if beside(n, cell, gap) and line[cell] not in way[-1:]:
                    moved = list(line)
                    moved[gap], moved[cell] = moved[cell], 0
                    yield from go(moved, [*way, line[cell]])

    yield from go(list(chain(*payload["start"])), [])


@pytest.mark.parametrize(("level", "most"), [(0, 2), (1, 4)])
def test_every_answer_of_small_instances(level, most):
    for index in range(20):
        payload = get_task("fifteen_puzzle").pose(index, level).payload
        found = list(solutions(payload))
        assert found and all(verify(answer, payload).score == 1.0 and oracle(answer, payload) for answer in found)
        ways = (way for n in range(most + 1) for way in product(range(17), repeat=n) if n < 3 or (n == 3 and index < 2))
        answers = [" ".join(map(str, way)) for way in ways]
        verdicts = [verify(answer, payload).score == 1.0 for answer in answers]
        assert verdicts == [oracle(answer, payload) for answer in answers]


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_limit_is_the_fewest_moves(level):
    for index in range(5):
        instance = get_task("fifteen_puzzle").pose(index, level)
        assert len(instance.reference.split()) == instance.payload["most"] == instance.certificate["optimal"]
        assert not list(solutions({**instance.payload, "most": instance.payload["most"] - 1}))
        tiles = instance.reference.split()
        assert all(a != b for a, b in pairwise(tiles))
