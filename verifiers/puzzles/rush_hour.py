"""Rush hour: move cars along their lines until car A stands at the right edge.

Correct is every sequence of legal moves that ends with car A at the right edge and is not longer than allowed; the
moves are carried out one after another.

Example: payload ``{"board": ["..B", "AAB", "...", "..."], "moves": 2}``, answer ``B +2, A +1``.
"""

import re

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import Cell
from gradarium.verifiers.reading import ascii_minus

MOST = 300
"""Longer sequences are not read."""

_MOVE = re.compile(r"([A-Za-z])\s?:?\s?([+-])\s?([0-9]{1,2})(?![0-9])[\s,;]{0,3}", re.ASCII)


def read_moves(text: str) -> list[tuple[str, int]] | None:
    """Return (car, steps) of every move, steps to the right or down positive; None if anything else is there.

    >>> read_moves("B +2, a -1"), read_moves("B 2")
    ([('B', 2), ('A', -1)], None)
    """
    if len(text) > 12 * MOST:
        return None
    text = ascii_minus(text).strip().removesuffix(".")
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    moves: list[tuple[str, int]] = []
    at = 0
    while at < len(text):
        found = _MOVE.match(text, at)
        if found is None or len(moves) == MOST:
            return None
        moves.append((found[1].upper(), int(found[2] + found[3])))
        at = found.end()
    return moves or None


def cars_of(board: list[str]) -> dict[str, list[Cell]]:
    """Return the cells of every car, from left to right or from top to bottom."""
    cars: dict[str, list[Cell]] = {}
    for r, line in enumerate(board):
        for c, char in enumerate(line):
            if char != ".":
                cars.setdefault(char, []).append((r, c))
    return cars


def drive(board: list[str], moves: list[tuple[str, int]]) -> dict[str, list[Cell]] | tuple[int, str]:
    """Return the cells of the cars after the moves, or the number of the first illegal move and what is wrong."""
    rows, columns = len(board), len(board[0])
    cars = cars_of(board)
    taken = {cell: car for car, cells in cars.items() for cell in cells}
    for number, (car, steps) in enumerate(moves, 1):
        if car not in cars:
            return number, f"there is no car {car}"
        if not steps:
            return number, f"car {car} does not move"
        cells = cars[car]
        dr, dc = (0, 1) if cells[0][0] == cells[-1][0] else (1, 0)
        sign = 1 if steps > 0 else -1
        for _ in range(abs(steps)):
            r, c = cells[-1] if steps > 0 else cells[0]
            front = (r + sign * dr, c + sign * dc)
            if not (0 <= front[0] < rows and 0 <= front[1] < columns):
                return number, f"car {car} would leave the board"
            if front in taken:
                return number, f"car {car} runs into car {taken[front]}"
            behind = cells[0] if steps > 0 else cells[-1]
            cells = [*cells[1:], front] if steps > 0 else [front, *cells[:-1]]
            del taken[behind]
            taken[front] = car
        cars[car] = cells
    return cars


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a sequence of moves.

    >>> verify("B +2, A +1", {"board": ["..B", "AAB", "...", "..."], "moves": 2}).score
    1.0
    """
    moves = read_moves(answer)
    if moves is None:
        return Verdict.unreadable("expected moves such as B -1, A +2")
    if len(moves) > payload["moves"]:
        return Verdict.wrong(f"there are {len(moves)} moves, over {payload['moves']}", "limit")
    end = drive(payload["board"], moves)
    if isinstance(end, tuple):
        return Verdict.wrong(f"move {end[0]}: {end[1]}", "move")
    if end["A"][-1][1] != len(payload["board"][0]) - 1:
        return Verdict.wrong("after the last move car A is not at the right edge", "goal")
    return Verdict.correct()
