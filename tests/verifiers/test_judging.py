"""The modes of judging code: what is right in each, and the tricks that must not pass."""

import copy
import doctest
import math
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.sandbox import Limits, Outcome, Run, SandboxUnavailable, default_sandbox
from gradarium.verifiers import _flags, judging, values
from gradarium.verifiers.judging import (
    MAX_CHECKED,
    Tolerance,
    flags,
    judge_class,
    judge_function,
    judge_program,
    weak_cases,
)
from gradarium.verifiers.values import fault_in_output, fault_in_value, same, size

ROOT = Path(__file__).parents[2]
DOUBLE = [([2], 4), ([0], 0), ([-3], -6), ([10**30], 2 * 10**30)]
ONE = [([0], 1), ([5], 1)]
SUM = [("3\n1 2 4\n", "1 3 7\n7\n"), ("1\n5\n", "5\n5\n")]
RUNNING = """
from itertools import accumulate
input()
sums = list(accumulate(map(int, input().split())))
"""
COUNTER = """
class C:
    def __init__(self, n): self.n = n
    def add(self, k):
        self.n += k
        return self.n
"""
PLAYED = [["new", [5]], ["call", "add", [1]], ["call", "add", [2]], ["new", [0]], ["call", "add", [7]]]
TOTALS = [None, 6, 8, None, 7]

# judge_function: (program, cases, further arguments)

FUNCTION_ACCEPTED = {
    "plain": ("def f(x): return 2 * x", DOUBLE, {}),
    "lambda": ("f = lambda x: x + x", DOUBLE, {}),
    "prints and warns": ("import sys\ndef f(x):\n    print(x, file=sys.stderr)\n    return 2 * x", DOUBLE, {}),
    "several arguments": ("def f(a, b): return [a, b]", [([1, "x"], [1, "x"]), ((None, 2.5), [None, 2.5])], {}),
    "no argument": ("def f(): return 7", [([], 7)], {}),
    "other order of dict and set": ("def f(): return {'b': {2, 1}, 'a': 0}", [([], {"a": 0, "b": {1, 2}})], {}),
    "nan is nan": ("def f(x): return float(x)", [(["nan"], math.nan), (["-inf"], -math.inf)], {}),
    "near": ("def f(x): return x + 0.2", [([0.1], 0.3)], {"close": Tolerance()}),
    "near inside": ("def f(x): return {'a': [x + 0.2, 1]}", [([0.1], {"a": [0.3, 1]})], {"close": Tolerance()}),
    "same twice": ("import random\ndef f(x): return 2 * x + 0 * random.randint(0, 9)", DOUBLE, {"repeat": True}),
    "reference": ("def f(x): return 2 * x", DOUBLE, {"reference": "def f(n): return n + n"}),
    "spoils its argument": ("def f(v):\n    v.append(1)\n    return len(v)", [([[]], 1), ([[2]], 2)], {"repeat": True}),
}
FUNCTION_REJECTED = {
    "constant": ("def f(x): return 4", DOUBLE, {}),
    "echo": ("def f(x): return x", DOUBLE, {}),
    "lookup table of the shown examples": ("def f(x): return {2: 4, 0: 0}.get(x, 0)", DOUBLE, {}),
    "float for int": ("def f(x): return 2.0 * x", DOUBLE, {}),
    "True for 1": ("def f(x): return True", ONE, {}),
    "1.0 for 1": ("def f(x): return 1.0", ONE, {}),
    "text for 1": ("def f(x): return '1'", ONE, {}),
    "1.0 for 1 with a tolerance": ("def f(x): return 1.0", ONE, {"close": Tolerance()}),
    "True inside": ("def f(): return [True, 2]", [([], [1, 2])], {}),
    "True as a key": ("def f(): return {True: 2}", [([], {1: 2})], {}),
    "True in a set": ("def f(): return {True, 2}", [([], {1, 2})], {}),
    "tuple for list": ("def f(): return (1, 2)", [([], [1, 2])], {}),
    "list for tuple": ("def f(): return [1, 2]", [([], (1, 2))], {}),
    "bytes for text": ("def f(): return b'a'", [([], "a")], {}),
    "minus zero": ("def f(): return -0.0", [([], 0.0)], {}),
    "nan for a number": ("def f(): return float('nan')", [([], 0.5)], {"close": Tolerance(abs=1e9)}),
    "not near": ("def f(x): return x + 0.21", [([0.1], 0.3)], {"close": Tolerance()}),
    "near in a set": ("def f(): return {0.1 + 0.2}", [([], {0.3})], {"close": Tolerance()}),
    "one more": ("def f(): return [1, 2, 2]", [([], [1, 2])], {}),
    "one less": ("def f(): return [1]", [([], [1, 2])], {}),
    "nothing": ("def f(x): pass", DOUBLE, {}),
    "prints, returns nothing": ("def f(x): print(2 * x)", DOUBLE, {}),
    "int subclass": ("class I(int): pass\ndef f(x): return I(1)", ONE, {}),
    "always equal": (
        "class E(int):\n    __eq__ = lambda self, other: True\n    __hash__ = int.__hash__\ndef f(x): return E(9)",
        ONE,
        {},
    ),
    "proxy": (
        "class P:\n    def __getattr__(self, name): return self\n    def __call__(self, *a): return self\n"
        "    def __eq__(self, other): return True\n    def __bool__(self): return True\ndef f(x): return P()",
        ONE,
        {},
    ),
    "list that adapts": (
        "class L(list):\n    def __eq__(self, o): return True\n    def __len__(self): return 2\ndef f(): return L()",
        [([], [1, 2])],
        {},
    ),
    "frames for the expected values": (
        "import sys\ndef f(x):\n    frame = sys._getframe()\n    while frame:\n"
        "        for name in ('wanted', 'want', 'cases', 'expected_values'):\n"
        "            if name in frame.f_locals: return frame.f_locals[name]\n        frame = frame.f_back",
        DOUBLE,
        {},
    ),
    "heap for the cases": (
        "import gc\ndef f(x):\n    for o in gc.get_objects():\n"
        "        if type(o) is tuple and len(o) == 2 and type(o[0]) is list and o[0] == [x] and type(o[1]) is int:\n"
        "            return o[1]",
        DOUBLE,
        {},
    ),
    "reference from the suite": ("from gradarium.verifiers.judging import *\ndef f(x): return 2 * x", DOUBLE, {}),
}
ENDINGS = {
    "exit 0 before answering": ("import sys\nsys.exit(0)\ndef f(x): return 1", "no_result"),
    "exit 0 inside": ("import os\ndef f(x): os._exit(0)", "no_result"),
    "exit 0 on the second call": ("import os\ndef f(x): return 1 if x == 0 else os._exit(0)", "no_result"),
    "SystemExit inside": ("def f(x): raise SystemExit(0)", "no_result"),
    "atexit": ("import atexit, os\natexit.register(lambda: os._exit(0))\ndef f(x): raise SystemExit", "no_result"),
    "excepthook": ("import sys, os\nsys.excepthook = lambda *a: os._exit(0)\ndef f(x): return 1 / 0", "runtime_error"),
    "forged frames for another number of cases": (
        "import os\ndef f(x):\n    os.write(4, b'[0,1]\\nEND\\n')\n    os._exit(0)",
        "malformed",
    ),
    "generator": ("def f(x): yield 1", "malformed"),
    "object": ("def f(x): return object()", "malformed"),
    "too deep": ("def f(x):\n    v = []\n    for _ in range(5000): v = [v]\n    return v", "malformed"),
    "raises": ("def f(x): return 1 // x", "runtime_error"),
    "no such function": ("def g(x): return 1", "runtime_error"),
    "syntax": ("def f(x) return 1", "syntax_error"),
    "lone surrogate": ("def f(x): return 1 # \ud800", "syntax_error"),
    "loop": ("def f(x):\n    while True: pass", "cpu_limit"),
    "memory": ("def f(x): return len(bytearray(10**10))", "mem_limit"),
    "flood": ("def f(x):\n    while True: print('x' * 9999)", "output_limit"),
    "null pointer": ("import ctypes\ndef f(x): return ctypes.string_at(0)", "signaled"),
    "decoy in the globals": ("def f(x): return globals()['expected'][0]", "tamper"),
    "decoy inside a dict": ("def f(x): return {'a': [1, expected[1]]}", "tamper"),
}


