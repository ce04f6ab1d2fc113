"""Rubik's cube, 2x2x2: turn the upper, right and front face until every face shows a single colour.

Correct is any sequence of turns within the limit that does it; the verifier moves the stickers. The payload holds
``net``, the colours at places 1 to 24 (four each of upper, left, front, right, back and lower face, by row), and
``most``, the limit of turns.

Example: payload ``{"net": "WWWWRROOBBGGOORRGGBBYYYY", "most": 1}``, answer ``U2``.
"""

import re
from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._moves import read_moves

TURNS = {
    "U": ((1, 2, 4, 3), (9, 5, 17, 13), (10, 6, 18, 14)),
    "R": ((13, 14, 16, 15), (10, 2, 19, 22), (12, 4, 17, 24)),
    "F": ((9, 10, 12, 11), (3, 13, 22, 8), (4, 15, 21, 6)),
}
"""Where a clockwise quarter turn takes the stickers: from each place of a cycle to the next."""

_TURN = re.compile(r"[URF](?:'|2)?", re.ASCII)


def read_turns(answer: str) -> list[str] | None:
    """Return the turns of an answer; None if anything else is there, or nothing.

    >>> read_turns("U, R2 F'"), read_turns("U L")
    (['U', 'R2', "F'"], None)
    """
    if len(answer) > 20_000:
        return None
    return read_moves(answer.replace("\u2019", "'").replace("\u2032", "'"), _TURN)


def turn_faces(net: str, turns: Sequence[str]) -> str:
    """Return the net after the turns.

    >>> turn_faces("WWWWOOOOGGGGRRRRBBBBYYYY", ["U2"])
    'WWWWRROOBBGGOORRGGBBYYYY'
    """
    stickers = list(net)
    for name in turns:
        for _ in range({"'": 3, "2": 2}.get(name[1:], 1)):
            before = list(stickers)
            for cycle in TURNS[name[0]]:
                for here, there in zip(cycle, cycle[1:] + cycle[:1], strict=True):
                    stickers[there - 1] = before[here - 1]
    return "".join(stickers)


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge turns such as ``U R2 F'``.

    >>> verify("U2", {"net": "WWWWRROOBBGGOORRGGBBYYYY", "most": 1}).score
    1.0
    """
    turns = read_turns(answer)
    if not turns:
        return Verdict.unreadable("expected turns such as U, R' and F2, separated by spaces")
    if len(turns) > payload["most"]:
        return Verdict.wrong(f"{len(turns)} turns are more than {payload['most']}", "moves")
    net = turn_faces(payload["net"], turns)
    for i, name in enumerate(("upper", "left", "front", "right", "back", "lower")):
        if len(set(net[4 * i : 4 * i + 4])) > 1:
            return Verdict.wrong(f"after the last turn the {name} face has more than one colour", "goal")
    return Verdict.correct()
