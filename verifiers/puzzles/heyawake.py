"""Heyawake: shade cells that do not touch, keep the rest connected, match rooms, cut lines through three rooms.

Correct is any shading that keeps what is shown and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"regions": ["AAB", "CCB"], "numbers": {"A": 1}, "shown": ["???", "???"]}``, answer ``.#. / ...``.
"""

from itertools import pairwise

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import components
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``#`` for shaded cells and dots for the others.

    >>> verify(".#.\n...", {"regions": ["AAB", "CCB"], "numbers": {"A": 1}, "shown": ["???", "???"]}).score
    1.0
    """
    regions = payload["regions"]
    rows, columns = len(regions), len(regions[0])
    grid = read_grid(answer, rows, columns, "#.")
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} characters, # or .")
    counts = dict.fromkeys(payload["numbers"], 0)
    for r in range(rows):
        for c in range(columns):
            if payload["shown"][r][c] not in ("?", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {payload['shown'][r][c]}", "given")
            if grid[r][c] == "#" and regions[r][c] in counts:
                counts[regions[r][c]] += 1
    for kind, lines, rooms in (
        ("row", grid, regions),
        ("column", list(zip(*grid, strict=True)), list(zip(*regions, strict=True))),
    ):
        for i, (line, names) in enumerate(zip(lines, rooms, strict=True)):
            borders = 0
            for (mark, name), (mark2, name2) in pairwise(zip(line, names, strict=True)):
                if mark == mark2 == "#":
                    return Verdict.wrong(f"{kind} {i + 1} has two shaded cells side by side", "touch")
                borders = 0 if "#" in (mark, mark2) else borders + (name != name2)
                if borders > 1:
                    return Verdict.wrong(f"{kind} {i + 1} has a line of unshaded cells through three rooms", "line")
    for name, number in payload["numbers"].items():
        if counts[name] != number:
            return Verdict.wrong(f"room {name} has {counts[name]} shaded cells, not {number}", "number")
    unshaded = {(r, c) for r in range(rows) for c in range(columns) if grid[r][c] == "."}
    if len(components(unshaded)) > 1:
        return Verdict.wrong("the unshaded cells do not form one group", "connected")
    return Verdict.correct()
