"""Lights out: press cells so that all lights go off, from two presses on a 4x5 board to half of a 14x14 board.

Example (level 0)::

    0 0 1 1 1
    0 0 0 1 1
    0 0 0 1 1
    0 0 0 0 1

What is right: every set of presses after which no light is on.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._shading import least_view, touching
from gradarium.generators.task import task
from gradarium.verifiers.boards import read_cells


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the board."""
    columns: int
    """Columns of the board."""
    fewest: int
    """Fewest presses by which the board is made."""
    most: int
    """Most presses by which the board is made."""


LEVELS = [
    Params(4, 5, 1, 2),
    Params(4, 5, 3, 4),
    Params(4, 5, 5, 12),
    Params(5, 6, 8, 20),
    Params(6, 7, 14, 28),
    Params(8, 8, 24, 40),
    Params(10, 10, 40, 60),
    Params(14, 14, 80, 110),
]


def _operations(masks: list[int]) -> int:
    """Return the row additions that it takes to solve the board as equations modulo 2 (Gaussian elimination)."""
    rows = list(masks)
    count = 0
    for bit in range(len(rows)):
        pivot = next((k for k, row in enumerate(rows) if row >> bit & 1), None)
        if pivot is None:
            continue
        chosen = rows.pop(pivot)
        for k, row in enumerate(rows):
            if row >> bit & 1:
                rows[k] = row ^ chosen
                count += 1
    return count


def canonical(payload: Mapping[str, Any]) -> object:
    """Take the least of the eight views of the board."""
    return least_view(payload["lights"])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the lights after the presses of the answer, or as they are at first."""
    lights = payload["lights"]
    rows, columns = len(lights), len(lights[0])
    on = {(r, c) for r, line in enumerate(lights) for c, light in enumerate(line) if light == "1"}
    for r, c in read_cells(answer, rows * columns) or []:
        for cell in ((r, c), (r - 1, c), (r, c - 1), (r, c + 1), (r + 1, c)):
            on ^= {(cell[0] - 1, cell[1] - 1)}
    return [["●" if (r, c) in on else "·" for c in range(columns)] for r in range(rows)]


@task(levels=LEVELS, tags={"classic", "sequential"}, chance=0.04, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Press random cells of a dark board."""
    rows, columns = params.rows, params.columns
    near = touching(rows, columns)
    masks = [sum(1 << cell for cell in (i, *near[i])) for i in range(rows * columns)]
    pressed = sorted(rng.sample(range(rows * columns), rng.randint(params.fewest, params.most)))
    state = 0
    for cell in pressed:
        state ^= masks[cell]
    if not state or state == masks[0] ^ masks[1]:  # nothing to do, or what the example does
        raise Redraw
    lights = ["".join(str(state >> (r * columns + c) & 1) for c in range(columns)) for r in range(rows)]
    text = "\n".join(" ".join(line) for line in lights)
    question = (
        f"Turn off all lights. The board has {rows} rows and {columns} columns; 1 is a light that is on, 0 one that is "
        "off. Pressing a cell switches its own light and the lights of the cells that share a side with it (up to "
        "four): those that are on go off, those that are off go on. Diagonal neighbours do not change, and nothing "
        "wraps around the edges.\n\n"
        f"{text}\n\n"
        "Find cells to press so that all lights are off in the end. There may be several ways; any of them is right. "
        "The order does not matter, and no cell is to be listed twice.\n\n"
        "Answer with the cells to press, one on each line, as row and column separated by a space (row 1 is the top, "
        "column 1 the left)."
    )
    return Draft(
        question=question,
        payload={"lights": lights},
        reference="\n".join(f"{cell // columns + 1} {cell % columns + 1}" for cell in pressed),
        example="1 1\n1 2",
        brief=text,
        certificate={"presses": len(pressed), "effort": _operations(masks) + len(pressed) * columns},
    )
