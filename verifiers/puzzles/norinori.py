"""Norinori: shade dominoes that do not touch by sides so that every region holds exactly two shaded cells.

Correct is any shading that keeps what is shown and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"regions": ["AAA", "BBB", "BBB"], "shown": ["???", "???", "???"]}``, answer ``##. / ... / .##`` on
three lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import neighbours
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of ``#`` for shaded cells and dots for the others.

    >>> verify("##.\n...\n.##", {"regions": ["AAA", "BBB", "BBB"], "shown": ["???", "???", "???"]}).score
    1.0
    """
    regions = payload["regions"]
    rows, columns = len(regions), len(regions[0])
    grid = read_grid(answer, rows, columns, "#.")
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} characters, # or .")
    counts = dict.fromkeys("".join(regions), 0)
    for r in range(rows):
        for c in range(columns):
            if payload["shown"][r][c] not in ("?", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {payload['shown'][r][c]}", "given")
            if grid[r][c] == "#":
                counts[regions[r][c]] += 1
                shaded = sum(grid[r2][c2] == "#" for r2, c2 in neighbours((r, c), rows, columns))
                if shaded != 1:
                    return Verdict.wrong(f"row {r + 1} column {c + 1} has {shaded} shaded neighbours, not 1", "domino")
    for name, count in counts.items():
        if count != 2:
            return Verdict.wrong(f"region {name} holds {count} shaded cells, not 2", "region")
    return Verdict.correct()
