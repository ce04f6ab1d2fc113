"""Tapa with exactly one solution: shade a connected wall that matches clues about neighbours, from 4x4 to 12x12.

Example (level 2)::

     ?  ?  ?  ?
     ? 24  ?  ?
    12  ?  ?  ?
     2  ?  5  ?

What is right: every shading that keeps what is shown and the rules; a SAT solver proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._shading import draw_sea, groups, join, least_view, show, squares, touching
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the board."""
    columns: int
    """Columns of the board."""
    clues: int
    """Percentage of the unshaded cells that hold a clue."""
    shown: int
    """Percentage of the cells without a clue that are shown, before more are shown for uniqueness."""
    more: int
    """Percentage of the cells that may be shown for uniqueness."""


LEVELS = [
    Params(4, 4, 50, 70, 20),
    Params(4, 4, 60, 35, 20),
    Params(4, 4, 70, 0, 20),
    Params(5, 5, 65, 0, 20),
    Params(6, 6, 60, 0, 20),
    Params(7, 7, 60, 0, 20),
    Params(8, 8, 55, 0, 20),
    Params(12, 12, 55, 0, 20),
]
_RING = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
"""The eight cells around a cell, clockwise."""


def _runs(ring: tuple[bool, ...]) -> str:
    """Return the sorted lengths of the runs of a ring, as a clue."""
    if all(ring):
        return "8"
    start = ring.index(False)
    text = "".join("#" if shaded else "." for shaded in (*ring[start:], *ring[:start]))
    return "".join(sorted(str(len(run)) for run in text.split(".") if run)) or "0"


@cache
def _fillings(inside: tuple[int, ...], clue: str) -> list[tuple[bool, ...]]:
    """Return the ways to shade the cells of a ring that are on the board so that the clue is met."""
    found = []
    for marks in product((False, True), repeat=len(inside)):
        ring = [False] * 8
        for place, mark in zip(inside, marks, strict=True):
            ring[place] = mark
        if _runs(tuple(ring)) == clue:
            found.append(marks)
    return found


@cache
def _clauses(inside: tuple[int, ...], clue: str) -> list[tuple[int, ...]]:
    """Return the shortest clauses that forbid all other fillings; literal k + 1 is the k-th cell inside.

    A partial filling (None: open) that no way to meet the clue completes is forbidden; only the least ones are kept.
    """
    n = len(inside)
    alive = {
        tuple(mark if keep >> k & 1 else None for k, mark in enumerate(marks))
        for marks in _fillings(inside, clue)
        for keep in range(1 << n)
    }
    clauses = []
    for part in product((None, False, True), repeat=n):
        if part not in alive and all(part[k] is None or (*part[:k], None, *part[k + 1 :]) in alive for k in range(n)):
            clauses.append(tuple(-(k + 1) if mark else k + 1 for k, mark in enumerate(part) if mark is not None))
    return clauses


def _around(cell: int, rows: int, columns: int) -> tuple[tuple[int, ...], list[int]]:
    """Return which places of a cell's ring are on the board, and the cells there."""
    r, c = divmod(cell, columns)
    inside = [k for k, (dr, dc) in enumerate(_RING) if 0 <= r + dr < rows and 0 <= c + dc < columns]
    return tuple(inside), [(r + _RING[k][0]) * columns + c + _RING[k][1] for k in inside]


def _model(params: Params, clues: dict[int, str]) -> Model:
    """Return the rules: squares and clues as clauses, connectivity as cuts."""
    near = touching(params.rows, params.columns)

    def cut(found: list[int]) -> list[list[int]]:
        return join(groups([literal - 1 for literal in found if 0 < literal <= len(near)], near), near)

    model = Model(cut)
    model.new(len(near))
    for block in squares(params.rows, params.columns):
        model.add(*(-(cell + 1) for cell in block))
    for cell, clue in clues.items():
        model.add(-(cell + 1))
        inside, ring = _around(cell, params.rows, params.columns)
        for clause in _clauses(inside, clue):
            model.add(*(ring[k - 1] + 1 if k > 0 else -(ring[-k - 1] + 1) for k in clause))
    return model


