import re
from itertools import pairwise

import pytest

from gradarium.generators import get_task
from gradarium.generators.graphs.natural_language_navigation import KINDS, NAMES, STRANGERS
from gradarium.verifiers.graphs.natural_language_navigation import verify

TOWN = {
    "places": {"Oak": "bank", "Ivy": "hotel", "Elm": "bakery", "Fern": "bakery", "Moss": "school"},
    "streets": [
        ["Oak", "Ivy", 200, False],
        ["Elm", "Ivy", 300, False],
        ["Oak", "Moss", 100, False],
        ["Moss", "Elm", 400, False],
        ["Fern", "Oak", 100, True],
        ["Moss", "Fern", 200, False],
    ],
    "closed": [["Fern", "Moss"]],
    "start": "Oak",
    "kind": "bakery",
}

ACCEPTED = {
    "one shortest route": ("Oak Ivy Elm", TOWN),
    "the other shortest route": ("Oak Moss Elm", TOWN),
    "lower case": ("oak ivy elm", TOWN),
    "commas": ("Oak, Ivy, Elm", TOWN),
    "arrows": ("Oak -> Ivy -> Elm", TOWN),
    "typographic arrows": ("Oak \u2192 Ivy \u2192 Elm", TOWN),
    "spaced dashes": ("Oak - Ivy - Elm", TOWN),
    "typographic dashes": ("Oak \u2013 Ivy \u2014 Elm.", TOWN),
    "list": ('["Oak", "Ivy", "Elm"]', TOWN),
    "full stop": ("Oak Ivy Elm.", TOWN),
    "with the one-way street": ("Fern Oak", {**TOWN, "start": "Fern", "kind": "bank"}),
}
REJECTED = {
    "against the one-way street": ("Oak Fern", TOWN),
    "closed street": ("Oak Moss Fern", TOWN),
    "no street": ("Oak Elm", TOWN),
    "a longer route": ("Moss Elm", {**TOWN, "start": "Moss", "kind": "hotel"}),
    "to and fro": ("Oak Ivy Oak Ivy Elm", TOWN),
    "past the goal": ("Oak Ivy Elm Moss", TOWN),
    "past the goal and back": ("Oak Ivy Elm Ivy Elm", TOWN),
    "another kind": ("Oak Ivy", TOWN),
    "start left out": ("Ivy Elm", TOWN),
    "goal only": ("Elm", TOWN),
    "start only": ("Oak", TOWN),
    "backwards": ("Elm Ivy Oak", TOWN),
    "place twice": ("Oak Oak Ivy Elm", TOWN),
    "place that does not exist": ("Oak Ivy Zoo Elm", TOWN),
    "kind instead of the name": ("Oak Ivy bakery", TOWN),
    "dash without spaces": ("Oak-Ivy-Elm", TOWN),
    "dash at the end": ("Oak - Ivy - Elm -", TOWN),
    "dash in front": ("- Oak - Ivy - Elm", TOWN),
    "two dashes": ("Oak - - Ivy - Elm", TOWN),
    "dashes along no street": ("Oak - Elm", TOWN),
    "routes joined by a dash": ("Oak - Ivy - Elm - Oak - Moss - Elm", TOWN),
    "both routes": ("Oak Ivy Elm\nOak Moss Elm", TOWN),
    "joined by or": ("Oak Ivy Elm or Oak Moss Elm", TOWN),
    "empty": ("", TOWN),
    "Kelvin sign for k": ("Oa\u212a Ivy Elm", TOWN),
    "Cyrillic letter": ("O\u0430k Ivy Elm", TOWN),
    "code": ("print('Oak Ivy Elm')", TOWN),
    "100,000 letters": ("Oak Ivy " * 12_500, TOWN),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def lengths(payload):
    """Return the metres from the start along open streets (Bellman and Ford), and those of single streets."""
    shut = [set(pair) for pair in payload["closed"]]
    single = {}
    for a, b, metres, oneway in payload["streets"]:
        if {a, b} not in shut:
            single[a, b] = metres
            if not oneway:
                single[b, a] = metres
    best, before = {payload["start"]: 0}, None
    while best != before:
        before = dict(best)
        for (a, b), metres in single.items():
            if a in best:
                best[b] = min(best.get(b, best[a] + metres), best[a] + metres)
    return best, single


def oracle(answer, payload):
    """Judge by the definition: as long as the smallest distance to the kind; written apart from the verifier."""
    answer = answer.replace("->", " ").replace("\u2192", " ")
    words = re.sub("[ \t]+", " ", answer).split(" ")
    for i in range(1, len(words) - 1):
        beside = words[i - 1] + words[i + 1]
        if words[i] in ("-", "\u2013", "\u2014") and words[i - 1] and words[i + 1] and "-" not in beside:
            words[i] = ""
    answer = " ".join(words).strip()
    answer = answer[:-1] if answer.endswith(".") else answer
    if re.match(r"\[.*\]\Z|\(.*\)\Z|\{.*\}\Z", answer, re.DOTALL):
        answer = answer[1:-1]
    quoted = [word for word in re.split(r"[\s,;]+", answer.strip()) if not re.fullmatch("[A-Za-z]+", word)]
    if not all(re.fullmatch("\"[A-Za-z]+\"|'[A-Za-z]+'", word) for word in quoted):
        return False
    known = {name.lower(): name for name in payload["places"]}
    route = [known.get(word.lower()) for word in re.findall(r"[A-Za-z]+", answer)]
    if not route or None in route or route[0] != payload["start"]:
        return False
    best, single = lengths(payload)
    walked = sum(single.get(pair, float("inf")) for pair in pairwise(route))
    goals = [name for name, kind in payload["places"].items() if kind == payload["kind"]]
    return route[-1] in goals and walked == min(best[goal] for goal in goals if goal in best)


def routes(payload):
    """Yield (metres, names) of every route from the start that visits no place twice."""
    _, single = lengths(payload)

    def walk(route, metres):
        yield metres, route
        for there in payload["places"]:
            if there not in route and (route[-1], there) in single:
                yield from walk([*route, there], metres + single[route[-1], there])

    yield from walk([payload["start"]], 0)


def solutions(payload):
    """Yield every shortest route to a place of the kind."""
    found = [pair for pair in routes(payload) if payload["places"][pair[1][-1]] == payload["kind"]]
    least = min(metres for metres, _ in found)
    yield from (" ".join(route) for metres, route in found if metres == least)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_all_routes_of_small_instances_agree_with_the_oracle(level):
    for index in range(20 if level < 2 else 4):
        instance = get_task("natural_language_navigation").pose(index, level)
        payload = instance.payload
        right = set(solutions(payload))
        assert instance.reference in right
        answers = [" ".join(route) for _, route in routes(payload)]
        assert {answer for answer in answers if verify(answer, payload).score} == right
        assert {answer for answer in answers if oracle(answer, payload)} == right


def test_names_are_unique_words():
    assert len({name.lower() for name in NAMES}) == len(NAMES) and not set(STRANGERS.split()) & set(NAMES)
    assert not {name.lower() for name in NAMES} & set(KINDS)


@pytest.mark.parametrize("level", range(8))
def test_the_question_tells_the_town(level):
    task = get_task("natural_language_navigation")
    params = task.levels[level]
    for index in range(10):
        instance = task.pose(index, level)
        payload, text = instance.payload, instance.question
        assert dict(re.findall(r"(\w+) is a (\w+)\.", text)) == payload["places"]
        shut = re.findall(r"The street between (\w+) and (\w+) is closed\.", text)
        assert sorted(map(sorted, shut)) == sorted(map(sorted, payload["closed"])) and len(shut) == params.closed
        both = re.findall(r"A street runs from (\w+) (\d+) metres \w+ to (\w+)\.", text)
        both += re.findall(r"From (\w+), it is (\d+) metres \w+ along a street to (\w+)\.", text)
        turned = re.findall(r"(\w+) lies (\d+) metres \w+ of (\w+), at the other end of a street\.", text)
        single = re.findall(r"A one-way street leads from (\w+) (\d+) metres \w+ to (\w+)\.", text)
        ended = re.findall(r"(\w+) lies (\d+) metres \w+ of (\w+), at the end of a street that may only", text)
        told = [[a, b, int(m), False] for a, m, b in both] + [[a, b, int(m), False] for b, m, a in turned]
        told += [[a, b, int(m), True] for a, m, b in single] + [[a, b, int(m), True] for b, m, a in ended]
        assert sorted(told) == sorted(payload["streets"])
        assert len(instance.reference.split()) > params.hops
