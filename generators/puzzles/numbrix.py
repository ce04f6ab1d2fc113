"""Numbrix with exactly one solution, from 3 x 4 with three empty cells to 10 x 10 with 32 numbers.

Example (level 0)::

    1  2  .  4
    8  .  6  5
    .  10 11 12

What is right: every complete grid of the numbers 1, 2, ... that keeps the given ones and in which neighbouring numbers
share a side; the search proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell, neighbours
from gradarium.verifiers.puzzles.numbrix import read_numbers, verify

NODES = 4_000
"""Most steps of one search for a second solution; where they do not suffice, the numbers in question stay."""
CALLS = 60
"""Most searches while numbers are taken away."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of cells."""
    columns: int
    """Columns of cells."""
    givens: int
    """Numbers that are given, the first and the last among them; more where these do not tell the solution."""


LEVELS = [
    Params(3, 4, 9),
    Params(4, 4, 11),
    Params(4, 4, 8),
    Params(5, 5, 11),
    Params(6, 6, 14),
    Params(7, 7, 18),
    Params(8, 8, 22),
    Params(10, 10, 32),
]


def draw_path(rng: random.Random, rows: int, columns: int) -> list[Cell]:
    """Return a random path through all cells: a snake whose ends bite into it again and again (backbite moves)."""
    path = [(r, c if r % 2 == 0 else columns - 1 - c) for r in range(rows) for c in range(columns)]
    for _ in range(6 * rows * columns):
        if rng.random() < 0.5:
            path.reverse()
        bitten = rng.choice([cell for cell in neighbours(path[-1], rows, columns) if cell != path[-2]])
        at = path.index(bitten) + 1
        path[at:] = path[at:][::-1]
    return path


class Search:
    """Depth-first search that walks from given number to given number, over the short gaps first."""

    def __init__(self, rows: int, columns: int) -> None:
        self.near = {(r, c): list(neighbours((r, c), rows, columns)) for r in range(rows) for c in range(columns)}
        self.nodes = 0

    def is_unique(self, path: list[Cell], given: set[int], most: int) -> bool:
        """Return whether the given places of a path, first and last among them, leave no other; False in doubt."""
        stops = sorted(given)
        gaps = sorted((b - a, a, b) for a, b in pairwise(stops) if b - a > 1)
        used = {path[i] for i in stops}
        # how many gaps still begin or end at a given cell: a free cell next to it may lie on the way
        open_ends = dict.fromkeys(used, 0)
        for _, a, b in gaps:
            open_ends[path[a]] += 1
            open_ends[path[b]] += 1
        left = most

        def ways(cell: Cell, head: Cell) -> int:
            return sum(n not in used or n == head or open_ends.get(n, 0) > 0 for n in self.near[cell])

        def walk(gap: int, head: Cell, at: int) -> int:
            """Return how many solutions there are from here on: 0, 1, or 2 for more or for running out of steps."""
            nonlocal left
            if gap == len(gaps):
                return 1
            _, a, b = gaps[gap]
            end = path[b]
            if at == b - 1:
                if end not in self.near[head]:
                    return 0
                open_ends[path[a]] -= 1
                open_ends[end] -= 1
                following = gaps[gap + 1][1] if gap + 1 < len(gaps) else b
                count = walk(gap + 1, path[following], following)
                open_ends[path[a]] += 1
                open_ends[end] += 1
                return count
            count = 0
            for cell in self.near[head]:
                if cell in used or abs(cell[0] - end[0]) + abs(cell[1] - end[1]) > b - at - 1:
                    continue
                self.nodes += 1
                left -= 1
                if left < 0:
                    return 2
                used.add(cell)
                # a free cell that is left behind must be entered and left again: it needs two ways
                if all(ways(n, cell) >= 2 for n in self.near[head] if n not in used):
                    count += walk(gap, cell, at + 1)
                used.discard(cell)
                if count > 1:
                    return 2
            return count

        return not gaps or walk(0, path[gaps[0][1]], gaps[0][1]) == 1


def canonical(payload: Mapping[str, Any]) -> object:
    """Return the least of the eight turned and mirrored grids, counted up or down."""
    lines = payload["givens"]
    last = len(lines) * len(lines[0]) + 1
    same = []
    for turn in range(8):
        lines = [list(line) for line in zip(*lines, strict=True)] if turn % 2 else lines[::-1]
        same += [lines, [[last - number if number else 0 for number in line] for line in lines]]
    return min(same)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the numbers of the answer, or the given ones where the answer is no grid."""
    givens = payload["givens"]
    grid = read_numbers(answer, len(givens), len(givens[0])) or givens
    return [[str(number)[:4] if number else " " for number in line] for line in grid]


@task(
    levels=LEVELS,
    tags={"classic", "grid"},
    chance=0.05,
    canonical=canonical,
    board=board,
)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a path through all cells, then take numbers away while the path stays the only one."""
    rows, columns = params.rows, params.columns
    path = draw_path(rng, rows, columns)
    search = Search(rows, columns)
    given = set(range(len(path)))
    order = rng.sample(range(1, len(path) - 1), len(path) - 2)
    at, step, calls = 0, max(1, len(path) // 4), CALLS
    while len(given) > params.givens and at < len(order) and calls:
        some = set(order[at : at + min(step, len(given) - params.givens)])
        calls -= 1
        if search.is_unique(path, given - some, NODES):
            given -= some
            at += len(some)
        elif len(some) == 1:
            at += 1
        else:
            step = len(some) // 2
    search.nodes = 0
    search.is_unique(path, given, NODES)
    numbers = {cell: i + 1 for i, cell in enumerate(path)}
    givens = [[numbers[r, c] if numbers[r, c] - 1 in given else 0 for c in range(columns)] for r in range(rows)]
    payload = {"givens": givens}
    last = rows * columns
    width = len(str(last))

    def lines(grid: list[list[int]]) -> str:
        return "\n".join(" ".join(str(number or ".").rjust(width) for number in line) for line in grid)

    snake = [[r * columns + (c + 1 if r % 2 == 0 else columns - c) for c in range(columns)] for r in range(rows)]
    example = lines(snake)
    if verify(example, payload).score:
        raise Redraw
    return Draft(
        question=(
            f"Solve this Numbrix. The grid has {rows} rows and {columns} columns; a dot is an empty cell. Fill every "
            f"empty cell so that each number from 1 to {last} stands in the grid exactly once, and any two consecutive "
            "numbers stand in cells that share a side (above, below, left or right; not diagonally). Given numbers "
            "must not change. There is exactly one solution.\n\n"
            f"{lines(givens)}\n\n"
            f"Answer with the complete grid: {rows} lines of {columns} numbers, separated by spaces."
        ),
        payload=payload,
        reference="\n".join(" ".join(str(numbers[r, c]) for c in range(columns)) for r in range(rows)),
        example="\n".join(" ".join(map(str, line)) for line in snake),
        brief=lines(givens),
        certificate={"unique": True, "effort": search.nodes + (last - len(given)) * rows},
    )
