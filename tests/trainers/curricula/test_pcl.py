"""PCL: the value model learns success of arms, also of those that it has not seen, and picks the nearest to a half."""

import math
from collections import Counter

import pytest

from gradarium.errors import BadValue


def test_one_step_by_hand(make, seen, right):
    """At V = 1/2 and y = 1 the gradient is 2 (-1/2) (1/4) = -1/4 for each coefficient with factor 1."""
    rule = make("pcl", levels={"sudoku": 2}, options={"updates": 1, "lr": 2.0})
    rule.update([seen("sudoku/0", right(4, 4))])
    assert rule.coefficients == pytest.approx([0.5, -0.5, 0.5, -0.5])
    assert rule.value(0) == pytest.approx(1 / (1 + math.exp(-2)))
    assert rule.value(1) == pytest.approx(0.5)
    assert rule.figures()["value_loss"] == pytest.approx(0.25)


def test_a_step_follows_the_gradient_of_the_squared_error(make, seen):
    rule = make("pcl", options={"updates": 1, "lr": 1e-3})
    start = [0.3, -0.2, 0.1, 0.4, -0.5, 0.2]
    groups = [seen("countdown/1", [0.2, 0.6]), seen("sudoku/2", [0.9]), seen("sudoku/0", [])]

    def loss(coefficients):
        rule.load({"coefficients": coefficients, "loss": 0.0})
        pairs = [(rule.position[one.arm], sum(one.scores) / len(one.scores)) for one in groups[:2]]
        return sum((rule.value(i) - y) ** 2 for i, y in pairs) / 2

    gradient = []
    for k in range(len(start)):
        up, down = ([c + (j == k) * h for j, c in enumerate(start)] for h in (1e-5, -1e-5))
        gradient.append((loss(up) - loss(down)) / 2e-5)
    loss(start)
    rule.update(groups)
    assert rule.coefficients == pytest.approx([c - 1e-3 * g for c, g in zip(start, gradient, strict=True)], abs=1e-9)


def test_learns_a_ladder_and_what_lies_between(make, seen, right):
    """Level 1 is never shown; its value lies between those of its neighbours."""
    rule = make("pcl", levels={"sudoku": 4})
    for _ in range(60):
        rule.update([seen("sudoku/0", right(9, 10)), seen("sudoku/2", right(3, 10)), seen("sudoku/3", right(1, 10))])
    values = [rule.value(i) for i in range(4)]
    assert values == pytest.approx([0.9, 0.66, 0.32, 0.1], abs=0.06)
    assert rule.figures()["value_loss"] < 1e-3
    assert Counter(arm.level for _ in range(20) for arm, _ in rule.draw(2)) == {1: 40}


def test_a_guess_near_zero_can_be_corrected(make, seen, right):
    rule = make("pcl", levels={"sudoku": 1})
    for _ in range(300):
        rule.update([seen("sudoku/0", right(0, 8))])
    assert rule.value(0) < 0.02
    for _ in range(10):
        rule.update([seen("sudoku/0", right(8, 8))])
    assert rule.value(0) > 0.7


def test_ties_are_broken_at_random(make):
    rule = make("pcl", levels={"sudoku": 4})
    counts = Counter(arm.level for _ in range(100) for arm, _ in rule.draw(4))
    assert min(counts.values()) > 60


def test_bounds(make):
    with pytest.raises(BadValue, match=r"curriculum.lr = 5: must be in \[0, 4\]"):
        make("pcl", options={"lr": 5})