@pytest.mark.parametrize(("code", "cases", "options"), FUNCTION_ACCEPTED.values(), ids=FUNCTION_ACCEPTED)
def test_function_accepted(code, cases, options):
    before = copy.deepcopy(cases)
    verdict = judge_function(code, "f", cases, **options)
    assert verdict.score == 1.0, verdict.reason
    assert verdict.parts == {"cases": 1.0}
    assert repr(cases) == repr(before)


@pytest.mark.parametrize(("code", "cases", "options"), FUNCTION_REJECTED.values(), ids=FUNCTION_REJECTED)
def test_function_rejected(code, cases, options):
    verdict = judge_function(code, "f", cases, **options)
    assert (verdict.reward, verdict.status) == (0.0, Status.WRONG), verdict.reason
    assert 0.0 <= verdict.parts["cases"] < 1.0


@pytest.mark.parametrize(("code", "outcome"), ENDINGS.values(), ids=ENDINGS)
def test_a_run_that_gives_no_values_is_wrong_and_names_its_outcome(code, outcome):
    verdict = judge_function(code, "f", ONE, limits=Limits(cpu_s=0.3))
    assert (verdict.reward, verdict.violations, verdict.parts) == (0.0, (outcome,), {"cases": 0.0})
    assert outcome in verdict.reason


def test_a_forged_answer_must_still_equal_what_it_has_never_seen():
    forge = "import os\ndef f(x):\n    os.write(4, b'[0,%d]\\n[1,%d]\\nEND\\n')\n    os._exit(0)"
    assert judge_function(forge % (7, 7), "f", ONE).violations == ("value",)
    assert judge_function(forge % (1, 1), "f", ONE).score == 1.0


def test_share_reason_and_first_wrong_case():
    verdict = judge_function("def f(x): return 2 * x if x < 100 else -1", "f", DOUBLE)
    assert verdict.parts == {"cases": 0.75} and verdict.score == 0.0
    assert verdict.reason == f"f({10**30}) returned the wrong value -1"
    verdict = judge_function("def f(a, b): return 'x'", "f", [([1, "b"], 5)])
    assert verdict.reason == "f(1, 'b') returned the wrong value 'x'; its type should be int"


SECRET = 918273645


