"""Colour cube rotation: where the colours of a cube are after it was turned as a whole.

Correct are the six colours at their faces; the verifier makes the turns. The payload holds the colours by face and the
``turns``: each a ``turn`` over two faces (the first goes to the second) or three (about their corner), which may depend
on a ``face`` having a ``colour``, with another turn ``otherwise``.

Example: payload ``{"faces": {"top": "red", "bottom": "blue", "front": "green", "back": "white", "left": "yellow",
"right": "pink"}, "turns": [{"turn": ["front", "top"]}]}``, answer ``green white blue red yellow pink``.
"""

from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words

FACES = ("top", "bottom", "front", "back", "left", "right")
COLOURS = ("red", "blue", "green", "white", "yellow", "orange", "pink", "violet", "cyan", "magenta")

_OPPOSITE = dict(zip(FACES, ("bottom", "top", "back", "front", "right", "left"), strict=True))


def read_faces(answer: str) -> dict[str, str] | None:
    """Return the colour of each face; None where the answer is not six colours, bare or each behind its face.

    >>> read_faces("red blue green white pink cyan")["left"], read_faces("red blue")
    ('pink', None)
    """
    words = read_words(answer.replace(":", " ")) if len(answer) <= 1000 else None
    if words is not None and len(words) == 12 and sorted(words[::2]) == sorted(FACES):
        named = dict(zip(words[::2], words[1::2], strict=True))
        words = [named[face] for face in FACES]
    if words is None or len(words) != 6 or set(words) - set(COLOURS):
        return None
    return dict(zip(FACES, words, strict=True))


def rotate(faces: dict[str, str], turn: Sequence[str]) -> dict[str, str]:
    """Return the colours by face after one turn.

    >>> faces = dict(zip(FACES, "abcdef"))
    >>> "".join(rotate(faces, ["front", "top"]).values()), "".join(rotate(faces, ["front", "top", "right"]).values())
    ('cdbaef', 'cdfeba')
    """
    ring = [*turn, *(_OPPOSITE[face] for face in turn)]
    after = dict(faces)
    for i, face in enumerate(ring):
        if len(turn) == 2:
            there = ring[(i + 1) % 4]
        else:
            there = ring[(i + 1) % 3 + 3 * (i // 3)]
        after[there] = faces[face]
    return after


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge six colours in the order top, bottom, front, back, left, right.

    >>> faces = dict(zip(FACES, ["red", "blue", "green", "white", "yellow", "pink"]))
    >>> verify("green white blue red yellow pink", {"faces": faces, "turns": [{"turn": ["front", "top"]}]}).score
    1.0
    """
    stated = read_faces(answer)
    if stated is None:
        return Verdict.unreadable("expected six colours, separated by spaces")
    faces = dict(payload["faces"])
    if sorted(stated.values()) != sorted(faces.values()):
        return Verdict.wrong("each colour of the cube must be named exactly once", "colours")
    for step in payload["turns"]:
        holds = "face" not in step or faces[step["face"]] == step["colour"]
        faces = rotate(faces, step["turn"] if holds else step["otherwise"])
    wrong = [face for face in FACES if stated[face] != faces[face]]
    if wrong:
        return Verdict.wrong(f"the {wrong[0]} face has another colour", "face")
    return Verdict.correct()
