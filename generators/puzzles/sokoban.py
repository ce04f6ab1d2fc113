"""Push boxes onto goals in the fewest steps, from one box and two steps to four boxes in a room of walls.

Example (level 0)::

    ######
    #--@-#
    #--$-#
    #--.-#
    ######

What is right: every sequence of steps that leaves all boxes on goals and is no longer than the limit, here ``D``. A
breadth-first search proves that the limit is the fewest steps there are.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.sokoban import read_steps, walk

Cell = tuple[int, int]
State = tuple[int, int]
"""The player's cell and the boxes as bits, both by number of the floor cell."""

WAYS: dict[str, Cell] = {"U": (-1, 0), "L": (0, -1), "R": (0, 1), "D": (1, 0)}


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the room, the outer walls among them."""
    columns: int
    """Columns of the room, the outer walls among them."""
    boxes: int
    """How many boxes and goals there are."""
    walls: int
    """How many walls stand inside the room."""
    fewest: int
    """The fewest steps that may be needed."""
    most: int
    """The most steps that may be needed."""


LEVELS = [
    Params(5, 6, 1, 0, 2, 4),
    Params(6, 6, 1, 2, 5, 7),
    Params(6, 6, 1, 3, 8, 14),
    Params(7, 7, 2, 6, 12, 18),
    Params(7, 7, 2, 4, 20, 40),
    Params(7, 7, 3, 5, 20, 40),
    Params(8, 8, 3, 8, 32, 80),
    Params(8, 8, 4, 8, 30, 100),
]
MOST_STATES = 30_000
"""A room whose search takes more is drawn again."""
_DRAWS = 80
"""Rooms that one call draws before it gives up."""


def connected(floor: set[Cell]) -> bool:
    """Return whether every floor cell can be reached from any other."""
    start = min(floor)
    seen, todo = {start}, [start]
    while todo:
        r, c = todo.pop()
        for a, b in WAYS.values():
            near = (r + a, c + b)
            if near in floor and near not in seen:
                seen.add(near)
                todo.append(near)
    return len(seen) == len(floor)


def live_cells(floor: set[Cell], goals: set[Cell]) -> set[Cell]:
    """Return the cells from which a box, alone in the room, can be pushed to a goal, found by pulling it away."""
    live, todo = set(goals), sorted(goals)
    while todo:
        r, c = todo.pop()
        for a, b in WAYS.values():
            box, player = (r + a, c + b), (r + 2 * a, c + 2 * b)
            if box in floor and player in floor and box not in live:
                live.add(box)
                todo.append(box)
    return live


def fewest_steps(
    floor: set[Cell], live: set[Cell], goals: set[Cell], boxes: set[Cell], player: Cell
) -> tuple[str, int] | None:
    """Return one of the shortest ways, the first by the order of the search, and how many states were looked at."""
    cells = sorted(floor)
    number = {cell: i for i, cell in enumerate(cells)}
    beside: list[list[tuple[int, int, int]]] = []  # for each cell: the next one, its bit, the bit behind or 0
    for r, c in cells:
        row = []
        for a, b in WAYS.values():
            near, behind = (r + a, c + b), (r + 2 * a, c + 2 * b)
            if near in floor:
                row.append((number[near], 1 << number[near], 1 << number[behind] if behind in live else 0))
        beside.append(row)
    wanted = sum(1 << number[goal] for goal in goals)
    start = (number[player], sum(1 << number[box] for box in boxes))
    came: dict[State, State] = {start: start}
    layer = [start]
    while layer:
        found: list[State] = []
        for here in layer:
            at, filled = here
            for target, bit, beyond in beside[at]:
                if filled & bit:
                    if not beyond or filled & beyond:
                        continue
                    there = (target, filled ^ bit ^ beyond)
                else:
                    there = (target, filled)
                if there not in came:
                    came[there] = here
                    if there[1] == wanted:
                        return _steps(there, start, came, cells), len(came)
                    found.append(there)
        if len(came) > MOST_STATES:
            return None
        layer = found
    return None


def _steps(state: State, start: State, came: Mapping[State, State], cells: list[Cell]) -> str:
    letters = {way: letter for letter, way in WAYS.items()}
    steps = []
    while state != start:
        before = came[state]
        (r, c), (i, j) = cells[before[0]], cells[state[0]]
        steps.append(letters[i - r, j - c])
        state = before
    return "".join(reversed(steps))


def draw_room(rng: random.Random, params: Params) -> tuple[list[str], str, int] | None:
    """Return a room, a shortest way through it and the states of its search; None where the draw leads nowhere."""
    inside = [(r, c) for r in range(1, params.rows - 1) for c in range(1, params.columns - 1)]
    floor = set(inside) - set(rng.sample(inside, params.walls))
    if not connected(floor):
        return None
    goals = set(rng.sample(sorted(floor), params.boxes))
    live = live_cells(floor, goals)
    starts = sorted(live - goals)
    if len(starts) < params.boxes:
        return None
    boxes = set(rng.sample(starts, params.boxes))
    player = rng.choice(sorted(floor - boxes))
    found = fewest_steps(floor, live, goals, boxes, player)
    if found is None or not params.fewest <= len(found[0]) <= params.most:
        return None

    def sign(cell: Cell) -> str:
        if cell == player:
            return "+" if cell in goals else "@"
        return "#" if cell not in floor else "$" if cell in boxes else "." if cell in goals else "-"

    return ["".join(sign((r, c)) for c in range(params.columns)) for r in range(params.rows)], *found


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the room after the steps of the answer, up to the first that cannot be made."""
    room, _ = walk(payload["room"], (read_steps(answer) or "")[: payload["most"]])
    return [[" " if sign == "-" else sign for sign in row] for row in room]


@task(levels=LEVELS, tags={"classic", "sequential"}, chance=0.08, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw rooms until one can be solved with as many steps as are asked for."""
    for _ in range(_DRAWS):
        found = draw_room(rng, params)
        if found:
            break
    else:
        raise Redraw
    room, way, states = found
    example = "RULD"
    ended, problem = walk(room, example[: len(way)])
    if not problem and not any("$" in row for row in ended):
        raise Redraw
    lines = "\n".join(room)
    what = "the box is on the goal" if params.boxes == 1 else f"all {params.boxes} boxes are on goals"
    return Draft(
        question="Sokoban. In this room # is a wall, - is free floor, @ is the player, $ is a box, . is a goal, + is "
        f"the player on a goal and * is a box on a goal.\n\n{lines}\n\nThe player takes steps to one of the four "
        "neighbouring cells: U is up, D is down, L is left and R is right. Where a box lies there, it is pushed one "
        "cell further in the same direction; that cell must hold neither a wall nor a box. Boxes cannot be pulled, and "
        f"no step may lead into a wall. Take at most {len(way)} steps so that in the end {what}.\n\n"
        "Answer with the letters of the steps in order.",
        payload={"room": room, "most": len(way)},
        reference=way,
        example=example,
        brief=f"{lines}\nin {len(way)}",
        certificate={"optimal": len(way), "effort": states},
    )