def test_no_reason_holds_an_expected_value():
    hidden = [([1], SECRET), ([2], [SECRET]), ([3], {"a": SECRET})]
    codes = ("def f(x): return x", "def f(x): return [x]", "def f(x): return 1 / 0", "x", "def f(x): exit(0)", "(")
    texts = [judge_function(code, "f", hidden).reason for code in codes]
    texts += [judge_function(codes[0], "f", hidden, reference=code).reason for code in codes]

    def leaky(args, output):
        raise KeyError(SECRET)

    texts.append(judge_function(codes[0], "f", hidden, checker=leaky).reason)
    source = f"def check(args, output): raise KeyError({SECRET})"
    texts.append(judge_function(codes[0], "f", hidden, checker=source).reason)
    printed = [("1", f"{SECRET}\n{SECRET}"), ("2", str(SECRET))]
    programs = ("print(1)", "", "print(1 / 0)", "print(1)\nprint(2)\nprint(3)")
    texts += [judge_program(code, printed, all_cases=True).reason for code in programs]
    script = [["new", [0]], ["call", "add", [0]]]
    texts.append(judge_class(COUNTER, "C", script, [None, SECRET]).reason)
    assert all(texts) and not any(str(SECRET) in text for text in texts)


# What is nobody's answer's fault


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


NO_CASES = {
    "zero cases": [],
    "no list": None,
    "a set": {1},
    "no pair": [([1], 1), ([2],)],
    "three parts": [([1], 1, 1)],
    "text for arguments": [("1", 1)],
    "expected is no plain data": [([1], range(3))],
    "expected is a subclass": [([1], type("I", (int,), {})(1))],
    "expected holds a function": [([1], [len])],
    "argument is no plain data": [([object()], 1)],
    "argument is a bytearray": [([bytearray(b"x")], 1)],
    "argument nested too deep": [([nested(90)], 1), ([nested(5000)], 1)],
}


@pytest.mark.parametrize("cases", NO_CASES.values(), ids=NO_CASES)
def test_bad_cases_are_never_a_reward(cases):
    verdict = judge_function("def f(*x): return 1", "f", cases)
    assert (verdict.reward, verdict.status) == (None, Status.ERROR), verdict.reason


def test_a_cyclic_case_is_an_error():
    cycle = []
    cycle.append(cycle)
    assert judge_function("def f(x): return 1", "f", [([cycle], 1)]).reward is None


@pytest.mark.parametrize(
    "reference", ["def f(x): return x", "def f(x): return 1 / 0", "f = (", "", "def f(x): return 2.0 * x"]
)
def test_a_reference_that_fails_its_own_cases_is_never_a_reward(reference):
    for code in ("def f(x): return 2 * x", reference):
        verdict = judge_function(code, "f", DOUBLE, reference=reference)
        assert verdict.reward is None and verdict.reason.startswith("the reference fails its own cases")


def test_a_failing_reference_of_programs_and_classes():
    assert judge_program("print(1)", [("", "1")], reference="print(2)").reward is None
    assert judge_program("print(1)", [("", "1")], reference="print(1)").score == 1.0
    assert judge_class(COUNTER, "C", PLAYED, TOTALS, reference=COUNTER.replace("+=", "-=")).reward is None
    assert judge_class(COUNTER, "C", PLAYED, TOTALS, reference=COUNTER).score == 1.0


class Fake:
    """A sandbox that gives prepared runs."""

    def __init__(self, *runs):
        self.runs, self.seen = list(runs), []

    def call(self, code, entry, inputs, *limits):
        self.seen.append(inputs)
        return self.runs.pop(0)

    def script(self, code, stdin, *limits):
        self.seen.append(stdin)
        return self.runs.pop(0)

    operate = call


BUSY = Run(Outcome.NOT_JUDGED, message="busy")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_maps_to_one_verdict(outcome):
    def judged(box_values):
        run = Run(outcome, box_values if outcome is Outcome.RAN else (), "why")
        yield judge_function("x", "f", [([1], 1)], sandbox=Fake(run))
        yield judge_class("x", "C", [["new", []], ["call", "f", []]], [None, 1], sandbox=Fake(run))

    verdicts = [next(judged((1,))), list(judged((None, 1)))[1]]
    verdicts.append(judge_program("x", [("", "1")], sandbox=Fake(Run(outcome, ("1",), "why"))))
    for verdict in verdicts:
        if outcome is Outcome.RAN:
            assert verdict.reward == 1.0
        elif outcome is Outcome.NOT_JUDGED:
            assert verdict.reward is None and "why" in verdict.reason
        else:
            assert verdict.reward == 0.0 and verdict.violations == (outcome.value,) and "why" in verdict.reason


def test_a_sandbox_that_fails_later_is_no_verdict_either():
    ran = Run(Outcome.RAN, (1,))
    assert judge_function("x", "f", [([1], 1)], sandbox=Fake(ran, BUSY), repeat=True).reward is None
    verdict = judge_function("x", "f", [([1], 1)], sandbox=Fake(BUSY), reference="x")
    assert verdict.reward is None and verdict.reason == "the sandbox failed: busy"
    assert judge_function("x", "f", [([1],)], checker="x", sandbox=Fake(ran, BUSY)).reward is None
    text = Run(Outcome.RAN, ("1",))
    assert judge_program("x", [("", "1"), ("2", "1")], sandbox=Fake(text, BUSY)).reward is None
    assert judge_program("x", [("", "1")], sandbox=Fake(text, BUSY), repeat=True).reward is None


def test_too_few_values_are_no_verdict():
    assert judge_function("x", "f", ONE, sandbox=Fake(Run(Outcome.RAN, (1,)))).reward is None


def test_no_sandbox_is_no_verdict(monkeypatch):
    def none():
        raise SandboxUnavailable("not here")

    monkeypatch.setattr(judging, "default_sandbox", none)
    assert judge_function("x", "f", ONE).reward is None
    assert judge_program("x", SUM).reward is None
    assert judge_class("x", "C", PLAYED, TOTALS).reward is None


