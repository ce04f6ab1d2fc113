"""Small linked sudokus: fill every grid of four rows by the rules of sudoku so that the links between grids hold.

Correct is any set of complete grids that keeps the givens and breaks no rule; nothing is compared with a stored
solution. Of several grids each may have its heading, ``Grid A`` or ``A:``, right above it.

Example: payload ``{"givens": ["12.4", "3412", "2143", "432."], "links": []}``, answer ``1234 / 3412 / 2143 / 4321`` on
four lines; a link is ``{"rule": "<", "cells": [[0, 0, 1], [1, 3, 2]]}`` (grid, row and column from 0), rule ``<``,
``=`` or ``+`` with a ``total``.
"""

import re
from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import changed, repeated
from gradarium.verifiers.reading import read_grid

_HEADING = re.compile(r"[ \t]{0,9}(?:grid[ \t]{1,9}([a-h])[ \t]{0,9}:?|([a-h])[ \t]{0,9}:)[ \t]{0,9}", re.ASCII | re.I)


def read_grids(text: str, givens: Sequence[str]) -> list[list[str]] | None:
    r"""Return all rows of the grids; of several grids each may have its heading, ``Grid A`` or ``A:``, right above it.

    >>> read_grids("Grid A\n12 34\n34 12\n21 43\n43 21", ["...."] * 4) is None
    True
    >>> rows = "1234\n3412\n2143\n4321\n"
    >>> len(read_grids(f"Grid A\n{rows}Grid B\n{rows}", ["...."] * 8))
    8
    """
    if len(text) > 20 * (len(givens) + 2) * 6:
        return None
    lines: list[str] = []
    rows, headings = 0, set()
    for line in text.splitlines():
        found = _HEADING.fullmatch(line) if len(givens) > 4 else None
        if found:
            letter = (found[1] or found[2]).upper()
            if letter in headings or rows != 4 * "ABCDEFGH".index(letter) or rows >= len(givens):
                return None
            headings.add(letter)
            continue
        rows += any(char in "1234" for char in line)
        lines.append(line)
    return read_grid("\n".join(lines), len(givens), 4, "1234")


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge grids of four lines of four digits, one below the other.

    >>> verify("12 34\n34 12\n21 43\n43 21", {"givens": ["12.4", "3412", "2143", "432."], "links": []}).score
    1.0
    """
    givens = payload["givens"]
    grid = read_grids(answer, givens)
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
