import copy
import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.twiddle import verify

START = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
ONE = {"start": START, "goal": [[4, 1, 3], [5, 2, 6], [7, 8, 9]], "most": 1, "clockwise": True}
BACK = {"start": START, "goal": [[2, 5, 3], [1, 4, 6], [7, 8, 9]], "most": 1, "clockwise": False}
TWO = {"start": START, "goal": [[4, 1, 3], [5, 8, 2], [7, 9, 6]], "most": 2, "clockwise": True}
FOUR = {**TWO, "most": 4}
THREE = {**BACK, "most": 3, "clockwise": True}

ACCEPTED = {
    "clockwise": ("1,1", ONE),
    "anticlockwise": ("1,1", BACK),
    "two moves": ("1,1 2,2", TWO),
    "in brackets": ("(1, 1), (2, 2)", TWO),
    "list of lists": ("[[1, 1], [2, 2]]", TWO),
    "row and column by letters": ("r1c1 r2c2", TWO),
    "one a line": ("1,1\n2,2\n", TWO),
    "less than the limit": ("1,1 2,2", FOUR),
    "three turns instead of one the other way": ("1,1 1,1 1,1", THREE),
}
REJECTED = {
    "the other direction": ("1,1", {**BACK, "clockwise": True}),
    "three turns, over the limit": ("1,1 1,1 1,1", BACK),
    "the other order": ("2,2 1,1", TWO),
    "column before row": ("2,1", {**ONE, "goal": [[1, 5, 2], [4, 6, 3], [7, 8, 9]]}),
    "counted from 0": ("0,0", ONE),
    "a block over the edge": ("1,1 3,3", TWO),
    "a block around the edge": ("1,3", ONE),
    "past the goal": ("1,1 1,1", {**ONE, "most": 4}),
    "stops too early": ("1,1", TWO),
    "two answers": ("1,1 2,2 1,1 2,2", FOUR),
    "two answers joined by a word": ("1,1 2,2 or 1,1 2,2", FOUR),
    "a direction of its own": ("1,1 clockwise", ONE),
    "half a block": ("1,1 2", TWO),
    "the goal board": ("4 1 3\n5 8 2\n7 9 6", TWO),
    "Arabic digits": ("\u0661,\u0661", ONE),
    "superscript digits": ("\u00b9,\u00b9", ONE),
    "code": ("[(1, 1)] * 1", ONE),
    "nothing": ("", ONE),
    "no moves": ("[]", ONE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    before = copy.deepcopy(payload)
    assert verify(answer, payload).score == 1.0
    assert verify(answer, payload).score == 1.0  # the payload is not used up
    assert payload == before


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Turn the plane: follow each number as a point about the middle of each block."""
    n = len(payload["start"])
    if len(answer) > 5000 or not re.fullmatch(r"[\s0-9,;()\[\]{}a-zA-Z]*", answer, re.ASCII):
        return False
    text = re.sub(r"row\s?|column\s?|r(?=[0-9])|(?<=[0-9])c", " ", answer.lower())
    if re.search(r"[a-z]", text):
        return False
    numbers = [int(word) for word in re.findall(r"[0-9]{1,4}", text)]
    if not numbers or len(numbers) % 2 or len(numbers) > 2 * payload["most"]:
        return False
    blocks = list(zip(numbers[::2], numbers[1::2], strict=True))
    if any(not 1 <= x < n for block in blocks for x in block):
        return False
    for i, row in enumerate(payload["start"]):
        for j, number in enumerate(row):
            y, x = 2 * i, 2 * j
            for r, c in blocks:
                dy, dx = y - (2 * r - 1), x - (2 * c - 1)
                if abs(dy) == abs(dx) == 1:
                    dy, dx = (dx, -dy) if payload["clockwise"] else (-dx, dy)
                    y, x = 2 * r - 1 + dy, 2 * c - 1 + dx
            if payload["goal"][y // 2][x // 2] != number:
                return False
    return True


def solutions(payload):
    """Yield every way within the limit, of four moves at most, by trying all."""
    blocks = [f"{r},{c}" for r, c in product(range(1, len(payload["start"])), repeat=2)]
    for n in range(1, min(payload["most"], 4) + 1):
        for way in product(blocks, repeat=n):
            if oracle(" ".join(way), payload):
                yield " ".join(way)


@pytest.mark.parametrize("level", [0, 1])
def test_every_answer_of_small_instances(level):
    blocks = [f"{r},{c}" for r, c in product(range(4), repeat=2)]
    ways = [" ".join(way) for n in range(3) for way in product(blocks, repeat=n)]
    for index in range(20):
        payload = get_task("twiddle").pose(index, level).payload
        verdicts = [verify(way, payload).score == 1.0 for way in ways]
        assert verdicts == [oracle(way, payload) for way in ways]
        assert sum(verdicts) == len(list(solutions(payload))) > 0


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_limit_is_the_fewest_moves(level):
    for index in range(3):
        instance = get_task("twiddle").pose(index, level)
        assert len(instance.reference.split()) == instance.payload["most"] == instance.certificate["optimal"]
        assert not list(solutions({**instance.payload, "most": instance.payload["most"] - 1}))
