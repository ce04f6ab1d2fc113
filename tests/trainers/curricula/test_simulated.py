"""The simulated learner learns as it says it does, and its constants are those of the recorded run."""

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest

from gradarium.trainers.config import TaskEntry
from gradarium.trainers.curricula.uniform import Uniform
from gradarium.trainers.simulation import worlds
from gradarium.trainers.simulation.learner import SimulatedLearner, World
from gradarium.trainers.simulation.loop import mixture, rollouts_of_step, run_curriculum, run_rule
from gradarium.trainers.simulation.oracle import run_oracle
from gradarium.trainers.simulation.worlds import WORLDS

RUN = Path(__file__).parents[3] / "docs" / "runs" / "smollm2-eight-tasks"


def world(arms=3, **changes):
    """One task whose arms are alike, of success 1/2, and share nothing."""
    plain = World(
        tasks=(("task0", arms),),
        difficulty=np.zeros(arms),
        chance=np.zeros(arms),
        ceiling=np.ones(arms),
        rate=np.ones(arms),
        transfer=np.eye(arms),
        needs=np.full(arms, -1),
    )
    return dataclasses.replace(plain, **changes)


def taught(learner, arm, right, of=8):
    """Return the gains of a step on one group."""
    rewards = np.arange(of)[None, :] < right
    return learner.learn(np.array([arm]), np.array([0]), rewards)


# One group.


def test_a_group_teaches_its_variance():
    for right, gain in ((0, 0.0), (1, 7 / 64), (4, 1 / 4), (8, 0.0)):
        assert taught(SimulatedLearner(world(), 0), 1, right) == pytest.approx([0, gain, 0])
    assert taught(SimulatedLearner(world(power=0.5), 0), 1, 4) == pytest.approx([0, 0.5, 0])


def test_success_rises_by_the_gain():
    learner = SimulatedLearner(world(), 0)
    taught(learner, 1, 4)
    assert learner.success() == pytest.approx([0.5, 1 / (1 + math.exp(-0.25)), 0.5])


def test_luck_and_slips_teach_little():
    """Of a guessed half of all answers nothing is due to skill: dp/dskill is 0 while p (1 - p) is 1/4."""
    guessed = SimulatedLearner(world(chance=np.full(3, 0.5), difficulty=np.full(3, 40.0)), 0)
    assert guessed.success() == pytest.approx([0.5] * 3)
    assert taught(guessed, 0, 4) == pytest.approx([0.0] * 3, abs=1e-12)
    # chance 0.2, skill 1/2: p = 0.6, slope = 0.8 / 4, share of the variance = 0.2 / 0.24
    some = SimulatedLearner(world(chance=np.full(3, 0.2)), 0)
    assert taught(some, 0, 4)[0] == pytest.approx(0.25 * 0.2 / 0.24)


def test_neighbours_get_a_share():
    transfer = np.array([[1, 0.2, 0.04], [0.2, 1, 0.2], [0.04, 0.2, 1]])
    assert taught(SimulatedLearner(world(transfer=transfer), 0), 0, 4) == pytest.approx([0.25, 0.05, 0.01])


def test_an_arm_that_cannot_be_learned_gets_nothing_by_transfer_either():
    learner = SimulatedLearner(world(transfer=np.ones((3, 3)), rate=np.array([1.0, 0.0, 1.0])), 0)
    assert taught(learner, 0, 4) == pytest.approx([0.25, 0, 0.25])
    assert learner.best() == pytest.approx([1, 0.5, 1])


def test_a_prerequisite_holds_back_until_it_is_mastered():
    learner = SimulatedLearner(world(needs=np.array([-1, 0, 1]), difficulty=np.array([1.0, 0, 0])), 0)
    assert learner.success()[0] < 0.5
    assert taught(learner, 1, 4) == pytest.approx([0, 0, 0])
    assert taught(learner, 2, 4) == pytest.approx([0, 0, 0.25])  # its own is mastered from the start
    for _ in range(4):
        taught(learner, 0, 4)
    assert learner.success()[0] == pytest.approx(0.5)
    assert taught(learner, 1, 4)[1] == pytest.approx(0.25)


def test_what_is_not_practised_decays():
    learner = SimulatedLearner(world(forgetting=0.01), 0)
    taught(learner, 0, 4)
    assert learner.skill[0] == pytest.approx(0.25)
    for _ in range(50):
        taught(learner, 1, 0)
    assert learner.skill[0] == pytest.approx(0.25 * 0.99**50)
    for _ in range(50):
        taught(learner, 0, 8)  # practised, though nothing is learned
    assert learner.skill[0] == pytest.approx(0.25 * 0.99**50)


