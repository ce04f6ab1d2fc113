"""Star Battle: place stars so that rows, columns and regions hold k each and no two touch.

Correct is any placement that keeps the given stars and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"regions": ["AABB", "AABB", "CCDD", "CCDD"], "cells": ["....", "....", "....", "...."],
"stars": 1}``, answer ``.S.. / ...S / S... / ..S.``.
"""

from collections import Counter

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of stars ``S`` and empty cells ``.``.

    >>> payload = {"regions": ["AABB", "AABB", "CCDD", "CCDD"], "cells": ["....", "....", "....", "...."], "stars": 1}
    >>> verify(".S..\n...S\nS...\n..S.", payload).score
    1.0
    """
    regions, stars = payload["regions"], payload["stars"]
    n = len(regions)
    grid = read_grid(answer, n, n, ".Ss")
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} characters, each S or .")
    placed = {(r, c) for r, line in enumerate(grid) for c, cell in enumerate(line) if cell != "."}
    for r, line in enumerate(payload["cells"]):
        for c, given in enumerate(line):
            if given == "S" and (r, c) not in placed:
                return Verdict.wrong(f"the given star in row {r + 1} column {c + 1} is missing", "given")
    for r, c in sorted(placed):
        if not placed.isdisjoint(((r, c + 1), (r + 1, c - 1), (r + 1, c), (r + 1, c + 1))):
            return Verdict.wrong(f"the star in row {r + 1} column {c + 1} touches another", "touch")
    rows = Counter(r for r, _ in placed)
    columns = Counter(c for _, c in placed)
    inside = Counter(regions[r][c] for r, c in placed)
    for i in range(n):
        if rows[i] != stars:
            return Verdict.wrong(f"row {i + 1} holds {rows[i]} stars, not {stars}", "row")
        if columns[i] != stars:
            return Verdict.wrong(f"column {i + 1} holds {columns[i]} stars, not {stars}", "column")
    for name in sorted(set("".join(regions))):
        if inside[name] != stars:
            return Verdict.wrong(f"region {name} holds {inside[name]} stars, not {stars}", "region")
    return Verdict.correct()
