"""Twiddle: rotate 2x2 blocks by a quarter turn until the board is as the goal.

Correct are the blocks of any way that keeps to the limit; the verifier rotates them in a copy. The payload holds
``start`` and ``goal``, square boards, ``most``, the limit of moves, and ``clockwise``, the direction of every turn.

Example: payload ``{"start": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "goal": [[4, 1, 3], [5, 2, 6], [7, 8, 9]], "most": 1,
"clockwise": true}``, answer ``1,1``.
"""

from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import Cell, read_cells


def turn(start: Sequence[Sequence[int]], blocks: Sequence[Cell], clockwise: bool) -> list[list[int]] | None:
    """Return the board after the turns; None where a block does not exist.

    >>> turn([[1, 2], [3, 4]], [(1, 1)], True), turn([[1, 2], [3, 4]], [(1, 1)], False), turn([[1]], [(0, 0)], True)
    ([[3, 1], [4, 2]], [[2, 4], [1, 3]], None)
    """
    grid = [list(row) for row in start]
    for row, column in blocks:
        if not (0 < row < len(grid) and 0 < column < len(grid)):
            return None
        r, c = row - 1, column - 1
        (a, b), (d, e) = grid[r][c : c + 2], grid[r + 1][c : c + 2]
        grid[r][c : c + 2] = [d, a] if clockwise else [b, e]
        grid[r + 1][c : c + 2] = [e, b] if clockwise else [a, d]
    return grid


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge blocks in the order in which they are rotated.

    >>> start, goal = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[4, 1, 3], [5, 2, 6], [7, 8, 9]]
    >>> verify("1,1", {"start": start, "goal": goal, "most": 1, "clockwise": True}).score
    1.0
    """
    blocks = read_cells(answer, 200)
    if not blocks:
        return Verdict.unreadable("expected blocks such as 1,2, separated by spaces")
    if len(blocks) > payload["most"]:
        return Verdict.wrong(f"{len(blocks)} moves are more than {payload['most']}", "moves")
    grid = turn(payload["start"], blocks, payload["clockwise"])
    if grid is None:
        return Verdict.wrong(f"a block's row and column go from 1 to {len(payload['start']) - 1}", "move")
    for r, (row, wanted) in enumerate(zip(grid, payload["goal"], strict=True), 1):
        if row != list(wanted):
            return Verdict.wrong(f"after the last move row {r} is not as in the goal", "goal")
    return Verdict.correct()
