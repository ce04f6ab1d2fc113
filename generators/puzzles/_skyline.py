"""What the two skyscraper tasks share: a city with clues at its edge, reduced to clues that leave one solution."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._domains import Row, Search, arrangements, latin_square, rows_and_columns
from gradarium.verifiers.reading import read_grid

SIDES = ("top", "bottom", "left", "right")
Look = Callable[[Row], int]
"""Heights of a line, nearest first -> the clue of one who looks along it."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns."""
    givens: int
    """Cells shown."""
    clues: int
    """Clues shown at the edge; more clues, then more cells, are added until one solution is left."""


def visible(line: Row) -> Row:
    """Return the heights that are over everything before them.

    >>> visible((2, 1, 3))
    (2, 3)
    """
    return tuple(height for i, height in enumerate(line) if height > max(line[:i], default=0))


@cache
def _seen(n: int, look: Look) -> tuple[list[tuple[int, int, int]], dict[tuple[int, int], list[int]]]:
    """Return (clue from the front, clue from the back, packed line) of all lines, and the packed lines by clues."""
    packed = Search(0, n).pack
    lines = [(look(line), look(line[::-1]), packed(line)) for line in arrangements(n)]
    table: dict[tuple[int, int], list[int]] = {(0, 0): [row for _, _, row in lines]}
    for front, back, row in lines:
        for key in ((front, back), (front, 0), (0, back)):
            table.setdefault(key, []).append(row)
    return lines, table


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a city up to rotations and reflections."""
    clues = payload["clues"]
    lines, (top, bottom, left, right) = list(payload["givens"]), (clues[side] for side in SIDES)
    images = []
    for _ in range(4):  # reflect, transpose: together they make the four rotations
        for _ in range(2):
            images.append([lines, top, bottom, left, right])
            lines = [line[::-1] for line in lines]
            top, bottom, left, right = top[::-1], bottom[::-1], right, left
        lines = [line[::-1] for line in lines]
        top, bottom, left, right = top[::-1], bottom[::-1], right, left
        lines = ["".join(column) for column in zip(*lines, strict=True)]
        top, bottom, left, right = left, right, top, bottom
    return min(images)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the city with its clues around it."""
    givens, clues = payload["givens"], payload["clues"]
    n = len(givens)
    grid = read_grid(answer, n, n, "123456789"[:n]) or [[" " if c == "." else c for c in line] for line in givens]

    def edge(side: str) -> list[str]:
        return [str(clue or " ") for clue in clues[side]]

    middle = [[left, *row, right] for left, row, right in zip(edge("left"), grid, edge("right"), strict=True)]
    return [[" ", *edge("top"), " "], *middle, [" ", *edge("bottom"), " "]]


def pose(rng: random.Random, params: Params, look: Look, meaning: str) -> Draft:
    """Draw a city, show some cells and clues, and add what other solutions break until there is no other.

    ``meaning`` says in the question what a clue is.
    """
    n = params.size
    solution = latin_square(rng, n)
    lines = rows_and_columns(n)
    _, table = _seen(n, look)
    search = Search(n * n, n)
    truth, shown = [], []
    for line in lines:
        heights = tuple(solution[i] for i in line)
        truth.append((look(heights), look(heights[::-1])))
        shown.append([0, 0])
        search.tables[search.table(line, [])] = table[0, 0]
    edge = [(k, end) for k in range(2 * n) for end in (0, 1)]
    rng.shuffle(edge)
    order = rng.sample(range(n * n), n * n)
    given = sorted(order[: params.givens])
    for cell in given:
        search.give(cell, solution[cell])
    for k, end in edge[: params.clues]:
        shown[k][end] = truth[k][end]
    for k in range(2 * n):
        search.tables[k] = table[shown[k][0], shown[k][1]]
    while other := search.solve(other=solution):
        values = [tuple(other[i] for i in line) for line in lines]
        views = [(look(heights), look(heights[::-1])) for heights in values]
        broken = next(((k, end) for k, end in edge if views[k][end] != truth[k][end]), None)
        if broken:
            k, end = broken
            shown[k][end] = truth[k][end]
            search.tables[k] = table[shown[k][0], shown[k][1]]
        else:
            cell = next(i for i in order if other[i] != solution[i])
            given.append(cell)
            search.give(cell, solution[cell])
    search.effort = 0
    search.solve(other=solution)

    example = [(r + c) % n + 1 for r in range(n) for c in range(n)]
    if all(example[i] == solution[i] for i in given):
        for line, pair in zip(lines, shown, strict=True):
            heights = tuple(example[i] for i in line)
            if pair[0] not in (0, look(heights)) or pair[1] not in (0, look(heights[::-1])):
                break
        else:
            raise Redraw  # the example in the prompt would be the answer
    cells = [solution[i] if i in given else 0 for i in range(n * n)]

    def grid(values: list[int], gap: str) -> list[str]:
        return [gap.join(str(d or ".") for d in values[r : r + n]) for r in range(0, n * n, n)]

    clues = {
        "top": [shown[k][0] for k in range(n, 2 * n)],
        "bottom": [shown[k][1] for k in range(n, 2 * n)],
        "left": [shown[k][0] for k in range(n)],
        "right": [shown[k][1] for k in range(n)],
    }
    told = {side: " ".join(str(clue or "-") for clue in values) for side, values in clues.items()}
    question = (
        f"A city of {n} rows and {n} columns has one building in each cell. Fill every empty cell (a dot) with the "
        f"height of its building, from 1 to {n}, so that each row and each column holds each height exactly once. "
        f"Filled cells must not change.\n\n"
        f"Someone who stands outside the city at the end of a row or column and looks along it sees a building only if "
        f"every building before it is lower. {meaning} A - means that there is no clue.\n\n"
        + "\n".join(grid(cells, " "))
        + "\n\n"
        + f"Clues at the top, looking down, from column 1 to {n}: {told['top']}\n"
        + f"Clues at the bottom, looking up, from column 1 to {n}: {told['bottom']}\n"
        + f"Clues at the left, looking right, from row 1 to {n}: {told['left']}\n"
        + f"Clues at the right, looking left, from row 1 to {n}: {told['right']}\n"
        + "Row 1 is the top, column 1 the left.\n\n"
        + f"Answer with the complete grid: {n} lines of {n} heights, separated by spaces."
    )
    return Draft(
        question=question,
        payload={"givens": grid(cells, ""), "clues": clues},
        reference="\n".join(grid(solution, " ")),
        example="\n".join(grid(example, " ")),
        brief="\n".join([*grid(cells, ""), *(f"{side} {told[side]}" for side in SIDES)]),
        certificate={"unique": True, "effort": cells.count(0) + search.effort},
    )
