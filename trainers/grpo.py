"""GRPO, one step from top to bottom: draw, pose, sample, judge, reward, advantage, loss, learn.

DeepSeekMath (arXiv 2402.03300) with DAPO's asymmetric clip and token mean (2503.14476) as defaults. Deviations: groups
whose rewards are all equal are left out of the update (their advantages are 0) and are counted, but not drawn again;
with one update for a batch the old log-probabilities are the current ones, detached; with more they are those returned
by the engine, which samples from the same fp32 weights.
"""

import statistics
import time
from collections.abc import Sequence
from typing import Any

import torch

from gradarium.core import Instance, Status, derive_seed
from gradarium.errors import GradariumError
from gradarium.generators import get_task
from gradarium.trainers.advantages import ADVANTAGES
from gradarium.trainers.config import GRPOConfig, RunConfig
from gradarium.trainers.curricula import Weighted
from gradarium.trainers.data import Arm, Group, Rollout
from gradarium.trainers.engines.hf import HFEngine, Sampling
from gradarium.trainers.losses import LOSSES, kl_k3, token_weights
from gradarium.trainers.models import decode, encode_prompt
from gradarium.trainers.policy import score
from gradarium.trainers.rewards import reward
from gradarium.verifiers import grade_many


class TooManyErrors(GradariumError):
    """The suite failed to judge too many samples."""


def pose_batch(drawn: Sequence[tuple[Arm, int]], config: RunConfig) -> list[Instance]:
    """Pose the training instances that a curriculum drew."""
    chosen = config.answer_format or None
    return [get_task(arm.task).pose(index, arm.level, "train", answer_format=chosen) for arm, index in drawn]


def collect(
    engine: HFEngine, tokenizer: Any, curriculum: Weighted, config: RunConfig, step: int
) -> tuple[list[Group], dict[str, float]]:
    """Sample and judge one batch: ``prompts`` groups of ``group`` rollouts; sampling noise depends on seed and step."""
    began = time.perf_counter()
    grpo = config.grpo
    drawn = curriculum.draw(grpo.prompts)
    instances = pose_batch(drawn, config)
    prompts = [encode_prompt(tokenizer, instance, config.style) for instance in instances]
    noise = torch.Generator(engine.model.device).manual_seed(derive_seed("rollout", config.seed, step) % 2**63)
    posed = time.perf_counter()
    sampled = engine.generate(prompts, grpo.group, Sampling(grpo.max_new_tokens, grpo.temperature), noise)
    generated = time.perf_counter()
    texts = [decode(tokenizer, c.token_ids) for row in sampled for c in row]
    verdicts = grade_many(
        texts,
        [get_task(instance.task).verify for instance in instances for _ in range(grpo.group)],
        [instance.payload for instance in instances for _ in range(grpo.group)],
        [instance.answer_format for instance in instances for _ in range(grpo.group)],
    )
    judged = time.perf_counter()
    groups = []
    for i, ((arm, _), instance, prompt) in enumerate(zip(drawn, instances, prompts, strict=True)):
        rollouts = []
        for k, c in enumerate(sampled[i]):
            at = i * grpo.group + k
            paid = reward(verdicts[at], c.finish, grpo)
            rollouts.append(Rollout(c.token_ids, c.logprobs, c.finish, texts[at], verdicts[at], paid))
        groups.append(Group(arm, instance, prompt, rollouts))
    failed = sum(v.status in (Status.ERROR, Status.TIMEOUT) for v in verdicts)
    if failed > grpo.max_error_rate * len(verdicts):
        first = next(v.reason for v in verdicts if v.status in (Status.ERROR, Status.TIMEOUT))
        raise TooManyErrors(f"step {step}: {failed} of {len(verdicts)} answers could not be judged; first: {first}")
    tokens = sum(len(r.token_ids) for g in groups for r in g.rollouts)
    return groups, {
        "tokens": tokens,
        "not_judged": failed,
        "seconds_pose": posed - began,
        "seconds_generate": generated - posed,
        "seconds_judge": judged - generated,
    }


