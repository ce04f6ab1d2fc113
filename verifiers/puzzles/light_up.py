"""Light Up (Akari): place bulbs that light every open cell and not each other.

Correct is any placement that keeps the three rules; nothing is compared with a stored solution.

Example: payload ``{"cells": ["..1", "...", "#.."]}``, answer ``.B1 / B.. / #.B``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import neighbours
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of walls ``#`` and digits, bulbs ``B`` and open cells ``.``; ``#`` may stand for a digit.

    >>> verify(".B1\nB..\n#.B", {"cells": ["..1", "...", "#.."]}).score
    1.0
    """
    cells = payload["cells"]
    height, width = len(cells), len(cells[0])
    grid = read_grid(answer, height, width, ".Bb#01234")
    if grid is None:
        return Verdict.unreadable(f"expected {height} lines of {width} characters: walls, digits, B or .")
    bulbs = set()
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if grid[r][c] not in (".Bb" if given == "." else given + "#"):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}, or hold a bulb if open", "walls")
            if grid[r][c] in "Bb":
                bulbs.add((r, c))
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if given in ".#":
                continue
            count = sum(cell in bulbs for cell in neighbours((r, c), height, width))
            if count != int(given):
                return Verdict.wrong(f"the wall in row {r + 1} column {c + 1} has {count} bulbs, not {given}", "number")
    lit = set(bulbs)
    for r, c in sorted(bulbs):
        for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            i, j = r + dr, c + dc
            while 0 <= i < height and 0 <= j < width and cells[i][j] == ".":
                if (i, j) in bulbs:
                    return Verdict.wrong(f"the bulb in row {r + 1} column {c + 1} is lit by another", "lit bulb")
                lit.add((i, j))
                i, j = i + dr, j + dc
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if given == "." and (r, c) not in lit:
                return Verdict.wrong(f"row {r + 1} column {c + 1} is dark", "dark")
    return Verdict.correct()