def test_inputs_that_the_sandbox_refuses_are_no_verdict():
    assert judge_function("def f(x): return 1", "f", [(["x" * 65_000_000], 1)]).reward is None
    assert judge_program("print(1)", [("x" * 65_000_000, "1")]).reward is None
    assert judge_function("def f(x): return 1", "f", [([1], 1)] * 10_001).reward is None


def test_only_arguments_enter_the_sandbox():
    box = Fake(Run(Outcome.RAN, (1, 1)), Run(Outcome.RAN, (1, 1)))
    assert judge_function("x", "f", ONE, sandbox=box, repeat=True).score == 1.0
    assert box.seen == [[[0], [5]], [[5], [0]]]


# Many right answers


def divides(args, output):
    return type(output) is int and 1 < output < args[0] and args[0] % output == 0


DIVIDES = "def check(args, output):\n    return type(output) is int and 1 < output < args[0] and args[0] % output == 0"
COMPOSITE = [([15],), ([77], None), ([10_403],)]
FACTOR = "def f(n): return next(d for d in {} if n % d == 0)"


@pytest.mark.parametrize("checker", [divides, DIVIDES], ids=["function", "source"])
def test_a_checker_accepts_every_right_answer_and_no_other(checker):
    for order in ("range(2, n)", "range(n - 1, 1, -1)"):
        assert judge_function(FACTOR.format(order), "f", COMPOSITE, checker=checker).score == 1.0
    verdict = judge_function(FACTOR.format("range(1, n)"), "f", COMPOSITE, checker=checker)
    assert verdict.reason == "f(15) returned 1, which the checker does not accept"
    assert verdict.violations == ("value",) and verdict.parts == {"cases": 0.0}
    assert judge_function("def f(n): return 7", "f", COMPOSITE, checker=checker).parts == {"cases": 1 / 3}
    assert judge_function("def f(n): return True", "f", COMPOSITE, checker=checker).score == 0.0
    verdict = judge_function("def f(n): return n / 0", "f", COMPOSITE, checker=checker)
    assert verdict.violations == ("runtime_error",)


def raises(args, output):
    return {}[output]


def leaves(args, output):
    raise SystemExit


def endless(args, output):
    return endless(args, output)


BAD_CHECKERS = {
    "raises": raises,
    "ends the program": leaves,
    "recurses for ever": endless,
    "answers None": lambda args, output: None,
    "answers 1": lambda args, output: 1,
    "takes one argument": lambda args: True,
    "source raises": "def check(args, output): return {}[output]",
    "source answers None": "def check(args, output): print(output)",
    "source answers 1": "def check(args, output): return 1",
    "source without check": "def f(args, output): return True",
    "source that is none": "check =",
    "source that ends the program": "import os\ndef check(args, output): os._exit(0)",
}


@pytest.mark.parametrize("checker", BAD_CHECKERS.values(), ids=BAD_CHECKERS)
def test_a_bad_checker_is_never_a_reward(checker):
    verdict = judge_function("def f(n): return 3", "f", COMPOSITE, checker=checker)
    assert (verdict.reward, verdict.status) == (None, Status.ERROR) and "checker" in verdict.reason
    verdict = judge_program("print(3)", [("", "3")], checker=checker)
    assert verdict.reward is None


def test_the_error_names_the_case():
    def picky(args, output):
        return {15: True, 77: "no"}[args[0]]

    verdict = judge_function("def f(n): return 3", "f", COMPOSITE[:2], checker=picky)
    assert verdict.reason == "the checker answered with a str for case 2: it must be True or False"
    verdict = judge_function("def f(n): return 3", "f", [COMPOSITE[0], COMPOSITE[2]], checker=picky)
    assert verdict.reason == "the checker failed on case 2: KeyError"
    source = "def check(given, output): return {'a': True}[given]"
    verdict = judge_program("print(3)", [("a", "3"), ("b", "3")], checker=source)
    assert verdict.reason == "the checker failed (runtime_error) on case 2: KeyError"


def test_a_checker_in_source_is_stopped(monkeypatch):
    monkeypatch.setattr(judging, "CHECKER_LIMITS", Limits(cpu_s=0.3))
    verdict = judge_function("def f(n): return 3", "f", COMPOSITE, checker="def check(a, b):\n    while True: pass")
    assert verdict.reason == "the checker failed (cpu_limit)" and verdict.reward is None


def test_limits_are_for_the_program_and_never_for_the_checker():
    seen = []

    class Watch(Fake):
        def call(self, code, entry, inputs, *limits):
            seen.append((code, limits))
            return Run(Outcome.RAN, (True,))

    mine = Limits(cpu_s=0.5)
    assert judge_function("x", "f", [([1],)], checker="y", sandbox=Watch(), limits=mine).score == 1.0
    assert judge_function("x", "f", [([1],)], checker="y", sandbox=Watch()).score == 1.0
    assert seen == [("x", (mine,)), ("y", (judging.CHECKER_LIMITS,)), ("x", ()), ("y", (judging.CHECKER_LIMITS,))]


def test_a_checker_in_source_never_meets_the_program():
    spy = "import sys\ndef check(args, output): return 'planted' not in dir(sys) and 'answer_code' not in globals()"
    code = "import sys, builtins\nsys.planted = 1\nbuiltins.answer_code = 1\ndef f(n): return n"
    assert judge_function(code, "f", COMPOSITE, checker=spy).score == 1.0


