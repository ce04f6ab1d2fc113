"""Stages that learn from reference answers: what is kept, given and masked, and that each does what its paper says."""

import copy
import dataclasses
import itertools
import json
import math
import random

import pytest

torch = pytest.importorskip("torch")

from gradarium.core import Verdict  # noqa: E402
from gradarium.generators import get_task  # noqa: E402
from gradarium.trainers.config import (  # noqa: E402
    GRPOConfig,
    GuidanceConfig,
    RejectionConfig,
    RunConfig,
    StepConfig,
    TaskEntry,
)
from gradarium.trainers.curricula.weighted import Weighted  # noqa: E402
from gradarium.trainers.data import Arm, Completion, Group, Rollout  # noqa: E402
from gradarium.trainers.grpo import grpo_step, learn  # noqa: E402
from gradarium.trainers.learner import Learner  # noqa: E402
from gradarium.trainers.losses import LOSSES, log_ratio  # noqa: E402
from gradarium.trainers.models import decode, encode_answer, encode_prompt, encode_reference  # noqa: E402
from gradarium.trainers.policy import LAYOUTS, score  # noqa: E402
from gradarium.trainers.rollouts import Collector, pose_batch  # noqa: E402
from gradarium.trainers.supervised.hints import with_hint  # noqa: E402
from gradarium.trainers.supervised.interleaved import HardProblems  # noqa: E402
from gradarium.trainers.supervised.prefix import given_tokens, learned_tokens, share_at  # noqa: E402
from gradarium.trainers.supervised.rejection import batches, right_completions  # noqa: E402
from gradarium.trainers.supervised.step import supervised_step  # noqa: E402
from gradarium.trainers.supervised.warm_start import warm_start_step  # noqa: E402
from gradarium.trainers.verdicts import VerdictPool  # noqa: E402
from gradarium.verifiers.answers import FORMATS  # noqa: E402

ARM = Arm("chain_arithmetic", 3)
CONFIG = RunConfig(
    style="brief",
    answer_format="plain",
    grpo=GRPOConfig(steps=16, prompts=4, group=8, max_new_tokens=8),
    step=StepConfig(lr=3e-3, lr_warmup=0),
    task=(TaskEntry(ARM.task, (ARM.level,)),),
)


def change(config=CONFIG, **sections):
    return dataclasses.replace(
        config, **{name: dataclasses.replace(getattr(config, name), **new) for name, new in sections.items()}
    )


class HeldIn(Weighted):
    """A curriculum that draws the same problems in every step."""

    def __init__(self):
        super().__init__(CONFIG.task, 0)

    def draw(self, n):
        return [(ARM, index) for index in range(n)]

    draw_by_weight = draw


PROBLEMS = pose_batch(HeldIn().draw(4), CONFIG)


def encoded(tokenizer, instances=PROBLEMS):
    return [encode_prompt(tokenizer, instance, "brief") for instance in instances]


def references(tokenizer):
    return [encode_reference(tokenizer, instance) for instance in PROBLEMS]


def start(tiny, config, model=None, engine=None):
    """Return a learner from the given weights, and a collector that draws the held-in problems."""
    learner = Learner(copy.deepcopy(model or tiny[0]), tiny[1], config, config.step.lr)
    return learner, Collector(engine or learner.engine, tiny[1], HeldIn(), VerdictPool(0), config)


def likelihood(learner, completions=None):
    """Return the log-probability of the held-in problems' reference answers, or of others, [4]."""
    tokenizer = learner.tokenizer
    with torch.no_grad():
        scores = learner.score_pairs(learner.model, encoded(tokenizer), completions or references(tokenizer))
    return scores.logprobs.sum(1)


def weights(model):
    return [p.detach().clone() for p in model.parameters()]


