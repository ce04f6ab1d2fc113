"""Nurikabe: shade a connected sea without 2x2 squares around islands that each hold one number, their size.

Correct is any shading that keeps what is shown and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"cells": [["2", "?", "?"], ["?", "#", "1"]]}``, answer ``.## / .#.`` on two lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import components
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``#`` for shaded cells and dots for the others.

    >>> verify(".##\n.#.", {"cells": [["2", "?", "?"], ["?", "#", "1"]]}).score
    1.0
    """
    cells = payload["cells"]
    rows, columns = len(cells), len(cells[0])
    grid = read_grid(answer, rows, columns, "#.")
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} characters, # or .")
    numbers = {}
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if given.isdigit():
                numbers[r, c] = int(given)
                if grid[r][c] == "#":
                    return Verdict.wrong(f"row {r + 1} column {c + 1} has a number and is shaded", "given")
            elif given not in ("?", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}", "given")
    for r in range(rows - 1):
        for c in range(columns - 1):
            if grid[r][c] == grid[r][c + 1] == grid[r + 1][c] == grid[r + 1][c + 1] == "#":
                return Verdict.wrong(f"the 2x2 square at row {r + 1} column {c + 1} is completely shaded", "square")
    shaded = {(r, c) for r in range(rows) for c in range(columns) if grid[r][c] == "#"}
    if len(components(shaded)) > 1:
        return Verdict.wrong("the shaded cells do not form one group", "connected")
    for island in components({(r, c) for r in range(rows) for c in range(columns)} - shaded):
        r, c = min(island)
        held = [numbers[cell] for cell in island if cell in numbers]
        if len(held) != 1:
            return Verdict.wrong(f"the island at row {r + 1} column {c + 1} holds {len(held)} numbers, not 1", "number")
        if len(island) != held[0]:
            return Verdict.wrong(f"the island of {held[0]} cells has {len(island)}", "size")
    return Verdict.correct()
