import re

import chess
import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles._chess import legal_moves, play, read_fen
from gradarium.verifiers.puzzles.checkmate_in_one import verify

LADDER = {"fen": "7k/R7/8/8/8/8/8/KR6 w - - 0 1"}
TWO = {"fen": "7k/8/6K1/8/8/8/R7/1Q6 w - - 0 1"}
BLACK = {"fen": "kr6/8/8/8/8/8/r7/7K b - - 0 1"}
KNIGHT = {"fen": "8/5PQ1/2K1k3/1r6/8/3b2N1/8/8 w - - 0 1"}
PASSANT = {"fen": "1Q6/1RQ4K/8/3k4/1p3Q2/7Q/2P5/8 w - - 0 1"}
QUEENS = {"fen": "k7/2K5/8/8/Q7/8/8/Q7 w - - 0 1"}
PAWN = {"fen": "k7/3P4/1K6/8/8/8/8/8 w - - 0 1"}

ACCEPTED = {
    "SAN": ("Rb8#", LADDER),
    "mark left out": ("Rb8", LADDER),
    "check instead of mate": ("Rb8+", LADDER),
    "UCI": ("b1b8", LADDER),
    "long notation": ("Rb1-b8", LADDER),
    "two signs of check": ("Rb8++", LADDER),
    "praised": ("Rb8!", LADDER),
    "mate and praised twice": ("Rb8#!!", LADDER),
    "mark behind a space": ("Rb8 #", LADDER),
    "full stop": ("Rb8.", LADDER),
    "mark and full stop": ("Rb8#.", LADDER),
    "promotion praised": ("f8=N++!", KNIGHT),
    "move number": ("1. Rb8#", LADDER),
    "another mating move": ("Qb8#", TWO),
    "and another": ("Ra8#", TWO),
    "Black mates": ("Rb1#", BLACK),
    "a knight by promotion": ("f8=N#", KNIGHT),
    "the same in UCI": ("f7f8n", KNIGHT),
    "without the equals sign": ("f8N", KNIGHT),
    "a queen by promotion": ("d8=Q#", PAWN),
    "a rook by promotion": ("d8=R#", PAWN),
}
REJECTED = {
    "a piece that is not there": ("Qh7+", LADDER),
    "check that is no mate": ("Rh7+", LADDER),
    "stalemate": ("Rg7", {"fen": "7k/5K2/8/8/8/8/8/6R1 w - - 0 1"}),
    "no check at all": ("Kb2", LADDER),
    "illegal, though it would mate": ("Rg8#", {"fen": "7k/R7/8/8/8/6r1/6K1/6R1 w - - 0 1"}),
    "a double step that is captured en passant": ("c4", PASSANT),
    "the same in UCI": ("c2c4", PASSANT),
    "promotion not named": ("f8", KNIGHT),
    "promotion not named in UCI": ("f7f8", KNIGHT),
    "the wrong promotion": ("f8=Q", KNIGHT),
    "a bishop by promotion": ("d8=B", PAWN),
    "king by promotion": ("d8=K", PAWN),
    "two pieces can make it": ("Qa5", {"fen": "k7/2K5/8/7Q/8/8/8/Q7 w - - 0 1"}),
    "the other side moves": ("Kg8", LADDER),
    "two moves": ("Rb8# Rg8#", LADDER),
    "two moves joined by a mark": ("Rb8#Rg8#", LADDER),
    "two moves, full stop between": ("Rb8. Rg8.", LADDER),
    "move and answer": ("1. Rb8+ Kh7 2. Rh8#", LADDER),
    "marks, but no mate": ("Rh7++!", LADDER),
    "nothing but marks": ("#!", LADDER),
    "many marks": ("Rb8" + "!" * 30, LADDER),
    "three signs of check": ("Rb8+++", LADDER),
    "two full stops": ("Rb8..", LADDER),
    "two moves, or": ("Rb8 or Rg8", LADDER),
    "piece in lower case": ("rb8", LADDER),
    "piece missing": ("b8", LADDER),
    "castling": ("O-O", LADDER),
    "full-width digit": ("Rb\uff18", LADDER),
    "Arabic digit": ("Rb\u0668", LADDER),
    "empty": ("", LADDER),
    "the FEN": (LADDER["fen"], LADDER),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def oracle(answer, payload):
    """Let the package ``chess`` read the move and judge the position; written apart from the verifier."""
    board = chess.Board(payload["fen"])
    text = re.sub(r"\A[0-9]{1,3}\.{1,3}\s?", "", answer.strip()) if answer.isascii() and len(answer) <= 40 else ""
    if not re.fullmatch(
        r"[NBKRQ]?[a-h]?[1-8]?[-x]?[a-h][1-8](=?[nbrqNBRQ])?(\s?(\+|\+\+|#))?(|[!?]|[!?][!?])\.?", text
    ):
        return False
    text = text.rstrip(" \t\n\v\f\r.!?+#")
    for read in (board.parse_san, board.parse_uci):
        try:
            move = read(text)
        except ValueError:
            continue
        board.push(move)
        return board.is_checkmate()
    return False


def solutions(payload):
    """Yield every mating move in SAN."""
    board = chess.Board(payload["fen"])
    yield from (board.san(move) for move in board.legal_moves if oracle(move.uci(), payload))


@pytest.mark.parametrize("level", [0, 1, 4])
def test_every_move_of_small_instances(level):
    for index in range(20 if level < 2 else 3):
        instance = get_task("checkmate_in_one").pose(index, level)
        board = chess.Board(instance.payload["fen"])
        own = [move for move in legal_moves(read_fen(instance.payload["fen"]))]
        assert len(own) == len(set(own)) == board.legal_moves.count()
        answers = [board.san(move) for move in board.legal_moves]
        answers += [move.uci() for move in board.pseudo_legal_moves]
        answers += [answer[:-1] for answer in answers[:20]]
        judged = [verify(answer, instance.payload).score == 1.0 for answer in answers]
        assert judged == [oracle(answer, instance.payload) for answer in answers]
        right = list(solutions(instance.payload))
        assert right and len(right) == instance.certificate["mates"] and instance.reference in right


@pytest.mark.parametrize(
    ("fen", "depth", "nodes"),
    [  # published counts of positions without castling; "chess" agrees
        ("8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1", 3, 2812),
        ("n1n5/PPPk4/8/8/8/8/4Kppp/5N1N b - - 0 1", 2, 496),
    ],
)
def test_counts_of_moves(fen, depth, nodes):
    def count(position, left):
        return 1 if not left else sum(count(play(position, move), left - 1) for move in legal_moves(position))

    assert count(read_fen(fen), depth) == nodes
