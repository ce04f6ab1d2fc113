"""Campsite (Tents and Trees) with exactly one solution, from 4x4 with two trees to 14x14.

Example (level 0), trees ``#``, tents per row and column at the edge, and the solution::

      0 0 1 1         0 0 1 1
    1 . # . .       1 . # T .
    0 . . . #       0 . . . #
    1 . . . .       1 . . . T
    0 . . . .       0 . . . .

What is right: every grid of tents that keeps the counts and the rules, with one tree for each tent and one tent for
each tree (checked by matching); SAT proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cells import Rules
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell, neighbours
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns."""
    trees: int
    """Trees, and so tents; a few less where that makes the solution the only one."""


LEVELS = [
    Params(4, 2),
    Params(4, 3),
    Params(5, 5),
    Params(6, 7),
    Params(8, 12),
    Params(10, 20),
    Params(12, 28),
    Params(14, 39),
]
ROUNDS = 12
"""Times that loose pairs of tent and tree are moved before the draw is given up."""


def around(cell: Cell, size: int) -> list[Cell]:
    """Return the cells that touch this one by a side or a corner, and the cell."""
    r, c = cell
    return [(i, j) for i in range(max(0, r - 1), min(size, r + 2)) for j in range(max(0, c - 1), min(size, c + 2))]


def place(rng: random.Random, pairs: dict[Cell, Cell], count: int, size: int) -> None:
    """Add pairs of tent and tree in random places until there are ``count``, or no place is found."""
    trees = set(pairs.values())
    taken = {cell for tent in pairs for cell in around(tent, size)}
    for tent in rng.sample([(r, c) for r in range(size) for c in range(size)], size * size):
        if len(pairs) == count:
            return
        if tent in taken or tent in trees:
            continue
        free = [cell for cell in neighbours(tent, size, size) if cell not in trees and cell not in pairs]
        if free:
            pairs[tent] = rng.choice(free)
            trees.add(pairs[tent])
            taken.update(around(tent, size))


def unmatched(trees: list[Cell], tents: set[Cell], size: int) -> set[Cell]:
    """Return trees that together have fewer tents beside them than they are; empty if each can have its own."""
    owner: dict[Cell, Cell] = {}

    def assign(tree: Cell, seen: set[Cell], asked: set[Cell]) -> bool:
        asked.add(tree)
        for cell in neighbours(tree, size, size):
            if cell in tents and cell not in seen:
                seen.add(cell)
                if cell not in owner or assign(owner[cell], seen, asked):
                    owner[cell] = tree
                    return True
        return False

    for tree in trees:
        asked: set[Cell] = set()
        if not assign(tree, set(), asked):
            return asked
    return set()


def rules_of(trees: list[Cell], rows: list[int], columns: list[int]) -> tuple[Rules, dict[Cell, int]]:
    """Return the rules on the cells beside trees, and the number of each such cell."""
    size = len(rows)
    places = sorted({cell for tree in trees for cell in neighbours(tree, size, size)} - set(trees))
    number = {cell: i for i, cell in enumerate(places, 1)}

    def cut(found: list[int]) -> list[list[int]]:
        tents = {places[i - 1] for i in found if 0 < i <= len(places)}
        poor = unmatched(trees, tents, size)
        more = {cell for tree in poor for cell in neighbours(tree, size, size) if cell in number} - tents
        return [[number[cell] for cell in sorted(more)]] if poor else []

    rules = Rules(len(places), cut)
    for i in range(size):
        rules.say(rows[i], rows[i], [number[cell] for cell in places if cell[0] == i])
        rules.say(columns[i], columns[i], [number[cell] for cell in places if cell[1] == i])
    for cell in places:
        for other in around(cell, size):
            if other > cell and other in number:
                rules.say(0, 1, [number[cell], number[other]])
    for tree in trees:
        beside = [number[cell] for cell in neighbours(tree, size, size) if cell in number]
        rules.say(1, len(beside), beside)
    return rules, number


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a campsite up to exchange of rows and columns."""
    turned = ["".join(column) for column in zip(*payload["cells"], strict=True)]
    return min([payload["cells"], payload["rows"], payload["columns"]], [turned, payload["columns"], payload["rows"]])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or the trees alone where the answer is no grid."""
    size = len(payload["cells"])
    grid = read_grid(answer, size, size, ".#Tt")
    show = {".": " ", "#": "●", "T": "T", "t": "T"}
    body = [[show[cell] for cell in row] for row in grid or payload["cells"]]
    head = ["", *map(str, payload["columns"])]
    return [head, *([str(count), *row] for count, row in zip(payload["rows"], body, strict=True))]


@task(
    levels=LEVELS,
    tags={"enigmata", "grid"},
    chance=0.04,
    canonical=canonical,
    board=board,
    slow="tents that could stand elsewhere are found by proofs and moved until none is left",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Place pairs of tent and tree; those that could stand elsewhere are placed anew until the solution is unique."""
    size = params.size
    pairs: dict[Cell, Cell] = {}
    for _ in range(ROUNDS):
        place(rng, pairs, params.trees, size)
        trees = sorted(pairs.values())
        rows = [sum(r == i for r, _ in pairs) for i in range(size)]
        columns = [sum(c == i for _, c in pairs) for i in range(size)]
        rules, number = rules_of(trees, rows, columns)
        with rules.model() as model:
            model.add(*(-i if cell in pairs else i for cell, i in number.items()))
            if not model.satisfiable():
                break
            # Yes or no for each tent: which other solution the solver sees must not show.
            loose = [tent for tent in pairs if model.satisfiable([-number[tent]])]
        for tent in loose if len(loose) < 4 else rng.sample(loose, (len(loose) + 1) // 2):
            del pairs[tent]
    else:
        raise Redraw
    if len(pairs) < params.trees - params.trees // 8:
        raise Redraw

    def show(tents: Mapping[Cell, Cell]) -> list[str]:
        return [
            "".join("#" if (r, c) in trees else "T" if (r, c) in tents else "." for c in range(size))
            for r in range(size)
        ]

    empty, full = show({}), show(pairs)
    width = max(len(str(count)) for count in rows + columns)
    drawn = [" ".join(f"{count:>{width}}" for count in ["", *columns])]
    drawn += [
        " ".join(f"{text:>{width}}" for text in [str(count), *row]) for count, row in zip(rows, empty, strict=True)
    ]
    wrong = {(r, c): (r, c) for r in range(size) for c in range(size) if (r, c) not in trees and not (r + c) % 2}
    question = (
        f"This is a campsite of {size} rows and {size} columns with {len(trees)} trees (#). Pitch {len(trees)} tents "
        "in empty cells (.) so that\n"
        "- each tree has one tent of its own directly above, below, left or right of it: trees and tents form pairs, "
        "one tent for each tree and one tree for each tent (a tent may also stand beside another pair's tree);\n"
        "- no two tents touch, not even at a corner;\n"
        "- each row and each column holds as many tents as the number at its left end or at its top says.\n\n"
        + "\n".join(drawn)
        + "\n\n"
        f"Answer with the complete grid without the numbers: {size} lines of {size} characters, # for a tree, T for a "
        "tent and . for an empty cell."
    )
    return Draft(
        question=question,
        payload={"cells": empty, "rows": rows, "columns": columns},
        reference="\n".join(full),
        example="\n".join(show(wrong)),
        brief="\n".join(drawn),
        certificate={"unique": True, "effort": len(pairs) + rules.steps([], 20 * size * size)},
    )
