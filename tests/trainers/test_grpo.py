"""The update: invariant to how the batch is cut, blind to masked samples, and moving in the right direction."""

import copy
import dataclasses

import pytest

torch = pytest.importorskip("torch")

from gradarium.core import Verdict  # noqa: E402
from gradarium.generators import get_task  # noqa: E402
from gradarium.trainers.advantages import ADVANTAGES, NEEDS  # noqa: E402
from gradarium.trainers.aggregation import AGGREGATIONS  # noqa: E402
from gradarium.trainers.config import GRPOConfig, RunConfig, StepConfig, TaskEntry  # noqa: E402
from gradarium.trainers.curricula.weighted import Weighted  # noqa: E402
from gradarium.trainers.data import Arm, Completion, Group, Rollout  # noqa: E402
from gradarium.trainers.failures import TooManyErrors  # noqa: E402
from gradarium.trainers.grpo import grpo_step, learn  # noqa: E402
from gradarium.trainers.learner import Learner, NotFinite  # noqa: E402
from gradarium.trainers.losses import LOSSES  # noqa: E402
from gradarium.trainers.policy import LAYOUTS, score  # noqa: E402
from gradarium.trainers.rollouts import Collector  # noqa: E402
from gradarium.trainers.verdicts import VerdictPool  # noqa: E402

CONFIG = RunConfig(
    grpo=GRPOConfig(prompts=3, group=4, max_new_tokens=8),
    step=StepConfig(lr=0.0, lr_warmup=0, max_grad_norm=1e9),
    task=(TaskEntry("chain_arithmetic"), TaskEntry("countdown")),
)


def change(config=CONFIG, **sections):
    return dataclasses.replace(
        config, **{name: dataclasses.replace(getattr(config, name), **new) for name, new in sections.items()}
    )


def group(tiny, arm, prompt, completions, rewards, greedy=0.0):
    model, tokenizer = tiny

    def ids(text):
        return tokenizer(text, add_special_tokens=False).input_ids

    answers = [[*ids(c), tokenizer.eos_token_id] for c in completions]
    with torch.no_grad():
        scores = score(model, [ids(prompt)], answers, tokenizer.pad_token_id)
    rollouts = [
        Rollout(
            answer,
            scores.logprobs[k, : len(answer)].tolist(),
            "stop",
            completions[k],
            Verdict.correct() if reward else Verdict.wrong(""),
            reward,
            (reward or 0.0, 1.0, 0.0, 0.0),
        )
        for k, (answer, reward) in enumerate(zip(answers, rewards, strict=True))
    ]
    return Group(arm, get_task(arm.task).pose(0), ids(prompt), rollouts, greedy)


def batch(tiny):
    first, second = Arm("chain_arithmetic", 0), Arm("countdown", 0)
    return [
        group(tiny, first, "1+1", ["2", "3", "22", "x"], [1.0, 0.0, 0.0, 0.0]),
        group(tiny, second, "a longer prompt", ["yes", "no", "maybe", "7"], [0.0, 1.0, 1.0, None], 1.0),
        group(tiny, first, "of another size", ["9", "10"], [0.0, 1.0]),
        group(tiny, first, "all alike", ["a", "b", "c", "d"], [1.0, 1.0, 1.0, 1.0]),
    ]


def gradient(tiny, groups, config, reference=None):
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], config, config.step.lr)
    learner.reference = reference
    metrics = learn(learner, groups, 0)
    return metrics, torch.cat([p.grad.flatten() for p in learner.model.parameters()])


def other(tiny):
    """A reference that differs from the policy."""
    model = copy.deepcopy(tiny[0])
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.02 * torch.sin(torch.arange(p.numel(), dtype=torch.float32)).view_as(p))
    return model


