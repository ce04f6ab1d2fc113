"""Fifteen puzzle: slide tiles into the gap until the board, 4x4 or larger, is as the goal.

Correct are the tiles of any way that keeps to the limit of moves; the verifier slides them. The payload holds ``start``
and ``goal``, boards of 4 or 5 rows with 0 for the gap, and ``most``, the limit.

Example: payload ``{"start": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 0, 14, 15]], "goal": [[1, 2, 3, 4],
[5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 0]], "most": 2}``, answer ``14 15``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._sliding import judge


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge tiles in the order in which they move.

    >>> rows = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
    >>> start, goal = [*rows, [13, 0, 14, 15]], [*rows, [13, 14, 15, 0]]
    >>> verify("14 15", {"start": start, "goal": goal, "most": 2}).score
    1.0
    """
    return judge(answer, payload)
