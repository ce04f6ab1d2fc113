"""Futoshiki: a Latin square with some cells and comparisons between neighbours, from order 4 to order 8.

Example (level 0)::

    .132
    .324
    3.41
    2.13
    r1c1 > r2c1
    r2c1 < r2c2
    r2c2 > r3c2
    r3c2 < r3c3

What is right: every Latin square that keeps the givens and the comparisons; the search proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._domains import Row, Search, latin_square, rows_and_columns
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns."""
    givens: int
    """Cells shown."""
    signs: int
    """Comparisons shown; more of them, then more cells, are added until one solution is left."""


LEVELS = [
    Params(4, 12, 4),
    Params(4, 8, 6),
    Params(4, 3, 6),
    Params(5, 4, 8),
    Params(5, 0, 14),
    Params(6, 2, 8),
    Params(7, 2, 8),
    Params(8, 2, 8),
]


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to reflection at the diagonal."""
    flipped = sorted([[a[::-1], b[::-1]] for a, b in payload["signs"]])
    columns = ["".join(column) for column in zip(*payload["givens"], strict=True)]
    return min([payload["givens"], sorted(payload["signs"])], [columns, flipped])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells with the comparisons between them."""
    givens = payload["givens"]
    n = len(givens)
    grid = read_grid(answer, n, n, "123456789"[:n]) or [[" " if c == "." else c for c in line] for line in givens]
    cells = [[" "] * (2 * n - 1) for _ in range(2 * n - 1)]
    for r in range(n):
        for c in range(n):
            cells[2 * r][2 * c] = grid[r][c]
    for (r, c), (y, x) in payload["signs"]:
        cells[r + y][c + x] = ("<" if c < x else ">") if r == y else ("^" if r < y else "v")
    return cells


@task(levels=LEVELS, tags={"classic", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a square, show some of it, and add what other solutions break until there is no other."""
    n = params.size
    solution = latin_square(rng, n)
    search = Search(n * n, n)
    for line in rows_and_columns(n):
        search.distinct(line)
    order = rng.sample(range(n * n), n * n)
    given = order[: params.givens]
    for cell in given:
        search.give(cell, solution[cell])
    pairs = [(i, i + 1) for i in range(n * n) if (i + 1) % n] + [(i, i + n) for i in range(n * n - n)]
    rng.shuffle(pairs)
    pairs = [(i, j) if solution[i] < solution[j] else (j, i) for i, j in pairs]
    less: list[Row] = [(a, b) for b in range(1, n + 1) for a in range(1, b)]
    open_pairs = [pair for pair in pairs if not (pair[0] in given and pair[1] in given)]
    signs = open_pairs[: params.signs]
    for pair in signs:
        search.table(pair, less)
    while other := search.solve(other=solution):
        broken = next((pair for pair in open_pairs if other[pair[0]] > other[pair[1]]), None)
        if broken:
            signs.append(broken)
            search.table(broken, less)
        else:
            cell = next(i for i in order if other[i] != solution[i])
            given.append(cell)
            search.give(cell, solution[cell])
    search.effort = 0
    search.solve(other=solution)

    example = [(r + c) % n + 1 for r in range(n) for c in range(n)]
    if all(example[i] == solution[i] for i in given) and all(example[i] < example[j] for i, j in signs):
        raise Redraw  # the example in the prompt would be the answer
    cells = [solution[i] if i in given else 0 for i in range(n * n)]

    def grid(values: list[int], gap: str) -> list[str]:
        return [gap.join(str(d or ".") for d in values[r : r + n]) for r in range(0, n * n, n)]

    def name(cell: int) -> str:
        return f"r{cell // n + 1}c{cell % n + 1}"

    told = [f"{name(min(p))} {'<' if p[0] < p[1] else '>'} {name(max(p))}" for p in sorted(signs, key=sorted)]
    question = (
        f"Solve this Futoshiki. The grid has {n} rows and {n} columns; a dot is an empty cell. Fill every empty cell "
        f"with a number from 1 to {n} so that each row and each column holds each number exactly once and every "
        f"comparison in the list is true. Filled cells must not change.\n\n"
        "A cell is named by its row and column: r1c2 is row 1, column 2. Row 1 is the top, column 1 the left.\n\n"
        + "\n".join([*grid(cells, " "), "", "Comparisons", *told])
        + f"\n\nAnswer with the complete grid: {n} lines of {n} numbers, separated by spaces."
    )
    return Draft(
        question=question,
        payload={
            "givens": grid(cells, ""),
            "signs": [[[i // n, i % n], [j // n, j % n]] for i, j in sorted(signs)],
        },
        reference="\n".join(grid(solution, " ")),
        example="\n".join(grid(example, " ")),
        brief="\n".join([*grid(cells, ""), *told]),
        certificate={"unique": True, "effort": cells.count(0) + search.effort},
    )
