"""Scheduling: a plan of meetings, with a day and a room for each person, that keeps every clue.

Correct is every plan with one line for each person in which no two meetings share day and room and all clues hold;
nothing is compared with a stored solution. Name, day and room stand in this order, separated by commas, bars, colons
or spaces.

Clues: ``["on", person, day]``, ``["not_on", person, day]``, ``["in", person, room]``, ``["not_in", person, room]``, for
two persons ``before`` (on an earlier day), ``next_day`` (on the day directly before), ``same_day``, ``other_day``,
``same_room`` and ``other_room``, ``["between", m, a, b]`` (m after a and before b, by days), ``["count_day", day, k]``
and ``["count_room", room, k]``.

Example: payload ``{"persons": ["Tom", "Ana"], "days": ["Monday", "Tuesday"], "rooms": ["Elm", "Oak"], "clues": [["on",
"Tom", "Tuesday"], ["not_in", "Ana", "Elm"], ["same_room", "Ana", "Tom"], ["before", "Ana", "Tom"]]}``, answer ``Tom,
Tuesday, Oak`` and ``Ana, Monday, Oak`` on two lines.
"""

import re
from typing import Any

from gradarium.core import Payload, Verdict

_GAP = re.compile(r"[\s,;|:]+")
_WORD = re.compile(r"[a-z]{1,20}", re.ASCII)


def read_plan(text: str, most: int) -> list[tuple[str, str, str]] | None:
    r"""Return the lines as name, day and room in lower case; None if a line is not of this form.

    >>> read_plan("Tom, Tuesday, Oak\nAna, Monday, Oak", 2)
    [('tom', 'tuesday', 'oak'), ('ana', 'monday', 'oak')]
    """
    if len(text) > 60 * (most + 3) or not text.isascii():
        return None
    plan = []
    for line in text.strip().lower().split("\n"):
        words = [word for word in _GAP.split(line) if word]
        if not set("".join(words)) - set("-+="):
            continue
        if len(words) != 3 or not all(map(_WORD.fullmatch, words)):
            return None
        plan.append((words[0], words[1], words[2]))
    return plan or None


def holds(clue: list[Any], day: dict[str, int], room: dict[str, int], days: list[str], rooms: list[str]) -> bool:
    """Tell whether a clue holds; days and rooms are numbered as listed."""
    kind, first, second = str(clue[0]), str(clue[1]), clue[2]
    if kind in ("on", "not_on"):
        return (day[first] == days.index(second)) == (kind == "on")
    if kind in ("in", "not_in"):
        return (room[first] == rooms.index(second)) == (kind == "in")
    if kind == "count_day":
        return sum(d == days.index(first) for d in day.values()) == int(second)
    if kind == "count_room":
        return sum(r == rooms.index(first) for r in room.values()) == int(second)
    if kind == "between":
        return day[second] < day[first] < day[clue[3]]
    if kind in ("same_room", "other_room"):
        return (room[first] == room[second]) == (kind == "same_room")
    distance = day[second] - day[first]
    if kind in ("same_day", "other_day"):
        return (distance == 0) == (kind == "same_day")
    return distance == 1 if kind == "next_day" else distance > 0


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a plan.

    >>> two = {"persons": ["Tom", "Ana"], "days": ["Monday", "Tuesday"], "rooms": ["Elm", "Oak"],
    ...        "clues": [["on", "Tom", "Tuesday"], ["same_room", "Ana", "Tom"], ["in", "Ana", "Oak"]]}
    >>> verify("Tom, Tuesday, Oak\nAna, Monday, Oak", two).score
    1.0
    >>> verify("Tom, Tuesday, Oak\nAna, Tuesday, Oak", two).reason
    'Tom and Ana meet in the same room on the same day'
    """
    persons, days, rooms = payload["persons"], payload["days"], payload["rooms"]
    plan = read_plan(answer, 2 * len(persons))
    if plan is None:
        return Verdict.unreadable("expected lines of name, day and room")
    known = {name.lower(): name for name in persons}
    day_number = {name.lower(): i for i, name in enumerate(days)}
    room_number = {name.lower(): i for i, name in enumerate(rooms)}
    day: dict[str, int] = {}
    room: dict[str, int] = {}
    taken: dict[tuple[int, int], str] = {}
    for name, on, at in plan:
        if name not in known:
            return Verdict.wrong(f"{name} is not one of the persons", "persons")
        if known[name] in day:
            return Verdict.wrong(f"{known[name]} has two lines", "persons")
        if on not in day_number:
            return Verdict.wrong(f"{on} is not one of the days", "days")
        if at not in room_number:
            return Verdict.wrong(f"{at} is not one of the rooms", "rooms")
        place = day_number[on], room_number[at]
        if place in taken:
            return Verdict.wrong(f"{taken[place]} and {known[name]} meet in the same room on the same day", "places")
        taken[place] = known[name]
        day[known[name]], room[known[name]] = place
    if len(day) < len(persons):
        return Verdict.wrong(f"{len(day)} of {len(persons)} persons have a line", "persons")
    broken = [i for i, clue in enumerate(payload["clues"], 1) if not holds(clue, day, room, days, rooms)]
    if broken:
        share = 1 - len(broken) / len(payload["clues"])
        return Verdict.wrong(f"clue {broken[0]} does not hold", "clues", clues=share)
    return Verdict.correct(clues=1.0)
