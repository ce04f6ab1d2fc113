"""Dominosa: cut a board of numbers into a full set of dominoes.

Correct is any cutting that keeps what is shown and uses each pair exactly once; nothing is compared with a stored
solution.

Example: payload ``{"numbers": [[0, 0, 1], [1, 0, 1]], "shown": ["???", "???"]}``, answer ``RLD / RLU`` on two lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid

_SIDES = {"U": (-1, 0, "D"), "D": (1, 0, "U"), "L": (0, -1, "R"), "R": (0, 1, "L")}
"""Letter -> step to the other half, and the letter that must stand there."""


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of the letters U, D, L and R.

    >>> verify("R L D\nR L U", {"numbers": [[0, 0, 1], [1, 0, 1]], "shown": ["???", "???"]}).score
    1.0
    """
    numbers = payload["numbers"]
    rows, columns = len(numbers), len(numbers[0])
    grid = read_grid(answer.upper(), rows, columns, "UDLR")
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} letters U, D, L or R")
    used: set[tuple[int, int]] = set()
    for r, line in enumerate(grid):
        for c, mark in enumerate(line):
            here = f"row {r + 1} column {c + 1}"
            if payload["shown"][r][c] not in ("?", mark):
                return Verdict.wrong(f"{here} must stay {payload['shown'][r][c]}", "given")
            down, right, back = _SIDES[mark]
            r2, c2 = r + down, c + right
            if not (0 <= r2 < rows and 0 <= c2 < columns):
                return Verdict.wrong(f"{here} points off the board", "off board")
            if grid[r2][c2] != back:
                return Verdict.wrong(f"{here} is {mark}, but the cell there is not {back}", "halves")
            if mark in "RD":
                a, b = numbers[r][c], numbers[r2][c2]
                pair = (min(a, b), max(a, b))
                if pair in used:
                    return Verdict.wrong(f"the domino {pair[0]} {pair[1]} is used twice", "twice")
                used.add(pair)
    return Verdict.correct()
