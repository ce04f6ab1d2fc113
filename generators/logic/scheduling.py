"""Find out who meets on which day in which room, from two meetings to thirteen.

Example (level 0)::

    Tom, Ana; Monday, Tuesday; rooms Elm, Oak. Tom meets on Tuesday. Ana's room is not Elm. Both have the same room.

What is right: the plan with one line a person that keeps every clue and in which no two meetings share day and room,
here ``Tom, Tuesday, Oak`` and ``Ana, Monday, Oak``. A SAT solver proves that there is one only, and that no clue can be
left out.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue, UnknownName
from gradarium.generators.logic.linear_ordering import NAMES, STRANGERS
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.logic.scheduling import read_plan

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
ROOMS = "Ash Birch Cedar Elm Fir Lime Maple Oak Pine Yew".split()
Clue = list[Any]


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    persons: int
    """Persons, each with one meeting."""
    days: int
    """Days from Monday on, from 2 to 7."""
    rooms: int
    """Rooms, from 2 to 6."""
    kinds: str
    """Kinds of clues to draw from; one that is named twice is drawn twice as often."""


LEVELS = [
    Params(2, 2, 2, "on in same_room"),
    Params(3, 3, 2, "on in before same_room other_room"),
    Params(4, 3, 2, "on in not_on before same_room other_room same_day"),
    Params(5, 4, 2, "on in not_on before before next_day same_room other_room same_day other_day"),
    Params(6, 4, 3, "on in not_on not_in before next_day same_room other_room same_day other_day count_day"),
    Params(8, 5, 3, "in not_on not_in before next_day same_room other_room same_day other_day count_day"),
    Params(10, 6, 3, "not_on not_in before next_day same_room other_room same_day other_day count_day between"),
    Params(13, 7, 4, "not_on not_in before next_day same_room other_room other_day count_day count_room between"),
]
WORDS = {
    "on": "{} meets on {}.",
    "not_on": "{} does not meet on {}.",
    "in": "{} meets in room {}.",
    "not_in": "{} does not meet in room {}.",
    "before": "{} meets on an earlier day than {}.",
    "next_day": "{} meets on the day directly before {}'s meeting.",
    "same_day": "{} and {} meet on the same day.",
    "other_day": "{} and {} meet on different days.",
    "same_room": "{} and {} meet in the same room.",
    "other_room": "{} and {} meet in different rooms.",
    "between": "{} meets on a day after {}'s meeting and before {}'s.",
    "count_day": "The number of meetings on {} is {}.",
    "count_room": "The number of meetings in room {} is {}.",
}
PAIRS = {
    "before": lambda a, b: a < b,
    "next_day": lambda a, b: b == a + 1,
    "same_day": lambda a, b: a == b,
    "other_day": lambda a, b: a != b,
    "same_room": lambda a, b: a == b,
    "other_room": lambda a, b: a != b,
}


def draw_clue(rng: random.Random, kind: str, places: list[tuple[int, int]], days: int, rooms: int) -> Clue | None:
    """Draw a clue of a kind that holds for these days and rooms of the persons; None if the draw does not hold."""
    first = rng.randrange(len(places))
    day, room = places[first]
    if kind in ("on", "in"):
        return [kind, first, day if kind == "on" else room]
    if kind in ("not_on", "not_in"):
        own, most = (day, days) if kind == "not_on" else (room, rooms)
        return [kind, first, rng.choice([i for i in range(most) if i != own])]
    if kind in ("count_day", "count_room"):
        part, most = (0, days) if kind == "count_day" else (1, rooms)
        chosen = rng.randrange(most)
        return [kind, chosen, sum(place[part] == chosen for place in places)]
    if kind == "between":
        if len(places) < 3:
            return None
        low, inner, high = sorted(rng.sample(range(len(places)), 3), key=lambda i: places[i][0])
        return [kind, inner, low, high] if places[low][0] < places[inner][0] < places[high][0] else None
    second = rng.choice([i for i in range(len(places)) if i != first])
    part = 1 if kind.endswith("room") else 0
    return [kind, first, second] if PAIRS[kind](places[first][part], places[second][part]) else None


def say(model: Model, switch: int, clue: Clue, day: list[list[int]], room: list[list[int]]) -> None:
    """Add a clue that counts where the switch is true."""
    kind, a, b, *more = clue
    if kind in ("on", "in"):
        model.add(-switch, (day if kind == "on" else room)[a][b])
    elif kind in ("not_on", "not_in"):
        model.add(-switch, -(day if kind == "not_on" else room)[a][b])
    elif kind in ("count_day", "count_room"):
        column = [row[a] for row in (day if kind == "count_day" else room)]
        # So many extra variables that the count is free where the switch is false.
        spare = model.new(len(column))
        for literal, copy in zip(column, spare, strict=True):
            model.add(-switch, -literal, copy)
            model.add(-switch, literal, -copy)
        model.exactly(b, spare)
    else:
        pairs = [("before", b, a), ("before", a, more[0])] if kind == "between" else [(kind, a, b)]
        for relation, first, second in pairs:
            rows = room if relation.endswith("room") else day
            for i in range(len(rows[0])):
                fits = [j for j in range(len(rows[0])) if PAIRS[relation](i, j)]
                model.add(-switch, -rows[first][i], *(rows[second][j] for j in fits))


def needed_clues(rng: random.Random, params: Params, places: list[tuple[int, int]]) -> list[Clue]:
    """Return clues that hold and leave one plan, none of them to spare."""
    n, kinds = len(places), params.kinds.split()
    clues: list[Clue] = []
    with Model() as model:
        day = [model.new(params.days) for _ in range(n)]
        room = [model.new(params.rooms) for _ in range(n)]
        for i in range(n):
            model.exactly(1, day[i])
            model.exactly(1, room[i])
            for j in range(i):
                for d in range(params.days):
                    for r in range(params.rooms):
                        model.add(-day[i][d], -day[j][d], -room[i][r], -room[j][r])
        truth = [literal for i, (d, r) in enumerate(places) for literal in (day[i][d], room[i][r])]
        switches: list[int] = []
        for _ in range(40):
            for _ in range(n):
                clue = draw_clue(rng, rng.choice(kinds), places, params.days, params.rooms)
                mirrored = clue and [clue[0], *clue[:0:-1]]
                if clue is None or clue in clues or (mirrored in clues and clue[0][:4] in ("same", "othe")):
                    continue
                (switch,) = model.new(1)
                say(model, switch, clue, day, room)
                clues.append(clue)
                switches.append(switch)
            if model.only(truth, switches):
                break
        else:
            raise Redraw
        kept = list(range(len(clues)))
        for k in rng.sample(kept, len(kept)):
            fewer = [other for other in kept if other != k]
            if model.only(truth, [switches[other] for other in fewer]):
                kept = fewer
    return [clues[k] for k in kept]


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the persons, the rooms and the clues."""
    clues = sorted([*map(str, clue)] for clue in payload["clues"])
    return [sorted(payload["persons"]), payload["days"], sorted(payload["rooms"]), clues]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return days and rooms, with the persons of the answer."""
    plan = read_plan(answer, 2 * len(payload["persons"])) or []
    rows = [["", *payload["days"]]]
    for room in payload["rooms"]:
        cells = [(day.lower(), room.lower()) for day in payload["days"]]
        who = [[name for name, *place in plan if tuple(place) == cell] for cell in cells]
        rows.append([room, *(" ".join(names) for names in who)])
    return rows


@task(levels=LEVELS, tags={"classic", "logic"}, chance=0.03, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a plan and clues, and leave out what can be spared."""
    if not 2 <= params.days <= 7 or not 2 <= params.rooms <= 6:
        raise BadValue("scheduling.days, rooms", (params.days, params.rooms), "must lie between 2 and 7, and 2 and 6")
    if not 2 <= params.persons <= min(20, params.days * params.rooms):
        raise BadValue("scheduling.persons", params.persons, "must be from 2 to 20, and at most days times rooms")
    for kind in params.kinds.split():
        if kind not in WORDS:
            raise UnknownName("kind of clue", kind, WORDS)
    slots = [(d, r) for d in range(params.days) for r in range(params.rooms)]
    places = rng.sample(slots, params.persons)
    names, days = rng.sample(NAMES, params.persons), DAYS[: params.days]
    rooms = sorted(rng.sample(ROOMS[1:], params.rooms))
    clues = []
    for kind, *rest in needed_clues(rng, params, places):
        if kind in ("on", "not_on", "in", "not_in"):
            clues.append([kind, names[rest[0]], (days if kind.endswith("on") else rooms)[rest[1]]])
        elif kind in ("count_day", "count_room"):
            clues.append([kind, (days if kind == "count_day" else rooms)[rest[0]], rest[1]])
        else:
            clues.append([kind, *(names[i] for i in rest)])
    told = "\n".join(f"{i}. {WORDS[kind].format(*rest)}" for i, (kind, *rest) in enumerate(clues, 1))
    shown = rng.sample(names, len(names))
    lists = f"Persons: {', '.join(shown)}\nDays: {', '.join(days)}\nRooms: {', '.join(rooms)}"
    plan = sorted(zip(names, places, strict=True), key=lambda item: shown.index(item[0]))
    return Draft(
        question=(
            f"Each of these {params.persons} persons has one meeting, on one of the days and in one of the rooms. "
            "There is at most one meeting in a room on a day. Several meetings may be on one day, several in one room, "
            f"and days and rooms may stay empty.\n\n{lists}\n\nClues:\n{told}\n\nExactly one plan keeps all clues.\n\n"
            "Answer with the plan: one line for each person with name, day and room, separated by commas."
        ),
        payload={"persons": shown, "days": days, "rooms": rooms, "clues": clues},
        reference="\n".join(f"{name}, {days[d]}, {rooms[r]}" for name, (d, r) in plan),
        example=f"{STRANGERS[0]}, {days[0]}, {ROOMS[0]}\n{STRANGERS[1]}, {days[1]}, {ROOMS[0]}",
        brief=f"{lists}\n{told}",
        certificate={
            "unique": True,
            "minimal": True,
            "effort": params.persons * (params.days + params.rooms) * len(clues),
        },
    )