def test_a_function_sees_no_output_that_is_too_large():
    seen = []

    def watch(args, output):
        seen.append(size(output))
        return True

    for code in ("def f(n): return list(range(100_000))", "def f(n): return 'x' * 100_000", "def f(n): return 'x' * n"):
        verdict = judge_function(code, "f", [([MAX_CHECKED],)], checker=watch)
        assert verdict.reward == 0.0 and "too large to be checked" in verdict.reason
    assert judge_function("def f(n): return 'x' * (n - 1)", "f", [([MAX_CHECKED],)], checker=watch).score == 1.0
    assert seen == [MAX_CHECKED]
    source = "def check(args, output): return len(output) == 100_000"
    assert judge_function("def f(n): return 'x' * 100_000", "f", [([1],)], checker=source).score == 1.0


def test_a_checker_works_on_copies():
    def spoils(args, output):
        args[0].append(1)
        output.clear()
        return True

    cases = [([[3]],)]
    verdict = judge_function("def f(v): return [v[0]]", "f", cases, checker=spoils, repeat=True)
    assert verdict.score == 1.0 and cases == [([[3]],)]


# Programs on standard input

PROGRAM_ACCEPTED = {
    "plain": (RUNNING + "print(*sums)\nprint(sums[-1])", SUM, {}),
    "spaces at the ends of lines": (RUNNING + "print(*sums, '')\nprint(sums[-1], '\\t')", SUM, {}),
    "empty lines at the end": (RUNNING + "print(*sums)\nprint(sums[-1], end='\\n\\n \\n')", SUM, {}),
    "no line break at the end": (RUNNING + "print(*sums)\nprint(sums[-1], end='')", SUM, {}),
    "line breaks of Windows": (RUNNING + "print(*sums, end='\\r\\n')\nprint(sums[-1], end='\\r\\n')", SUM, {}),
    "main guard": (RUNNING + "if __name__ == '__main__':\n    print(*sums)\n    print(sums[-1])", SUM, {}),
    "writes to standard error": ("import sys\nprint('x', file=sys.stderr)\nprint(1)", [("", "1")], {}),
    "reads it all": ("import sys\nprint(len(sys.stdin.read().split()))", [("1 2\n3", "3")], {}),
    "exit 0 after the answer": ("print(1)\nraise SystemExit(0)", [("", "1")], {}),
    "prints nothing, as asked": ("input()", [("x", ""), ("y", "\n")], {}),
    "near": ("print(1 / 3, 2)", [("", "0.333333333 2")], {"close": Tolerance(abs=1e-6)}),
    "near, as a whole number": ("print(3)", [("", "3.0")], {"close": Tolerance()}),
    "near, other spacing": ("print('a ', 1e3)", [("", "a 1000.0")], {"close": Tolerance()}),
    "same twice": (RUNNING + "print(*sums)\nprint(sums[-1])", SUM, {"repeat": True}),
    "all cases": (RUNNING + "print(*sums)\nprint(sums[-1])", SUM, {"all_cases": True}),
}
PROGRAM_REJECTED = {
    "first word of a line": ("print(3)", [("", "3 7 11")], {}),
    "first line only": (RUNNING + "print(*sums)", SUM, {}),
    "one line more": (RUNNING + "print(*sums)\nprint(sums[-1])\nprint(0)", SUM, {}),
    "one word more": ("print(3, 7, 11, 15)", [("", "3 7 11")], {}),
    "one word more with a tolerance": ("print(3, 7.0, 11)", [("", "3 7.0")], {"close": Tolerance()}),
    "empty line between": ("print(1)\nprint()\nprint(2)", [("", "1\n2")], {}),
    "empty line first": ("print()\nprint(1)", [("", "1")], {}),
    "space first": ("print(' 1')", [("", "1")], {}),
    "lines joined": ("print(1, 2)", [("", "1\n2")], {}),
    "nothing": ("", [("", "1")], {}),
    "all candidates": ("for i in range(20): print(i)", [("", "7")], {}),
    "1.0 for 1": ("print(1.0)", [("", "1")], {}),
    "1.0 for 1 with a tolerance": ("print(1.0)", [("", "1")], {"close": Tolerance()}),
    "large whole number that is near": ("print(10**12 + 1)", [("", str(10**12))], {"close": Tolerance(rel=1e-6)}),
    "nan": ("print('nan')", [("", "0.5")], {"close": Tolerance()}),
    "inf": ("print('inf')", [("", "0.5")], {"close": Tolerance()}),
    "not near": ("print(0.34)", [("", "0.3333")], {"close": Tolerance(abs=1e-3)}),
    "digits of another script": ("print('\\u0663')", [("", "3")], {}),
    "exit 0 before the answer": ("import os\nos._exit(0)\nprint(1)", [("", "1")], {}),
    "answers in another function's way": ("def main(): return 1", [("", "1")], {}),
    "prints to standard error": ("import sys\nprint(1, file=sys.stderr)", [("", "1")], {}),
    "echo": ("print(input())", SUM, {}),
}


@pytest.mark.parametrize(("code", "cases", "options"), PROGRAM_ACCEPTED.values(), ids=PROGRAM_ACCEPTED)
def test_program_accepted(code, cases, options):
    verdict = judge_program(code, cases, **options)
    assert verdict.score == 1.0, verdict.reason
    assert verdict.parts == {"cases": 1.0} and verdict.answer is None


