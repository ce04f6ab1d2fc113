"""The checks themselves: a planted fault must make its property fail."""

import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gradarium.core import Draft, Redraw
from gradarium.envs.conformance import PROPERTIES, QUICK, check_property, check_task, faults
from gradarium.envs.conformance.no_execution import dynamic, static
from gradarium.errors import UnknownName
from gradarium.generators import get_task, task_names
from gradarium.generators.task import task

SMALL = replace(QUICK, instances=2, draws=60, guesses=60, strings=200, seconds=0.5)
HEAD = "from gradarium.core import Verdict\n"
HONEST = """
def verify(answer, payload):
    text = answer.strip()[:20]
    if not (text.isascii() and text.isdigit()):
        return Verdict.unreadable("expected a whole number")
    if int(text) != payload["a"] + payload["b"] or text != str(int(text)):
        return Verdict.wrong("is not the sum", "sum")
    return Verdict.correct()
"""
RUNNERS = {
    "eval in plain sight": "def run(text): return eval(text)\n",
    "eval by a built name": "import builtins\ndef run(text): return getattr(builtins, 'ev' + 'al')(text)\n",
    "exec": "def run(text): exec(text)\n",
    "literal_eval": "import ast\ndef run(text): return ast.literal_eval(text)\n",
    "sympy": "def run(text):\n    from sympy import sympify\n    return sympify(text)\n",
    "a shell": "import os\ndef run(text): os.system('true ' + text[:0])\n",
    "a pickle": "import pickle\ndef run(text): return pickle.loads(text.encode())\n",
    "a file": "def run(text): open(text.strip()[:50])\n",
}
UNSEEN_AT_RUN_TIME = ("a pickle",)  # junk text ends before a pickle finds a class: the scan alone sees it


@dataclass(frozen=True)
class Params:
    top: int


def plant(verify, draft=None, **settings):
    """Return a task of sums a + b, honest but for what is given."""

    def make(rng, params):
        a, b = rng.randint(0, params.top), rng.randint(0, params.top)
        made = Draft(
            question=f"Work out {a} + {b}. Answer with one number.",
            payload={"a": a, "b": b},
            reference=str(a + b),
            example=str(a + b + 1),
            brief=f"{a}+{b}",
            certificate={"effort": params.top},
        )
        return replace(made, **draft(made, rng)) if draft else made

    levels = settings.pop("levels", [Params(10**n) for n in range(2, 9)])
    return task(name="planted_sum", levels=levels, verify=verify, chance=0.02, **settings)(make)


@pytest.fixture
def planted(tmp_path, load_file):
    """Return a function: source of a verifier module -> its verify."""

    def load(source):
        path = tmp_path / "planted_verifier.py"
        path.write_text(HEAD + source, encoding="utf-8")
        return load_file(path, "planted_verifier").verify

    return load


def failed(task, name, **settings):
    return [str(f) for f in faults(check_property(task, name, replace(SMALL, **settings)))]


def test_an_honest_task_passes_everything(planted):
    report = check_task(plant(planted(HONEST)), SMALL, lambda answer, p: answer.strip() == str(p["a"] + p["b"]))
    assert report.passed, report.to_json()
    assert list(report.findings) == list(PROPERTIES)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("how", RUNNERS)
def test_a_verifier_that_runs_its_input_is_found(how, planted):
    wrapped = "\ndef verify(answer, payload):\n    try:\n        run(answer)\n    except Exception:\n        pass\n"
    sums = plant(
        planted(RUNNERS[how] + HONEST.replace("verify", "honest") + wrapped + "    return honest(answer, payload)\n")
    )
    assert static(sums), "the scan of the source sees nothing"
    if how not in UNSEEN_AT_RUN_TIME:
        assert faults(dynamic(sums, SMALL)), "the audit hook sees nothing"
    assert failed(sums, "no_execution")


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_code_in_an_answer_leaves_a_file_and_is_found(planted):
    source = "def verify(answer, payload):\n    try:\n        eval(answer)\n    except BaseException:\n        pass\n"
    found = failed(plant(planted(source + "    return Verdict.wrong('no')\n")), "no_execution")
    assert any("made a file" in text for text in found) or any("open(" in text for text in found)


def test_an_honest_verifier_runs_nothing(planted):
    assert failed(plant(planted(HONEST)), "no_execution") == []


FAULTS = {
    "raises on junk": ("bounded", "def verify(a, p): return Verdict.correct() if int(a) == p['a'] + p['b'] else 0\n"),
    "hangs": ("bounded", "import time\ndef verify(a, p):\n    time.sleep(0.06)\n    return Verdict.wrong('no')\n"),
    "changes the payload": ("bounded", "def verify(a, p):\n    p['a'] += 1\n    return Verdict.wrong('no')\n"),
    "partial credit in the score": (
        "bounded",
        "def verify(a, p): return Verdict(0.5, Verdict.wrong('x').status, 'half')\n",
    ),
    "accepts everything": ("sound", "def verify(a, p): return Verdict.correct()\n"),
    "accepts what merely holds the answer": (
        "sound",
        "def verify(a, p): return Verdict.correct() if str(p['a'] + p['b']) in a else Verdict.wrong('no')\n",
    ),
    "int() takes Arabic digits": (
        "sound",
        "def verify(a, p):\n    ok = a.strip().isdigit() and int(a) == p['a'] + p['b']\n"
        "    return Verdict.correct() if ok else Verdict.wrong('no')\n",
    ),
    "a constant is always right": (
        "not_guessable",
        "def verify(a, p): return Verdict.correct() if a in ('0', str(p['a'] + p['b'])) else Verdict.wrong('no')\n",
    ),
    "refuses the reference": ("solvable", "def verify(a, p): return Verdict.wrong('no')\n"),
}


