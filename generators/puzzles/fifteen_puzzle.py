"""Slide the tiles of a 4x4 board, at the top 5x5, to a goal, from one or two moves to a hundred.

Example (level 0)::

    11  3  8 14      11  3  8 14
     2  .  7  1  to   2  7  .  1  in 1
     9  5 15 10       9  5 15 10
    12  6  4 13      12  6  4 13

What is right: every way that ends at the goal and has no more moves than the limit, here ``7``. Up to 21 moves a
search from both ends proves that the limit is the fewest there are; above, it is the length of a known way.
Version history: 0 first.
"""

import random
from dataclasses import dataclass

from gradarium.core import Draft
from gradarium.generators.puzzles._sliding import board, pose
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    side: int
    """Rows and columns of the board."""
    scramble: int
    """Random moves (one more or not) that lead away from the goal; 0 for as many as are asked for."""
    fewest: int
    """The fewest moves of the way back."""
    most: int
    """The most moves of the way back."""
    window: int
    """Moves of the stretches that are made as short as possible; 0 for the whole way."""


LEVELS = [
    Params(4, 0, 1, 2, 0),
    Params(4, 0, 3, 4, 0),
    Params(4, 0, 5, 6, 0),
    Params(4, 0, 8, 10, 0),
    Params(4, 14, 12, 16, 0),
    Params(4, 20, 18, 21, 0),
    Params(4, 50, 36, 52, 18),
    Params(5, 100, 80, 102, 16),
]


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.09, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Move away from a random goal and search the way back."""
    return pose(rng, params.side, params.scramble, params.fewest, params.most, params.window)
