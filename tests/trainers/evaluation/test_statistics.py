import math
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from gradarium.errors import BadValue
from gradarium.trainers.evaluation import statistics
from gradarium.trainers.evaluation.statistics import (
    at_least,
    canonical_answer,
    chance_corrected,
    combine,
    count_votes,
    estimates,
    intervals,
    majority_at_k,
    pass_at_k,
    pass_hat_k,
    powers_of_two,
    resample,
    two_sided,
    wilson,
    winning_shares,
)

ROOT = Path(__file__).parents[3]


def test_golden_values():
    assert pass_at_k(16, 4, 1) == 0.25
    assert pass_at_k(16, 4, 4) == pytest.approx(0.7280220, abs=1e-7)
    assert pass_at_k(4, 1, 2) == 0.5
    assert pass_at_k(8, 1, 8) == 1 and pass_at_k(8, 0, 8) == 0
    assert pass_hat_k(4, 3, 2) == 0.5
    assert pass_hat_k(8, 8, 8) == 1 and pass_hat_k(8, 7, 8) == 0
    assert chance_corrected(0.25, 0.25) == 0 and chance_corrected(1, 0.25) == 1
    assert chance_corrected(0, 0.25) == pytest.approx(-1 / 3)
    assert powers_of_two(8) == [1, 2, 4, 8] and powers_of_two(6) == [1, 2, 4, 6] and powers_of_two(1) == [1]
    assert powers_of_two(0) == []


def test_pass_and_hat_equal_the_mean_over_all_choices():
    for n in range(1, 8):
        for c in range(n + 1):
            right = [True] * c + [False] * (n - c)
            for k in range(1, n + 1):
                chosen = list(combinations(right, k))
                assert pass_at_k(n, c, k) == pytest.approx(sum(map(any, chosen)) / len(chosen), abs=1e-12)
                assert pass_hat_k(n, c, k) == pytest.approx(sum(map(all, chosen)) / len(chosen), abs=1e-12)


def test_pass_and_hat_are_unbiased():
    p, n = 0.3, 6
    weights = [math.comb(n, c) * p**c * (1 - p) ** (n - c) for c in range(n + 1)]
    for k in range(1, n + 1):
        assert sum(w * pass_at_k(n, c, k) for c, w in enumerate(weights)) == pytest.approx(1 - (1 - p) ** k)
        assert sum(w * pass_hat_k(n, c, k) for c, w in enumerate(weights)) == pytest.approx(p**k)


def test_many_samples_neither_overflow_nor_lose_digits():
    assert pass_at_k(10_000, 1, 5_000) == pytest.approx(0.5)
    assert pass_at_k(100_000, 3, 7) == pytest.approx(1 - (1 - 3e-5) ** 7, rel=1e-4)
    assert pass_hat_k(10_000, 9_999, 5_000) == pytest.approx(0.5)
    for n, c in ((5000, 4000), (5000, 1)):
        values = [pass_at_k(n, c, k) for k in range(1, n, 97)]
        assert values == sorted(values) and 0 <= values[0] and values[-1] <= 1


def test_too_few_samples_give_no_number_and_wrong_counts_an_error():
    assert math.isnan(pass_at_k(3, 3, 4)) and math.isnan(pass_hat_k(3, 3, 4))
    for n, c, k in ((4, 5, 1), (4, -1, 1), (4, 1, 0)):
        with pytest.raises(BadValue):
            pass_at_k(n, c, k)
        with pytest.raises(BadValue):
            pass_hat_k(n, c, k)
    with pytest.raises(BadValue):
        chance_corrected(0.5, 1.0)


def majority_over_all_choices(answers, scores, k):
    values = []
    for chosen in combinations(range(len(answers)), k):
        votes = count_votes([answers[i] for i in chosen], [scores[i] for i in chosen])
        top = [score for size, score in zip(votes.sizes, votes.scores, strict=True) if size == votes.sizes[0]]
        values.append(sum(top) / len(top) if top else 0.0)
    return sum(values) / len(values)


