"""Minesweeper on one picture: mark the mines that the numbers decide.

Correct is any grid of mines under covered cells with which every number agrees; the boards that are posed leave nothing
undecided, so that one grid alone does.

Example: payload ``{"cells": ["?1", "11"]}``, answer ``X. / ..``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of mines ``X`` and other cells ``.``; a number that is shown may be copied instead of the dot.

    >>> verify("X.\n..", {"cells": ["?1", "11"]}).score
    1.0
    """
    cells = payload["cells"]
    height, width = len(cells), len(cells[0])
    grid = read_grid(answer, height, width, ".Xx012345678")
    if grid is None:
        return Verdict.unreadable(f"expected {height} lines of {width} characters, each X or .")
    mines = set()
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if grid[r][c] in "Xx":
                if given != "?":
                    return Verdict.wrong(f"row {r + 1} column {c + 1} is uncovered and holds no mine", "uncovered")
                mines.add((r, c))
            elif grid[r][c] not in (".", given):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must be X or .", "sign")
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if given != "?":
                count = sum((i, j) in mines for i in (r - 1, r, r + 1) for j in (c - 1, c, c + 1))
                if count != int(given):
                    return Verdict.wrong(f"row {r + 1} column {c + 1} touches {count} mines, not {given}", "number")
    return Verdict.correct()
