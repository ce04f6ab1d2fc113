"""Linear ordering: who has a place in an order, or the whole order, from statements about pairs.

Correct is, for a question about one place, the person whom the comparisons put exactly there: all others are above or
below, and the right number of them above. For the whole order, correct is every order of all persons for which every
statement holds; nothing is compared with a stored solution.

The payload holds ``persons``, ``rank`` (1 for the top; 0 asks for the whole order from the top down) and
``statements``: ``["above", a, b]``, ``["gap", a, b, k]`` (exactly k persons between a and b, either way round) and
``["middle", m, a, b]`` (m is above one of a and b and below the other). A question about one place has comparisons
only.

Example: payload ``{"persons": ["Ana", "Tom", "Mia"], "statements": [["above", "Mia", "Tom"], ["above", "Tom", "Ana"]],
"rank": 2}``, answer ``Tom``; with ``"rank": 0``, answer ``Mia, Tom, Ana``.
"""

import re
from collections.abc import Sequence
from typing import Any

from gradarium.core import Payload, Verdict

MOST_PERSONS = 100
MOST_STATEMENTS = 2_000

_NAME = re.compile(r"[A-Za-z]{1,20}", re.ASCII)


def read_names(text: str, most: int) -> list[str] | None:
    """Return the names of a list of at most ``most``, as written; None if anything else is there.

    Names stand between commas or white space, and one full stop may end the list.

    >>> read_names("Mia, Tom", 3), read_names("Mia.", 1), read_names("Mia > Tom", 3), read_names("Mia, Tom", 1)
    (['Mia', 'Tom'], ['Mia'], None, None)
    """
    if len(text) > 40 * (most + 1):
        return None
    parts = text.strip().removesuffix(".").replace(";", ",").split(",")
    names = [name for part in parts for name in part.split() or [""]]  # nothing between two commas is no name
    return names if len(names) <= most and all(map(_NAME.fullmatch, names)) else None


def reach(start: str, arrows: dict[str, list[str]]) -> set[str]:
    """Return all that can be reached from ``start`` in one step or more."""
    found: set[str] = set()
    todo = [start]
    while todo:
        for name in arrows.get(todo.pop(), ()):
            if name not in found:
                found.add(name)
                todo.append(name)
    return found


def judge_place(person: str, payload: Payload) -> Verdict:
    """Judge whether the comparisons put ``person`` at the place that is asked for."""
    lower: dict[str, list[str]] = {}
    upper: dict[str, list[str]] = {}
    for kind, *names in payload["statements"]:
        if kind != "above":
            return Verdict.error("a question about one place may have comparisons only")
        lower.setdefault(names[0], []).append(names[1])
        upper.setdefault(names[1], []).append(names[0])
    above, below = reach(person, upper), reach(person, lower)
    if above & below:
        return Verdict.error("the comparisons contradict each other")
    if len(above) != payload["rank"] - 1 or len(below) != len(payload["persons"]) - payload["rank"]:
        return Verdict.wrong(f"{person} does not have the place that is asked for", "place")
    return Verdict.correct()


def broken(statement: Sequence[Any], places: dict[str, int]) -> str:
    """Return what a statement asks for if it does not hold, and an empty text if it holds.

    >>> broken(["gap", "Mia", "Tom", 1], {"Mia": 0, "Tom": 1, "Ana": 2})
    'exactly 1 must stand between Mia and Tom'
    """
    kind, first, second = statement[:3]
    distance = places[second] - places[first]
    if kind == "above":
        return "" if distance > 0 else f"{first} must stand before {second}"
    if kind == "gap":
        return (
            ""
            if abs(distance) == statement[3] + 1
            else f"exactly {statement[3]} must stand between {first} and {second}"
        )
    third = statement[3]
    if (places[first] < places[second]) != (places[first] < places[third]):
        return ""
    return f"{first} must stand between {second} and {third}"


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge one name, or the names of all persons in order.

    >>> pairs = [["above", "Mia", "Tom"], ["above", "Tom", "Ana"]]
    >>> verify("Mia", {"persons": ["Ana", "Tom", "Mia"], "statements": pairs, "rank": 1}).score
    1.0
    >>> verify("Tom, Mia, Ana", {"persons": ["Ana", "Tom", "Mia"], "statements": pairs, "rank": 0}).reason
    'Mia must stand before Tom'
    """
    persons, statements, rank = payload["persons"], payload["statements"], payload["rank"]
    if len(persons) > MOST_PERSONS or len(statements) > MOST_STATEMENTS:
        return Verdict.error("the payload is too large")
    names = read_names(answer, 1 if rank else 2 * len(persons))
    if names is None:
        return Verdict.unreadable("expected one name" if rank else "expected names separated by commas")
    known = {person.lower(): person for person in persons}
    order = []
    for name in names:
        if name.lower() not in known:
            return Verdict.wrong(f"{name} is not one of the persons", "persons")
        order.append(known[name.lower()])
    if rank:
        return judge_place(order[0], payload)
    places = {person: place for place, person in enumerate(order)}
    if len(places) < len(order):
        twice = next(person for person in order if order.count(person) > 1)
        return Verdict.wrong(f"{twice} is named twice", "persons")
    if len(order) < len(persons):
        return Verdict.wrong(f"{len(order)} of {len(persons)} persons are named", "persons")
    faults = [fault for fault in (broken(statement, places) for statement in statements) if fault]
    if faults:
        return Verdict.wrong(faults[0], "statements", statements=1 - len(faults) / len(statements))
    return Verdict.correct(statements=1.0)
