"""Nurikabe with exactly one solution: shade a connected sea around islands of given sizes, from 4x4 to 10x10.

Example (level 2)::

    ? # ? ?
    # 3 ? ?
    ? ? ? 2
    ? # # #

What is right: every shading that keeps what is shown and the rules; a SAT solver proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._shading import draw_sea, edge, groups, join, least_view, show, squares, touching
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
    largest: int
    """Most cells of an island, 9 at most."""
    shown: int
    """Percentage of the cells without a number that are shown, before more are shown for uniqueness."""
    more: int
    """Percentage of the cells that may be shown for uniqueness."""


LEVELS = [
    Params(4, 4, 4, 75, 20),
    Params(4, 4, 4, 45, 20),
    Params(4, 4, 5, 15, 20),
    Params(5, 5, 5, 10, 20),
    Params(6, 6, 6, 0, 20),
    Params(7, 7, 7, 0, 20),
    Params(8, 8, 8, 0, 20),
    Params(10, 10, 9, 0, 20),
]


def _model(params: Params, near: list[list[int]], numbers: dict[int, int]) -> Model:
    """Return the rules: squares and reach as clauses, the sea's and the islands' form as cuts."""

    def cut(found: list[int]) -> list[list[int]]:
        sea = [literal - 1 for literal in found if 0 < literal <= len(near)]
        cuts = join(groups(sea, near), near)
        for island in groups(set(range(len(near))) - set(sea), near):
            named = [cell for cell in island if cell in numbers]
            border = [-(cell + 1) for cell in edge(island, near)]
            if not named:
                cuts.append([island[0] + 1, *border])
            elif len(island) < numbers[named[0]]:
                cuts.append(border)
            elif len(named) > 1 or len(island) > numbers[named[0]]:
                # The number's cell and the next ones until they are too many, or a second number is among them.
                start = named[0]
                grown = [start]
                inside = set(island)
                for cell in grown:
                    if len(grown) > numbers[start] or any(c in numbers for c in grown[1:]):
                        break
                    grown += [c for c in near[cell] if c in inside and c not in grown]
                if len(grown) > numbers[start]:
                    grown = grown[: numbers[start] + 1]
                cuts.append([cell + 1 for cell in grown])
        return cuts

    model = Model(cut)
    model.new(len(near))
    for block in squares(params.rows, params.columns):
        model.add(*(-(cell + 1) for cell in block))
    reach = [0] * len(near)
    for start, number in numbers.items():
        model.add(-(start + 1))
        for cell in range(len(near)):
            reach[cell] += _apart(start, cell, params.columns) < number
    for cell, islands in enumerate(reach):
        if not islands:
            model.add(cell + 1)
    return model


def _apart(a: int, b: int, columns: int) -> int:
    """Return the steps between two cells."""
    return abs(a // columns - b // columns) + abs(a % columns - b % columns)


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
    """Draw a solution, number its islands and show cells until it is the only one."""
    rows, columns = params.rows, params.columns
    near = touching(rows, columns)
    sea = draw_sea(rng, rows, columns, params.largest)
    islands = groups(set(range(len(near))) - sea, near)
    numbers = {rng.choice(sorted(island)): len(island) for island in islands}
    truth = [cell + 1 if cell in sea else -(cell + 1) for cell in range(len(near))]
    blank = [cell for cell in range(len(near)) if cell not in numbers]
    shown = set(rng.sample(blank, len(blank) * params.shown // 100))
    hidden = [cell for cell in blank if cell not in shown]
    with _model(params, near, numbers) as model:
        for cell in sorted(shown):
            model.add(truth[cell])
        more = show(model, rng, truth, hidden, len(near) * params.more // 100)
    if more is None or len(more) == len(hidden):
        raise Redraw
    shown |= more
    solution = ["#" if cell in sea else "." for cell in range(len(near))]
    cells = [str(numbers[i]) if i in numbers else solution[i] if i in shown else "?" for i in range(len(near))]
    lines = [cells[start : start + columns] for start in range(0, len(near), columns)]
    reach = sum(_apart(a, b, columns) < number for a, number in numbers.items() for b in hidden if b not in shown)
    text = "\n".join(" ".join(line) for line in lines)
    question = (
        f"Solve this Nurikabe puzzle. The board has {rows} rows and {columns} columns. Shade some cells; the cells "
        "that are not shaded form islands. Cells touch when they share a side, not just a corner.\n"
        "- A cell with a number is not shaded. It belongs to an island with exactly that many cells, its own cell "
        "counted.\n"
        "- Unshaded cells that hang together by touching belong to the same island. Every island holds exactly one "
        "number.\n"
        "- All shaded cells hang together by touching: they form one group.\n"
        "- No 2x2 square is completely shaded.\n\n"
        "A number is a numbered cell, # a cell that is shaded, a dot one that is not, and ? one to decide. There is "
        f"exactly one solution.\n\n{text}\n\n"
        f"Answer with the complete board: {rows} lines of {columns} characters, # for a shaded cell and a dot for any "
        "other, numbered ones too."
    )
    return Draft(
        question=question,
        payload={"cells": lines},
        reference="\n".join("".join(solution[start : start + columns]) for start in range(0, len(near), columns)),
        # Shaded rows apart from each other are never one group.
        example="\n".join(("." if r % 2 else "#") * columns for r in range(rows)),
        brief=text,
        certificate={"unique": True, "effort": len(hidden) - len(more) + reach},
    )
