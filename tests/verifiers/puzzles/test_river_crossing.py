import re
from itertools import combinations, product

import pytest

from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.puzzles.river_crossing import STRANGERS, THINGS
from gradarium.verifiers.puzzles.river_crossing import verify


def about(things, conflicts, places, limit, weights=None, capacity=None):
    return {
        "things": things.split(),
        "conflicts": [pair.split("-") for pair in conflicts.split()],
        "places": places,
        "weights": weights,
        "capacity": capacity,
        "limit": limit,
    }


WOLF = about("wolf goat cabbage", "wolf-goat goat-cabbage", 1, 7)
FOX = about("fox hen", "fox-hen", 1, 3)
PAIR = about("fox hen ox", "fox-hen", 2, 3)
HEAVY = about("fox hen", "fox-hen", 2, 3, {"fox": 5, "hen": 4}, 8)
KIWI = about("kiwi fox", "kiwi-fox", 1, 3)
CLASSIC = "goat\nalone\nwolf\ngoat\ncabbage\nalone\ngoat"

ACCEPTED = {
    "the classic": (CLASSIC, WOLF),
    "the other way": ("goat\nalone\ncabbage\ngoat\nwolf\nalone\ngoat", WOLF),
    "upper case, blank lines": ("Goat\n\nALONE\nWolf\nGoat\nCabbage\nAlone\nGoat\n", WOLF),
    "two in the boat that must not be left": ("fox, hen\nhen\nhen, ox", PAIR),
    "shorter than allowed": ("fox, hen", {**FOX, "places": 2}),
    "without commas": ("fox ox\nalone\nhen", PAIR),
    "by weight one at a time": ("hen\nalone\nfox", HEAVY),
    "a detour within the limit": ("fox\nfox\nfox\nalone\nhen", {**FOX, "limit": 5}),
}
REJECTED = {
    "a pair left on the left bank": ("wolf\nalone\ngoat\nalone\ncabbage", WOLF),
    "a pair left on the right bank": ("goat\nalone\nwolf\nalone\ncabbage\nalone\ngoat", WOLF),
    "farmer away for nothing": ("alone\nalone\nfox\nalone\nhen", {**FOX, "limit": 5}),
    "too many crossings": ("fox\nfox\nfox\nalone\nhen", FOX),
    "too many in the boat": ("wolf, goat, cabbage", WOLF),
    "one in each hand": ("fox, hen", FOX),
    "too heavy": ("fox, hen", HEAVY),
    "a thing of the other bank": ("goat\nwolf\ncabbage\ngoat\ngoat\nalone\ngoat", WOLF),
    "one left behind": ("goat\nalone\nwolf\ngoat\ncabbage", WOLF),
    "ends on the left bank": ("fox\nalone\nhen\nalone", {**FOX, "limit": 4}),
    "a stranger": ("fox\nalone\nhen, duck", {**FOX, "places": 2}),
    "a thing twice": ("fox, fox\nalone\nhen", {**FOX, "places": 2}),
    "alone with a thing": ("alone, fox\nalone\nhen", {**FOX, "places": 2}),
    "ways back left out": ("fox\nhen", FOX),
    "the farmer named": ("farmer, fox\nfarmer\nfarmer, hen", {**FOX, "places": 2}),
    "numbered": ("1. fox\n2. alone\n3. hen", FOX),
    "with arrows": ("fox ->\n<- alone\nhen ->", FOX),
    "in sentences": ("take the fox\ngo back alone\ntake the hen", FOX),
    "on one line": ("fox, alone, hen", FOX),
    "nothing in words": ("fox\nnothing\nhen", FOX),
    "two answers": ("fox\nalone\nhen\n\nhen\nalone\nfox", FOX),
    "json": ('[["fox"], [], ["hen"]]', FOX),
    "Kelvin sign": ("\u212aiwi\nalone\nfox", KIWI),
    "full-width letters": ("\uff46ox\nalone\nhen", FOX),
    "an empty line for alone": ("fox\n\nhen", FOX),
    "nothing": ("", FOX),
    "100,000 characters": ("fox\nfox\n" * 12_500, FOX),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def crossed(left, farmer_left, load, payload):
    """Return the things on the left bank after a crossing; None if it is forbidden. Written apart from the verifier."""
    bank = left if farmer_left else frozenset(payload["things"]) - left
    stay = bank - load
    heavy = payload["weights"] and sum(payload["weights"][thing] for thing in load) > payload["capacity"]
    if not load <= bank or len(load) > payload["places"] or heavy:
        return None
    return None if any(stay.issuperset(pair) for pair in payload["conflicts"]) else left ^ load


def oracle(answer, payload):
    """Go through the lines with the set of things on the left bank."""
    if len(answer) > 5_000 or not answer.isascii():
        return False
    left, farmer_left, count = frozenset(payload["things"]), True, 0
    for line in answer.lower().split("\n"):
        if not line.strip():
            continue
        words = re.split(r"[\s,;]+", line.strip())
        load = frozenset() if words == ["alone"] else frozenset(words)
        if words != ["alone"] and (len(load) < len(words) or not load <= set(payload["things"])):
            return False
        left = crossed(left, farmer_left, load, payload)
        count += 1
        if left is None or count > payload["limit"]:
            return False
        farmer_left = not farmer_left
    return not left and not farmer_left


def all_loads(payload):
    sizes = range(payload["places"] + 1)
    return [frozenset(load) for size in sizes for load in combinations(payload["things"], size)]


def in_lines(loads, payload):
    return "\n".join(", ".join(t for t in payload["things"] if t in load) or "alone" for load in loads)


def solutions(payload):
    """Go through all ways over that never come back to the same place, shortest first."""
    start = frozenset(payload["things"]), True
    layer = [((start,), ())]
    for _ in range(payload["limit"]):
        following = []
        for seen, loads in layer:
            for load in all_loads(payload):
                left = crossed(*seen[-1], load, payload)
                state = left, not seen[-1][1]
                if left is not None and state not in seen:
                    following.append(((*seen, state), (*loads, load)))
                    if state == (frozenset(), False):
                        yield in_lines(following[-1][1], payload)
        layer = following


@pytest.mark.parametrize("level", [0, 1])
def test_all_lists_of_crossings_of_small_instances(level):
    for index in range(20 if level == 0 else 3):
        instance = get_task("river_crossing").pose(index, level)
        payload = instance.payload
        lengths = range(1, payload["limit"] + 1) if level == 0 else [5]
        lists = [in_lines(loads, payload) for n in lengths for loads in product(all_loads(payload), repeat=n)]
        right = [answer for answer in lists if verify(answer, payload).score == 1.0]
        assert right == [answer for answer in lists if oracle(answer, payload)] and instance.reference in right
        found = list(solutions(payload))
        assert found and all(verify(answer, payload).score == 1.0 for answer in found)
        assert len(found[0].split("\n")) == instance.certificate["shortest"]


@pytest.mark.parametrize("level", range(2, 6))
def test_no_solution_is_shorter_than_certified(level):
    for index in range(3):
        instance = get_task("river_crossing").pose(index, level)
        payload = instance.payload
        assert oracle(instance.reference, payload)
        layer = seen = {(frozenset(payload["things"]), True)}
        for distance in range(instance.certificate["shortest"] + 1):
            assert ((frozenset(), False) in layer) == (distance == instance.certificate["shortest"])
            new = {(crossed(*state, load, payload), not state[1]) for state in layer for load in all_loads(payload)}
            layer = {state for state in new if state[0] is not None} - seen
            seen = seen | layer


def test_words_cannot_be_mistaken():
    assert len(set(THINGS)) == len(THINGS) and not {*STRANGERS, "alone", "farmer"} & set(THINGS)
    assert all(re.fullmatch("[a-z]+", thing) for thing in THINGS)


@pytest.mark.parametrize("change", [{"things": 1}, {"things": 13}, {"places": 0}, {"conflicts": 2}, {"slack": 11}])
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("river_crossing").pose(0, 0, params=change)
