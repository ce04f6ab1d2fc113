"""Spiral galaxies: divide a board into connected regions, each symmetric about its own centre.

Correct is any division that keeps what is shown and breaks no rule; nothing is compared with a stored solution. The
payload gives centres as twice the row and twice the column, counted from 0.

Example: payload ``{"centres": {"A": [1, 1], "B": [1, 4]}, "shown": ["???", "???"]}``,
answer ``AAB / AAB`` on two lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import components
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of letters, one for each galaxy.

    >>> verify("AAB\nAAB", {"centres": {"A": [1, 1], "B": [1, 4]}, "shown": ["???", "???"]}).score
    1.0
    """
    shown, centres = payload["shown"], payload["centres"]
    rows, columns = len(shown), len(shown[0])
    grid = read_grid(answer.upper(), rows, columns, "".join(centres))
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} letters of galaxies")
    cells: dict[str, set[tuple[int, int]]] = {name: set() for name in centres}
    for r in range(rows):
        for c in range(columns):
            if shown[r][c] not in ("?", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {shown[r][c]}", "given")
            cells[grid[r][c]].add((r, c))
    for name, (row, column) in centres.items():
        galaxy = cells[name]
        core = {(r, c) for r in (row // 2, (row + 1) // 2) for c in (column // 2, (column + 1) // 2)}
        if not core <= galaxy:
            return Verdict.wrong(f"galaxy {name} does not hold all cells at its centre", "centre")
        for r, c in sorted(galaxy):
            if (row - r, column - c) not in galaxy:
                return Verdict.wrong(
                    f"galaxy {name} holds row {r + 1} column {c + 1}, but not the cell opposite", "symmetry"
                )
        if len(components(galaxy)) > 1:
            return Verdict.wrong(f"galaxy {name} does not hang together", "connected")
    return Verdict.correct()
