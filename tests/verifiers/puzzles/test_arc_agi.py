import re
from functools import cache
from itertools import product

import numpy as np
import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles.arc_agi import TEXTS
from gradarium.verifiers.puzzles._grids import STEPS
from gradarium.verifiers.puzzles.arc_agi import verify

FLIP = {
    "steps": ["flip columns", "flip rows"],
    "depth": 1,
    "pairs": [[["120", "003"], ["021", "300"]]],
    "test": ["100", "020"],
    "rule": ["flip columns"],
}

ACCEPTED = {
    "spaces": ("0 0 1\n0 2 0", FLIP),
    "no spaces": ("001\n020", FLIP),
    "list of lists": ("[[0, 0, 1],\n [0, 2, 0]]", FLIP),
    "list of lists on one line": ("[[0, 0, 1], [0, 2, 0]]", FLIP),
    "list of lists without spaces": ("[[0,0,1],[0,2,0]]", FLIP),
    "lists side by side": ("[0 0 1] [0 2 0]", FLIP),
    "blank lines": ("0 0 1\n\n0 2 0\n", FLIP),
}
REJECTED = {
    "the input": ("1 0 0\n0 2 0", FLIP),
    "the other step": ("0 2 0\n1 0 0", FLIP),
    "a digit changed": ("0 0 1\n0 3 0", FLIP),
    "only the first row": ("0 0 1", FLIP),
    "a row too many": ("0 0 1\n0 2 0\n0 0 0", FLIP),
    "two grids": ("0 0 1\n0 2 0\n\n0 0 1\n0 2 0", FLIP),
    "transposed": ("0 0\n0 2\n1 0", FLIP),
    "all on one line": ("0 0 1 0 2 0", FLIP),
    "one list on one line": ("[0, 0, 1, 0, 2, 0]", FLIP),
    "columns as lists": ("[[0,0],[0,2],[1,0]]", FLIP),
    "two lists of lists": ("[[0,0,1],[0,2,0]],[[0,0,1],[0,2,0]]", FLIP),
    "uneven lists": ("[[0,0,1,0],[2,0]]", FLIP),
    "dots for zeros": (". . 1\n. 2 .", FLIP),
    "uneven rows": ("0 0 1\n0 2", FLIP),
    "Arabic digits": ("0 0 \u0661\n0 2 0", FLIP),
    "the name of the step": ("flip columns", FLIP),
    "empty": ("", FLIP),
    "nothing but brackets": ("[[]]", FLIP),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def groups(mask):
    """Label the connected parts of a mask by spreading the smallest index: an array, 0 outside the mask."""
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        padded = np.pad(np.where(mask, labels, mask.size + 1), 1, constant_values=mask.size + 1)
        spread = np.minimum.reduce(
            [padded[1:-1, 1:-1], padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
        )
        spread = np.where(mask, spread, 0)
        if (spread == labels).all():
            return labels
        labels = spread


def largest(g):
    parts = [groups(g == d) == label for d in range(1, 10) for label in np.unique(groups(g == d)) if label]
    parts.sort(key=lambda part: (-part.sum(), np.flatnonzero(part)[0]))
    return g * parts[0] if parts else g


def fill(g):
    labels = groups(g == 0)
    edge = {*labels[0], *labels[-1], *labels[:, 0], *labels[:, -1]}
    return np.where((g == 0) & ~np.isin(labels, list(edge)), 9, g)


def hollow(g):
    full = np.pad(g, 1) != 0
    around = full[:-2, 1:-1] & full[2:, 1:-1] & full[1:-1, :-2] & full[1:-1, 2:]
    return np.where(around, 0, g)


def common(g):
    counts = np.bincount(g[g > 0], minlength=1)
    return np.where(g > 0, counts.argmax(), 0)


def crop(g):
    r, c = np.nonzero(g)
    return g[r.min() : r.max() + 1, c.min() : c.max() + 1] if len(r) else g


def pushed(g):
    return np.take_along_axis(g, np.argsort(g == 0, axis=1, kind="stable"), axis=1)


def drop(g):
    return g[(g > 0).any(1)][:, (g > 0).any(0)] if g.any() else g


OPERATIONS = {
    "flip columns": np.fliplr,
    "flip rows": np.flipud,
    "turn right": lambda g: np.rot90(g, -1),
    "transpose": np.transpose,
    "turn left": np.rot90,
    "half turn": lambda g: np.rot90(g, 2),
    "push left": pushed,
    "push right": lambda g: np.take_along_axis(g, np.argsort(g != 0, axis=1, kind="stable"), axis=1),
    "fall": lambda g: np.rot90(pushed(np.rot90(np.fliplr(g)[:, ::-1], -1)), 1),
    "rise": lambda g: pushed(g.T).T,
    "cycle rows": lambda g: np.roll(g, 1, 0),
    "cycle columns": lambda g: np.roll(g, 1, 1),
    "append right": lambda g: np.hstack([g, np.fliplr(g)]),
    "append below": lambda g: np.vstack([g, np.flipud(g)]),
    "double": lambda g: np.kron(g, np.ones((2, 2), int)),
    "crop": crop,
    "drop": drop,
    "complete": lambda g: np.where(g == 0, np.fliplr(g), g),
    "common": common,
    "largest": largest,
    "fill": fill,
    "hollow": hollow,
}


def step(name, g):
    """Take one step on an array; written apart from the verifier."""
    if name in OPERATIONS:
        return OPERATIONS[name](g)
    return np.where(g == int(name[0]), int(name[-1]), g)


def array(rows):
    return np.array([[int(char) for char in row] for row in rows])


def same(a, b):
    return a.shape == b.shape and bool((a == b).all())


def chains(payload):
    """Yield every chain of listed steps, the shortest first, that fits all pairs."""
    x, y = (array(rows) for rows in payload["pairs"][0])
    more = [(array(a), array(b)) for a, b in payload["pairs"][1:]]
    layer = [((), x)]
    for length in range(1, payload["depth"] + 1):
        following = []
        for chain, grid in layer:
            for name in payload["steps"]:
                after = step(name, grid)
                if same(after, y) and all(same(run((*chain, name), a), b) for a, b in more):
                    yield (*chain, name)
                if length < payload["depth"]:
                    following.append(((*chain, name), after))
        layer = following


def run(chain, g):
    for name in chain:
        g = step(name, g)
    return g


@cache
def _result(pairs, test, steps, depth):
    payload = {"pairs": pairs, "steps": steps, "depth": depth}
    return run(next(chains(payload)), array(test))


def result(payload):
    pairs = tuple((tuple(x), tuple(y)) for x, y in payload["pairs"])
    return _result(pairs, tuple(payload["test"]), tuple(payload["steps"]), payload["depth"])


def oracle(answer, payload):
    """Find a chain that fits, without the stored rule, and compare arrays."""
    answer = re.sub(r"\][ \t,|]*\[", "\n", answer)
    lines = ["".join(line.split()) for line in answer.translate(str.maketrans("[],|", "    ")).split("\n")]
    lines = [line for line in lines if line]
    if not lines or len({len(line) for line in lines}) > 1 or any(set(line) - set("0123456789") for line in lines):
        return False
    right = result(payload)
    return (len(lines), len(lines[0])) == right.shape and same(array(lines), right)


def solutions(payload):
    """Yield the outputs of all chains that fit."""
    found = {tuple(map(tuple, run(chain, array(payload["test"])).tolist())) for chain in chains(payload)}
    for grid in sorted(found):
        yield "\n".join(" ".join(map(str, row)) for row in grid)


@pytest.mark.parametrize("level", [0, 1, 3])
def test_all_chains_that_fit_agree(level):
    for index in range(20):
        instance = get_task("arc_agi").pose(index, level)
        payload = instance.payload
        assert list(solutions(payload)) == [instance.reference]
        answers = [run(chain, array(payload["test"])) for chain in product(payload["steps"], repeat=payload["depth"])]
        texts = {"\n".join(" ".join(map(str, row)) for row in grid.tolist()) for grid in answers}
        for text in sorted(texts):
            assert (verify(text, payload).score == 1.0) == oracle(text, payload) == (text == instance.reference)


@pytest.mark.parametrize("name", STEPS)
def test_steps_agree_with_arrays(name):
    samples = ["000/000", "1", "0/2", "333/303/333", "0120/0110/2203", "1100/0330/0001/2000", "20210/02220/11033"]
    for text in samples:
        grid = tuple(text.split("/"))
        assert same(array(STEPS[name](grid)), step(name, array(grid))), (name, text)


def test_every_step_is_explained():
    assert list(TEXTS) == list(STEPS)