def unchanged(before, model):
    return all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def taught(tiny, steps, lesson):
    """Return a copy of the model after supervised steps on what ``lesson(rng)`` returns: pairs."""
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], CONFIG, 1e-2)
    rng = random.Random(0)
    for _ in range(steps):
        supervised_step(learner, *zip(*lesson(rng), strict=True))
    return learner.model


def rollout(tokenizer, text, verdict, finish="stop", **fields):
    ids = encode_answer(tokenizer, text)[: None if finish == "stop" else -1]
    return Rollout(
        ids, [-1.0] * len(ids), finish, text, verdict, verdict.reward, (verdict.score, 1.0, 0.0, 0.0), **fields
    )


def group(tokenizer, rollouts, index=0, arm=ARM):
    instance = get_task(arm.task).pose(index, arm.level, "train", answer_format="plain")
    return Group(arm, instance, encode_prompt(tokenizer, instance, "brief"), rollouts)


RIGHT, WRONG = Verdict.correct(), Verdict.wrong("no")


# The supervised step


def test_the_loss_is_the_cross_entropy_of_a_completion_token(tiny):
    model, tokenizer = tiny
    learner, _ = start(tiny, change(step={"lr": 0.0}))
    prompts, answers = encoded(tokenizer)[:2], references(tokenizer)[:2]
    expected, count = 0.0, 0
    for prompt, answer in zip(prompts, answers, strict=True):
        logits = model(torch.tensor([[*prompt, *answer]])).logits[0, len(prompt) - 1 : -1]
        expected += torch.nn.functional.cross_entropy(logits, torch.tensor(answer), reduction="sum").item()
        count += len(answer)
    metrics = supervised_step(learner, prompts, answers)
    assert metrics["loss"] == pytest.approx(expected / count, rel=1e-5)
    assert metrics["tokens"] == sum(map(len, prompts)) + count
    assert 0 < metrics["entropy"] < math.log(len(tokenizer))


def test_cut_layout_order_and_sampling_temperature_change_nothing(tiny):
    prompts, answers = encoded(tiny[1]), references(tiny[1])

    def gradient(order=slice(None), **sections):
        learner, _ = start(tiny, change(change(step={"lr": 0.0, "max_grad_norm": 1e9}), **sections))
        metrics = supervised_step(learner, prompts[order], answers[order])
        return metrics["loss"], torch.cat([p.grad.flatten() for p in learner.model.parameters()])

    loss, expected = gradient()
    assert expected.abs().max() > 1e-3
    cases = [gradient(step={"micro_tokens": 1, "layout": layout}) for layout in LAYOUTS]
    cases += [gradient(slice(None, None, -1)), gradient(grpo={"temperature": 0.5})]
    for other, found in cases:
        assert other == pytest.approx(loss, rel=1e-5)
        assert torch.allclose(found, expected, atol=1e-5)


def test_warm_start_learns_the_references(tiny):
    learner, collector = start(tiny, CONFIG)
    learner.set_lr(0, 1e-2)
    before = likelihood(learner)
    losses = [warm_start_step(learner, PROBLEMS)["loss"] for _ in range(60)]
    assert losses[-1] < losses[0] / 5
    assert (likelihood(learner) > before + 10).all()
    groups, metrics = collector.sample(0, 4, 4)
    assert sum(r.verdict.score for g in groups for r in g.rollouts) > 8
    assert metrics["missing"] == 0


# Rejection fine-tuning


def test_rejection_keeps_different_right_and_finished_completions(tiny):
    tokenizer = tiny[1]
    rollouts = [
        rollout(tokenizer, "8", WRONG),
        rollout(tokenizer, "7", RIGHT, finish="length"),
        rollout(tokenizer, "7", RIGHT),
        rollout(tokenizer, "7", RIGHT),
        rollout(tokenizer, "07", RIGHT),
        rollout(tokenizer, "+7", RIGHT),
        rollout(tokenizer, "x", Verdict.error("gone")),
    ]
    groups = [group(tokenizer, rollouts), group(tokenizer, rollouts[:2], index=1)]
    kept = right_completions(groups, keep=2)
    assert kept == [(groups[0].prompt_ids, encode_answer(tokenizer, text)) for text in ("7", "07")]
    assert len(right_completions(groups, keep=9)) == 3


