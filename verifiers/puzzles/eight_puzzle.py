"""Eight puzzle: slide tiles into the gap until the board is as the goal.

Correct are the tiles of any way that keeps to the limit of moves; the verifier slides them. The payload holds ``start``
and ``goal``, boards of 3 rows with 0 for the gap, and ``most``, the limit.

Example: payload ``{"start": [[1, 2, 3], [4, 0, 6], [7, 5, 8]], "goal": [[1, 2, 3], [4, 5, 6], [7, 8, 0]],
"most": 2}``, answer ``5 8``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._sliding import judge


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge tiles in the order in which they move.

    >>> start, goal = [[1, 2, 3], [4, 0, 6], [7, 5, 8]], [[1, 2, 3], [4, 5, 6], [7, 8, 0]]
    >>> verify("5 8", {"start": start, "goal": goal, "most": 2}).score
    1.0
    """
    return judge(answer, payload)
