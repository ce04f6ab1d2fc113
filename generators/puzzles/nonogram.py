"""Nonogram (Picross, Hanjie) with exactly one solution, from 4x4 to 20x20.

Example (level 0), with its solution::

    Rows 2 1, 4, 3, 1; columns 2, 3, 2, 4

    # # . #
    # # # #
    . # # #
    . . . #

What is right: every picture with the runs of all rows and columns that keeps the cells already told; a search finds
that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._lines import Lines
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows."""
    columns: int
    """Columns."""
    given: int
    """Cells that are told from the start; more where the solution would not be the only one."""


LEVELS = [
    Params(4, 4, 4),
    Params(5, 5, 3),
    Params(6, 6, 0),
    Params(8, 8, 0),
    Params(10, 10, 0),
    Params(12, 12, 0),
    Params(15, 15, 0),
    Params(20, 20, 0),
]


@lru_cache(maxsize=256)
def fillings(runs: tuple[int, ...], length: int) -> tuple[int, ...]:
    """Return the lines with these runs as bit masks, the first cell in bit 0."""
    found = []
    # Which of the places between free cells hold a run: no place twice, so that runs never touch.
    for places in combinations(range(length - sum(runs) + 1), len(runs)):
        line = before = 0
        for place, run in zip(places, runs, strict=True):
            line |= ((1 << run) - 1) << (place + before)
            before += run
        found.append(line)
    return tuple(found)


def runs_of(cells: list[bool]) -> tuple[int, ...]:
    """Return the lengths of the runs of filled cells."""
    return tuple(len(list(group)) for filled, group in groupby(cells) if filled)


def picture(rng: random.Random, rows: int, columns: int) -> list[list[bool]]:
    """Return a random picture with patches: noise, smoothed once in part of the cells."""
    noise = [[rng.random() < 0.55 for _ in range(columns)] for _ in range(rows)]
    smooth = [row[:] for row in noise]
    for r in range(rows):
        for c in range(columns):
            if rng.random() < 0.5:
                near = [
                    noise[i][j]
                    for i, j in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1), (r, c))
                    if 0 <= i < rows and 0 <= j < columns
                ]
                smooth[r][c] = 2 * sum(near) > len(near)
    return smooth


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to exchange of rows and columns."""
    turned = ["".join(column) for column in zip(*payload["cells"], strict=True)]
    return min([payload["cells"], payload["rows"], payload["columns"]], [turned, payload["columns"], payload["rows"]])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or the told ones where it is no grid, with the runs at the left and top."""
    rows, columns = payload["rows"], payload["columns"]
    grid = read_grid(answer, len(rows), len(columns), ".#") or payload["cells"]
    show = {".": "·", "#": "#", "?": " "}
    deep, wide = max(map(len, columns)), max(map(len, rows))
    head = [
        [" "] * wide + [str(runs[i - deep + len(runs)]) if i >= deep - len(runs) else " " for runs in columns]
        for i in range(deep)
    ]
    body = [
        [" "] * (wide - len(runs)) + [*map(str, runs), *(show[cell] for cell in row)]
        for runs, row in zip(rows, grid, strict=True)
    ]
    return head + body


@task(
    levels=LEVELS,
    tags={"classic", "grid"},
    chance=0.02,
    canonical=canonical,
    board=board,
)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a picture, tell some cells, and then more until a search finds no second solution."""
    rows, columns = params.rows, params.columns
    grid = picture(rng, rows, columns)
    across = [runs_of(row) for row in grid]
    down = [runs_of(list(column)) for column in zip(*grid, strict=True)]
    if not all(across + down):
        raise Redraw
    lines = Lines([fillings(runs, columns) for runs in across], [fillings(runs, rows) for runs in down])
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    given = set(rng.sample(cells, params.given))
    while True:
        other = lines.other({cell: grid[cell[0]][cell[1]] for cell in given}, grid)
        if lines.tired or len(given) > params.given + rows * columns // 8:
            raise Redraw
        if other is None:
            break
        given.add(rng.choice([cell for cell in cells if other[cell[0]][cell[1]] != grid[cell[0]][cell[1]]]))

    def show(shown: set[tuple[int, int]]) -> list[str]:
        return [
            "".join("?" if (r, c) not in shown else "#" if grid[r][c] else "." for c in range(columns))
            for r in range(rows)
        ]

    puzzle, right = show(given), show(set(cells))
    wrong = ["".join("#" if (r + c) % 2 else "." for c in range(columns)) for r in range(rows)]
    if wrong == right:
        raise Redraw
    listed = (
        "Rows, from the top:\n"
        + "\n".join(f"{r}: {' '.join(map(str, runs))}" for r, runs in enumerate(across, 1))
        + "\nColumns, from the left:\n"
        + "\n".join(f"{c}: {' '.join(map(str, runs))}" for c, runs in enumerate(down, 1))
    )
    told = ""
    if given:
        told = "\n\nSome cells are told (# filled, . not filled, ? to decide):\n" + "\n".join(puzzle)
    question = (
        f"Solve this nonogram of {rows} rows and {columns} columns. Each cell is filled or not. The numbers of a row "
        "are the lengths of its runs of filled cells, in order from left to right; those of a column go from top to "
        "bottom. Between two runs of a line there is at least one cell that is not filled, and a line has no other "
        "filled cells than these runs.\n\n" + listed + told + "\n\n"
        f"Answer with the complete grid: {rows} lines of {columns} characters, # for a filled cell and . for any other."
    )
    return Draft(
        question=question,
        payload={"cells": puzzle, "rows": [list(runs) for runs in across], "columns": [list(runs) for runs in down]},
        reference="\n".join(right),
        example="\n".join(wrong),
        brief=listed + ("\n" + "\n".join(puzzle) if given else ""),
        certificate={"unique": True, "effort": lines.looks},
    )