def test_majority_equals_the_mean_over_all_choices():
    for answers in product(["a", "b", "c", None], repeat=5):
        scores = [float(answer == "a") for answer in answers]
        for k in range(1, 6):
            wanted = majority_over_all_choices(answers, scores, k)
            assert majority_at_k(count_votes(answers, scores), k) == pytest.approx(wanted, abs=1e-12)
    rng = np.random.default_rng(0)
    for _ in range(20):
        answers = [[None, "a", "b", "c", "d"][i] for i in rng.integers(5, size=9)]
        scores = [{"a": 1.0, "c": 0.25}.get(answer, 0.0) for answer in answers]
        for k in (2, 4, 7, 9):
            wanted = majority_over_all_choices(answers, scores, k)
            assert majority_at_k(count_votes(answers, scores), k) == pytest.approx(wanted, abs=1e-12)


def test_majority_golden_values():
    def majority(answers, k):
        return majority_at_k(count_votes(answers, [float(answer == "r") for answer in answers]), k)

    assert majority(["r", "r", "w"], 3) == 1
    assert majority(["r", "w"], 2) == 0.5  # a tie
    assert majority(["r", "w", "w"], 3) == 0
    assert majority(["r", None, None], 3) == 1  # those without an answer do not vote
    assert majority([None, None], 2) == 0
    assert majority(["r", "r", "w", "w"], 1) == 0.5
    assert math.isnan(majority(["r"], 2))
    assert sum(winning_shares((3, 2, 2), 1, 4)) == pytest.approx(1)  # somebody always votes
    assert sum(winning_shares((1,), 3, 2)) == pytest.approx(0.5)


def test_drawn_majority_agrees_with_the_exact_one(monkeypatch):
    votes = count_votes(["r"] * 12 + ["w"] * 11 + ["v"] * 9 + [None] * 8, [1.0] * 12 + [0.0] * 28)
    exact = [majority_at_k(votes, k) for k in (1, 8, 32)]
    monkeypatch.setattr(statistics, "EXACT_MAJORITY", 0)
    drawn = [majority_at_k(votes, k, seed=1) for k in (1, 8, 32)]
    assert drawn == pytest.approx(exact, abs=0.03)
    assert drawn == [majority_at_k(votes, k, seed=1) for k in (1, 8, 32)]
    assert drawn != [majority_at_k(votes, k, seed=2) for k in (1, 8, 32)]
    assert majority_at_k(count_votes([None] * 3, [0.0] * 3), 2) == 0


def test_equal_answers():
    assert canonical_answer(" 1  2\n3 ") == canonical_answer("1 2 3")
    assert canonical_answer("\uff11") == "1"
    assert canonical_answer("A") != canonical_answer("a")
    votes = count_votes(["1 2", " 1\n2 ", "12", "", "  ", None], [1, 1, 0, 0, 0, 0])
    assert votes == ((2, 1), (1.0, 0.0), 3)


def test_wilson_golden_values():
    assert wilson(0.0, 100) == pytest.approx((0, 0.0369935), abs=1e-6)
    assert wilson(0.5, 100) == pytest.approx((0.4038315, 0.5961685), abs=1e-6)
    assert wilson(1.0, 10) == pytest.approx((0.7224672, 1), abs=1e-6)


def one(values, **options):
    return estimates(resample(np.asarray(values, float)[:, None], **options))[0]


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_all_wrong_or_all_right_has_wilsons_interval_not_none(value):
    found = one([value] * 100)
    assert found[:3] == pytest.approx((value, *wilson(value, 100)))
    assert found.high - found.low > 0.03


def test_shares_of_right_and_wrong_instances_have_wilsons_interval():
    assert one([1.0] * 30 + [0.0] * 70)[:3] == pytest.approx((0.3, *wilson(0.3, 100)))


def test_alike_instances_that_are_neither_right_nor_wrong_have_an_interval_too():
    found = one([0.5] * 40)
    assert found[:3] == pytest.approx((0.5, *wilson(0.5, 40)))


