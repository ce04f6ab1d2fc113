"""Hashi (bridges) with exactly one solution, from 4 islands to 45.

Example (level 0)::

    2 . . 3
    . . . .
    1 . . .
    . . . 2

What is right: the one set of bridges that gives every island its number and joins all islands, here ``1,1 1,4 1``,
``1,1 3,1 1`` and ``1,4 4,4 2`` on three lines. The solver proves that there is no other.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell
from gradarium.verifiers.puzzles.hashi import between, pairs_of, read_bridges, verify


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of cells."""
    columns: int
    """Columns of cells."""
    islands: int
    """How many cells are islands."""


LEVELS = [
    Params(4, 4, 4),
    Params(5, 5, 6),
    Params(6, 6, 8),
    Params(7, 7, 11),
    Params(8, 8, 15),
    Params(10, 10, 21),
    Params(12, 12, 30),
    Params(15, 15, 45),
]

Pair = tuple[Cell, Cell]
Bridges = dict[Pair, int]
"""Two islands, the upper or left one first, and their bridges, 1 or 2; in the order of the islands."""


def grow(rng: random.Random, params: Params) -> Bridges:
    """Return bridges that join islands: each new island lies at the end of a bridge from an old one.

    Then more bridges are built where none is crossed. No two islands lie side by side.
    """
    rows, columns = params.rows, params.columns
    islands = [(rng.randrange(rows), rng.randrange(columns))]
    bridges: Bridges = {}
    busy = {islands[0]}
    for _ in range(60 * params.islands):
        if len(islands) == params.islands:
            break
        r, c = rng.choice(islands)
        dr, dc = rng.choice([(0, 1), (1, 0), (0, -1), (-1, 0)])
        length = rng.randint(2, max(3, (rows + columns) // 4))
        way = [(r + i * dr, c + i * dc) for i in range(1, length + 1)]
        y, x = way[-1]
        if not (0 <= y < rows and 0 <= x < columns) or busy & set(way):
            continue
        if any((y + a, x + b) in islands for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0))):
            continue
        islands.append((y, x))
        busy.update(way)
        bridges[min((r, c), (y, x)), max((r, c), (y, x))] = rng.randint(1, 2)
    if len(islands) < params.islands:
        raise Redraw
    pairs = pairs_of(islands)
    for pair in rng.sample(pairs, len(pairs)):
        if pair not in bridges and not busy & set(between(*pair)) and rng.random() < 0.6:
            bridges[pair] = rng.randint(1, 2)
            busy.update(between(*pair))
    return {pair: bridges[pair] for pair in pairs if pair in bridges}


def is_unique(bridges: Bridges, numbers: dict[Cell, int]) -> bool:
    """Return whether these bridges are the only ones that give these islands their numbers and join them all."""
    pairs = pairs_of(sorted(numbers))
    some: dict[Pair, int] = {}
    both: dict[Pair, int] = {}

    def cut(found: list[int]) -> list[list[int]]:
        true = set(found)
        joined = {cell: {cell} for cell in numbers}
        for a, b in pairs:
            if some[a, b] in true and joined[a] is not joined[b]:
                joined[a] |= joined[b]
                for cell in joined[b]:
                    joined[cell] = joined[a]
        groups = {id(group): group for group in joined.values()}
        if len(groups) == 1:
            return []
        return [[some[a, b] for a, b in pairs if (a in group) != (b in group)] for group in groups.values()]

    with Model(cut) as model:
        for pair in pairs:
            some[pair], both[pair] = model.new(2)
            model.add(-both[pair], some[pair])
        for cell, number in numbers.items():
            here = [pair for pair in pairs if cell in pair]
            model.exactly(number, [some[pair] for pair in here] + [both[pair] for pair in here])
        ways = {pair: set(between(*pair)) for pair in pairs}
        for i, pair in enumerate(pairs):
            for other in pairs[:i]:
                if ways[pair] & ways[other]:
                    model.add(-some[pair], -some[other])
        solution = []
        for pair in pairs:
            solution.append(some[pair] if bridges.get(pair, 0) > 0 else -some[pair])
            solution.append(both[pair] if bridges.get(pair, 0) > 1 else -both[pair])
        return model.only(solution)


def canonical(payload: Mapping[str, Any]) -> object:
    """Return the least of the eight turned and mirrored boards."""
    lines = payload["islands"]
    same = []
    for turn in range(8):
        lines = ["".join(line) for line in zip(*lines, strict=True)] if turn % 2 else lines[::-1]
        same.append(lines)
    return min(same)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the islands, with the bridges of the answer that lie between islands."""
    cells = [[" " if char == "." else char for char in line] for line in payload["islands"]]
    pairs = pairs_of([(r, c) for r, row in enumerate(cells) for c, char in enumerate(row) if char != " "])
    for (a, b), number in read_bridges(answer, len(pairs)) or []:
        if (a, b) in pairs:
            mark = ("-", "=")[number > 1] if a[0] == b[0] else ("|", '"')[number > 1]
            for r, c in between(a, b):
                cells[r][c] = mark
    return cells


@task(
    levels=LEVELS,
    tags={"classic", "grid"},
    chance=0.03,
    canonical=canonical,
    slow="a SAT solver proves that the solution is the only one",
    board=board,
)
def make(rng: random.Random, params: Params) -> Draft:
    """Build bridges, count them at each island, and keep what tells them all."""
    rows, columns = params.rows, params.columns
    bridges = grow(rng, params)
    numbers: dict[Cell, int] = {}
    for pair, number in bridges.items():
        for cell in pair:
            numbers[cell] = numbers.get(cell, 0) + number
    if not is_unique(bridges, numbers):
        raise Redraw
    islands = ["".join(str(numbers.get((r, c), ".")) for c in range(columns)) for r in range(rows)]
    payload = {"islands": islands}
    example = "1,1 1,3 1\n1,3 4,3 2"
    if verify(example, payload).score:
        raise Redraw
    drawing = "\n".join(" ".join(line) for line in islands)
    return Draft(
        question=(
            f"Solve this Hashi (bridges). The board has {rows} rows and {columns} columns; a digit is an island, a "
            "dot is water. Join islands by bridges: a bridge runs straight, horizontally or vertically, from an "
            "island to the next island in its row or column, over water only. Two islands are joined by no bridge, "
            "by one or by two. Bridges never cross each other. Each island's digit is the number of bridges that end "
            "at it, and all islands must hang together: from each one can walk over bridges to every other. There is "
            "exactly one solution.\n\n"
            f"{drawing}\n\n"
            "Answer with one line for each pair of islands that is joined: row and column of one island, row and "
            "column of the other, and the number of bridges between them (1 or 2), in the form row,column row,column "
            "number. Row 1 is at the top, column 1 is on the left."
        ),
        payload=payload,
        reference="\n".join(f"{a + 1},{b + 1} {r + 1},{c + 1} {n}" for ((a, b), (r, c)), n in bridges.items()),
        example=example,
        brief="\n".join(islands),
        certificate={"unique": True, "effort": len(numbers) * len(pairs_of(sorted(numbers)))},
    )
