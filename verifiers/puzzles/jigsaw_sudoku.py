"""Jigsaw sudoku: fill the grid so that every row, column and region holds each digit once.

Correct is any complete grid that keeps the givens and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"regions": ["AAB", "ABB", "CCC"], "givens": ["12.", "3..", "..1"]}``, answer
``1 2 3 / 3 1 2 / 2 3 1`` on three lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import changed, repeated
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``n`` lines of ``n`` digits.

    >>> verify("1 2 3\n3 1 2\n2 3 1", {"regions": ["AAB", "ABB", "CCC"], "givens": ["12.", "3..", "..1"]}).score
    1.0
    """
    givens, regions = payload["givens"], payload["regions"]
    n = len(givens)
    grid = read_grid(answer, n, n, "123456789"[:n])
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} digits from 1 to {n}")
    if fault := changed(grid, givens) or repeated(grid):
        return fault
    seen = set()
    for r in range(n):
        for c in range(n):
            if (regions[r][c], grid[r][c]) in seen:
                return Verdict.wrong(f"region {regions[r][c]} holds {grid[r][c]} twice", "region")
            seen.add((regions[r][c], grid[r][c]))
    return Verdict.correct()
