"""Mastermind: find the code that fits all guesses and their feedback.

Correct is any code that would have given each guess its feedback; nothing is compared with a stored solution.

Example: payload ``{"letters": "ABC", "guesses": ["AB", "BB"], "feedback": [[1, 0], [0, 0]]}``, answer ``A C`` or
``A A``.
"""

from collections import Counter

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a code, letter by letter.

    >>> verify("A C", {"letters": "ABC", "guesses": ["AB", "BB"], "feedback": [[1, 0], [0, 0]]}).score
    1.0
    """
    guesses, letters = payload["guesses"], payload["letters"]
    grid = read_grid(answer.upper(), 1, len(guesses[0]), letters)
    if grid is None:
        return Verdict.unreadable(f"expected {len(guesses[0])} letters from {letters[0]} to {letters[-1]}")
    code = grid[0]
    for guess, (right, misplaced) in zip(guesses, payload["feedback"], strict=True):
        same = sum(a == b for a, b in zip(code, guess, strict=True))
        common = sum((Counter(code) & Counter(guess)).values())
        if same != right:
            return Verdict.wrong(f"against this code {guess} has {same} letters right, not {right}", "right")
        if common - same != misplaced:
            return Verdict.wrong(
                f"against this code {guess} has {common - same} letters misplaced, not {misplaced}", "misplaced"
            )
    return Verdict.correct()
