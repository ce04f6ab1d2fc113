"""What verifiers of boards share: cells named in an answer, neighbours, connected groups."""

import re
from collections.abc import Collection, Iterator

Cell = tuple[int, int]
"""Row and column."""

_NUMBERS = r"([0-9]{1,4})(?:\s{0,3},\s{0,3}|\s{1,3})([0-9]{1,4})"
_PAIR = re.compile(
    rf"\(\s{{0,3}}{_NUMBERS}\s{{0,3}}\)|\[\s{{0,3}}{_NUMBERS}\s{{0,3}}\]|r([0-9]{{1,4}})\s?c([0-9]{{1,4}})"
    rf"|row\s?([0-9]{{1,4}}),?\s?column\s?([0-9]{{1,4}})|{_NUMBERS}(?![0-9])",
    re.ASCII,
)
_GAP = re.compile(r"[\s,;]*", re.ASCII)


def read_cells(text: str, most: int) -> list[Cell] | None:
    r"""Return the cells that an answer lists, as (row, column) counted as written; at most ``most`` of them.

    One cell is ``1 2``, ``1,2``, ``(1, 2)`` or ``r1c2``; brackets may stand around the whole. None if anything else is
    there, or nothing.

    >>> read_cells("(1, 2), (3, 4)", 9), read_cells("r1c2 r3c4", 9), read_cells("1 2\n3 4", 9), read_cells("1 2 3", 9)
    ([(1, 2), (3, 4)], [(1, 2), (3, 4)], [(1, 2), (3, 4)], None)
    """
    if len(text) > 40 * most + 40 or not text.isascii():
        return None
    text = text.strip().lower()
    if text[:2] in ("[[", "[(", "((", "{(") and text[-2:] in ("]]", ")]", "))", ")}"):
        text = text[1:-1].strip()
    cells: list[Cell] = []
    at = 0
    while at < len(text):
        found = _PAIR.match(text, at)
        if found is None or len(cells) == most:
            return None
        row, column = (group for group in found.groups() if group)
        cells.append((int(row), int(column)))
        end = found.end()
        gap = _GAP.match(text, end)
        at = gap.end() if gap else end
    return cells or None


def neighbours(cell: Cell, rows: int, columns: int) -> Iterator[Cell]:
    """Yield the cells that share a side with this one, counted from 0: above, left, right, below."""
    r, c = cell
    if r:
        yield r - 1, c
    if c:
        yield r, c - 1
    if c + 1 < columns:
        yield r, c + 1
    if r + 1 < rows:
        yield r + 1, c


def components(cells: Collection[Cell]) -> list[set[Cell]]:
    """Return the groups of cells that hang together by their sides, in the order of their first cell.

    >>> components({(0, 0), (0, 1), (2, 2)})
    [{(0, 0), (0, 1)}, {(2, 2)}]
    """
    left = set(cells)
    groups = []
    for start in sorted(left):
        if start not in left:
            continue
        left.remove(start)
        group, open_cells = {start}, [start]
        while open_cells:
            r, c = open_cells.pop()
            for cell in ((r - 1, c), (r, c - 1), (r, c + 1), (r + 1, c)):
                if cell in left:
                    left.remove(cell)
                    group.add(cell)
                    open_cells.append(cell)
        groups.append(group)
    return groups
