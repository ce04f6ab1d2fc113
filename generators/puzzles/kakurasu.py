"""Kakurasu with exactly one solution, from 3x3 to 10x10.

Example (level 0), the sums of the rows at the right and those of the columns below, and the solution::

      1 2 3
    1 ? ? # 5    . # #
    2 # ? ? 1    # . .
    3 # ? ? 1    # . .
      5 1 1

What is right: every choice of filled cells with all the sums, a cell counting its column's number in its row and its
row's number in its column, that keeps the cells already filled or crossed; a search finds that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
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
    """Cells that are shown from the start; more where the solution would not be the only one."""


LEVELS = [
    Params(3, 3, 3),
    Params(4, 4, 4),
    Params(4, 4, 0),
    Params(5, 5, 0),
    Params(6, 6, 0),
    Params(7, 7, 0),
    Params(8, 8, 0),
    Params(10, 10, 0),
]


@cache
def choices(length: int) -> dict[int, tuple[int, ...]]:
    """Return for each sum the sets of numbers from 1 to ``length`` that add up to it, as bit masks."""
    found: dict[int, list[int]] = {}
    for line in range(1 << length):
        found.setdefault(value(line, length), []).append(line)
    return {total: tuple(masks) for total, masks in found.items()}


def value(line: int, length: int) -> int:
    """Return the sum of the numbers (from 1) of the bits that are set."""
    return sum(i + 1 for i in range(length) if line >> i & 1)


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to exchange of rows and columns."""
    turned = ["".join(column) for column in zip(*payload["cells"], strict=True)]
    return min([payload["cells"], payload["rows"], payload["columns"]], [turned, payload["columns"], payload["rows"]])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or the given ones where it is no grid, with the sums at the right and below."""
    rows, columns = payload["rows"], payload["columns"]
    grid = read_grid(answer, len(rows), len(columns), ".#")
    show = {".": "·", "#": "■", "?": " "}
    body = [[show[cell] for cell in row] for row in grid or payload["cells"]]
    return [*([*row, str(total)] for row, total in zip(body, rows, strict=True)), [*map(str, columns), ""]]


@task(
    levels=LEVELS,
    tags={"enigmata", "search"},
    chance=0.05,
    canonical=canonical,
    board=board,
    slow="a search looks for a second solution after each cell that is shown",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Fill cells at random, show some, and then more until a search finds no second solution."""
    rows, columns = params.rows, params.columns
    grid = [[rng.random() < 0.5 for _ in range(columns)] for _ in range(rows)]
    across = [value(sum(cell << c for c, cell in enumerate(row)), columns) for row in grid]
    down = [value(sum(row[c] << r for r, row in enumerate(grid)), rows) for c in range(columns)]
    if not all(across + down):
        raise Redraw
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    given = set(rng.sample(cells, params.given))
    lines = Lines([choices(columns)[total] for total in across], [choices(rows)[total] for total in down])
    while True:
        known = {cell: grid[cell[0]][cell[1]] for cell in given}
        other = lines.other(known, grid)
        if lines.tired:
            raise Redraw
        if other is None:
            break
        if len(given) > params.given + rows * columns // 3:
            raise Redraw
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
    width = len(str(max(across + down + [rows, columns])))
    drawn = [
        ["", *map(str, range(1, columns + 1)), ""],
        *([str(r), *line, str(total)] for r, (line, total) in enumerate(zip(puzzle, across, strict=True), 1)),
        ["", *map(str, down), ""],
    ]
    text = "\n".join(" ".join(f"{cell:>{width}}" for cell in row).rstrip() for row in drawn)
    question = (
        f"Solve this Kakurasu. Decide for each cell of the grid of {rows} rows and {columns} columns whether it is "
        "filled or not.\n"
        "- In the sum of its row, a filled cell counts the number of its column (1 for the leftmost column). These "
        "sums stand at the right end of the rows.\n"
        "- In the sum of its column, a filled cell counts the number of its row (1 for the top row). These sums stand "
        "below the columns.\n"
        "- Cells that are not filled count nothing. All sums must come out exactly.\n"
        "In the grid, ? is a cell to decide"
        + (", # one that is filled for certain and . one that is not" if given else "")
        + ". The numbers of the columns stand above the grid and those of the rows at its left.\n\n"
        + text
        + "\n\n"
        f"Answer with the complete grid without any numbers: {rows} lines of {columns} characters, # for a filled cell "
        "and . for any other."
    )
    return Draft(
        question=question,
        payload={"cells": puzzle, "rows": across, "columns": down},
        reference="\n".join(right),
        example="\n".join(wrong),
        brief=text,
        certificate={"unique": True, "effort": rows * columns - len(given) + lines.looks},
    )
