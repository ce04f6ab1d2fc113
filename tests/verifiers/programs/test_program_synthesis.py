import copy
import random
import re
import sys

import pytest

from gradarium.core import Status
from gradarium.generators import get_task
from gradarium.generators.programs._operations import INTS, OPS, TEXT, WORDS, Seen, apply, variants
from gradarium.generators.programs.program_synthesis import draw_lists, draw_texts, finish, write
from gradarium.sandbox import Outcome, Run, default_sandbox
from gradarium.verifiers.programs import program_synthesis
from gradarium.verifiers.programs._pipeline import STEPS, run
from gradarium.verifiers.programs.program_synthesis import verify
from gradarium.verifiers.values import same

EVEN = {
    "steps": [["keep_mod", 2, 1], ["floordiv", 2], ["dedupe_first"]],
    "inputs": [[], [1], [-3], [4, 4], [7, 1, 7, -1, 1, 8], [9, -9, 3, 2, 1, -7, 5]],
}
SUM = {"steps": [["sum"]], "inputs": [[], [1], [2, 3], [-4, 4, 7]]}
GOOD = "def solve(v):\n    return list(dict.fromkeys(x // 2 for x in v if x % 2 == 1))"

ACCEPTED = {
    "function": (GOOD, EVEN),
    "lambda": ("solve = lambda v: list(dict.fromkeys(x // 2 for x in v if x % 2))", EVEN),
    "helper and import": (
        "import math\ndef h(x): return math.floor(x / 2)\ndef solve(v):\n r = []\n for x in v:\n"
        "  if x & 1 and h(x) not in r: r.append(h(x))\n return r",
        EVEN,
    ),
    "changes its argument": (
        "def solve(v):\n    v[:] = [x // 2 for x in v if x % 2]\n    return sorted(set(v), key=v.index)",
        EVEN,
    ),
    "prints as well": ("def solve(v):\n    print(v)\n    return sum(v)", SUM),
    "raises where it is run alone": (
        "def solve(v): return sum(v)\nif __name__ == '__main__':\n    solve(input())",
        SUM,
    ),
}
REJECTED = {
    "lookup table": ("def solve(v): return {'[]': 0, '[1]': 1, '[2, 3]': 5}.get(str(v), 0)", SUM),
    "constant": ("def solve(v): return 0", SUM),
    "echo": ("def solve(v): return v", SUM),
    "float": ("def solve(v): return float(sum(v))", SUM),
    "bool": ("def solve(v): return True if v == [1] else sum(v)", SUM),
    "text": ("def solve(v): return str(sum(v))", SUM),
    "always equal": (
        "class Eq(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\n"
        "def solve(v): return Eq(0)",
        SUM,
    ),
    "rounds towards zero": (GOOD.replace("x // 2", "int(x / 2)"), EVEN),
    "remainder of C": (GOOD.replace("x % 2 == 1", "x - 2 * int(x / 2) == 1"), EVEN),
    "loses the order": ("def solve(v): return sorted({x // 2 for x in v if x % 2})", EVEN),
    "tuple": (GOOD.replace("list(", "tuple("), EVEN),
    "generator": ("def solve(v): yield from v", EVEN),
    "prints, returns nothing": ("def solve(v): print(sum(v))", SUM),
    "other name": ("def solution(v): return sum(v)\n# solve", SUM),
    "not a function": ("solve = [1]", SUM),
    "raises": ("def solve(v): return sum(v) / 0", SUM),
    "ends early": ("import os\ndef solve(v): os._exit(0)", SUM),
    "exits well": ("raise SystemExit(0)\ndef solve(v): return 0", SUM),
    "syntax": ("def solve(v) return sum(v)", SUM),
    "zero byte": ("def solve(v): return sum(v)\0", SUM),
    "lone surrogate": ("def solve(v): return sum(v) # \ud800", SUM),
    "prose": ("Use sum.", SUM),
    "too long": ("def solve(v): return sum(v)\n" + "#" * 20_000, SUM),
    "the question's example": ("def solve(v):\n    return v", EVEN),
    "reads the caller's frame": (
        "import sys\ndef solve(v):\n    f = sys._getframe()\n    while f:\n"
        "        for name in ('want', 'expected', 'steps'):\n"
        "            if name in f.f_locals: return f.f_locals[name]\n        f = f.f_back",
        SUM,
    ),
    "empty": ("", SUM),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    verdict = verify(answer, payload)
    assert verdict.score == 1.0, verdict.reason


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert verify(answer, payload).reward == 0.0


BUILTINS = (abs, any, chr, dict, enumerate, int, len, list, max, min, ord, range, set, sorted, str, sum)
REFUSED = re.compile(
    r"__|\*\*|\b(?:import|while|class|async|await|yield|global|nonlocal|raise|try)\b|[0-9]{6}|format|%s"
)


def oracle(answer, payload):
    """Run plain programs right here, with few builtins and a bound on the lines, against the generator's own steps.

    Only text near a reference solution is run: no import, dunder name, power, unbounded loop or large number.
    """
    if len(answer) > 5_000 or "solve" not in answer or REFUSED.search(answer) or not answer.isascii():
        return False
    names = {"__builtins__": {tool.__name__: tool for tool in BUILTINS}}
    left = [200_000]

    def watch(frame, event, arg):
        left[0] -= 1
        if left[0] < 0:
            raise TimeoutError
        return watch

    before = sys.gettrace()
    try:
        sys.settrace(watch)
        exec(compile(answer, "answer", "exec"), names)  # noqa: S102 - see above
        results = [names["solve"](copy.copy(value)) for value in payload["inputs"]]
    except Exception:
        return False
    finally:
        sys.settrace(before)
    wanted = [finish(payload["steps"], value) for value in payload["inputs"]]
    return all(type(got) is type(want) and repr(got) == repr(want) for got, want in zip(results, wanted, strict=True))


def test_all_one_line_programs_agree_with_the_oracle():
    values = [
        "v",
        "v[::-1]",
        "sorted(v)",
        "v[1:]",
        "v[:2]",
        "[x + 1 for x in v]",
        "[x for x in v if x > 1]",
        "list(set(v))",
    ]
    programs = [*values, *(f"{f}({v})" for f in ("sum", "len", "list", "str") for v in values[:5]), "0", "None", "v[0]"]
    steps = [[["reverse"]], [["sum"]], [["drop", 1]], [["keep_above", 1]]]
    inputs = [[], [1], [3, 1, 1, 2], [-1, 5, 0, 2], [4, 3, 2, 1]]
    accepted = 0
    for pipeline in steps:
        payload = {"steps": pipeline, "inputs": inputs}
        for text in programs:
            answer = f"def solve(v): return {text}"
            good = verify(answer, payload).score == 1.0
            assert good == oracle(answer, payload), (answer, payload)
            accepted += good
    assert accepted == 2 + 3 + 2 + 1  # reversed, and inside list(); sums of three orders; cut, and inside list(); one


def drawn_steps(rng, times):
    for name, op in OPS.items():
        for _ in range(times):
            if op.takes == INTS:
                values = draw_lists(rng)[0]
            else:
                values = draw_texts(rng)[0]
                values = [value.split() for value in values] if op.takes == WORDS else values
            yield [name, *op.draw(rng, Seen.of(values))], values


def test_both_sides_know_the_same_steps():
    assert set(OPS) == set(STEPS)
    assert {op.takes for op in OPS.values()} == {INTS, TEXT, WORDS}


def test_every_step_means_the_same_to_generator_and_verifier():
    for step, values in drawn_steps(random.Random(3), 60):
        for value in values:
            assert same(run([step], value), apply(step, value)), (step, value)
        for other in variants(step):
            try:
                wanted = [apply(other, value) for value in values]
            except (ValueError, ZeroDivisionError):
                continue
            if not any(isinstance(part, int) and part < 0 for part in other[1:]):
                assert [run([other], value) for value in values] == wanted, other


def test_every_step_means_the_same_to_python():
    for step, values in drawn_steps(random.Random(4), 2):
        result = default_sandbox().call(write([step]), "solve", [[value] for value in values])
        assert result.outcome is Outcome.RAN, (write([step]), result.message)
        assert same(list(result.values), [run([step], value) for value in values]), step


@pytest.mark.parametrize("level", range(8))
def test_references_solve_and_wrong_programs_fail(level):
    rng = random.Random(level)
    for index in range(3):
        instance = get_task("program_synthesis").pose(index, level)
        payload, steps = instance.payload, instance.payload["steps"]
        before = copy.deepcopy(payload)
        assert verify(instance.reference, payload).score == 1.0
        assert verify(instance.example, payload).status is Status.WRONG
        assert oracle(instance.reference, payload) and not oracle(instance.example, payload)
        i = rng.randrange(len(steps))
        for other in [[], *([step] for step in variants(steps[i]))][:4]:
            wrong = [*steps[:i], *other, *steps[i + 1 :]]
            assert not wrong or verify(write(wrong), payload).score == 0.0
        assert payload == before


@pytest.mark.parametrize("level", range(8))
def test_hidden_inputs_show_every_step(level):
    for index in range(15):
        payload = get_task("program_synthesis").pose(index, level, "dev").payload
        steps, inputs = payload["steps"], payload["inputs"]
        right = [run(steps, value) for value in inputs]
        assert len({repr(value) for value in right}) >= 5
        for i, step in enumerate(steps):
            left_out = [[]] if OPS[step[0]].takes == OPS[step[0]].gives else []
            for other in [*left_out, *([other] for other in variants(step))]:
                try:
                    wrong = [run([*steps[:i], *other, *steps[i + 1 :]], value) for value in inputs]
                except (ValueError, ZeroDivisionError):
                    continue
                assert wrong != right, (step, other)


def test_shown_examples_are_true_and_not_hidden():
    for level in range(8):
        for index in range(10):
            instance = get_task("program_synthesis").pose(index, level, "test")
            shown = re.findall(r"^solve\((.*)\) == (.*)$", instance.question, re.MULTILINE)
            assert len(shown) == 3
            hidden = [repr(value) for value in instance.payload["inputs"]]
            assert not {given for given, _ in shown} & set(hidden)
            table = "def solve(v): return {" + ", ".join(f"{g!r}: {r}" for g, r in shown) + "}.get(repr(v), 0)"
            assert index or verify(table, instance.payload).status is Status.WRONG


def test_a_failure_of_the_sandbox_is_no_verdict(monkeypatch):
    class Fake:
        def call(self, code, entry, inputs):
            return Run(Outcome.NOT_JUDGED, message="busy")

    monkeypatch.setattr(program_synthesis, "default_sandbox", Fake)
    assert verify(GOOD, EVEN).reward is None


def test_the_reason_names_the_input_and_not_the_value():
    reason = verify("def solve(v): return 31 if len(v) == 3 else sum(v)", SUM).reason
    assert reason == "solve([-4, 4, 7]) returned the wrong value 31"
