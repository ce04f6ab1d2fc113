"""Calcudoku: a Latin square from the results of its cages, from order 4 nearly filled to order 9.

Example (level 1)::

    ABCD
    EEFG
    HIJJ
    KKLM
    A 3
    B 2
    C 4
    D 1
    E 6+
    F 1
    G 3
    H 4
    I 1
    J 5+
    K 4+
    L 2
    M 4

What is right: every Latin square whose cages give their results; the search proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cages import cut_out, divide_into_cages, draw_map
from gradarium.generators.puzzles._domains import Row, Search, latin_square, rows_and_columns
from gradarium.generators.puzzles._regions import NAMES
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns."""
    givens: int
    """Cells shown: cages of one cell."""
    largest: int
    """Most cells of a cage, up to 4."""
    operations: str
    """Operations that cages may have: + sum, * product, - difference, / quotient; the last two for two cells."""


LEVELS = [
    Params(4, 12, 2, "+"),
    Params(4, 8, 2, "+-"),
    Params(4, 2, 3, "+-*/"),
    Params(5, 3, 3, "+-*/"),
    Params(6, 3, 3, "+-*/"),
    Params(6, 0, 4, "+-*/"),
    Params(7, 0, 4, "+-*/"),
    Params(9, 0, 4, "+-*/"),
]


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to reflection at the diagonal; the letters of the cages follow from their places."""
    images = []
    for lines in (payload["regions"], ["".join(column) for column in zip(*payload["regions"], strict=True)]):
        names: dict[str, str] = {}
        for letter in "".join(lines):
            names.setdefault(letter, NAMES[len(names)])
        told = [payload["cages"][letter] for letter in names]
        images.append([["".join(names[letter] for letter in line) for line in lines], told])
    return min(images)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer; without one, the clue of each cage in its first cell."""
    regions = payload["regions"]
    n = len(regions)
    if grid := read_grid(answer, n, n, "123456789"[:n]):
        return grid
    left = dict(payload["cages"])
    return [[left.pop(letter, " ") for letter in line] for line in regions]


def gives(operation: str, values: Row) -> int:
    """Return the result of a cage; 0 where a quotient is not whole, which no clue asks for."""
    if operation == "+":
        return sum(values)
    if operation == "*":
        return prod(values)
    low, high = sorted(values)
    if operation == "-":
        return high - low
    return high // low if high % low == 0 else 0


@task(levels=LEVELS, tags={"classic", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a square and cages; take cells out of cages as givens until there is no other solution."""
    n = params.size
    solution = latin_square(rng, n)
    groups = divide_into_cages(rng, n, params.givens, params.largest)
    rules: dict[tuple[int, ...], tuple[str, list[Row]]] = {}

    def rule(group: list[int]) -> tuple[str, list[Row]]:
        if tuple(group) in rules:
            return rules[tuple(group)]
        values = tuple(solution[i] for i in group)
        fits = [o for o in params.operations if o in "+*" or (len(group) == 2 and gives(o, values))]
        operation = rng.choice(fits) if len(group) > 1 else "+"
        result = gives(operation, values)
        pairs = [(a, b) for b in range(len(group)) for a in range(b)]
        apart = [(a, b) for a, b in pairs if group[a] // n == group[b] // n or group[a] % n == group[b] % n]
        rows = [
            row
            for row in product(range(1, n + 1), repeat=len(group))
            if gives(operation, row) == result and all(row[a] != row[b] for a, b in apart)
        ]
        rules[tuple(group)] = (f"{result}{operation}" if len(group) > 1 else str(result), rows)
        return rules[tuple(group)]

    while True:
        search = Search(n * n, n, most=500)
        for line in rows_and_columns(n):
            search.distinct(line)
        for group in groups:
            search.table(group, rule(group)[1])
        other = search.solve(other=solution)
        if other is None:
            break
        wrong = [i for i in range(n * n) if other[i] != solution[i]]
        cut_out(groups, rng.choice(wrong), n)
    search.effort = 0
    search.solve(other=solution)

    if len(groups) > len(NAMES):
        raise Redraw
    groups.sort()
    regions = draw_map(groups, n)
    told = {NAMES[k]: rule(group)[0] for k, group in enumerate(groups)}
    example = tuple((r + c) % n + 1 for r in range(n) for c in range(n))
    if all(tuple(example[i] for i in group) in rule(group)[1] for group in groups):
        raise Redraw  # the example in the prompt would be the answer

    def grid(values: list[int]) -> str:
        return "\n".join(" ".join(map(str, values[r : r + n])) for r in range(0, n * n, n))

    clues = [f"{letter} {clue}" for letter, clue in told.items()]
    question = (
        f"Solve this Calcudoku. The grid has {n} rows and {n} columns. Fill every cell with a number from 1 to {n} so "
        f"that each row and each column holds each number exactly once and every cage gives its result.\n\n"
        "The map shows the cages: cells with the same letter belong together (capital and small letters differ). The "
        "list gives the result of each cage: + after it means that the numbers of the cage add up to it, * that they "
        "multiply to it, - that it is the larger of two numbers less the smaller, / that it is the larger divided by "
        "the smaller; a result without a sign is the number of the only cell. A number may repeat in a cage where the "
        "rows and columns allow it.\n\n"
        + "\n".join(" ".join(line) for line in regions)
        + "\n\n"
        + "\n".join(clues)
        + f"\n\nAnswer with the complete grid: {n} lines of {n} numbers, separated by spaces."
    )
    return Draft(
        question=question,
        payload={"regions": regions, "cages": told},
        reference=grid(solution),
        example=grid(list(example)),
        brief="\n".join([*regions, *clues]),
        certificate={"unique": True, "effort": n * n - params.givens + search.effort},
    )
