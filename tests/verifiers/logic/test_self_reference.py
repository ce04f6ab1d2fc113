import re
from itertools import product

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.generators.logic.self_reference import draw_statement, holds
from gradarium.verifiers.logic.self_reference import verify

TWO = {"statements": [["is", 2, False], ["count", 1, 2, "exactly", 2, True]]}
LIAR = {"statements": [["is", 1, False], ["is", 1, True]]}
TELLER = {"statements": [["is", 1, True]]}

ACCEPTED = {
    "as asked": ("true, false", TWO),
    "upper case": ("TRUE FALSE", TWO),
    "on lines with a full stop": ("True\nFalse.", TWO),
    "a list": ("[True, False]", TWO),
    "one of two ways": ("true", TELLER),
    "the other": ("false", TELLER),
}
REJECTED = {
    "both true": ("true, true", TWO),
    "both false": ("false, false", TWO),
    "turned": ("false, true", TWO),
    "one value too few": ("true", TWO),
    "one too many": ("true, false, false", TWO),
    "all ways dumped": ("true false true true false false", TWO),
    "both values for one": ("true or false, false", TWO),
    "only a count": ("1", TWO),
    "digits": ("1, 0", TWO),
    "letters": ("T, F", TWO),
    "numbered": ("1: true, 2: false", TWO),
    "negated": ("not false, false", TWO),
    "code": ("True and False", TWO),
    "a liar is neither": ("true, false", LIAR),
    "a liar is neither, nor so": ("false, true", LIAR),
    "unknown": ("true, unknown", TWO),
    "Cyrillic letters": ("tru\u0435, false", TWO),
    "full-width letters": ("\uff54rue, false", TWO),
    "nothing": ("", TWO),
    "100,000 characters": ("true, " * 20_000, TWO),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def meant(statement, text):
    """Tell whether a statement holds where ``text`` has T or F for each; written apart from generator and verifier."""
    match statement:
        case ["is", i, value]:
            return text[i - 1] == "FT"[value]
        case ["two", i, j, value]:
            return text[i - 1] + text[j - 1] == "FT"[value] * 2
        case ["either", i, j, value]:
            return "FT"[value] in text[i - 1] + text[j - 1]
        case ["same", i, j]:
            return len({text[i - 1], text[j - 1]}) == 1
        case ["if", i, j, value]:
            return text[i - 1] + text[j - 1] != "T" + "TF"[value]
        case ["more", a, b, c, d]:
            return text[a - 1 : b].count("T") > text[c - 1 : d].count("T")
        case ["first", i, value]:
            return text.find("FT"[value]) == i - 1
        case ["run", k, value]:
            return "FT"[value] * k in text
        case ["even", first, last, value]:
            return text[first - 1 : last].count("FT"[value]) in (0, 2, 4, 6, 8, 10, 12, 14)
        case ["count", first, last, how, k, value]:
            found = text[first - 1 : last].count("FT"[value])
            return {"exactly": found == k, "at least": found >= k, "at most": found <= k}[how]
    raise TypeError(statement)


def oracle(answer, payload):
    """Read words as a person would, and go through the statements."""
    if len(answer) > 1_000 or not answer.isascii():
        return False
    text = answer.strip()
    text = text[:-1] if text.endswith(".") else text
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    words = [re.sub(r"""^(['"])(\w+)\1$""", r"\2", word).lower() for word in re.split(r"[\s,;]+", text)]
    if not set(words) <= {"true", "false"} or len(words) != len(payload["statements"]):
        return False
    letters = "".join(word[0].upper() for word in words)
    return all(meant(s, letters) == (letter == "T") for s, letter in zip(payload["statements"], letters, strict=True))


def all_answers(payload):
    return (", ".join(values) for values in product(("true", "false"), repeat=len(payload["statements"])))


def solutions(payload):
    """Try all truth values."""
    return (answer for answer in all_answers(payload) if oracle(answer, payload))


@pytest.mark.parametrize("level", range(5))
def test_all_truth_values_of_small_instances(level):
    for index in range(20 if level < 2 else 4):
        instance = get_task("self_reference").pose(index, level)
        right = [answer for answer in all_answers(instance.payload) if verify(answer, instance.payload).score == 1.0]
        assert right == list(solutions(instance.payload)) == [instance.reference]


@pytest.mark.parametrize("kind", "is count range two either same if even more first run".split())
def test_each_kind_says_the_same_to_all_three(kind):
    import random

    rng = random.Random(kind)
    for _ in range(8):
        statement = draw_statement(rng, 5, 3, kind)
        for values in range(32):
            text = "".join("FT"[values >> i & 1] for i in range(5))
            said = meant(statement, text)
            assert holds(statement, values, 5) == said
            payload = {"statements": [["is", 1, text[0] == "T"]] * 2 + [statement] + [["is", 1, text[0] == "T"]] * 2}
            answer = ", ".join("true" if letter == "T" else "false" for letter in text)
            assert (verify(answer, payload).score == 1.0) == oracle(answer, payload)


def test_truth_values_are_balanced():
    values = [value for i in range(60) for value in get_task("self_reference").pose(i, 0).reference.split(", ")]
    assert 90 <= values.count("true") <= 150


def test_senseless_parameters_are_refused():
    task = get_task("self_reference")
    for change in ({"statements": 3}, {"statements": 15}, {"kinds": ""}):
        with pytest.raises(BadValue):
            task.pose(0, 0, params=change)
    with pytest.raises(UnknownName):
        task.pose(0, 0, params={"kinds": "is was"})
