"""Curves, texts and choices of samples."""

import doctest
import importlib
import math

import pytest

pytest.importorskip("matplotlib")

from gradarium.trainers.reporting.chart import Chart, svg
from gradarium.trainers.reporting.drawing import Curve, lines
from gradarium.trainers.reporting.held_out import result_rows
from gradarium.trainers.reporting.samples import spread
from gradarium.trainers.reporting.series import Points, arm_order, binned, number, smooth, thin
from gradarium.trainers.reporting.text import escape, label, short, visible


@pytest.mark.parametrize("name", ["text", "samples", "configuration", "comparison"])
def test_examples_in_docstrings(name):
    module = importlib.import_module(f"gradarium.trainers.reporting.{name}")
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0


def test_smoothing_keeps_a_constant_and_is_not_late():
    assert smooth([2.0] * 5) == pytest.approx([2.0] * 5)
    assert smooth([0.0, 1.0], 0.5) == pytest.approx([0.5 / 1.5, 1 / 1.5])
    assert smooth([]) == [] and smooth([3.0]) == [3.0]
    fall = [1.0 - i / 79 for i in range(80)]
    assert smooth(fall)[10:-20] == pytest.approx(fall[10:-20], abs=0.02)
    step = smooth([0.0] * 40 + [1.0] * 40)
    assert step[39] + step[40] == pytest.approx(1) and step[20] < 0.05 < 0.95 < step[59]


def test_thinning_keeps_ends_and_every_spike():
    ys = [math.sin(i / 50) for i in range(10_000)]
    ys[4321], ys[8765] = 9.0, -9.0
    curve = thin(Points([float(i) for i in range(10_000)], ys), 240)
    assert len(curve.xs) <= 242 and curve.xs == sorted(curve.xs)
    assert {0.0, 4321.0, 8765.0, 9999.0} <= set(curve.xs)
    assert all(ys[int(x)] == y for x, y in zip(*curve, strict=True))
    assert thin(curve, 300) == curve


def test_bins_hold_means_and_keep_the_last_value_where_nothing_is_new():
    values = binned(Points([1, 2, 9], [1.0, 3.0, 5.0]), 1, 9, 4)
    assert values == [2.0, 2.0, 2.0, 5.0]
    assert math.isnan(binned(Points([9], [5.0]), 1, 9, 4)[0])
    assert binned(Points([3], [5.0]), 3, 3, 1) == [5.0]


@pytest.mark.parametrize("value", [None, True, "1", math.nan, math.inf, -math.inf, 10**400, [1], {}])
def test_what_is_no_number(value):
    assert number(value) is None


def test_arms_are_sorted_by_level_as_a_number():
    assert sorted(["b/10", "b/9", "a", "b/x"], key=arm_order) == ["a", "b/9", "b/10", "b/x"]


def test_hidden_characters_are_named_and_marks_do_not_pile_up():
    assert visible("a\tb\n\x1b[31m\u2066\ufeff\ud83d") == "a\tb\n⟨U+001B⟩[31m⟨U+2066⟩⟨U+FEFF⟩⟨U+D83D⟩"
    assert visible("e" + "\u0301" * 50) == "e" + "\u0301" * 4
    assert visible("naïve 漢字 🧩") == "naïve 漢字 🧩"
    assert escape("x" * 5000).endswith("… (2,500 more characters)")
    assert len(label("y" * 100, 20)) == 20
    assert [short(v) for v in (999.6, 1000, 999_960, 0.0009994, math.nan)] == ["1k", "1k", "1M", "1e-3", "nan"]


def test_samples_are_spread_over_arms_and_verdicts():
    rows = [f"{arm}{status}" for arm in "abcdefgh" for status in ["w"] * 20 + ["c", "m"]]
    chosen = spread(rows, lambda s: s[0], lambda s: s[1], 24)
    assert {arm: sum(s[0] == arm for s in chosen) for arm in "abcdefgh"} == dict.fromkeys("abcdefgh", 3)
    assert set(chosen) == set(rows)
    many = [f"{i}" for i in range(500)]
    few = spread(many, lambda s: s, lambda s: "", 10)
    assert len(few) == 10 and few[-1] == "450"


def test_mean_over_tasks_is_not_moved_by_the_number_of_levels():
    arms = [("a", 0, 1.0), ("b", 0, 0.0), ("b", 1, 0.5), ("b", 2, 0.1)]
    results = {"start": [{"task": task, "level": level, "success": success} for task, level, success in arms]}
    label, values = result_rows(results)[-1]
    assert label == "mean over tasks" and values == pytest.approx([0.6])
    results["grpo"] = results["start"][:1]
    assert result_rows(results)[1] == ("b level 0", [0.0, None])


@pytest.mark.parametrize("ys", [[], [0.0], [5.0, 5.0], [1e-12, 2e-12], [-1e9, 1e9], [0.0] * 500])
def test_any_curve_can_be_drawn(ys):
    chart = lines("name", "title", [Curve("a", Points([float(i) for i in range(len(ys))], ys), "s0", smoothed=True)])
    assert svg(chart).startswith('<svg class="chart"') and svg(chart) == svg(chart)


def test_the_look_does_not_depend_on_settings_of_the_user(monkeypatch):
    import matplotlib

    chart = Chart("name", "title", lambda axes: axes.plot([0, 1], [0, 1]))
    plain = svg(chart)
    with matplotlib.rc_context({"axes.facecolor": "#ff0000", "font.size": 30, "svg.fonttype": "path"}):
        assert svg(chart) == plain
        assert matplotlib.rcParams["font.size"] == 30
