"""Slitherlink: one closed loop along the sides of cells that gives each clue its number of sides.

An answer tells the cells inside the loop (``#``) and outside (``.``). Correct is every grid whose cells inside hang
together, whose cells outside all hang together with the surroundings of the board, where no two cells inside touch at a
corner only, and where each clue counts the sides at which inside and outside meet. Nothing is compared with a stored
solution.

Example: payload ``{"clues": ["22", ".."]}``, answer ``##`` and ``##`` on two lines.
"""

from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import components
from gradarium.verifiers.reading import read_grid


def sides(marks: Sequence[Sequence[str]], row: int, column: int) -> int:
    """Return how many sides of a cell lie between inside (``#``) and outside; counted from 0.

    >>> sides(["#.", ".."], 0, 0), sides(["#.", ".."], 0, 1)
    (4, 1)
    """
    count = 0
    for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
        inside = 0 <= r < len(marks) and 0 <= c < len(marks[0]) and marks[r][c] == "#"
        count += inside != (marks[row][column] == "#")
    return count


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of cells inside and outside.

    >>> verify("# #\n. .", {"clues": ["3.", ".1"]}).score
    1.0
    """
    clues = payload["clues"]
    rows, columns = len(clues), len(clues[0])
    marks = read_grid(answer, rows, columns, "#.")
    if marks is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} characters, # or .")
    for r, line in enumerate(clues):
        for c, clue in enumerate(line):
            if clue != "." and sides(marks, r, c) != int(clue):
                where = f"row {r + 1} column {c + 1}"
                return Verdict.wrong(f"{sides(marks, r, c)} sides of {where} belong to the loop, not {clue}", "clue")
    inside = {(r, c) for r in range(rows) for c in range(columns) if marks[r][c] == "#"}
    if not inside:
        return Verdict.wrong("there is no loop", "loop")
    if len(components(inside)) > 1:
        return Verdict.wrong("there is more than one loop", "loop")
    around = {(r, c) for r in range(-1, rows + 1) for c in range(-1, columns + 1)}
    if len(components(around - inside)) > 1:
        return Verdict.wrong("there is a loop within the loop", "loop")
    for r in range(rows - 1):
        for c in range(columns - 1):
            if marks[r][c] == marks[r + 1][c + 1] != marks[r][c + 1] == marks[r + 1][c]:
                return Verdict.wrong(f"the loop touches itself below row {r + 1} right of column {c + 1}", "touch")
    return Verdict.correct()
