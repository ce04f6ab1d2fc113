from functools import cache
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.skyscraper import verify

NONE = {"top": [0] * 4, "bottom": [0] * 4, "left": [0] * 4, "right": [0] * 4}
OPEN = {"givens": ["...."] * 4, "clues": NONE}
GIVEN = {"givens": ["1...", "....", "...1", "...."], "clues": NONE}
SQUARE = "2 1 4 3\n3 4 1 2\n1 2 3 4\n4 3 2 1"
CITY = {
    "givens": ["....", "..1.", "....", "...."],
    "clues": {"top": [3, 2, 1, 2], "bottom": [1, 2, 3, 2], "left": [2, 2, 4, 1], "right": [2, 2, 1, 4]},
}
SIDES = ["top", "bottom", "left", "right"]


def clue(side, *values):
    return {"givens": ["...."] * 4, "clues": {**NONE, side: list(values)}}


ACCEPTED = {
    "spaces": (SQUARE, CITY),
    "no spaces": (SQUARE.replace(" ", ""), CITY),
    "list of lists": ("[[2, 1, 4, 3],\n[3, 4, 1, 2],\n[1, 2, 3, 4],\n[4, 3, 2, 1]]", CITY),
    "any Latin square without clues": ("1234\n2341\n3412\n4123", OPEN),
    "top alone": (SQUARE, clue("top", *CITY["clues"]["top"])),
    "bottom is read upwards": (SQUARE, clue("bottom", *CITY["clues"]["bottom"])),
    "right is read leftwards": (SQUARE, clue("right", *CITY["clues"]["right"])),
}
REJECTED = {
    "clues kept, rows repeat (no Latin square)": ("1234\n2341\n3412\n1234", clue("left", 4, 0, 0, 0)),
    "clues kept, columns repeat": ("1234\n1234\n1234\n1234", OPEN),
    "given changed": ("2143\n3412\n1234\n4321", GIVEN),
    "top and bottom exchanged": (SQUARE, clue("top", *CITY["clues"]["bottom"])),
    "left and right exchanged": (SQUARE, clue("left", *CITY["clues"]["right"])),
    "right clues from below": (SQUARE, clue("right", *CITY["clues"]["right"][::-1])),
    "one clue broken": (SQUARE, clue("left", 3, 0, 0, 0)),
    "transposed": ("2314\n1423\n4132\n3241", CITY),
    "dots left over": ("2143\n34.2\n1234\n4321", CITY),
    "zero": ("2143\n3412\n1234\n4320", CITY),
    "height over the size": ("2143\n3412\n1235\n4321", CITY),
    "row missing": ("2143\n3412\n1234", CITY),
    "row too many": ("2143\n3412\n1234\n4321\n2143", CITY),
    "two grids": (f"{SQUARE}\n\n{SQUARE}", CITY),
    "grid with its clues around": ("2 2 1 2 2 0\n2 2 1 4 3 2\n2 3 4 1 2 2\n4 1 2 3 4 1\n1 4 3 2 1 4", CITY),
    "superscript digits": (SQUARE.replace("2", "\u00b2"), CITY),
    "Arabic digits": (SQUARE.replace("1", "\u0661"), CITY),
    "scalar": ("3", CITY),
    "code": ("[[1,2,3,4]]*4", CITY),
    "empty": ("", CITY),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: a building counts if none before it is at least as high."""
    n = len(payload["givens"])
    digits = [int(ch) for ch in answer if ch in "123456789"]
    if len(digits) != n * n or set(answer) - set("0123456789 \n|-+[],"):
        return False
    at = {(i // n, i % n): d for i, d in enumerate(digits)}
    every = set(range(1, n + 1))
    if any({at[i, j] for j in range(n)} != every or {at[j, i] for j in range(n)} != every for i in range(n)):
        return False
    if any(ch not in (".", str(at[r, c])) for r, line in enumerate(payload["givens"]) for c, ch in enumerate(line)):
        return False
    walks = {
        "top": lambda i: [at[j, i] for j in range(n)],
        "bottom": lambda i: [at[n - 1 - j, i] for j in range(n)],
        "left": lambda i: [at[i, j] for j in range(n)],
        "right": lambda i: [at[i, n - 1 - j] for j in range(n)],
    }
    for side, walk in walks.items():
        for i, told in enumerate(payload["clues"][side]):
            line = walk(i)
            seen = sum(all(x < line[j] for x in line[:j]) for j in range(n))
            if told and seen != told:
                return False
    return True


@cache
def squares():
    """Return the Latin squares of order 4 as texts."""
    rows = ["".join(p) for p in permutations("1234")]
    found = [()]
    for _ in range(4):
        found = [
            (*g, row) for g in found for row in rows if all(a != b for o in g for a, b in zip(o, row, strict=True))
        ]
    return ["\n".join(" ".join(row) for row in grid) for grid in found]


def solutions(payload):
    """Yield every right answer of an instance of order 4."""
    yield from (square for square in squares() if oracle(square, payload))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_all_squares_get_the_verdict_of_the_oracle_and_one_is_right(level):
    for index in range(10):
        instance = get_task("skyscraper").pose(index, level)
        right = list(solutions(instance.payload))
        assert right == [instance.reference]
        assert [s for s in squares() if verify(s, instance.payload).score == 1.0] == right


def test_each_side_is_judged_alone():
    for side in SIDES:
        for value in range(1, 5):
            payload = clue(side, 0, value, 0, 0)
            assert [verify(s, payload).score == 1.0 for s in squares()] == [oracle(s, payload) for s in squares()]
