"""Jigsaw sudoku: regions of any shape in the place of boxes, from order 4 nearly filled to order 9.

Example (level 0)::

    AAAB .2.1
    ABBB 1.23
    CDDD 2134
    CCCD 4.12

What is right: every complete grid that keeps the givens and the three rules; the search proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._domains import Search, rows_and_columns
from gradarium.generators.puzzles._regions import NAMES, divide
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows, columns, regions and cells of a region."""
    givens: int
    """Cells shown at least; more are added until one solution is left."""


LEVELS = [
    Params(4, 12),
    Params(4, 8),
    Params(5, 9),
    Params(6, 14),
    Params(7, 18),
    Params(8, 20),
    Params(9, 24),
    Params(9, 14),
]


def canonical(payload: Mapping[str, Any]) -> object:
    """Name the digits, and the regions, in the order in which they appear."""
    names: dict[str, str] = {".": "."}
    for char in "".join(payload["givens"]):
        names.setdefault(char, str(len(names)))
    return [payload["regions"], ["".join(names[char] for char in line) for line in payload["givens"]]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or of the givens where the answer is no grid."""
    n = len(payload["givens"])
    grid = read_grid(answer, n, n, "123456789"[:n])
    return grid or [[" " if char == "." else char for char in line] for line in payload["givens"]]


@task(levels=LEVELS, tags={"classic", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Divide the board, fill it, and show cells until there is no other solution."""
    n = params.size
    regions = divide(rng, n, n, [n] * n)
    letters = "".join(regions)
    search = Search(n * n, n, most=40 if n > 6 else 200)
    for line in rows_and_columns(n) + [[i for i in range(n * n) if letters[i] == name] for name in NAMES[:n]]:
        search.distinct(line)
    solution = search.solve(rng)
    if solution is None:
        raise Redraw
    search.most = 400
    order = rng.sample(range(n * n), n * n)
    given = order[: params.givens]
    for cell in given:
        search.give(cell, solution[cell])
    while other := search.solve(other=solution):
        cell = next(i for i in order if other[i] != solution[i])
        given.append(cell)
        search.give(cell, solution[cell])
    search.effort = 0
    search.solve(other=solution)

    example = [(r + c) % n + 1 for r in range(n) for c in range(n)]
    if all(example[i] == solution[i] for i in given):
        raise Redraw  # the example in the prompt could be the answer
    cells = [solution[i] if i in given else 0 for i in range(n * n)]

    def grid(values: list[int], gap: str) -> list[str]:
        return [gap.join(str(d or ".") for d in values[r : r + n]) for r in range(0, n * n, n)]

    question = (
        f"Solve this jigsaw Sudoku. The grid has {n} rows and {n} columns and is divided into {n} regions of {n} "
        f"cells; a dot is an empty cell. Fill every empty cell with a digit from 1 to {n} so that each row, each "
        f"column and each region holds each digit from 1 to {n} exactly once. Filled cells must not change.\n\n"
        "The grid:\n" + "\n".join(grid(cells, " ")) + "\n\n"
        "The regions, cells with the same letter belong together:\n" + "\n".join(" ".join(r) for r in regions) + "\n\n"
        f"Answer with the complete grid: {n} lines of {n} digits, separated by spaces."
    )
    return Draft(
        question=question,
        payload={"regions": regions, "givens": grid(cells, "")},
        reference="\n".join(grid(solution, " ")),
        example="\n".join(grid(example, " ")),
        brief="\n".join(f"{a} {b}" for a, b in zip(regions, grid(cells, ""), strict=True)),
        certificate={"unique": True, "effort": cells.count(0) + search.effort},
    )
