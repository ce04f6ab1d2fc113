import re
from itertools import chain, pairwise, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.eight_puzzle import verify

GOAL = [[1, 2, 3], [4, 5, 6], [7, 8, 0]]
TWO = {"start": [[1, 2, 3], [4, 0, 6], [7, 5, 8]], "goal": GOAL, "most": 2}
FOUR = {**TWO, "most": 4}
WRAP = {"start": [[1, 2, 3], [4, 5, 6], [0, 7, 8]], "goal": [[1, 2, 3], [4, 5, 6], [8, 7, 0]], "most": 1}
ROUND = {"start": [[1, 2, 3], [4, 5, 0], [6, 7, 8]], "goal": [[1, 2, 3], [4, 5, 6], [0, 7, 8]], "most": 1}

ACCEPTED = {
    "the shortest way": ("5 8", TWO),
    "commas and brackets": ("[5, 8]", TWO),
    "one a line": ("5\n8\n", TWO),
    "a detour within the limit": ("5 8 8 8", FOUR),
    "less than the limit": ("5 8", FOUR),
}
REJECTED = {
    "a way past the goal": ("5 8 8", FOUR),
    "more moves than the limit": ("5 8 8 8", TWO),
    "stops too early": ("5", TWO),
    "a tile that is not beside the gap": ("8 5", TWO),
    "a tile at a corner of the gap": ("1", {**TWO, "most": 9}),
    "around the edge of the row": ("8", WRAP),
    "from the end of a row to the next row": ("6", ROUND),
    "moves nothing": ("0 5 8", FOUR),
    "a tile that does not exist": ("9", TWO),
    "a negative tile": ("-5 8", TWO),
    "directions, which the prompt does not define": ("up left", TWO),
    "prose with letters of directions": ("LURD", TWO),
    "the goal board": ("1 2 3 4 5 6 7 8", FOUR),
    "the goal board with the gap": ("1 2 3\n4 5 6\n7 8 0", FOUR),
    "two answers": ("5 8 5 8", FOUR),
    "digits without spaces": ("58", TWO),
    "Arabic digits": ("\u0665 \u0668", TWO),
    "superscript digits": ("\u2075 \u2078", TWO),
    "decimals": ("5.0 8.0", TWO),
    "code": ("[5, 8] * 1", TWO),
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
        payload = get_task("eight_puzzle").pose(index, level).payload
        found = list(solutions(payload))
        assert found and all(verify(answer, payload).score == 1.0 and oracle(answer, payload) for answer in found)
        ways = (way for n in range(most + 1) for way in product(range(10), repeat=n) if n < 4 or index < 1)
        answers = [" ".join(map(str, way)) for way in ways]
        verdicts = [verify(answer, payload).score == 1.0 for answer in answers]
        assert verdicts == [oracle(answer, payload) for answer in answers]


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_limit_is_the_fewest_moves(level):
    for index in range(5):
        instance = get_task("eight_puzzle").pose(index, level)
        assert len(instance.reference.split()) == instance.payload["most"] == instance.certificate["optimal"]
        assert not list(solutions({**instance.payload, "most": instance.payload["most"] - 1}))
        tiles = instance.reference.split()
        assert all(a != b for a, b in pairwise(tiles))
