"""What holds for every rule, those of others too: parts of a draw, no starving, the same draws after a restart."""

import json
import math
import random
from collections import Counter

import pytest

from gradarium.errors import UnknownName
from gradarium.trainers.config import TaskEntry
from gradarium.trainers.curricula import get_rule, rule_names
from gradarium.trainers.data import Arm

every_rule = pytest.mark.parametrize("name", rule_names())


def restored(make, name, rule, **common):
    """Return a new rule with the state of another, which went through JSON."""
    other = make(name, seed=99, **common)
    other.load_state_dict(json.loads(json.dumps(rule.state_dict())))
    return other


def test_rules_are_the_files_that_hold_one():
    assert {"uniform", "weighted", "stages", "e2h", "ladder", "adarft", "sec", "dump"} <= set(rule_names())
    assert {"mopps", "vcrl", "lilo", "pcl", "plr"} <= set(rule_names())
    assert not {"curriculum", "signals", "bounds"} & set(rule_names())


def test_an_unknown_rule_names_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'mopps'"):
        get_rule("mops")
    with pytest.raises(UnknownName):
        get_rule("signals")


# A draw.


def test_counts_differ_from_the_shares_by_less_than_one(make, rng):
    rule = make("uniform")
    for _ in range(500):
        weights = [rng.choice([0.0, rng.random(), 1.0]) for _ in range(rng.randint(1, 9))] + [rng.random() + 1e-9]
        n = rng.randint(0, 20)
        found = rule.systematic(weights, n)
        assert len(found) == n and found == sorted(found)
        for i, weight in enumerate(weights):
            assert abs(found.count(i) - n * weight / sum(weights)) < 1 + 1e-9
            assert weight or i not in found


def test_a_draw_has_its_floor_and_its_rehearsal(make, seen):
    """A schedule that stands on the easiest levels; whatever else is drawn comes from the two shares."""
    mixture = [TaskEntry("countdown", (0, 1), 3.0), TaskEntry("sudoku", (0, 1), 1.0)]
    rule = make("e2h", mixture=mixture, options={"shape": "classic"}, floor=0.25, rehearsal=0.25, steps=10**6)
    rule.update([seen("countdown/1", [1.0]), seen("sudoku/1", [0.5])])
    drawn = [rule.draw(8) for _ in range(1000)]
    assert all(len(pairs) == 8 for pairs in drawn)
    shares = {str(arm): n / 8000 for arm, n in Counter(arm for pairs in drawn for arm, _ in pairs).items()}
    floor = {"countdown/0": 0.375, "countdown/1": 0.375, "sudoku/0": 0.125, "sudoku/1": 0.125}
    rehearsed = {"countdown/1": 1.0}
    scheduled = {"countdown/0": 0.75, "sudoku/0": 0.25}
    for arm in floor:
        wanted = 0.25 * floor[arm] + 0.25 * rehearsed.get(arm, 0) + 0.5 * scheduled.get(arm, 0)
        assert shares[arm] == pytest.approx(wanted, abs=0.01), arm


def test_without_a_solved_arm_nothing_is_rehearsed(make):
    rule = make("e2h", options={"shape": "classic"}, rehearsal=0.5)
    assert {arm.level for _ in range(50) for arm, _ in rule.draw(8)} == {0}


def test_the_mean_score_of_an_arm_moves_slowly(make, seen):
    rule = make("weighted")
    rule.update([seen("sudoku/1", [1.0, 1.0]), seen("sudoku/1", [0.0, 0.0])])
    assert rule.mean_score[rule.position[Arm("sudoku", 1)]] == 0.5
    rule.update([seen("sudoku/1", [1.0]), seen("sudoku/2", [])])
    assert rule.mean_score[rule.position[Arm("sudoku", 1)]] == pytest.approx(0.55)
    assert rule.mean_score[rule.position[Arm("sudoku", 2)]] is None
    assert rule.step == 2


def test_levels_count_from_the_easiest_however_they_are_listed(make):
    rule = make("e2h", mixture=[TaskEntry("sudoku", (4, 1, 2))], options={"shape": "classic"})
    assert {arm.level for arm, _ in rule.draw(4)} == {1}


def test_draws_by_weight_heed_weights_alone(make):
    mixture = [TaskEntry("countdown", (0, 1), 3.0), TaskEntry("sudoku", (0,), 1.0)]
    rule = make("uniform", mixture=mixture, floor=0.1, rehearsal=0.1)
    counts = Counter(str(arm) for _ in range(100) for arm, _ in rule.draw_by_weight(8))
    assert counts == {"countdown/0": 300, "countdown/1": 300, "sudoku/0": 200}


@every_rule
def test_shares_are_of_the_last_draw(make, play, rng, name):
    rule = make(name)
    for _ in range(5):
        drawn, _ = play(rule, rng)
        counts = Counter(f"share/{arm}" for arm, _ in drawn)
        shares = {key: value for key, value in rule.metrics().items() if key.startswith("share/")}
        assert shares == pytest.approx({f"share/{arm}": counts[f"share/{arm}"] / len(drawn) for arm in rule.arms})


# Every rule.


