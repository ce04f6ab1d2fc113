"""Survo: the numbers 1 to rows times columns, each once, so that every row and column has its sum.

Correct is any grid that keeps the givens, holds each number once and has the sums; nothing is compared with a stored
solution.

Example: payload ``{"givens": [[1, 0, 0], [0, 5, 0]], "rows": [6, 15], "columns": [5, 7, 9]}`` (0: empty), answer
``1 2 3 / 4 5 6`` on two lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import read_numbers


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of numbers.

    >>> verify("1 2 3\n4 5 6", {"givens": [[1, 0, 0], [0, 5, 0]], "rows": [6, 15], "columns": [5, 7, 9]}).score
    1.0
    """
    givens = payload["givens"]
    height, width = len(payload["rows"]), len(payload["columns"])
    grid = read_numbers(answer, height, width)
    if grid is None:
        return Verdict.unreadable(f"expected {height} lines of {width} whole numbers")
    seen = set()
    for r in range(height):
        for c in range(width):
            number = grid[r][c]
            if givens[r][c] not in (0, number):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {givens[r][c]}", "given")
            if not 1 <= number <= height * width:
                return Verdict.wrong(f"{number} is not between 1 and {height * width}", "range")
            if number in seen:
                return Verdict.wrong(f"{number} stands in the grid twice", "repeated")
            seen.add(number)
    for kind, lines, sums in (("row", grid, payload["rows"]), ("column", zip(*grid, strict=True), payload["columns"])):
        for i, (line, total) in enumerate(zip(lines, sums, strict=True)):
            if sum(line) != total:
                return Verdict.wrong(f"{kind} {i + 1} adds up to {sum(line)}, not {total}", kind)
    return Verdict.correct()
