"""Binario: fill a grid with 0 and 1, balanced, without three in a row and without equal rows or columns.

Correct is any complete grid that keeps the given cells and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"cells": ["1010", "1..0", "010.", "00.1"]}``, answer ``1010 / 1100 / 0101 / 0011``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``n`` lines of ``n`` digits, 0 or 1.

    >>> verify("01 01\n10 10\n00 11\n11 00", {"cells": ["0...", "....", "...1", "...."]}).score
    1.0
    """
    cells = payload["cells"]
    n = len(cells)
    grid = read_grid(answer, n, n, "01")
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} digits, each 0 or 1")
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if given not in (".", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {given}", "given")
    for kind, group in (("row", grid), ("column", [list(column) for column in zip(*grid, strict=True)])):
        seen: dict[str, int] = {}
        for i, line in enumerate(group, 1):
            text = "".join(line)
            if "000" in text or "111" in text:
                return Verdict.wrong(f"{kind} {i} has three equal cells side by side", "three")
            if text.count("1") * 2 != n:
                return Verdict.wrong(f"{kind} {i} does not hold as many 0 as 1", "balance")
            if seen.setdefault(text, i) != i:
                return Verdict.wrong(f"{kind}s {seen[text]} and {i} are the same", "distinct")
    return Verdict.correct()
