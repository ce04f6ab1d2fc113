"""Sixteen puzzle: shift rows and columns of a 4x4 board, around its edges, until it is as the goal.

Correct are the moves of any way that keeps to the limit; the verifier makes them. The payload holds ``start`` and
``goal``, boards of 4 rows, and ``most``, the limit of moves.

Example: payload ``{"start": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]], "goal": [[4, 1, 2, 3],
[5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]], "most": 1}``, answer ``R1``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._shifting import judge


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge shifts in order: R1 and L1 for row 1 to the right and left, U1 and D1 for column 1 up and down.

    >>> rows = [[5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
    >>> start, goal = [[1, 2, 3, 4], *rows], [[4, 1, 2, 3], *rows]
    >>> verify("R1", {"start": start, "goal": goal, "most": 1}).score
    1.0
    """
    return judge(answer, payload)