def test_an_instance_that_comes_again_is_memorised():
    learner = SimulatedLearner(world(memorised=5.0), 0)
    again, fresh = np.array([0, 0]), np.array([0, 1])
    taught(learner, 0, 4)
    right = learner.answer(np.repeat(again, 2000), np.repeat(fresh, 2000), 8).reshape(2, -1).mean(axis=1)
    expected = [1 / (1 + math.exp(-0.25 * 6)), 1 / (1 + math.exp(-0.25))]
    assert right == pytest.approx(expected, abs=0.015)


def test_success_is_the_mean_over_instances():
    learner = SimulatedLearner(world(spread=2.0, difficulty=np.array([-3.0, 0.0, 3.0])), 0)
    arms = np.repeat([0, 1, 2], 8000)
    found = learner.answer(arms, np.tile(np.arange(8000), 3), 8).reshape(3, -1).mean(axis=1)
    assert learner.success() == pytest.approx(found, abs=0.02)
    assert learner.success()[1] == pytest.approx(0.5)


def test_instances_differ_as_much_as_they_should():
    """Groups with unequal rewards are fewer than with instances that are all alike."""
    useful = []
    for spread in (0.0, 2.0):
        learner = SimulatedLearner(world(spread=spread), 0)
        right = learner.answer(np.zeros(4000, int), np.arange(4000), 8).sum(axis=1)
        useful.append(np.mean((right > 0) & (right < 8)))
    assert useful[0] == pytest.approx(1 - 2 * 0.5**8, abs=0.01)
    assert useful[1] == pytest.approx(0.725, abs=0.015)  # the integral over x ~ N(0, 2)


# A run.


@pytest.mark.parametrize("name", WORLDS)
def test_a_seed_repeats_and_seeds_differ(name):
    first, second, third = (run_rule("sec", WORLDS[name](seed), seed, budget=8192) for seed in (1, 1, 2))
    assert (first.success == second.success).all() and (first.drawn == second.drawn).all()
    assert (first.drawn != third.drawn).any()
    assert (first.success >= 0).all() and (first.success <= 1).all()
    assert first.success[-1].mean() > first.success[0].mean()


def test_all_rollouts_are_counted():
    """16 groups of 8; LILO probes four times as many with 4 and gives the best 16 another 4."""
    plain = run_rule("uniform", WORLDS["even"](0), 0, budget=1000, prompts=16)
    assert plain.rollouts.tolist() == [0, 128, 256, 384, 512, 640, 768, 896]
    assert plain.drawn.sum(axis=1).tolist() == [0] + [16] * 7
    probing = run_rule("lilo", WORLDS["even"](0), 0, budget=1000, prompts=16)
    assert probing.rollouts.tolist() == [0, 320, 640, 960]
    assert probing.drawn.sum(axis=1).tolist() == [0, 64, 64, 64]


def test_a_probe_is_not_larger_than_the_group(make):
    rule = make("lilo", options={"probe": 12})
    assert rollouts_of_step(rule, 16, 8) == 64 * 8


def test_the_collector_and_the_simulation_tell_a_rule_the_same(make):
    """Groups that are kept come first and are whole, the others have their probe."""
    told = []
    rule = make("lilo", levels={"task0": 3}, options={"probe": 2, "candidates": 2.0})
    rule.learn = lambda seen: told.append([len(one.scores) for one in seen])
    run_curriculum(rule, SimulatedLearner(world(), 0), steps=2, prompts=4)
    assert told == [[8] * 4 + [2] * 4] * 2


class Widest(Uniform):
    """Knows the true success, and draws the arm with the greatest p (1 - p)."""

    def probabilities(self):
        p = self.learner.success()
        return np.eye(len(p))[np.argmax(p * (1 - p))].tolist()


def way(trace):
    """Return how far the mean success came at each step, 0 at the start, 1 when all is learned."""
    mean = trace.success.mean(axis=1)
    return (mean - mean[0]) / (trace.best.mean() - mean[0])


def test_the_arm_of_most_variance_beats_uniform():
    """Six levels of one task; to half of the way."""
    steps_on = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
    ladder = world(6, difficulty=2 + 1.5 * np.arange(6), rate=np.full(6, 0.26), transfer=0.2**steps_on, spread=2.0)
    for seed in range(3):
        taken = []
        for rule in (Widest(mixture(ladder), seed), Uniform(mixture(ladder), seed)):
            rule.learner = SimulatedLearner(ladder, seed)
            taken.append(np.argmax(way(run_curriculum(rule, rule.learner, steps=100)) >= 0.5))
        assert 1.5 * taken[0] < taken[1]


def test_who_sees_into_the_learner_gains_where_there_is_something_to_choose():
    """By the area under the way."""
    areas = {}
    for name, budget in (("baseline", 128_000), ("even", 20_000)):
        there = WORLDS[name](1)
        seeing = run_oracle(there, 1, budget=budget)
        areas[name] = way(seeing).mean() / way(run_rule("uniform", there, 1, budget=budget)).mean()
    assert areas["baseline"] > 1.5
    assert areas["even"] == pytest.approx(1.0, abs=0.1)


