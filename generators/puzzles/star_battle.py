"""Star Battle with exactly one solution, from 6x6 with one star in each row, four of them given, to 10x10 with two.

Example (level 0), the regions, and the stars that are given::

    A A A A A A    . . . . . .
    B A A A A A    S . . . . .
    B A A A C C    . . . . . S
    D D E F C C    . . . S . .
    D D E E E E    . S . . . .
    D D E E E E    . . . . . .

What is right: every grid with k stars in each row, column and region, no two of which touch, that keeps the given
stars; SAT proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cells import Rules
from gradarium.generators.puzzles._regions import NAMES
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell, components, neighbours
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows, columns and regions."""
    stars: int
    """Stars in each row, column and region."""
    given: int
    """Stars that are shown."""


LEVELS = [
    Params(6, 1, 4),
    Params(6, 1, 2),
    Params(6, 1, 0),
    Params(7, 1, 0),
    Params(8, 1, 0),
    Params(9, 1, 0),
    Params(10, 2, 0),
]
REPAIRS = 60
"""Other solutions that are broken by moving a border before the draw is given up."""


def touching(cell: Cell, size: int) -> list[Cell]:
    """Return the cells after this one, row by row, that touch it by a side or a corner."""
    r, c = cell
    after = ((r, c + 1), (r + 1, c - 1), (r + 1, c), (r + 1, c + 1))
    return [(i, j) for i, j in after if i < size and 0 <= j < size]


def place(rng: random.Random, size: int, stars: int) -> set[Cell]:
    """Return random stars: so many in each row and column, no two touching."""
    chosen: list[tuple[int, ...]] = []
    count = [0] * size
    options = [p for p in combinations(range(size), stars) if all(b - a > 1 for a, b in combinations(p, 2))]
    tries = 0

    def step() -> bool:
        nonlocal tries
        if len(chosen) == size:
            return True
        left = size - len(chosen)
        above = chosen[-1] if chosen else ()
        for row in rng.sample(options, len(options)):
            tries += 1
            if tries > 5000:
                raise Redraw
            if any(count[c] == stars for c in row) or any(abs(a - c) < 2 for a in above for c in row):
                continue
            if any(stars - count[c] - (c in row) > (left - 1) for c in range(size)):
                continue
            chosen.append(row)
            for c in row:
                count[c] += 1
            if step():
                return True
            chosen.pop()
            for c in row:
                count[c] -= 1
        return False

    if not step():
        raise Redraw
    return {(r, c) for r, row in enumerate(chosen) for c in row}


def grow(rng: random.Random, size: int, stars: int, at: set[Cell]) -> dict[Cell, int]:
    """Divide the board at random into connected regions with so many stars each."""
    owner: dict[Cell, int] = {}
    left = set(at)
    for region in range(size):
        start = min(left)
        left.remove(start)
        owner[start] = region
        for _ in range(stars - 1):  # a path of free cells to the nearest star left
            came: dict[Cell, Cell] = {start: start}
            open_cells, goal = [start], None
            for cell in open_cells:
                if cell in left:
                    goal = cell
                    break
                around = list(neighbours(cell, size, size))
                rng.shuffle(around)
                for other in around:
                    if other not in came and other not in owner:
                        came[other] = cell
                        open_cells.append(other)
            if goal is None:
                raise Redraw
            left.remove(goal)
            while goal != start:
                owner[goal] = region
                goal = came[goal]
    edge = sorted(owner)
    while edge:
        i = rng.randrange(len(edge))
        free = [cell for cell in neighbours(edge[i], size, size) if cell not in owner]
        if free:
            cell = rng.choice(free)
            owner[cell] = owner[edge[i]]
            edge.append(cell)
        else:
            edge[i] = edge[-1]
            edge.pop()
    return owner


def rules_of(size: int, stars: int) -> tuple[Rules, dict[Cell, int]]:
    """Return the rules on rows, columns and touching, and the number of each cell."""
    number = {(r, c): r * size + c + 1 for r in range(size) for c in range(size)}
    rules = Rules(size * size)
    for i in range(size):
        rules.say(stars, stars, [number[i, c] for c in range(size)])
        rules.say(stars, stars, [number[r, i] for r in range(size)])
    for cell, literal in number.items():
        for other in touching(cell, size):
            rules.say(0, 1, [literal, number[other]])
    return rules, number


def demand(model: Model, guard: int, cells: list[int], stars: int) -> None:
    """Say that a region has its stars while ``guard`` is assumed; more than that, rows and columns forbid."""
    for some in combinations(cells, len(cells) - stars + 1):
        model.add(-guard, *some)


