"""Measure water with jugs by filling, emptying and pouring, from two moves to eighteen with three jugs.

Example (level 0)::

    A holds 3 of 7, B holds 5 of 5; wanted: A 7, B 1; at most 1 move

What is right: every list of at most so many moves that ends with the wanted amounts, here ``pour B A``. A breadth-first
search proves how many moves are needed.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    jugs: int
    """How many jugs there are, from 2 to 5."""
    largest: int
    """The largest capacity, at most 40."""
    fewest: int
    """The fewest moves that a solution needs."""
    most: int
    """The most moves that a shortest solution needs."""
    tap: bool
    """Whether jugs can be filled and emptied; if not, water is only poured from one to another."""
    whole: bool
    """Whether the amounts of all jugs are prescribed; if not, that of one jug."""
    slack: int
    """Moves that are allowed beyond the shortest solution."""


LEVELS = [
    Params(2, 9, 2, 2, True, True, 0),
    Params(2, 12, 3, 4, True, True, 1),
    Params(3, 12, 3, 4, True, False, 1),
    Params(3, 12, 5, 6, True, True, 1),
    Params(3, 15, 7, 8, True, True, 1),
    Params(3, 18, 9, 11, True, True, 0),
    Params(3, 25, 12, 15, True, True, 0),
    Params(3, 40, 18, 30, True, True, 0),
]
MOST_STATES = 30_000
"""Of one search."""
State = tuple[int, ...]
Reached = dict[State, tuple[int, State, tuple[int, int]]]
"""State -> its distance, the state before it and the move."""


def moves(capacities: Sequence[int], tap: bool) -> list[tuple[int, int]]:
    """Return all moves as (from, to); -1 is the tap, or the drain."""
    jugs = range(len(capacities))
    with_tap = [(-1, i) for i in jugs] + [(i, -1) for i in jugs] if tap else []
    return with_tap + [(i, j) for i in jugs for j in jugs if i != j]


def after(state: State, move: tuple[int, int], capacities: Sequence[int]) -> State:
    """Return the amounts after a move.

    >>> after((3, 5), (1, 0), (7, 5)), after((3, 5), (-1, 0), (7, 5)), after((3, 5), (1, -1), (7, 5))
    ((7, 1), (7, 5), (3, 0))
    """
    source, target = move
    amounts = list(state)
    if source < 0:
        amounts[target] = capacities[target]
    elif target < 0:
        amounts[source] = 0
    else:
        amount = min(amounts[source], capacities[target] - amounts[target])
        amounts[source] -= amount
        amounts[target] += amount
    return tuple(amounts)


def search(start: State, capacities: Sequence[int], tap: bool, depth: int) -> Reached:
    """Return every state within ``depth`` moves, nearest first."""
    possible = moves(capacities, tap)
    known = {start: (0, start, (0, 0))}
    layer = [start]
    for distance in range(1, depth + 1):
        following = []
        for state in layer:
            for move in possible:
                new = after(state, move, capacities)
                if new not in known:
                    known[new] = (distance, state, move)
                    following.append(new)
        layer = following
        if not layer or len(known) > MOST_STATES:
            break
    return known


def in_words(move: tuple[int, int]) -> str:
    """Return a move as it is asked for."""
    source, target = move
    if source < 0:
        return f"fill {'ABCDE'[target]}"
    return f"empty {'ABCDE'[source]}" if target < 0 else f"pour {'ABCDE'[source]} {'ABCDE'[target]}"


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the jugs."""
    goals = [-1 if goal is None else goal for goal in payload["goal"]]
    jugs = sorted(map(list, zip(payload["capacities"], payload["start"], goals, strict=True)))
    return [jugs, payload["tap"], payload["limit"]]


@task(levels=LEVELS, tags={"classic", "sequential"}, chance=0.15, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw jugs, find all amounts that can be reached and ask for some that are far enough."""
    n = params.jugs
    if not 2 <= n <= 5 or not n < params.largest <= 40:
        raise BadValue("water_jugs.jugs, largest", (n, params.largest), "must lie between 2 and 5, and up to 40")
    if not 1 <= params.fewest <= params.most <= 40 or not 0 <= params.slack <= 10:
        raise BadValue("water_jugs.fewest, most, slack", (params.fewest, params.most, params.slack), "are out of range")
    capacities = rng.sample(range(2, params.largest + 1), n)
    start = tuple(rng.randint(0, capacity) for capacity in capacities)
    known = search(start, capacities, params.tap, params.most)
    if len(known) > MOST_STATES:
        raise Redraw
    if params.whole:
        ends = [state for state, (distance, _, _) in known.items() if params.fewest <= distance <= params.most]
        goals: list[list[int | None]] = [list(state) for state in ends]
    else:
        nearest: dict[tuple[int, int], State] = {}
        for state in known:  # nearest first
            for jug, amount in enumerate(state):
                nearest.setdefault((jug, amount), state)
        chosen = [(key, state) for key, state in nearest.items() if params.fewest <= known[state][0] <= params.most]
        ends = [state for _, state in chosen]
        goals = [[amount if i == jug else None for i in range(n)] for (jug, amount), _ in chosen]
    if not ends:
        raise Redraw
    pick = rng.randrange(len(ends))
    end, goal = ends[pick], goals[pick]
    path = []
    state = end
    while state != start:
        _, state, move = known[state]
        path.append(in_words(move))
    shortest = len(path)
    limit = shortest + params.slack
    names = "ABCDE"[:n]
    jugs = "\n".join(f"{name}: capacity {c}, holds {s}" for name, c, s in zip(names, capacities, start, strict=True))
    wanted = ", ".join(f"{name} holds exactly {g}" for name, g in zip(names, goal, strict=True) if g is not None)
    tap = (
        '"fill A": fill jug A to the brim from the tap; "empty A": pour all water of jug A away; '
        if params.tap
        else "Water can be neither added nor poured away. "
    )
    other = "The amounts in the other jugs do not matter." if not params.whole else ""
    examples = ["pour A B", "pour B A"] if not params.tap else ["fill A", "empty A"]
    question = (
        f"There are {n} jugs of these capacities (litres), with these amounts of water in them:\n\n{jugs}\n\n"
        f'Moves: {tap}"pour A B": pour from jug A into jug B until A is empty or B is full, whichever comes first. The '
        "same holds for the other jugs. Nothing else can be done.\n\n"
        f"Goal: {wanted}. {other}".rstrip()
        + f"\n\nReach the goal with at most {limit} "
        f"move{'s' if limit > 1 else ''}; it must hold after your last move.\n\n"
        "Answer with the moves in their order, separated by commas."
    )
    example = ", ".join(examples)
    reached = start
    for source, target in [(0, 1), (1, 0)] if not params.tap else [(-1, 0), (0, -1)]:
        reached = after(reached, (source, target), capacities)
    if all(g in (None, r) for g, r in zip(goal, reached, strict=True)):
        raise Redraw
    return Draft(
        question=question,
        payload={
            "capacities": capacities,
            "start": list(start),
            "goal": goal,
            "tap": params.tap,
            "limit": limit,
        },
        reference=", ".join(path[::-1]),
        example=example,
        brief=f"{jugs}\n{wanted}; {limit} moves{'' if params.tap else ', no tap'}",
        certificate={
            "shortest": shortest,
            # what a blind search looks at before it finds the goal: each state with each move
            "effort": list(known).index(end) * len(moves(capacities, params.tap)),
        },
    )