def test_one_text_in_other_tokens_is_not_another_completion(tiny):
    tokenizer = tiny[1]
    again = dataclasses.replace(rollout(tokenizer, "7", RIGHT), token_ids=[*tokenizer("7").input_ids, 0])
    kept = right_completions([group(tokenizer, [rollout(tokenizer, "7", RIGHT), again])], keep=2)
    assert [ids for _, ids in kept] == [encode_answer(tokenizer, "7")]


def test_batches_are_even_and_hold_every_arm():
    pairs = [([1], [k]) for k in range(10)]  # the first half from one arm, the rest from another
    found = batches(pairs, RejectionConfig(batch=4, epochs=2))
    assert [[ids[0] for _, ids in batch] for batch in found] == [[0, 3, 6, 9], [1, 4, 7], [2, 5, 8]] * 2
    assert batches([], RejectionConfig(batch=4)) == []
    assert batches(pairs, RejectionConfig(batch=64)) == [pairs]


def test_rejection_raises_what_was_right_and_nothing_else(tiny):
    tokenizer = tiny[1]
    prompts, right = encoded(tokenizer), references(tokenizer)
    wrong = [encode_answer(tokenizer, "9" + instance.reference) for instance in PROBLEMS]
    model = taught(tiny, 60, lambda rng: [*zip(prompts, right, strict=True), *zip(prompts, wrong, strict=True)])
    learner, collector = start(tiny, CONFIG, model)
    groups, _ = collector.sample(0, 4, 8)
    scores = [r.verdict.score for g in groups for r in g.rollouts]
    assert 0 < sum(scores) < len(scores)  # the policy errs, but not always
    kept = right_completions(groups, keep=2)
    assert kept and all((prompt, ids) in list(zip(prompts, right, strict=True)) for prompt, ids in kept)
    before = likelihood(learner), likelihood(learner, wrong)
    learner.set_lr(0, 3e-3)
    for batch in batches(kept, RejectionConfig(batch=2, epochs=8)):
        supervised_step(learner, *zip(*batch, strict=True))
    solved = [prompts.index(prompt) for prompt, _ in kept]
    assert (likelihood(learner)[solved] > before[0][solved]).all()
    assert (likelihood(learner, wrong)[solved] < before[1][solved]).all()
    after, _ = collector.sample(1, 4, 8)
    assert sum(r.verdict.score for g in after for r in g.rollouts) > sum(scores)


# ReLIFT


def test_problems_wait_where_nothing_was_earned_alone(tiny):
    tokenizer = tiny[1]

    def observed(*rollouts):
        hard = HardProblems(GuidanceConfig(sft_lr=1e-3))
        hard.observe([group(tokenizer, list(rollouts), index=5)])
        return hard.waiting == [(ARM, 5)]

    wrong, right, error = (rollout(tokenizer, "1", v) for v in (WRONG, RIGHT, Verdict.error("gone")))
    assert observed(wrong, wrong)
    assert observed(wrong, error)
    assert observed(wrong, rollout(tokenizer, "1", RIGHT, guided=True), rollout(tokenizer, "1", RIGHT, given=1))
    assert observed(dataclasses.replace(wrong, finish="length", reward=None))  # masked for its length, yet a failure
    assert not observed(wrong, right)
    assert not observed(error, error)
    off = HardProblems(GuidanceConfig())
    off.observe([group(tokenizer, [wrong])])
    assert off.waiting == []


