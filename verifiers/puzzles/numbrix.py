"""Numbrix: fill a grid with 1, 2, 3, ... so that consecutive numbers share a side.

Correct is any complete grid that keeps the given numbers and breaks no rule; nothing is compared with a stored
solution. The payload holds ``givens``: rows of numbers, 0 for an empty cell.

Example: payload ``{"givens": [[1, 0], [0, 3]]}``, answer ``1 2`` and ``4 3`` on two lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints


def read_numbers(text: str, rows: int, columns: int) -> list[list[int]] | None:
    r"""Return a grid of whole numbers: ``rows`` lines of ``columns`` numbers; bars, rulers and blank lines are skipped.

    >>> read_numbers("[[1, 2],\n[3, 4]]", 2, 2), read_numbers(" 1 | 2\n---+---\n 3 | 4", 2, 2)
    ([[1, 2], [3, 4]], [[1, 2], [3, 4]])
    """
    if len(text) > 20 * (rows + 2) * (columns + 2):
        return None
    grid = []
    for line in text.splitlines():
        line = line.replace("|", " ").strip(" \t,[]")
        if not line or set(line) <= set("-+="):
            continue
        numbers = read_ints(line, columns)
        if numbers is None or len(numbers) != columns:
            return None
        grid.append(numbers)
    return grid if len(grid) == rows else None


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a complete grid.

    >>> verify("1 2\n4 3", {"givens": [[1, 0], [0, 3]]}).score
    1.0
    """
    givens = payload["givens"]
    rows, columns = len(givens), len(givens[0])
    grid = read_numbers(answer, rows, columns)
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} numbers")
    last = rows * columns
    place: dict[int, tuple[int, int]] = {}
    for r, line in enumerate(grid):
        for c, number in enumerate(line):
            if givens[r][c] not in (0, number):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {givens[r][c]}", "given")
            if not 1 <= number <= last:
                return Verdict.wrong(f"{number} is not a number from 1 to {last}", "range")
            if number in place:
                return Verdict.wrong(f"{number} stands in the grid twice", "twice")
            place[number] = (r, c)
    for number in range(1, last):
        (a, b), (r, c) = place[number], place[number + 1]
        if abs(a - r) + abs(b - c) != 1:
            return Verdict.wrong(f"{number} and {number + 1} do not share a side", "step")
    return Verdict.correct()
