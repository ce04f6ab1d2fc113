"""Aquarium: fill tanks with water so that rows and columns hold the counts.

Correct is any grid in which each tank is filled from below to one height over its whole width and all counts hold;
nothing is compared with a stored solution.

Example: payload ``{"regions": ["AB", "AB"], "rows": [1, 2], "columns": [2, 1]}``, answer ``#. / ##``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of filled ``#`` and empty ``.`` cells.

    >>> verify("#.\n##", {"regions": ["AB", "AB"], "rows": [1, 2], "columns": [2, 1]}).score
    1.0
    """
    regions, rows, columns = payload["regions"], payload["rows"], payload["columns"]
    grid = read_grid(answer, len(rows), len(columns), ".#")
    if grid is None:
        return Verdict.unreadable(f"expected {len(rows)} lines of {len(columns)} characters, each # or .")
    filled: dict[str, bool] = {}  # whether the tank is filled in the last of its rows so far
    for r, (line, names) in enumerate(zip(grid, regions, strict=True), 1):
        here: dict[str, bool] = {}
        for cell, name in zip(line, names, strict=True):
            if here.setdefault(name, cell == "#") != (cell == "#"):
                return Verdict.wrong(f"tank {name} is filled only in part of row {r}", "level")
        for name, water in here.items():
            if filled.get(name) and not water:
                return Verdict.wrong(f"tank {name} has water above its dry row {r}", "gravity")
        filled.update(here)
    turned = [list(column) for column in zip(*grid, strict=True)]
    for kind, lines, wanted in (("row", grid, rows), ("column", turned, columns)):
        for i, (line, want) in enumerate(zip(lines, wanted, strict=True), 1):
            count = line.count("#")
            if count != want:
                return Verdict.wrong(f"{kind} {i} holds {count} filled cells, not {want}", kind)
    return Verdict.correct()
