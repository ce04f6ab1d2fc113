"""Find a shortest way through a maze with loops, from 2 x 3 to 25 x 25 rooms.

Example (level 0)::

    #######
    #S..#.#
    ###.#.#
    #.....#
    ###.#.#
    #E..#.#
    #######

What is right: every sequence of moves from S to E through open cells that is as short as any, here ``RRDDDDLL``.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.graphs.maze import read_moves, verify

MOVES = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}
BACK_TRACKS = 0.75
"""Share of the steps that lengthen the newest corridor; the others branch off anywhere."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of rooms; the drawing has a wall or a door between any two, and a wall around."""
    columns: int
    """Columns of rooms."""
    loops: float
    """Share of the walls between rooms that are broken through, once every room can be reached."""
    far: float
    """The end is at least this share of the longest distance away from the start."""


LEVELS = [
    Params(2, 3, 0.0, 0.5),
    Params(3, 3, 0.0, 0.5),
    Params(4, 4, 0.1, 0.5),
    Params(5, 6, 0.15, 0.6),
    Params(7, 8, 0.15, 0.6),
    Params(10, 11, 0.2, 0.7),
    Params(16, 16, 0.2, 0.7),
    Params(25, 25, 0.2, 0.7),
]

Cell = tuple[int, int]


def carve(rng: random.Random, rows: int, columns: int, loops: float) -> list[list[str]]:
    """Return a maze of characters: rooms at odd places, ``#`` for walls."""
    grid = [["#"] * (2 * columns + 1) for _ in range(2 * rows + 1)]
    first = (2 * rng.randrange(rows) + 1, 2 * rng.randrange(columns) + 1)
    grid[first[0]][first[1]] = "."
    active = [first]
    while active:
        at = len(active) - 1 if rng.random() < BACK_TRACKS else rng.randrange(len(active))
        r, c = active[at]
        ways = [
            (dr, dc)
            for dr, dc in MOVES.values()
            if 0 < r + 2 * dr < 2 * rows and 0 < c + 2 * dc < 2 * columns and grid[r + 2 * dr][c + 2 * dc] == "#"
        ]
        if not ways:
            active.pop(at)
            continue
        dr, dc = rng.choice(ways)
        grid[r + dr][c + dc] = grid[r + 2 * dr][c + 2 * dc] = "."
        active.append((r + 2 * dr, c + 2 * dc))
    walls = [(r, c) for r in range(1, 2 * rows) for c in range(1, 2 * columns) if r % 2 != c % 2 and grid[r][c] == "#"]
    for r, c in rng.sample(walls, int(loops * len(walls))):
        grid[r][c] = "."
    return grid


def distances(grid: list[list[str]], start: Cell) -> dict[Cell, int]:
    """Return the moves that each open cell is away from the start, nearest first."""
    found = {start: 0}
    for r, c in (wave := [start]):
        for dr, dc in MOVES.values():
            cell = (r + dr, c + dc)
            if cell not in found and grid[cell[0]][cell[1]] != "#":
                found[cell] = found[r, c] + 1
                wave.append(cell)
    return found


def canonical(payload: Mapping[str, Any]) -> object:
    """Return the least of the eight turned and mirrored mazes, walked from S to E or from E to S."""
    grid = payload["grid"]
    same = []
    for turn in range(8):
        grid = ["".join(line) for line in zip(*grid, strict=True)] if turn % 2 else grid[::-1]
        same.append(grid)
    swapped = str.maketrans("SE", "ES")
    return min(same + [[line.translate(swapped) for line in lines] for lines in same])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the maze with the cells that the answer walks through, as far as it can be walked."""
    cells = [[" " if char == "." else char for char in line] for line in payload["grid"]]
    at = next((r, line.index("S")) for r, line in enumerate(payload["grid"]) if "S" in line)
    for move in read_moves(answer, len(cells) * len(cells[0])) or "":
        at = (at[0] + MOVES[move][0], at[1] + MOVES[move][1])
        if cells[at[0]][at[1]] == "#":
            break
        if cells[at[0]][at[1]] == " ":
            cells[at[0]][at[1]] = "\N{MIDDLE DOT}"
    return cells


@task(levels=LEVELS, tags={"enigmata", "graph"}, chance=0.07, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Carve a maze and put the end far from the start."""
    grid = carve(rng, params.rows, params.columns, params.loops)
    rooms = [(r, c) for r in range(1, 2 * params.rows, 2) for c in range(1, 2 * params.columns, 2)]
    start = rng.choice(rooms)
    found = distances(grid, start)
    most = max(found.values())
    end = rng.choice([room for room in rooms if room != start and found[room] >= params.far * most])
    back = distances(grid, end)
    moves, at = "", start
    while at != end:
        move, (dr, dc) = next(
            (name, step)
            for name, step in MOVES.items()
            if back.get((at[0] + step[0], at[1] + step[1]), most) < back[at]
        )
        at = (at[0] + dr, at[1] + dc)
        moves += move
    grid[start[0]][start[1]], grid[end[0]][end[1]] = "S", "E"
    lines = ["".join(line) for line in grid]
    payload = {"grid": lines}
    example = "RDDLUR"
    if verify(example, payload).score:
        raise Redraw
    drawing = "\n".join(lines)
    return Draft(
        question=(
            "Find a shortest path through this maze from S to E. The character # is a wall; every other cell is open. "
            "One move goes from a cell to the next cell above (U), below (D), to the left (L) or to the right (R), "
            "never diagonally and never into a wall. If there are several shortest paths, each of them is right.\n\n"
            f"{drawing}\n\n"
            "Answer with the moves in order, from S to E, as letters U, D, L and R without spaces."
        ),
        payload=payload,
        reference=moves,
        example=example,
        brief=drawing,
        certificate={"optimal": len(moves), "effort": len(moves) + sum(d <= len(moves) for d in found.values())},
    )
