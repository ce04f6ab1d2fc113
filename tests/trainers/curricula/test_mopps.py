"""MoPPS: posteriors that forget, and arms whose sampled rates are nearest to the target."""

from collections import Counter

import pytest

from gradarium.errors import BadValue
from gradarium.trainers.config import TaskEntry


def test_golden(make, seen, right):
    rule = make("mopps", levels={"sudoku": 2})
    rule.update([seen("sudoku/0", right(2, 8))])
    assert (rule.a[0], rule.b[0]) == (3.0, 7.0)
    rule.update([seen("sudoku/0", right(6, 8))])
    assert (rule.a[0], rule.b[0]) == (8.0, 6.0)
    assert (rule.a[1], rule.b[1]) == (1.0, 1.0)
    assert rule.figures()["rate/sudoku/0"] == pytest.approx(8 / 14)


def test_a_step_is_one_observation(make, seen, right):
    rule = make("mopps", levels={"sudoku": 1})
    rule.update([seen("sudoku/0", right(2, 4)), seen("sudoku/0", right(1, 4)), seen("sudoku/0", [])])
    assert (rule.a[0], rule.b[0]) == (1.0 + 3, 1.0 + 5)


def test_partial_scores_are_partial_successes(make, seen):
    rule = make("mopps", levels={"sudoku": 1}, options={"lam": 1.0})
    rule.update([seen("sudoku/0", [0.25, 0.5])])
    assert (rule.a[0], rule.b[0]) == (1.75, 2.25)


@pytest.mark.parametrize(("target", "expected"), [(0.0, 2), (0.5, 1), (1.0, 0)])
def test_draws_the_arm_whose_rate_is_nearest(make, seen, right, target, expected):
    rule = make("mopps", levels={"sudoku": 3}, options={"lam": 1.0, "target": target})
    rule.update([seen("sudoku/0", right(96, 100)), seen("sudoku/1", right(50, 100)), seen("sudoku/2", right(4, 100))])
    counts = Counter(arm.level for _ in range(20) for arm, _ in rule.draw(2))
    assert counts == {expected: 40}


def test_what_is_little_known_is_tried(make, seen, right):
    rule = make("mopps", levels={"sudoku": 2})
    rule.update([seen("sudoku/0", right(90, 100))])
    counts = Counter(arm.level for _ in range(50) for arm, _ in rule.draw(8))
    assert counts[1] > counts[0]


def test_one_candidate_is_no_choice(make, seen, right):
    mixture = [TaskEntry("sudoku", (0, 1))]
    rule = make("mopps", mixture=mixture, options={"candidates": 1})
    rule.update([seen("sudoku/0", right(100, 100))])
    assert Counter(arm.level for arm, _ in rule.draw(8)) == {0: 4, 1: 4}


@pytest.mark.parametrize(("option", "value"), [("lam", 1.1), ("a0", 0.0), ("target", -0.1), ("candidates", 0)])
def test_bounds(make, option, value):
    with pytest.raises(BadValue, match=f"curriculum.{option} = {value}: must be"):
        make("mopps", options={option: value})