@pytest.mark.parametrize("how", FAULTS)
def test_a_bad_verifier_is_found(how, planted):
    name, source = FAULTS[how]
    assert failed(plant(planted(source)), name, strings=200, oracle=lambda a, p: a.strip() == str(p["a"] + p["b"]))


def test_a_stream_that_hangs_on_the_global_generator_is_found(planted):
    sums = plant(planted(HONEST), lambda made, rng: {"brief": f"{made.brief} {random.random()}"})
    assert failed(sums, "deterministic")


DRAFTS = {
    "example is right": ("honest_prompt", lambda made, rng: {"example": made.reference}),
    "example cannot be read": ("honest_prompt", lambda made, rng: {"example": "banana"}),
    "question tells the answer": (
        "honest_prompt",
        lambda made, rng: {"reference": "1234567890123", "question": "It is 1234567890123, is it?"},
    ),
    "no brief": ("honest_prompt", lambda made, rng: {"brief": ""}),
    "few problems": ("varied", lambda made, rng: {"payload": {"a": 1, "b": rng.randint(0, 9)}}),
    "effort stands still": ("dial", lambda made, rng: {"certificate": {"effort": 1}}),
    "no effort": ("dial", lambda made, rng: {"certificate": {}}),
    "one question, many payloads": (
        "disjoint",
        lambda made, rng: {"question": "Work out 1 + 1.", "payload": made.payload},
    ),
    "tuple in the payload": ("deterministic", lambda made, rng: {"payload": {**made.payload, "c": (1, 2)}}),
}


@pytest.mark.parametrize("how", DRAFTS)
def test_a_bad_generator_is_found(how, planted):
    name, draft = DRAFTS[how]
    assert failed(plant(planted(HONEST), draft), name)


def test_too_few_levels_are_found(planted):
    assert failed(plant(planted(HONEST), levels=[Params(100), Params(1000)]), "dial")


def wavering(levels, seconds):
    """Findings on the dial of a task whose effort is chance alone."""
    efforts = iter(random.Random(5).choices(range(1000), k=100_000))
    sums = plant(lambda a, p: None, lambda made, rng: {"certificate": {"effort": next(efforts)}})
    return check_property(replace(sums, levels=sums.levels[:1] * levels), "dial", replace(SMALL, seconds=seconds))


def test_a_fall_by_chance_is_noted_where_time_was_short_and_a_fault_where_it_was_not():
    assert not faults(wavering(8, seconds=0)) and any("too few" in str(note) for note in wavering(8, seconds=0))
    assert faults(wavering(8, seconds=60))


def test_an_exception_is_a_finding(planted):
    def draft(made, rng):
        raise Redraw

    (found,) = failed(plant(planted(HONEST), draft), "solvable")
    assert "CannotPose" in found


def test_without_an_oracle_mutants_are_counted_only(planted):
    loose = (
        "def verify(a, p):\n    ok = a.strip().lower().lstrip('1') == str(p['a'] + p['b']).lstrip('1')\n"
        "    return Verdict.correct() if ok else Verdict.wrong('no')\n"
    )
    found = check_property(plant(planted(loose)), "sound", SMALL)
    assert not faults(found)
    assert any("not judged" in str(finding) for finding in found)


def test_unknown_property():
    with pytest.raises(UnknownName, match="did you mean 'sound'"):
        check_property(None, "sond", QUICK)


def test_verdict_of_none_is_a_fault(planted):
    assert any("not a Verdict" in text for text in failed(plant(planted("def verify(a, p): return None\n")), "bounded"))


EVAL = """

honest = verify


def verify(answer, payload):
    try:
        {run}
    except Exception:
        pass
    return honest(answer, payload)
"""


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("run", ["eval(answer)", "__builtins__['ev' + 'al'](answer)"])
@pytest.mark.parametrize("name", task_names())
def test_an_eval_planted_in_any_verifier_is_found(name, run, tmp_path, load_file):
    real = get_task(name)
    path = tmp_path / f"planted_{name}.py"
    path.write_text(Path(sys.modules[real.verify.__module__].__file__).read_text() + EVAL.format(run=run))
    planted = replace(real, _verify=load_file(path, path.stem).verify)
    assert faults(dynamic(planted, replace(SMALL, runs=6)))
    assert static(planted) or "ev' + 'al" in run  # a built name may hide from the scan, but not from the hook
    assert failed(planted, "no_execution", runs=6)
