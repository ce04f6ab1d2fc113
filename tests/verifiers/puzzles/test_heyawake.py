from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.heyawake import verify

SMALL = {"regions": ["AAB", "CCB"], "numbers": {"A": 1}, "shown": ["???", "???"]}
KNOWN = {**SMALL, "shown": [".??", "???"]}
FREE = {"regions": ["AAA", "AAA", "AAA"], "numbers": {}, "shown": ["???"] * 3}
LINE = {"regions": ["ABBC", "ABBC", "DDDD"], "numbers": {"C": 0}, "shown": ["????"] * 3}

ACCEPTED = {
    "plain": (".#.\n...", SMALL),
    "another shading": ("#..\n...", SMALL),
    "spaces and bars": ("# . . |\n. . # |", {**SMALL, "regions": ["AAB", "CCC"]}),
    "nothing shaded": ("...\n...\n...", FREE),
    "shaded cells that touch by a corner": ("#..\n.#.\n...", FREE),
    "a room without a number holds any number": ("#.#\n...\n#.#", FREE),
    "a line through two rooms": ("..#\n...", {**SMALL, "numbers": {}}),
    "a line that a shaded cell cuts": (".#..\n..#.\n....", LINE),
}
REJECTED = {
    "shaded side by side": ("##.\n...", {**SMALL, "numbers": {"A": 2}}),
    "shaded above each other": (".#.\n.#.", SMALL),
    "cell cut off": (".#.\n#..", SMALL),
    "unshaded parts that touch by a corner": ("..#\n.#.\n#..", FREE),
    "room short of its number": ("...\n...", SMALL),
    "room over its number": ("#..\n...\n...", {**FREE, "numbers": {"A": 0}}),
    "line through three rooms in a row": ("....\n.#..\n....", LINE),
    "line through three rooms in a column": (
        "...\n#.#\n...",
        {"regions": ["AAA", "BBB", "CCC"], "numbers": {}, "shown": ["???"] * 3},
    ),
    "shown cell changed": ("#..\n...", KNOWN),
    "question marks left": (".#.\n.?.", SMALL),
    "letters of rooms left": ("A#B\nCCB", SMALL),
    "line missing": (".#.", SMALL),
    "line too many": (".#.\n...\n...", SMALL),
    "two answers": (".#.\n...\n\n#..\n...", SMALL),
    "full-width signs": (".\uff03.\n...", SMALL),
    "bomb": ("#" * 100_000, SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: every straight line from every cell; written apart from the verifier."""
    if len(answer) > 2000 or set(answer) - set("#. ,|[]\t\n-+="):
        return False
    lines = [[ch for ch in line if ch in "#."] for line in answer.split("\n")]
    lines = [line for line in lines if line]
    if [len(line) for line in lines] != [len(line) for line in payload["regions"]]:
        return False
    cells = {complex(r, c): ch for r, line in enumerate(lines) for c, ch in enumerate(line)}
    room = {complex(r, c): ch for r, line in enumerate(payload["regions"]) for c, ch in enumerate(line)}
    known = {complex(r, c): ch for r, line in enumerate(payload["shown"]) for c, ch in enumerate(line)}
    free = {z for z in cells if cells[z] == "."}
    if any(known[z] not in ("?", cells[z]) for z in cells):
        return False
    if any(cells[z] == "#" == cells.get(z + d) for z in cells for d in (1, 1j)):
        return False
    if any(sum(cells[z] == "#" for z in cells if room[z] == name) != k for name, k in payload["numbers"].items()):
        return False
    for start in free:
        for d in (1, 1j):
            z, met = start, set()
            while z in free:
                met.add(room[z])
                z += d
            if len(met) > 2:
                return False
    reached, new = set(), set(list(free)[:1])
    while new:
        reached |= new
        new = {z + 1j**k for z in new for k in range(4)} & free - reached
    return reached == free


def candidates(payload):
    """Yield the board with each way to fill its question marks."""
    parts = "\n".join(payload["shown"]).split("?")
    for marks in product("#.", repeat=len(parts) - 1):
        yield "".join(a + b for a, b in zip(parts, [*marks, ""], strict=True))


def solutions(payload):
    """Yield every right answer by trying all shadings."""
    yield from (text for text in candidates(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_shading_of_small_instances(level):
    for index in range(20):
        instance = get_task("heyawake").pose(index, level)
        answers = list(candidates(instance.payload))
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert list(solutions(instance.payload)) == [instance.reference]


@pytest.mark.parametrize("payload", [{**LINE, "numbers": {}, "shown": ["????", "????", "...?"]}, FREE, SMALL])
def test_every_shading_of_boards_with_several_solutions(payload):
    answers = list(candidates(payload))
    verdicts = [verify(a, payload).score == 1.0 for a in answers]
    assert verdicts == [oracle(a, payload) for a in answers] and sum(verdicts) > 1
