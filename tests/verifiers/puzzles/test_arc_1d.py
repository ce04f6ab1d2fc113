import json
import re
from functools import cache
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles.arc_1d import TEXTS
from gradarium.verifiers.puzzles.arc_1d import STEPS, verify

MIRROR = {
    "steps": ["mirror", "swap"],
    "depth": 1,
    "pairs": [["0120", "0210"], ["1100", "0011"]],
    "test": "300210",
    "rule": ["mirror"],
}

ACCEPTED = {
    "spaces": ("0 1 2 0 0 3", MIRROR),
    "no spaces": ("012003", MIRROR),
    "list in a list": ("[[0,1,2,0,0,3]]", MIRROR),
    "list": ("[0, 1, 2, 0, 0, 3]", MIRROR),
}
REJECTED = {
    "the input": ("3 0 0 2 1 0", MIRROR),
    "another step": ("3 0 0 1 2 0", MIRROR),
    "leading zero left out": ("1 2 0 0 3", MIRROR),
    "a cell too many": ("0 1 2 0 0 3 0", MIRROR),
    "one digit changed": ("0 1 2 0 0 2", MIRROR),
    "two rows": ("0 1 2 0 0 3\n0 1 2 0 0 3", MIRROR),
    "two lists": ("[0, 1, 2, 0, 0, 3], [0, 1, 2, 0, 0, 3]", MIRROR),
    "the row cut into two lists": ("[0,1,2],[0,0,3]", MIRROR),
    "one cell a line": ("0\n1\n2\n0\n0\n3", MIRROR),
    "a pair": ("3 0 0 2 1 0 -> 0 1 2 0 0 3", MIRROR),
    "dots for zeros": (". 1 2 . . 3", MIRROR),
    "Arabic digits": ("0 \u0661 2 0 0 3", MIRROR),
    "the name of the step": ("mirror", MIRROR),
    "nothing": ("", MIRROR),
    "brackets around nothing": ("[]", MIRROR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def longest(row):
    """Return the span of the leftmost longest block."""
    spans = [found.span() for found in re.finditer(r"([1-9])\1*", row)]
    return sorted(spans, key=lambda span: (span[0] - span[1], span[0]))[0] if spans else (0, 0)


def step(name, row):
    """Take one step, cell by cell or by patterns; written apart from the verifier."""
    n = len(row)
    solid = [char for char in row if char != "0"]
    at = {-1: "0", n: "0"} | dict(enumerate(row))
    start, end = longest(row)
    cells = {
        "mirror": lambda i: at[n - 1 - i],
        "cycle right": lambda i: at[(i - 1) % n],
        "cycle left": lambda i: at[(i + 1) % n],
        "push right": lambda i: ("0" * (n - len(solid)) + "".join(solid))[i],
        "push left": lambda i: ("".join(solid) + "0" * (n - len(solid)))[i],
        "hollow": lambda i: at[i] if at[i - 1] == "0" or at[i + 1] == "0" else "0",
        "lonely": lambda i: at[i] if at[i - 1] != "0" or at[i + 1] != "0" else "0",
        "swap": lambda i: {"1": "2", "2": "1"}.get(at[i], at[i]),
        "pour": lambda i: (re.findall("[1-9]", row[: i + 1]) or ["0"])[-1],
        "longest": lambda i: at[i] if start <= i < end else "0",
        "marked": lambda i: "9" if start <= i < end else at[i],
        "grow right": lambda i: at[i - 1] if at[i] == "0" else at[i],
        "grow left": lambda i: at[i + 1] if at[i] == "0" else at[i],
        "even places": lambda i: at[i] if i % 2 == 0 else "0",
        "fold": lambda i: str(max(int(at[i]), int(at[n - 1 - i]))),
        "edges": lambda i: "0" if at[i - 1] == at[i] == at[i + 1] else at[i],
        "copy half": lambda i: at[min(i, n - 1 - i)],
        "ones out": lambda i: "0" if at[i] == "1" else at[i],
    }
    if name == "between":
        return re.sub(r"([1-9])(0+)(?=\1)", lambda found: found[1] * len(found[0]), row)
    if name == "lengths":
        return re.sub(r"([1-9])\1*", lambda found: str(min(9, len(found[0]))) * len(found[0]), row)
    return "".join(cells[name](i) for i in range(n))


def run(chain, row):
    for name in chain:
        row = step(name, row)
    return row


def chains(payload):
    """Yield chains of listed steps that fit all pairs, the shortest first; of chains alike so far, one as a "
    "beginning."""
    goal = [y for _, y in payload["pairs"]]
    layer = {(): [x for x, _ in payload["pairs"]]}
    for length in range(1, payload["depth"] + 1):
        following, seen = {}, set()
        for chain, rows in layer.items():
            for name in payload["steps"]:
                if length == payload["depth"] and step(name, rows[0]) != goal[0]:
                    continue
                after = [step(name, row) for row in rows]
                if after == goal:
                    yield (*chain, name)
                key = (*after, run((*chain, name), payload["test"]))
                if key not in seen:
                    seen.add(key)
                    following[*chain, name] = after
        layer = following


@cache
def _result(text):
    payload = json.loads(text)
    return run(next(chains(payload)), payload["test"])


def oracle(answer, payload):
    """Find a chain that fits, without the stored rule, and compare."""
    pieces = re.split(r"\n|\][ \t,|]*\[", answer) if len(answer) < 5_000 else []
    rows = [row for piece in pieces if (row := re.sub(r"[][ \t,|]", "", piece))]
    row = rows[0] if len(rows) == 1 else ""
    if not re.fullmatch("[0-9]+", row, re.ASCII):
        return False
    return row == _result(json.dumps({name: payload[name] for name in ("steps", "depth", "pairs", "test")}))


def solutions(payload):
    """Yield the results of all chains that fit."""
    yield from sorted({" ".join(run(chain, payload["test"])) for chain in chains(payload)})


@pytest.mark.parametrize("level", [0, 1, 3])
def test_all_chains_that_fit_agree(level):
    for index in range(20):
        instance = get_task("arc_1d").pose(index, level)
        payload = instance.payload
        assert list(solutions(payload)) == [instance.reference]
        for chain in product(payload["steps"], repeat=payload["depth"]):
            text = " ".join(run(chain, payload["test"]))
            assert (verify(text, payload).score == 1.0) == oracle(text, payload) == (text == instance.reference)


@pytest.mark.parametrize("name", STEPS)
def test_steps_agree_with_patterns(name):
    for row in ["0", "1", "00", "12", "2022", "0110203", "33330111", "100202002010", "0220000200101", "1111111111112"]:
        assert STEPS[name](row) == step(name, row), (name, row)


def test_every_step_is_explained():
    assert list(TEXTS) == list(STEPS)