@every_rule
def test_a_restart_in_the_middle_changes_nothing(make, play, name):
    common = {"steps": 30, "floor": 0.1, "rehearsal": 0.1}
    rule, noise = make(name, **common), random.Random(1)
    for step in range(30):
        if step in (3, 14, 15, 22):
            other, again = restored(make, name, rule, **common), random.Random()
            again.setstate(noise.getstate())
            assert other.metrics() == rule.metrics()
            for _ in range(6):
                assert play(other, again) == play(rule, noise)
                assert other.metrics() == rule.metrics()
            assert json.dumps(other.state_dict()) == json.dumps(rule.state_dict())
        play(rule, noise)


@every_rule
def test_a_restart_between_draw_and_update_changes_nothing(make, seen, play, rng, name):
    rule = make(name, floor=0.1)
    for _ in range(10):
        play(rule, rng)
    groups = [seen(str(arm), [float(k % 3 == 0) for k in range(8)], i) for arm, i in rule.draw(8)]
    other = restored(make, name, rule, floor=0.1)
    assert other.keep(groups, 6) == rule.keep(groups, 6)
    for each in (rule, other):
        each.update(groups)
    assert other.draw(20) == rule.draw(20)
    assert other.metrics() == rule.metrics()


@every_rule
def test_seeds_differ_and_repeat(make, name):
    first, second, third = (make(name, seed=seed, floor=0.3) for seed in (1, 1, 2))
    draws = [[rule.draw(8) for _ in range(20)] for rule in (first, second, third)]
    assert draws[0] == draws[1] != draws[2]


@every_rule
def test_no_arm_starves_while_there_is_a_floor(make, play, rng, name):
    """The easiest level of one task is always right, all other arms are always wrong."""
    rule = make(name, floor=0.05, rehearsal=0.1, steps=400)
    drawn = Counter()
    for _ in range(400):
        pairs, _ = play(rule, rng, skill=lambda arm: float(arm == Arm("countdown", 0)))
        drawn.update(arm for arm, _ in pairs)
    assert set(drawn) == set(rule.arms)
    assert min(drawn.values()) >= 0.5 * 0.05 * 400 * 8 * rule.candidates / len(rule.arms)


@every_rule
def test_no_instance_comes_twice_in_a_step_or_at_all_but_by_replay(make, play, rng, name):
    rule = make(name, floor=0.1, rehearsal=0.1)
    pairs = []
    for _ in range(60):
        drawn, _ = play(rule, rng)
        assert len(set(drawn)) == len(drawn)
        pairs += drawn
    assert (len(set(pairs)) < len(pairs)) == rule.repeats


@every_rule
def test_shares_sum_to_one_and_what_is_kept_exists(make, play, rng, name):
    rule = make(name, floor=0.1, steps=40)
    for _ in range(40):
        shares = rule.probabilities()
        assert len(shares) == len(rule.arms) and min(shares) >= 0
        assert math.fsum(shares) == pytest.approx(1)
        drawn, kept = play(rule, rng)
        assert len(kept) <= 8 and len(set(kept)) == len(kept) and set(kept) <= set(range(len(drawn)))
        assert all(math.isfinite(value) for value in rule.metrics().values())


@every_rule
@pytest.mark.parametrize(
    ("scores", "rewards"),
    [
        ([], []),
        ([1.0], [1.0]),
        ([0.0, 0.3, 1.0], [-3.0, 7.5, 1e6]),
        ([0.1 + 0.2, 0.3, 0.3], [-1e-320, 0.0, 1e-320]),
        ([0.5] * 8, [-1.0] * 8),
    ],
    ids=["all masked", "a single one", "any rewards", "nearly alike", "alike"],
)
def test_odd_feedback_breaks_nothing(make, seen, name, scores, rewards):
    rule = make(name, floor=0.1, rehearsal=0.1, steps=20)
    rule.update([])
    for _ in range(20):
        groups = [seen(str(arm), scores, i, rewards) for arm, i in rule.draw(8)]
        rule.keep(groups, 8)
        rule.update(groups)
        assert all(math.isfinite(value) for value in rule.metrics().values())
        json.dumps(rule.state_dict(), allow_nan=False)
    assert len(rule.draw(8)) == 8


@every_rule
@pytest.mark.parametrize("levels", [{"sudoku": 1}, {"sudoku": 1, "countdown": 1}, {"sudoku": 6}])
def test_small_mixtures(make, play, rng, name, levels):
    rule = make(name, levels=levels, floor=0.1, rehearsal=0.1, steps=20)
    for _ in range(25):  # further than planned, too
        drawn, _ = play(rule, rng)
        assert {arm for arm, _ in drawn} <= set(rule.arms)
    assert rule.draw(0) == []


@pytest.mark.parametrize("name", [name for name in rule_names() if name != "uniform"])
def test_weights_of_the_mixture_are_heeded(make, play, rng, name):
    """Of two tasks that go alike, the one of four times the weight is drawn more, whatever else a rule looks at."""
    mixture = [TaskEntry("countdown", (0, 1, 2), 4.0), TaskEntry("sudoku", (0, 1, 2), 1.0)]
    counts = Counter()
    for seed in range(5):
        rule = make(name, mixture=mixture, seed=seed, steps=40)
        counts.update(arm.task for _ in range(40) for arm, _ in play(rule, rng)[0])
    assert counts["countdown"] > 1.25 * counts["sudoku"] > 0


def test_uniform_heeds_no_weights(make):
    rule = make("uniform", mixture=[TaskEntry("countdown", (0,), 9.0), TaskEntry("sudoku", (0,), 1.0)])
    assert Counter(arm.task for arm, _ in rule.draw(20)) == {"countdown": 10, "sudoku": 10}
