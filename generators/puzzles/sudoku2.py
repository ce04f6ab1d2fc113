"""Sudokus of four rows, from one with three empty cells to eight that only comparisons and sums between them decide.

Example (level 0)::

    1 2 . 4
    3 4 1 2
    2 . 4 3
    4 3 2 .

What is right: every set of complete grids that keeps the givens, the three rules of each grid and every link between
grids (``A12 < B43``: row 1, column 2 of grid A holds less than row 4, column 3 of grid B). The search proves that there
is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._domains import Row, Search, rows_and_columns
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.sudoku2 import read_grids


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    grids: int
    """Grids of four rows."""
    givens: int
    """Cells shown over all grids; of a single grid more may be, so that one solution is left."""
    links: str
    """Kinds of links: = same digit, < less, 2 the sum of two cells, 3 the sum of three."""


LEVELS = [
    Params(1, 13, ""),
    Params(1, 10, ""),
    Params(1, 4, ""),
    Params(2, 6, "=<2"),
    Params(3, 6, "=<2"),
    Params(4, 4, "<23"),
    Params(6, 3, "<3"),
    Params(8, 0, "<3"),
]
NAMES = "ABCDEFGH"


@cache
def squares() -> list[Row]:
    """Return the 288 sudokus of four rows."""
    lines = rows_and_columns(4) + [[i, i + 1, i + 4, i + 5] for i in (0, 2, 8, 10)]
    found: list[Row] = []

    def fill(grid: list[int]) -> None:
        if len(grid) == 16:
            found.append(tuple(grid))
            return
        cell = len(grid)
        taken = {grid[i] for line in lines if cell in line for i in line if i < cell}
        for digit in (1, 2, 3, 4):
            if digit not in taken:
                fill([*grid, digit])

    fill([])
    return found


def canonical(payload: Mapping[str, Any]) -> object:
    """Name the digits of a puzzle without links in the order in which they appear."""
    names: dict[str, str] = {".": "."}
    if not payload["links"]:
        for char in "".join(payload["givens"]):
            names.setdefault(char, str(len(names)))
    return [["".join(names.get(char, char) for char in line) for line in payload["givens"]], payload["links"]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or of the givens, one grid below the other with a blank line between."""
    givens = payload["givens"]
    grid = read_grids(answer, givens)
    lines = grid or [[" " if char == "." else char for char in line] for line in givens]
    out: list[list[str]] = []
    for r, line in enumerate(lines):
        out += [[" "] * 4] if r and r % 4 == 0 else []
        out.append(line)
    return out


