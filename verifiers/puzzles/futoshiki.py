"""Futoshiki: a Latin square in which the listed comparisons between cells are true.

Correct is any Latin square that keeps the givens and every comparison; nothing is compared with a stored solution.

Example: payload ``{"givens": ["1..", "...", "..."], "signs": [[[0, 1], [0, 2]], [[1, 0], [1, 1]]]}`` (row and column
from 0; the first cell holds less), answer ``1 2 3 / 2 3 1 / 3 1 2`` on three lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import changed, repeated
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``n`` lines of ``n`` numbers.

    >>> verify("1 2\n2 1", {"givens": ["..", ".."], "signs": [[[0, 0], [0, 1]]]}).score
    1.0
    """
    n = len(payload["givens"])
    grid = read_grid(answer, n, n, "123456789"[:n])
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} numbers from 1 to {n}")
    if fault := changed(grid, payload["givens"]) or repeated(grid):
        return fault
    for (r, c), (y, x) in payload["signs"]:
        if not int(grid[r][c]) < int(grid[y][x]):
            return Verdict.wrong(f"r{r + 1}c{c + 1} < r{y + 1}c{x + 1} is not true", "comparison")
    return Verdict.correct()
