"""Complete a magic square with listed numbers, from three cells of a square of order 3 to most of one of order 7.

Example (level 0)::

    2 . 6
    . 5 1
    4 3 .
    7 8 9 = 15

What is right: every way to put the listed numbers into the empty cells, each once, that gives all rows, columns and
both diagonals the same sum; several may be right.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._domains import Search, rows_and_columns
from gradarium.generators.task import task
from gradarium.verifiers.puzzles._latin import read_numbers


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    order: int
    """Rows and columns, 3 to 8."""
    empty: int
    """Cells to fill in."""
    spread: int
    """1: the numbers are 1 to order * order; more: they lie apart, up to about so many times as large."""


LEVELS = [
    Params(3, 3, 6),
    Params(3, 5, 12),
    Params(4, 7, 4),
    Params(4, 9, 9),
    Params(5, 14, 3),
    Params(5, 18, 9),
    Params(6, 27, 9),
    Params(7, 40, 20),
]
SIX = [
    [1, 35, 34, 3, 32, 6],
    [30, 8, 28, 27, 11, 7],
    [24, 23, 15, 16, 14, 19],
    [13, 17, 21, 22, 20, 18],
    [12, 26, 9, 10, 29, 25],
    [31, 2, 4, 33, 5, 36],
]
"""No short rule makes a square of order 6."""

Square = list[list[int]]


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a square up to rotations and reflections."""
    images, square = [], [list(row) for row in payload["givens"]]
    for _ in range(4):
        images += [square, [row[::-1] for row in square]]
        square = [list(row) for row in zip(*square[::-1], strict=True)]
    return [min(images), sorted(payload["numbers"])]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or of the givens where the answer is no grid."""
    n = len(payload["givens"])
    return [[str(number or " ") for number in row] for row in read_numbers(answer, n, n) or payload["givens"]]


def plain(n: int) -> Square:
    """Return a magic square of 1 to n * n: the Siamese one, the one of complements, or the one of order 6."""
    if n == 6:
        return [list(row) for row in SIX]
    if n % 2:
        return [[n * ((r + c + 1 + n // 2) % n) + (r + 2 * c + 1) % n + 1 for c in range(n)] for r in range(n)]
    numbers = [[r * n + c + 1 for c in range(n)] for r in range(n)]
    keep = [[(r % 4 in (0, 3)) != (c % 4 in (0, 3)) for c in range(n)] for r in range(n)]
    return [[numbers[r][c] if keep[r][c] else n * n + 1 - numbers[r][c] for c in range(n)] for r in range(n)]


def vary(rng: random.Random, square: Square) -> Square:
    """Permute rows and columns alike so that the diagonals keep their cells; reflect or not."""
    n = len(square)
    half = rng.sample(range(n // 2), n // 2)
    half = [rng.choice((i, n - 1 - i)) for i in half]
    order = half + [n // 2] * (n % 2) + [n - 1 - i for i in reversed(half)]
    square = [[square[r][c] for c in order] for r in order]
    if rng.random() < 0.5:
        square = [list(row) for row in zip(*square, strict=True)]
    return [row[::-1] for row in square] if rng.random() < 0.5 else square


def spread_out(rng: random.Random, square: Square, factor: int) -> Square:
    """Multiply the numbers and add to each what its symbol in a Latin square with Latin diagonals is worth."""
    n = len(square)
    search = Search(n * n, n)
    for line in [*rows_and_columns(n), list(range(0, n * n, n + 1)), list(range(n - 1, n * n - 1, n - 1))]:
        search.distinct(line)
    latin = search.solve(rng)
    if latin is None:
        raise Redraw
    worth = [rng.randrange(factor) for _ in range(n)]
    return [[factor * square[r][c] + worth[latin[r * n + c] - 1] for c in range(n)] for r in range(n)]


def three(rng: random.Random, spread: int) -> Square:
    """Return a square of order 3: they all have this form."""
    x, y = rng.sample(range(1, spread + 1), 2)
    middle = x + y + rng.randint(1, 2 * spread)
    if 2 * x == y or 2 * y == x:
        raise Redraw  # two numbers would be equal
    steps = [[-y, x + y, -x], [y - x, 0, x - y], [x, -x - y, y]]
    return [[middle + step for step in row] for row in steps]


def free_cells(empty: list[int], n: int) -> int:
    """Return how many empty cells are left when lines with one empty cell are filled in again and again."""
    lines = [*rows_and_columns(n), list(range(0, n * n, n + 1)), list(range(n - 1, n * n - 1, n - 1))]
    left = set(empty)
    while single := next((line for line in lines if len(left.intersection(line)) == 1), None):
        left.difference_update(single)
    return len(left)


@task(levels=LEVELS, tags={"enigmata", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Make a magic square and empty some cells."""
    n = params.order
    if n == 3:
        square = three(rng, params.spread)
    elif params.spread == 1:
        square = plain(n)
    else:
        square = spread_out(rng, plain(n), params.spread)
    square = vary(rng, square)
    empty = sorted(rng.sample(range(n * n), params.empty))
    numbers = sorted(square[i // n][i % n] for i in empty)
    givens = [[0 if r * n + c in empty else square[r][c] for c in range(n)] for r in range(n)]
    total = sum(square[0])
    example = [list(row) for row in givens]
    for i, number in zip(empty, numbers, strict=True):
        example[i // n][i % n] = number
    diagonals = [example[i][i] for i in range(n)], [example[i][n - 1 - i] for i in range(n)]
    if all(sum(line) == total for line in [*example, *zip(*example, strict=True), *diagonals]):
        raise Redraw  # the example in the prompt would be an answer

    def lines(rows: Square) -> str:
        return "\n".join(" ".join(str(number or ".") for number in row) for row in rows)

    listed = " ".join(map(str, numbers))
    question = (
        f"Complete this magic square of {n} rows and {n} columns. A dot is an empty cell. Put each of these "
        f"{len(numbers)} numbers into one empty cell, so that each is used exactly once: {listed}.\n\n"
        f"In the complete square, the numbers of each row, of each column and of both diagonals that run from corner "
        f"to corner must add up to {total}. Filled cells must not change. There may be several right squares; any of "
        f"them will do.\n\n{lines(givens)}\n\n"
        f"Answer with the complete square: {n} lines of {n} numbers, separated by spaces."
    )
    orders = factorial(free_cells(empty, n)).bit_length()
    return Draft(
        question=question,
        payload={"givens": givens, "numbers": numbers},
        reference=lines(square),
        example=lines(example),
        brief=f"{lines(givens)}\n{listed} = {total}",
        certificate={"satisfiable": True, "effort": params.empty + orders},
    )