def test_one_instance_tells_next_to_nothing():
    found = one([0.5])
    assert found[:3] == pytest.approx((0.5, *wilson(0.5, 1))) and found.high - found.low > 0.8


def test_no_change_at_all_has_an_interval_around_zero():
    found = one([0.0] * 50, kind="difference")
    assert found.value == 0 and found.low == pytest.approx(-found.high)
    assert found.high == pytest.approx(wilson(0.0, 50)[1])  # not more than this share can be changed


def test_draws_depend_on_the_seed_alone_not_on_the_order():
    rng = np.random.default_rng(0)
    values = rng.binomial(8, rng.beta(0.5, 0.5, 60)) / 8
    assert one(values, seed=1) == one(values[::-1], seed=1)
    assert one(values, seed=1) != one(values, seed=2)


def test_the_interval_is_that_of_a_plain_bootstrap_t():
    rng = np.random.default_rng(3)
    values = rng.beta(2, 3, 80)
    mean, error = values.mean(), values.std(ddof=1) / math.sqrt(80)
    rows = values[rng.integers(80, size=(20_000, 80))]
    t = (rows.mean(axis=1) - mean) / (rows.std(axis=1, ddof=1) / math.sqrt(80))
    wanted = (mean - np.quantile(t, 0.975) * error, mean - np.quantile(t, 0.025) * error)
    found = one(values, seed=5, replicates=20_000)
    assert (found.low, found.high) == pytest.approx(wanted, abs=0.002)
    both = np.quantile(np.abs(t), 0.95) * error
    found = one(values, kind="difference", seed=5, replicates=20_000)
    assert (found.low, found.high) == pytest.approx((mean - both, mean + both), abs=0.002)


def test_four_times_the_instances_halve_the_interval():
    rng = np.random.default_rng(1)
    values = rng.beta(1, 1, 100)
    small, large = one(values), one(np.tile(values, 4))
    assert (large.high - large.low) / (small.high - small.low) == pytest.approx(0.5, abs=0.04)


def test_correction_for_chance_moves_the_interval_with_the_value():
    rng = np.random.default_rng(2)
    success = rng.binomial(8, rng.beta(1, 2, 50)) / 8
    values = np.stack([success, (success - 0.2) / 0.8], axis=1)
    plain, corrected = estimates(resample(values, low=np.array([0.0, -0.25])))
    assert corrected[:3] == pytest.approx([chance_corrected(x, 0.2) for x in plain[:3]])
    zero = estimates(resample(np.full((50, 1), -0.25), low=-0.25))[0]
    assert zero[:2] == pytest.approx((-0.25, -0.25)) and zero.high == pytest.approx(
        chance_corrected(wilson(0, 50)[1], 0.2)
    )


def test_an_instance_without_a_value_is_left_out():
    values = np.array([[1.0, 1.0], [0.0, np.nan], [0.5, 0.5], [0.25, np.nan]])
    a, b = estimates(resample(values))
    assert (a.value, a.instances) == (0.4375, 4) and (b.value, b.instances) == (0.75, 2)
    # A value that one instance in ten has is absent from many draws; they say nothing of it.
    rare = np.stack([np.linspace(0, 1, 40), np.where(np.arange(40) % 10, np.nan, np.linspace(0.2, 0.8, 40))], axis=1)
    alone = one(rare[::10, 1])
    found = estimates(resample(rare))[1]
    assert found.value == alone.value and found.instances == 4
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=0.12)
    nothing = estimates(resample(np.full((3, 1), np.nan)))[0]
    assert math.isnan(nothing.value) and math.isnan(nothing.low) and nothing.instances == 0
    assert nothing.to_json() == {"value": None, "low": None, "high": None, "instances": 0}


