import re
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.color_cube_rotation import verify

NAMES = ["top", "bottom", "front", "back", "left", "right"]
FACES = dict(zip(NAMES, ["red", "blue", "green", "white", "yellow", "pink"], strict=True))
ROLL = {"faces": FACES, "turns": [{"turn": ["front", "top"]}]}
SPIN = {"faces": FACES, "turns": [{"turn": ["front", "right"]}]}
CORNER = {"faces": FACES, "turns": [{"turn": ["front", "top", "right"]}]}
HOLDS = {
    "faces": FACES,
    "turns": [{"turn": ["front", "top"], "face": "top", "colour": "red", "otherwise": ["left", "top"]}],
}
FAILS = {
    "faces": FACES,
    "turns": [{"turn": ["front", "top"], "face": "top", "colour": "blue", "otherwise": ["front", "right"]}],
}
LATER = {"faces": FACES, "turns": [*ROLL["turns"], {**HOLDS["turns"][0], "otherwise": ["top", "front"]}]}

ACCEPTED = {
    "front to top": ("green white blue red yellow pink", ROLL),
    "front to right": ("red blue yellow pink white green", SPIN),
    "about a corner": ("green white pink yellow blue red", CORNER),
    "a condition that holds": ("green white blue red yellow pink", HOLDS),
    "a condition that does not": ("red blue yellow pink white green", FAILS),
    "a condition after a turn": ("red blue green white yellow pink", LATER),
    "commas, brackets, capitals": ("[Green, White, Blue, Red, Yellow, Pink]", ROLL),
    "with the names of the faces": (
        "top: green, bottom: white, front: blue, back: red, left: yellow, right: pink",
        ROLL,
    ),
    "faces in another order": ("front: blue\nback: red\ntop: green\nbottom: white\nright: pink\nleft: yellow", ROLL),
    "a list with quotes": ('["green", "white", "blue", "red", "yellow", "pink"]', ROLL),
}
REJECTED = {
    "as it was": ("red blue green white yellow pink", ROLL),
    "the other direction": ("white green red blue yellow pink", ROLL),
    "left for right": ("red blue pink yellow green white", SPIN),
    "mirrored": ("green white blue red pink yellow", ROLL),
    "a condition taken on trust": ("green white blue red yellow pink", FAILS),
    "one face only": ("green", ROLL),
    "five faces": ("green white blue red yellow", ROLL),
    "seven colours": ("green white blue red yellow pink pink", ROLL),
    "a colour twice": ("green green blue red yellow pink", ROLL),
    "a colour that is not there": ("green white blue red yellow cyan", ROLL),
    "a face named twice": ("top green top green front blue back red left yellow right pink", ROLL),
    "two answers": ("green white blue red yellow pink green white blue red yellow pink", ROLL),
    "two answers joined by a word": ("green white blue red yellow pink or pink", ROLL),
    "alternatives": ("green/red white blue red yellow pink", ROLL),
    "initials": ("g w b r y p", ROLL),
    "a look-alike letter": ("gr\u0435en white blue red yellow pink", ROLL),
    "code": ("'green white blue red yellow pink'.split()", ROLL),
    "nothing": ("", ROLL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def cross(a, b):
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


POINTS = {"top": (0, 0, 1), "bottom": (0, 0, -1), "front": (1, 0, 0), "back": (-1, 0, 0), "left": (0, -1, 0),
          "right": (0, 1, 0)}  # fmt: skip


def turned(vector, turn):
    """Turn a direction in space: a quarter turn about the axis across two faces, or a third about a diagonal."""
    vectors = [POINTS[face] for face in turn]
    if len(vectors) == 2:
        axis = cross(*vectors)
        along = sum(x * y for x, y in zip(axis, vector, strict=True))
        return tuple(along * x + y for x, y in zip(axis, cross(axis, vector), strict=True))
    parts = [sum(x * y for x, y in zip(v, vector, strict=True)) for v in vectors]
    images = vectors[1:] + vectors[:1]
    return tuple(sum(p * v[i] for p, v in zip(parts, images, strict=True)) for i in range(3))


def ending(payload):
    """Return the colours in the end, by following each colour through space."""
    where = {colour: POINTS[face] for face, colour in payload["faces"].items()}
    for step in payload["turns"]:
        turn = step["turn"]
        if "face" in step and where[step["colour"]] != POINTS[step["face"]]:
            turn = step["otherwise"]
        where = {colour: turned(vector, turn) for colour, vector in where.items()}
    at = {vector: colour for colour, vector in where.items()}
    return [at[POINTS[face]] for face in NAMES]


def oracle(answer, payload):
    """Compare with the colours followed through space."""
    if not answer.isascii() or len(answer) > 900:
        return False
    text = re.sub(r"[\[\](){}\"']", " ", answer.lower()).strip().removesuffix(".")
    words = re.split(r"[\s,;:]+", text.strip())
    if len(words) == 12 and set(words[::2]) == set(NAMES):
        words = [words[words.index(face) + 1] for face in NAMES]
    return words == ending(payload)


def solutions(payload):
    """Yield the one right answer."""
    yield " ".join(ending(payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_answer_of_small_instances(level):
    for index in range(12):
        payload = get_task("color_cube_rotation").pose(index, level).payload
        answers = [" ".join(way) for way in permutations(payload["faces"].values())]
        right = [answer for answer in answers if verify(answer, payload).score == 1.0]
        assert right == list(solutions(payload))


@pytest.mark.parametrize("level", range(8))
def test_references_are_what_turns_in_space_give(level):
    for index in range(3):
        instance = get_task("color_cube_rotation").pose(index, level)
        assert instance.reference.split() == ending(instance.payload)
