import itertools
import json
import math
import random

import pytest

from gradarium.core import Verdict
from gradarium.errors import BadValue
from gradarium.trainers.allocation import ArmStatistics, gvm_allocation
from gradarium.trainers.data import Arm, Group, Rollout


def variance(deviations, sizes):
    return sum(d * d / n for d, n in zip(deviations, sizes, strict=True))


def test_in_proportion_to_the_deviation():
    assert gvm_allocation([1, 3], 16, 1, 16) == [4, 12]
    assert gvm_allocation([0.1, 0.2, 0.3, 0.4], 40, 1, 40) == [4, 8, 12, 16]


def test_success_rates():
    """Deviations sqrt(p (1 - p)) of 0.5, 0.1, 0.02: 0.5, 0.3, 0.14."""
    deviations = [math.sqrt(p * (1 - p)) for p in (0.5, 0.1, 0.02)]
    assert gvm_allocation(deviations, 94, 1, 94) == [50, 30, 14]


@pytest.mark.parametrize("seed", range(40))
def test_no_other_sizes_have_a_lower_variance(seed):
    source = random.Random(seed)
    deviations = [source.choice([0.0, source.random(), 3 * source.random()]) for _ in range(4)]
    least, most = source.randint(1, 3), source.randint(4, 9)
    budget = source.randint(4 * least, 4 * most)
    found = gvm_allocation(deviations, budget, least, most)
    assert sum(found) == budget
    assert all(least <= n <= most for n in found)
    every = itertools.product(range(least, most + 1), repeat=4)
    best = min(variance(deviations, sizes) for sizes in every if sum(sizes) == budget)
    assert variance(deviations, found) == pytest.approx(best, rel=1e-12)


def test_equal_and_zero_deviations_share_equally():
    assert gvm_allocation([0, 0, 0], 24, 4, 32) == [8, 8, 8]
    assert gvm_allocation([0.3] * 4, 10, 1, 8) == [3, 3, 2, 2]
    assert gvm_allocation([1, 0, 0], 24, 4, 10) == [10, 7, 7]


def test_an_arm_without_variance_keeps_the_least():
    assert gvm_allocation([0.5, 0, 0.5], 24, 4, 32) == [10, 4, 10]


def test_the_unit_of_the_deviations_does_not_matter():
    deviations = [0.11, 0.5, 0.23]
    for scale in (1e-200, 1.0, 1e200):
        assert gvm_allocation([d * scale for d in deviations], 30, 2, 20) == gvm_allocation(deviations, 30, 2, 20)


def test_order_of_prompts_does_not_matter():
    deviations = [0.5, 0.1, 0.3, 0.2]
    forward = gvm_allocation(deviations, 33, 2, 20)
    assert gvm_allocation(deviations[::-1], 33, 2, 20) == forward[::-1]


def test_no_prompts():
    assert gvm_allocation([], 0, 4, 8) == []


@pytest.mark.parametrize(
    ("deviations", "budget", "least", "most", "named"),
    [
        ([1, 1], 7, 4, 8, "7: cannot be split into 2 groups of 4 to 8"),
        ([1, 1], 17, 4, 8, "17: cannot"),
        ([1], 5, 0, 8, "least"),
        ([1], 5, 6, 5, "least"),
        ([1, -1], 10, 4, 8, "not negative"),
        ([1, math.nan], 10, 4, 8, "finite"),
    ],
)
def test_mistakes_are_named(deviations, budget, least, most, named):
    with pytest.raises(BadValue, match=named):
        gvm_allocation(deviations, budget, least, most)


EASY, HARD = Arm("sudoku", 0), Arm("sudoku", 3)


def group(arm, rewards, tempered=()):
    rollouts = [
        Rollout([1], [0.0], "stop", "", Verdict.wrong(""), reward, tempered=k in tempered)
        for k, reward in enumerate(rewards)
    ]
    return Group(arm, None, [], rollouts)


def test_an_unseen_arm_is_at_its_most_uncertain():
    arms = ArmStatistics()
    assert (arms.mean(EASY), arms.variance(EASY), arms.deviation(EASY)) == (0.5, 0.25, 0.5)


def test_one_step_moves_each_arm_once():
    arms = ArmStatistics(decay=0.9)
    arms.observe([group(EASY, [1, 0, 0, 0]), group(EASY, [1, 1, 1, 1]), group(HARD, [0, 0])])
    assert arms.mean(EASY) == pytest.approx(0.9 * 0.5 + 0.1 * 5 / 8)
    assert arms.variance(EASY) == pytest.approx(0.9 * 0.25 + 0.1 * (0.75 / 6))  # pooled: squares 3/4, 6 degrees
    assert arms.mean(HARD) == pytest.approx(0.45)
    assert arms.variance(HARD) == pytest.approx(0.225)


def test_the_variance_is_that_within_a_prompt():
    arms = ArmStatistics(decay=0.0)
    arms.observe([group(EASY, [1, 1]), group(EASY, [0, 0])])
    assert (arms.mean(EASY), arms.variance(EASY)) == (0.5, 0.0)


def test_masked_and_tempered_samples_and_groups_of_one():
    arms = ArmStatistics(decay=0.0)
    arms.observe([group(EASY, [1, None, 0, 1, 1], tempered=(3, 4)), group(EASY, [1]), group(HARD, [None, None])])
    assert arms.mean(EASY) == pytest.approx(2 / 3)
    assert arms.variance(EASY) == pytest.approx(0.5)
    assert arms.state_dict()["means"].keys() == {"sudoku/0"}
    lone = ArmStatistics()
    lone.observe([group(HARD, [1])])
    assert lone.mean(HARD) == 0.55
    assert lone.variance(HARD) == 0.25


def test_order_of_groups_in_a_step_does_not_matter():
    groups = [group(EASY, [0.1, 0.7]), group(HARD, [0.3, 0.2]), group(EASY, [0.9, 0.1, 0.4])]
    one, other = ArmStatistics(), ArmStatistics()
    one.observe(groups)
    other.observe(groups[::-1])
    assert one.state_dict() == other.state_dict()


def test_equal_rewards_have_no_variance_at_all():
    arms = ArmStatistics(decay=0.0)
    arms.observe([group(EASY, [0.1] * 7)])
    assert arms.variance(EASY) == 0


def test_gradient_norms():
    arms = ArmStatistics(decay=0.5)
    arms.observe([], {EASY: 4.0})
    assert arms.deviation(EASY) == pytest.approx(math.sqrt(0.25 * 4))
    assert arms.deviation(HARD) == pytest.approx(math.sqrt(0.25 * 4))  # as the others on average
    arms.observe([], {EASY: 8.0, HARD: 1.0})
    assert arms.deviation(EASY) == pytest.approx(math.sqrt(0.25 * 6))
    assert arms.deviation(HARD) == pytest.approx(math.sqrt(0.25))


def test_state_goes_through_json():
    arms, copy = ArmStatistics(), ArmStatistics()
    arms.observe([group(EASY, [1, 0]), group(HARD, [0.25, 0.5])], {EASY: 2.0})
    copy.load_state_dict(json.loads(json.dumps(arms.state_dict())))
    for both in (arms, copy):
        both.observe([group(EASY, [1, 1])], {EASY: 3.0})
    assert copy.state_dict() == arms.state_dict()
    assert [copy.deviation(arm) for arm in (EASY, HARD)] == [arms.deviation(arm) for arm in (EASY, HARD)]


@pytest.mark.parametrize("decay", [-0.1, 1.0])
def test_decay_has_bounds(decay):
    with pytest.raises(BadValue, match="decay"):
        ArmStatistics(decay)
