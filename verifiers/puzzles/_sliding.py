"""What the sliding puzzles share: read the tiles that move, move them, compare with the goal."""

from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints

Grid = Sequence[Sequence[int]]
"""Tiles by row; 0 is the gap."""


def slide(start: Grid, moves: Sequence[int]) -> tuple[list[list[int]], str]:
    """Return the board after the moves, up to the first that cannot be made, and what is wrong with that one.

    >>> slide([[1, 2], [3, 0]], [2, 1])
    ([[0, 1], [3, 2]], '')
    >>> slide([[1, 2], [3, 0]], [2, 3])[1]
    'move 2: tile 3 is not beside the gap'
    """
    grid = [list(row) for row in start]
    at = {tile: (r, c) for r, row in enumerate(grid) for c, tile in enumerate(row)}
    for number, tile in enumerate(moves, 1):
        if tile not in at or not tile:
            return grid, f"move {number}: there is no tile {tile}"
        (r, c), (i, j) = at[tile], at[0]
        if abs(r - i) + abs(c - j) != 1:
            return grid, f"move {number}: tile {tile} is not beside the gap"
        grid[r][c], grid[i][j] = 0, tile
        at[tile], at[0] = (i, j), (r, c)
    return grid, ""


def judge(answer: str, payload: Payload) -> Verdict:
    """Judge the tiles of a way from ``start`` to ``goal`` of at most ``most`` moves."""
    moves = read_ints(answer)
    if not moves:
        return Verdict.unreadable("expected the numbers of tiles, separated by spaces")
    if len(moves) > payload["most"]:
        return Verdict.wrong(f"{len(moves)} moves are more than {payload['most']}", "moves")
    grid, problem = slide(payload["start"], moves)
    if problem:
        return Verdict.wrong(problem, "move")
    for r, (row, wanted) in enumerate(zip(grid, payload["goal"], strict=True), 1):
        if row != list(wanted):
            return Verdict.wrong(f"after the last move row {r} is not as in the goal", "goal")
    return Verdict.correct()
