"""Skyscrapers: a Latin square of heights from the numbers of buildings that are seen from its edge.

Example (level 1)::

    .1.3
    ....
    3.14
    1342
    top 1 2 3 2
    bottom 3 2 1 2
    left 1 2 2 3
    right 2 3 1 2

What is right: every Latin square that keeps the givens and the clues; the search proves that there is one.
Version history: 0 first.
"""

import random

from gradarium.core import Draft
from gradarium.generators.puzzles._domains import Row
from gradarium.generators.puzzles._skyline import Params, board, canonical, pose, visible
from gradarium.generators.task import task

LEVELS = [
    Params(4, 13, 16),
    Params(4, 9, 16),
    Params(4, 3, 10),
    Params(5, 6, 10),
    Params(5, 2, 8),
    Params(6, 8, 11),
    Params(6, 0, 0),
    Params(7, 0, 0),
]


def count(line: Row) -> int:
    """Return how many buildings are seen along a line.

    >>> count((2, 1, 3))
    2
    """
    return len(visible(line))


@task(levels=LEVELS, tags={"enigmata", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a city and reduce what is shown."""
    return pose(rng, params, count, "A clue is the number of buildings that are seen.")
