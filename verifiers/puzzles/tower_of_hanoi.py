"""Tower of Hanoi: move disks between pegs, never a larger one onto a smaller one, until they lie as in the goal.

Correct are the moves of any way that keeps to the limit; the verifier makes them. The payload holds ``start`` and
``goal``, for each peg its disks from the lowest up (1 is the smallest), and ``most``, the limit of moves.

Example: payload ``{"start": [[2, 1], [], []], "goal": [[], [], [2, 1]], "most": 3}``, answer ``A-B A-C B-C``.
"""

import re
from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._moves import read_moves

_ARROW = re.compile(r"\s?(?:->|-|>|\u2192|\bto\b)\s?", re.ASCII | re.IGNORECASE)
_MOVE = re.compile(r"[A-E]-[A-E]", re.ASCII)


def read_carries(answer: str, pegs: int) -> list[tuple[int, int]] | None:
    """Return moves as (from, to), counted from 0; None if anything else is there, or nothing.

    >>> read_carries("A-B, b -> c", 3), read_carries("A to D", 3)
    ([(0, 1), (1, 2)], None)
    """
    if len(answer) > 20_000:
        return None
    moves = read_moves(_ARROW.sub("-", answer).upper(), _MOVE)
    found = [("ABCDE".index(move[0]), "ABCDE".index(move[2])) for move in moves or []]
    return found if found and all(max(move) < pegs for move in found) else None


def carry(start: Sequence[Sequence[int]], moves: Sequence[tuple[int, int]]) -> tuple[list[list[int]], str]:
    """Return the pegs after the moves, up to the first that cannot be made, and what is wrong with that one.

    >>> carry([[2, 1], [], []], [(0, 1), (0, 1)])
    ([[2], [1], []], 'move 2 puts disk 2 on disk 1')
    """
    pegs = [list(peg) for peg in start]
    for number, (here, there) in enumerate(moves, 1):
        if here == there:
            return pegs, f"move {number} goes from a peg to itself"
        if not pegs[here]:
            return pegs, f"move {number} takes from an empty peg"
        disk = pegs[here][-1]
        if pegs[there] and pegs[there][-1] < disk:
            return pegs, f"move {number} puts disk {disk} on disk {pegs[there][-1]}"
        pegs[there].append(pegs[here].pop())
    return pegs, ""


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge moves such as ``A-B A-C``.

    >>> payload = {"start": [[2, 1], [], []], "goal": [[], [], [2, 1]], "most": 3}
    >>> verify("A-B A-C B-C", payload).score
    1.0
    """
    moves = read_carries(answer, len(payload["start"]))
    if not moves:
        return Verdict.unreadable("expected moves such as A-B, separated by spaces")
    if len(moves) > payload["most"]:
        return Verdict.wrong(f"{len(moves)} moves are more than {payload['most']}", "moves")
    pegs, problem = carry(payload["start"], moves)
    if problem:
        return Verdict.wrong(problem, "move")
    for name, peg, wanted in zip("ABCDE", pegs, payload["goal"], strict=False):
        if peg != list(wanted):
            return Verdict.wrong(f"after the last move peg {name} is not as in the goal", "goal")
    return Verdict.correct()
