"""GRPO from top to bottom: collect groups, compare their rewards, lay the batch out, learn from it, say what happened.

DeepSeekMath (arXiv 2402.03300) with DAPO's asymmetric clip and token mean (2503.14476) as defaults; the variants are
pure functions chosen by name (docs/papers.md). With one optimiser step for a batch the old policy is the present one,
detached; otherwise the batch is scored once before the first step.
"""

import statistics
import time
from collections.abc import Sequence

import torch

from gradarium.trainers.batch import Batch, compare, lay_out
from gradarium.trainers.data import Group
from gradarium.trainers.divergence import KL_ESTIMATORS
from gradarium.trainers.learner import Learner, NotFinite
from gradarium.trainers.losses import LOSSES, TokenBatch
from gradarium.trainers.mismatch import MISMATCH, merge_metrics, mismatch_metrics, mismatch_summary
from gradarium.trainers.rollouts import Collector


def grpo_step(learner: Learner, collector: Collector, step: int) -> tuple[list[Group], dict[str, float]]:
    """Take one step, from drawing problems to the optimiser; return its groups and metrics.

    Raises TooManyErrors when the suite failed to judge too many completions, and NotFinite, with the groups, where the
    loss or its gradient is NaN or infinite.
    """
    groups, collected = collector.collect(step, learner.entropy.temperature)
    learner.set_lr(step)
    try:
        learned = learn(learner, groups, step)
    except NotFinite as error:
        error.groups = groups
        raise
    if learned["groups_kept"]:
        learner.update_kl(learned["kl"], sum(len(group.rollouts) for group in groups))
        learner.entropy.update(learned["entropy"])
    return groups, {**collected, **learned}


def learn(learner: Learner, groups: Sequence[Group], step: int) -> dict[str, float]:
    """Update the policy from judged groups; return metrics, averaged over tokens as the loss weights them."""
    config, began = learner.config, time.perf_counter()
    learner.model.train()
    sums: dict[str, float] = {}
    mismatch: dict[str, float] = {}
    norms: list[float] = []
    kept: list[int] = []
    if groups:
        advantages, rewards = compare(groups, config)  # [B, G] each
        regular = learner.kl.weight > 0 or learner.entropy.weight > 0 or config.loss.name == "copg"
        kept = [i for i in range(len(groups)) if regular or bool(advantages[i].any())]
        shares = [kept[update :: config.grpo.updates] for update in range(config.grpo.updates)]
        batches = [
            lay_out(learner, [groups[i] for i in share], advantages[share], rewards[share], step)
            for share in shares
            if share
        ]
        for batch in batches:
            learner.optimizer.zero_grad(set_to_none=True)
            for part, rows in batch.pieces(config):
                found, engine = backward(learner, batch, part, rows)
                sums = {name: sums.get(name, 0.0) + value for name, value in found.items()}
                mismatch = merge_metrics(mismatch, engine) if mismatch else engine
            norms.append(learner.apply())
    mass = max(sums.get("mass", 0.0), 1e-9)
    return {
        "loss": sums.get("loss", 0.0) / max(1, len(norms)),
        **{name: sums.get(name, 0.0) / mass for name in ("ratio_clipped", "entropy", "kl")},
        **({f"mismatch_{name}": value for name, value in mismatch_summary(mismatch).items()} if mismatch else {}),
        "grad_norm": statistics.fmean(norms) if norms else 0.0,
        "kl_weight": learner.kl.weight,
        "entropy_weight": learner.entropy.weight,
        "groups_kept": len(kept),
        "seconds_train": time.perf_counter() - began,
    }


def backward(
    learner: Learner, batch: Batch, groups: Sequence[Group], rows: Sequence[int]
) -> tuple[dict[str, float], dict[str, float]]:
    """Add the gradient of one micro-batch; return sums of the metrics, weighted as the loss is, and of the mismatch."""
    options = learner.config.loss
    scores = learner.score(learner.model, groups)
    logprobs, entropy = scores.logprobs, scores.entropy  # [n, t], fp32, with gradient
    width = logprobs.shape[1]

    def cut(values: torch.Tensor) -> torch.Tensor:
        part = values[list(rows)]
        return (part[:, :width] if part.dim() == 2 else part).to(logprobs.device)

    weight, mask, sampled = cut(batch.weights), cut(batch.mask), cut(batch.sampled)
    old = logprobs.detach() if batch.old is None else cut(batch.old)
    guided = torch.tensor([[batch.rollouts[row].guided] for row in rows], device=logprobs.device)
    old = torch.where(guided, sampled, old)  # Guide-GRPO: the ratio corrects for the hint
    token_loss = LOSSES[options.name](
        TokenBatch(
            logprobs=logprobs,
            old=old,
            advantages=cut(batch.advantages),
            mask=mask,
            rewards=cut(batch.rewards),
            success=cut(batch.success),
            divergence=cut(batch.divergence),
            selected=cut(batch.selected),
        ),
        options,
    )
    if options.mismatch != "none":
        correct = MISMATCH[options.mismatch]
        token_loss = token_loss * correct(old, sampled, mask, options.mismatch_low, options.mismatch_high)
    kl = torch.zeros_like(logprobs)
    if batch.reference is not None:
        kl = KL_ESTIMATORS[learner.config.kl.estimator](logprobs, cut(batch.reference))
        token_loss = token_loss + learner.kl.weight * kl
    if learner.entropy.weight > 0:
        token_loss = token_loss - learner.entropy.weight * entropy
    loss = (token_loss * weight).sum()
    if not torch.isfinite(loss):
        raise NotFinite("the loss is not finite; lower the learning rate")
    loss.backward()  # type: ignore[no-untyped-call]
    with torch.no_grad():
        rho = (logprobs - old).clamp(-20, 20).exp()
        outside = ((rho < 1 - options.clip_low) | (rho > 1 + options.clip_high)).float()
        sums = {
            "loss": loss.item(),
            "ratio_clipped": float((outside * weight).sum()),
            "entropy": float((entropy * weight).sum()),
            "kl": float((kl * weight).sum()),
            "mass": float(weight.sum()),
        }
        return sums, mismatch_metrics(old, sampled, mask * ~(guided | sampled.isnan()))
