"""Small linked sudokus: fill every grid of four rows by the rules of sudoku so that the links between grids hold.

Correct is any set of complete grids that keeps the givens and breaks no rule; nothing is compared with a stored
solution.

Example: payload ``{"givens": ["12.4", "3412", "2143", "432."], "links": []}``, answer ``1234 / 3412 / 2143 / 4321`` on
four lines; a link is ``{"rule": "<", "cells": [[0, 0, 1], [1, 3, 2]]}`` (grid, row and column from 0), rule ``<``,
``=`` or ``+`` with a ``total``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import changed, repeated
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge grids of four lines of four digits, one below the other.

    >>> verify("12 34\n34 12\n21 43\n43 21", {"givens": ["12.4", "3412", "2143", "432."], "links": []}).score
    1.0
    """
    givens = payload["givens"]
    grid = read_grid(answer, len(givens), 4, "1234")
    if grid is None:
        return Verdict.unreadable(f"expected {len(givens)} lines of 4 digits from 1 to 4")
    if fault := changed(grid, givens):
        return fault
    for g in range(len(givens) // 4):
        square = grid[4 * g : 4 * g + 4]
        boxes = [square[r][c : c + 2] + square[r + 1][c : c + 2] for r in (0, 2) for c in (0, 2)]
        fault = repeated(square)
        twice = next((i for i, box in enumerate(boxes) if len(set(box)) < 4), None)
        if fault is None and twice is not None:
            fault = Verdict.wrong(f"box {twice + 1} holds a digit twice", "box")
        if fault:
            where = f"grid {'ABCDEFGH'[g]}: " if len(givens) > 4 else ""
            return Verdict.wrong(where + fault.reason, *fault.violations)
    for link in payload["links"]:
        values = [int(grid[4 * g + r][c]) for g, r, c in link["cells"]]
        names = [f"{'ABCDEFGH'[g]}{r + 1}{c + 1}" for g, r, c in link["cells"]]
        if link["rule"] == "+":
            if sum(values) != link["total"]:
                return Verdict.wrong(f"{' + '.join(names)} is {sum(values)}, not {link['total']}", "link")
        elif not (values[0] < values[1] if link["rule"] == "<" else values[0] == values[1]):
            return Verdict.wrong(f"{names[0]} {link['rule']} {names[1]} is not true", "link")
    return Verdict.correct()