def test_promise_is_what_a_group_brings():
    """The mean over many groups, for a world with everything in it."""
    there = WORLDS["prerequisites"](1)
    promised = SimulatedLearner(there, 0).promise()
    measured = []
    for arm in (0, 1, 6, 12, 18, 24, 30):
        learner = SimulatedLearner(there, 0)
        groups = np.full(4000, arm), np.arange(4000)
        gain = learner.learn(*groups, learner.answer(*groups, 8)) / 4000
        slope = (learner._curve(1e-4 + np.zeros(36)) - learner._curve(np.zeros(36))) / 1e-4
        measured.append((promised[arm] * 7 / 8, gain @ slope))
    assert [found for _, found in measured] == pytest.approx([wanted for wanted, _ in measured], rel=0.15, abs=1e-6)
    assert max(measured)[0] > 1e-3


def test_tasks_of_a_world_weigh_alike():
    entries = mixture(WORLDS["baseline"](0))
    assert entries == [TaskEntry(f"task{i}", (0, 1, 2, 3, 4, 5), 1.0) for i in range(6)]


# The constants.


@pytest.fixture(scope="module")
def recorded():
    """Return success before and after by arm, mean rewards by arm and step, and the share of unequal groups."""
    results = json.loads((RUN / "results.json").read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in (RUN / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line["stage"] == "grpo"]
    before, after = ({(r["task"], r["level"]): r["success"] for r in results[name]} for name in ("start", "grpo"))
    tasks = [arm.partition("/")[0] for arm in lines[0]["reward"]]
    rewards = np.array([[line["reward"].get(f"{task}/0", np.nan) for task in tasks] for line in lines])
    return tasks, before, after, rewards, np.mean([line["groups_useful"] / line["groups_drawn"] for line in lines])


class Spread:
    """Arms of any mean success whose instances differ by ``worlds.SPREAD`` logits."""

    def __init__(self, spread):
        self.skill = np.linspace(-14, 14, 1500)
        points, weights = np.polynomial.hermite_e.hermegauss(41)
        p = 1 / (1 + np.exp(-(self.skill[:, None] + spread * points)))
        weights = weights / weights.sum()
        self.mean = p @ weights
        self.variance = (p * (1 - p)) @ weights * 7 / 8  # of the rewards of a group of 8
        self.unequal = (1 - p**8 - (1 - p) ** 8) @ weights

    def at(self, values, success):
        return np.interp(np.clip(success, 0.01, 0.98), self.mean, values)


def smooth(rewards):
    """Return the mean over 17 steps; an arm has 16 rollouts in a step."""
    return np.array([np.nanmean(rewards[max(0, t - 8) : t + 9], axis=0) for t in range(len(rewards))])


def test_start_and_rate_are_those_of_the_recorded_run(recorded):
    tasks, before, after, rewards, _ = recorded
    curve = Spread(worlds.SPREAD)
    start = curve.at(curve.skill, [before[task, 0] for task in tasks])
    assert -start.mean() == pytest.approx(worlds.START, abs=0.1)
    assert start.std() == pytest.approx(worlds.START_SPREAD, abs=0.1)
    gained = curve.at(curve.skill, [after[task, 0] for task in tasks]) - start
    shown = 2 * curve.at(curve.variance, smooth(rewards)).sum(axis=0)  # two groups of each task in a step
    assert np.median(gained / shown) == pytest.approx(worlds.RATE, abs=0.02)


def test_instances_differ_as_in_the_recorded_run(recorded):
    *_, rewards, unequal = recorded
    expected = {s: Spread(s).at(Spread(s).unequal, smooth(rewards)).mean() for s in (0.0, worlds.SPREAD, 2.5)}
    assert unequal == pytest.approx(0.44, abs=0.005)
    assert expected[0.0] == pytest.approx(0.77, abs=0.01)
    assert expected[worlds.SPREAD] == pytest.approx(0.52, abs=0.01)
    assert expected[2.5] == pytest.approx(0.46, abs=0.01)


def test_gap_and_transfer_are_those_of_the_recorded_run(recorded):
    """The page of the run says what four tasks did one level up."""
    text = (RUN / "README.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if " level 1 | " in line]
    above = {name.removesuffix(" level 1"): (float(first), float(last)) for name, first, last in rows}
    assert len(above) == 4
    _, before, after, *_ = recorded
    curve = Spread(worlds.SPREAD)

    def skill(success):
        return float(curve.at(curve.skill, success))

    gaps = [skill(before[task, 0]) - skill(first) for task, (first, _) in above.items()]
    assert np.mean(gaps) == pytest.approx(worlds.GAP, abs=0.1)
    shares = [
        (skill(last) - skill(first)) / (skill(after[task, 0]) - skill(before[task, 0]))
        for task, (first, last) in above.items()
    ]
    assert np.mean(shares) == pytest.approx(worlds.NEIGHBOUR, abs=0.05)
