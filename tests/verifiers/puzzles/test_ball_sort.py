import re
from collections import Counter
from itertools import permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.ball_sort import verify

TWO = {"tubes": ["RR", "GGR", "", "G"], "height": 3, "most": 2}
FOUR = {**TWO, "most": 4}
SWAP = {"tubes": ["RG", "GR", ""], "height": 2, "most": 3}
SPLIT = {"tubes": ["RG", "R", "G"], "height": 2, "most": 2}

ACCEPTED = {
    "the shortest way": ("2-1 4-2", TWO),
    "another order of colours": ("2-1 2-4 2-4", {**TWO, "most": 3}),
    "arrows and commas": ("2->1, 4 -> 2", TWO),
    "arrow signs": ("2\u21921 4\u21922", TWO),
    "the word to": ("2 to 1, 4 to 2", TWO),
    "a list": ("['2-1', '4-2']", TWO),
    "a detour within the limit": ("4-3 2-1 3-2", FOUR),
    "over an empty tube": ("1-3 2-1 2-3", SWAP),
}
REJECTED = {
    "onto another colour": ("1-2 2-3", SWAP),
    "into a full tube": ("1-2 4-2", TWO),
    "colours sorted but split": ("1-3", SPLIT),
    "from an empty tube": ("3-4 2-1 4-2", FOUR),
    "to the same tube": ("1-1 2-1 4-2", FOUR),
    "more moves than the limit": ("4-3 2-1 3-2", TWO),
    "stops too early": ("2-1", TWO),
    "past the goal": ("2-1 4-2 1-4", FOUR),
    "tubes counted from 0": ("1-0 3-1", TWO),
    "a tube that does not exist": ("2-1 4-5", TWO),
    "several balls at once": ("2-1 2-4", FOUR),
    "the sorted tubes": ("RRR GGG", TWO),
    "numbers without a sign between": ("2 1 4 2", TWO),
    "two answers": ("2-1 4-2 2-1 4-2", FOUR),
    "two answers joined by a word": ("2-1 4-2 or 2-1 4-2", FOUR),
    "Arabic digits": ("\u0662-1 4-2", TWO),
    "superscript digits": ("\u00b2-1 4-2", TWO),
    "code": ("['2-1'] + ['4-2']", TWO),
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
    """Keep a list of (tube, colour) in the order in which the balls were put down."""
    text = re.sub(r"\s?(->|>|-|\bto\b)\s?", "-", answer[:9000].lower().replace("\u2192", "-"), flags=re.ASCII)
    edge = r"[\s,;()\[\]{}'\"]"
    words = re.findall(r"[0-9]{1,3}-[0-9]{1,3}", text, re.ASCII)
    rest = re.sub(rf"(?<!{edge[:1]}^{edge[1:]})[0-9]{{1,3}}-[0-9]{{1,3}}(?!{edge[:1]}^{edge[1:]})", "", text)
    if not words or len(words) > payload["most"] or re.sub(edge, "", rest, flags=re.ASCII):
        return False
    balls = [(tube, colour) for tube, content in enumerate(payload["tubes"], 1) for colour in content]
    for word in words:
        here, there = map(int, word.split("-"))
        mine = [i for i, (tube, _) in enumerate(balls) if tube == here]
        if not mine or here == there or not 1 <= there <= len(payload["tubes"]):
            return False
        colour = balls.pop(mine[-1])[1]
        other = [c for tube, c in balls if tube == there]
        if len(other) == payload["height"] or (other and other[-1] != colour):
            return False
        balls.append((there, colour))
    return len(set(balls)) == len({tube for tube, _ in balls}) and set(Counter(balls).values()) == {payload["height"]}


def solutions(payload):
    """Yield every way within the limit, of four moves at most, by trying all."""
    pairs = list(permutations(range(1, len(payload["tubes"]) + 1), 2))

    def go(way):
        text = " ".join(f"{i}-{j}" for i, j in way)
        if way and oracle(text, payload):
            yield text
        if len(way) < min(payload["most"], 4):
            for pair in pairs:
                yield from go([*way, pair])

    yield from go([])


@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(index):
    payload = get_task("ball_sort").pose(index).payload
    pairs = [f"{i}-{j}" for i, j in product(range(6), repeat=2)]
    ways = [" ".join(way) for n in range(3) for way in product(pairs, repeat=n)]
    verdicts = [verify(way, payload).score == 1.0 for way in ways]
    assert verdicts == [oracle(way, payload) for way in ways]
    assert sum(verdicts) == len(list(solutions(payload))) > 0


def fewest(payload):
    """Return the fewest moves by trying all, layer by layer, with no lower bound and no moves left out."""
    layer, seen, moves = {tuple(payload["tubes"])}, set(), 0
    while not any(all(len(set(t)) <= 1 and len(t) in (0, payload["height"]) for t in tubes) for tubes in layer):
        seen |= layer
        found = set()
        for tubes in layer:
            for i, j in permutations(range(len(tubes)), 2):
                if tubes[i] and len(tubes[j]) < payload["height"] and tubes[j][-1:] in ("", tubes[i][-1]):
                    after = list(tubes)
                    after[i], after[j] = tubes[i][:-1], tubes[j] + tubes[i][-1]
                    found.add(tuple(after))
        layer, moves = found - seen, moves + 1
    return moves


@pytest.mark.parametrize(("level", "count"), [(0, 20), (1, 20), (2, 3)])
def test_the_limit_is_the_fewest_moves(level, count):
    for index in range(count):
        payload = get_task("ball_sort").pose(index, level).payload
        assert fewest(payload) == payload["most"]