@dataclass(frozen=True)
class Link:
    """What cells of different grids have to do with each other; row r, column c of grid g is 16g + 4r + c."""

    rule: str
    cells: tuple[int, ...]
    total: int

    def holds(self, values: Row) -> bool:
        """Return whether the values of the cells keep the rule."""
        if self.rule == "+":
            return sum(values) == self.total
        return values[0] == values[1] if self.rule == "=" else values[0] < values[1]

    def text(self) -> str:
        """Return the link as the question shows it."""
        names = [f"{NAMES[i // 16]}{i % 16 // 4 + 1}{i % 4 + 1}" for i in self.cells]
        return " + ".join(names) + f" = {self.total}" if self.rule == "+" else f" {self.rule} ".join(names)

    def data(self) -> dict[str, Any]:
        """Return the link as the payload holds it."""
        cells = [[i // 16, i % 16 // 4, i % 4] for i in self.cells]
        return {"rule": self.rule, "cells": cells} | ({"total": self.total} if self.rule == "+" else {})


def draw(rng: random.Random, solution: list[int], params: Params) -> Link | None:
    """Draw cells of different grids and the link that they keep; None where they keep none of that kind."""
    kind = rng.choice(params.links)
    grids = sorted(rng.sample(range(params.grids), 3 if kind == "3" and params.grids > 2 else 2))
    cells = [16 * g + rng.randrange(16) for g in grids]
    values = [solution[i] for i in cells]
    if kind in "23":
        return Link("+", tuple(cells), sum(values))
    if kind == "<" and values[0] > values[1]:
        cells.reverse()
    return Link(kind, tuple(cells), 0) if (values[0] == values[1]) == (kind == "=") else None


@task(levels=LEVELS, tags={"enigmata", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw grids and some givens; then add givens or links that other solutions break until there is no other."""
    k = params.grids
    solution = [digit for _ in range(k) for digit in rng.choice(squares())]
    search = Search(16 * k, 4, most=3_000)
    for g in range(k):
        search.table(range(16 * g, 16 * g + 16), squares())
    order = rng.sample(range(16 * k), 16 * k)
    given = set(order[: params.givens])
    for cell in given:
        search.give(cell, solution[cell])
    links: list[Link] = []
    while other := search.solve(other=solution):
        if not params.links:
            cell = next(i for i in order if solution[i] != other[i])
            given.add(cell)
            search.give(cell, solution[cell])
            continue
        for _ in range(500):
            link = draw(rng, solution, params)
            if link and not link.holds(tuple(other[i] for i in link.cells)):
                break
        else:
            raise Redraw
        links.append(link)
        values = [(a, b) for a in range(1, 5) for b in range(1, 5)]
        rows: list[Row] = list(values) if len(link.cells) == 2 else [(*pair, c) for pair in values for c in range(1, 5)]
        search.table(link.cells, [row for row in rows if link.holds(row)])
    search.effort = 0
    search.solve(other=solution)

    shown = [solution[i] if i in given else 0 for i in range(16 * k)]
    example = [d for _ in range(k) for d in (1, 2, 3, 4, 3, 4, 1, 2, 2, 1, 4, 3, 4, 3, 2, 1)]
    if example == solution:
        raise Redraw
    links.sort(key=lambda link: (link.rule, link.cells))

    def lines(grid: list[int], gap: str) -> list[str]:
        return [gap.join(str(d or ".") for d in grid[i : i + 4]) for i in range(0, 16 * k, 4)]

    picture = lines(shown, " ")
    rules = (
        "Fill every empty cell with a digit from 1 to 4 so that each row, each column and each of the four boxes of 2 "
        "rows and 2 columns{} holds each digit from 1 to 4 exactly once. Filled cells must not change."
    )
    if k == 1:
        question = (
            "Solve this small Sudoku. The grid has 4 rows and 4 columns; a dot is an empty cell. "
            + rules.format(" in the corners of the grid")
            + "\n\n"
            + "\n".join(picture)
            + "\n\nAnswer with the complete grid: 4 lines of 4 digits, separated by spaces."
        )
    else:
        names = ", ".join(NAMES[: k - 1]) + f" and {NAMES[k - 1]}"
        blocks = "\n\n".join(f"Grid {NAMES[g]}\n" + "\n".join(picture[4 * g : 4 * g + 4]) for g in range(k))
        question = (
            f"Solve {k} small Sudokus at once. The grids {names} have 4 rows and 4 columns each; a dot is an empty "
            "cell. " + rules.format(" in the corners of each grid") + "\n\n"
            f"The grids are linked: every line under Links must be true. A cell is named by its grid, its row and its "
            f"column: A12 is row 1, column 2 of grid A. Row 1 is the top, column 1 the left.\n\n"
            f"{blocks}\n\nLinks\n" + "\n".join(link.text() for link in links) + "\n\n"
            f"Answer with the {k} complete grids one below the other, from {NAMES[0]} to {NAMES[k - 1]}: {4 * k} lines "
            "of 4 digits, separated by spaces."
        )
    return Draft(
        question=question,
        payload={"givens": lines(shown, ""), "links": [link.data() for link in links]},
        reference="\n".join(lines(solution, " ")),
        example="\n".join(lines(example, " ")),
        brief="\n".join(lines(shown, "") + [link.text() for link in links]),
        certificate={"unique": True, "effort": shown.count(0) + search.effort},
    )
