"""Calcudoku: a Latin square whose cages give their results.

Correct is any Latin square in which every cage is right; nothing is compared with a stored solution.

Example: payload ``{"regions": ["AAB", "CAB", "CDD"], "cages": {"A": "6*", "B": "2-", "C": "5+", "D": "2/"}}``, answer
``1 2 3 / 2 3 1 / 3 1 2`` on three lines; a clue without a sign is the number of the only cell.
"""

from math import prod

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import repeated
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``n`` lines of ``n`` numbers.

    >>> payload = {"regions": ["AAB", "CAB", "CDD"], "cages": {"A": "6*", "B": "2-", "C": "5+", "D": "2/"}}
    >>> verify("1 2 3\n2 3 1\n3 1 2", payload).score
    1.0
    """
    regions = payload["regions"]
    n = len(regions)
    grid = read_grid(answer, n, n, "123456789"[:n])
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} numbers from 1 to {n}")
    if fault := repeated(grid):
        return fault
    for letter, clue in payload["cages"].items():
        values = sorted(int(grid[r][c]) for r in range(n) for c in range(n) if regions[r][c] == letter)
        result = int(clue.rstrip("+-*/"))
        if clue.endswith("*"):
            right = prod(values) == result
        elif clue.endswith("-"):
            right = values[1] - values[0] == result
        elif clue.endswith("/"):
            right = values[1] == values[0] * result
        else:
            right = sum(values) == result
        if not right:
            return Verdict.wrong(f"cage {letter} does not give {clue}", "cage")
    return Verdict.correct()
