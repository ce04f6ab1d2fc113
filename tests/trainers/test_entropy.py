"""What holds the entropy up: a fixed bonus, one that follows a target, and samples at another temperature (AEPO)."""

import copy
import dataclasses
import json
import math

import pytest

torch = pytest.importorskip("torch")

from gradarium.core import Verdict  # noqa: E402
from gradarium.generators import get_task  # noqa: E402
from gradarium.trainers.advantages import ADVANTAGES  # noqa: E402
from gradarium.trainers.batch import compare  # noqa: E402
from gradarium.trainers.config import (  # noqa: E402
    EntropyConfig,
    GRPOConfig,
    LossConfig,
    RewardConfig,
    RunConfig,
    StepConfig,
    TaskEntry,
)
from gradarium.trainers.curricula.weighted import Weighted  # noqa: E402
from gradarium.trainers.data import Arm, Group, Rollout  # noqa: E402
from gradarium.trainers.entropy import EntropyControl  # noqa: E402
from gradarium.trainers.grpo import grpo_step, learn  # noqa: E402
from gradarium.trainers.learner import Learner  # noqa: E402
from gradarium.trainers.models import encode_answer, encode_prompt  # noqa: E402
from gradarium.trainers.policy import score  # noqa: E402
from gradarium.trainers.rewards import pay  # noqa: E402
from gradarium.trainers.rollouts import Collector  # noqa: E402

ARM = Arm("chain_arithmetic", 0)
AEPO = EntropyConfig(weight=0.3, mode="aepo", target=0.5, hot=1.5, cold=0.6, share=0.25)
CONFIG = RunConfig(
    style="brief",
    answer_format="plain",
    grpo=GRPOConfig(prompts=3, group=8, max_new_tokens=4),
    step=StepConfig(lr=0.0, lr_warmup=0, max_grad_norm=1e9),
    entropy=AEPO,
    task=(TaskEntry("chain_arithmetic"),),
)


# The controller


def test_a_fixed_bonus_stays():
    control = EntropyControl(EntropyConfig(weight=0.02))
    for entropy in (5.0, 0.0):
        assert control.weight == 0.02 and control.temperature is None
        control.update(entropy)


def test_an_adaptive_bonus_moves_by_delta_and_acts_below_its_target_alone():
    control = EntropyControl(EntropyConfig(weight=0.01, mode="adaptive", target=0.2, delta=0.005, largest=0.02))
    assert control.weight == 0.0  # nothing is known yet
    found = []
    for entropy in (0.1, 0.1, 0.1, 0.3, 0.1, 0.2):
        control.update(entropy)
        found.append(control.weight)
        assert control.temperature is None
    # c: 0.015, 0.02, 0.02 (the largest), 0.015 but above the target, 0.02, stays at the target
    assert found == pytest.approx([0.015, 0.02, 0.02, 0.0, 0.02, 0.02])
    for _ in range(10):
        control.update(9.0)
    control.update(0.1)
    assert control.weight == pytest.approx(0.005)  # never below 0 in between


def test_aepo_has_no_bonus_but_a_temperature():
    control = EntropyControl(AEPO)
    assert control.weight == 0.0 and control.temperature is None  # the first step knows no entropy
    for entropy, temperature in ((0.1, 1.5), (0.7, 0.6), (0.5, 0.6), (math.nan, None), (0.4, 1.5)):
        control.update(entropy)
        assert control.weight == 0.0 and control.temperature == temperature


@pytest.mark.parametrize("mode", ["fixed", "adaptive", "aepo"])
def test_a_resumed_control_goes_on_as_before(mode):
    control = EntropyControl(EntropyConfig(weight=0.01, mode=mode))
    for entropy in (None, 0.1, 0.15, 0.9):
        if entropy is not None:
            control.update(entropy)
        resumed = EntropyControl(control.options)
        resumed.load_state_dict(json.loads(json.dumps(control.state_dict(), allow_nan=False)))
        assert (resumed.weight, resumed.temperature) == (control.weight, control.temperature)
        assert resumed.state_dict() == control.state_dict()


# AEPO in the loop


def judged(tiny, text, right, config=CONFIG, **marks):
    """A rollout of the present policy that is paid as the configuration says; ``right`` None: not judged."""
    tokenizer = tiny[1]
    verdict = {True: Verdict.correct(), False: Verdict.wrong("no"), None: Verdict.error("gone")}[right]
    ids = encode_answer(tokenizer, text)
    with torch.no_grad():
        logprobs = score(tiny[0], [prompt_of(tiny)], [ids], tokenizer.pad_token_id).logprobs[0].tolist()
    return pay(instance(), [Rollout(ids, logprobs, "stop", text, verdict, None, **marks)], 4, config.reward)[0]


def instance():
    return get_task(ARM.task).pose(0, ARM.level, "train", answer_format="plain")


def prompt_of(tiny):
    return encode_prompt(tiny[1], instance(), "brief")


def group(tiny, rollouts):
    return Group(ARM, instance(), prompt_of(tiny), rollouts)


TEMPERED = ((True, 0.3), (False, 0.0), (None, 0.0))


