"""Tiles with letters on their sides to be laid into a grid, from six tiles to 64.

Example (top, right, bottom, left)::

    tile 1: - d a -
    tile 2: a c - -
    tile 3: b - - c
    tile 4: - - b d

What is right: every arrangement in which touching sides have the same letter and the flat sides, if there are any, lie
at the edge of the grid, here ``1 4`` above ``2 3``.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.text_jigsaw import read_arrangement


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the grid."""
    columns: int
    """Columns of the grid."""
    letters: int
    """Different letters; the fewer there are, the more tiles seem to fit."""
    flat: bool
    """Whether the sides at the edge of the grid are flat; otherwise they have letters that do not matter."""


LEVELS = [
    Params(2, 3, 8, True),
    Params(3, 3, 8, True),
    Params(3, 4, 7, True),
    Params(4, 4, 6, True),
    Params(4, 4, 5, False),
    Params(5, 5, 4, False),
    Params(6, 6, 4, False),
    Params(8, 8, 5, False),
]


def compared(tiles: Sequence[str], columns: int) -> int:
    """Return how many tiles seem to fit, place by place, when the grid is filled row by row without a mistake."""
    total = 0
    for place, tile in enumerate(tiles):
        for other in tiles[place:]:
            alike = (place < columns or other[0] == tile[0]) and (place % columns == 0 or other[3] == tile[3])
            total += alike and all((a == "-") == (b == "-") for a, b in zip(other, tile, strict=True))
    return total


def fit(tiles: Sequence[str], columns: int) -> bool:
    """Tell whether the tiles fit in the order in which they are numbered."""
    rows = len(tiles) // columns
    for place, tile in enumerate(tiles):
        r, c = divmod(place, columns)
        edges = (r == 0, c == columns - 1, r == rows - 1, c == 0)
        if any((side == "-") != edge for side, edge in zip(tile, edges, strict=True)) and "-" in "".join(tiles):
            return False
        if (r and tiles[place - columns][2] != tile[0]) or (c and tiles[place - 1][1] != tile[3]):
            return False
    return True


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget how the tiles are numbered."""
    return [payload["rows"], payload["columns"], sorted(payload["tiles"])]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the grid, each tile as its number with the letters of its sides around it."""
    rows, columns = payload["rows"], payload["columns"]
    cells = [[" "] * (3 * columns) for _ in range(3 * rows)]
    for r, line in enumerate(read_arrangement(answer, rows, columns) or []):
        for c, number in enumerate(line):
            if 1 <= number <= len(payload["tiles"]):
                top, right, bottom, left = tuple(payload["tiles"][number - 1])
                cells[3 * r + 1][3 * c + 1] = str(number)
                cells[3 * r][3 * c + 1], cells[3 * r + 2][3 * c + 1] = top, bottom
                cells[3 * r + 1][3 * c], cells[3 * r + 1][3 * c + 2] = left, right
    return cells


@task(levels=LEVELS, tags={"classic", "grid"}, chance=0.05, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Write letters on all inner sides of a grid and mix its cells."""
    rows, columns = params.rows, params.columns
    letters = "abcdefghijklmnopqrstuvwxyz"[: params.letters]
    below = [[rng.choice(letters) for _ in range(columns)] for _ in range(rows - 1)]
    beside = [[rng.choice(letters) for _ in range(columns - 1)] for _ in range(rows)]

    def outer() -> str:
        return "-" if params.flat else rng.choice(letters)

    cut = [
        "".join(
            (
                below[r - 1][c] if r else outer(),
                beside[r][c] if c + 1 < columns else outer(),
                below[r][c] if r + 1 < rows else outer(),
                beside[r][c - 1] if c else outer(),
            )
        )
        for r in range(rows)
        for c in range(columns)
    ]
    order = rng.sample(range(len(cut)), len(cut))
    tiles = [cut[place] for place in order]
    if fit(tiles, columns):
        raise Redraw  # the tiles in the order of their numbers are the example

    def lines(numbers: Sequence[int]) -> str:
        return "\n".join(" ".join(map(str, numbers[r * columns : (r + 1) * columns])) for r in range(rows))

    number_at = {place: number for number, place in enumerate(order, 1)}
    listed = "\n".join(f"tile {number}: {' '.join(tile)}" for number, tile in enumerate(tiles, 1))
    sides = "a letter, or - for a flat side" if params.flat else "a letter each"
    edge = (
        "Every side at the edge of the grid must be flat, and no flat side may lie inside the grid."
        if params.flat
        else "The sides at the edge of the grid may have any letters."
    )
    question = (
        f"Lay these {len(tiles)} square tiles into a grid of {rows} rows and {columns} columns, each tile once. The "
        f"sides of a tile are given in the order top, right, bottom, left: {sides}.\n\n"
        f"{listed}\n\n"
        f"Where two tiles touch, the two sides that touch must have the same letter. {edge} Tiles must not be turned "
        "or mirrored. If several arrangements keep these rules, any of them is right.\n\n"
        f"Answer with the numbers of the tiles as they lie, the top row first: {rows} lines of {columns} numbers, "
        "separated by spaces."
    )
    return Draft(
        question=question,
        payload={"rows": rows, "columns": columns, "flat": params.flat, "tiles": tiles},
        reference=lines([number_at[place] for place in range(len(cut))]),
        example=lines(range(1, len(cut) + 1)),
        brief=f"{rows} x {columns}\n{listed}",
        certificate={"satisfiable": True, "effort": len(cut) * compared(cut, columns)},
    )
