from itertools import combinations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.stitches import verify

SMALL = {"regions": ["AB", "AB"], "stitches": 1, "rows": [2, 0], "columns": [1, 1], "shown": ["??", "??"]}
KNOWN = {**SMALL, "shown": ["??", ".?"]}
THREE = {"regions": ["AAB", "ACB", "CCB"], "stitches": 1, "rows": [2, 2, 2], "columns": [2, 2, 2], "shown": ["???"] * 3}
TWICE = {**SMALL, "stitches": 2, "rows": [2, 2], "columns": [2, 2]}

ACCEPTED = {
    "no spaces": ("RL\n..", SMALL),
    "spaces, small letters": ("r l\n. .", KNOWN),
    "two stitches": ("RL\nRL", TWICE),
    "three blocks": (".RL\nDRL\nU..", {**THREE, "rows": [2, 3, 1]}),
    "three blocks otherwise": (".RL\nD..\nURL", {**THREE, "rows": [2, 1, 3]}),
}
REJECTED = {
    "nothing": ("..\n..", SMALL),
    "counts met, too many stitches": ("RL\nRL", {**SMALL, "rows": [2, 2], "columns": [2, 2]}),
    "too few stitches": ("RL\n..", {**TWICE, "rows": [2, 0], "columns": [1, 1]}),
    "two blocks left apart": ("D.D\nU.U\n...", THREE),
    "stitch within a block": ("D.\nU.", {**SMALL, "rows": [1, 1], "columns": [2, 0]}),
    "rows not met": ("..\nRL", SMALL),
    "columns not met": (".RL\nDRL\nU..", {**THREE, "rows": [2, 3, 1], "columns": [3, 2, 1]}),
    "one-sided stitch": ("R.\n..", SMALL),
    "holes that do not agree": ("RD\n..", SMALL),
    "a hole with two stitches": ("RL\nUL", SMALL),
    "off the board": ("LR\n..", SMALL),
    "shown cell changed": ("RL\n..", {**SMALL, "shown": [".?", "??"]}),
    "question marks left": ("RL\n?.", SMALL),
    "line missing": ("RL", SMALL),
    "line too many": ("RL\n..\n..", SMALL),
    "two answers": ("RL\n..\n\n..\nRL", SMALL),
    "full-width letters": ("\uff32L\n..", SMALL),
    "bomb": ("R" * 100_000, SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def blocks(payload):
    return {complex(r, c): name for r, line in enumerate(payload["regions"]) for c, name in enumerate(line)}


def oracle(answer, payload):
    """Judge by the definition: stitches as sets of two cells; written apart from the verifier."""
    if len(answer) > 4000 or set(answer) - set("UDLRudlr. ,|[]\t\n-+="):
        return False
    lines = ["".join(ch for ch in line.upper() if ch in "UDLR.") for line in answer.split("\n")]
    lines = [line for line in lines if line]
    if [len(line) for line in lines] != [len(line) for line in payload["regions"]]:
        return False
    if any(k not in ("?", m) for pair in zip(payload["shown"], lines, strict=True) for k, m in zip(*pair, strict=True)):
        return False
    step = {"U": -1, "D": 1, "L": -1j, "R": 1j}
    block = blocks(payload)
    holes = {complex(r, c): m for r, line in enumerate(lines) for c, m in enumerate(line) if m != "."}
    ends = [frozenset({z, z + step[m]}) for z, m in holes.items()]
    if any(ends.count(stitch) != 2 for stitch in ends):
        return False
    joined = [frozenset(block[z] for z in stitch) for stitch in set(ends)]
    pairs = {frozenset({block[z], block[z + d]}) for z in block for d in (1, 1j) if z + d in block}
    wanted = [pair for pair in pairs if len(pair) == 2 for _ in range(payload["stitches"])]
    if sorted(map(sorted, joined)) != sorted(map(sorted, wanted)):
        return False
    rows = [sum(z.real == r for z in holes) for r in range(len(payload["rows"]))]
    columns = [sum(z.imag == c for z in holes) for c in range(len(payload["columns"]))]
    return rows == payload["rows"] and columns == payload["columns"]


def candidates(payload):
    """Yield the boards with that many stitches as there must be, anywhere between blocks, and what is shown kept."""
    block = blocks(payload)
    places = [(z, z + d) for z in block for d in (1, 1j) if z + d in block and block[z] != block[z + d]]
    known = {complex(r, c): m for r, line in enumerate(payload["shown"]) for c, m in enumerate(line)}
    for chosen in combinations(places, sum(payload["rows"]) // 2):
        marks = dict.fromkeys(block, ".")
        for a, b in chosen:
            marks[a], marks[b] = "RL" if b == a + 1j else "DU"
        if all(known[z] in ("?", marks[z]) for z in block):
            columns = len(payload["columns"])
            text = "".join(marks[complex(r, c)] for r in range(len(payload["rows"])) for c in range(columns))
            yield "\n".join(text[i : i + columns] for i in range(0, len(text), columns))


def solutions(payload):
    """Yield every right answer by trying all sets of stitches."""
    yield from (text for text in candidates(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_every_set_of_stitches_of_small_instances(level):
    for index in range(20 if level < 2 else 3):
        instance = get_task("stitches").pose(index, level)
        answers = list(candidates(instance.payload))
        answers += [a.replace(".", "R", 1) for a in answers[:50]] + [a[::-1] for a in answers[:50]]
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert set(solutions(instance.payload)) == {instance.reference.replace(" ", "")}


def test_every_set_of_stitches_of_a_board_with_several_solutions():
    payload = {**THREE, "regions": ["AABB", "AABB", "CCCC"], "rows": [2, 3, 1], "columns": [1, 2, 2, 1]}
    payload["shown"] = ["????"] * 3
    answers = list(candidates(payload))
    verdicts = [verify(a, payload).score == 1.0 for a in answers]
    assert verdicts == [oracle(a, payload) for a in answers]
