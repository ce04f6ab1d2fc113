"""Nonogram: fill cells so that the runs of rows and columns have the lengths told.

Correct is any picture with all runs that keeps the cells told; nothing is compared with a stored solution.

Example: payload ``{"cells": ["??", "??"], "rows": [[2], [1]], "columns": [[2], [1]]}``, answer ``## / #.``.
"""

from collections.abc import Iterable

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of filled ``#`` and empty ``.`` cells.

    >>> verify("##\n#.", {"cells": ["??", "??"], "rows": [[2], [1]], "columns": [[2], [1]]}).score
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
    for kind, lines, wanted in (("row", grid, rows), ("column", list(zip(*grid, strict=True)), columns)):
        for i, (line, runs) in enumerate(zip(lines, wanted, strict=True), 1):
            found = _runs(line)
            if found != list(runs):
                told = " ".join(map(str, runs))
                return Verdict.wrong(f"{kind} {i} has the runs {' '.join(map(str, found)) or 'none'}, not {told}", kind)
    return Verdict.correct()


def _runs(line: Iterable[str]) -> list[int]:
    return [len(run) for run in "".join(line).split(".") if run]
