"""Binario (binary puzzle) with exactly one solution, from 4x4 with four empty cells to 12x12.

Example (level 0), with its solution::

    1 0 1 0    1 0 1 0
    1 . . 0    1 1 0 0
    0 1 0 .    0 1 0 1
    0 0 . 1    0 0 1 1

What is right: every complete grid of 0 and 1 that keeps the given cells and all four rules; SAT proves that there is
one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cells import Rules
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns, an even number."""
    empty: int
    """Most cells to fill in; fewer are emptied where the solution would not stay the only one."""


LEVELS = [
    Params(4, 4),
    Params(4, 8),
    Params(6, 16),
    Params(6, 20),
    Params(8, 42),
    Params(8, 64),
    Params(10, 100),
    Params(12, 144),
]


@cache
def lines(n: int) -> tuple[int, ...]:
    """Return the possible rows as bit masks: half the cells 1, never three equal ones side by side."""
    full = (1 << n) - 1
    found = []
    for line in range(1 << n):
        other = full & ~line
        if line.bit_count() * 2 == n and not line & line >> 1 & line >> 2 and not other & other >> 1 & other >> 2:
            found.append(line)
    return tuple(found)


def fill(rng: random.Random, n: int) -> list[int]:
    """Return the rows of a random complete grid as bit masks; raises Redraw after too many dead ends."""
    full, half = (1 << n) - 1, n // 2
    grid: list[int] = []
    ones = [0] * n
    tries = 0

    def step() -> bool:
        nonlocal tries
        r = len(grid)
        if r == n:
            return len({tuple(row >> c & 1 for row in grid) for c in range(n)}) == n
        must = can = 0  # columns that need a 1 here, and columns that may have one
        for c in range(n):
            if ones[c] < half:
                can |= 1 << c
            if r - ones[c] == half:
                must |= 1 << c
        if r > 1:
            can &= ~(grid[-1] & grid[-2])
            must |= full & ~grid[-1] & ~grid[-2]
        options = [line for line in lines(n) if line & must == must and not line & ~can and line not in grid]
        rng.shuffle(options)
        for line in options:
            tries += 1
            if tries > 4 * n:
                raise Redraw
            grid.append(line)
            for c in range(n):
                ones[c] += line >> c & 1
            if step():
                return True
            grid.pop()
            for c in range(n):
                ones[c] -= line >> c & 1
        return False

    step()
    return grid


def rules_of(n: int) -> Rules:
    """Return the rules as sums of cells; equal rows or columns are refused when they turn up."""
    rows = [[r * n + c + 1 for c in range(n)] for r in range(n)]
    columns = [list(column) for column in zip(*rows, strict=True)]

    def cut(found: list[int]) -> list[list[int]]:
        filled = set(found)
        clauses = []
        for group in (rows, columns):
            seen: dict[tuple[bool, ...], list[int]] = {}
            for line in group:
                other = seen.setdefault(tuple(cell in filled for cell in line), line)
                if other is not line:
                    clauses.append([-cell if cell in filled else cell for cell in line + other])
        return clauses

    rules = Rules(n * n, cut)
    for line in rows + columns:
        rules.say(n // 2, n // 2, line)
        for i in range(n - 2):
            rules.say(1, 2, line[i : i + 3])
    return rules


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to exchange of rows and columns, and of 0 and 1."""
    cells = payload["cells"]
    turned = ["".join(column) for column in zip(*cells, strict=True)]
    swap = str.maketrans("01", "10")
    forms = [cells, turned]
    return min(forms + [[line.translate(swap) for line in form] for form in forms])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or the given ones where the answer is no grid."""
    n = len(payload["cells"])
    return read_grid(answer, n, n, "01") or [[" " if cell == "." else cell for cell in row] for row in payload["cells"]]


@task(
    levels=LEVELS,
    tags={"enigmata", "grid"},
    chance=0.05,
    canonical=canonical,
    board=board,
    slow="each emptied cell is proved not to open a second solution",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Fill a grid at random, then empty cells for which the solution stays the only one."""
    n = params.size
    grid = fill(rng, n)
    solution = [cell + 1 if grid[cell // n] >> cell % n & 1 else -cell - 1 for cell in range(n * n)]
    rules = rules_of(n)
    given = set(solution)
    with rules.model() as model:
        for literal in rng.sample(solution, n * n):
            if n * n - len(given) == params.empty:
                break
            given.remove(literal)
            if model.satisfiable([*sorted(given), -literal]):
                given.add(literal)
    if n * n - len(given) < min(params.empty, n * n // 2):
        raise Redraw
    known = [literal for literal in solution if literal in given]

    def show(literals: set[int], gap: str) -> list[str]:
        text = ["1" if abs(x) in literals else "0" if -abs(x) in literals else "." for x in solution]
        return [gap.join(text[r * n : r * n + n]) for r in range(n)]

    half = n // 2
    pattern = ["01" * half if r % 2 else "10" * half for r in range(n)]  # wrong: its rows repeat
    question = (
        f"Solve this binary puzzle (Binario, Takuzu). The grid has {n} rows and {n} columns; a dot is an empty cell. "
        "Fill every empty cell with 0 or 1 so that\n"
        "- no three neighbouring cells in a row, and no three neighbouring cells in a column, are equal;\n"
        f"- each row and each column holds as many 0s as 1s, {half} of each;\n"
        "- no two rows are the same, and no two columns are the same (a row may equal a column).\n"
        "Filled cells must not change.\n\n" + "\n".join(show(given, " ")) + "\n\n"
        f"Answer with the complete grid: {n} lines of {n} digits, separated by spaces."
    )
    return Draft(
        question=question,
        payload={"cells": show(given, "")},
        reference="\n".join(show(set(solution), " ")),
        example="\n".join(" ".join(row) for row in pattern),
        brief="\n".join(show(given, "")),
        certificate={"unique": True, "effort": n * n - len(known) + rules.steps(known, 20 * n * n)},
    )
