import re
from itertools import permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.tower_of_hanoi import verify

TWO = {"start": [[2, 1], [], []], "goal": [[], [], [2, 1]], "most": 3}
FIVE = {**TWO, "most": 5}
FOUR_PEGS = {"start": [[3], [2], [1], []], "goal": [[3], [], [1], [2]], "most": 1}

ACCEPTED = {
    "the shortest way": ("A-B A-C B-C", TWO),
    "arrows and commas": ("A->B, A -> C, B -> C", TWO),
    "arrow signs": ("A\u2192B A\u2192C B\u2192C", TWO),
    "the word to": ("A to B, A to C, B to C", TWO),
    "in a list, lower case": ("['a-b', 'a-c', 'b-c']", TWO),
    "one a line": ("A-B\nA-C\nB-C\n", TWO),
    "a detour within the limit": ("A-C C-B A-C B-C", FIVE),
    "the fourth peg": ("B-D", FOUR_PEGS),
}
REJECTED = {
    "a large disk on a small one": ("A-C A-C", TWO),
    "more moves than the limit": ("A-C C-B A-C B-C", TWO),
    "takes from an empty peg": ("B-C A-C", TWO),
    "to the same peg": ("A-A A-B A-C B-C", FIVE),
    "stops too early": ("A-B A-C", TWO),
    "past the goal": ("A-B A-C B-C C-A", FIVE),
    "another peg": ("A-C A-B C-B", TWO),
    "two disks at once": ("A-C", TWO),
    "a peg that does not exist": ("A-D", TWO),
    "the disk instead of the peg": ("1-B 2-C 1-C", TWO),
    "pegs without a sign between": ("A B A C B C", TWO),
    "two answers": ("A-B A-C B-C A-B A-C B-C", {**TWO, "most": 6}),
    "two answers joined by a word": ("A-B A-C B-C or A-B A-C B-C", {**TWO, "most": 6}),
    "a look-alike letter": ("\u0410-B A-C B-C", TWO),
    "a letter that is ASCII in upper case only": ("A-\u017f", TWO),
    "code": ("['A-B', 'A-C'] + ['B-C']", TWO),
    "nothing": ("", TWO),
    "no moves": ("[]", TWO),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Keep the peg of each disk; a disk may move if no smaller one is on either peg."""
    text = answer[:9000].lower().replace("\u2192", "-")
    text = re.sub(r"\s?(->|>|-|\bto\b)\s?", "-", text, flags=re.ASCII)
    words = re.findall(r"[a-e]-[a-e]", text, re.ASCII)
    rest = re.sub(r"(?<![^\s,;()\[\]{}'\"])[a-e]-[a-e](?![^\s,;()\[\]{}'\"])", "", text, flags=re.ASCII)
    if not words or len(words) > payload["most"] or re.sub(r"[\s,;()\[\]{}'\"]", "", rest, flags=re.ASCII):
        return False
    peg = {disk: i for i, disks in enumerate(payload["start"]) for disk in disks}
    for word in words:
        here, there = "abcde".index(word[0]), "abcde".index(word[2])
        if here == there or there >= len(payload["start"]) or here not in peg.values():
            return False
        disk = min(d for d in peg if peg[d] == here)
        if any(peg[d] == there for d in range(1, disk)):
            return False
        peg[disk] = there
    return all(peg[disk] == i for i, disks in enumerate(payload["goal"]) for disk in disks)


def solutions(payload):
    """Yield every way within the limit, of four moves at most, by trying all."""
    pegs = "ABCDE"[: len(payload["start"])]
    for n in range(1, min(payload["most"], 4) + 1):
        for way in product(permutations(pegs, 2), repeat=n):
            text = " ".join(map("-".join, way))
            if oracle(text, payload):
                yield text


@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(index):
    payload = get_task("tower_of_hanoi").pose(index).payload
    pairs = ["-".join(pair) for pair in product("ABCD", repeat=2)]
    ways = [" ".join(way) for n in range(3) for way in product(pairs, repeat=n)]
    verdicts = [verify(way, payload).score == 1.0 for way in ways]
    assert verdicts == [oracle(way, payload) for way in ways]
    assert sum(verdicts) == len(list(solutions(payload))) > 0


@pytest.mark.parametrize("level", [0, 1])
def test_the_limit_is_the_fewest_moves(level):
    for index in range(8):
        payload = get_task("tower_of_hanoi").pose(index, level).payload
        found = list(solutions(payload))
        assert found and all(verify(way, payload).score == 1.0 for way in found)
        assert not list(solutions({**payload, "most": payload["most"] - 1}))


def test_the_whole_tower_takes_the_known_number_of_moves():
    assert get_task("tower_of_hanoi").verify("A-C A-B C-B A-C B-A B-C A-C", {
        "start": [[3, 2, 1], [], []], "goal": [[], [], [3, 2, 1]], "most": 7}).score == 1.0  # fmt: skip
