"""Killer sudoku: a sudoku from the sums of its cages, from order 4 nearly filled to order 9 with hardly a digit.

Example (level 1)::

    3.12
    ...4
    ...3
    23.1

    ABBC
    ADEC
    FDGH
    FIGH

    A 4
    B 5
    C 6
    D 3
    E 3
    F 6
    G 6
    H 4
    I 3

What is right: every complete grid that keeps the givens and the rules of sudoku and in whose cages the digits differ
and add up; the search proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cages import divide_into_cages, draw_map
from gradarium.generators.puzzles._domains import Search, rows_and_columns
from gradarium.generators.puzzles._regions import NAMES
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    height: int
    """Rows of a box."""
    width: int
    """Columns of a box; the grid has height * width rows."""
    givens: int
    """Cells shown at least; more are added until one solution is left."""
    largest: int
    """Most cells of a cage."""


LEVELS = [
    Params(2, 2, 12, 2),
    Params(2, 2, 8, 2),
    Params(2, 2, 0, 3),
    Params(2, 3, 8, 3),
    Params(2, 3, 0, 3),
    Params(3, 3, 30, 3),
    Params(3, 3, 14, 3),
    Params(3, 3, 0, 4),
]


def canonical(payload: Mapping[str, Any]) -> object:
    """Name the cages in the order in which they appear."""
    names: dict[str, str] = {}
    for letter in "".join(payload["regions"]):
        names.setdefault(letter, NAMES[len(names)])
    lines = ["".join(names[letter] for letter in line) for line in payload["regions"]]
    return [payload["box"], payload["givens"], lines, [payload["sums"][letter] for letter in names]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or of the givens; each cage without a given in its first cell shows its sum."""
    n = len(payload["regions"])
    if grid := read_grid(answer, n, n, "123456789"[:n]):
        return grid
    left = {letter: f"={total}" for letter, total in payload["sums"].items()}
    sums = [[left.pop(letter, " ") for letter in line] for line in payload["regions"]]
    both = zip(payload["givens"], sums, strict=True)
    return [[a if a != "." else b for a, b in zip(line, told, strict=True)] for line, told in both]


@cache
def rows_by_sum(n: int, cells: int) -> dict[int, list[int]]:
    """Return the packed rows of different digits from 1 to ``n``, by their sum."""
    pack = Search(0, n).pack
    found: dict[int, list[int]] = {}
    for row in permutations(range(1, n + 1), cells):
        found.setdefault(sum(row), []).append(pack(row))
    return found


@task(levels=LEVELS, tags={"classic", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Fill a grid, divide it into cages, and show cells until there is no other solution."""
    height, width = params.height, params.width
    n = height * width
    lines = rows_and_columns(n)
    for top in range(0, n, height):
        for left in range(0, n, width):
            lines.append([r * n + c for r in range(top, top + height) for c in range(left, left + width)])

    search = Search(n * n, n, most=60)
    for line in lines:
        search.distinct(line)
    solution = search.solve(rng)
    if solution is None:
        raise Redraw
    groups = sorted(divide_into_cages(rng, n, 0, params.largest, solution))
    if len(groups) > len(NAMES):
        raise Redraw
    for group in groups:
        rule = search.table(group, [])
        search.tables[rule] = rows_by_sum(n, len(group))[sum(solution[i] for i in group)]
    order = rng.sample(range(n * n), n * n)
    given = set(order[: params.givens])
    for cell in given:
        search.give(cell, solution[cell])
    while True:
        try:
            other = search.solve(other=solution)
        except Redraw:  # too many possibilities to tell whether there is another solution
            cell = next(i for i in order if i not in given)
        else:
            if other is None:
                break
            cell = next(i for i in order if other[i] != solution[i])
        given.add(cell)
        search.give(cell, solution[cell])
    search.effort = 0
    search.solve(other=solution)

    regions = draw_map(groups, n)
    sums = {NAMES[k]: sum(solution[i] for i in group) for k, group in enumerate(groups)}
    example = [(r * width + r // height + c) % n + 1 for r in range(n) for c in range(n)]
    if all(example[i] == solution[i] for i in given):
        totals = [sum(example[i] for i in group) for group in groups]
        if totals == list(sums.values()):
            raise Redraw  # the example in the prompt could be the answer
    cells = [solution[i] if i in given else 0 for i in range(n * n)]

    def grid(values: list[int], gap: str) -> list[str]:
        return [gap.join(str(d or ".") for d in values[r : r + n]) for r in range(0, n * n, n)]

    told = [f"{letter} {total}" for letter, total in sums.items()]
    question = (
        f"Solve this killer Sudoku. The grid has {n} rows and {n} columns; a dot is an empty cell. Fill every empty "
        f"cell with a digit from 1 to {n} so that each row, each column and each box of {height} rows and {width} "
        f"columns holds each digit from 1 to {n} exactly once. Filled cells must not change. The boxes lie side by "
        "side, beginning at the top left corner.\n\n"
        "The cages add a rule. On their map, cells with the same letter belong together (capital and small letters "
        "differ). The digits of a cage must all differ and add up to the sum that the list gives.\n\n"
        "The grid:\n" + "\n".join(grid(cells, " ")) + "\n\n"
        "The cages:\n" + "\n".join(" ".join(line) for line in regions) + "\n\n"
        "The sums:\n" + "\n".join(told) + "\n\n"
        f"Answer with the complete grid: {n} lines of {n} digits, separated by spaces."
    )
    return Draft(
        question=question,
        payload={"box": [height, width], "givens": grid(cells, ""), "regions": regions, "sums": sums},
        reference="\n".join(grid(solution, " ")),
        example="\n".join(grid(example, " ")),
        brief="\n".join([*grid(cells, ""), "", *regions, "", *told]),
        certificate={"unique": True, "effort": cells.count(0) + search.effort},
    )
