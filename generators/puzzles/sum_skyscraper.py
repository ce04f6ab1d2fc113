"""Skyscrapers by sums: a Latin square of heights from the total heights that are seen from its edge.

Example (level 1)::

    .241
    1.3.
    ...4
    412.
    top 7 6 4 7
    bottom 4 8 9 7
    left 7 5 9 4
    right 5 9 4 7

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


def total(line: Row) -> int:
    """Return the heights of the buildings that are seen along a line, added up.

    >>> total((2, 1, 3))
    5
    """
    return sum(visible(line))


@task(levels=LEVELS, tags={"enigmata", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a city and reduce what is shown."""
    return pose(rng, params, total, "A clue is the sum of the heights of the buildings that are seen.")
