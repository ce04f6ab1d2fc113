"""Mate in one: find a move that checkmates at once.

Correct is every legal move, in SAN or UCI, after which the other king is in check and no legal move is left.

Example: payload ``{"fen": "7k/R7/8/8/8/8/8/KR6 w - - 0 1"}``, answer ``Rb8#``; ``Rh7`` gives check, but the king takes.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._chess import is_mate, play, read_fen, read_move


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge one move.

    >>> verify("Rb8#", {"fen": "7k/R7/8/8/8/8/8/KR6 w - - 0 1"}).score
    1.0
    """
    position = read_fen(payload["fen"])
    moves = read_move(answer, position)
    if moves is None:
        return Verdict.unreadable("expected one move such as Qh7 or d3h7")
    if not moves:
        return Verdict.wrong("the move is not legal", "legal")
    if len(moves) > 1:
        return Verdict.wrong("more than one piece can make this move", "ambiguous")
    if not is_mate(play(position, moves[0])):
        return Verdict.wrong("the move is legal but does not checkmate", "mate")
    return Verdict.correct()