def first(model: Model, assumed: list[int], order: list[Cell], size: int, stars: int) -> set[Cell]:
    """Return the solution that has stars as early in ``order`` as can be: the same whatever solver looks for it."""
    found = model.solve(assumed)
    if found is None:
        return set()
    fixed, seen = list(assumed), set(found)
    chosen: set[Cell] = set()
    for r, c in order:
        if (
            sum(cell[0] == r for cell in chosen) == stars
            or sum(cell[1] == c for cell in chosen) == stars
            or any(abs(r - i) < 2 and abs(c - j) < 2 for i, j in chosen)
        ):
            continue  # the solver need not be asked
        literal = r * size + c + 1
        if literal not in seen:
            better = model.solve([*fixed, literal])
            if better is None:
                fixed.append(-literal)
                continue
            seen = set(better)
        fixed.append(literal)
        chosen.add((r, c))
    return chosen


def settle(rng: random.Random, size: int, stars: int, at: set[Cell], owner: dict[Cell, int]) -> None:
    """Move borders until the stars are the only solution; raises Redraw after too many moves."""
    rules, number = rules_of(size, stars)
    with rules.model() as model:
        model.add(*(-number[cell] for cell in sorted(at)))
        guards = model.new(size)

        def refresh(regions: list[int]) -> None:
            for region in regions:
                (guards[region],) = model.new(1)
                cells = sorted(number[cell] for cell in owner if owner[cell] == region)
                demand(model, guards[region], cells, stars)

        refresh(list(range(size)))
        for _ in range(REPAIRS):
            other = first(model, guards, rng.sample(list(number), len(number)), size, stars)
            if not other:
                return
            for cell in rng.sample(sorted(other - at), len(other - at)):
                old = owner[cell]
                rest = {c for c in owner if owner[c] == old} - {cell}
                near = sorted({owner[c] for c in neighbours(cell, size, size)} - {old})
                if near and len(components(rest)) == 1:
                    owner[cell] = rng.choice(near)
                    refresh([old, owner[cell]])
                    break
            else:
                raise Redraw
    raise Redraw


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to exchange of rows and columns."""
    forms = []
    for turned in (False, True):
        names: dict[str, str] = {}
        regions, cells = payload["regions"], payload["cells"]
        if turned:
            regions = ["".join(column) for column in zip(*regions, strict=True)]
            cells = ["".join(column) for column in zip(*cells, strict=True)]
        for name in "".join(regions):
            names.setdefault(name, NAMES[len(names)])
        forms.append([["".join(names[name] for name in row) for row in regions], cells])
    return [payload["stars"], min(forms)]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or the given stars where the answer is no grid."""
    size = len(payload["regions"])
    grid = read_grid(answer, size, size, ".Ss") or payload["cells"]
    return [["●" if cell in "Ss" else " " for cell in row] for row in grid]


@task(
    levels=LEVELS,
    tags={"enigmata", "grid"},
    chance=0.1,
    canonical=canonical,
    board=board,
    slow="borders of regions are moved until a proof finds no second solution",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Place stars, grow regions around them, and move borders until no other placement fits."""
    size, stars = params.size, params.stars
    at = place(rng, size, stars)
    owner = grow(rng, size, stars, at)
    settle(rng, size, stars, at, owner)
    shown = rng.sample(sorted(at), params.given)
    rules, number = rules_of(size, stars)
    for region in range(size):
        rules.say(stars, stars, sorted(number[cell] for cell in owner if owner[cell] == region))
    steps = rules.steps([number[cell] for cell in shown], 30 * size * size)
    names: dict[int, str] = {}
    for cell in sorted(owner):
        names.setdefault(owner[cell], NAMES[len(names)])
    regions = ["".join(names[owner[r, c]] for c in range(size)) for r in range(size)]

    def show(stars_shown: set[Cell]) -> list[str]:
        return ["".join("S" if (r, c) in stars_shown else "." for c in range(size)) for r in range(size)]

    cells, right = show(set(shown)), show(at)
    wrong = show({(r, r) for r in range(size)})
    if wrong == right:
        raise Redraw
    each = "exactly one star" if stars == 1 else f"exactly {stars} stars"
    text = (
        f"Solve this Star Battle puzzle. The board has {size} rows and {size} columns and is divided into {size} "
        "regions; cells with the same letter belong to the same region:\n\n"
        + "\n".join(" ".join(row) for row in regions)
        + f"\n\nPlace stars so that each row, each column and each region holds {each}, and no two stars touch, not "
        "even at a corner.\n\n"
    )
    if shown:
        text += "These stars (S) are given and must stay:\n\n" + "\n".join(cells) + "\n\n"
    return Draft(
        question=text
        + f"Answer with the complete board: {size} lines of {size} characters, S for a star and . for a cell without.",
        payload={"regions": regions, "cells": cells, "stars": stars},
        reference="\n".join(right),
        example="\n".join(wrong),
        brief=f"{stars}\n" + "\n".join(regions) + ("\n\n" + "\n".join(cells) if shown else ""),
        certificate={"unique": True, "effort": size * size - 5 * params.given + steps},
    )
