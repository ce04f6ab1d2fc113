import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.nine_puzzle import verify

SIDE = 3
START = [[r * SIDE + c + 1 for c in range(SIDE)] for r in range(SIDE)]


def made(*moves):
    """Return START after moves, written apart from the verifier: each cell asks where its number came from."""
    grid = [list(row) for row in START]
    for way, digit in moves:
        k, old = int(digit) - 1, [list(row) for row in grid]
        for r in range(SIDE):
            for c in range(SIDE):
                if way in "RL" and r == k:
                    grid[r][c] = old[r][(c + (1 if way == "L" else -1)) % SIDE]
                if way in "UD" and c == k:
                    grid[r][c] = old[(r + (1 if way == "U" else -1)) % SIDE][c]
    return grid


ONE = {"start": START, "goal": made("R1"), "most": 1}
TWO = {"start": START, "goal": made("R1", "U2"), "most": 2}
FOUR = {**TWO, "most": 4}

ACCEPTED = {
    "one move": ("R1", ONE),
    "two moves": ("R1 U2", TWO),
    "commas and brackets": ("[R1, U2]", TWO),
    "a list with quotes": ("['R1', \"U2\"]", TWO),
    "lower case, one a line": ("r1\nu2\n", TWO),
    "less than the limit": ("R1 U2", FOUR),
    "a detour within the limit": ("R3 R1 L3 U2", FOUR),
    "around the other way": ("L1 L1 U2", FOUR),
}
REJECTED = {
    "the other order": ("U2 R1", TWO),
    "the other direction": ("L1", ONE),
    "column instead of row": ("D1", ONE),
    "rows counted from 0": ("R0", ONE),
    "a row that does not exist": ("R1 U4", TWO),
    "more moves than the limit": ("R3 R1 L3 U2", TWO),
    "past the goal": ("R1 U2 U2", FOUR),
    "stops too early": ("R1", TWO),
    "two answers": ("R1 U2 R1 U2", FOUR),
    "two answers joined by a word": ("R1 U2 or R1 U2", FOUR),
    "the goal board": ("\n".join(" ".join(map(str, row)) for row in TWO["goal"]), TWO),
    "words that the prompt does not define": ("row 1 right", ONE),
    "a repeat count": ("R1x2", ONE),
    "no separator": ("R1U2", TWO),
    "a look-alike letter": ("\uff321", ONE),
    "Arabic digits": ("R\u0661", ONE),
    "superscript digits": ("R\u00b9", ONE),
    "code": ("['R1'] * 1", ONE),
    "nothing": ("", ONE),
    "no moves": ("[]", ONE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Follow each number of the board by itself, as a point of the torus."""
    text = answer.strip().upper()
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    form = re.compile(r"(['\"]?)([RLUD])([1-9])\1", re.ASCII)
    words = [form.fullmatch(word) for word in re.split(r"[\s,;]+", text[:5000])]
    n = len(payload["start"])
    if not all(words) or not answer.isascii() or len(words) > payload["most"]:
        return False
    if any(int(word[3]) > n for word in words):
        return False
    for i, row in enumerate(payload["start"]):
        for j, number in enumerate(row):
            r, c = i, j
            for word in words:
                k = int(word[3]) - 1
                if word[2] in "RL" and r == k:
                    c = (c + (1 if word[2] == "R" else -1)) % n
                elif word[2] in "UD" and c == k:
                    r = (r + (1 if word[2] == "D" else -1)) % n
            if payload["goal"][r][c] != number:
                return False
    return True


MOVES = [way + str(i) for way in "RLUD" for i in range(1, SIDE + 1)]


def solutions(payload):
    """Yield every way within the limit, of three moves at most, by trying all."""
    for n in range(1, min(payload["most"], 3) + 1):
        for way in product(MOVES, repeat=n):
            if oracle(" ".join(way), payload):
                yield " ".join(way)


@pytest.mark.parametrize("level", [0, 1])
def test_every_answer_of_small_instances(level):
    ways = [" ".join(way) for n in range(3) for way in product([*MOVES, "R4"], repeat=n)]
    for index in range(20):
        payload = get_task("nine_puzzle").pose(index, level).payload
        verdicts = [verify(way, payload).score == 1.0 for way in ways]
        assert verdicts == [oracle(way, payload) for way in ways]
        assert sum(verdicts) == len(list(solutions(payload))) > 0


@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_limit_is_the_fewest_moves(level):
    for index in range(3):
        instance = get_task("nine_puzzle").pose(index, level)
        assert len(instance.reference.split()) == instance.payload["most"] == instance.certificate["optimal"]
        assert not list(solutions({**instance.payload, "most": instance.payload["most"] - 1}))
