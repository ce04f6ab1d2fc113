import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.rubiks_cube import verify

HALF = {"net": "WWWWRROOBBGGOORRGGBBYYYY", "most": 1}
SOLVED = "WWWWOOOOGGGGRRRRBBBBYYYY"

# The faces in the order of the net: where a sticker points, and where its rows and columns run. x right, y up, z front.
FACES = [
    ((0, 1, 0), (0, 0, 1), (1, 0, 0)),
    ((-1, 0, 0), (0, -1, 0), (0, 0, 1)),
    ((0, 0, 1), (0, -1, 0), (1, 0, 0)),
    ((1, 0, 0), (0, -1, 0), (0, 0, -1)),
    ((0, 0, -1), (0, -1, 0), (-1, 0, 0)),
    ((0, -1, 0), (0, 0, -1), (1, 0, 0)),
]
PLACES = [
    (tuple(n + down * i + right * j for n, down, right in zip(*face, strict=True)), face[0])
    for face in FACES
    for i in (-1, 1)
    for j in (-1, 1)
]
AXES = {"U": (1, (2, 0)), "R": (0, (1, 2)), "F": (2, (0, 1))}
NAMES = [face + suffix for face in "URF" for suffix in ("", "'", "2")]


def turned(net, name):
    """Turn the layer in space by a matrix; nothing is known of cycles."""
    axis, (a, b) = AXES[name[0]]
    colours = dict(zip(PLACES, net, strict=True))
    for _ in range({"": 1, "2": 2, "'": 3}[name[1:]]):
        after = {}
        for (at, points), colour in colours.items():
            if at[axis] > 0:  # clockwise seen from the end of the axis: a to -b, b to a
                at, points = ([*v] for v in (at, points))
                at[a], at[b] = at[b], -at[a]
                points[a], points[b] = points[b], -points[a]
            after[tuple(at), tuple(points)] = colour
        colours = after
    return "".join(colours[place] for place in PLACES)


def after(*names):
    net = SOLVED
    for name in names:
        net = turned(net, name)
    return net


TWO = {"net": after("R", "U"), "most": 2}
FOUR = {**TWO, "most": 4}

ACCEPTED = {
    "a half turn": ("U2", HALF),
    "backwards in reverse order": ("U' R'", TWO),
    "commas and brackets": ("[U', R']", TWO),
    "a list with quotes": ('["U\'", "R\'"]', TWO),
    "typographic marks": ("U\u2019 R\u2032", TWO),
    "one a line": ("U'\nR'\n", TWO),
    "a detour within the limit": ("U2 U R'", FOUR),
    "less than the limit": ("U' R'", FOUR),
}
REJECTED = {
    "the scramble": ("R U", TWO),
    "the other order": ("R' U'", TWO),
    "not backwards": ("U R", TWO),
    "more turns than the limit": ("U U U R'", TWO),
    "half turns in quarters": ("U U", HALF),
    "one face solved only": ("U'", TWO),
    "past the goal": ("U' R' F", FOUR),
    "a face that may not be turned": ("U' L", FOUR),
    "a slice": ("U' M", FOUR),
    "the whole cube": ("x U2", {**HALF, "most": 2}),
    "no spaces": ("U'R'", TWO),
    "three for backwards": ("U3 R3", TWO),
    "two answers": ("U2 U2 U2", {**HALF, "most": 4, "net": after("U")}),
    "two answers joined by a word": ("U' R' or U' R'", FOUR),
    "the solved net": (SOLVED, TWO),
    "superscript digits": ("U\u00b2", HALF),
    "Arabic digits": ("U\u0662", HALF),
    "a look-alike letter": ("\uff352", HALF),
    "code": ("['U2'] * 1", HALF),
    "nothing": ("", HALF),
    "no turns": ("[]", HALF),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Turn a cube in space."""
    text = answer[:2000].strip().replace("\u2019", "'").replace("\u2032", "'")
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    words = re.split(r"[\s,;]+", text, flags=re.ASCII)
    names = [word[1:-1] if len(word) > 2 and word[0] == word[-1] and word[0] in "\"'" else word for word in words]
    if len(names) > payload["most"] or not all(name in NAMES for name in names):
        return False
    net = payload["net"]
    for name in names:
        net = turned(net, name)
    return all(len(set(net[i : i + 4])) == 1 for i in range(0, 24, 4))


def solutions(payload):
    """Yield every way within the limit, of two turns at most, by trying all."""
    for n in range(1, min(payload["most"], 2) + 1):
        yield from (" ".join(way) for way in product(NAMES, repeat=n) if oracle(" ".join(way), payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_answer_of_small_instances(level):
    ways = [" ".join(way) for n in range(3) for way in product([*NAMES, "L"], repeat=n)]
    for index in range(12):
        payload = get_task("rubiks_cube").pose(index, level).payload
        verdicts = [verify(way, payload).score == 1.0 for way in ways]
        assert verdicts == [oracle(way, payload) for way in ways]
        assert sum(verdicts) == len(list(solutions(payload))) > 0
        assert not list(solutions({**payload, "most": payload["most"] - 1}))


@pytest.mark.parametrize("level", range(8))
def test_references_solve_the_cube_in_space(level):
    instance = get_task("rubiks_cube").pose(0, level)
    assert oracle(instance.reference, instance.payload)
    assert len(instance.reference.split()) == instance.payload["most"]
