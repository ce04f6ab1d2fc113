"""Light Up (Akari) with exactly one solution, from 4x4 to 14x14.

Example (level 0), with its solution::

    . . 0 #    . . 0 #
    . . . 0    B . . 0
    3 . . .    3 B . .
    . . 1 .    B . 1 B

What is right: every placement of bulbs that lights each open cell, lets no bulb shine on another and keeps the numbers;
SAT proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cells import Rules
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell, neighbours
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns."""
    walls: int
    """Walls at first; a few more where they make the solution the only one."""
    hidden: int
    """Most numbers to take off the walls."""


LEVELS = [
    Params(4, 5, 0),
    Params(5, 7, 2),
    Params(6, 9, 5),
    Params(7, 12, 10),
    Params(8, 15, 64),
    Params(10, 22, 100),
    Params(12, 32, 144),
    Params(14, 42, 196),
]
ROUNDS = 15
"""Times that a loose bulb becomes a wall before the draw is given up."""


def view(cell: Cell, walls: set[Cell], size: int) -> list[Cell]:
    """Return the open cells that a bulb in this cell shines on, without the cell itself."""
    seen = []
    for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        r, c = cell[0] + dr, cell[1] + dc
        while 0 <= r < size and 0 <= c < size and (r, c) not in walls:
            seen.append((r, c))
            r, c = r + dr, c + dc
    return seen


def light(rng: random.Random, bulbs: set[Cell], walls: set[Cell], size: int) -> None:
    """Add bulbs in random dark cells until every open cell is lit."""
    dark = {(r, c) for r in range(size) for c in range(size)} - walls - bulbs
    for bulb in bulbs:
        dark -= set(view(bulb, walls, size))
    for cell in rng.sample(sorted(dark), len(dark)):
        if cell in dark:
            bulbs.add(cell)
            dark -= {cell, *view(cell, walls, size)}


def rules_of(walls: set[Cell], bulbs: set[Cell], size: int) -> tuple[Rules, dict[Cell, int], dict[Cell, int]]:
    """Return the rules, the variable of each open cell, and the guard of each wall's number."""
    places = [(r, c) for r in range(size) for c in range(size) if (r, c) not in walls]
    number = {cell: i for i, cell in enumerate(places, 1)}
    rules = Rules(len(places))
    for cell in places:
        seen = view(cell, walls, size)
        rules.say(1, len(seen) + 1, [number[cell], *(number[other] for other in seen)])
        for dr, dc in ((0, 1), (1, 0)):  # each stretch of open cells once, from its first cell
            if (cell[0] - dr, cell[1] - dc) not in number:
                stretch = [cell] + [o for o in seen if (o[0] > cell[0] if dr else o[1] > cell[1])]
                rules.say(0, 1, [number[other] for other in stretch])
    guards = {}
    for wall in sorted(walls):
        beside = [cell for cell in neighbours(wall, size, size) if cell in number]
        if beside:
            guards[wall] = rules.guard()  # a wall without an open neighbour gets no number: it would tell nothing
            count = sum(cell in bulbs for cell in beside)
            rules.say(count, count, [number[cell] for cell in beside], guards[wall])
    return rules, number, guards


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to exchange of rows and columns."""
    return min(payload["cells"], ["".join(column) for column in zip(*payload["cells"], strict=True)])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells with the bulbs of the answer."""
    size = len(payload["cells"])
    grid = read_grid(answer, size, size, ".Bb#01234")
    return [
        [(" " if cell == "." else cell) if not grid or grid[r][c] not in "Bb" else "●" for c, cell in enumerate(row)]
        for r, row in enumerate(payload["cells"])
    ]


@task(
    levels=LEVELS,
    tags={"enigmata", "search"},
    chance=0.0,
    canonical=canonical,
    board=board,
    slow="each number taken off is proved not to open a second solution",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Place walls and bulbs, wall up bulbs that could stand elsewhere, then take off numbers that are not needed."""
    size = params.size
    cells = [(r, c) for r in range(size) for c in range(size)]
    walls = set(rng.sample(cells, params.walls))
    bulbs: set[Cell] = set()
    for _ in range(ROUNDS):
        light(rng, bulbs, walls, size)
        rules, number, guards = rules_of(walls, bulbs, size)
        shown = dict(guards)
        with rules.model() as model:
            model.add(*(-i if cell in bulbs else i for cell, i in number.items()))
            if model.satisfiable(guards.values()):
                # Yes or no for each bulb: which other solution the solver sees must not show.
                loose = [b for b in sorted(bulbs) if model.satisfiable([*guards.values(), -number[b]])]
            else:
                loose = []
                for wall in rng.sample(sorted(guards), len(guards)):
                    if len(guards) - len(shown) == params.hidden:
                        break
                    del shown[wall]
                    if model.satisfiable(shown.values()):
                        shown[wall] = guards[wall]
        if not loose:
            break
        cell = rng.choice(loose)
        bulbs.remove(cell)
        walls.add(cell)
    else:
        raise Redraw

    def show(placed: set[Cell]) -> list[str]:
        def char(cell: Cell) -> str:
            if cell in shown:
                return str(sum(other in bulbs for other in neighbours(cell, size, size)))
            return "#" if cell in walls else "B" if cell in placed else "."

        return ["".join(char((r, c)) for c in range(size)) for r in range(size)]

    puzzle, right = show(set()), show(bulbs)
    wrong = show({(r, c) for r, c in cells if not (r + c) % 3})
    if wrong == right:
        raise Redraw
    question = (
        f"Solve this Light Up (Akari) puzzle of {size} rows and {size} columns. A dot is an open cell; # and digits "
        "are walls. Put bulbs in open cells so that\n"
        "- every open cell is lit: a bulb lights its own cell and all cells from there up, down, left and right as far "
        "as the next wall or the edge;\n"
        "- no bulb is lit by another bulb;\n"
        "- a wall with a digit has exactly that many bulbs in the cells directly above, below, left and right of it; a "
        "wall # may have any number of them.\n\n" + "\n".join(" ".join(row) for row in puzzle) + "\n\n"
        f"Answer with the complete grid: {size} lines of {size} characters, walls and digits as given, B for a bulb "
        "and . for an open cell without a bulb."
    )
    return Draft(
        question=question,
        payload={"cells": puzzle},
        reference="\n".join(right),
        example="\n".join(wrong),
        brief="\n".join(puzzle),
        certificate={"unique": True, "effort": len(number) + rules.steps(list(shown.values()), 20 * size * size)},
    )
