"""Tapa: shade a connected wall without 2x2 squares whose runs around each clue have the clue's lengths.

Correct is any shading that keeps what is shown and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"cells": [["?", "?", "?"], ["?", "5", "?"], ["?", "?", "."]]}``, answer ``### / #.# / ...`` on three
lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import components
from gradarium.verifiers.reading import read_grid

_CIRCLE = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``#`` for shaded cells and dots for the others.

    >>> verify("###\n#.#\n...", {"cells": [["?", "?", "?"], ["?", "5", "?"], ["?", "?", "."]]}).score
    1.0
    """
    cells = payload["cells"]
    rows, columns = len(cells), len(cells[0])
    grid = read_grid(answer, rows, columns, "#.")
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} characters, # or .")
    shaded = {(r, c) for r in range(rows) for c in range(columns) if grid[r][c] == "#"}
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if given.isdigit() and (r, c) in shaded:
                return Verdict.wrong(f"row {r + 1} column {c + 1} is a clue and is shaded", "given")
            if not given.isdigit() and given not in ("?", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}", "given")
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if given.isdigit() and _runs([(r + dr, c + dc) in shaded for dr, dc in _CIRCLE]) != sorted(
                int(digit) for digit in given if digit != "0"
            ):
                return Verdict.wrong(f"the runs around row {r + 1} column {c + 1} are not those of {given}", "clue")
    for r in range(rows - 1):
        for c in range(columns - 1):
            if shaded.issuperset({(r, c), (r, c + 1), (r + 1, c), (r + 1, c + 1)}):
                return Verdict.wrong(f"the 2x2 square at row {r + 1} column {c + 1} is completely shaded", "square")
    if len(components(shaded)) > 1:
        return Verdict.wrong("the shaded cells do not form one group", "connected")
    return Verdict.correct()


def _runs(circle: list[bool]) -> list[int]:
    """Return the sorted lengths of the runs of True around a circle."""
    if all(circle):
        return [len(circle)]
    runs = [0]
    start = circle.index(False)
    for i in range(1, len(circle) + 1):
        if circle[(start + i) % len(circle)]:
            runs[-1] += 1
        elif runs[-1]:
            runs.append(0)
    return sorted(run for run in runs if run)