def canonical(payload: Mapping[str, Any]) -> object:
    """Take the least of the eight views of the board."""
    return least_view(payload["cells"])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the board with the answer's shading, or as it is shown where the answer is no grid."""
    cells = payload["cells"]
    grid = read_grid(answer, len(cells), len(cells[0]), "#.")
    if grid is None:
        return [[" " if given == "?" else given for given in line] for line in cells]
    return [
        [given if given.isdigit() and mark == "." else mark for given, mark in zip(*lines, strict=True)]
        for lines in zip(cells, grid, strict=True)
    ]


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.03, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a wall, write clues beside it and show cells until it is the only one."""
    rows, columns = params.rows, params.columns
    size = rows * columns
    wall = draw_sea(rng, rows, columns, size)
    open_cells = [cell for cell in range(size) if cell not in wall]
    clues = {}
    for cell in sorted(rng.sample(open_cells, -(-len(open_cells) * params.clues // 100))):
        inside, ring = _around(cell, rows, columns)
        marks = dict(zip(inside, (other in wall for other in ring), strict=True))
        clues[cell] = _runs(tuple(marks.get(k, False) for k in range(8)))
    truth = [cell + 1 if cell in wall else -(cell + 1) for cell in range(size)]
    blank = [cell for cell in range(size) if cell not in clues]
    shown = set(rng.sample(blank, len(blank) * params.shown // 100))
    hidden = [cell for cell in blank if cell not in shown]
    with _model(params, clues) as model:
        for cell in sorted(shown):
            model.add(truth[cell])
        more = show(model, rng, truth, hidden, size * params.more // 100)
    if more is None or len(more) == len(hidden):
        raise Redraw
    shown |= more
    solution = ["#" if cell in wall else "." for cell in range(size)]
    cells = [clues[i] if i in clues else solution[i] if i in shown else "?" for i in range(size)]
    lines = [cells[start : start + columns] for start in range(0, size, columns)]
    effort = 0
    for cell, clue in clues.items():
        inside, ring = _around(cell, rows, columns)
        known = [(k, other in wall) for k, other in enumerate(ring) if cells[other] != "?"]
        effort += sum(all(marks[k] == mark for k, mark in known) for marks in _fillings(inside, clue))
    width = max(map(len, cells))
    text = "\n".join(" ".join(word.rjust(width) for word in line) for line in lines)
    question = (
        f"Solve this Tapa puzzle. The board has {rows} rows and {columns} columns. Shade some of the cells.\n"
        "- A cell with digits is a clue and is not shaded. Look at the cells around it (up to eight: those that touch "
        "it by a side or a corner) in the order in which they lie around it. The shaded ones among them form runs of "
        "neighbours in that circle, and between two runs there is at least one cell that is not shaded; cells off the "
        "board count as not shaded. The digits are the lengths of all the runs, in any order: 13 means one run of 1 "
        "and one run of 3, and 0 means that no cell around is shaded.\n"
        "- All shaded cells form one group that hangs together by sides.\n"
        "- No 2x2 square is completely shaded.\n\n"
        "On the board, # is a cell that is shaded, a dot one that is not, and ? one to decide. There is exactly one "
        f"solution.\n\n{text}\n\n"
        f"Answer with the complete board: {rows} lines of {columns} characters, # for a shaded cell and a dot for any "
        "other, clues too."
    )
    return Draft(
        question=question,
        payload={"cells": lines},
        reference="\n".join("".join(solution[start : start + columns]) for start in range(0, size, columns)),
        # Shaded rows apart from each other are never one group.
        example="\n".join(("." if r % 2 else "#") * columns for r in range(rows)),
        brief=text,
        certificate={"unique": True, "effort": len(hidden) - len(more) + effort},
    )
