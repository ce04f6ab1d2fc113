import re
from itertools import permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles.list_functions import ACTION_TEXTS, CONDITION_TEXTS
from gradarium.verifiers.puzzles.list_functions import ACTIONS, CONDITIONS, value, verify

EVEN = {
    "menu": [["even", "above k"], ["add k", "keep"]],
    "depth": 1,
    "examples": [[[4, 7, 2, 1], 3, [7, 7, 5, 1]]],
    "test": [[6, 3, 2], 4],
    "conditions": ["even"],
    "actions": ["add k", "keep"],
}

ACCEPTED = {
    "spaces": ("10 3 6", EVEN),
    "list": ("[10, 3, 6]", EVEN),
    "lines": ("10\n3\n6", EVEN),
}
REJECTED = {
    "the input": ("6 3 2", EVEN),
    "condition ignored": ("10 7 6", EVEN),
    "condition turned round": ("6 7 2", EVEN),
    "the k of the example": ("9 3 5", EVEN),
    "sorted": ("3 6 10", EVEN),
    "a number missing": ("10 3", EVEN),
    "a number too many": ("10 3 6 6", EVEN),
    "the constant that pays elsewhere": ("[0]", EVEN),
    "two lists": ("[10, 3, 6], [10, 3, 6]", EVEN),
    "a sum to be worked out": ("6+4 3 2+4", EVEN),
    "the rule in words": ("add k to even items", EVEN),
    "Arabic digits": ("1\u0660 3 6", EVEN),
    "nothing": ("", EVEN),
    "brackets around nothing": ("[]", EVEN),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def holds(name, items, place, k):
    """Work out a condition for the item at a place counted from 1; written apart from the verifier."""
    x, before = items[place - 1], items[: place - 1]
    return {
        "even": x & 1 == 0,
        "above k": k < x,
        "even place": place & 1 == 0,
        "rising": bool(before) and before[-1] < x,
        "third": x in range(0, 999, 3),
        "seen": before.count(x) > 0,
        "largest": sorted(items)[-1] == x,
        "early": place in range(1, k + 1),
        "low": x <= 5,
        "sum even": x & 1 == place & 1,
    }[name]


def written(name, x, place, k):
    """Return what an action writes for an item, as text."""
    return {
        "add k": f"{x + k}",
        "subtract k": f"{x - k}",
        "double": f"{x + x}",
        "from k": f"{k - x}",
        "keep": f"{x}",
        "drop": "",
        "write k": f"{k}",
        "twice": f"{x} {x}",
        "add place": f"{x + place}",
        "times k": f"{sum([x] * k)}",
        "then k": f"{x} {k}",
        "write place": f"{place}",
    }[name]


def work_out(items, k, conditions, actions):
    words = []
    for place, x in enumerate(items, 1):
        numbers = [n for n, condition in enumerate(conditions) if holds(condition, items, place, k)]
        words.append(written(actions[min([*numbers, len(conditions)])], x, place, k))
    return " ".join(" ".join(words).split())


def functions(payload):
    """Yield every function of the stated form that fits the examples."""
    menu, actions = payload["menu"]
    for conditions in permutations(menu, payload["depth"]):
        for chosen in product(actions, repeat=payload["depth"] + 1):
            if all(work_out(x, k, conditions, chosen) == " ".join(map(str, y)) for x, k, y in payload["examples"]):
                yield conditions, chosen


def oracle(answer, payload):
    """Check that the stored function fits the examples, and compare with its value as text."""
    rule = payload["conditions"], payload["actions"]
    assert all(work_out(x, k, *rule) == " ".join(map(str, y)) for x, k, y in payload["examples"])
    text = answer.strip().replace("\u2212", "-").replace("\u2013", "-")
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1]
    words = re.split(r"[\s,;]+", text.strip())
    if not all(re.fullmatch("[+-]?[0-9]{1,30}", word) for word in words):
        return False
    return " ".join(str(int(word)) for word in words) == work_out(*payload["test"], *rule)


def solutions(payload):
    """Yield the values of all functions that fit."""
    yield from sorted({work_out(*payload["test"], *rule) for rule in functions(payload)})


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_all_functions_that_fit_agree(level):
    for index in range(20):
        instance = get_task("list_functions").pose(index, level)
        payload = instance.payload
        assert list(solutions(payload)) == [instance.reference]
        menu, actions = payload["menu"]
        rules = product(permutations(menu, payload["depth"]), product(actions[:5], repeat=payload["depth"] + 1))
        for text in sorted({work_out(*payload["test"], *rule) for rule in rules}):
            assert (verify(text, payload).score == 1.0) == oracle(text, payload) == (text == instance.reference)


def test_two_conditions_by_brute_force():
    instance = get_task("list_functions").pose(0, 5, params={"menu": 4, "actions": 5})
    assert list(solutions(instance.payload)) == [instance.reference]


def test_conditions_and_actions_agree_with_the_other_ones():
    for items in [(5,), (0, 0), (3, 9, 9, 1), (12, 6, 7, 6, 12, 2, 5)]:
        for k in (2, 5):
            for name in CONDITIONS:
                for action in ACTIONS:
                    own = value(items, k, [name], [action, "drop"])
                    assert " ".join(map(str, own)) == work_out(items, k, [name], [action, "drop"])


def test_everything_is_explained():
    assert list(CONDITION_TEXTS) == list(CONDITIONS)
    assert list(ACTION_TEXTS) == list(ACTIONS)
