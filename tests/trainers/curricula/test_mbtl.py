"""MBTL: a process over the dial in closed form, the gain of the whole dial, a level for each interval."""

import math

import numpy as np
import pytest

from gradarium.errors import BadValue
from gradarium.trainers.curricula.mbtl import Options, carried, expected_gain, posterior, steepest


def points(*values):
    return np.array(values, dtype=float)


def test_posterior_of_nothing_is_the_prior():
    mean, sigma = posterior(points(), points(), points(), points(0, 0.5), 0.3, 0.2)
    assert mean.tolist() == [0, 0] and sigma == pytest.approx([0.2, 0.2])


def test_posterior_of_two_points_in_closed_form():
    """With variance v, noise s and correlations c (of the points), k1, k2 (with x) by the inverse of a 2 x 2 matrix."""
    length, amplitude, noise = 0.4, 0.5, 0.01
    y = points(0.3, -0.1)
    c, k1, k2 = (math.exp(-(d**2) / (2 * length**2)) for d in (0.5, 0.2, 0.3))
    v = amplitude**2
    a, b = v + noise, v * c
    determinant = a * a - b * b
    inverse = np.array([[a, -b], [-b, a]]) / determinant
    k = v * np.array([k1, k2])
    mean, sigma = posterior(points(0, 0.5), y, points(noise, noise), points(0.2), length, amplitude)
    assert mean == pytest.approx([k @ inverse @ y])
    assert sigma == pytest.approx([math.sqrt(v - k @ inverse @ k)])
    assert (mean[0], sigma[0]) == pytest.approx((0.15317, 0.15090), abs=1e-5)  # worked out by hand


def test_a_measurement_without_noise_is_believed_and_one_of_much_noise_is_not():
    for noise, mean, sigma in ((0.0, 0.3, 0.0), (1e9, 0.0, 0.2)):
        found = posterior(points(0.5), points(0.3), points(noise), points(0.5), 0.3, 0.2)
        assert [float(part[0]) for part in found] == pytest.approx([mean, sigma], abs=1e-6)


def test_gain_of_the_dial_in_closed_form():
    """Levels at 0, 1/2, 1 with success .8, .4, 0; training one reaches .9, .7, .5; a level costs 0.4.

    At 0: own .1, carried .5 - .4, .1 - 0: .1 .1 .1. At 1/2: own .3, carried down .3 - .8 < 0, up .3. At 1: own .5.
    """
    gain = expected_gain(points(0.9, 0.7, 0.5), points(0.8, 0.4, 0.0), slope=0.8)
    assert gain == pytest.approx(points(0.3, 0.6, 0.5) / 3)


def test_slope_is_the_steepest_of_neighbours_that_were_seen():
    assert steepest([0.9, 0.8, 0.2]) == pytest.approx(0.6 / 0.5)
    assert steepest([0.9, None, 0.2]) == pytest.approx(0.7)
    assert steepest([None, 0.4, None]) == 1.0


def test_levels_that_were_not_seen_have_what_is_carried_over():
    assert carried([0.8, None, None], 0.6) == pytest.approx([0.8, 0.5, 0.2])
    assert carried([0.8, 0.1, 0.3], steepest([0.8, 0.1, 0.3])) == pytest.approx([0.8, 0.1, 0.3])
    assert carried([None, None], 1.0).tolist() == [0, 0]


@pytest.fixture
def interval(seen):
    """Play one interval of four steps on the level of the moment, with so many of 8 right in each step's two groups."""

    def played(rule, *right):
        for k in right:
            arm = f"sudoku/{rule.rung['sudoku']}"
            rule.update([seen(arm, [1.0] * k + [0.0] * (8 - k)) for _ in range(2)])

    return played


def test_an_interval_is_spent_on_one_level_and_measured(make, interval):
    rule = make("mbtl", levels={"sudoku": 3}, options={"every": 4})
    assert rule.probabilities() == [1, 0, 0]
    interval(rule, 2, 2, 3)
    assert rule.probabilities() == [1, 0, 0] and rule.gains == {"sudoku": []}
    interval(rule, 3)
    (row,) = rule.gains["sudoku"]
    # Halves of 2/8 and 3/8, a quarter of an hour apart would be twice that; all groups of a half alike: least noise.
    assert row == pytest.approx([0, 2 * (3 / 8 - 2 / 8), 4 * 2 * 1e-4, 0])
    assert rule.figures() == {"level/sudoku": float(rule.rung["sudoku"]), "gain/sudoku": 0.25}


def test_a_solved_level_is_left_and_one_that_gains_is_kept(make, interval):
    rule = make("mbtl", levels={"sudoku": 3}, options={"every": 4})
    interval(rule, 1, 2, 3, 4)
    assert rule.rung["sudoku"] == 0
    rule = make("mbtl", levels={"sudoku": 3}, options={"every": 4})
    interval(rule, 8, 8, 8, 8)
    assert rule.rung["sudoku"] > 0


def test_a_level_that_gains_nothing_is_left_and_tried_again(make, interval):
    rule = make("mbtl", levels={"sudoku": 3}, options={"every": 4, "memory": 5.0})
    visited = []
    for _ in range(40):
        visited.append(rule.rung["sudoku"])
        interval(rule, 0, 0, 0, 0)
    assert visited[0] == 0 and set(visited) == {0, 1, 2}
    assert all(visited.count(level) >= 8 for level in (0, 1, 2))


def test_tasks_keep_their_weight(make):
    shares = make("mbtl", levels={"sudoku": 3, "countdown": 2}).probabilities()
    assert shares == pytest.approx([0.5, 0, 0, 0.5, 0])


def test_bounds():
    with pytest.raises(BadValue, match=r"curriculum.length = 0: must be in \[0.01, 100\]"):
        Options(length=0)
