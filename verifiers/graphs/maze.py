"""Maze: walk from S to E with as few moves as possible.

Correct is every sequence of moves through open cells that ends at E and is as short as any; the verifier finds the
smallest number of moves itself. The payload holds ``grid``: equally long strings, ``#`` for walls, walls all around.

Example: payload ``{"grid": ["#####", "#S.E#", "#####"]}``, answer ``RR``.
"""

import re

from gradarium.core import Payload, Verdict

_MOVES = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}
_LETTERS = re.compile(r"[UDLR\s,;]+", re.ASCII)
_GAP = re.compile(r"[\s,;]+", re.ASCII)
_WORDS = {"UP": "U", "DOWN": "D", "LEFT": "L", "RIGHT": "R"}


def read_moves(text: str, most: int) -> str | None:
    """Return the moves as letters U, D, L, R; None if there are none, more than ``most``, or anything else.

    >>> read_moves("rrd", 9), read_moves("R, R, D", 9), read_moves("right right down", 9), read_moves("RRx", 9)
    ('RRD', 'RRD', 'RRD', None)
    """
    if len(text) > 8 * most + 8 or not text.isascii():
        return None
    text = text.strip().upper()
    if text[:1] + text[-1:] in ("[]", "()"):
        text = text[1:-1].strip()
    if _LETTERS.fullmatch(text):
        moves = _GAP.sub("", text)
    else:
        words = _GAP.split(text)
        if any(word not in _WORDS for word in words):
            return None
        moves = "".join(_WORDS[word] for word in words)
    return moves if 0 < len(moves) <= most else None


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a sequence of moves.

    >>> verify("RR", {"grid": ["#####", "#S.E#", "#####"]}).score
    1.0
    """
    grid = payload["grid"]
    moves = read_moves(answer, len(grid) * len(grid[0]))
    if moves is None:
        return Verdict.unreadable("expected moves: letters U, D, L and R, no more than there are cells")
    start = next((r, line.index("S")) for r, line in enumerate(grid) if "S" in line)
    r, c = start
    for number, move in enumerate(moves, 1):
        r, c = r + _MOVES[move][0], c + _MOVES[move][1]
        if grid[r][c] == "#":
            return Verdict.wrong(f"move {number}, {move}, runs into a wall", "wall")
    if grid[r][c] != "E":
        return Verdict.wrong(f"the path ends in row {r + 1} column {c + 1}, not at E", "end")
    if len(moves) > _shortest(grid, start):
        return Verdict.wrong(f"the path has {len(moves)} moves, and a shorter one exists", "length")
    return Verdict.correct()


def _shortest(grid: list[str], start: tuple[int, int]) -> int:
    """Return the fewest moves from the start to E, in a breadth-first search."""
    seen = {start}
    wave = [start]
    moves = 0
    while wave:
        following = []
        for r, c in wave:
            if grid[r][c] == "E":
                return moves
            for cell in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                if cell not in seen and grid[cell[0]][cell[1]] != "#":
                    seen.add(cell)
                    following.append(cell)
        wave = following
        moves += 1
    return -1
