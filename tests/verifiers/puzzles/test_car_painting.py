import re
from itertools import groupby, permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.car_painting import verify

FOUR = {"cars": [[52, "red"], [17, "blue"], [80, "red"], [33, "blue"]], "places": 1, "changes": 1}
LOOSE = {**FOUR, "changes": 2}
SIX = {"cars": [[i, c] for i, c in enumerate(("red", "blue") * 3, 11)], "places": 2, "changes": 1}

ACCEPTED = {
    "the fewest changes": ("52 80 17 33", FOUR),
    "commas and brackets": ("[52, 80, 17, 33]", FOUR),
    "one a line": ("52\n80\n17\n33", FOUR),
    "fewer changes than the fewest that are known": ("52 80 17 33", LOOSE),
    "another order": ("17 52 80 33", LOOSE),
}
REJECTED = {
    "the order of the question": ("52 17 80 33", FOUR),
    "a car too far from its place": ("11 13 15 12 14 16", {**SIX, "places": 1}),
    "sorted by colour, too far": ("52 80 33 17", {**FOUR, "changes": 3}),
    "a car to the other end": ("33 52 17 80", {**FOUR, "changes": 3}),
    "a car missing": ("52 80 17", FOUR),
    "a car twice": ("52 80 17 17", FOUR),
    "a car twice and all others": ("52 80 17 33 33", FOUR),
    "a car that is not there": ("52 80 17 34", FOUR),
    "one colour only": ("52 80", FOUR),
    "places instead of numbers": ("1 3 2 4", FOUR),
    "the number of changes": ("1", FOUR),
    "colours": ("red red blue blue", FOUR),
    "numbers with colours": ("52 red, 80 red, 17 blue, 33 blue", FOUR),
    "two orders": ("52 80 17 33\n52 80 17 33", FOUR),
    "Arabic digits": ("\u0665\u0662 80 17 33", FOUR),
    "superscript digits": ("5\u00b2 80 17 33", FOUR),
    "negative numbers": ("-52 80 17 33", FOUR),
    "code": ("sorted([52, 80]) + [17, 33]", FOUR),
    "nothing": ("", FOUR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Look for each car in the slice of the order that it may stand in; count the runs of colours."""
    inside = re.fullmatch(r"\s*([\[({]?)([0-9+\s,;]{1,9999}?)([\])}]?)\s*", answer, re.ASCII)
    if not inside or inside[1] + inside[3] not in ("", "[]", "()", "{}"):
        return False
    words = re.split(r"[\s,;]+", inside[2].strip())
    if not all(re.fullmatch(r"\+?[0-9]{1,9}", word, re.ASCII) for word in words):
        return False
    order = [int(word) for word in words]
    cars, reach = payload["cars"], payload["places"]
    if sorted(order) != sorted(number for number, _ in cars):
        return False
    if any(number not in order[max(0, i - reach) : i + reach + 1] for i, (number, _) in enumerate(cars)):
        return False
    paint = {number: colour for number, colour in cars}
    return len(list(groupby(order, key=paint.get))) - 1 <= payload["changes"]


def solutions(payload):
    """Yield every right order by trying all."""
    for order in permutations(number for number, _ in payload["cars"]):
        text = " ".join(map(str, order))
        if oracle(text, payload):
            yield text


@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(index):
    payload = get_task("car_painting").pose(index).payload
    numbers = [number for number, _ in payload["cars"]]
    answers = [" ".join(map(str, way)) for n in (3, 4, 5) for way in product(numbers, repeat=n)]
    verdicts = [verify(answer, payload).score == 1.0 for answer in answers]
    assert verdicts == [oracle(answer, payload) for answer in answers]
    assert sum(verdicts) == len(list(solutions(payload))) > 0


@pytest.mark.parametrize("level", [0, 1])
def test_no_order_has_fewer_changes_by_brute_force(level):
    for index in range(12):
        payload = get_task("car_painting").pose(index, level).payload
        found = list(solutions(payload))
        assert found and all(verify(answer, payload).score == 1.0 for answer in found)
        assert not list(solutions({**payload, "changes": payload["changes"] - 1}))
