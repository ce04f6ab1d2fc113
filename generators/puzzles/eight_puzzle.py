"""Slide the tiles of a 3x3 board to a goal in the fewest moves, from one or two moves to 31.

Example (level 0)::

    4 8 3      4 8 3
    7 1 5  to  . 1 5  in 1
    . 6 2      7 6 2

What is right: every way that ends at the goal and has no more moves than the limit, here ``7``. A search
from both ends proves that the limit is the fewest moves there are.
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

    scramble: int
    """Random moves (one more or not) that lead away from the goal; 0 for as many as are asked for."""
    fewest: int
    """The fewest moves that may be needed."""
    most: int
    """The most moves that may be needed; no board needs more than 31."""


LEVELS = [
    Params(0, 1, 2),
    Params(0, 3, 4),
    Params(0, 5, 6),
    Params(0, 7, 9),
    Params(16, 11, 13),
    Params(30, 15, 17),
    Params(80, 19, 21),
    Params(200, 25, 31),
]


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.09, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Move away from a random goal and search the way back."""
    return pose(rng, 3, params.scramble, params.fewest, params.most, window=0)
