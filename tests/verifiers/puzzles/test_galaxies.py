from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.galaxies import verify

SMALL = {"centres": {"A": [1, 1], "B": [1, 4]}, "shown": ["???", "???"]}
KNOWN = {**SMALL, "shown": ["A??", "??B"]}
TWO = {"centres": {"A": [0, 1], "B": [0, 3]}, "shown": ["???"]}
ROW = {"centres": {"A": [0, 0], "B": [0, 4], "C": [0, 8]}, "shown": ["?????"]}
RING = {"centres": {"A": [2, 2], "B": [0, 2]}, "shown": ["???"] * 3}
SPIRAL = {"centres": {"A": [2, 2], "B": [0, 3], "C": [4, 1]}, "shown": ["???"] * 3}

ACCEPTED = {
    "no spaces": ("AAB\nAAB", SMALL),
    "spaces, small letters": ("a a b\na a b", KNOWN),
    "list of lists": ("[[A, A, B],\n[A, A, B]]", SMALL),
    "single cells": ("ABBBC", ROW),
    "a spiral": ("ABB\nAAA\nCCA", SPIRAL),
    "centre on a border": ("AAB\n", {"centres": {"A": [0, 1], "B": [0, 4]}, "shown": ["???"]}),
}
REJECTED = {
    "a centre at the edge of another galaxy": ("AAB", TWO),
    "not symmetric": ("AAB\nABB", SMALL),
    "symmetric about another point": ("ABB\nABB", SMALL),
    "a galaxy without cells": ("AAA\nAAA", SMALL),
    "symmetric, in two parts": ("BABAB", {"centres": {"B": [0, 4], "A": [0, 4]}, "shown": ["?????"]}),
    "parts that touch by a corner": ("ABB\nBAB\nBBA", {"centres": {"A": [2, 2], "B": [0, 3]}, "shown": ["???"] * 3}),
    "opposite cell off the board": ("AABBC", ROW),
    "ring around the centre of another": (
        "AAA\nABA\nAAA",
        {"centres": {"A": [2, 2], "B": [2, 2]}, "shown": ["???"] * 3},
    ),
    "four cells meet at the centre, two are taken": (
        "AB\nAB",
        {"centres": {"A": [1, 0], "B": [1, 1]}, "shown": ["??"] * 2},
    ),
    "shown cell changed": ("AAB\nAAB", {**SMALL, "shown": ["B??", "???"]}),
    "a galaxy that is not there": ("AAC\nAAC", SMALL),
    "question marks left": ("AAB\nA?B", SMALL),
    "line missing": ("AAB", SMALL),
    "line too many": ("AAB\nAAB\nAAB", SMALL),
    "two answers": ("AAB\nAAB\n\nAAB\nAAB", SMALL),
    "full-width letters": ("\uff21AB\nAAB", SMALL),
    "bomb": ("A" * 100_000, SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition, with cells as complex numbers turned about the centre; written apart."""
    names = "".join(payload["centres"])
    if len(answer) > 4000 or set(answer) - set(names + names.lower() + " ,|[]\t\n-+="):
        return False
    lines = ["".join(ch for ch in line.upper() if ch in names) for line in answer.split("\n")]
    lines = [line for line in lines if line]
    if [len(line) for line in lines] != [len(line) for line in payload["shown"]]:
        return False
    if any(k not in ("?", m) for pair in zip(payload["shown"], lines, strict=True) for k, m in zip(*pair, strict=True)):
        return False
    cells = {complex(r, c): name for r, line in enumerate(lines) for c, name in enumerate(line)}
    for name, (r, c) in payload["centres"].items():
        galaxy = {z for z in cells if cells[z] == name}
        middle = complex(r, c) / 2
        if {2 * middle - z for z in galaxy} != galaxy:
            return False
        if any(cells[z] != name for z in cells if max(abs((z - middle).real), abs((z - middle).imag)) < 0.75):
            return False
        reached, new = set(), set(list(galaxy)[:1])
        while new:
            reached |= new
            new = {z + 1j**k for z in new for k in range(4)} & galaxy - reached
        if reached != galaxy or not galaxy:
            return False
    return True


def candidates(payload):
    """Yield the board with each way to fill its question marks; letters whose opposite cell is known to differ fail."""
    shown = payload["shown"]
    known = {(r, c): name for r, line in enumerate(shown) for c, name in enumerate(line)}
    options = [
        name
        if name != "?"
        else [n for n, (a, b) in payload["centres"].items() if known.get((a - r, b - c)) in ("?", n)]
        for (r, c), name in known.items()
    ]
    columns = len(shown[0])
    for letters in product(*options):
        yield "\n".join("".join(letters[i : i + columns]) for i in range(0, len(letters), columns))


def solutions(payload):
    """Yield every right answer by trying all divisions."""
    yield from (text for text in candidates(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_division_of_small_instances(level):
    for index in range(20):
        instance = get_task("galaxies").pose(index, level)
        answers = list(candidates(instance.payload))
        answers += [a[::-1] for a in answers] + [a.replace("A", "B", 1) for a in answers]
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert list(solutions(instance.payload)) == [instance.reference.replace(" ", "")]


@pytest.mark.parametrize("payload", [SMALL, SPIRAL, ROW, TWO, RING])
def test_every_division_of_a_board(payload):
    width = len(payload["shown"][0])
    letters = list(product("".join(payload["centres"]), repeat=width * len(payload["shown"])))
    answers = ["\n".join("".join(text[i : i + width]) for i in range(0, len(text), width)) for text in letters]
    verdicts = [verify(a, payload).score == 1.0 for a in answers]
    assert verdicts == [oracle(a, payload) for a in answers]