def test_a_batch_is_taken_once_there_are_enough_and_the_queue_stays_short(tiny):
    tokenizer = tiny[1]
    hard = HardProblems(GuidanceConfig(sft_lr=1e-3, sft_batch=4))
    other = Arm("countdown", 0)
    hopeless = [rollout(tokenizer, "1", WRONG)]
    hard.observe([group(tokenizer, hopeless, index) for index in range(3)])
    assert hard.take() == [] and len(hard.waiting) == 3
    resumed = HardProblems(hard.options)
    resumed.load_state_dict(json.loads(json.dumps(hard.state_dict())))
    assert resumed.waiting == hard.waiting
    hard.observe([group(tokenizer, hopeless, index, other) for index in range(5)])
    taken = hard.take()
    assert taken == [(ARM, 0), (ARM, 2), (other, 1), (other, 3)]  # as many of each arm as it has
    assert hard.waiting == [] and hard.take() == []


def test_plain_grpo_learns_nothing_where_all_fail_and_relift_does(tiny):
    learner, collector = start(tiny, CONFIG)
    before = weights(learner.model)
    for step in range(3):
        groups, metrics = grpo_step(learner, collector, step)
        assert metrics["groups_kept"] == 0 and not any(r.verdict.score for g in groups for r in g.rollouts)
    assert unchanged(before, learner.model)

    hard = HardProblems(GuidanceConfig(sft_lr=1e-2, sft_batch=8))
    first, lifted = likelihood(learner), 0
    for step in range(24):
        groups, _ = grpo_step(learner, collector, step)
        hard.observe(groups)
        taken = hard.take()
        if taken:
            learner.set_lr(step, hard.options.sft_lr)
            warm_start_step(learner, pose_batch(taken, CONFIG))
            lifted += 1
    assert lifted == 12  # four problems fail in a step, eight make a batch
    assert (likelihood(learner) > first + 10).all()


def test_dynamic_sampling_hides_no_hard_problem(tiny):
    _, collector = start(tiny, change(sampling={"rounds": 2}))
    groups, metrics = collector.collect(0)
    assert groups == [] and metrics["groups_drawn"] == 8
    hard = HardProblems(GuidanceConfig(sft_lr=1e-3))
    hard.observe(collector.drawn)
    assert len(hard.waiting) == 8


# Prefix-RFT


def test_the_given_share_falls_along_a_cosine():
    shares = [share_at(step, 101, 0.95, 0.05) for step in range(101)]
    assert shares[0] == pytest.approx(0.95) and shares[50] == pytest.approx(0.5) and shares[100] == pytest.approx(0.05)
    assert shares[25] == pytest.approx(0.5 + 0.45 * math.sqrt(0.5))
    assert shares == sorted(shares, reverse=True)
    assert share_at(500, 101, 0.95, 0.05) == pytest.approx(0.05)  # a run that goes on
    assert share_at(0, 1, 0.95, 0.05) == pytest.approx(0.95)


@pytest.mark.parametrize("answer_format", FORMATS)
@pytest.mark.parametrize(("task", "level"), [("chain_arithmetic", 0), ("chain_arithmetic", 3), ("countdown", 3)])
def test_never_the_whole_reference_is_given(tiny, answer_format, task, level):
    tokenizer = tiny[1]
    for index in range(5):
        instance = get_task(task).pose(index, level, "train", answer_format=answer_format)
        answer = encode_reference(tokenizer, instance)
        form = FORMATS[answer_format]
        opening = len(form.render(instance.reference).partition(instance.reference)[0])
        pieces = [given_tokens(tokenizer, instance, share) for share in (0.0, 0.05, 0.5, 0.95, 1.0)]
        assert pieces[0] == []
        assert all(len(a) <= len(b) and answer[: len(b)] == b for a, b in itertools.pairwise(pieces))
        assert len(pieces[-1]) == opening + len(instance.reference) - 1  # all but its last character, one token each


def test_half_of_a_reference_is_given(tiny):
    instance = dataclasses.replace(PROBLEMS[0], reference="12345", answer_format="plain")
    assert decode(tiny[1], given_tokens(tiny[1], instance, 0.5)) == "123"
    assert decode(tiny[1], given_tokens(tiny[1], instance, 0.4)) == "12"


