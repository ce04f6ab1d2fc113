"""Sudoku: fill the grid so that every row, column and box holds each digit once.

Correct is any complete grid that keeps the givens and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"box": [2, 2], "givens": ["12.4", "3412", "2143", "432."]}``, answer ``1234 / 3412 / 2143 / 4321``
on four lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``n`` lines of ``n`` digits.

    >>> verify("12 34\n34 12\n21 43\n43 21", {"box": [2, 2], "givens": ["12.4", "3412", "2143", "432."]}).score
    1.0
    """
    height, width = payload["box"]
    n = height * width
    grid = read_grid(answer, n, n, "123456789"[:n])
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} digits from 1 to {n}")
    for r, line in enumerate(payload["givens"]):
        for c, given in enumerate(line):
            if given not in (".", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}", "given")
    units = {
        "row": grid,
        "column": [[grid[r][c] for r in range(n)] for c in range(n)],
        "box": [
            [grid[top + r][left + c] for r in range(height) for c in range(width)]
            for top in range(0, n, height)
            for left in range(0, n, width)
        ],
    }
    for kind, lines in units.items():
        for i, cells in enumerate(lines):
            if len(set(cells)) < n:
                twice = next(cell for cell in cells if cells.count(cell) > 1)
                return Verdict.wrong(f"{kind} {i + 1} holds {twice} twice", kind)
    return Verdict.correct()
