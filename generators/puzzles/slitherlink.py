"""Slitherlink with exactly one loop, from 3 x 3 with eight clues to 12 x 12.

Example (level 0)::

    1 0 .
    3 3 3
    2 2 2

What is right: the one loop whose every clue tells how many sides of its cell belong to the loop, given by the cells
inside it, here ``. . .``, ``# . #`` and ``# # #`` on three lines. The solver proves that there is no other.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._loops import Loops, draw_region
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.slitherlink import sides, verify
from gradarium.verifiers.reading import read_grid

SPREAD = 0.2
CALLS = 60
"""Most questions to the solver while clues are taken away."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of cells."""
    columns: int
    """Columns of cells."""
    clues: float
    """Share of the cells whose clue stays, where the loop stays the only one."""
    inside: float
    """Share of the cells inside the loop, give or take ``SPREAD``."""


LEVELS = [
    Params(3, 3, 0.9, 0.5),
    Params(3, 4, 0.75, 0.5),
    Params(4, 4, 0.65, 0.55),
    Params(5, 5, 0.6, 0.55),
    Params(6, 6, 0.55, 0.55),
    Params(7, 7, 0.5, 0.55),
    Params(9, 9, 0.45, 0.55),
    Params(12, 12, 0.42, 0.55),
]


def canonical(payload: Mapping[str, Any]) -> object:
    """Return the least of the eight turned and mirrored boards."""
    lines = payload["clues"]
    same = []
    for turn in range(8):
        lines = ["".join(line) for line in zip(*lines, strict=True)] if turn % 2 else lines[::-1]
        same.append(lines)
    return min(same)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return points, the clues between them, and the lines of the answer if it is a grid."""
    clues = payload["clues"]
    rows, columns = len(clues), len(clues[0])
    marks = read_grid(answer, rows, columns, "#.") or [["."] * columns for _ in clues]
    cells = [["+" if r % 2 == c % 2 == 0 else " " for c in range(2 * columns + 1)] for r in range(2 * rows + 1)]
    for r in range(rows + 1):
        for c in range(columns + 1):
            here, above, left = (
                0 <= y < rows and 0 <= x < columns and marks[y][x] == "#" for y, x in ((r, c), (r - 1, c), (r, c - 1))
            )
            if c < columns and here != above:
                cells[2 * r][2 * c + 1] = "-"
            if r < rows and here != left:
                cells[2 * r + 1][2 * c] = "|"
            if r < rows and c < columns and clues[r][c] != ".":
                cells[2 * r + 1][2 * c + 1] = clues[r][c]
    return cells


@task(
    levels=LEVELS,
    tags={"classic", "grid"},
    chance=0.05,
    canonical=canonical,
    slow="a SAT solver proves that the loop is the only one each time a clue is taken away",
    board=board,
)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a loop, write all clues, and take clues away while the loop stays the only one."""
    rows, columns = params.rows, params.columns
    region = draw_region(rng, rows, columns, params.inside + SPREAD * (2 * rng.random() - 1))
    marks = ["".join("#" if (r, c) in region else "." for c in range(columns)) for r in range(rows)]
    with Loops(rows, columns) as model:
        switches = model.new(rows * columns)
        for number, switch in enumerate(switches):
            r, c = divmod(number, columns)
            clue = sides(marks, r, c)
            around = [
                model.line[(r, c), (r, c + 1)],
                model.line[(r + 1, c), (r + 1, c + 1)],
                model.line[(r, c), (r + 1, c)],
                model.line[(r, c + 1), (r + 1, c + 1)],
            ]
            for some in combinations(around, clue + 1):
                model.add(-switch, *(-line for line in some))
            for some in combinations(around, 5 - clue):
                model.add(-switch, *some)
        keep = round(params.clues * rows * columns)
        kept = set(model.dig(rng, model.borders(region), switches, keep, CALLS))
    clues = [
        "".join(str(sides(marks, r, c)) if switches[r * columns + c] in kept else "." for c in range(columns))
        for r in range(rows)
    ]
    example = "\n".join(" ".join("#" if c < 2 and r else "." for c in range(columns)) for r in range(rows))
    payload = {"clues": clues}
    if verify(example, payload).score:
        raise Redraw
    drawing = "\n".join(" ".join(line) for line in clues)
    return Draft(
        question=(
            f"Solve this Slitherlink. The board has {rows} rows and {columns} columns of square cells. Draw one single "
            "closed loop along the sides of the cells (the outer sides of the board may be used, too). The loop never "
            "crosses or touches itself, not even at a corner point. A digit in a cell tells how many of its four "
            "sides belong to the loop; a dot tells nothing. There is exactly one solution.\n\n"
            f"{drawing}\n\n"
            "Answer by telling which cells lie inside the loop: a grid of "
            f"{rows} lines of {columns} characters, separated by spaces, # for a cell inside the loop and . for a cell "
            "outside."
        ),
        payload=payload,
        reference="\n".join(" ".join(line) for line in marks),
        example=example,
        brief="\n".join(clues),
        certificate={"unique": True, "effort": rows * columns * (1 + sum(line.count(".") for line in clues))},
    )
