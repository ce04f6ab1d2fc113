"""Killer sudoku: every row, column and box holds each digit once; in each cage the digits differ and add up.

Correct is any complete grid that keeps the givens and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"box": [2, 2], "givens": ["1...", "....", "....", "...1"], "regions": ["AABB", "CCDD", "EEFF",
"GGHH"], "sums": {"A": 3, "B": 7, "C": 7, "D": 3, "E": 3, "F": 7, "G": 7, "H": 3}}``, answer
``1 2 3 4 / 3 4 1 2 / 2 1 4 3 / 4 3 2 1`` on four lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import changed, repeated
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``n`` lines of ``n`` digits.

    >>> payload = {"box": [1, 2], "givens": ["..", ".."], "regions": ["AB", "CB"], "sums": {"A": 1, "B": 3, "C": 2}}
    >>> verify("1 2\n2 1", payload).score
    1.0
    """
    (height, width), regions = payload["box"], payload["regions"]
    n = height * width
    grid = read_grid(answer, n, n, "123456789"[:n])
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} digits from 1 to {n}")
    if fault := changed(grid, payload["givens"]) or repeated(grid):
        return fault
    for top in range(0, n, height):
        for left in range(0, n, width):
            box = [grid[r][c] for r in range(top, top + height) for c in range(left, left + width)]
            if len(set(box)) < n:
                twice = next(digit for digit in box if box.count(digit) > 1)
                return Verdict.wrong(f"box {top + left // width + 1} holds {twice} twice", "box")
    for letter, total in payload["sums"].items():
        cage = [int(grid[r][c]) for r in range(n) for c in range(n) if regions[r][c] == letter]
        if sum(cage) != total:
            return Verdict.wrong(f"cage {letter} adds up to {sum(cage)}, not {total}", "sum")
        if len(set(cage)) < len(cage):
            return Verdict.wrong(f"cage {letter} holds a digit twice", "cage")
    return Verdict.correct()
