"""Shift rows and columns of a 3x3 board around its edges to a goal in the fewest moves, from one or two to eight.

Example (level 0)::

    4 8 3      3 4 8
    7 1 5  to  7 1 5  in 1
    9 6 2      9 6 2

What is right: every way that ends at the goal and has no more moves than the limit, here ``R1``. A search from both
ends proves that the limit is the fewest moves there are.
Version history: 0 first.
"""

import random

from gradarium.core import Draft
from gradarium.generators.puzzles._shifting import Params, pose, rules, shifts
from gradarium.generators.task import task
from gradarium.verifiers.puzzles._shifting import board

LEVELS = [
    Params(3, 0, 1, 2, 0),
    Params(3, 0, 2, 2, 0),
    Params(3, 0, 3, 3, 0),
    Params(3, 0, 4, 4, 0),
    Params(3, 6, 5, 5, 0),
    Params(3, 9, 6, 6, 0),
    Params(3, 12, 7, 8, 0),
]


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.06, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Move away from a random goal and search the way back."""
    form = "Answer with the moves in order, separated by spaces."
    return pose(rng, params, shifts(params.side), rules(params.side), form, ["R1", "U2", "L1"])
