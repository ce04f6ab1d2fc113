r"""Slant: draw a diagonal in each cell so that the numbers at the corners hold and no loop closes.

``/`` joins the bottom left with the top right corner of its cell, ``\`` the top left with the bottom right one. Correct
is any grid that keeps both rules; nothing is compared with a stored solution.

Example: payload ``{"corners": ["1..", "...", "..1"]}``, answer ``\/`` over ``/\``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``/`` and ``\``.

    >>> verify("\\/\n/\\", {"corners": ["1..", "...", "..1"]}).score
    1.0
    """
    corners = payload["corners"]
    rows, columns = len(corners) - 1, len(corners[0]) - 1
    grid = read_grid(answer, rows, columns, "/\\")
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} characters, each / or \\")
    count: dict[tuple[int, int], int] = {}
    group = {(r, c): (r, c) for r in range(rows + 1) for c in range(columns + 1)}
    loop = None
    for r, line in enumerate(grid):
        for c, cell in enumerate(line):
            a, b = ((r + 1, c), (r, c + 1)) if cell == "/" else ((r, c), (r + 1, c + 1))
            for corner in (a, b):
                count[corner] = count.get(corner, 0) + 1
            while group[a] != a:
                group[a] = group[group[a]]
                a = group[a]
            while group[b] != b:
                group[b] = group[group[b]]
                b = group[b]
            if a == b:
                loop = loop or (r, c)
            group[a] = b
    for r, row in enumerate(corners):
        for c, number in enumerate(row):
            if number != "." and count.get((r, c), 0) != int(number):
                where = f"corner {c + 1} of corner row {r + 1}"
                return Verdict.wrong(f"{where} has {count.get((r, c), 0)} diagonals, not {number}", "number")
    if loop:
        return Verdict.wrong(f"the diagonal in row {loop[0] + 1} column {loop[1] + 1} closes a loop", "loop")
    return Verdict.correct()
