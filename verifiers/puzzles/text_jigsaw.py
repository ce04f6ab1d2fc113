"""Text jigsaw: lay tiles with letters on their sides into a grid so that touching sides agree.

Correct is any arrangement that uses every tile once and has equal letters wherever two tiles touch; where the tiles
have flat sides, these and no others lie at the edge of the grid. Nothing is compared with a stored solution.

Example: payload ``{"rows": 1, "columns": 2, "flat": true, "tiles": ["---a", "-a--"]}`` (top, right, bottom and left of
each tile), answer ``2 1``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints

_DROPPED = str.maketrans("[]|", "   ")


def read_arrangement(answer: str, rows: int, columns: int) -> list[list[int]] | None:
    r"""Return a grid of tile numbers, one line for each row; brackets, bars and commas are ignored.

    >>> read_arrangement("2 1\n[3, 4]", 2, 2), read_arrangement("2 1 3 4", 2, 2)
    ([[2, 1], [3, 4]], None)
    """
    if len(answer) > 20 * (rows + 2) * (columns + 2):
        return None
    lines = [line for line in answer.translate(_DROPPED).splitlines() if line.strip(" \t,")]
    if len(lines) != rows:
        return None
    grid = []
    for line in lines:
        numbers = read_ints(line.strip(" \t,"), most=columns)
        if numbers is None or len(numbers) != columns:
            return None
        grid.append(numbers)
    return grid


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a grid of tile numbers.

    >>> verify("2 1", {"rows": 1, "columns": 2, "flat": True, "tiles": ["---a", "-a--"]}).score
    1.0
    """
    rows, columns, tiles = payload["rows"], payload["columns"], payload["tiles"]
    grid = read_arrangement(answer, rows, columns)
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} tile numbers")
    seen = set()
    for line in grid:
        for number in line:
            if not 1 <= number <= len(tiles):
                return Verdict.wrong(f"there is no tile {number}", "tiles")
            if number in seen:
                return Verdict.wrong(f"tile {number} is used twice", "repeated")
            seen.add(number)
    sides = [[tiles[number - 1] for number in line] for line in grid]
    for r in range(rows):
        for c in range(columns):
            here = f"row {r + 1} column {c + 1}"
            top, right, bottom, left = sides[r][c]
            ends = [(top, r == 0, "top"), (right, c == columns - 1, "right")]
            ends += [(bottom, r == rows - 1, "bottom"), (left, c == 0, "left")]
            for side, edge, name in ends if payload["flat"] else ():
                if edge and side != "-":
                    return Verdict.wrong(f"the {name} side of {here} is not flat", "edge")
                if side == "-" and not edge:
                    return Verdict.wrong(f"the {name} side of {here} is flat inside the grid", "edge")
            if c + 1 < columns and right != sides[r][c + 1][3]:
                return Verdict.wrong(f"the right side of {here} does not match its neighbour", "match")
            if r + 1 < rows and bottom != sides[r + 1][c][0]:
                return Verdict.wrong(f"the bottom side of {here} does not match its neighbour", "match")
    return Verdict.correct()
