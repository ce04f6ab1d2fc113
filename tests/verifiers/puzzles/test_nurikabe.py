from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.nurikabe import verify

SMALL = {"cells": [["2", "?", "?"], ["?", "#", "1"]]}
PLUS = {"cells": [["?", "?", "?"], ["?", "1", "?"], ["?", "?", "?"]]}

ACCEPTED = {
    "plain": (".##\n.#.", SMALL),
    "spaces and blank lines": ("\n. # #\n\n. # .\n", SMALL),
    "list of lists": ("[[., #, #],\n[., #, .]]", SMALL),
    "larger": ("##.#\n#..#\n####", {"cells": [["?", "?", "3", "?"], ["?"] * 4, ["?"] * 4]}),
    "one island inside": ("###\n#.#\n###", PLUS),
}
REJECTED = {
    "island without a number": (".##\n.#.", {"cells": [["2", "?", "?"], ["?", "#", "?"]]}),
    "islands of two numbers joined": ("...\n.#.", SMALL),
    "island too small": (".##\n##.", SMALL),
    "island too large": ("..#\n.#.", SMALL),
    "islands that touch by a side": (".#.\n.#.", SMALL),
    "sea in two parts that touch by a corner": ("..#\n##.", {"cells": [["2", "?", "?"], ["?", "?", "1"]]}),
    "2x2 of sea": ("#.##\n#.##", {"cells": [["?", "2", "?", "?"], ["?"] * 4]}),
    "number shaded": ("###\n.#.", SMALL),
    "shown cell changed": (".##\n..#", SMALL),
    "everything unshaded": ("...\n...", SMALL),
    "everything shaded": ("###\n###", SMALL),
    "numbers left in": ("2##\n.#1", SMALL),
    "question marks left": (".?#\n.#.", SMALL),
    "line missing": (".##", SMALL),
    "line too many": (".##\n.#.\n.#.", SMALL),
    "two answers": (".##\n.#.\n\n.##\n.#.", SMALL),
    "full-width signs": (".\uff03#\n.#.", SMALL),
    "code": ("'.##'\n'.#.'", SMALL),
    "bomb": ("#" * 100_000, SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def flood(cells):
    """Yield the groups of complex numbers one step apart."""
    cells = set(cells)
    while cells:
        group, new = set(), {cells.pop()}
        while new:
            group |= new
            new = {z + 1j**k for z in new for k in range(4)} & cells
            cells -= new
        yield group


def oracle(answer, payload):
    """Judge by the definition on a board of complex numbers; written apart from the verifier."""
    if len(answer) > 2000 or set(answer) - set("#. ,|[]\t\n-+="):
        return False
    lines = [[ch for ch in line if ch in "#."] for line in answer.split("\n")]
    lines = [line for line in lines if line]
    if [len(line) for line in lines] != [len(line) for line in payload["cells"]]:
        return False
    sea = {complex(r, c) for r, line in enumerate(lines) for c, ch in enumerate(line) if ch == "#"}
    given = {complex(r, c): word for r, line in enumerate(payload["cells"]) for c, word in enumerate(line)}
    if any((word == "#") != (z in sea) for z, word in given.items() if word != "?"):
        return False
    if any({z, z + 1, z + 1j, z + 1 + 1j} <= sea for z in sea) or len(list(flood(sea))) > 1:
        return False
    return all(
        [word for z, word in given.items() if z in island and word in "123456789"] == [str(len(island))]
        for island in flood(set(given) - sea)
    )


def candidates(payload):
    """Yield the board with each way to fill its question marks."""
    text = "\n".join("".join("." if word.isdigit() else word for word in line) for line in payload["cells"])
    parts = text.split("?")
    for marks in product("#.", repeat=len(parts) - 1):
        yield "".join(a + b for a, b in zip(parts, [*marks, ""], strict=True))


def solutions(payload):
    """Yield every right answer by trying all shadings."""
    yield from (text for text in candidates(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_shading_of_small_instances(level):
    for index in range(20):
        instance = get_task("nurikabe").pose(index, level)
        answers = list(candidates(instance.payload))
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert list(solutions(instance.payload)) == [instance.reference]


def test_every_shading_of_a_board_with_several_solutions():
    payload = {"cells": [["?", "?", "2"], ["?", "?", "?"], ["3", "?", "?"]]}
    answers = list(candidates(payload))
    verdicts = [verify(a, payload).score == 1.0 for a in answers]
    assert verdicts == [oracle(a, payload) for a in answers] and sum(verdicts) > 1
