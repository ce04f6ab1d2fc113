import re
from functools import cache
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles.big_bench_symbolic import TEXTS
from gradarium.verifiers.puzzles._lists import STEPS
from gradarium.verifiers.puzzles.big_bench_symbolic import verify

REVERSE = {
    "steps": ["reverse", "ascending"],
    "depth": 1,
    "examples": [[[3, 1, 2], [2, 1, 3]]],
    "test": [12, 7, 7, -1],
    "rule": ["reverse"],
}

ACCEPTED = {
    "spaces": ("-1 7 7 12", REVERSE),
    "list": ("[-1, 7, 7, 12]", REVERSE),
    "typographic minus": ("\u22121 7 7 12", REVERSE),
}
REJECTED = {
    "the input": ("12 7 7 -1", REVERSE),
    "the same numbers in another order": ("7 -1 7 12", REVERSE),
    "a number left out": ("-1 7 12", REVERSE),
    "a number too many": ("-1 7 7 12 12", REVERSE),
    "digits run together": ("-17712", REVERSE),
    "the first of two lists": ("-1 7 7 12\n12 7 7 -1", REVERSE),
    "two lists in brackets": ("[-1, 7, 7, 12] [-1, 7, 7, 12]", REVERSE),
    "the constant that pays elsewhere": ("[0]", REVERSE),
    "nothing": ("", REVERSE),
    "brackets around nothing": ("[]", REVERSE),
    "the name of the step": ("reverse", REVERSE),
    "decimals": ("-1.0 7 7 12", REVERSE),
    "Arabic digits": ("-\u0661 7 7 12", REVERSE),
    "code": ("[12, 7, 7, -1][::-1]", REVERSE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def step(name, items):
    """Take one step on a list, in loops; written apart from the verifier."""
    n = len(items)
    high, low = max(items, default=0), min(items, default=0)
    each = {
        "add 1": lambda i: [items[i] + 1],
        "double": lambda i: [items[i] + items[i]],
        "triple": lambda i: [items[i] + items[i] + items[i]],
        "reverse": lambda i: [items[n - 1 - i]],
        "drop first": lambda i: [items[i]] if i else [],
        "drop last": lambda i: [items[i]] if i < n - 1 else [],
        "first to end": lambda i: [items[(i + 1) % n]],
        "last to front": lambda i: [items[(i - 1) % n]],
        "swap pairs": lambda i: [items[i ^ 1 if i ^ 1 < n else i]],
        "repeat": lambda i: [items[i]] * 2,
        "distinct": lambda i: [] if items[i] in items[:i] else [items[i]],
        "every second": lambda i: [] if i % 2 else [items[i]],
        "running sums": lambda i: [sum(items[: i + 1])],
        "differences": lambda i: [items[i] - items[i - 1]] if i else [],
        "neighbour sums": lambda i: [items[i] + items[i - 1]] if i else [],
        "drop evens": lambda i: [items[i]] * (items[i] & 1),
        "drop odds": lambda i: [items[i]] * (1 - (items[i] & 1)),
        "drop largest": lambda i: [items[i]] if items[i] < high else [],
        "drop smallest": lambda i: [items[i]] if items[i] > low else [],
        "subtract smallest": lambda i: [items[i] - low],
        "from largest": lambda i: [high - items[i]],
        "counts": lambda i: [sum(x == items[i] for x in items)],
        "add position": lambda i: [items[i] + i + 1],
        "running maximum": lambda i: [max(items[: i + 1])],
        "last digit": lambda i: [int(str(items[i])[-1])],
        "ranks": lambda i: [len({x for x in items if x <= items[i]})],
    }
    if name in each:
        return [x for i in range(n) for x in each[name](i)]
    if name in ("ascending", "descending"):
        left, ordered = list(items), []
        while left:
            ordered.append(min(left) if name == "ascending" else max(left))
            left.remove(ordered[-1])
        return ordered
    if name == "evens first":
        return [x for x in items if not x & 1] + [x for x in items if x & 1]
    if name == "mirror":
        return [items[i if i < n else 2 * n - 1 - i] for i in range(2 * n)]
    return [*items, sum(items)] if name == "append sum" else [n, *items]


def run(chain, items):
    for name in chain:
        items = step(name, items)
    return items


def chains(payload):
    """Yield chains of listed steps that fit all examples, the shortest first; of equal ones one as a beginning."""
    x, y = payload["examples"][0]
    more = payload["examples"][1:]
    layer = [((), list(x))]
    for length in range(1, payload["depth"] + 1):
        following = []
        for chain, items in layer:
            for name in payload["steps"]:
                after = step(name, items)
                if after == list(y) and all(run((*chain, name), list(a)) == list(b) for a, b in more):
                    yield (*chain, name)
                if length < payload["depth"]:
                    following.append(((*chain, name), after))
        layer = following


@cache
def _result(examples, test, steps, depth):
    payload = {"examples": examples, "steps": steps, "depth": depth}
    return run(next(chains(payload)), list(test))


def result(payload):
    examples = tuple((tuple(x), tuple(y)) for x, y in payload["examples"])
    return _result(examples, tuple(payload["test"]), tuple(payload["steps"]), payload["depth"])


def oracle(answer, payload):
    """Find a chain that fits, without the stored rule, and compare."""
    text = answer.strip().replace("\u2212", "-").replace("\u2013", "-")
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1]
    words = re.split(r"[\s,;]+", text.strip())
    if not all(re.fullmatch("[+-]?[0-9]{1,30}", word) for word in words):
        return False
    return [int(word) for word in words] == result(payload)


def solutions(payload):
    """Yield the results of all chains that fit."""
    yield from sorted({" ".join(map(str, run(chain, payload["test"]))) for chain in chains(payload)})


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_all_chains_that_fit_agree(level):
    for index in range(20):
        instance = get_task("big_bench_symbolic").pose(index, level)
        payload = instance.payload
        assert list(solutions(payload)) == [instance.reference]
        for chain in product(payload["steps"], repeat=payload["depth"]):
            text = " ".join(map(str, run(chain, payload["test"])))
            assert (verify(text, payload).score == 1.0) == oracle(text, payload) == (text == instance.reference)


@pytest.mark.parametrize("name", STEPS)
def test_steps_agree_with_loops(name):
    for items in [(), (5,), (3, 3), (1, 2, 3), (9, 0, 9, 4, -3), (12, -7, 0, 0, 5, 12), (-20, -11, -3)]:
        assert list(STEPS[name](items)) == step(name, list(items)), (name, items)


def test_every_step_is_explained():
    assert list(TEXTS) == list(STEPS)
