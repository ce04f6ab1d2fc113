"""What the sliding puzzles share: draw a board and a goal, prove the fewest moves, write the problem."""

import random
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._search import Steps, move_table, shorten, shortest, table_steps, walk
from gradarium.verifiers.puzzles._sliding import slide
from gradarium.verifiers.reading import read_ints

Grid = list[list[int]]
"""Tiles by row; 0 is the gap."""


@cache
def slides(side: int) -> Steps[bytes]:
    """Return the steps of a board: the gap, piece 0, changes places with a cell that shares a side."""
    tables = []
    for gap in range(side * side):
        r, c = divmod(gap, side)
        near = [(r - 1, c), (r, c - 1), (r, c + 1), (r + 1, c)]
        cells = [i * side + j for i, j in near if 0 <= i < side and 0 <= j < side]
        tables.append([move_table({gap: cell, cell: gap}) for cell in cells])
    return table_steps(tables)


def _grid(arrangement: bytes, side: int) -> Grid:
    tiles = sorted(range(side * side), key=lambda tile: arrangement[tile])
    return [tiles[r * side : r * side + side] for r in range(side)]


def lines(grid: Grid) -> str:
    """Return the board as text, a dot for the gap, columns flush."""
    width = 1 if len(grid) < 4 else 2
    return "\n".join(" ".join(str(tile or ".").rjust(width) for tile in row) for row in grid)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the board after the moves of the answer, up to the first that cannot be made."""
    grid, _ = slide(payload["start"], (read_ints(answer) or [])[: payload["most"]])
    return [[str(tile or " ") for tile in row] for row in grid]


def pose(rng: random.Random, side: int, scramble: int, fewest: int, most: int, window: int) -> Draft:
    """Draw a goal, move away from it at random, and search the way back.

    ``scramble`` moves are made, or ``fewest`` to ``most`` where it is 0. The problem is drawn again unless the way back
    has ``fewest`` to ``most`` moves: the fewest possible if ``window`` is 0, else without detours in stretches of so
    many moves.
    """
    steps = slides(side)
    goal = bytes(rng.sample(range(side * side), side * side))
    length = scramble + rng.randrange(2) if scramble else rng.randint(fewest, most)
    way = walk(rng, goal, steps, length)[::-1]
    start = way[0]
    far = sum(
        abs(a // side - b // side) + abs(a % side - b % side) for a, b in zip(start[1:], goal[1:], strict=True)
    )  # no way is shorter
    if not 0 < far <= most or (not window and far < 0.6 * fewest):  # the second only spares long searches in vain
        raise Redraw
    way, states = shorten(way, steps, steps, window) if window else shortest(start, goal, steps, steps)
    moves = [after.index(before[0]) for before, after in pairwise(way)]
    if not fewest <= len(moves) <= most:
        raise Redraw
    before, after = _grid(start, side), _grid(goal, side)
    example = [1, 2, 1][: len(moves)]  # it keeps to the limit
    if slide(before, example)[0] == after:
        raise Redraw
    times = "1 move" if len(moves) == 1 else f"{len(moves)} moves"
    question = (
        f"A sliding puzzle: a board of {side} rows and {side} columns holds the tiles 1 to {side * side - 1} and one "
        "gap, written as a dot. A move slides a tile that is directly above, below, left or right of the gap into the "
        "gap; the cell that it leaves is the new gap. Get from the start to the goal in at most "
        f"{times}.\n\nStart:\n{lines(before)}\n\nGoal:\n{lines(after)}\n\n"
        "Answer with the numbers of the tiles in the order in which they move, separated by spaces."
    )
    return Draft(
        question=question,
        payload={"start": before, "goal": after, "most": len(moves)},
        reference=" ".join(map(str, moves)),
        example=" ".join(map(str, example)),
        brief=f"{lines(before)}\nto\n{lines(after)}\nin {len(moves)}",
        certificate={"moves" if window else "optimal": len(moves), "effort": states},
    )
