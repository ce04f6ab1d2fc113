"""Result rows compared: as a bag or as a sequence, cell by cell.

NULL equals NULL alone; 3 equals 3.0; other numbers have a tolerance; text is exact; text and numbers never meet.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

Row = Sequence[Any]
Close = Callable[[float, float], bool]

TOLERANCE = 1e-9
"""Relative and absolute."""


def close(given: float, wanted: float) -> bool:
    """Return whether two numbers are equal up to rounding in the last digits.

    >>> close(0.1 + 0.2, 0.3), close(1e16 + 2, 1e16), close(3, 3.001)
    (True, True, False)
    """
    if type(given) is int and type(wanted) is int:
        return given == wanted
    return abs(given - wanted) <= TOLERANCE * max(1.0, abs(wanted))


def canonical(row: Row) -> tuple[Any, ...]:
    """Return a row as a key: each cell with its kind, so that 1, '1' and x'31' differ and 1 and 1.0 do not."""
    return tuple((_kind(cell), cell) for cell in row)


def same_rows(given: Sequence[Row], wanted: Sequence[Row], ordered: bool, near: Close = close) -> str:
    """Return "" if the rows agree, else what is wrong, in words that do not show the wanted rows.

    Work is linear but for rows whose numbers differ in the last digits, and there quadratic in the wanted rows.

    >>> same_rows([[1], [2]], [[2], [1.0]], ordered=False), same_rows([[1], [2]], [[2], [1]], ordered=True)
    ('', 'the rows are right, their order is not')
    """
    if len(given) != len(wanted):
        return "there are too many rows" if len(given) > len(wanted) else "there are too few rows"
    if wanted and any(len(row) != len(wanted[0]) for row in given):
        return "the number of columns is wrong"
    if ordered and all(_same(a, b, near) for a, b in zip(given, wanted, strict=True)):
        return ""
    count = Counter(map(canonical, wanted))
    rest = []
    for row in given:
        key = canonical(row)
        if count[key] > 0:
            count[key] -= 1
        else:
            rest.append(row)
    open_rows = [[cell for _, cell in key] for key, times in count.items() for _ in range(times)]
    for row in rest:
        found = next((i for i, other in enumerate(open_rows) if _same(row, other, near)), None)
        if found is None:
            return "a row is given that should not be there, and another is missing"
        del open_rows[found]
    return "the rows are right, their order is not" if ordered else ""


def _kind(cell: object) -> str:
    if cell is None:
        return "null"
    if type(cell) in (int, float):
        return "number"
    return "text" if type(cell) is str else "other"


def _same(given: Row, wanted: Row, near: Close) -> bool:
    for a, b in zip(given, wanted, strict=True):
        kind = _kind(b)
        if _kind(a) != kind or kind == "other":
            return False
        if kind == "number" and not near(a, b):
            return False
        if kind == "text" and a != b:
            return False
    return True
