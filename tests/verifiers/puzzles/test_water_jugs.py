import re
from itertools import product

import pytest

from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.verifiers.puzzles.water_jugs import verify


def about(capacities, start, goal, limit, tap=True):
    return {"capacities": capacities, "start": start, "goal": goal, "tap": tap, "limit": limit}


DIE_HARD = about([3, 5], [0, 0], [None, 4], 6)
BOTH = about([3, 5], [0, 0], [3, 4], 6)
ONE = about([7, 5], [3, 5], [7, 1], 1)
EIGHT = about([8, 5, 3], [8, 0, 0], [4, 4, 0], 7, tap=False)
SIX = "fill B, pour B A, empty A, pour B A, fill B, pour B A"
SEVEN = "pour A B, pour B C, pour C A, pour B C, pour A B, pour B C, pour C A"

ACCEPTED = {
    "one move": ("pour B A", ONE),
    "the film": (SIX, DIE_HARD),
    "on lines, into": (SIX.replace(", ", "\n").replace("pour B A", "Pour B into A"), DIE_HARD),
    "to, with a full stop": (SIX.replace("pour B A", "pour B to A") + ".", DIE_HARD),
    "arrows": (SIX.replace("pour B A", "pour B -> A"), DIE_HARD),
    "upper case": (SIX.upper(), BOTH),
    "three jugs without a tap": (SEVEN, EIGHT),
    "another way": (
        "fill A, pour A B, fill A, pour A B, empty B, pour A B, fill A, pour A B",
        {**DIE_HARD, "limit": 8},
    ),
}
REJECTED = {
    "one move too many": (f"{SIX}, fill A", DIE_HARD),
    "too many that come back": (f"{SIX}, pour A B", DIE_HARD),
    "the goal passed, not kept": ("pour B A, fill B", {**ONE, "limit": 2}),
    "last move missing": (SIX.rpartition(",")[0], BOTH),
    "another jug has the amount": (SIX, about([3, 5], [0, 0], [4, None], 6)),
    "one of two amounts": (SIX, about([3, 5], [0, 0], [0, 4], 6)),
    "the wrong way": ("pour A B", ONE),
    "a jug into itself": ("pour B B", ONE),
    "a jug that is not there": ("pour B C", ONE),
    "a tap where there is none": ("fill B, pour B C", about([8, 5, 3], [8, 0, 0], [8, 2, 3], 7, tap=False)),
    "emptied where it cannot be": ("empty A", about([8, 5, 3], [8, 0, 0], [0, 0, 0], 7, tap=False)),
    "a measured part": ("pour 4 from B to A", ONE),
    "half": ("pour half of B A", ONE),
    "amounts told": ("pour B A (7, 1)", ONE),
    "only amounts": ("7, 1", ONE),
    "numbered": ("1. pour B A", ONE),
    "two answers": ("pour B A or pour A B", ONE),
    "in a sentence": ("I pour B A", ONE),
    "json": ('["pour B A"]', ONE),
    "run together": ("pourBA", ONE),
    "Cyrillic letters": ("pour \u0412 \u0410", ONE),
    "full-width letters": ("pour \uff22 \uff21", ONE),
    "nothing": ("", ONE),
    "no move": ("done", about([3, 5], [0, 4], [0, 4], 2)),
    "100,000 characters": ("pour B A, " * 10_000, ONE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def step(amounts, words, payload):
    """Carry out one move litre by litre; None if it cannot be done. Written apart from the verifier."""
    jugs = ["abcdefghij"[: len(amounts)].find(word) for word in words[1:]]
    if min(jugs) < 0 or len(set(jugs)) < len(jugs) or (words[0] != "pour" and not payload["tap"]):
        return None
    amounts = list(amounts)
    first, last = jugs[0], jugs[-1]
    room = payload["capacities"]
    while amounts[first] < room[first] if words[0] == "fill" else amounts[first] > 0:
        if words[0] == "pour" and amounts[last] == room[last]:
            break
        amounts[first] += 1 if words[0] == "fill" else -1
        if words[0] == "pour":
            amounts[last] += 1
    return tuple(amounts)


def oracle(answer, payload):
    """Read moves word by word and pour litre by litre."""
    if len(answer) > 5_000 or not answer.isascii():
        return False
    text = answer.strip()
    text = text[:-1] if text.endswith(".") else text
    amounts, count = tuple(payload["start"]), 0
    for piece in re.split("[,;\n]", text.lower()):
        words = re.sub(r"(?<=[ ][a-z])[ ]+->[ ]*", " ", piece.strip()).split()
        if not words:
            continue
        if len(words) == 4 and words[2] in ("to", "into"):
            words.pop(2)
        if len(words) != {"fill": 2, "empty": 2, "pour": 3}.get(words[0]) or any(len(word) != 1 for word in words[1:]):
            return False
        amounts = step(amounts, words, payload)
        count += 1
        if amounts is None:
            return False
    reached = all(goal in (None, amount) for goal, amount in zip(payload["goal"], amounts, strict=True))
    return 0 < count <= payload["limit"] and reached


def all_moves(payload):
    names = "ABCDE"[: len(payload["capacities"])]
    return [
        *(f"{verb} {name}" for verb in ("fill", "empty") if payload["tap"] for name in names),
        *(f"pour {a} {b}" for a, b in product(names, repeat=2) if a != b),
    ]


def solutions(payload):
    """Go through all lists of moves that lead to new amounts, shortest first."""
    layer = [((tuple(payload["start"]),), [])]
    for _ in range(payload["limit"]):
        following = []
        for seen, listed in layer:
            for move in all_moves(payload):
                amounts = step(seen[-1], move.lower().split(), payload)
                if amounts not in seen:
                    following.append(((*seen, amounts), [*listed, move]))
                    if all(goal in (None, a) for goal, a in zip(payload["goal"], amounts, strict=True)):
                        yield ", ".join(following[-1][1])
        layer = following


@pytest.mark.parametrize("level", [0, 1])
def test_all_lists_of_moves_of_small_instances(level):
    for index in range(20 if level == 0 else 4):
        instance = get_task("water_jugs").pose(index, level)
        payload = instance.payload
        lengths = range(min(4, payload["limit"]) + 1)
        answers = [", ".join(a) for n in lengths for a in product(all_moves(payload), repeat=n)]
        right = [answer for answer in answers if verify(answer, payload).score == 1.0]
        assert right == [answer for answer in answers if oracle(answer, payload)]
        found = list(solutions(payload))
        assert found and all(verify(answer, payload).score == 1.0 for answer in found)
        assert len(found[0].split(",")) == instance.certificate["shortest"]


@pytest.mark.parametrize("level", range(4))
def test_no_solution_is_shorter_than_certified(level):
    for index in range(3 if level < 3 else 1):
        instance = get_task("water_jugs").pose(index, level)
        payload = instance.payload
        assert oracle(instance.reference, payload)
        layer = seen = {tuple(payload["start"])}
        for distance in range(instance.certificate["shortest"] + 1):
            hit = any(all(g in (None, a) for g, a in zip(payload["goal"], s, strict=True)) for s in layer)
            assert hit == (distance == instance.certificate["shortest"])
            words = [move.lower().split() for move in all_moves(payload)]
            layer = {step(state, word, payload) for state in layer for word in words} - seen
            seen = seen | layer


@pytest.mark.parametrize("change", [{"jugs": 1}, {"jugs": 6}, {"largest": 41}, {"fewest": 0}, {"slack": -1}])
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("water_jugs").pose(0, 0, params=change)
