"""ARC-like grids: find the rule behind pairs of grids and apply it to another grid.

The rule is a chain of steps from a list that the question gives; the generator proved that every such chain that fits
the pairs has the same result. Correct is that one grid.

Example: payload ``{"pairs": [[["12"], ["21"]]], "test": ["30"], "rule": ["flip columns"], ...}``, answer ``0 3``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._grids import STEPS, Grid, read_digits


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a grid of digits, one line for each row.

    >>> verify("0 3", {"test": ["30"], "rule": ["flip columns"]}).score
    1.0
    """
    grid = read_digits(answer)
    if grid is None:
        return Verdict.unreadable("expected lines of digits, all of one length")
    right: Grid = tuple(payload["test"])
    for step in payload["rule"]:
        right = STEPS[step](right)
    if (len(grid), len(grid[0])) != (len(right), len(right[0])):
        return Verdict.wrong("the output grid has another size", "size")
    if grid != right:
        return Verdict.wrong("the output grid has other digits", "digits")
    return Verdict.correct()
