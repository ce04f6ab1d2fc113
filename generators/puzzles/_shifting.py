"""What puzzles share whose moves are the same on every board: draw a goal, move away, search the way back, write it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._search import inverse, move_table, shorten, shortest, table_steps, walk

Grid = list[list[int]]
"""Pieces by row, from 1."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    side: int
    """Rows and columns of the board."""
    scramble: int
    """Random moves that lead away from the goal; 0 for as many as are asked for."""
    fewest: int
    """The fewest moves of the way back."""
    most: int
    """The most moves of the way back."""
    window: int
    """Moves of the stretches that are made as short as possible; 0 for the whole way."""


@cache
def shifts(side: int) -> dict[str, bytes]:
    """Return the moves that push a row or column by one cell around the board."""
    moves = {}
    for i in range(side):
        row = [i * side + j for j in range(side)]
        column = [j * side + i for j in range(side)]
        for letter, cells in (("R", row), ("L", row[::-1]), ("D", column), ("U", column[::-1])):
            moves[f"{letter}{i + 1}"] = move_table(dict(zip(cells, cells[1:] + cells[:1], strict=True)))
    return moves


def rules(side: int) -> str:
    """Return in words what ``shifts`` does."""
    return (
        f"A board of {side} rows and {side} columns holds the numbers 1 to {side * side}. A move shifts one row or one "
        "column by one cell; the number that is pushed out at one end comes in at the other end. R1 shifts row 1 to "
        "the right, L1 shifts row 1 to the left, U1 shifts column 1 up, D1 shifts column 1 down, and so on. Row 1 is "
        "the top row, column 1 is the left column."
    )


def _grid(arrangement: bytes, side: int) -> Grid:
    pieces = sorted(range(side * side), key=lambda piece: arrangement[piece])
    return [[piece + 1 for piece in pieces[r * side : r * side + side]] for r in range(side)]


def _lines(grid: Grid) -> str:
    width = 1 if len(grid) < 4 else 2
    return "\n".join(" ".join(str(tile).rjust(width) for tile in row) for row in grid)


def pose(
    rng: random.Random,
    params: Params,
    moves: Mapping[str, bytes],
    rules: str,
    form: str,
    example: Sequence[str],
    joint: str = " ",
    **more: bool,
) -> Draft:
    """Draw a goal, move away from it at random, and search the way back.

    The problem is drawn again unless the way back has ``fewest`` to ``most`` moves: the fewest possible if ``window``
    is 0, else without detours in stretches of so many moves. ``rules`` says what a move is, ``form`` how to answer.
    """
    side = params.side
    cells = side * side
    names = {table: name for name, table in moves.items()}
    steps = table_steps([list(moves.values())] * cells)
    undo = table_steps([[inverse(table) for table in moves.values()]] * cells)
    goal = bytes(rng.sample(range(cells), cells))
    way = walk(rng, goal, undo, params.scramble or rng.randint(params.fewest, params.most))[::-1]
    start = way[0]
    if start == goal:
        raise Redraw
    way, states = shorten(way, steps, undo, params.window) if params.window else shortest(start, goal, steps, undo)
    answer = [next(n for table, n in names.items() if a.translate(table) == b) for a, b in pairwise(way)]
    if not params.fewest <= len(answer) <= params.most:
        raise Redraw
    example = example[: len(answer)]  # it keeps to the limit
    ended = start
    for name in example:
        ended = ended.translate(moves[name])
    if ended == goal:
        raise Redraw
    before, after = _grid(start, side), _grid(goal, side)
    times = "1 move" if len(answer) == 1 else f"{len(answer)} moves"
    return Draft(
        question=f"{rules} Get from the start to the goal in at most {times}.\n\n"
        f"Start:\n{_lines(before)}\n\nGoal:\n{_lines(after)}\n\n{form}",
        payload={"start": before, "goal": after, "most": len(answer), **more},
        reference=joint.join(answer),
        example=joint.join(example),
        brief=f"{_lines(before)}\nto\n{_lines(after)}\nin {len(answer)}",
        certificate={"moves" if params.window else "optimal": len(answer), "effort": states},
    )
