"""Hitori: shade cells so that no number is left twice in a row or column.

Correct is any shading that keeps the three rules, connection of the open cells included; nothing is compared with a
stored solution.

Example: payload ``{"numbers": [[1, 1, 2], [2, 3, 1], [3, 2, 2]]}``, answer ``#.. / ... / ..#``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import components
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of shaded ``#`` and open ``.`` cells.

    >>> verify("#..\n...\n..#", {"numbers": [[1, 1, 2], [2, 3, 1], [3, 2, 2]]}).score
    1.0
    """
    numbers = payload["numbers"]
    height, width = len(numbers), len(numbers[0])
    grid = read_grid(answer, height, width, ".#")
    if grid is None:
        return Verdict.unreadable(f"expected {height} lines of {width} characters, each # or .")
    is_open = {(r, c) for r in range(height) for c in range(width) if grid[r][c] == "."}
    for r in range(height):
        for c in range(width):
            if (r, c) not in is_open and any(
                i < height and j < width and (i, j) not in is_open for i, j in ((r, c + 1), (r + 1, c))
            ):
                return Verdict.wrong(f"the shaded cell in row {r + 1} column {c + 1} shares a side", "adjacent")
    rows = [[(r, c) for c in range(width)] for r in range(height)]
    columns = [[(r, c) for r in range(height)] for c in range(width)]
    for kind, lines in (("row", rows), ("column", columns)):
        for i, line in enumerate(lines, 1):
            left = [numbers[r][c] for r, c in line if (r, c) in is_open]
            if len(set(left)) < len(left):
                twice = next(number for number in left if left.count(number) > 1)
                return Verdict.wrong(f"{kind} {i} shows {twice} more than once", kind)
    if len(components(is_open)) != 1:
        return Verdict.wrong("the cells that are not shaded do not hang together", "connected")
    return Verdict.correct()
