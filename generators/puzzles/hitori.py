"""Hitori with exactly one solution, from 4x4 with four shaded cells to 12x12.

Example (level 0), with its solution::

    2 2 2 4    # . # .
    1 4 2 3    . . . .
    2 3 4 1    . . . .
    1 1 2 2    # . # .

What is right: every shading after which no row or column shows a number twice, no two shaded cells share a side and the
others hang together; SAT proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cells import Rules
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell, components, neighbours
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows, columns and largest number."""
    shaded: int
    """Cells to shade."""


LEVELS = [
    Params(4, 4),
    Params(5, 7),
    Params(6, 11),
    Params(7, 14),
    Params(8, 19),
    Params(9, 24),
    Params(10, 30),
    Params(12, 43),
]
ROUNDS = 8
"""Times that numbers of loose cells are drawn anew before the draw is given up."""


def shade(rng: random.Random, size: int, count: int) -> set[Cell]:
    """Shade random cells that share no side and leave the others connected; raises Redraw if they do not fit."""
    cells = {(r, c) for r in range(size) for c in range(size)}
    shaded: set[Cell] = set()
    for cell in rng.sample(sorted(cells), len(cells)):
        if len(shaded) == count:
            return shaded
        if not shaded.isdisjoint(neighbours(cell, size, size)):
            continue
        # Only a cell that touches two others (or the edge and another) at corners can cut the rest in two.
        r, c = cell
        corners = [(r + i, c + j) for i in (-1, 1) for j in (-1, 1)]
        walls = sum(corner in shaded for corner in corners) + (r in (0, size - 1) or c in (0, size - 1))
        if walls < 2 or len(components(cells - shaded - {cell})) == 1:
            shaded.add(cell)
    if len(shaded) < count:
        raise Redraw
    return shaded


def latin(rng: random.Random, size: int) -> list[list[int]]:
    """Return a Latin square: the cyclic one with rows, columns and numbers exchanged at random."""
    rows, columns, names = (rng.sample(range(size), size) for _ in range(3))
    return [[names[(r + c) % size] + 1 for c in columns] for r in rows]


def rules_of(numbers: list[list[int]]) -> Rules:
    """Return the rules: a variable is true where its cell is shaded."""
    size = len(numbers)
    cells = [(r, c) for r in range(size) for c in range(size)]

    def cut(found: list[int]) -> list[list[int]]:
        shaded = {divmod(i - 1, size) for i in found if 0 < i <= size * size}
        groups = sorted(components(set(cells) - shaded), key=len)
        clauses = []
        for group in groups[:-1]:  # one of the shaded cells around it must be open
            wall = sorted({other for cell in group for other in neighbours(cell, size, size)} & shaded)
            clauses.append([-(r * size + c + 1) for r, c in wall])
        return clauses

    rules = Rules(size * size, cut)
    for r, c in cells:
        here = r * size + c + 1
        for other in neighbours((r, c), size, size):
            if other > (r, c):
                rules.say(0, 1, [here, other[0] * size + other[1] + 1])
        rest = [(r, j) for j in range(c + 1, size)] + [(i, c) for i in range(r + 1, size)]
        for i, j in rest:
            if numbers[i][j] == numbers[r][c]:
                rules.say(1, 2, [here, i * size + j + 1])
    return rules


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to renamed numbers and exchange of rows and columns."""
    forms = []
    for numbers in (payload["numbers"], list(zip(*payload["numbers"], strict=True))):
        names: dict[int, int] = {}
        forms.append([[names.setdefault(number, len(names)) for number in row] for row in numbers])
    return min(forms)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the numbers, with the cells shaded that the answer shades."""
    numbers = payload["numbers"]
    grid = read_grid(answer, len(numbers), len(numbers), ".#")
    return [
        ["#" if grid and grid[r][c] == "#" else str(number) for c, number in enumerate(row)]
        for r, row in enumerate(numbers)
    ]


@task(
    levels=LEVELS,
    tags={"enigmata", "search"},
    chance=0.05,
    canonical=canonical,
    board=board,
    slow="numbers are drawn anew until a proof finds no second solution",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Shade cells of a Latin square and give them numbers that force the shading."""
    size = params.size
    shaded = shade(rng, size, params.shaded)
    numbers = latin(rng, size)
    literals = [r * size + c + 1 if (r, c) in shaded else -(r * size + c + 1) for r in range(size) for c in range(size)]
    loose = sorted(shaded)
    for _ in range(ROUNDS):
        for r, c in loose:
            row = {numbers[r][j] for j in range(size) if (r, j) not in shaded}
            column = {numbers[i][c] for i in range(size) if (i, c) not in shaded}
            numbers[r][c] = rng.choice(sorted(row & column) or sorted(row | column))
        rules = rules_of(numbers)
        with rules.model() as model:
            model.add(*(-literal for literal in literals))
            if not model.satisfiable():
                break
            # Yes or no for each cell: which other solution the solver sees must not show.
            loose = [(r, c) for r, c in sorted(shaded) if model.satisfiable([-(r * size + c + 1)])]
    else:
        raise Redraw

    def show(cells: set[Cell]) -> str:
        return "\n".join("".join("#" if (r, c) in cells else "." for c in range(size)) for r in range(size))

    wrong = {(r, c) for r in range(size) for c in range(size) if not (r + c) % 3}
    if wrong == shaded:
        raise Redraw
    width = len(str(size))
    drawn = "\n".join(" ".join(f"{number:>{width}}" for number in row) for row in numbers)
    question = (
        f"Solve this Hitori. Shade cells of the grid of {size} rows and {size} columns so that\n"
        "- no number stands twice in the cells of a row that are not shaded, nor in those of a column;\n"
        "- no two shaded cells share a side (corners may touch);\n"
        "- all cells that are not shaded hang together: from each of them one can walk to every other through sides, "
        "stepping only on cells that are not shaded.\n\n" + drawn + "\n\n"
        f"Answer with the complete grid: {size} lines of {size} characters, # for a shaded cell and . for any other."
    )
    return Draft(
        question=question,
        payload={"numbers": numbers},
        reference=show(shaded),
        example=show(wrong),
        brief=drawn,
        certificate={"unique": True, "effort": size * size + rules.steps([], 40 * size * size)},
    )
