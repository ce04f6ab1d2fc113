"""What verifiers of number squares share: kept givens, lines without repetition, grids of larger numbers."""

from collections.abc import Sequence

from gradarium.core import Verdict
from gradarium.verifiers.reading import read_ints

Grid = Sequence[Sequence[str]]


def changed(grid: Grid, givens: Sequence[str]) -> Verdict | None:
    """Return the verdict on a given that was not kept (a dot is an empty cell), or None."""
    for r, line in enumerate(givens):
        for c, given in enumerate(line):
            if given not in (".", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}", "given")
    return None


def repeated(grid: Grid) -> Verdict | None:
    """Return the verdict on a value that stands twice in a row or column, or None."""
    for kind, lines in (("row", grid), ("column", list(zip(*grid, strict=True)))):
        for i, cells in enumerate(lines):
            if len(set(cells)) < len(cells):
                twice = next(cell for cell in cells if list(cells).count(cell) > 1)
                return Verdict.wrong(f"{kind} {i + 1} holds {twice} twice", kind)
    return None


def read_numbers(text: str, rows: int, columns: int) -> list[list[int]] | None:
    r"""Return a grid of whole numbers: ``rows`` lines of ``columns`` numbers; blank lines and bars are ignored.

    >>> read_numbers("[[1, 12],\n [3, 4]]", 2, 2), read_numbers("1 2 3", 1, 2)
    ([[1, 12], [3, 4]], None)
    """
    if len(text) > 20 * (rows + 2) * (columns + 2):
        return None
    grid = []
    for line in text.splitlines():
        numbers = read_ints(line.translate(_BARS).strip(" ,\t"), most=columns + 1)
        if numbers is None or len(numbers) not in (0, columns):
            return None
        if numbers:
            grid.append(numbers)
    return grid if len(grid) == rows else None


_BARS = str.maketrans("|[]", "   ")