@pytest.mark.parametrize(("code", "cases", "options"), PROGRAM_REJECTED.values(), ids=PROGRAM_REJECTED)
def test_program_rejected(code, cases, options):
    verdict = judge_program(code, cases, **options)
    assert (verdict.reward, verdict.violations) == (0.0, ("output",)), verdict.reason


def test_program_endings():
    right = "print(1)\n"
    for code, outcome in {
        "while True: print('x' * 9999)": "output_limit",
        right + "raise SystemExit(1)": "runtime_error",
        right + "1 / 0": "runtime_error",
        right + "input()\ninput()": "runtime_error",
        right + "import os, signal\nimport ctypes\nctypes.string_at(0)": "signaled",
        "while True: pass": "cpu_limit",
        "print(": "syntax_error",
    }.items():
        verdict = judge_program(code, [("", "1")], limits=Limits(cpu_s=0.3))
        assert (verdict.reward, verdict.violations) == (0.0, (outcome,)), code


def test_a_program_stops_at_the_first_wrong_case_unless_asked():
    cases = [("1", "1"), ("2", "x"), ("3", "3"), ("4", "y")]

    def box():
        return Fake(*(Run(Outcome.RAN, (str(i),)) for i in range(1, 5)))

    first = box()
    verdict = judge_program("x", cases, sandbox=first)
    assert verdict.reason == "on input '2': line 1 is wrong: '2'"
    assert verdict.parts == {"cases": 0.25} and first.seen == ["1", "2"]
    every = box()
    verdict = judge_program("x", cases, sandbox=every, all_cases=True)
    assert verdict.reason == "on input '2': line 1 is wrong: '2'"
    assert verdict.parts == {"cases": 0.5} and every.seen == ["1", "2", "3", "4"]


def test_every_case_of_a_program_is_a_fresh_run():
    code = "import sys\nsys.setrecursionlimit(sys.getrecursionlimit() + 1)\nprint(sys.getrecursionlimit())"
    limit = default_sandbox().script(code, "").values[0]
    assert judge_program(code, [("a", limit), ("b", limit)], repeat=True).score == 1.0


def test_a_program_with_a_checker():
    cases = [("15",), ("77", None)]
    for checker in (
        lambda given, text: int(given) % int(text) == 0 and 1 < int(text) < int(given),
        "def check(given, text): return int(given) % int(text) == 0 and 1 < int(text) < int(given)",
    ):
        code = "n = int(input())\nprint(next(d for d in {} if n % d == 0))"
        assert judge_program(code.format("range(2, n)"), cases, checker=checker).score == 1.0
        assert judge_program(code.format("range(n - 1, 1, -1)"), cases, checker=checker).score == 1.0
        verdict = judge_program("print(3)", cases, checker=checker)
        assert verdict.parts == {"cases": 0.5} and "does not accept" in verdict.reason


@pytest.mark.parametrize("cases", [[], None, [("a",)], [("a", 1)], [(1, "a")], [(["a"], "a")], [("a", None)]])
def test_bad_cases_of_a_program_are_never_a_reward(cases):
    assert judge_program("print(1)", cases).reward is None


# Classes

CLASS_REJECTED = {
    "forgets": "class C:\n    def __init__(self, n): self.n = n\n    def add(self, k): return self.n + k",
    "shared by all objects": "n = []\nclass C:\n    def __init__(self, k): n.append(k)\n"
    "    def add(self, k):\n        n.append(k)\n        return sum(n)",
    "float": COUNTER.replace("return self.n", "return float(self.n)"),
    "returns itself": COUNTER.replace("return self.n", "return self"),
    "no such method": COUNTER.replace("add", "plus"),
    "no class": "def add(k): return k",
    "raises when made": COUNTER.replace("self.n = n\n", "self.n = n / 0\n"),
    "exit 0": COUNTER.replace("return self.n", "exit(0)"),
    "decoy": COUNTER.replace("return self.n", "return expected[0]"),
}


def test_class_accepted():
    assert judge_class(COUNTER, "C", PLAYED, TOTALS, repeat=True).score == 1.0
    made = COUNTER.replace("class C", "class D") + "def C(n): return D(n)"
    assert judge_class(made, "C", PLAYED, TOTALS).score == 1.0
    script = [["new", []], ["call", "get", []]]
    half = "class C:\n    def get(self): return 0.1 + 0.2"
    assert judge_class(half, "C", script, [None, 0.3], close=Tolerance()).score == 1.0
    assert judge_class(half, "C", script, [None, 0.3]).score == 0.0


@pytest.mark.parametrize("code", CLASS_REJECTED.values(), ids=CLASS_REJECTED)
def test_class_rejected(code):
    verdict = judge_class(code, "C", PLAYED, TOTALS)
    assert verdict.reward == 0.0 and verdict.violations, verdict.reason
    assert verdict.parts["cases"] < 1.0


def test_share_and_reason_of_a_class():
    verdict = judge_class(CLASS_REJECTED["forgets"], "C", PLAYED, TOTALS)
    assert verdict.reason == "operation 3: add(2) returned the wrong value 7"
    assert verdict.parts == {"cases": 2 / 3}


BAD_SCRIPTS = {
    "no operation": ([], []),
    "no call": ([["new", []]], [None]),
    "call before new": ([["call", "add", [1]], ["new", [1]]], [1, None]),
    "too few expected": (PLAYED, TOTALS[:-1]),
    "a value for new": (PLAYED, [0, *TOTALS[1:]]),
    "unknown operation": ([["new", []], ["del", "add", []]], [None, 1]),
    "no operation at all": ([["new", []], None], [None, 1]),
    "arguments that are no list": ([["new", []], ["call", "add", "1"]], [None, 1]),
    "no plain data": ([["new", []], ["call", "add", [len]]], [None, 1]),
    "expected is no plain data": ([["new", []], ["call", "add", [1]]], [None, len]),
}


