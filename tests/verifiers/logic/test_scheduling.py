import re
from itertools import permutations, product

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.generators.logic.linear_ordering import NAMES
from gradarium.generators.logic.scheduling import DAYS, ROOMS
from gradarium.verifiers.logic.scheduling import verify


def about(*clues, persons="Tom Ana"):
    return {
        "persons": persons.split(),
        "days": ["Monday", "Tuesday"],
        "rooms": ["Elm", "Oak"],
        "clues": [*map(list, clues)],
    }


TWO = about(("on", "Tom", "Tuesday"), ("not_in", "Ana", "Elm"), ("same_room", "Ana", "Tom"))
OPEN = about(("same_day", "Ana", "Tom"))
KAI = about(("on", "Kai", "Tuesday"), persons="Kai Ana")
RIGHT = "Tom, Tuesday, Oak\nAna, Monday, Oak"

ACCEPTED = {
    "as asked": (RIGHT, TWO),
    "lines in another order": ("Ana, Monday, Oak\nTom, Tuesday, Oak", TWO),
    "lower case, colons": ("tom: tuesday, oak\nana: monday, oak", TWO),
    "spaces only": ("Tom Tuesday Oak\nAna Monday Oak", TWO),
    "bars and a ruler": ("| Tom | Tuesday | Oak |\n|---|---|---|\n| Ana | Monday | Oak |", TWO),
    "one of several": ("Tom, Monday, Elm\nAna, Monday, Oak", OPEN),
    "another one": ("Tom, Tuesday, Oak\nAna, Tuesday, Elm", OPEN),
}
REJECTED = {
    "a clue broken": ("Tom, Tuesday, Oak\nAna, Monday, Elm", TWO),
    "two meetings in one place": ("Tom, Tuesday, Oak\nAna, Tuesday, Oak", TWO),
    "a person missing": ("Tom, Tuesday, Oak", TWO),
    "a person twice": (f"{RIGHT}\nTom, Monday, Elm", TWO),
    "the right plan twice": (f"{RIGHT}\n{RIGHT}", TWO),
    "wrong and right lines dumped": (f"{RIGHT}\nAna, Monday, Elm", TWO),
    "every place for everyone": (
        "\n".join(f"{p}, {d}, {r}" for p in ("Tom", "Ana") for d in ("Monday", "Tuesday") for r in ("Elm", "Oak")),
        TWO,
    ),
    "a stranger too": (f"{RIGHT}\nAlex, Monday, Elm", TWO),
    "a day that is not listed": ("Tom, Sunday, Oak\nAna, Monday, Oak", TWO),
    "a room that is not listed": ("Tom, Tuesday, Ash\nAna, Monday, Ash", TWO),
    "day and room swapped": ("Tom, Oak, Tuesday\nAna, Oak, Monday", TWO),
    "only the days": ("Tom, Tuesday\nAna, Monday", TWO),
    "two days": ("Tom, Tuesday Monday, Oak\nAna, Monday, Oak", TWO),
    "a choice": ("Tom, Tuesday/Monday, Oak\nAna, Monday, Oak", TWO),
    "in a sentence": ("Tom meets on Tuesday in Oak\nAna meets on Monday in Oak", TWO),
    "on one line": ("Tom, Tuesday, Oak, Ana, Monday, Oak", TWO),
    "short days": ("Tom, Tue, Oak\nAna, Mon, Oak", TWO),
    "json": ('{"Tom": ["Tuesday", "Oak"]}', TWO),
    "Kelvin sign": ("\u212aai, Tuesday, Oak\nAna, Monday, Oak", KAI),
    "full-width letters": ("\uff34om, Tuesday, Oak\nAna, Monday, Oak", TWO),
    "a question mark": ("Tom, Tuesday, ?\nAna, Monday, Oak", TWO),
    "nothing": ("", TWO),
    "100,000 characters": (f"{RIGHT}\n" * 3_000, TWO),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def keeps(clue, plan, days):
    """Tell whether a clue holds in a plan (name -> day, room as text); written apart from the verifier."""
    kind, *rest = clue
    if kind.startswith("count"):
        return [place[kind == "count_room"] for place in plan.values()].count(rest[0]) == rest[1]
    if kind in ("on", "in"):
        return rest[1] in plan[rest[0]]
    if kind in ("not_on", "not_in"):
        return rest[1] not in plan[rest[0]]
    if kind == "between":
        return keeps(["before", rest[1], rest[0]], plan, days) and keeps(["before", rest[0], rest[2]], plan, days)
    (day, room), (other_day, other_room) = plan[rest[0]], plan[rest[1]]
    return {
        "same_day": day == other_day,
        "other_day": day != other_day,
        "same_room": room == other_room,
        "other_room": room != other_room,
        "before": other_day in days[days.index(day) + 1 :],
        "next_day": other_day in days[days.index(day) + 1 :][:1],
    }[kind]


def oracle(answer, payload):
    """Read three words a line; all persons once, all places different, and every clue holds."""
    if len(answer) > 5_000 or not answer.isascii():
        return False
    spelled = [{w.lower(): w for w in payload[part]} for part in ("persons", "days", "rooms")]
    rows = []
    for line in answer.split("\n"):
        words = re.sub("[,;|:]", " ", line).lower().split()
        if "".join(words).strip("-+=") == "":
            continue
        if len(words) != 3 or any(word not in names for word, names in zip(words, spelled, strict=True)):
            return False
        rows.append([names[word] for word, names in zip(words, spelled, strict=True)])
    plan = {name: (day, room) for name, day, room in rows}
    if len(rows) != len(payload["persons"]) or len(plan) < len(rows) or len(set(plan.values())) < len(rows):
        return False
    return all(keeps(clue, plan, payload["days"]) for clue in payload["clues"])


def all_answers(payload):
    places = list(product(payload["days"], payload["rooms"]))
    for chosen in permutations(places, len(payload["persons"])):
        rows = zip(payload["persons"], chosen, strict=True)
        yield "\n".join(f"{name}, {day}, {room}" for name, (day, room) in rows)


def solutions(payload):
    """Try all plans."""
    return (answer for answer in all_answers(payload) if oracle(answer, payload))


@pytest.mark.parametrize("level", range(3))
def test_all_plans_of_small_instances(level):
    for index in range(20 if level < 2 else 6):
        instance = get_task("scheduling").pose(index, level)
        right = [answer for answer in all_answers(instance.payload) if verify(answer, instance.payload).score == 1.0]
        assert right == list(solutions(instance.payload)) == [instance.reference]


TRIO = {"persons": ["Tom", "Ana", "Mia"], "days": ["Monday", "Tuesday", "Wednesday"], "rooms": ["Elm", "Oak"]}
CLUES = [
    *([kind, "Tom", "Tuesday"] for kind in ("on", "not_on")),
    *([kind, "Tom", "Oak"] for kind in ("in", "not_in")),
    *([kind, "Tom", "Mia"] for kind in ("before", "next_day", "same_day", "other_day", "same_room", "other_room")),
    ["between", "Tom", "Mia", "Ana"],
    ["count_day", "Tuesday", 2],
    ["count_room", "Elm", 1],
]


@pytest.mark.parametrize("clue", CLUES, ids=lambda clue: clue[0])
def test_each_kind_of_clue_in_all_plans(clue):
    payload = {**TRIO, "clues": [clue]}
    answers = list(all_answers(payload))
    right = [answer for answer in answers if verify(answer, payload).score == 1.0]
    assert right == list(solutions(payload)) and 0 < len(right) < len(answers)


def test_no_clue_is_to_spare():
    for index in range(8):
        payload = get_task("scheduling").pose(index, 1).payload
        for i in range(len(payload["clues"])):
            fewer = {**payload, "clues": payload["clues"][:i] + payload["clues"][i + 1 :]}
            assert len(list(solutions(fewer))) > 1


@pytest.mark.parametrize("level", [5, 6, 7])
def test_references_of_upper_levels(level):
    instance = get_task("scheduling").pose(1, level)
    assert oracle(instance.reference, instance.payload)


def test_words_cannot_be_mistaken():
    words = [word.lower() for word in (*NAMES, *DAYS, *ROOMS)]
    assert len(set(words)) == len(words)


def test_senseless_parameters_are_refused():
    task = get_task("scheduling")
    for change in ({"persons": 1}, {"persons": 5}, {"days": 8}, {"rooms": 1}):
        with pytest.raises(BadValue):
            task.pose(0, 0, params=change)
    with pytest.raises(UnknownName):
        task.pose(0, 0, params={"kinds": "on off"})
