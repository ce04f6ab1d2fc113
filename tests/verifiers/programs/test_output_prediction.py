import ast
import copy
from functools import lru_cache
from itertools import product

import pytest

from gradarium.core import Status
from gradarium.generators import get_task
from gradarium.sandbox import Outcome, Run
from gradarium.verifiers.programs import output_prediction
from gradarium.verifiers.programs.output_prediction import verify


def program(value):
    return {"code": f"def f(x):\n    return {value}", "entry": "f", "args": [1]}


LIST, FLOAT, TABLE, TEXT = program("[x, 2]"), program("x / 2"), program("{'a': {1, 2}, x: None}"), program("'a\\'b'")

ACCEPTED = {
    "as printed": ("[1, 2]", LIST),
    "no spaces": ("[1,2]", LIST),
    "over lines": ("[\n 1,\n 2,\n]", LIST),
    "float": ("0.5", FLOAT),
    "float with a zero more": ("0.50", FLOAT),
    "other order of dict and set": ("{1: None, 'a': {2, 1}}", TABLE),
    "other quotes": ('"a\'b"', TEXT),
    "escapes": (r"'\x61\'\u0062'", TEXT),
}
REJECTED = {
    "the expression itself": ("[1]+[2]", LIST),
    "the call": ("f(1)", LIST),
    "code that computes it": ("[i for i in (1, 2)]", LIST),
    "tuple for a list": ("(1, 2)", LIST),
    "bool for an integer": ("[True, 2]", LIST),
    "float for an integer": ("[1.0, 2]", LIST),
    "text for a list": ("'[1, 2]'", LIST),
    "one more": ("[1, 2, 2]", LIST),
    "order": ("[2, 1]", LIST),
    "two answers": ("[1, 2] [2, 1]", LIST),
    "both in a set": ("{(1, 2), (2, 1)}", LIST),
    "rounded": ("0.51", FLOAT),
    "fraction": ("1/2", FLOAT),
    "bool as a key": ("{True: None, 'a': {1, 2}}", TABLE),
    "bool in a set": ("{1: None, 'a': {True, 2}}", TABLE),
    "no quotes": ("a'b", TEXT),
    "not a number": ("nan", FLOAT),
    "import": ("__import__('os').getpid()", LIST),
    "empty": ("", LIST),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


@lru_cache(maxsize=4096)
def returned(code, entry, args):
    names = {}
    exec(code, names)  # noqa: S102 - the suite's own program
    return names[entry](*ast.literal_eval(args))


def typed(value):
    """Turn a value into nested tuples that hold every type and no order of sets and dicts."""
    if isinstance(value, dict):
        return "dict", sorted((repr(typed(k)), repr(typed(v))) for k, v in value.items())
    if isinstance(value, set | frozenset):
        return "set", sorted(repr(typed(v)) for v in value)
    if isinstance(value, list | tuple):
        return type(value).__name__, [typed(v) for v in value]
    return type(value).__name__, repr(value)


def oracle(answer, payload):
    """Judge with Python's own reader, and the program run right here: it is the suite's, not the answer's."""
    if len(answer) > 20_000:
        return False
    try:
        got = ast.literal_eval(answer.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, SyntaxWarning, DeprecationWarning):
        return False
    return typed(got) == typed(returned(payload["code"], payload["entry"], repr(payload["args"])))


def test_all_short_texts_agree_with_the_oracle():
    for value in ("[x, 2]", "[x]", "x", "[[]]", "12"):
        payload = program(value)
        count = 0
        for length in range(1, 6):
            for letters in product("[]12, ", repeat=length):
                text = "".join(letters)
                good = verify(text, payload).score == 1.0
                assert good == oracle(text, payload), text
                count += good
        assert count > 0


@pytest.mark.parametrize("level", range(8))
def test_references_are_what_python_returns(level):
    for index in range(60):
        instance = get_task("output_prediction").pose(index, level)
        payload = instance.payload
        assert repr(returned(payload["code"], "f", repr(payload["args"]))) == instance.reference
        assert oracle(instance.reference, payload) and not oracle(instance.example, payload)


@pytest.mark.parametrize("level", range(8))
def test_references_are_what_the_sandbox_returns(level):
    for index in range(3):
        instance = get_task("output_prediction").pose(index, level, "test")
        before = copy.deepcopy(instance.payload)
        assert verify(instance.reference, instance.payload).score == 1.0
        assert verify(instance.example, instance.payload).status is Status.WRONG
        assert instance.payload == before


class Fake:
    def __init__(self, *runs):
        self.runs = list(runs)
        self.calls = 0

    def call(self, code, entry, inputs):
        self.calls += 1
        return self.runs.pop(0)


def test_one_run_serves_all_answers_and_failures_are_not_kept(monkeypatch):
    fake = Fake(Run(Outcome.NOT_JUDGED, message="busy"), Run(Outcome.RAN, (7,)))
    monkeypatch.setattr(output_prediction, "default_sandbox", lambda: fake)
    payload = program("x + 6")
    assert verify("seven", payload).status is Status.UNREADABLE and fake.calls == 0
    assert verify("7", payload).reward is None
    assert [verify(text, payload).score for text in ("7", "8", "7.0", "True")] == [1.0, 0.0, 0.0, 0.0]
    assert fake.calls == 2
    output_prediction._returned.cache_clear()


def test_the_reason_does_not_tell_the_value():
    for answer in ("[1, 3]", "(1, 3)", "5", "x"):
        assert "2" not in verify(answer, LIST).reason
