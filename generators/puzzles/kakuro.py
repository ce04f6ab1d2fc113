r"""Kakuro: digits whose runs across and down have given sums, from four white cells to a board of ten rows.

Example (level 1)::

    .8.
    7..
    84.
    across
    r1c1-r1c3 18
    r2c1-r2c3 14
    r3c1-r3c3 18
    down
    r1c1-r3c1 16
    r1c2-r3c2 14
    r1c3-r3c3 20

What is right: every filling in which each run has its sum and no digit twice and the givens are kept; the search proves
that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._domains import Search
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell, components
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the board."""
    columns: int
    """Columns of the board."""
    longest: int
    """Most cells of a run, up to 5."""
    givens: int
    """Percent of the white cells that are shown at least; more are added until one solution is left."""


LEVELS = [
    Params(2, 2, 2, 50),
    Params(3, 3, 3, 50),
    Params(4, 4, 3, 35),
    Params(5, 5, 3, 25),
    Params(6, 6, 4, 15),
    Params(7, 7, 5, 10),
    Params(8, 8, 5, 5),
    Params(10, 10, 5, 0),
]
DIGITS = "123456789"


@cache
def rows_by_sum(cells: int) -> dict[int, list[int]]:
    """Return the packed rows of different digits by their sum."""
    pack = Search(0, 9).pack
    found: dict[int, list[int]] = {}
    for row in permutations(range(1, 10), cells):
        found.setdefault(sum(row), []).append(pack(row))
    return found


def runs_of(white: set[Cell]) -> list[list[Cell]]:
    """Return the runs across in the order of their first cells, then those down."""
    found = []
    for dr, dc in ((0, 1), (1, 0)):
        for r, c in sorted(white):
            if (r - dr, c - dc) in white:
                continue
            run = [(r, c)]
            while (run[-1][0] + dr, run[-1][1] + dc) in white:
                run.append((run[-1][0] + dr, run[-1][1] + dc))
            found.append(run)
    return found


def lay_out(rng: random.Random, rows: int, columns: int, longest: int) -> set[Cell]:
    """Return the white cells of a board: connected, in runs of 2 to ``longest`` cells both across and down."""
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    white = set(cells)
    while bad := next((run for run in runs_of(white) if not 1 < len(run) <= longest), None):
        # A long run is cut somewhere; a run of one cell goes. Opposite cells go together.
        r, c = rng.choice(bad)
        white -= {(r, c), (rows - 1 - r, columns - 1 - c)}
    groups = components(white)
    if len(groups) != 1 or len(white) * 2 < len(cells):
        raise Redraw
    return white


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to reflection at the diagonal."""
    flipped = ["".join(column) for column in zip(*payload["board"], strict=True)]
    across, down = ([[*run["from"], run["sum"]] for run in payload[name]] for name in ("across", "down"))
    return min(
        [payload["board"], sorted(across), sorted(down)],
        [flipped, sorted([c, r, s] for r, c, s in down), sorted([c, r, s] for r, c, s in across)],
    )


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the answer, or the givens, below and right of the clues: sum down, stroke, sum across."""
    lines = payload["board"]
    grid = read_grid(answer, len(lines), len(lines[0]), f"{DIGITS}#") or [list(line) for line in lines]
    cells = [["#"] * (len(lines[0]) + 1)] + [["#", *(" " if c == "." else c for c in row)] for row in grid]
    clues: dict[Cell, list[str]] = {}
    for run in payload["down"]:
        r, c = run["from"]
        clues.setdefault((r, c + 1), ["", ""])[0] = str(run["sum"])
    for run in payload["across"]:
        r, c = run["from"]
        clues.setdefault((r + 1, c), ["", ""])[1] = str(run["sum"])
    for (r, c), (down, across) in clues.items():
        cells[r][c] = f"{down}\\{across}"
    return cells


@task(levels=LEVELS, tags={"classic", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Lay out a board, fill it at random, and show cells until there is no other solution."""
    height, width = params.rows, params.columns
    white = lay_out(rng, height, width, params.longest)
    cells = sorted(white)
    number = {cell: i for i, cell in enumerate(cells)}
    runs = runs_of(white)
    search = Search(len(cells), 9, most=200)
    for run in runs:
        search.distinct(number[cell] for cell in run)
    solution = search.solve(rng)
    if solution is None:
        raise Redraw
    for run in runs:
        total = sum(solution[number[cell]] for cell in run)
        search.tables[search.table([number[cell] for cell in run], [])] = rows_by_sum(len(run))[total]
    order = rng.sample(range(len(cells)), len(cells))
    given = set(order[: len(cells) * params.givens // 100])
    for i in given:
        search.give(i, solution[i])
    while other := search.solve(other=solution):
        i = next(i for i in order if other[i] != solution[i])
        given.add(i)
        search.give(i, solution[i])
    if len(given) == len(cells):
        raise Redraw
    search.effort = 0
    search.solve(other=solution)

    def grid(values: Mapping[int, int], gap: str) -> list[str]:
        out = []
        for r in range(height):
            numbers = [number.get((r, c)) for c in range(width)]
            out.append(gap.join("#" if i is None else str(values.get(i, ".")) for i in numbers))
        return out

    filled = dict(enumerate(solution))
    shown = {i: solution[i] for i in given}
    example = {i: shown.get(i, (cells[i][0] + cells[i][1]) % 9 + 1) for i in filled}
    if example == filled:
        raise Redraw  # the example in the prompt would be the answer
    across: list[tuple[dict[str, Any], list[Cell]]] = []
    down: list[tuple[dict[str, Any], list[Cell]]] = []
    for run in runs:
        data = {"from": list(run[0]), "sum": sum(solution[number[cell]] for cell in run)}
        (across if run[0][0] == run[-1][0] else down).append((data, run))

    def told(kind: list[tuple[dict[str, Any], list[Cell]]]) -> list[str]:
        return [
            f"r{a + 1}c{b + 1}-r{c + 1}c{d + 1} {x['sum']}" for x, run in kind for (a, b), (c, d) in [(run[0], run[-1])]
        ]

    picture = "\n".join(grid(shown, " "))
    question = (
        f"Solve this Kakuro. The board has {height} rows and {width} columns; # is a black cell and a dot an empty "
        "white cell. Fill every empty cell with a digit from 1 to 9 so that the digits of each run all differ and add "
        "up to the sum of the run. A run is a row of white cells side by side, or one below the other, that no black "
        "cell interrupts; the lists name its first and last cell. A digit may come again in another run of the same "
        "row or column. Filled cells must not change.\n\n"
        f"r1c2 is row 1, column 2. Row 1 is the top, column 1 the left.\n\n{picture}\n\n"
        "Runs across\n" + "\n".join(told(across)) + "\n\nRuns down\n" + "\n".join(told(down)) + "\n\n"
        f"Answer with the complete board: {height} lines of {width} characters, separated by spaces, with # for a "
        "black cell."
    )
    return Draft(
        question=question,
        payload={
            "board": grid(shown, ""),
            "across": [data for data, _ in across],
            "down": [data for data, _ in down],
        },
        reference="\n".join(grid(filled, " ")),
        example="\n".join(grid(example, " ")),
        brief="\n".join([*grid(shown, ""), "across", *told(across), "down", *told(down)]),
        certificate={"unique": True, "effort": len(cells) - len(given) + search.effort},
    )
