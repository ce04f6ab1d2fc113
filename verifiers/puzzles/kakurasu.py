"""Kakurasu: fill cells so that weighted sums of rows and columns come out.

A filled cell counts the number of its column in its row's sum and the number of its row in its column's sum. Correct is
any grid with all sums that keeps the given cells; nothing is compared with a stored solution.

Example: payload ``{"cells": ["??", "??"], "rows": [2, 1], "columns": [2, 1]}``, answer ``.# / #.``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of filled ``#`` and empty ``.`` cells.

    >>> verify(".#\n#.", {"cells": ["??", "??"], "rows": [2, 1], "columns": [2, 1]}).score
    1.0
    """
    rows, columns = payload["rows"], payload["columns"]
    grid = read_grid(answer, len(rows), len(columns), ".#")
    if grid is None:
        return Verdict.unreadable(f"expected {len(rows)} lines of {len(columns)} characters, each # or .")
    for r, line in enumerate(payload["cells"]):
        for c, given in enumerate(line):
            if given not in ("?", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}", "given")
    for r, want in enumerate(rows):
        total = sum(c for c, cell in enumerate(grid[r], 1) if cell == "#")
        if total != want:
            return Verdict.wrong(f"row {r + 1} has the sum {total}, not {want}", "row")
    for c, want in enumerate(columns):
        total = sum(r for r, line in enumerate(grid, 1) if line[c] == "#")
        if total != want:
            return Verdict.wrong(f"column {c + 1} has the sum {total}, not {want}", "column")
    return Verdict.correct()
