"""MoDoMoDo: the surrogate recovers what it was made from, its maximum lies on the simplex and within reach."""

import numpy as np
import pytest

from gradarium.errors import UnknownName
from gradarium.trainers.curricula.modomodo import Options, best_mixture, fit, project

THIRDS = np.full(3, 1 / 3)


def outcomes(optimum, count=60):
    """Return random mixtures, and minus their squared distances to an optimum."""
    w = np.random.default_rng(0).dirichlet(np.ones(len(optimum)), count)
    return w, -((w - optimum) ** 2).sum(axis=1)


def test_projection_in_closed_form():
    """Onto the simplex: shift by 0.1 (all stay in), or by 0.5 with one coordinate cut; a bound moves the others."""
    zero, one = np.zeros(3), np.ones(3)
    assert project(np.array([0.7, 0.4, 0.2]), zero, one) == pytest.approx([0.6, 0.3, 0.1])
    assert project(np.array([1.2, 0.8, -0.3]), zero, one) == pytest.approx([0.7, 0.3, 0.0])
    assert project(np.array([0.7, 0.4, 0.2]), zero, np.array([0.5, 1, 1])) == pytest.approx([0.5, 0.35, 0.15])
    assert project(THIRDS, zero, one) == pytest.approx(THIRDS)


def test_fit_recovers_a_quadratic():
    w, y = outcomes(np.array([0.6, 0.3, 0.1]))
    surrogate = fit((w - THIRDS) * 3, y, np.ones(len(w)), 1e-9)
    assert [surrogate.value(z) for z in (w - THIRDS) * 3] == pytest.approx(y, abs=1e-6)
    assert (surrogate.a == surrogate.a.T).all()
    z, h = np.array([0.2, -0.1, -0.1]), 1e-6
    measured = [(surrogate.value(z + h * e) - surrogate.value(z - h * e)) / (2 * h) for e in np.eye(3)]
    assert surrogate.slope(z) == pytest.approx(measured, abs=1e-6)


@pytest.mark.parametrize("optimum", [(0.6, 0.3, 0.1), (0.2, 0.2, 0.6), (0.0, 0.9, 0.1)])
def test_the_optimum_on_the_simplex_is_found(optimum):
    w, y = outcomes(np.array(optimum))
    surrogate = fit((w - THIRDS) * 3, y, np.ones(len(w)), 1e-9)
    assert best_mixture(surrogate, THIRDS, THIRDS, 1.0) == pytest.approx(optimum, abs=1e-3)


def test_an_optimum_outside_is_met_at_the_edge():
    """Of all mixtures (1, 0, 0) is the nearest to (1.4, -0.2, -0.2)."""
    w, y = outcomes(np.array([1.4, -0.2, -0.2]))
    surrogate = fit((w - THIRDS) * 3, y, np.ones(len(w)), 1e-9)
    assert best_mixture(surrogate, THIRDS, THIRDS, 1.0) == pytest.approx([1, 0, 0], abs=1e-3)


def test_trust_bounds_every_weight():
    w, y = outcomes(np.array([0.6, 0.3, 0.1]))
    surrogate = fit((w - THIRDS) * 3, y, np.ones(len(w)), 1e-9)
    found = best_mixture(surrogate, THIRDS, THIRDS, 0.1)
    assert found == pytest.approx([1 / 3 + 0.1, 1 / 3, 1 / 3 - 0.1], abs=1e-3)
    assert found.sum() == pytest.approx(1)


def test_a_strong_ridge_sees_nothing_and_stays():
    w, y = outcomes(np.array([0.6, 0.3, 0.1]))
    surrogate = fit((w - THIRDS) * 3, y, np.ones(len(w)), 1e9)
    assert surrogate.c == pytest.approx(y.mean())
    assert np.abs(surrogate.b).max() < 1e-6 and np.abs(surrogate.a).max() < 1e-6


def test_measurements_that_have_faded_do_not_count():
    w, y = outcomes(np.array([0.6, 0.3, 0.1]))
    spoilt = np.concatenate([y, np.random.default_rng(1).normal(size=len(y))])
    counts = np.concatenate([np.ones(len(y)), np.full(len(y), 1e-12)])
    surrogate = fit((np.concatenate([w, w]) - THIRDS) * 3, spoilt, counts, 1e-9)
    assert best_mixture(surrogate, THIRDS, THIRDS, 1.0) == pytest.approx([0.6, 0.3, 0.1], abs=1e-3)


def test_a_rise_belongs_to_the_weights_on_both_sides_of_it(make, seen, right):
    rule = make("modomodo", levels={"sudoku": 2, "countdown": 2}, options={"every": 2})
    before = rule.mix.tolist()
    for _ in range(2):
        rule.update([seen("sudoku/0", right(1, 4)), seen("countdown/1", right(2, 4))])
    assert before == [0.5, 0.5] and rule.tried == []  # nothing to compare with
    now = rule.mix.tolist()
    for k in (2, 4):
        rule.update([seen("sudoku/0", right(k, 4)), seen("countdown/1", right(2, 4)), seen("countdown/0", right(4, 4))])
    # sudoku/0 rose from 1/4 to 3/4 and weighs 1/4; countdown/1 stayed, countdown/0 was new.
    assert rule.tried == [pytest.approx([(a + b) / 2 for a, b in zip(before, now, strict=True)] + [0.125])]


def test_weights_go_where_the_score_rises(make, seen):
    """Only one of three tasks can be learned; its score rises with its share."""
    rule = make("modomodo", levels={"sudoku": 1, "countdown": 1, "hashi": 1}, options={"every": 1})
    skill, weights = 0.0, []
    for _ in range(150):
        weights.append(rule.mix[0])
        skill += 0.01 * rule.mix[0] * (1 - skill)
        rule.update([seen("sudoku/0", [skill]), seen("countdown/0", [0.5]), seen("hashi/0", [0.5])])
    assert np.mean(weights[:5]) < 0.5
    assert np.mean(weights[-50:]) > 0.7


def test_groups_are_tasks_or_levels(make):
    levels = {"sudoku": 3, "countdown": 2}
    assert make("modomodo", levels=levels).groups == ["sudoku", "countdown"]
    rule = make("modomodo", levels=levels, options={"over": "level"})
    assert rule.groups == ["0", "1", "2"]
    assert rule.mix == pytest.approx([1 / 6 + 1 / 4, 1 / 6 + 1 / 4, 1 / 6])
    assert rule.probabilities() == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 4, 1 / 4])
    rule.mix = np.array([0.5, 0.5, 0.0])
    assert rule.probabilities() == pytest.approx([0.2, 0.2, 0.0, 0.3, 0.3])
    assert rule.figures() == {"weight/0": 0.5, "weight/1": 0.5, "weight/2": 0.0}


def test_an_unknown_grouping_names_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'level'"):
        Options(over="levels")
