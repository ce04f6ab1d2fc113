import importlib.util
import sys
from pathlib import Path

import pytest

from gradarium.sandbox import Outcome, Run, default_sandbox

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def fuzzer():
    spec = importlib.util.spec_from_file_location("sql_fuzz", FOLDER / "sql_fuzz.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["sql_fuzz"] = module  # dataclasses look it up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["sql_fuzz"]


def test_random_statements_stay_within_their_limits(fuzzer):
    report = fuzzer.fuzz(2_000, seed=7, batch=250)
    assert report.problems == [] and report.statements == 2_000 and report.alone >= 8
    assert report.most_steps <= fuzzer.SLACK * fuzzer.STEPS
    ran, asked = report.outcomes["0"], sum(report.outcomes.values())
    assert asked == 2_000 and ran > 400 and len(report.outcomes) >= 5  # enough of them are good SQL
    assert any("2000 statements" in line for line in report.lines())


def test_statements_depend_on_the_seed_alone_and_differ(fuzzer):
    inside = fuzzer.statements()
    texts = [inside.statement(seed) for seed in range(500)]
    assert texts == [inside.statement(seed) for seed in range(500)]
    assert len({text for _, text in texts}) > 450 and {mode for mode, _ in texts} == {"query", "modify"}


class Failing:
    """Ends each batch of more than one statement at a limit, and says of some statements that they misbehave."""

    def __init__(self, outcome=Outcome.CPU_LIMIT, alone=Outcome.RUNTIME_ERROR, cpu_s=0.5):
        self.box, self.outcome, self.alone, self.cpu_s = default_sandbox(), outcome, alone, cpu_s

    def call(self, code, entry, inputs, limits):
        return Run(self.outcome, (), "", 1.0, 1.0, "", "")

    def query(self, text, databases, limits):
        return Run(self.alone, (), "", self.cpu_s, 1.0, "", "")

    modify = query


def test_a_batch_that_ends_badly_is_halved_down_to_single_statements(fuzzer):
    report = fuzzer.fuzz(8, batch=8, workers=1, box=Failing())
    assert (report.statements, report.halved, report.alone, report.problems) == (8, 15, 8, [])


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ({"alone": Outcome.NOT_JUDGED}, "not_judged"),
        ({"alone": Outcome.NO_RESULT}, "no_result"),
        ({"cpu_s": 1.3}, "processor time alone"),
        ({"outcome": Outcome.NO_RESULT}, "batch at"),
        ({"outcome": Outcome.NOT_JUDGED}, "batch at"),
    ],
)
def test_what_is_amiss_is_told(fuzzer, box, words):
    report = fuzzer.fuzz(2, batch=1, workers=1, box=Failing(**box))
    assert words in report.problems[0] and any(line.startswith("PROBLEM") for line in report.lines())
