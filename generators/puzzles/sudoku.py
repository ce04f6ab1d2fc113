"""Sudoku with exactly one solution, from 4x4 with two empty cells to 9x9 with 27 givens.

Example (level 0)::

    1 2 . 4
    3 4 1 2
    2 1 4 3
    4 3 2 .

What is right: every complete grid that keeps the givens and the three rules; the search proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    height: int
    """Rows of a box."""
    width: int
    """Columns of a box; the grid has height * width rows."""
    empty: int
    """Cells to fill in."""


LEVELS = [
    Params(2, 2, 2),
    Params(2, 2, 5),
    Params(2, 2, 9),
    Params(2, 3, 18),
    Params(3, 3, 30),
    Params(3, 3, 40),
    Params(3, 3, 48),
    Params(3, 3, 54),
]


class Search:
    """Depth-first search over bit masks; the cell with the fewest candidates first."""

    def __init__(self, height: int, width: int) -> None:
        self.n = n = height * width
        self.cells = [(r, c, (r // height) * height + c // width) for r in range(n) for c in range(n)]
        self.nodes = 0

    def solve(self, grid: list[int], rng: random.Random | None = None, ban: tuple[int, int] | None = None) -> bool:
        """Fill ``grid`` (0 = empty) in place; False, with ``grid`` as it was, if there is no solution.

        ``ban`` forbids one digit in one cell, which turns solvability into a test for a second solution.
        """
        n, full = self.n, (1 << self.n) - 1
        rows, columns, boxes = [full] * n, [full] * n, [full] * n
        empty = []
        for i, digit in enumerate(grid):
            r, c, b = self.cells[i]
            if digit:
                bit = 1 << (digit - 1)
                rows[r] &= ~bit
                columns[c] &= ~bit
                boxes[b] &= ~bit
            else:
                empty.append(i)

        def step() -> bool:
            self.nodes += 1
            best, choice, fewest = -1, 0, n + 1
            for i in empty:
                if not grid[i]:
                    r, c, b = self.cells[i]
                    free = rows[r] & columns[c] & boxes[b]
                    if ban and ban[0] == i:
                        free &= ~(1 << (ban[1] - 1))
                    count = free.bit_count()
                    if count < fewest:
                        best, choice, fewest = i, free, count
                        if count <= 1:
                            break
            if best < 0:
                return True
            r, c, b = self.cells[best]
            digits = [d for d in range(1, n + 1) if choice >> (d - 1) & 1]
            if rng:
                rng.shuffle(digits)
            for digit in digits:
                bit = 1 << (digit - 1)
                grid[best] = digit
                rows[r] ^= bit
                columns[c] ^= bit
                boxes[b] ^= bit
                if step():
                    return True
                rows[r] ^= bit
                columns[c] ^= bit
                boxes[b] ^= bit
            grid[best] = 0
            return False

        return step()


def canonical(payload: Mapping[str, Any]) -> object:
    """Name the digits in the order in which they appear, so that renamed digits are the same puzzle."""
    names: dict[str, str] = {".": "."}
    for char in "".join(payload["givens"]):
        names.setdefault(char, str(len(names)))
    return [payload["box"], ["".join(names[char] for char in line) for line in payload["givens"]]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or of the givens where the answer is no grid."""
    n = len(payload["givens"])
    grid = read_grid(answer, n, n, "123456789"[:n])
    return grid or [[" " if char == "." else char for char in line] for line in payload["givens"]]


@task(levels=LEVELS, tags={"enigmata", "grid"}, chance=0.01, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Fill a grid at random, then dig cells for which the solution stays the only one."""
    n = params.height * params.width
    search = Search(params.height, params.width)
    solution = [0] * (n * n)
    search.solve(solution, rng)
    puzzle = list(solution)
    left = params.empty
    search.nodes = 0
    for i in rng.sample(range(n * n), n * n):
        if not left:
            break
        puzzle[i] = 0
        if search.solve(list(puzzle), ban=(i, solution[i])):
            puzzle[i] = solution[i]
        else:
            left -= 1
    if left:
        raise Redraw
    search.nodes = 0
    search.solve(list(puzzle))

    def lines(grid: list[int], gap: str) -> list[str]:
        return [gap.join(str(d or ".") for d in grid[r * n : r * n + n]) for r in range(n)]

    digits = f"1 to {n}"
    question = (
        f"Solve this Sudoku. The grid has {n} rows and {n} columns; a dot is an empty cell. Fill every empty cell with "
        f"a digit from {digits} so that each row, each column and each box of {params.height} rows and {params.width} "
        f"columns holds each digit from {digits} exactly once. Filled cells must not change. The boxes lie side by "
        f"side, beginning at the top left corner.\n\n" + "\n".join(lines(puzzle, " ")) + "\n\n"
        f"Answer with the complete grid: {n} lines of {n} digits, separated by spaces."
    )
    pattern = [(r * params.width + r // params.height + c) % n + 1 for r in range(n) for c in range(n)]
    if all(given in (0, digit) for given, digit in zip(puzzle, pattern, strict=True)):
        raise Redraw  # the example in the prompt would be the answer
    return Draft(
        question=question,
        payload={"box": [params.height, params.width], "givens": lines(puzzle, "")},
        reference="\n".join(lines(solution, " ")),
        example="\n".join(lines(pattern, " ")),
        brief="\n".join(lines(puzzle, "")),
        certificate={"unique": True, "effort": params.empty * n + search.nodes},
    )