def grpo_step(
    model: Any,
    reference: Any,
    tokenizer: Any,
    optimizer: torch.optim.Optimizer,
    groups: Sequence[Group],
    config: GRPOConfig,
) -> dict[str, float]:
    """Update the policy from judged groups; return metrics."""
    began = time.perf_counter()
    rewards = torch.tensor([[float("nan") if r.reward is None else r.reward for r in g.rollouts] for g in groups])
    advantages = ADVANTAGES[config.advantage](rewards)  # [B, G]
    regular = config.kl > 0 or config.entropy > 0
    kept = [i for i in range(len(groups)) if regular or bool(advantages[i].any())]
    model.train()
    sums: dict[str, float] = {
        "loss": 0.0,
        "ratio_clipped": 0.0,
        "entropy": 0.0,
        "kl": 0.0,
        "mismatch": 0.0,
        "mass": 0.0,
    }
    norms = []
    for update in range(config.updates):
        share = kept[update :: config.updates]
        if not share:
            continue
        lengths = _length_mask(groups, share, rewards)
        weights = token_weights(lengths, config.aggregation, config.max_new_tokens)  # [N, T]
        optimizer.zero_grad(set_to_none=True)
        for rows in _micro_batches(groups, share, config.micro_tokens):
            part = [groups[share[row]] for row in rows]
            metrics = _backward(model, reference, tokenizer, part, advantages, share, rows, weights, config)
            for name, value in metrics.items():
                sums[name] += value
        norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), config.max_grad_norm)))
        optimizer.step()
    mass = max(sums.pop("mass"), 1e-9)
    return {
        "loss": sums.pop("loss") / max(1, len(norms)),
        **{name: value / mass for name, value in sums.items()},
        "grad_norm": statistics.fmean(norms) if norms else 0.0,
        "groups_kept": len(kept),
        "seconds_train": time.perf_counter() - began,
    }


def _length_mask(groups: Sequence[Group], share: Sequence[int], rewards: torch.Tensor) -> torch.Tensor:
    """Return mask [N, T] of the rollouts of a share of groups; masked samples have no token."""
    rollouts = [(r, i, k) for i in share for k, r in enumerate(groups[i].rollouts)]
    mask = torch.zeros(len(rollouts), max(len(r.token_ids) for r, _, _ in rollouts))
    for row, (r, i, k) in enumerate(rollouts):
        if not rewards[i, k].isnan():
            mask[row, : len(r.token_ids)] = 1
    return mask


def _micro_batches(groups: Sequence[Group], share: Sequence[int], budget: int) -> list[list[int]]:
    """Cut a share of groups into lists of positions whose padded tokens stay within the budget (at least one each).

    Groups with answers of like length lie together, so that little is padded.
    """

    def size(position: int) -> tuple[int, int]:
        group = groups[share[position]]
        return max(len(r.token_ids) for r in group.rollouts), len(group.prompt_ids)

    batches: list[list[int]] = []
    widest, longest = 0, 0
    for position in sorted(range(len(share)), key=lambda p: (*size(p), p)):
        answer, prompt = size(position)
        samples = len(groups[share[position]].rollouts)
        widest, longest = max(widest, prompt), max(longest, answer)
        if batches and (len(batches[-1]) + 1) * (widest + samples * longest) <= budget:
            batches[-1].append(position)
        else:
            batches.append([position])
            widest, longest = prompt, answer
    return batches


def _backward(
    model: Any,
    reference: Any,
    tokenizer: Any,
    part: Sequence[Group],
    advantages: torch.Tensor,
    share: Sequence[int],
    rows: Sequence[int],
    weights: torch.Tensor,
    config: GRPOConfig,
) -> dict[str, float]:
    """Add the gradient of one micro-batch; return weighted sums of the metrics."""
    prompts = [group.prompt_ids for group in part]
    completions = [r.token_ids for group in part for r in group.rollouts]
    scores = score(model, prompts, completions, tokenizer.pad_token_id, config.temperature)
    width = scores.mask.shape[1]
    samples = len(part[0].rollouts)
    device = scores.logprobs.device
    picked = [row * samples + k for row in rows for k in range(samples)]
    weight = weights[picked, :width].to(device)  # [n, t]
    advantage = torch.cat([advantages[share[row]] for row in rows]).to(device)  # [n]
    sampled = torch.zeros(len(completions), width)
    for i, r in enumerate(r for group in part for r in group.rollouts):
        sampled[i, : len(r.logprobs)] = torch.tensor(r.logprobs)
    sampled = sampled.to(device)
    old = scores.logprobs.detach() if config.updates == 1 else sampled
    token_loss = LOSSES[config.loss](scores.logprobs, old, advantage, config.clip_low, config.clip_high)
    kl = torch.zeros_like(scores.logprobs)
    if config.kl > 0:
        with torch.no_grad():
            base = score(reference, prompts, completions, tokenizer.pad_token_id, config.temperature).logprobs
        kl = kl_k3(scores.logprobs, base)
        token_loss = token_loss + config.kl * kl
    if config.entropy > 0:
        # Unbiased on-policy gradient of the entropy from sampled tokens: E[log pi * grad log pi].
        token_loss = token_loss + config.entropy * scores.logprobs.detach() * scores.logprobs
    loss = (token_loss * weight).sum()
    loss.backward()  # type: ignore[no-untyped-call]
    with torch.no_grad():
        rho = (scores.logprobs - old).exp()
        outside = ((rho < 1 - config.clip_low) | (rho > 1 + config.clip_high)).float()
        return {
            "loss": loss.item(),
            "ratio_clipped": float((outside * weight).sum()),
            "entropy": float((scores.entropy * weight).sum()),
            "kl": float((kl * weight).sum()),
            "mismatch": float(((scores.logprobs - sampled).abs() * weight).sum()),
            "mass": float(weight.sum()),
        }
