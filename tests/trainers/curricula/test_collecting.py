"""The collector with rules that do more than draw: probing, keeping, replaying; what is left out of a full batch."""

import copy
import dataclasses

import pytest

torch = pytest.importorskip("torch")

from gradarium.core import Verdict  # noqa: E402
from gradarium.trainers.config import (  # noqa: E402
    GRPOConfig,
    RewardConfig,
    RunConfig,
    SamplingConfig,
    StepConfig,
    TaskEntry,
)
from gradarium.trainers.curricula import feedback  # noqa: E402
from gradarium.trainers.curricula.signals import learnability, variance_share  # noqa: E402
from gradarium.trainers.grpo import grpo_step  # noqa: E402
from gradarium.trainers.learner import Learner  # noqa: E402
from gradarium.trainers.rollouts import Collector  # noqa: E402

CONFIG = RunConfig(
    grpo=GRPOConfig(prompts=4, group=6, max_new_tokens=6),
    step=StepConfig(lr=1e-4, lr_warmup=0),
    task=(TaskEntry("chain_arithmetic", (0, 1)), TaskEntry("countdown", (0,))),
)


class Whim:
    """A judge that looks at the text alone, and finds about half of a random model's answers right."""

    def judge(self, texts, tasks, payloads, formats):
        return [Verdict.correct() if sum(map(ord, text)) % 2 else Verdict.wrong("") for text in texts]


@pytest.fixture
def start(tiny, make):
    def started(name, config=CONFIG, **options):
        learner = Learner(copy.deepcopy(tiny[0]), tiny[1], config, config.step.lr)
        rule = make(name, mixture=config.task, options=options, steps=4)
        return learner, Collector(learner.engine, tiny[1], rule, Whim(), config), rule

    return started


def key(group):
    return group.arm, group.instance.index


def test_only_the_most_learnable_probes_become_groups(start):
    learner, collector, rule = start("lilo", candidates=3.0, probe=2)
    groups, metrics = grpo_step(learner, collector, 0)
    assert metrics["groups_drawn"] == 12 and len(groups) == 4
    assert all(len(group.rollouts) == 6 for group in groups)
    others = [group for group in collector.drawn if group not in groups]
    assert len(others) == 8 and all(len(group.rollouts) == 2 for group in others)
    assert metrics["tokens"] == sum(len(r.token_ids) for group in collector.drawn for r in group.rollouts)
    kept = [learnability(feedback(group).scores[:2]) for group in groups]
    assert min(kept) >= max(learnability(feedback(group).scores) for group in others)
    assert rule.figures()["learnability"] == pytest.approx(sum(kept) / 4)
    assert rule.step == 1


def test_a_probe_as_large_as_a_group_is_the_group(start):
    learner, collector, _ = start("lilo", candidates=2.0, probe=10)
    groups, metrics = grpo_step(learner, collector, 0)
    assert metrics["groups_drawn"] == 8
    assert all(len(group.rollouts) == 6 for group in collector.drawn) and len(groups) == 4


def test_empty_places_are_filled_from_the_bank_in_the_next_step(start):
    learner, collector, rule = start("vcrl", kappa=0.85)
    known, replayed = {}, 0
    for step in range(4):
        empty, bank = rule.empty, set(rule.bank)
        groups, _ = grpo_step(learner, collector, step)
        assert all(variance_share(feedback(group).scores) >= 0.85 for group in groups)
        again = [group for group in collector.drawn if key(group) in known]
        assert len(again) == min(empty, len(bank))
        assert all(group.prompt_ids == known[key(group)] for group in again)
        assert rule.empty == 4 - len(groups)
        known |= {key(group): group.prompt_ids for group in collector.drawn}
        replayed += len(again)
    assert replayed


def test_with_rounds_they_are_filled_in_the_same_step(start):
    config = dataclasses.replace(CONFIG, sampling=SamplingConfig(rounds=6))
    learner, collector, rule = start("vcrl", config, kappa=0.85)
    known = set()
    again = 0
    for step in range(5):
        groups, _ = grpo_step(learner, collector, step)
        drawn = [key(group) for group in collector.drawn]
        assert len(groups) == 4 and len(set(drawn)) == len(drawn)
        assert not known & set(drawn[:4])  # the first round left no place of the step before empty
        again += len(known & set(drawn[4:]))
        known |= set(drawn)
    assert again and rule.empty == 0


def test_what_was_posed_before_is_posed_again_word_for_word(start):
    learner, collector, rule = start("plr", replay=0.5, capacity=8, fill=0.5)
    known = {}
    for step in range(3):
        grpo_step(learner, collector, step)
        again = [group for group in collector.drawn if key(group) in known]
        assert len(again) == (2 if step else 0)
        assert all(group.prompt_ids == known[key(group)] for group in again)
        known |= {key(group): group.prompt_ids for group in collector.drawn}
    assert len(rule.buffer) == 8


def test_a_step_without_any_group_goes_on(start):
    learner, collector, rule = start("vcrl", kappa=1.0)
    collector.judge.judge = lambda texts, *others: [Verdict.wrong("")] * len(texts)
    groups, metrics = grpo_step(learner, collector, 0)
    assert groups == [] and metrics["groups_kept"] == 0
    assert rule.step == 1 and rule.empty == 4


def test_what_a_full_batch_leaves_out_is_not_always_the_last_arm(start):
    config = dataclasses.replace(
        CONFIG, grpo=GRPOConfig(prompts=3, group=6, max_new_tokens=6), sampling=SamplingConfig(oversample=2.0)
    )
    _, collector, _ = start("uniform", config)
    collector.judge.judge = lambda texts, *others: [
        Verdict.correct() if k % 2 else Verdict.wrong("") for k in range(len(texts))
    ]
    groups, metrics = collector.collect(0)
    assert metrics["groups_useful"] == metrics["groups_drawn"] == 6
    assert {str(group.arm) for group in groups} == {"chain_arithmetic/0", "chain_arithmetic/1", "countdown/0"}


def test_the_budget_of_gvm_is_that_of_the_groups_that_are_kept(start):
    config = dataclasses.replace(CONFIG, sampling=SamplingConfig(allocation="gvm", least=2, most=20))
    _, collector, _ = start("lilo", config, candidates=3.0, probe=2)
    collector.arms.load_state_dict({"means": {}, "variances": {"countdown/0": 0.0}, "norms": {}})
    groups, _ = collector.collect(0)
    assert len(groups) == 4 and sum(len(group.rollouts) for group in groups) == 4 * 6


@pytest.mark.parametrize(
    ("verdict", "reward", "fate"),
    [
        (Verdict.wrong(""), RewardConfig(format=3.0), "too_hard"),
        (Verdict.correct(), RewardConfig(length="lcpo_max", effort_margin=0.1), "too_easy"),
    ],
    ids=["paid much for the form", "paid little for the length"],
)
def test_what_was_too_hard_or_too_easy_is_told_by_scores_and_not_by_pay(start, verdict, reward, fate):
    _, collector, _ = start("uniform", dataclasses.replace(CONFIG, reward=reward, sampling=SamplingConfig(spread=1.0)))
    collector.judge.judge = lambda texts, *others: [verdict] * len(texts)
    collector.collect(0)
    assert collector.drops.metrics()[f"groups/{fate}"] == 1
