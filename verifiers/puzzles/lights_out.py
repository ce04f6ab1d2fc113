"""Lights out: press cells, each of which switches itself and its neighbours, until no light is on.

Correct is any set of presses that turns all lights off; nothing is compared with a stored solution.

Example: payload ``{"lights": ["110", "100"]}``, answer ``1 1``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import neighbours, read_cells


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of cells, as row and column counted from 1.

    >>> verify("1 1", {"lights": ["110", "100"]}).score
    1.0
    """
    lights = payload["lights"]
    rows, columns = len(lights), len(lights[0])
    cells = read_cells(answer, rows * columns)
    if cells is None:
        return Verdict.unreadable("expected cells as row and column, such as 1 2, one on each line")
    on = {(r, c) for r, line in enumerate(lights) for c, light in enumerate(line) if light == "1"}
    for number, (row, column) in enumerate(cells):
        if not (1 <= row <= rows and 1 <= column <= columns):
            return Verdict.wrong(f"row {row} column {column} is not on the board", "off board")
        if (row, column) in cells[:number]:
            return Verdict.wrong(f"row {row} column {column} is listed twice", "twice")
        cell = row - 1, column - 1
        on ^= {cell, *neighbours(cell, rows, columns)}
    if on:
        r, c = min(on)
        return Verdict.wrong(f"{len(on)} lights are on in the end, such as row {r + 1} column {c + 1}", "on")
    return Verdict.correct()
