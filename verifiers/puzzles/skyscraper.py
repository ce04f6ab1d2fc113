"""Skyscrapers: a Latin square of heights in which each clue is the number of buildings seen from its side.

Correct is any Latin square that keeps the givens and every clue; nothing is compared with a stored solution.

Example: payload ``{"givens": ["1..", "...", "..."], "clues": {"top": [3, 0, 0], "bottom": [0, 0, 2], "left": [0, 0, 1],
"right": [0, 0, 0]}}`` (0: no clue), answer ``1 3 2 / 2 1 3 / 3 2 1`` on three lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._skyline import judge


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``n`` lines of ``n`` heights.

    >>> clues = {"top": [2, 0], "bottom": [0, 0], "left": [0, 0], "right": [0, 0]}
    >>> verify("1 2\n2 1", {"givens": ["..", ".."], "clues": clues}).score
    1.0
    """
    return judge(answer, payload, len, "the number")
