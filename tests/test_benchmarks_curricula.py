"""The comparison of curricula: its figures of a run, its intervals, its tables, and what it says to wrong names."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.trainers.curricula import rule_names
from gradarium.trainers.simulation.loop import Trace
from gradarium.trainers.simulation.worlds import WORLDS

FILE = Path(__file__).parents[1] / "benchmarks" / "curricula.py"


@pytest.fixture
def curricula(load_file):
    return load_file(FILE)


def trace(*means, drawn=None):
    """Return a run of two arms whose success is the same, ten rollouts a step; all that can be learned is 0.9."""
    success = np.array(means)[:, None] + np.zeros((1, 2))
    counts = np.ones((len(means), 2), dtype=int) if drawn is None else np.array(drawn)
    return Trace(10 * np.arange(len(means)), success, counts, np.array([0.9, 0.9]))


def test_half_of_the_way_is_interpolated(curricula):
    """From 0.1 to 0.9: half is 0.5, between 0.3 at 10 rollouts and 0.7 at 20."""
    one = curricula.judge(trace(0.1, 0.3, 0.7, 0.9), 30)
    assert (one.rollouts, one.reached) == (pytest.approx(15), True)
    assert one.end == pytest.approx(1.0)
    assert one.area == pytest.approx((0.125 + 0.5 + 0.875) / 3, abs=0.01)


def test_who_does_not_get_there_counts_with_the_budget(curricula):
    one = curricula.judge(trace(0.1, 0.2, 0.3, 0.4), 30)
    assert (one.rollouts, one.reached) == (30, False)
    assert one.end == pytest.approx(0.3 / 0.8)


def test_starved_and_forgotten(curricula):
    """Of six steps the last three are the second half, the last two the last third."""
    drawn = [[5, 5], [5, 5], [5, 5], [9, 1], [10, 0], [10, 0]]
    one = curricula.judge(trace(0.1, 0.5, 0.9, 0.9, 0.85, 0.8, drawn=drawn), 50)
    assert one.starved == 1
    assert one.least == pytest.approx(1 / 30 * 2)
    assert one.forgotten == pytest.approx(10)


def test_intervals_hold_the_truth_as_often_as_they_say(curricula):
    """Geometric means of 20 draws; 95 % nominal, a little less with so few."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(400):
        found = curricula.estimate(np.exp(0.3 + 0.5 * rng.standard_normal(20)))
        assert found.low <= found.value <= found.high
        hits += found.low <= np.exp(0.3) <= found.high
    assert 0.89 <= hits / 400 <= 0.97


def test_ratios_are_taken_seed_by_seed(curricula):
    """Twice as fast in every seed is twice as fast for certain, however the seeds differ."""
    base = [curricula.judge(trace(0.1, 0.3, 0.7, 0.9), 30)._replace(rollouts=x) for x in (10.0, 100.0, 1000.0)]
    fast = [one._replace(rollouts=one.rollouts / 2) for one in base]
    assert curricula.times_as_fast(fast, base) == pytest.approx((2, 2, 2))


def test_every_world_has_a_budget_and_every_variant_exists(curricula):
    assert set(curricula.BUDGETS) == set(WORLDS)
    for variant in curricula.VARIANTS:
        name, options = curricula.parse_rule(variant)
        assert name in rule_names() and options != curricula.get_rule(name).Options()


def test_options_are_read(curricula):
    name, options = curricula.parse_rule("e2h:shape=cosine,mu_exp=0.7")
    assert (name, options.shape, options.mu_exp) == ("e2h", "cosine", 0.7)
    with pytest.raises(UnknownName, match="did you mean 'shape'"):
        curricula.parse_rule("e2h:shap=cosine")
    with pytest.raises(UnknownName, match="did you mean 'ladder'"):
        curricula.parse_rule("lader")
    with pytest.raises(BadValue, match=r"curriculum\.target = 7"):
        curricula.parse_rule("mopps:target=7")


def test_the_command_prints_its_table_and_draws_its_plot(tmp_path):
    pytest.importorskip("matplotlib")
    plot = tmp_path / "plot.png"
    command = [
        sys.executable,
        FILE,
        "--seeds",
        "2",
        "--rules",
        "ladder",
        "weighted",
        "--worlds",
        "even",
        "--plot",
        plot,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| `")]
    assert {line[0] for line in lines} == {"`ladder`", "`weighted`", "`uniform`", "`oracle`"}
    assert {line[0]: line[2] for line in lines}["`uniform`"] == "1.00 [1.00, 1.00]"
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--worlds", "evn"], "error: unknown world 'evn': did you mean 'even'?"),
        (["--rules", "lader"], "error: unknown curriculum 'lader': did you mean 'ladder'?"),
        (["--plot", "/nowhere/plot.png"], "error: /nowhere/plot.png: cannot be written"),
        (["--seeds", "1"], "error: --seeds = 1: must be at least 2"),
    ],
)
def test_mistakes_are_one_line(curricula, monkeypatch, capsys, arguments, said):
    monkeypatch.setattr(sys, "argv", ["curricula.py", *arguments])
    assert curricula.main() == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith(said) and shown.err.count("\n") == 1