def test_a_mean_over_arms_is_weighted_and_its_error_adds_up():
    rng = np.random.default_rng(4)
    parts = [resample(rng.beta(2, 2, (n, 1)), seed=n) for n in (30, 60)]
    whole = combine(parts, [0.25, 0.75])
    assert whole.mean == pytest.approx(0.25 * parts[0].mean + 0.75 * parts[1].mean)
    assert whole.variance == pytest.approx(parts[0].variance / 16 + parts[1].variance * 9 / 16)
    assert estimates(whole)[0].instances == 90
    third = resample(rng.beta(2, 2, (10, 1)))
    assert combine([combine(parts), third]).size == pytest.approx(1 / max(0.25 / 30, 0.25 / 60, 0.5 / 10))
    low, high = intervals(combine(parts))
    wald = 1.96 * math.sqrt(combine(parts).variance[0])
    assert (high - low)[0] == pytest.approx(2 * wald, rel=0.08)
    with pytest.raises(BadValue):
        combine([])


def test_arms_all_right_and_all_wrong_leave_the_mean_uncertain():
    parts = [resample(np.full((20, 1), value)) for value in (1.0, 1.0, 0.0, 0.0)]
    found = estimates(combine(parts))[0]
    alone = wilson(0.0, 20)[1]
    assert found[:3] == pytest.approx((0.5, 0.5 - math.sqrt(2) * alone / 4, 0.5 + math.sqrt(2) * alone / 4))


def test_limits_stay_in_the_range_and_hold_the_value():
    rng = np.random.default_rng(6)
    for rate in (0.005, 0.05, 0.5, 0.99):
        for n in (2, 5, 20):
            values = rng.binomial(8, rng.beta(rate, 1 - rate, n)) / 8
            found = one(values)
            assert 0 <= found.low <= found.value <= found.high <= 1 and found.low < found.high
            found = one(values - values[::-1], kind="difference")
            assert -1 <= found.low <= found.value <= found.high <= 1 and found.low < found.high


def test_sums_of_chances():
    chances = [0.5, 0.1, 0.9, 0.3]
    for seen in range(6):
        wanted = sum(
            math.prod(p if happens else 1 - p for p, happens in zip(chances, events, strict=True))
            for events in product((0, 1), repeat=4)
            if sum(events) >= seen
        )
        assert at_least(chances, seen) == pytest.approx(wanted)
    assert two_sided([0.5] * 12, 10) == pytest.approx(2 * 79 / 4096)  # McNemar, 10 and 2
    assert two_sided([0.5] * 12, 2) == pytest.approx(2 * 79 / 4096)
    assert two_sided([], 0) == 1 and two_sided([0.5] * 4, 2) == 1


@pytest.fixture
def coverage(load_file):
    return load_file(ROOT / "benchmarks" / "coverage.py")


def test_intervals_hold_the_truth_as_often_as_they_say(coverage):
    rng = np.random.default_rng(0)
    tallies = [coverage.one_arm(rate, 1.0, 100, 200, 200, rng) for rate in (0.05, 0.5, 0.9)]
    tallies += [coverage.paired(rate, 0.3, 100, 200, 200, rng) for rate in (0.1, 0.5)]
    tallies.append(coverage.suite([(rate, 1.0, 25) for rate in (0.9, 0.7, 0.3, 0.1)], 200, 200, rng))
    covered = [tally.coverage[0] for tally in tallies]  # of success; 200 runs: +- 3 % by chance
    assert all(0.91 <= share <= 0.99 for share in covered), covered
    assert 0.935 <= sum(covered) / len(covered) <= 0.97, covered


def test_the_simulation_would_see_an_interval_that_is_too_narrow(coverage):
    tally = coverage.Tally(np.array([0.5]))
    for low, high in ((0.4, 0.6), (0.6, 0.7), (0.1, 0.2), (0.5, 0.9)):
        tally.add(np.array([low]), np.array([high]))
    assert tally.coverage.tolist() == [0.5] and tally.cells() == ["50.0 (25.0/25.0)"]
    chances = coverage.distribution(0.3, 2.0)
    assert chances.sum() == pytest.approx(1) and chances @ np.arange(9) / 8 == pytest.approx(0.3)
