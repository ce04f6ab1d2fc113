"""What the puzzles of shifted rows and columns share: read the moves, make them, compare with the goal."""

import re
from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._moves import read_moves

Grid = Sequence[Sequence[int]]
_MOVE = re.compile(r"[RLUD][1-9]", re.ASCII | re.IGNORECASE)


def read_shifts(answer: str) -> list[str]:
    """Return the moves of an answer in upper case; none where it holds anything else."""
    return [move.upper() for move in read_moves(answer, _MOVE) or []]


def shift(start: Grid, moves: Sequence[str]) -> list[list[int]] | None:
    """Return the board after the moves; None where a row or column does not exist.

    >>> shift([[1, 2], [3, 4]], ["R1", "U2"]), shift([[1, 2], [3, 4]], ["R3"])
    ([[2, 4], [3, 1]], None)
    """
    grid = [list(row) for row in start]
    for move in moves:
        way, i = move[0], int(move[1]) - 1
        if i >= len(grid):
            return None
        line = grid[i] if way in "RL" else [row[i] for row in grid]
        line = line[-1:] + line[:-1] if way in "RD" else line[1:] + line[:1]
        if way in "RL":
            grid[i] = line
        else:
            for row, value in zip(grid, line, strict=True):
                row[i] = value
    return grid


def board(payload: Payload, answer: str) -> list[list[str]]:
    """Return the board after the moves of the answer, or the start where there are none."""
    grid = shift(payload["start"], read_shifts(answer)[: payload["most"]]) or payload["start"]
    return [[str(value) for value in row] for row in grid]


def judge(answer: str, payload: Payload) -> Verdict:
    """Judge the moves of a way from ``start`` to ``goal`` of at most ``most`` moves."""
    moves = read_shifts(answer)
    if not moves:
        return Verdict.unreadable("expected moves such as R1 and U2, separated by spaces")
    if len(moves) > payload["most"]:
        return Verdict.wrong(f"{len(moves)} moves are more than {payload['most']}", "moves")
    grid = shift(payload["start"], moves)
    if grid is None:
        return Verdict.wrong(f"the board has {len(payload['start'])} rows and columns only", "move")
    for r, (row, wanted) in enumerate(zip(grid, payload["goal"], strict=True), 1):
        if row != list(wanted):
            return Verdict.wrong(f"after the last move row {r} is not as in the goal", "goal")
    return Verdict.correct()
