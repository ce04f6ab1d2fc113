"""Mate in one, from two heavy pieces against a bare king to 26 pieces with many checks of which one mates.

Example (level 0; upper-case letters are white, White to move)::

    8 . . . . . . . k
    7 R . . . . . . .
    6 . . . . . . . .
    5 . . . . . . . .
    4 . . . . . . . .
    3 . . . . . . . .
    2 . . . . . . . .
    1 K R . . . . . .
      a b c d e f g h

What is right: every move that checkmates, here ``Rb8#``; castling and capturing en passant are not possible in the
positions, but a double step of a pawn may be answered by a capture en passant and then is no mate.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.puzzles._chess import play, read_fen, read_move

if TYPE_CHECKING:
    import chess


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    fewest: int
    """Fewest pieces on the board, kings and pawns counted."""
    most: int
    """Most pieces on the board."""
    mates: int
    """Most mating moves."""
    checks: int
    """Fewest moves that give check without mating."""


LEVELS = [
    Params(4, 4, 9, 0),
    Params(5, 5, 9, 0),
    Params(6, 7, 5, 1),
    Params(8, 9, 3, 1),
    Params(10, 12, 1, 2),
    Params(13, 15, 1, 3),
    Params(16, 19, 1, 4),
    Params(20, 26, 1, 6),
]


def put(rng: random.Random, count: int) -> "chess.Board":
    """Put pieces on random squares; the side to move has the stronger ones, the other king often stands at the edge."""
    import chess

    board = chess.Board(None)
    side = rng.random() < 0.5
    edge = [square for square in chess.SQUARES if square % 8 in (0, 7) or square // 8 in (0, 7)]
    free = list(chess.SQUARES)
    king = rng.choice(edge) if rng.random() < 0.8 else rng.choice(free)
    board.set_piece_at(king, chess.Piece(chess.KING, not side))
    free.remove(king)
    own = 2 + (count - 4) * 3 // 5
    kinds = [(rng.choice("QR" if i < 2 else "QRBNP"), side) for i in range(own)]
    kinds += [(rng.choice("RBNPPP"), not side) for _ in range(count - 2 - own)]
    for letter, colour in [("K", side), *kinds]:
        square = rng.choice([s for s in free if letter != "P" or 0 < s // 8 < 7])
        free.remove(square)
        piece = chess.Piece.from_symbol(letter)
        board.set_piece_at(square, chess.Piece(piece.piece_type, colour))
    board.turn = side
    return board


def mating(board: "chess.Board") -> tuple[list["chess.Move"], int]:
    """Return the mating moves in the order of their UCI text, and how many other moves give check."""
    checks = [move for move in board.legal_moves if board.gives_check(move)]
    found = []
    for move in checks:
        board.push(move)
        if not any(board.generate_legal_moves()):
            found.append(move)
        board.pop()
    return sorted(found, key=lambda move: move.uci()), len(checks) - len(found)


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify positions that are mirror images, from left to right or with the colours exchanged."""
    placement, turn = payload["fen"].split()[:2]
    rows = placement.split("/")
    if turn == "b":
        rows = [row.swapcase() for row in reversed(rows)]
    return min(rows, [row[::-1] for row in rows])


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the board after the move, or as it was where the answer is no legal move."""
    position = read_fen(payload["fen"])
    moves = read_move(answer, position)
    pieces = play(position, moves[0]).pieces if moves else position.pieces
    return [[pieces.get((file, rank), ".") for file in range(8)] for rank in range(7, -1, -1)]


@task(
    levels=LEVELS,
    tags={"enigmata", "search"},
    chance=0.05,
    canonical=canonical,
    board=board,
    slow="draws positions until one of them has a mate in one move",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Put pieces on the board until there is a mate in one move."""
    for _ in range(400):
        position = put(rng, rng.randint(params.fewest, params.most))
        if position.is_valid() and not position.is_check():
            mates, checks = mating(position)
            if 1 <= len(mates) <= params.mates and checks >= params.checks:
                break
    else:
        raise Redraw
    reference = position.san(mates[0])
    others = [move for move in position.legal_moves if move not in mates]
    if not others:
        raise Redraw
    example = position.san(min(others, key=lambda move: move.uci()))
    fen = f"{position.board_fen()} {'w' if position.turn else 'b'} - - 0 1"
    lines = str(position).splitlines()
    diagram = "\n".join([f"{8 - i} {line}" for i, line in enumerate(lines)] + ["  a b c d e f g h"])
    mover = "White" if position.turn else "Black"
    question = (
        f"Chess: {mover} moves and can checkmate in one move. Find such a move. If several moves checkmate, any of "
        "them is right.\n\nUpper-case letters are white pieces, lower-case letters black ones: K king, Q queen, R "
        "rook, B bishop, N knight, P pawn; a dot is an empty square. White's pawns move up the diagram, Black's "
        "down. The usual rules of chess hold; castling and capturing en passant are not possible in this position.\n\n"
        f"{diagram}\n\nFEN: {fen}\n\n"
        "Answer with one move, in algebraic notation (as Qxh7# or e8=Q; marks for captures and check may be left out) "
        "or as the squares from and to (as d3h7 or e7e8q)."
    )
    count = sum(char.isalpha() for line in lines for char in line)
    return Draft(
        question=question,
        payload={"fen": fen},
        reference=reference,
        example=example,
        brief=f"{diagram}\n{mover} to move",
        certificate={"mates": len(mates), "checks": checks, "effort": count * position.legal_moves.count()},
    )
