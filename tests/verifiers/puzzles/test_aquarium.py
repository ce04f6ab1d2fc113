from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.aquarium import verify

TWO = {"regions": ["AB", "AB"], "rows": [1, 2], "columns": [2, 1]}
RIGHT = "#.\n##"
CUP = {"regions": ["ABA", "AAA"], "rows": [2, 3], "columns": [2, 1, 2]}  # A reaches round B
BOTH = {"regions": ["AB", "AB"], "rows": [0, 1], "columns": [1, 0]}
FREE = {"regions": ["AB", "AB"], "rows": [1, 1], "columns": [1, 1]}

ACCEPTED = {
    "as asked": (RIGHT, TWO),
    "spaces": ("# .\n# #", TWO),
    "a tank in two arms": ("#.#\n###", CUP),
    "a tank half full": ("..\n#.", BOTH),
    "an empty tank": ("..\n##", {"regions": ["AA", "BB"], "rows": [0, 2], "columns": [1, 1]}),
    "list of lists": ("[[#,.],\n[#,#]]", TWO),
}
REJECTED = {
    "water over a dry row": ("#.\n.#", FREE),
    "one arm filled": ("#..\n###", {**CUP, "rows": [1, 3], "columns": [2, 1, 1]}),
    "a row of a tank in part": ("..\n#.", {"regions": ["AA", "AA"], "rows": [0, 1], "columns": [1, 0]}),
    "a row count": ("#.\n#.", TWO),
    "a column count": (".#\n##", TWO),
    "rows fine, columns not": ("..\n.#", BOTH),
    "nothing filled": ("..\n..", TWO),
    "all filled": ("##\n##", TWO),
    "letters copied": ("AB\nAB", TWO),
    "counts copied": (" 2 1\n1 # .\n2 # #", TWO),
    "0 and 1": ("10\n11", TWO),
    "a line short": ("#.", TWO),
    "two grids": (RIGHT + "\n\n" + RIGHT, TWO),
    "full-width sign": (RIGHT.replace("#", "\uff03"), TWO),
    "empty": ("", TWO),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Compare each two cells of a tank: the lower one is filled if the other is; written apart from the verifier."""
    regions = payload["regions"]
    lines = [[ch for ch in line if ch not in " \t,|[]"] for line in answer.split("\n")]
    lines = [line for line in lines if line and not set(line) <= set("-+=")]
    if [len(line) for line in lines] != [len(row) for row in regions] or set().union(*lines) - {".", "#"}:
        return False
    tanks = {}
    for r, row in enumerate(regions):
        for c, name in enumerate(row):
            tanks.setdefault(name, []).append((r, lines[r][c] == "#"))
    for cells in tanks.values():
        if any(water > deeper for (r, water), (below, deeper) in product(cells, cells) if below >= r):
            return False
    counts = [[line.count("#") for line in group] for group in (lines, list(zip(*lines, strict=True)))]
    return counts == [payload["rows"], payload["columns"]]


def grids(payload):
    """Yield every grid whose tanks are filled from below, to all heights."""
    regions = payload["regions"]
    rows = {name: [r for r, row in enumerate(regions) if name in row] for name in "".join(regions)}
    for dry in product(*(range(len(span) + 1) for span in rows.values())):
        wet = {name: span[n:] for (name, span), n in zip(rows.items(), dry, strict=True)}
        yield "\n".join("".join("#" if r in wet[name] else "." for name in row) for r, row in enumerate(regions))


def solutions(payload):
    """Yield every right answer of a small instance, by brute force."""
    return (grid for grid in grids(payload) if oracle(grid, payload))


def test_all_grids_of_small_boards_agree_with_the_oracle():
    every = ["\n".join(rows) for rows in product(["".join(p) for p in product(".#", repeat=2)], repeat=2)]
    for payload in (TWO, BOTH, FREE):
        assert [verify(a, payload).score == 1.0 for a in every] == [oracle(a, payload) for a in every]
    every = ["\n".join(rows) for rows in product(["".join(p) for p in product(".#", repeat=3)], repeat=2)]
    assert [verify(a, CUP).score == 1.0 for a in every] == [oracle(a, CUP) for a in every]


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("index", range(20))
def test_every_filling_of_small_instances(level, index):
    instance = get_task("aquarium").pose(index, level)
    every = list(grids(instance.payload))
    right = [oracle(answer, instance.payload) for answer in every]
    assert [verify(answer, instance.payload).score == 1.0 for answer in every] == right
    assert [answer for answer, fits in zip(every, right, strict=True) if fits] == [instance.reference]


@pytest.mark.parametrize("index", range(20))
def test_one_cell_changed_is_wrong(index):
    instance = get_task("aquarium").pose(index)
    text = instance.reference
    for i, char in enumerate(text):
        if char != "\n":
            changed = text[:i] + (".#"[char == "."]) + text[i + 1 :]
            assert verify(changed, instance.payload).score == 0.0
            assert not oracle(changed, instance.payload)
