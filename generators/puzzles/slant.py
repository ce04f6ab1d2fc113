r"""Slant (Gokigen Naname) with exactly one solution, from 3x3 cells with all numbers to 12x12.

Example (level 0), the numbers of the corners, and the solution::

    0 2 1 0    / \ \
    2 1 1 2    \ \ /
    1 1 4 0    \ / \
    0 2 0 1

What is right: every grid of diagonals without a closed loop in which each number counts the diagonals at its corner;
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
from gradarium.verifiers.boards import Cell
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of cells."""
    columns: int
    """Columns of cells."""
    hidden: int
    """Most numbers to take off; fewer where the solution would not stay the only one."""


LEVELS = [
    Params(3, 3, 0),
    Params(4, 4, 5),
    Params(4, 4, 12),
    Params(5, 5, 15),
    Params(6, 6, 49),
    Params(8, 8, 81),
    Params(10, 10, 121),
    Params(12, 12, 169),
]


def ends(cell: Cell, rising: bool) -> tuple[Cell, Cell]:
    """Return the corners that a diagonal joins: ``/`` is rising, from bottom left to top right."""
    r, c = cell
    return ((r + 1, c), (r, c + 1)) if rising else ((r, c), (r + 1, c + 1))


class Forest:
    """Corners joined by diagonals, with the way between any two; refuses what would close a loop."""

    def __init__(self) -> None:
        self.joined: dict[Cell, list[tuple[Cell, int]]] = {}
        self.group: dict[Cell, Cell] = {}

    def root(self, corner: Cell) -> Cell:
        """Return the corner that stands for all that are joined to this one."""
        while corner in self.group:
            corner = self.group[corner]
        return corner

    def join(self, a: Cell, b: Cell, label: int) -> bool:
        """Join two corners; False if they are joined already."""
        i, j = self.root(a), self.root(b)
        if i == j:
            return False
        self.group[i] = j
        self.joined.setdefault(a, []).append((b, label))
        self.joined.setdefault(b, []).append((a, label))
        return True

    def way(self, a: Cell, b: Cell) -> list[int]:
        """Return the labels on the way from one corner to another."""
        came: dict[Cell, tuple[Cell, int]] = {a: (a, 0)}
        todo = [a]
        for corner in todo:
            for other, label in self.joined.get(corner, []):
                if other not in came:
                    came[other] = (corner, label)
                    todo.append(other)
        labels = []
        while b != a:
            b, label = came[b]
            labels.append(label)
        return labels


def rules_of(count: dict[Cell, int], rows: int, columns: int) -> tuple[Rules, dict[Cell, int]]:
    """Return the rules, a variable being true where its cell holds ``/``, and the guard of each corner's number."""

    def cut(found: list[int]) -> list[list[int]]:
        forest, clauses = Forest(), []
        for literal in found:
            if abs(literal) <= rows * columns:
                a, b = ends(divmod(abs(literal) - 1, columns), literal > 0)
                if not forest.join(a, b, literal):
                    clauses.append([-literal, *(-label for label in forest.way(a, b))])
        return clauses

    rules = Rules(rows * columns, cut)
    guards = {}
    for (r, c), number in count.items():
        touching = [
            cell * sign
            for i, j, sign in ((r - 1, c - 1, -1), (r - 1, c, 1), (r, c - 1, 1), (r, c, -1))
            if 0 <= i < rows and 0 <= j < columns
            for cell in [i * columns + j + 1]
        ]
        guards[r, c] = rules.guard()
        rules.say(number, number, touching, guards[r, c])
    return rules, guards


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to exchange of rows and columns."""
    return min(payload["corners"], ["".join(column) for column in zip(*payload["corners"], strict=True)])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return corners with their numbers, and between them the diagonals of the answer."""
    corners = payload["corners"]
    rows, columns = len(corners) - 1, len(corners[0]) - 1
    drawn = [[" "] * (2 * columns + 1) for _ in range(2 * rows + 1)]
    for r, line in enumerate(corners):
        for c, number in enumerate(line):
            drawn[2 * r][2 * c] = "+" if number == "." else number
    for r, cells in enumerate(read_grid(answer, rows, columns, "/\\") or []):
        for c, cell in enumerate(cells):
            drawn[2 * r + 1][2 * c + 1] = cell
    return drawn


@task(
    levels=LEVELS,
    tags={"enigmata", "search"},
    chance=0.03,
    canonical=canonical,
    board=board,
    slow="each number taken off is proved not to open a second solution",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw diagonals at random that close no loop, then take off numbers that are not needed."""
    rows, columns = params.rows, params.columns
    forest = Forest()
    rising: dict[Cell, bool] = {}
    for cell in rng.sample([(r, c) for r in range(rows) for c in range(columns)], rows * columns):
        rising[cell] = rng.random() < 0.5
        if not forest.join(*ends(cell, rising[cell]), 0):
            rising[cell] = not rising[cell]
            if not forest.join(*ends(cell, rising[cell]), 0):
                raise Redraw
    count = {(r, c): 0 for r in range(rows + 1) for c in range(columns + 1)}
    for cell, up in rising.items():
        for corner in ends(cell, up):
            count[corner] += 1
    rules, guards = rules_of(count, rows, columns)
    shown = dict(guards)
    with rules.model() as model:
        model.add(*(-(r * columns + c + 1) if up else r * columns + c + 1 for (r, c), up in sorted(rising.items())))
        if model.satisfiable(guards.values()):
            raise Redraw
        for corner in rng.sample(sorted(guards), len(guards)):
            if len(guards) - len(shown) == params.hidden:
                break
            del shown[corner]
            if model.satisfiable(shown.values()):
                shown[corner] = guards[corner]
    corners = [
        "".join(str(count[r, c]) if (r, c) in shown else "." for c in range(columns + 1)) for r in range(rows + 1)
    ]
    right = ["".join("/" if rising[r, c] else "\\" for c in range(columns)) for r in range(rows)]
    wrong = ["".join("/" if c % 2 else "\\" for c in range(columns)) for r in range(rows)]
    if wrong == right:
        raise Redraw
    question = (
        f"Solve this Slant (Gokigen Naname). In each cell of a grid of {rows} rows and {columns} columns draw one "
        "diagonal: / joins the cell's bottom left corner with its top right corner, \\ joins its top left corner with "
        "its bottom right corner.\n"
        "- A number at a corner tells how many diagonals end at that corner. A corner without a number (.) may have "
        "any number of them.\n"
        "- The diagonals must not form a closed loop.\n"
        f"Here are the {rows + 1} rows of {columns + 1} corners; the cells lie between them, so the top left cell has "
        "the first two corners of the first two rows as its corners.\n\n"
        + "\n".join(" ".join(row) for row in corners)
        + f"\n\nAnswer with the diagonals: {rows} lines of {columns} characters, each / or \\."
    )
    return Draft(
        question=question,
        payload={"corners": corners},
        reference="\n".join(right),
        example="\n".join(wrong),
        brief="\n".join(corners),
        certificate={
            "unique": True,
            "effort": 3 * (len(guards) - len(shown)) + rules.steps(list(shown.values()), 20 * rows * columns),
        },
    )
