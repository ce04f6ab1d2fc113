"""Signals of one group, against the identities for 0/1 rewards."""

import math

import pytest

from gradarium.trainers.curricula.signals import absolute_advantages, kernel, learnability, mean, softmax, variance


@pytest.mark.parametrize(("k", "n", "expected"), [(1, 10, 0.6), (2, 8, 0.8660), (4, 8, 1.0), (0, 8, 0.0), (8, 8, 0.0)])
def test_mean_absolute_advantage_is_twice_the_deviation(right, k, n, expected):
    assert mean(absolute_advantages(right(k, n))) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("k", range(9))
def test_variance_is_learnability_for_right_and_wrong(right, k):
    assert variance(right(k, 8)) == learnability(right(k, 8)) == pytest.approx(k / 8 * (1 - k / 8))


def test_advantages_forget_scale_and_shift():
    rewards = [0.1, 0.4, -2.0, 0.4]
    moved = [1e3 * r - 7 for r in rewards]
    assert absolute_advantages(moved) == pytest.approx(absolute_advantages(rewards))


def test_equal_rewards_have_no_advantage_whatever_they_are():
    assert absolute_advantages([0.1 * 3] * 7) == [0.0] * 7
    assert absolute_advantages([]) == []


def test_softmax_of_anything():
    assert softmax([0.4, 0.1, 0.0], 0.4) == pytest.approx([0.5434, 0.2567, 0.1999], abs=1e-4)
    assert softmax([1e6, -1e6], 0.01) == [1.0, 0.0]


def test_kernel_is_gaussian():
    found = kernel(4, 1.5, 0.5)
    assert found == pytest.approx([0.0090, 0.4910, 0.4910, 0.0090], abs=1e-4)
    assert found[1] / found[0] == pytest.approx(math.exp((1.5**2 - 0.5**2) / 2 / 0.5**2))
