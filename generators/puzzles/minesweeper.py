"""Minesweeper on one picture of the board: find all mines, which the numbers decide, from 4x4 to 14x14.

Example (level 0), a question mark for each covered cell::

    0 0 0 0
    1 1 1 1
    ? 2 ? ?
    ? 2 ? 1

What is right: every grid of mines under covered cells that agrees with all numbers; SAT proves that there is one, so
that each covered cell is known to be a mine or known to be safe.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cells import Rules
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns."""
    mines: int
    """Mines on the board."""
    safe: int
    """Most covered cells without a mine; fewer where the numbers left would not decide all."""


LEVELS = [
    Params(4, 3, 2),
    Params(5, 5, 6),
    Params(6, 8, 12),
    Params(7, 11, 20),
    Params(8, 16, 28),
    Params(10, 26, 100),
    Params(12, 40, 144),
    Params(14, 56, 196),
]


def around(cell: Cell, size: int) -> list[Cell]:
    """Return the up to eight cells that touch this one by a side or a corner."""
    r, c = cell
    near = [(i, j) for i in range(max(0, r - 1), min(size, r + 2)) for j in range(max(0, c - 1), min(size, c + 2))]
    near.remove(cell)
    return near


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a board up to exchange of rows and columns."""
    return min(payload["cells"], ["".join(column) for column in zip(*payload["cells"], strict=True)])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the numbers, with the mines and safe cells of the answer."""
    cells = payload["cells"]
    grid = read_grid(answer, len(cells), len(cells), ".Xx012345678")
    cover = {"X": "●", "x": "●", ".": "·"}
    return [
        [cell if cell != "?" else cover.get(grid[r][c], " ") if grid else "□" for c, cell in enumerate(row)]
        for r, row in enumerate(cells)
    ]


@task(
    levels=LEVELS,
    tags={"enigmata", "search"},
    chance=0.03,
    canonical=canonical,
    board=board,
    slow="each number covered is proved not to leave anything undecided",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Lay mines, uncover all other cells, then cover numbers that are not needed."""
    size = params.size
    cells = [(r, c) for r in range(size) for c in range(size)]
    literal = {cell: i for i, cell in enumerate(cells, 1)}
    mines = set(rng.sample(cells, params.mines))
    count = {cell: sum(other in mines for other in around(cell, size)) for cell in cells}
    rules = Rules(size * size)
    guards: dict[Cell, int] = {}
    for cell in cells:
        if cell not in mines:
            guards[cell] = rules.guard()
            rules.say(0, 0, [literal[cell]], guards[cell])
            rules.say(count[cell], count[cell], [literal[other] for other in around(cell, size)], guards[cell])
    shown = dict(guards)
    with rules.model() as model:
        model.add(*(-i if cell in mines else i for cell, i in literal.items()))
        if model.satisfiable(guards.values()):
            raise Redraw  # a mine among mines only
        for cell in rng.sample(sorted(guards), len(guards)):
            if len(guards) - len(shown) == params.safe:
                break
            del shown[cell]
            if model.satisfiable(shown.values()):
                shown[cell] = guards[cell]
    if len(guards) - len(shown) < min(params.safe, 2):
        raise Redraw

    def show(marked: set[Cell], empty: str) -> list[str]:
        def char(cell: Cell) -> str:
            return "X" if cell in marked else str(count[cell]) if empty == "?" and cell in shown else empty

        return ["".join(char((r, c)) for c in range(size)) for r in range(size)]

    puzzle, right = show(set(), "?"), show(mines, ".")
    wrong = show({cell for cell in cells if cell not in shown and sum(cell) % 2}, ".")
    if wrong == right:
        raise Redraw
    question = (
        f"This is a Minesweeper board of {size} rows and {size} columns. A ? is a covered cell, which may hold a mine. "
        "A number is an uncovered cell: it holds no mine, and the number tells how many mines lie in the up to eight "
        "cells that touch it by a side or a corner. How many mines there are in all is not told; the numbers alone "
        "decide for every covered cell whether it holds a mine.\n\n"
        + "\n".join(" ".join(row) for row in puzzle)
        + f"\n\nFind all mines. Answer with the complete board: {size} lines of {size} characters, X for a mine and . "
        "for every other cell, uncovered or not."
    )
    return Draft(
        question=question,
        payload={"cells": puzzle},
        reference="\n".join(right),
        example="\n".join(wrong),
        brief="\n".join(puzzle),
        certificate={
            "unique": True,
            "effort": size * size - len(shown) + rules.steps(list(shown.values()), 20 * size * size),
        },
    )