def test_of_the_given_tokens_the_most_uncertain_fifth_is_learned():
    entropy = torch.tensor([[3.0, 1.0, 9.0, 9.0], [2.0, 5.0, 0.0, 9.0], [4.0, 8.0, 9.0, 9.0]])
    mask = torch.tensor([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    given = torch.tensor([2, 3, 2])  # the last row is masked: its tokens are in no share
    learned = learned_tokens(entropy, mask, given)
    assert learned.tolist() == [[0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1]]  # one of five
    six = learned_tokens(entropy, mask, torch.tensor([3, 3, 0]))
    assert six.tolist() == [[0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1]]  # two of six: rounded up
    assert torch.equal(learned_tokens(entropy, mask, torch.zeros(3)), torch.ones(3, 4))
    order = [2, 1, 0]
    assert torch.equal(learned_tokens(entropy[order], mask[order], given[order]), learned[order])


class Recording:
    """An engine that adds the same tokens to every prompt and remembers what it was asked for."""

    def __init__(self, model, completion):
        self.model, self.completion, self.calls = model, completion, []

    def generate(self, prompts, samples, sampling, generator):
        counts = [samples] * len(prompts) if isinstance(samples, int) else list(samples)
        self.calls.append((prompts, counts, sampling))
        return [[self.completion] * n for n in counts]


def test_prefixed_rollouts_go_on_from_given_tokens_that_were_not_sampled(tiny):
    tokenizer = tiny[1]
    config = change(guidance={"prefix": 0.5, "prefix_start": 0.6})
    engine = Recording(tiny[0], Completion(encode_answer(tokenizer, "99"), [-1.0] * 3, "stop"))
    _, collector = start(tiny, config, engine=engine)
    groups, metrics = collector.collect(0)
    (plain, plain_counts, _), (prefixed, prefixed_counts, _) = engine.calls
    heads = [given_tokens(tokenizer, instance, 0.6) for instance in PROBLEMS]
    assert plain == encoded(tokenizer) and plain_counts == prefixed_counts == [4] * 4
    assert prefixed == [prompt + head for prompt, head in zip(plain, heads, strict=True)]
    for g, head in zip(groups, heads, strict=True):
        assert g.prompt_ids in plain and [r.given for r in g.rollouts] == [0] * 4 + [len(head)] * 4
        for r in g.rollouts[4:]:
            assert r.token_ids == [*head, *encode_answer(tokenizer, "99")]
            assert r.text == decode(tokenizer, head) + "99"
            assert all(map(math.isnan, r.logprobs[: r.given])) and r.logprobs[r.given :] == [-1.0] * 3
    assert metrics["tokens"] == 32 * 3


def test_given_tokens_are_in_no_figure_about_the_engine(tiny):
    config = change(step={"lr": 0.0}, guidance={"prefix": 0.5})
    found = []
    for head in (0, 2):
        learner, _ = start(tiny, config)
        rollouts = [rollout(tiny[1], text, v) for text, v in (("1234", RIGHT), ("1235", WRONG))]
        sampled = [[math.nan] * head + r.logprobs[head:] for r in rollouts]
        told = [dataclasses.replace(r, given=head, logprobs=lp) for r, lp in zip(rollouts, sampled, strict=True)]
        metrics = learn(learner, [group(tiny[1], told)], 0)
        with torch.no_grad():
            own = learner.score(learner.model, [group(tiny[1], rollouts)]).logprobs
        assert metrics["mismatch_mean"] == pytest.approx(float((own[:, head:] + 1).mean()), rel=1e-4)
        found.append(metrics["mismatch_mean"])
    assert found[0] != pytest.approx(found[1], rel=1e-3)


def test_prefixes_solve_what_sampling_never_does(tiny):
    tokenizer = tiny[1]

    def lesson(rng):  # it knows how every answer goes on, but begins each with a letter
        texts = [rng.choice("abcdefghij") + instance.reference[1:] for instance in [*PROBLEMS, *PROBLEMS]]
        return list(zip(encoded(tokenizer) * 2, [encode_answer(tokenizer, text) for text in texts], strict=True))

    model = taught(tiny, 60, lesson)
    learner, collector = start(tiny, CONFIG, model)
    before = weights(model)
    for step in range(4):
        grpo_step(learner, collector, step)
    assert unchanged(before, learner.model)

    learner, collector = start(tiny, change(guidance={"prefix": 0.5}), model)
    first, given, solved = likelihood(learner), [], 0.0
    for step in range(16):
        groups, _ = grpo_step(learner, collector, step)
        given.append([g.rollouts[-1].given for g in groups])
        solved += sum(r.verdict.score for g in groups for r in g.rollouts if r.given)
    assert solved > 30
    assert likelihood(learner).sum() > first.sum() + 5
    lengths = [len(instance.reference) for instance in PROBLEMS]
    assert given[0] == [length - 1 for length in lengths]  # 95 %
    assert given[-1] == [1] * 4  # 5 %
    for earlier, later in itertools.pairwise(given):
        assert all(a >= b for a, b in zip(earlier, later, strict=True))


# Hints


@pytest.mark.parametrize(
    ("reference", "told"), [("1234", "12"), ("12345", "123"), ("12", "1"), ("ab\ncd", "ab\n"), ("7", None)]
)
def test_a_hint_tells_half_and_never_all(reference, told):
    instance = dataclasses.replace(PROBLEMS[0], reference=reference)
    hinted = with_hint(instance)
    if told is None:
        assert hinted == instance
    else:
        assert hinted.question.endswith(f"\n{told}") and hinted.brief == f"{instance.brief}\nhint: {told}"
        assert dataclasses.replace(hinted, question=instance.question, brief=instance.brief) == instance
        assert not with_hint(dataclasses.replace(instance, brief="")).brief


class Informed(Recording):
    """Answers rightly where there is a hint in the prompt, every other time; else never."""

    def __init__(self, tokenizer, model):
        super().__init__(model, Completion(encode_answer(tokenizer, "no"), [-1.0] * 3, "stop"))
        self.tokenizer = tokenizer

    def generate(self, prompts, samples, sampling, generator):
        rows = super().generate(prompts, samples, sampling, generator)
        told = encoded(self.tokenizer, map(with_hint, PROBLEMS))
        for prompt, row in zip(prompts, rows, strict=True):
            if prompt in told:
                ids = references(self.tokenizer)[told.index(prompt)]
                row[::2] = [Completion(ids, [-0.5] * len(ids), "stop")] * len(row[::2])
        return rows


def test_hinted_rollouts_replace_at_most_half_of_a_group_that_failed(tiny):
    engine = Informed(tiny[1], tiny[0])
    _, collector = start(tiny, change(guidance={"hints": True}), engine=engine)
    groups, metrics = collector.collect(0)
    assert [counts for _, counts, _ in engine.calls] == [[8] * 4, [4] * 4]
    for g, prompt in zip(groups, encoded(tiny[1]), strict=True):
        assert g.prompt_ids == prompt  # that of the problem without the hint
        assert [r.guided for r in g.rollouts] == [r.verdict.score == 1 for r in g.rollouts] == [True] * 2 + [False] * 6
    assert metrics["groups_useful"] == 4


def test_no_hint_where_something_was_right(tiny):
    engine = Recording(tiny[0], Completion(references(tiny[1])[0], [-0.5] * len(references(tiny[1])[0]), "stop"))
    _, collector = start(tiny, change(guidance={"hints": True}), engine=engine)
    collector.collect(0)
    assert engine.calls[1][1] == [4] * 3  # the first problem was solved, the others failed


class FirstGone(VerdictPool):
    """Judges all but the first completion of each call."""

    def judge(self, *arguments):
        return [Verdict.error("gone"), *super().judge(*arguments)[1:]]


@pytest.mark.parametrize("options", [{}, {"mask_truncated": True}])
def test_a_masked_rollout_keeps_no_hint_away(tiny, options):
    config = change(guidance={"hints": True}, reward=options)
    engine = Recording(tiny[0], Completion(encode_answer(tiny[1], "no")[:-1], [-1.0] * 2, "length"))
    collector = Collector(engine, tiny[1], HeldIn(), FirstGone(0), config)
    collector.collect(0)
    assert [counts for _, counts, _ in engine.calls] == [[8] * 4, [4] * 4]


def hinted_group(model, tokenizer):
    """A group with one answer that was sampled with a hint."""
    rollouts = [rollout(tokenizer, PROBLEMS[0].reference, RIGHT, guided=True), rollout(tokenizer, "no", WRONG)]
    prompts = encoded(tokenizer, [with_hint(PROBLEMS[0]), PROBLEMS[0]])
    with torch.no_grad():
        scores = score(model, prompts, [r.token_ids for r in rollouts], tokenizer.pad_token_id)
    return group(
        tokenizer,
        [
            dataclasses.replace(r, logprobs=scores.logprobs[k, : len(r.token_ids)].tolist())
            for k, r in enumerate(rollouts)
        ],
    )


@pytest.mark.parametrize("select", ["all", "top_entropy"])
def test_the_ratio_corrects_for_the_hint(tiny, monkeypatch, select):
    model, tokenizer = copy.deepcopy(tiny[0]), tiny[1]
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(3)  # so that the hint matters
    told = hinted_group(model, tokenizer)
    learner, _ = start(tiny, change(step={"lr": 0.0}, loss={"select": select, "select_share": 1.0}), model)
    seen, clip = [], LOSSES["clip"]
    monkeypatch.setitem(LOSSES, "clip", lambda batch, options: seen.append(batch) or clip(batch, options))
    metrics = learn(learner, [told], 0)
    ratio = log_ratio(seen[0]).detach()
    answer = told.rollouts[0].token_ids
    prompts = encoded(tokenizer, [PROBLEMS[0], with_hint(PROBLEMS[0])])
    with torch.no_grad():
        alone, hinted = score(model, prompts, [answer, answer], tokenizer.pad_token_id).logprobs
    assert torch.allclose(ratio[0], alone - hinted, atol=1e-5)
    assert (alone - hinted).abs().max() > 0.05
    assert torch.allclose(ratio[1], torch.zeros(len(answer)), atol=1e-5)  # sampled from the problem itself
    assert metrics["mismatch_k3"] < 1e-9  # what the hint changed is no fault of the engine's


def test_hints_are_carried_over_to_the_problem_without_them(tiny):
    tokenizer = tiny[1]
    plain, told = encoded(tokenizer), encoded(tokenizer, map(with_hint, PROBLEMS))

    def lesson(rng):  # it knows the answers where there is a hint, and says letters where there is none
        texts = ["".join(rng.choices("abcdefghij", k=len(instance.reference))) for instance in PROBLEMS]
        wrong = [encode_answer(tokenizer, text) for text in texts]
        return [*zip(plain, wrong, strict=True), *zip(told, references(tokenizer), strict=True)]

    model = taught(tiny, 60, lesson)
    learner, collector = start(tiny, CONFIG, model)
    for step in range(4):
        grpo_step(learner, collector, step)
    assert unchanged(weights(model), learner.model)

    learner, collector = start(tiny, change(step={"lr": 1e-3}, guidance={"hints": True}), model)
    first, right = likelihood(learner), 0
    for step in range(20):
        groups, _ = grpo_step(learner, collector, step)
        right += sum(r.guided for g in groups for r in g.rollouts)
    assert right > 20
    assert likelihood(learner).sum() > first.sum() + 4