@pytest.mark.parametrize(("operations", "expected"), BAD_SCRIPTS.values(), ids=BAD_SCRIPTS)
def test_bad_scripts_are_never_a_reward(operations, expected):
    assert judge_class(COUNTER, "C", operations, expected).reward is None


# Run again

UNSTEADY = {
    "random with a seed of its own": "import os, random\ndef f(x): return random.Random(os.urandom(8)).random()",
    "clock": "import time\ndef f(x): return time.time_ns()",
    "system's own chance": "import secrets\ndef f(x): return secrets.token_hex(8)",
    "order of calls": "calls = []\ndef f(x):\n    calls.append(x)\n    return len(calls)",
    "seeded chance, by order of calls": "import random\ndef f(x): return random.random()",
    "earlier input": "last = [0]\ndef f(x):\n    last.append(x)\n    return last[-2]",
}


@pytest.mark.parametrize("code", UNSTEADY.values(), ids=UNSTEADY)
def test_a_program_that_gives_other_values_the_second_time_is_wrong(code):
    cases = [([i],) for i in range(4)]
    assert judge_function(code, "f", cases, checker=lambda args, output: True).score == 1.0
    verdict = judge_function(code, "f", cases, checker=lambda args, output: True, repeat=True)
    assert (verdict.reward, verdict.violations) == (0.0, ("nondeterministic",))
    assert verdict.parts["cases"] < 1.0


def test_other_output_or_other_objects_the_second_time():
    verdict = judge_program(
        "import time\nprint(time.time_ns())", [("",)], checker=lambda given, text: True, repeat=True
    )
    assert verdict.violations == ("nondeterministic",)
    box = Fake(Run(Outcome.RAN, (None, 6, 8, None, 7)), Run(Outcome.RAN, (None, 7, None, 6, 9)))
    verdict = judge_class("x", "C", PLAYED, TOTALS, sandbox=box, repeat=True)
    assert verdict.violations == ("nondeterministic",) and verdict.parts == {"cases": 2 / 3}
    assert verdict.reason.startswith("operation 3: add(2) did not give the same twice")
    assert box.seen == [PLAYED, PLAYED[3:] + PLAYED[:3]]


def test_the_order_of_a_set_is_the_same_in_every_run():
    cases = [([["b", "a", "c", "d"]],)]
    code = "def f(v): return list(set(v))"
    assert judge_function(code, "f", cases, checker=lambda args, output: True, repeat=True).score == 1.0


def test_a_wrong_program_is_not_run_again():
    box = Fake(Run(Outcome.RAN, (3, 3)))
    assert judge_function("x", "f", ONE, sandbox=box, repeat=True).violations == ("value",)


# Values


def typed(value):
    """Return a text that tells apart all that differs in type or content, and forgets the order of sets and dicts."""
    if type(value) is dict:
        return "dict" + str(sorted(typed(key) + typed(inner) for key, inner in value.items()))
    if type(value) in (set, frozenset):
        return type(value).__name__ + str(sorted(map(typed, value)))
    if type(value) in (list, tuple):
        return type(value).__name__ + str([typed(inner) for inner in value])
    return type(value).__name__ + repr(value)


ATOMS = (0, 1, True, False, 0.0, -0.0, 1.0, 0j, -0j, 1 + 0j, "1", b"1", None, math.nan, math.inf, "", b"", 2**70)


def drawn(rng, depth):
    kind = rng.randrange(6 if depth else 1)
    inner = [drawn(rng, depth - 1) for _ in range(rng.randrange(3))] if kind else []
    if kind in (3, 4, 5):  # members and keys
        inner = [rng.choice([*ATOMS, (1, True), (0.0,), (-0.0,), frozenset([1]), frozenset([True])]) for _ in inner]
    if kind == 5:
        return {key: drawn(rng, depth - 1) for key in inner}
    return inner if kind == 1 else (tuple, set, frozenset)[kind - 2](inner) if kind else rng.choice(ATOMS)


def test_same_agrees_with_an_oracle():
    rng = random.Random(5)
    values = [*ATOMS, *(drawn(rng, 2) for _ in range(400))]
    equal = 0
    for got in values:
        for want in rng.sample(values, 60):
            assert same(got, want) == (typed(got) == typed(want)), (got, want)
            equal += same(got, want)
        assert same(copy.deepcopy(got), got), got
        assert same(got, got, Tolerance()) and not fault_in_value(got)
    assert equal > 300


def test_two_nans_in_one_set_are_not_one():
    one, two = float("nan"), float("nan")
    assert same({one}, {two}) and same({one: 1}, {two: 1})
    assert not same({one, 1.0}, {one, two}) and not same({one: 1, 2: 1}, {one: 1, two: 1})
    assert not same({one: 1, two: 1}, {one: 1}) and not same({one: 1}, {one: 1, two: 1})


def test_bounds_of_plain_data():
    assert fault_in_value(nested(100)) == ""
    assert fault_in_value(nested(101)) == "is nested over 100 deep"
    assert fault_in_value([0] * 999_999) == ""
    assert fault_in_value([0] * 1_000_000) == "has over 1000000 parts"


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf, True, "1", None])
def test_bad_tolerances(bad):
    with pytest.raises(BadValue, match=r"tolerance\.abs"):
        Tolerance(abs=bad)
    with pytest.raises(BadValue, match=r"tolerance\.rel"):
        Tolerance(rel=bad)
    with pytest.raises(BadValue, match=r"tolerance\.rel"):
        Tolerance(rel=1)


