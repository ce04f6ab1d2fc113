"""Stitches: join each two touching blocks by a fixed number of stitches so that rows and columns have their holes.

Correct is any set of stitches that keeps what is shown and breaks no rule; nothing is compared with a stored solution.

Example: payload ``{"regions": ["AB", "AB"], "stitches": 1, "rows": [2, 0], "columns": [1, 1], "shown": ["??", "??"]}``,
answer ``RL / ..`` on two lines.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import neighbours
from gradarium.verifiers.reading import read_grid

_SIDES = {"U": (-1, 0, "D"), "D": (1, 0, "U"), "L": (0, -1, "R"), "R": (0, 1, "L")}
"""Letter -> step to the other hole, and the letter that must stand there."""


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of the letters U, D, L and R and of dots.

    >>> board = {"regions": ["AB", "AB"], "stitches": 1, "shown": ["??", "??"]}
    >>> verify("RL\n..", {**board, "rows": [2, 0], "columns": [1, 1]}).score
    1.0
    """
    regions = payload["regions"]
    rows, columns = len(regions), len(regions[0])
    grid = read_grid(answer.upper(), rows, columns, "UDLR.")
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} characters U, D, L, R or .")
    sewn: dict[tuple[str, str], int] = {}
    for r in range(rows):
        for c in range(columns):
            mark, name = grid[r][c], regions[r][c]
            here = f"row {r + 1} column {c + 1}"
            if payload["shown"][r][c] not in ("?", mark):
                return Verdict.wrong(f"{here} must stay {payload['shown'][r][c]}", "given")
            for r2, c2 in neighbours((r, c), rows, columns):
                if name < regions[r2][c2]:
                    sewn.setdefault((name, regions[r2][c2]), 0)
            if mark == ".":
                continue
            down, right, back = _SIDES[mark]
            r2, c2 = r + down, c + right
            if not (0 <= r2 < rows and 0 <= c2 < columns):
                return Verdict.wrong(f"{here} points off the board", "off board")
            if grid[r2][c2] != back:
                return Verdict.wrong(f"{here} is {mark}, but the cell there is not {back}", "holes")
            if name == regions[r2][c2]:
                return Verdict.wrong(f"the stitch at {here} stays within block {name}", "within")
            if name < regions[r2][c2]:
                sewn[name, regions[r2][c2]] += 1
    for (a, b), count in sewn.items():
        if count != payload["stitches"]:
            return Verdict.wrong(f"blocks {a} and {b} are joined {count} times, not {payload['stitches']}", "stitches")
    for kind, lines, counts in (
        ("row", grid, payload["rows"]),
        ("column", list(zip(*grid, strict=True)), payload["columns"]),
    ):
        for i, (line, count) in enumerate(zip(lines, counts, strict=True)):
            holes = len(line) - line.count(".")
            if holes != count:
                return Verdict.wrong(f"{kind} {i + 1} has {holes} holes, not {count}", kind)
    return Verdict.correct()
