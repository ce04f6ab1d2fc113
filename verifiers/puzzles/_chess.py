"""Chess: legal moves, check and mate, without castling (no position that is posed allows it)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

KNIGHT = ((1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1), (-2, 1), (-1, 2))
STRAIGHT = ((0, 1), (1, 0), (0, -1), (-1, 0))
DIAGONAL = ((1, 1), (1, -1), (-1, -1), (-1, 1))
LINES = {"b": DIAGONAL, "r": STRAIGHT, "q": STRAIGHT + DIAGONAL}

_MOVE = re.compile(
    r"([NBKRQ])?([a-h])?([1-8])?[-x]?([a-h])([1-8])(?:=?([nbrqNBRQ]))?(?:\s?(?:\+{1,2}|#))?[!?]{0,2}\.?", re.ASCII
)
_NUMBER = re.compile(r"[0-9]{1,3}\.{1,3}\s?", re.ASCII)

Square = tuple[int, int]
"""File and rank, both from 0."""


class Move(NamedTuple):
    """A move of a piece; a pawn that reaches the last rank names what it becomes."""

    start: Square
    end: Square
    promotion: str = ""
    """One of n, b, r, q, or empty."""


class Position(NamedTuple):
    """Who stands where and who moves; ``passed`` is the square that a pawn has just skipped by a double step."""

    pieces: dict[Square, str]
    """Upper-case letters are white."""
    white: bool
    passed: Square | None = None


def read_fen(fen: str) -> Position:
    """Return the position of a FEN; its castling rights are left aside.

    >>> sorted(read_fen("7k/8/8/8/8/8/8/K7 w - - 0 1").pieces.items())
    [((0, 0), 'K'), ((7, 7), 'k')]
    """
    placement, turn, _, passed = fen.split()[:4]
    pieces = {}
    for row, line in enumerate(placement.split("/")):
        file = 0
        for char in line:
            if char in "12345678":
                file += int(char)
            else:
                pieces[file, 7 - row] = char
                file += 1
    return Position(pieces, turn == "w", None if passed == "-" else (ord(passed[0]) - 97, int(passed[1]) - 1))


def _own(piece: str, white: bool) -> bool:
    return piece.isupper() == white


def attacked(pieces: dict[Square, str], square: Square, white: bool) -> bool:
    """Tell whether a piece of one side attacks a square."""
    x, y = square
    behind = y - 1 if white else y + 1
    for piece, places in (
        ("p", ((x - 1, behind), (x + 1, behind))),
        ("n", tuple((x + dx, y + dy) for dx, dy in KNIGHT)),
        ("k", tuple((x + dx, y + dy) for dx, dy in LINES["q"])),
    ):
        letter = piece.upper() if white else piece
        if any(pieces.get(place) == letter for place in places):
            return True
    for piece, directions in (("b", DIAGONAL), ("r", STRAIGHT)):
        letters = (piece + "q").upper() if white else piece + "q"
        for dx, dy in directions:
            a, b = x + dx, y + dy
            while 0 <= a < 8 and 0 <= b < 8:
                found = pieces.get((a, b))
                if found:
                    if found in letters:
                        return True
                    break
                a, b = a + dx, b + dy
    return False


def in_check(pieces: dict[Square, str], white: bool) -> bool:
    """Tell whether the king of one side is attacked."""
    king = "K" if white else "k"
    return any(attacked(pieces, square, not white) for square, piece in pieces.items() if piece == king)


def _targets(position: Position, start: Square) -> Iterator[Square]:
    """Yield where a piece can go, its own king's safety aside."""
    pieces, white, passed = position
    x, y = start
    kind = pieces[start].lower()
    if kind == "p":
        step = 1 if white else -1
        if (x, y + step) not in pieces:
            yield x, y + step
            if y == (1 if white else 6) and (x, y + 2 * step) not in pieces:
                yield x, y + 2 * step
        for side in (x - 1, x + 1):
            target = pieces.get((side, y + step))
            if (target and not _own(target, white)) or (passed is not None and (side, y + step) == passed):
                yield side, y + step
        return
    directions = KNIGHT if kind == "n" else LINES.get(kind, LINES["q"])
    for dx, dy in directions:
        a, b = x + dx, y + dy
        while 0 <= a < 8 and 0 <= b < 8:
            target = pieces.get((a, b))
            if not target or not _own(target, white):
                yield a, b
            if target or kind in "nk":
                break
            a, b = a + dx, b + dy


def play(position: Position, move: Move) -> Position:
    """Return the position after a move."""
    pieces, white, passed = position
    after = dict(pieces)
    piece = after.pop(move.start)
    if piece in "Pp" and move.end == passed:
        del after[move.end[0], move.start[1]]
    if move.promotion:
        piece = move.promotion.upper() if white else move.promotion
    after[move.end] = piece
    double = piece in "Pp" and abs(move.end[1] - move.start[1]) == 2
    return Position(after, not white, (move.start[0], (move.start[1] + move.end[1]) // 2) if double else None)


def _moves(position: Position) -> Iterator[Move]:
    """Yield every move but castling, the own king's safety aside."""
    for start in [square for square, piece in position.pieces.items() if _own(piece, position.white)]:
        pawn = position.pieces[start] in "Pp"
        for end in _targets(position, start):
            for promotion in "qrbn" if pawn and end[1] in (0, 7) else ("",):
                yield Move(start, end, promotion)


def is_safe(position: Position, move: Move) -> bool:
    """Tell whether the own king is not attacked after a move."""
    return not in_check(play(position, move).pieces, position.white)


def legal_moves(position: Position) -> Iterator[Move]:
    """Yield every legal move but castling."""
    return (move for move in _moves(position) if is_safe(position, move))


def is_mate(position: Position) -> bool:
    """Tell whether the side to move is in check and has no legal move."""
    return in_check(position.pieces, position.white) and next(legal_moves(position), None) is None


def read_move(text: str, position: Position) -> list[Move] | None:
    """Return the legal moves that a text in SAN or UCI can mean; None if it has neither form.

    Signs behind the move that say what it does or is worth (``+``, ``++``, ``#``, ``!``, ``?``) are not looked at.

    >>> read_move("Kb2", read_fen("7k/8/8/8/8/8/8/K7 w - - 0 1"))
    [Move(start=(0, 0), end=(1, 1), promotion='')]
    """
    text = text.strip() if len(text) <= 40 else ""
    number = _NUMBER.match(text)
    found = _MOVE.fullmatch(text[number.end() :] if number else text)
    if found is None:
        return None
    letter, file, rank, to_file, to_rank, promotion = found.groups()
    end = (ord(to_file) - 97, int(to_rank) - 1)
    meant = []
    for move in _moves(position):
        kind = position.pieces[move.start].upper()
        x, y = move.start
        if move.end != end or move.promotion != (promotion or "").lower():
            continue
        if (file and ord(file) - 97 != x) or (rank and int(rank) - 1 != y):
            continue
        if letter:
            fits = kind == letter
        elif file and rank:  # start and end say it all, as in UCI
            fits = True
        else:
            fits = kind == "P" and (bool(file) or x == end[0])
        if fits and is_safe(position, move):
            meant.append(move)
    return meant
