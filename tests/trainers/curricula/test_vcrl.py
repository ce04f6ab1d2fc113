"""VCRL: value of a group by its variance, what is trained on, what the bank gives back."""

import pytest

from gradarium.errors import BadValue
from gradarium.trainers.curricula.signals import variance_share
from gradarium.trainers.data import Arm

GOLDEN = {4: [0, 0.75, 1, 0.75, 0], 8: [0, 0.4375, 0.75, 0.9375, 1, 0.9375, 0.75, 0.4375, 0]}


@pytest.mark.parametrize("n", GOLDEN)
def test_golden(right, n):
    assert [variance_share(right(k, n)) for k in range(n + 1)] == pytest.approx(GOLDEN[n])


@pytest.mark.parametrize("n", range(2, 12))
def test_the_value_is_variance_over_the_greatest_variance(right, n):
    """The formulas of the paper, with the unbiased variance in both places."""
    greatest = n / (4 * (n - 1)) if n % 2 == 0 else (n + 1) / (4 * n)
    for k in range(n + 1):
        assert variance_share(right(k, n)) == pytest.approx(k * (n - k) / (n * (n - 1)) / greatest)
    assert max(variance_share(right(k, n)) for k in range(n + 1)) == pytest.approx(1)


def test_too_few_scores_have_no_value():
    assert variance_share([]) == variance_share([1.0]) == 0


def step(rule, seen, right, successes, n=4):
    """Draw, score the i-th group with ``successes[i]`` of 4 right, keep, update; return drawn and kept."""
    drawn = rule.draw(n)
    groups = [seen(str(arm), right(k, 4), i) for (arm, i), k in zip(drawn, successes, strict=True)]
    kept = rule.keep(groups, n)
    rule.update(groups)
    return drawn, kept


def test_what_varies_little_is_not_trained_on(make, seen, right):
    rule = make("vcrl", levels={"sudoku": 1}, options={"kappa": 0.8})
    _, kept = step(rule, seen, right, [0, 1, 2, 4])
    assert kept == [2]
    rule = make("vcrl", levels={"sudoku": 1}, options={"kappa": 0.5})
    _, kept = step(rule, seen, right, [0, 1, 2, 4])
    assert kept == [1, 2]
    assert rule.figures()["empty"] == 2 and rule.figures()["bank"] == 2


def test_empty_places_are_filled_from_the_bank_best_first(make, seen, right):
    rule = make("vcrl", levels={"sudoku": 1})
    step(rule, seen, right, [1, 2, 3, 4])  # instances 0, 1, 2 enter with 0.75, 1, 0.75; one place is empty
    drawn, _ = step(rule, seen, right, [0, 0, 0, 0])
    assert [i for _, i in drawn] == [1, 4, 5, 6]
    assert rule.bank[0, 1] == (pytest.approx(0.9), 1)  # 0.9 x 1 + 0.1 x 0: below no threshold yet
    drawn, _ = step(rule, seen, right, [0, 0, 2, 2])
    assert [i for _, i in drawn] == [1, 0, 2, 7]
    assert (0, 1) not in rule.bank  # replayed twice
    assert rule.bank[0, 2] == (pytest.approx(0.9 * 0.75 + 0.1), 1)
    assert len(set(rule.bank)) == 3  # 0, 2 and 7


def test_rounds_of_one_step_share_the_empty_places(make, seen, right):
    rule = make("vcrl", levels={"sudoku": 1})
    step(rule, seen, right, [2, 2, 2, 2])
    rule.empty = 1
    first, second = rule.draw(2), rule.draw(2)
    assert [i for _, i in first + second] == [0, 4, 5, 6]
    assert rule.lent == {(0, 0): (1.0, 0)}
    rule.update([])  # whatever became of it: nothing was learned, it is back
    assert rule.bank[0, 0] == (1.0, 0) and not rule.lent


def test_the_bank_keeps_the_best(make, seen, right):
    rule = make("vcrl", levels={"sudoku": 1}, options={"bank": 2})
    step(rule, seen, right, [1, 2, 1, 2])
    assert set(rule.bank) == {(0, 1), (0, 3)}


def test_fresh_instances_follow_the_value_of_their_arm(make, seen, right):
    rule = make("vcrl", levels={"sudoku": 2}, options={"momentum": 0.5})
    rule.update([seen("sudoku/0", right(0, 4)), seen("sudoku/0", right(2, 4)), seen("sudoku/1", right(0, 4), 5)])
    assert rule.priority == pytest.approx([0.75, 0.5])
    assert rule.probabilities() == pytest.approx([0.6, 0.4])
    assert rule.position[Arm("sudoku", 1)] == 1


def test_bounds(make):
    with pytest.raises(BadValue, match=r"curriculum.kappa = 2: must be in \[0, 1\]"):
        make("vcrl", options={"kappa": 2})


def test_what_was_masked_makes_no_group_worth_training(make, seen, right):
    rule = make("vcrl")
    cut = seen("sudoku/0", right(2, 4), rewards=[1.0, 1.0])  # the two that failed were cut off and are masked
    assert rule.keep([cut, seen("sudoku/0", right(2, 4), 1)], 2) == [1]
    rule.learn([cut])
    assert rule.bank == {}
