"""Kakuro: fill the white cells so that the digits of each run across and down differ and have its sum.

Correct is any filling that keeps black cells and givens and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"board": ["..", ".#"], "across": [{"from": [0, 0], "sum": 4}], "down": [{"from": [0, 0], "sum":
3}]}`` (runs from this cell, counted from 0, to the next black cell or the edge; # is black), answer ``1 3 / 2 #`` on
two lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a board of digits and #.

    >>> one, two = [{"from": [0, 0], "sum": 4}], [{"from": [0, 0], "sum": 3}]
    >>> verify("1 3\n2 #", {"board": ["..", ".#"], "across": one, "down": two}).score
    1.0
    """
    board = payload["board"]
    height, width = len(board), len(board[0])
    grid = read_grid(answer, height, width, "123456789#")
    if grid is None:
        return Verdict.unreadable(f"expected {height} lines of {width} characters: digits from 1 to 9, # for black")
    for r in range(height):
        for c in range(width):
            told, got = board[r][c], grid[r][c]
            if (told == "#") != (got == "#"):
                return Verdict.wrong(f"row {r + 1} column {c + 1} is {'black' if told == '#' else 'white'}", "black")
            if told not in (".", got):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {told}", "given")
    for name, (dr, dc) in (("across", (0, 1)), ("down", (1, 0))):
        for run in payload[name]:
            r, c = run["from"]
            where = f"the run {name} from row {r + 1} column {c + 1}"
            digits = []
            while r < height and c < width and grid[r][c] != "#":
                digits.append(int(grid[r][c]))
                r, c = r + dr, c + dc
            if len(set(digits)) < len(digits):
                return Verdict.wrong(f"{where} holds a digit twice", "repeated")
            if sum(digits) != run["sum"]:
                return Verdict.wrong(f"{where} adds up to {sum(digits)}, not {run['sum']}", "sum")
    return Verdict.correct()
