"""Spell a word by a path over neighbouring cells of a letter grid, from 3 letters on 4x4 to 45 letters on 12x12.

Example::

    f a c
    h b a
    c e g
    word: abe

What is right: every path of neighbouring cells, none used twice, whose letters are the word, here ``1 2, 2 2, 3 2`` and
``2 3, 2 2, 3 2``.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell, read_cells


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    side: int
    """Rows and columns of the grid."""
    letters: int
    """Different letters; the fewer there are, the more paths begin well."""
    length: int
    """Letters of the word."""
    diagonal: bool
    """Whether cells that share a corner only are neighbours."""


LEVELS = [
    Params(4, 8, 3, False),
    Params(4, 7, 5, False),
    Params(5, 6, 6, False),
    Params(6, 6, 9, True),
    Params(7, 5, 13, True),
    Params(8, 4, 20, True),
    Params(10, 4, 30, True),
    Params(12, 3, 45, True),
]


def around(cell: Cell, side: int, diagonal: bool) -> list[Cell]:
    """Return the neighbours of a cell, counted from 0, row by row."""
    r, c = cell
    return [
        (a, b)
        for a in range(max(r - 1, 0), min(r + 2, side))
        for b in range(max(c - 1, 0), min(c + 2, side))
        if (a, b) != cell and (diagonal or a == r or b == c)
    ]


def walk(rng: random.Random, params: Params) -> list[Cell]:
    """Draw a path that uses no cell twice."""
    for _ in range(200):
        path = [(rng.randrange(params.side), rng.randrange(params.side))]
        while len(path) < params.length:
            free = [cell for cell in around(path[-1], params.side, params.diagonal) if cell not in path]
            if not free:
                break
            path.append(rng.choice(free))
        else:
            return path
    raise Redraw


def ends(grid: Sequence[str], word: str, diagonal: bool) -> int:
    """Return in how many cells the beginnings of a word can end, repeated cells allowed, added up over its letters."""
    side = len(grid)
    layer = {(r, c) for r in range(side) for c in range(side) if grid[r][c] == word[0]}
    total = len(layer)
    for letter in word[1:]:
        layer = {n for cell in layer for n in around(cell, side, diagonal) if grid[n[0]][n[1]] == letter}
        total += len(layer)
    return total


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify grids that are mirrored or turned."""
    rows = list(payload["grid"])
    forms = []
    for _ in range(4):
        rows = ["".join(column) for column in zip(*rows[::-1], strict=True)]
        forms += [rows, rows[::-1]]
    return [min(forms), payload["word"], payload["diagonal"]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the grid with the cells of the answer in upper case."""
    path = set(read_cells(answer, len(payload["word"]) + 20) or [])
    return [
        [char.upper() if (r, c) in path else char for c, char in enumerate(row, 1)]
        for r, row in enumerate(payload["grid"], 1)
    ]


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.03, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a grid of letters and a path, and read the word off it."""
    side = params.side
    alphabet = "abcdefghijklmnopqrstuvwxyz"[: params.letters]
    grid = ["".join(rng.choice(alphabet) for _ in range(side)) for _ in range(side)]
    path = walk(rng, params)
    word = "".join(grid[r][c] for r, c in path)
    snake = [(r, c if r % 2 == 0 else side - 1 - c) for r in range(side) for c in range(side)][: params.length]
    if "".join(grid[r][c] for r, c in snake) == word:
        raise Redraw  # the example in the prompt would be an answer

    def written(cells: Sequence[Cell]) -> str:
        return ", ".join(f"{r + 1} {c + 1}" for r, c in cells)

    picture = "\n".join(" ".join(row) for row in grid)
    near = "a side or a corner" if params.diagonal else "a side (a corner is not enough)"
    question = (
        f"Find a path in this grid of {side} rows and {side} columns whose letters, read in order, spell the word "
        f"below. Each cell of the path must share {near} with the cell before it, and no cell may be used twice. If "
        "there are several such paths, any of them is right.\n\n"
        f"{picture}\n\nWord: {word}\n\n"
        f"Answer with the {params.length} cells of the path in order, each as row and column (row 1 is the top row, "
        "column 1 the left column), separated by commas."
    )
    return Draft(
        question=question,
        payload={"grid": grid, "word": word, "diagonal": params.diagonal},
        reference=written(path),
        example=written(snake),
        brief=f"{picture}\n{word}",
        certificate={"satisfiable": True, "effort": ends(grid, word, params.diagonal)},
    )
