"""Ball sort: move balls between tubes, onto their own colour or into an empty tube, until every tube has one colour.

Correct are the moves of any way that keeps to the limit; the verifier makes them. The payload holds ``tubes``, each a
string of balls from the lowest up, the ``height`` of a tube, and ``most``, the limit of moves.

Example: payload ``{"tubes": ["RR", "GGR", "", "G"], "height": 3, "most": 2}``, answer ``2-1 4-2``.
"""

import re
from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._moves import read_moves

_ARROW = re.compile(r"\s?(?:->|-|>|\u2192|\bto\b)\s?", re.ASCII | re.IGNORECASE)
_MOVE = re.compile(r"[0-9]{1,3}-[0-9]{1,3}", re.ASCII)


def read_pours(answer: str, tubes: int) -> list[tuple[int, int]] | None:
    """Return moves as (from, to), counted from 0; None if anything else is there, or nothing.

    >>> read_pours("1-2, 2 -> 3", 3), read_pours("1 to 4", 3)
    ([(0, 1), (1, 2)], None)
    """
    if len(answer) > 20_000:
        return None
    found = []
    for move in read_moves(_ARROW.sub("-", answer), _MOVE) or []:
        here, there = move.split("-")
        found.append((int(here) - 1, int(there) - 1))
    return found if found and all(0 <= min(move) and max(move) < tubes for move in found) else None


def pour(tubes: Sequence[str], height: int, moves: Sequence[tuple[int, int]]) -> tuple[list[str], str]:
    """Return the tubes after the moves, up to the first that cannot be made, and what is wrong with that one.

    >>> pour(["RG", "G", ""], 2, [(0, 1), (0, 1)])
    (['R', 'GG', ''], 'move 2 puts a ball into a full tube')
    """
    after = list(tubes)
    for number, (here, there) in enumerate(moves, 1):
        if here == there:
            return after, f"move {number} goes from a tube to itself"
        if not after[here]:
            return after, f"move {number} takes from an empty tube"
        if len(after[there]) >= height:
            return after, f"move {number} puts a ball into a full tube"
        if after[there] and after[there][-1] != after[here][-1]:
            return after, f"move {number} puts {after[here][-1]} on {after[there][-1]}"
        after[there] += after[here][-1]
        after[here] = after[here][:-1]
    return after, ""


def is_sorted(tubes: Sequence[str], height: int) -> bool:
    """Return whether each tube is empty or full of one colour.

    >>> is_sorted(["RR", "", "GG"], 2), is_sorted(["R", "R"], 2)
    (True, False)
    """
    return all(not tube or tube == tube[0] * height for tube in tubes)


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge moves such as ``2-1 4-2``.

    >>> verify("2-1 4-2", {"tubes": ["RR", "GGR", "", "G"], "height": 3, "most": 2}).score
    1.0
    """
    moves = read_pours(answer, len(payload["tubes"]))
    if not moves:
        return Verdict.unreadable("expected moves such as 1-2, separated by spaces")
    if len(moves) > payload["most"]:
        return Verdict.wrong(f"{len(moves)} moves are more than {payload['most']}", "moves")
    tubes, problem = pour(payload["tubes"], payload["height"], moves)
    if problem:
        return Verdict.wrong(problem, "move")
    if not is_sorted(tubes, payload["height"]):
        return Verdict.wrong("after the last move the balls are not sorted", "goal")
    return Verdict.correct()
