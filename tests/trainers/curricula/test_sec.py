"""SEC: values move towards mean absolute advantages, shares are their softmax."""

import pytest

from gradarium.errors import BadValue


def paid(seen, right, arm, fifths):
    """Return groups with a mean absolute advantage of 0.8 (one of five right), thinned by groups that all fail."""
    return [seen(arm, right(1, 5)), *[seen(arm, right(0, 5))] * fifths]


def test_golden(make, seen, right):
    rule = make("sec", levels={"sudoku": 3})
    rule.update(paid(seen, right, "sudoku/0", 0))  # 0.8
    rule.update(paid(seen, right, "sudoku/1", 3))  # 0.2
    rule.update(paid(seen, right, "sudoku/0", 1))  # 0.4
    assert rule.values == pytest.approx([0.4, 0.1, 0.0])
    assert rule.probabilities() == pytest.approx([0.5434, 0.2567, 0.1999], abs=1e-4)
    assert rule.figures()["value/sudoku/1"] == pytest.approx(0.1)


def test_masked_groups_pay_nothing_and_move_nothing(make, seen, right):
    rule = make("sec", levels={"sudoku": 2})
    rule.update([seen("sudoku/0", right(2, 4))])
    rule.update([seen("sudoku/0", [], rewards=[])])
    assert rule.values == [0.5, 0.0]


def test_rewards_are_looked_at_not_scores(make, seen, right):
    rule = make("sec", levels={"sudoku": 2})
    rule.update([seen("sudoku/0", right(0, 4), rewards=[0.0, 0.1, 0.0, 0.1])])
    assert rule.values == pytest.approx([0.5, 0.0])


def test_bounds():
    from gradarium.trainers.curricula.sec import Options

    with pytest.raises(BadValue, match=r"curriculum.alpha = 1.5: must be in \[0, 1\]"):
        Options(alpha=1.5)
    with pytest.raises(BadValue, match=r"curriculum.tau = nan"):
        Options(tau=float("nan"))
