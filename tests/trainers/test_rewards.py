import pytest

from gradarium.core import Status, Verdict
from gradarium.trainers.config import RewardConfig
from gradarium.trainers.rewards import Parts, overlong_penalty, part_weights, reward, reward_parts

RIGHT, WRONG = Verdict.correct(), Verdict.wrong("no")
MISSING, UNREADABLE = Verdict.missing("no answer"), Verdict.unreadable("bad form")


@pytest.mark.parametrize(("tokens", "expected"), [(0, 0), (16384, 0), (18432, -0.5), (20480, -1), (20481, -1)])
def test_overlong_golden(tokens, expected):
    assert overlong_penalty(tokens, 20480, 4096) == expected


def test_overlong_of_a_cache_of_the_whole_limit_or_none():
    assert [overlong_penalty(n, 8, 8) for n in (0, 2, 8, 9)] == [0, -0.25, -1, -1]
    assert [overlong_penalty(n, 8, 0) for n in (7, 8, 9)] == [0, 0, -1]


def pay(verdict, finish="stop", tokens=10, limit=100, **options):
    return reward(verdict, finish, tokens, limit, RewardConfig(**options))


def test_by_default_the_score_is_the_reward():
    assert [pay(v) for v in (RIGHT, WRONG, MISSING, UNREADABLE)] == [1, 0, 0, 0]
    assert pay(RIGHT, "length", tokens=100) == 1


def test_format_is_paid_for_what_could_be_read():
    paid = [pay(v, format=0.25, score=2.0) for v in (RIGHT, WRONG, MISSING, UNREADABLE)]
    assert paid == [2.25, 0.25, 0, 0]


def test_overlong_is_taken_off_right_and_wrong_answers():
    assert [pay(v, tokens=95, overlong=10) for v in (RIGHT, WRONG)] == [0.5, -0.5]
    assert pay(RIGHT, tokens=90, overlong=10) == 1
    assert pay(RIGHT, tokens=100, overlong=10) == 0


@pytest.mark.parametrize("verdict", [Verdict.error("broke"), Verdict.timeout("slow")])
def test_a_failure_of_the_suite_is_no_reward(verdict):
    assert pay(verdict) is None
    assert pay(verdict, format=1.0, overlong=10) is None


def test_truncated_samples_are_masked_only_if_asked():
    assert pay(RIGHT, "length", mask_truncated=True) is None
    assert pay(RIGHT, "stop", tokens=100, mask_truncated=True) == 1


def test_the_reward_is_the_weighted_sum_of_the_parts():
    options = RewardConfig(score=0.5, format=0.2, overlong=20)
    parts = reward_parts(WRONG, 95, 100, options)
    assert parts == Parts(score=0.0, format=1.0, overlong=-0.75)
    assert part_weights(options) == Parts(score=0.5, format=0.2, overlong=1.0)
    assert reward(WRONG, "stop", 95, 100, options) == pytest.approx(0.2 - 0.75)


def test_every_status_has_parts():
    for status in Status:
        parts = reward_parts(Verdict(0.0, status), 1, 10, RewardConfig())
        assert parts.format == (status not in (Status.MISSING, Status.UNREADABLE))
