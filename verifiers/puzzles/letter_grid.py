"""Letter grid: spell a word by a path over neighbouring cells that uses no cell twice.

Correct is every such path; nothing is compared with a stored solution.

Example: payload ``{"grid": ["ab", "dc"], "word": "bcd", "diagonal": false}``, answer ``1 2, 2 2, 2 1``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import read_cells


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of cells, each as row and column, in the order of the letters.

    >>> verify("1 2, 2 2, 2 1", {"grid": ["ab", "dc"], "word": "bcd", "diagonal": False}).score
    1.0
    """
    grid, word = payload["grid"], payload["word"]
    rows, columns = len(grid), len(grid[0])
    cells = read_cells(answer, most=len(word) + 20)
    if cells is None:
        return Verdict.unreadable("expected cells, each as row and column, separated by commas")
    if len(cells) != len(word):
        return Verdict.wrong(f"the path has {len(cells)} cells, not {len(word)}", "length")
    used = set()
    before = None
    for number, (cell, letter) in enumerate(zip(cells, word, strict=True), 1):
        r, c = cell
        if not (1 <= r <= rows and 1 <= c <= columns):
            return Verdict.wrong(f"cell {number}: there is no row {r} column {c}", "cell")
        if grid[r - 1][c - 1] != letter:
            return Verdict.wrong(f"cell {number}: row {r} column {c} does not hold the letter {letter}", "letter")
        if cell in used:
            return Verdict.wrong(f"cell {number}: row {r} column {c} is used twice", "repeated")
        if before is not None:
            down, across = abs(r - before[0]), abs(c - before[1])
            if max(down, across) > 1 or (down + across > 1 and not payload["diagonal"]):
                return Verdict.wrong(f"cell {number} is no neighbour of the one before it", "neighbour")
        used.add(cell)
        before = cell
    return Verdict.correct()
