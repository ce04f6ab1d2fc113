"""Thermometers: fill each thermometer from its bulb on so that rows and columns have the given counts.

Correct is any filling that keeps what is shown and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"cells": [["A1", "A2"], ["B2", "B1"]], "rows": [2, 1], "columns": [1, 2], "shown": ["??", "??"]}``,
answer ``## / .#`` on two lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``#`` for filled cells and dots for empty ones.

    >>> cells = {"cells": [["A1", "A2"], ["B2", "B1"]], "shown": ["??", "??"]}
    >>> verify("##\n.#", {**cells, "rows": [2, 1], "columns": [1, 2]}).score
    1.0
    """
    cells = payload["cells"]
    rows, columns = len(cells), len(cells[0])
    grid = read_grid(answer, rows, columns, "#.")
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} characters, # or .")
    for r, line in enumerate(payload["shown"]):
        for c, given in enumerate(line):
            if given not in ("?", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}", "given")
    filled = {cells[r][c]: grid[r][c] == "#" for r in range(rows) for c in range(columns)}
    for name, full in filled.items():
        before = f"{name[0]}{int(name[1:]) - 1}"
        if full and not filled.get(before, True):
            return Verdict.wrong(f"{name} is filled and {before} is not", "gap")
    for kind, lines, counts in (
        ("row", grid, payload["rows"]),
        ("column", list(zip(*grid, strict=True)), payload["columns"]),
    ):
        for i, (line, count) in enumerate(zip(lines, counts, strict=True)):
            if line.count("#") != count:
                return Verdict.wrong(f"{kind} {i + 1} has {line.count('#')} filled cells, not {count}", kind)
    return Verdict.correct()