@pytest.mark.parametrize("advantage", ADVANTAGES)
def test_tempered_rollouts_are_compared_with_nobody(tiny, advantage):
    config = dataclasses.replace(CONFIG, grpo=dataclasses.replace(CONFIG.grpo, advantage=advantage))
    plain = [[judged(tiny, str(k), k in solved) for k in range(4)] for solved in ((0,), (1, 2), ())]
    extra = [judged(tiny, f"1{k}", right, tempered=True) for k, (right, _) in enumerate(TEMPERED)]
    without = [dataclasses.replace(group(tiny, rollouts), greedy=0.0) for rollouts in plain]
    among = [dataclasses.replace(g, rollouts=[*g.rollouts, *extra]) for g in without]
    alone, _ = compare(without, config)
    advantages, rewards = compare(among, config)
    assert torch.allclose(advantages[:, :4], alone, atol=1e-6)
    assert alone.abs().max() > 0
    assert torch.allclose(advantages[:, 4:], torch.tensor([paid for _, paid in TEMPERED]))
    assert rewards[0, 4:6].tolist() == [1.0, 0.0] and rewards[0, 6].isnan()


@pytest.mark.parametrize("options", [RewardConfig(format=0.5), RewardConfig(overlong=3), RewardConfig(score=0.0)])
def test_what_else_is_paid_makes_no_tempered_answer_right_or_wrong(tiny, options):
    config = dataclasses.replace(CONFIG, reward=options)
    rollouts = [judged(tiny, "123", right, config, tempered=True) for right in (True, False)]
    advantages, _ = compare([group(tiny, [judged(tiny, "1", False, config), *rollouts])], config)
    assert advantages[0].tolist() == pytest.approx([0.0, 0.3, 0.0])


def gradient(tiny, rollouts, config=CONFIG):
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], config, 0.0)
    metrics = learn(learner, [group(tiny, rollouts)], 0)
    return metrics, torch.cat([p.grad.flatten() for p in learner.model.parameters()])


def test_a_right_tempered_answer_is_learned_by_reinforce(tiny):
    model, tokenizer = copy.deepcopy(tiny[0]), tiny[1]
    wrong = [judged(tiny, text, False) for text in ("1", "2")]
    right = judged(tiny, "34", True, tempered=True)
    metrics, found = gradient(tiny, [*wrong, right])
    assert metrics["groups_kept"] == 1
    scores = score(model, [prompt_of(tiny)], [right.token_ids], tokenizer.pad_token_id)
    tokens = sum(len(r.token_ids) for r in (*wrong, right))
    (-0.3 * scores.logprobs.sum() / tokens).backward()
    assert torch.allclose(found, torch.cat([p.grad.flatten() for p in model.parameters()]), atol=1e-6)


@pytest.mark.parametrize("mismatch", ["token_tis", "icepop", "sequence_mis"])
def test_another_temperature_is_no_mismatch_of_the_engine(tiny, mismatch):
    config = dataclasses.replace(CONFIG, loss=LossConfig(mismatch=mismatch))
    plain = [judged(tiny, "1", True), judged(tiny, "2", False)]
    right = judged(tiny, "34", True, tempered=True)
    hotter = dataclasses.replace(right, logprobs=[lp - 3.0 for lp in right.logprobs])
    metrics, found = gradient(tiny, [*plain, hotter], config)
    _, expected = gradient(tiny, [*plain, right], config)
    assert metrics["mismatch_k3"] < 1e-9
    assert torch.allclose(found, expected, atol=1e-7)


class Generous:
    """Judges that every completion is right."""

    def judge(self, texts, tasks, payloads, formats):
        return [Verdict.correct()] * len(texts)


def test_the_first_step_has_no_tempered_rollouts_and_later_ones_have_their_share(tiny):
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], CONFIG, 0.0)
    collector = Collector(learner.engine, tiny[1], Weighted(CONFIG.task, 0), Generous(), CONFIG)
    first, _ = collector.collect(0, learner.entropy.temperature)
    learner.entropy.update(9.0)
    later, metrics = collector.collect(1, learner.entropy.temperature)
    assert [[r.tempered for r in g.rollouts] for g in first] == [[False] * 8] * 3
    assert [[r.tempered for r in g.rollouts] for g in later] == [[False] * 6 + [True] * 2] * 3
    assert metrics["groups_useful"] == 0


@pytest.mark.parametrize(("target", "rises"), [(9.0, True), (0.0, False)])
def test_the_entropy_goes_to_its_target(tiny, target, rises):
    model = copy.deepcopy(tiny[0])
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(5)  # a policy whose entropy is about half that of chance
    config = dataclasses.replace(
        CONFIG,
        step=StepConfig(lr=1e-3, lr_warmup=0),
        entropy=dataclasses.replace(AEPO, target=target, hot=2.0, cold=0.5, share=0.75, weight=1.0),
    )
    learner = Learner(model, tiny[1], config, 1e-3)
    collector = Collector(learner.engine, tiny[1], Weighted(config.task, 0), Generous(), config)
    learner.entropy.update(1.0)
    found = [grpo_step(learner, collector, step)[1]["entropy"] for step in range(12)]
    late = sum(found[-4:]) / 4
    assert late > found[0] + 0.3 if rises else late < found[0] - 1.0
