"""List functions by example: find the chain of steps behind pairs of lists and apply it to another list.

The steps come from a list that the question gives; the generator proved that every chain that fits the examples has the
same result. Correct is that one list.

Example: payload ``{"examples": [[[3, 1, 2], [2, 1, 3]]], "test": [5, 6], "rule": ["reverse"], ...}``, answer ``6 5``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._lists import STEPS, Numbers
from gradarium.verifiers.reading import read_ints


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of numbers.

    >>> verify("[6, 5]", {"test": [5, 6], "rule": ["reverse"]}).score
    1.0
    """
    items = read_ints(answer, most=1000)
    if items is None or not answer.strip():
        return Verdict.unreadable("expected whole numbers separated by spaces")
    right: Numbers = tuple(payload["test"])
    for step in payload["rule"]:
        right = STEPS[step](right)
    if len(items) != len(right):
        return Verdict.wrong("the list has another length", "length")
    if tuple(items) != right:
        return Verdict.wrong("the list has other numbers or another order", "numbers")
    return Verdict.correct()