VARIANTS = {
    **{f"loss {name}": {"loss": {"name": name, "select_share": 0.5}} for name in LOSSES},
    **{f"aggregation {name}": {"loss": {"aggregation": name}} for name in AGGREGATIONS},
    **{f"advantage {name}": {"grpo": {"advantage": name}} for name in ADVANTAGES},
    "top entropy": {"loss": {"select": "top_entropy", "select_share": 0.5}},
    "clip_cov": {"loss": {"select": "clip_cov", "select_share": 0.5}},
    "KL": {"kl": {"weight": 0.1}},
    "entropy bonus": {"entropy": {"weight": 0.1}},
    "IcePop": {"loss": {"mismatch": "icepop"}},
    "sequence TIS": {"loss": {"mismatch": "sequence_tis"}},
}


@pytest.mark.parametrize("sections", VARIANTS.values(), ids=VARIANTS)
def test_cut_layout_and_order_change_neither_loss_nor_gradient(tiny, sections):
    groups, config, reference = batch(tiny), change(**sections), other(tiny)
    whole, expected = gradient(tiny, groups, config, reference)
    assert expected.abs().max() > 1e-6
    cases = {
        "pieces of one group": (groups, change(config, step={"micro_tokens": 1})),
        "packed": (groups, change(config, step={"layout": "packed"})),
        "padded": (groups, change(config, step={"layout": "padded", "micro_tokens": 40})),
        "small head": (groups, change(config, step={"head_bytes": 1})),
    }
    if sections.get("loss", {}).get("select") != "clip_cov":  # which draws tokens by their place
        cases["reversed"] = (groups[::-1], config)
    for name, (order, settings) in cases.items():
        metrics, found = gradient(tiny, order, settings, reference)
        assert torch.allclose(found, expected, atol=2e-5), name
        for figure in ("loss", "entropy", "kl", "ratio_clipped", "mismatch_k3"):
            assert metrics[figure] == pytest.approx(whole[figure], abs=1e-5), (name, figure)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_masked_rollout_is_as_if_it_had_not_been_drawn(tiny, layout):
    groups, config = batch(tiny), change(step={"layout": layout})
    without = [dataclasses.replace(g, rollouts=[r for r in g.rollouts if r.reward is not None]) for g in groups]
    assert torch.allclose(gradient(tiny, groups, config)[1], gradient(tiny, without, config)[1], atol=1e-6)


def test_groups_without_a_signal_are_left_out_and_counted(tiny):
    metrics, with_all = gradient(tiny, batch(tiny), CONFIG)
    assert metrics["groups_kept"] == 3
    assert torch.equal(with_all, gradient(tiny, batch(tiny)[:3], CONFIG)[1])


def test_on_policy_the_engine_and_the_trainer_agree(tiny):
    metrics, _ = gradient(tiny, batch(tiny), CONFIG)
    assert metrics["mismatch_k3"] < 1e-9
    assert metrics["mismatch_effective"] == pytest.approx(1)


def test_two_updates_share_the_groups_and_look_at_the_policy_before_both(tiny):
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], change(grpo={"updates": 2}, step={"lr": 0.05}), 0.05)
    learner.set_lr(0)
    metrics = learn(learner, batch(tiny)[:3], 0)
    assert metrics["groups_kept"] == 3
    assert metrics["ratio_clipped"] > 0  # the second share is off-policy by then


def test_a_step_raises_the_probability_of_what_was_rewarded(tiny):
    config = change(step={"lr": 1e-3})
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], config, 1e-3)
    groups = batch(tiny)[:1]

    def logprobs():
        return learner.score(learner.model, groups).logprobs.sum(1).tolist()

    before = logprobs()
    learner.set_lr(0)
    learn(learner, groups, 0)
    after = logprobs()
    assert after[0] > before[0]
    assert sum(after[1:]) < sum(before[1:])
    assert not learner.stalled


def test_a_step_that_moves_nothing_is_seen(tiny):
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], CONFIG, 0.0)
    learn(learner, batch(tiny), 0)
    assert learner.stalled


