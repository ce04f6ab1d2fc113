"""Survo: place the numbers 1 to rows times columns so that every row and column has its sum.

Example (level 1)::

    8 . 6
    2 . .
    3 . .
    rows 18 18 9
    columns 13 18 14

What is right: every grid that keeps the givens, holds each number once and has the sums; the search proves that there
is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from math import perm
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._domains import Search
from gradarium.generators.task import task
from gradarium.verifiers.puzzles._latin import read_numbers


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the grid."""
    columns: int
    """Columns of the grid."""
    empty: int
    """Cells to fill in at most; more are shown until one solution is left."""


LEVELS = [
    Params(2, 3, 3),
    Params(3, 3, 5),
    Params(3, 4, 6),
    Params(3, 4, 8),
    Params(4, 4, 8),
    Params(4, 4, 10),
    Params(4, 5, 13),
    Params(4, 5, 15),
]
MOST = 35_000
"""Arrangements of a line; one that has more is not posed."""


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to the order of its rows and of its columns, as far as sorting by the sums tells them."""
    rows = sorted(range(len(payload["rows"])), key=lambda r: (payload["rows"][r], r))
    columns = sorted(range(len(payload["columns"])), key=lambda c: (payload["columns"][c], c))
    givens = [[payload["givens"][r][c] for c in columns] for r in rows]
    return [givens, sorted(payload["rows"]), sorted(payload["columns"])]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or of the givens, with the sums at the right and below."""
    rows, columns = payload["rows"], payload["columns"]
    grid = read_numbers(answer, len(rows), len(columns)) or payload["givens"]
    cells = [[str(number or " ") for number in row] + [f"={total}"] for row, total in zip(grid, rows, strict=True)]
    return [*cells, [f"={total}" for total in columns] + [" "]]


@task(levels=LEVELS, tags={"classic", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Shuffle the numbers into the grid and show cells until there is no other solution."""
    height, width = params.rows, params.columns
    n = height * width
    solution = rng.sample(range(1, n + 1), n)
    order = rng.sample(range(n), n)
    given = set(order[params.empty :])
    search = Search(n, n, most=300)
    search.distinct(range(n))
    for cell in given:
        search.give(cell, solution[cell])
    lines = [list(range(r * width, r * width + width)) for r in range(height)]
    lines += [list(range(c, n, width)) for c in range(width)]
    missing = sorted(solution[i] for i in range(n) if i not in given)
    for line in lines:
        places = [k for k, cell in enumerate(line) if cell not in given]
        if perm(len(missing), len(places)) > MOST:
            raise Redraw
        row = [solution[cell] for cell in line]
        need = sum(row[k] for k in places)
        rows = []
        for values in permutations(missing, len(places)):
            if sum(values) == need:
                for k, value in zip(places, values, strict=True):
                    row[k] = value
                rows.append(tuple(row))
        search.table(line, rows)
    while other := search.solve(other=solution):
        cell = next(i for i in order if other[i] != solution[i])
        given.add(cell)
        search.give(cell, solution[cell])
    search.effort = 0
    search.solve(other=solution)

    cells = [solution[i] if i in given else 0 for i in range(n)]
    rest = iter(sorted(solution[i] for i in range(n) if i not in given))
    example = [cell or next(rest) for cell in cells]
    if example == solution:
        raise Redraw  # the example in the prompt would be the answer

    def grid(values: list[int]) -> str:
        return "\n".join(" ".join(str(d or ".") for d in values[r : r + width]) for r in range(0, n, width))

    sums = [sum(solution[i] for i in line) for line in lines]
    right, below = " ".join(map(str, sums[:height])), " ".join(map(str, sums[height:]))
    question = (
        f"Solve this Survo puzzle. The grid has {height} rows and {width} columns; a dot is an empty cell. Fill the "
        f"empty cells so that the grid holds each whole number from 1 to {n} exactly once and every row and every "
        f"column adds up to its sum. Filled cells must not change.\n\n{grid(cells)}\n\n"
        f"Sums of the rows, from top to bottom: {right}\n"
        f"Sums of the columns, from left to right: {below}\n\n"
        f"Answer with the complete grid without the sums: {height} lines of {width} numbers, separated by spaces."
    )
    return Draft(
        question=question,
        payload={
            "givens": [cells[r : r + width] for r in range(0, n, width)],
            "rows": sums[:height],
            "columns": sums[height:],
        },
        reference=grid(solution),
        example=grid(example),
        brief=f"{grid(cells)}\nrows {right}\ncolumns {below}",
        certificate={"unique": True, "effort": cells.count(0) + search.effort},
    )
