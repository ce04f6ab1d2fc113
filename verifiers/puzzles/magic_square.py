"""Magic square: put the listed numbers into the empty cells so that all rows, columns and both diagonals sum alike.

Correct is any square that keeps the givens, uses each listed number once and has equal sums; nothing is compared with
a stored solution.

Example: payload ``{"givens": [[2, 7, 6], [9, 0, 1], [4, 3, 0]], "numbers": [5, 8]}`` (0: empty), answer
``2 7 6 / 9 5 1 / 4 3 8`` on three lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import read_numbers


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``n`` lines of ``n`` numbers.

    >>> verify("2 7 6\n9 5 1\n4 3 8", {"givens": [[2, 7, 6], [9, 0, 1], [4, 3, 0]], "numbers": [5, 8]}).score
    1.0
    """
    givens = payload["givens"]
    n = len(givens)
    grid = read_numbers(answer, n, n)
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} whole numbers")
    put = []
    for r, row in enumerate(givens):
        for c, given in enumerate(row):
            if not given:
                put.append(grid[r][c])
            elif grid[r][c] != given:
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}", "given")
    for number in put:
        if number not in payload["numbers"]:
            return Verdict.wrong(f"{number} is not one of the numbers to put in", "numbers")
        if put.count(number) > payload["numbers"].count(number):
            return Verdict.wrong(f"{number} is put in more often than it is listed", "numbers")
    total = (sum(map(sum, givens)) + sum(payload["numbers"])) // n
    lines = [("row", i + 1, row) for i, row in enumerate(grid)]
    lines += [("column", i + 1, list(column)) for i, column in enumerate(zip(*grid, strict=True))]
    lines += [("diagonal", 1, [grid[i][i] for i in range(n)]), ("diagonal", 2, [grid[i][n - 1 - i] for i in range(n)])]
    for kind, i, line in lines:
        if sum(line) != total:
            return Verdict.wrong(f"{kind} {i} adds up to {sum(line)}, not {total}", kind)
    return Verdict.correct()