@pytest.mark.parametrize("where", ["weights", "gradient"])
def test_nan_leaves_the_weights_and_names_the_step(tiny, where):
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], change(step={"lr": 0.1}), 0.1)
    learner.score(learner.model, batch(tiny))  # looks at the head once
    parameter = next(learner.model.parameters())
    if where == "weights":
        with torch.no_grad():
            parameter[:] = float("nan")
    else:
        parameter.register_hook(lambda grad: grad * float("inf"))
    before = [p.detach().clone() for p in learner.model.parameters()]
    with pytest.raises(NotFinite, match="lower the learning rate"):
        learn(learner, batch(tiny), 0)
    after = list(learner.model.parameters())
    assert all(torch.equal(a, b) or a.isnan().any() for a, b in zip(before, after, strict=True))


class Repeating:
    """An engine that gives the same completion to every prompt."""

    def __init__(self, model, completion):
        self.model, self.completion = model, completion

    def generate(self, prompts, samples, sampling, generator):
        counts = [samples] * len(prompts) if isinstance(samples, int) else samples
        return [[self.completion] * n for n in counts]


class Gone:
    """A judge whose sandbox is gone."""

    def judge(self, texts, tasks, payloads, formats):
        return [Verdict.error("the sandbox is gone")] * len(texts)


def test_too_many_failed_verdicts_stop_the_run(tiny):
    engine = Repeating(tiny[0], Completion([9], [0.0], "stop"))
    collector = Collector(engine, tiny[1], Weighted(CONFIG.task, 0), Gone(), CONFIG)
    with pytest.raises(TooManyErrors, match=r"step 0: 12 of 12.*the sandbox is gone"):
        collector.collect(0)


def test_dynamic_sampling_gives_up_after_its_rounds_and_counts_the_drops(tiny):
    config = change(sampling={"rounds": 3})
    engine = Repeating(tiny[0], Completion([9], [0.0], "stop"))
    collector = Collector(engine, tiny[1], Weighted(config.task, 0), VerdictPool(0), config)
    groups, metrics = collector.collect(0)
    assert groups == []
    assert metrics["groups_drawn"] == 9 and metrics["groups_useful"] == 0
    assert collector.drops.metrics()["groups/drawn"] == 9
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], config, 0.1)
    step_groups, record = grpo_step(learner, collector, 1)
    assert step_groups == [] and record["groups_kept"] == 0


class Half(Repeating):
    """Answers the first prompt of each call rightly every other time, all others never."""

    def __init__(self, model, right, wrong):
        self.model, self.right, self.wrong = model, right, wrong

    def generate(self, prompts, samples, sampling, generator):
        counts = [samples] * len(prompts) if isinstance(samples, int) else samples
        first = [self.right if k % 2 else self.wrong for k in range(counts[0])]
        return [first, *[[self.wrong] * n for n in counts[1:]]]


class Even:
    """Pays every completion that starts with token 9."""

    def __init__(self, tokenizer):
        self.text = tokenizer.decode([9])

    def judge(self, texts, tasks, payloads, formats):
        return [Verdict.correct() if text == self.text else Verdict.wrong("") for text in texts]


def test_dynamic_sampling_fills_the_batch_with_useful_groups(tiny):
    config = change(sampling={"rounds": 5})
    engine = Half(tiny[0], Completion([9], [0.0], "stop"), Completion([10], [0.0], "stop"))
    collector = Collector(engine, tiny[1], Weighted(config.task, 0), Even(tiny[1]), config)
    groups, metrics = collector.collect(0)
    assert len(groups) == 3 and all(len(set(g.rewards)) == 2 for g in groups)
    assert metrics["groups_drawn"] == 3 + 2 + 1


def test_oversampling_draws_more_and_keeps_what_is_asked(tiny):
    config = change(sampling={"oversample": 2.0})
    engine = Half(tiny[0], Completion([9], [0.0], "stop"), Completion([10], [0.0], "stop"))
    collector = Collector(engine, tiny[1], Weighted(config.task, 0), Even(tiny[1]), config)
    groups, metrics = collector.collect(0)
    assert metrics["groups_drawn"] == 6 and len(groups) == 1


def test_needs_are_fields_of_what_is_scored():
    assert set(NEEDS) <= set(ADVANTAGES)
