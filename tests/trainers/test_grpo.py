"""The update: invariant to micro-batches, blind to masked samples, and moving in the right direction."""

import copy
import dataclasses

import pytest

torch = pytest.importorskip("torch")

from gradarium.core import Verdict  # noqa: E402
from gradarium.generators import get_task  # noqa: E402
from gradarium.trainers.config import GRPOConfig  # noqa: E402
from gradarium.trainers.data import Arm, Group, Rollout  # noqa: E402
from gradarium.trainers.grpo import TooManyErrors, collect, grpo_step  # noqa: E402
from gradarium.trainers.policy import score  # noqa: E402

CONFIG = GRPOConfig(prompts=3, group=4, max_new_tokens=8)


def group(tokenizer, prompt, completions, rewards):
    def ids(text):
        return tokenizer(text, add_special_tokens=False).input_ids

    rollouts = [
        Rollout([*ids(c), tokenizer.eos_token_id], [0.0] * (len(c) + 1), "stop", c, Verdict.wrong(""), r)
        for c, r in zip(completions, rewards, strict=True)
    ]
    return Group(Arm("chain_arithmetic", 0), get_task("chain_arithmetic").pose(0), ids(prompt), rollouts)


def batch(tokenizer):
    return [
        group(tokenizer, "1+1", ["2", "3", "22", "x"], [1.0, 0.0, 0.0, 0.0]),
        group(tokenizer, "a longer prompt", ["yes", "no", "maybe", "7"], [0.0, 1.0, 1.0, None]),
        group(tokenizer, "all alike", ["a", "b", "c", "d"], [1.0, 1.0, 1.0, 1.0]),
    ]


def gradient(tiny, groups, config):
    model, tokenizer = copy.deepcopy(tiny[0]), tiny[1]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    metrics = grpo_step(model, copy.deepcopy(tiny[0]), tokenizer, optimizer, groups, config)
    return metrics, torch.cat([p.grad.flatten() for p in model.parameters()])


@pytest.mark.parametrize("aggregation", ["token_mean", "seq_mean_token_mean", "seq_mean_token_sum_norm"])
@pytest.mark.parametrize("kl", [0.0, 0.1])
def test_micro_batches_do_not_change_loss_or_gradient(tiny, aggregation, kl):
    config = dataclasses.replace(CONFIG, aggregation=aggregation, kl=kl, max_grad_norm=1e9)
    groups = batch(tiny[1])
    whole, expected = gradient(tiny, groups, config)
    cut, found = gradient(tiny, groups, dataclasses.replace(config, micro_tokens=1))
    assert torch.allclose(found, expected, atol=1e-5)
    assert cut["loss"] == pytest.approx(whole["loss"], abs=1e-6)


def test_order_of_groups_does_not_change_the_gradient(tiny):
    config = dataclasses.replace(CONFIG, max_grad_norm=1e9)
    groups = batch(tiny[1])
    assert torch.allclose(gradient(tiny, groups, config)[1], gradient(tiny, groups[::-1], config)[1], atol=1e-5)


def test_groups_without_a_signal_are_left_out_and_counted(tiny):
    metrics, with_all = gradient(tiny, batch(tiny[1]), CONFIG)
    assert metrics["groups_kept"] == 2
    assert torch.equal(with_all, gradient(tiny, batch(tiny[1])[:2], CONFIG)[1])


def test_a_step_raises_the_probability_of_what_was_rewarded(tiny):
    model, tokenizer = copy.deepcopy(tiny[0]), tiny[1]
    groups = batch(tokenizer)[:1]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

    def logprobs():
        completions = [r.token_ids for r in groups[0].rollouts]
        return score(model, [groups[0].prompt_ids], completions, tokenizer.pad_token_id).logprobs.sum(1).tolist()

    before = logprobs()
    grpo_step(model, None, tokenizer, optimizer, groups, CONFIG)
    after = logprobs()
    assert after[0] > before[0]
    assert sum(after[1:]) < sum(before[1:])


class FailingEngine:
    """An engine whose answers the suite cannot judge, through a verifier that fails."""

    def __init__(self, model):
        self.model = model

    def generate(self, prompts, samples, sampling, generator):
        from gradarium.trainers.data import Completion

        return [[Completion([9], [0.0], "stop")] * samples for _ in prompts]


def test_too_many_failed_verdicts_stop_the_run(tiny, monkeypatch):
    from gradarium.trainers import grpo
    from gradarium.trainers.config import RunConfig, TaskEntry
    from gradarium.trainers.curricula import Weighted

    monkeypatch.setattr(grpo, "grade_many", lambda texts, *rest: [Verdict.error("the sandbox is gone")] * len(texts))
    config = RunConfig(task=(TaskEntry("chain_arithmetic"),), grpo=CONFIG)
    with pytest.raises(TooManyErrors, match="the sandbox is gone"):
        collect(FailingEngine(tiny[0]), tiny[1], Weighted(config.task, 0), config, 0)
