"""Rotate 2x2 blocks of a board by a quarter turn until it is as the goal, from one or two moves to 24 on a 5x5 board.

Example (level 0), clockwise::

    4 8 3      7 4 3
    7 1 5  to  1 8 5  in 1
    9 6 2      9 6 2

What is right: every way that ends at the goal and has no more moves than the limit, here ``1,1``. Up to 7 moves a
search from both ends proves that the limit is the fewest there are; above, no stretch of 7 moves of a known way can be
shorter.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from functools import cache
from typing import Any

from gradarium.core import Draft
from gradarium.generators.puzzles._search import move_table
from gradarium.generators.puzzles._shifting import Params, pose
from gradarium.generators.task import task
from gradarium.verifiers.boards import read_cells
from gradarium.verifiers.puzzles.twiddle import turn

LEVELS = [
    Params(3, 0, 1, 2, 0),
    Params(3, 0, 2, 2, 0),
    Params(3, 0, 3, 3, 0),
    Params(3, 0, 4, 5, 0),
    Params(3, 10, 7, 8, 0),
    Params(4, 0, 6, 7, 0),
    Params(4, 15, 11, 15, 7),
    Params(5, 24, 20, 24, 7),
]


@cache
def turns(side: int, clockwise: bool) -> dict[str, bytes]:
    """Return the quarter turns of all 2x2 blocks, named by row and column of their top left cell."""
    moves = {}
    for r in range(side - 1):
        for c in range(side - 1):
            corner = r * side + c
            ring = [corner, corner + 1, corner + side + 1, corner + side]
            if not clockwise:
                ring.reverse()
            moves[f"{r + 1},{c + 1}"] = move_table(dict(zip(ring, ring[1:] + ring[:1], strict=True)))
    return moves


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the board after the turns of the answer, or the start where there are none."""
    blocks = (read_cells(answer, 200) or [])[: payload["most"]]
    grid = turn(payload["start"], blocks, payload["clockwise"]) or payload["start"]
    return [[str(value) for value in row] for row in grid]


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.16, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Move away from a random goal and search the way back."""
    side = params.side
    clockwise = rng.random() < 0.5
    ring = ["top left", "top right", "bottom right", "bottom left"]
    if not clockwise:
        ring = [ring[i] for i in (0, 3, 2, 1)]
    way = "clockwise" if clockwise else "anticlockwise"
    rules = (
        f"A board of {side} rows and {side} columns holds the numbers 1 to {side * side}. A move rotates a block of "
        f"2x2 cells by 90 degrees {way}: the number in its {ring[0]} cell goes to the {ring[1]} cell, the one there to "
        f"the {ring[2]} cell, the one there to the {ring[3]} cell, and the one there to the {ring[0]} cell. A block is "
        f"named by the row and column of its top left cell, both from 1 to {side - 1}; row 1 is the top row, column 1 "
        "is the left column. Blocks can be rotated in this direction only."
    )
    form = "Answer with the blocks in the order in which they are rotated, each as row,column, separated by spaces."
    return pose(rng, params, turns(side, clockwise), rules, form, ["1,1", "2,2", "1,2"], clockwise=clockwise)