def test_output_is_total_on_hostile_text():
    rng = random.Random(1)
    letters = "0123456789.eE+-  \n\r\t\x0b\u2028\u0663nainf\0\ud800"
    for _ in range(3000):
        got, want = ("".join(rng.choices(letters, k=rng.randrange(12))) for _ in range(2))
        for close in (None, Tolerance()):
            assert type(fault_in_output(got, want, close)) is str
            assert fault_in_output(want, want, close) == ""
    for bomb in ("9" * 10**6, "1e999999999", "\n" * 10**6, " " * 10**6 + "1", "1 " * 10**5):
        assert fault_in_output(bomb, "1.0\n2", Tolerance())
        assert fault_in_output("1.0\n2", bomb, Tolerance())


# Helpers


def test_weak_cases():
    assert weak_cases(DOUBLE) == []
    assert weak_cases([([0], 0), ([1], 1)]) == ["echo"]
    assert weak_cases([([0, 4], 4), ([1, 5], 5)]) == ["echo"]
    assert weak_cases([([0], 1), ([1], 1)]) == ["constant"]
    assert weak_cases([([0], 1), ([1], True)]) == []
    assert weak_cases([([0], None), ([1], None)]) == ["empty output", "constant"]
    assert weak_cases(DOUBLE, DOUBLE[:2]) == []
    assert weak_cases(DOUBLE, DOUBLE[:3]) == ["lookup table"]
    assert weak_cases([([1], 1), ([2], 3), ([3], 0), ([4], 0)], [([1], 1), ([2], 3)]) == ["lookup table"]
    assert weak_cases(SUM) == []
    assert weak_cases([("a\n", "a"), ("b", "b \n")]) == ["echo"]
    assert weak_cases([("a\n", ""), ("b", "\n")]) == ["empty output", "constant"]
    assert weak_cases([("a", "0.1"), ("b", "0.10000001")], close=Tolerance(abs=1e-3)) == ["constant"]
    assert {"empty output", "constant"} <= set(weak_cases([]))


def test_weak_programs_pass_exactly_where_it_says():
    """The programs that it names, written out and judged."""
    rng = random.Random(2)
    named = set()
    for _ in range(30):
        cases = [([i, rng.randrange(2)], rng.choice([rng.randrange(2), None, i])) for i in range(rng.randrange(1, 4))]
        shown = rng.sample(cases, rng.randrange(len(cases)))
        table = {tuple(args): want for args, want in shown}
        hidden = next(want for args, want in cases if tuple(args) not in table)
        codes = {
            "empty output": "def f(*a): pass",
            "constant": f"def f(*a): return {cases[0][1]!r}",
            "lookup table": f"def f(*a): return {table!r}.get(a, {hidden!r})",
        }
        passing = {name for name, code in codes.items() if judge_function(code, "f", cases).score}
        echo = any(judge_function(f"def f(*a): return a[{i}]", "f", cases).score for i in range(2))
        found = set(weak_cases(cases, shown))
        if not shown:  # then it is the constant
            passing.discard("lookup table")
        assert found == passing | ({"echo"} if echo else set()), (cases, shown)
        named |= found
    assert named == {"empty output", "constant", "echo", "lookup table"}


FLAGGED = {
    "_getframe": "import sys\ndef f(x): return sys._getframe(1)",
    "gc": "import os, gc\ndef f(x): return 1",
    "ctypes": "import ctypes",
    "__eq__": "class A:\n    def __eq__(self, other): return True",
    "_exit": "import os\nos._exit(0)",
    "atexit": "from atexit import register",
    "sys.modules": "import sys\nsys.modules['json'] = None",
    "excepthook": "import sys\nsys.excepthook = print",
    "/proc": "open('/proc/self/mem')",
    "decoy": "def f(x): return expected[x]",
    "descriptor": "import os\nos.write(4, b'END')",
    "builtins": "import builtins\nbuiltins.len = None",
}


@pytest.mark.parametrize(("name", "code"), FLAGGED.items(), ids=FLAGGED)
def test_flags(name, code):
    assert flags(code) == (name,)


def test_flags_of_honest_and_of_endless_programs():
    honest = "import math, sys\ndef gcd(a, b):\n    process = {'gc': a}\n    return math.gcd(a, b)\nprint(gcd(4, 6))"
    assert flags(honest) == () and flags("") == ()
    for bomb in ("import " + "a, " * 10**6, "import" + " " * 10**6, "sys ." * 10**6, "\0\ud800" * 10**6):
        assert flags(bomb) == ()
    assert set(FLAGGED) == set(_flags._FLAGS)


# Documents


@pytest.mark.parametrize("module", [judging, values, _flags])
def test_examples_in_the_code(module):
    done = doctest.testmod(module)
    assert done.attempted and not done.failed


def test_the_page():
    """Each example of docs/judging.md prints what it promises."""
    page = (ROOT / "docs" / "judging.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    promised = [re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE) for block in blocks]
    assert blocks and all(promised)
    code = "import sys\nsys.path.insert(0, sys.argv[1])\n" + "\n".join(blocks)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(ROOT / "src")], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [line for lines in promised for line in lines]
    for name in flags("\n".join(FLAGGED.values())):
        assert f"`{name}`" in page, name
