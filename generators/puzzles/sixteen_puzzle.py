"""Shift rows and columns of a 4x4 board around its edges to a goal, from one or two moves to fourteen.

Example (level 0)::

    11  3  8 14      14 11  3  8
     2 16  7  1  to   2 16  7  1  in 1
     9  5 15 10       9  5 15 10
    12  6  4 13      12  6  4 13

What is right: every way that ends at the goal and has no more moves than the limit, here ``R1``. Up to 6 moves a search
from both ends proves that the limit is the fewest there are; above, no stretch of 6 moves of a known way can be
shorter.
Version history: 0 first.
"""

import random

from gradarium.core import Draft
from gradarium.generators.puzzles._shifting import Params, pose, rules, shifts
from gradarium.generators.task import task
from gradarium.verifiers.puzzles._shifting import board

LEVELS = [
    Params(4, 0, 1, 2, 0),
    Params(4, 0, 2, 2, 0),
    Params(4, 0, 3, 3, 0),
    Params(4, 0, 4, 4, 0),
    Params(4, 5, 5, 5, 0),
    Params(4, 6, 6, 6, 0),
    Params(4, 9, 8, 9, 6),
    Params(4, 14, 11, 14, 6),
]


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.06, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Move away from a random goal and search the way back."""
    form = "Answer with the moves in order, separated by spaces."
    return pose(rng, params, shifts(params.side), rules(params.side), form, ["R1", "U2", "L1"])
