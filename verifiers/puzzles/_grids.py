"""Steps that change a grid of digits, and a reader of such grids; 0 is the background."""

import re
from collections.abc import Callable

from gradarium.verifiers.boards import components

Grid = tuple[str, ...]
"""Rows of digits, all of one length."""

MOST = 100
"""Larger grids (rows or columns) are not read."""


def read_digits(text: str) -> Grid | None:
    r"""Return a grid of digits, one line for each row; spaces, commas, bars and square brackets are ignored.

    A bracket that closes and one that opens, ``],[``, part two rows like the end of a line.

    >>> read_digits("1 2 3\n[0, 4, 0]"), read_digits("1 2\n3"), read_digits("1 x")
    (('123', '040'), None, None)
    >>> read_digits("[[1, 2, 3], [0, 4, 0]]")
    ('123', '040')
    """
    if len(text) > 4 * MOST * MOST or not text.isascii():
        return None
    lines = text.translate(_DROPPED).replace("][", "\n").splitlines()
    rows = [row for line in lines if (row := line.replace("[", "").replace("]", ""))]
    if not rows or len(rows) > MOST or len(rows[0]) > MOST or any(len(row) != len(rows[0]) for row in rows):
        return None
    return tuple(rows) if all(_DIGITS.fullmatch(row) for row in rows) else None


_DROPPED = str.maketrans("", "", " \t,|")
_DIGITS = re.compile("[0-9]+", re.ASCII)


def _turn(grid: Grid) -> Grid:
    return tuple(map("".join, zip(*grid[::-1], strict=True)))


def _transpose(grid: Grid) -> Grid:
    return tuple(map("".join, zip(*grid, strict=True)))


def _push(row: str, right: bool) -> str:
    solid = row.replace("0", "")
    return solid.rjust(len(row), "0") if right else solid.ljust(len(row), "0")


def _drop(grid: Grid) -> Grid:
    rows = tuple(row for row in grid if row.strip("0"))
    return _transpose(tuple(row for row in _transpose(rows) if row.strip("0"))) if rows else grid


def _crop(grid: Grid) -> Grid:
    filled = [r for r, row in enumerate(grid) if row.strip("0")]
    if not filled:
        return grid
    left = min(len(row) - len(row.lstrip("0")) for row in grid)
    right = max(len(row.rstrip("0")) for row in grid)
    return tuple(row[left:right] for row in grid[filled[0] : filled[-1] + 1])


def _double(grid: Grid) -> Grid:
    return tuple(wide for row in grid for wide in ["".join(char * 2 for char in row)] * 2)


def _hollow(grid: Grid) -> Grid:
    rows, columns = len(grid), len(grid[0])

    def inside(r: int, c: int) -> bool:
        if not (0 < r < rows - 1 and 0 < c < columns - 1):
            return False
        return "0" not in (grid[r - 1][c], grid[r + 1][c], grid[r][c - 1], grid[r][c + 1])

    return tuple("".join("0" if inside(r, c) else grid[r][c] for c in range(columns)) for r in range(rows))


def _fill(grid: Grid) -> Grid:
    zeros = {(r, c) for r, row in enumerate(grid) for c, char in enumerate(row) if char == "0"}
    last_row, last_column = len(grid) - 1, len(grid[0]) - 1
    shut = set()
    for group in components(zeros):
        if all(0 < r < last_row and 0 < c < last_column for r, c in group):
            shut |= group
    return tuple("".join("9" if (r, c) in shut else char for c, char in enumerate(row)) for r, row in enumerate(grid))


def _largest(grid: Grid) -> Grid:
    groups = []
    for digit in sorted(set("".join(grid)) - {"0"}):
        cells = {(r, c) for r, row in enumerate(grid) for c, char in enumerate(row) if char == digit}
        groups += components(cells)
    if not groups:
        return grid
    best = min(groups, key=lambda group: (-len(group), min(group)))
    return tuple("".join(char if (r, c) in best else "0" for c, char in enumerate(row)) for r, row in enumerate(grid))


def _complete(grid: Grid) -> Grid:
    return tuple("".join(b if a == "0" else a for a, b in zip(row, row[::-1], strict=True)) for row in grid)


def _common(grid: Grid) -> Grid:
    text = "".join(grid)
    digits = sorted(set(text) - {"0"}, key=lambda digit: (-text.count(digit), digit))
    return tuple("".join("0" if char == "0" else digits[0] for char in row) for row in grid)


STEPS: dict[str, Callable[[Grid], Grid]] = {
    "flip columns": lambda grid: tuple(row[::-1] for row in grid),
    "flip rows": lambda grid: grid[::-1],
    "turn right": _turn,
    "transpose": _transpose,
    "turn left": lambda grid: _transpose(grid)[::-1],
    "half turn": lambda grid: tuple(row[::-1] for row in grid[::-1]),
    "push left": lambda grid: tuple(_push(row, False) for row in grid),
    "push right": lambda grid: tuple(_push(row, True) for row in grid),
    "fall": lambda grid: _transpose(tuple(_push(row, True) for row in _transpose(grid))),
    "rise": lambda grid: _transpose(tuple(_push(row, False) for row in _transpose(grid))),
    "cycle rows": lambda grid: grid[-1:] + grid[:-1],
    "cycle columns": lambda grid: tuple(row[-1:] + row[:-1] for row in grid),
    "append right": lambda grid: tuple(row + row[::-1] for row in grid),
    "append below": lambda grid: grid + grid[::-1],
    "double": _double,
    "crop": _crop,
    "drop": _drop,
    "complete": _complete,
    "common": _common,
    "largest": _largest,
    "fill": _fill,
    "hollow": _hollow,
    **{
        f"{a} to {b}": lambda grid, a=a, b=b: tuple(row.replace(a, b) for row in grid)  # type: ignore[misc]
        for a in "123"
        for b in "123"
        if a != b
    },
}
"""Name of a step -> what it does; every step is defined on every grid."""
