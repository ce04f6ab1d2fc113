"""From judged groups to one batch of tensors: all that looks at more than one rollout is worked out here, once.

So the loss does not depend on how the batch is later cut into pieces, padded or packed.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch

from gradarium.trainers.advantages import ADVANTAGES, Scored, needs_greedy
from gradarium.trainers.aggregation import token_weights
from gradarium.trainers.config import RunConfig
from gradarium.trainers.data import Group, Rollout
from gradarium.trainers.learner import Learner
from gradarium.trainers.packing import micro_batches
from gradarium.trainers.rewards import Parts, options_of, part_weights
from gradarium.trainers.selection import PAPER_SHARES, SELECTIONS, kl_cov_tokens
from gradarium.trainers.supervised.prefix import learned_tokens

NAN = math.nan


class Batch(NamedTuple):
    """What one optimiser step learns from: N rollouts of at most T tokens; the tensors are on the CPU."""

    groups: Sequence[Group]
    rollouts: list[Rollout]  # N, group after group
    advantages: torch.Tensor  # [N]
    rewards: torch.Tensor  # [N], NaN for masked rollouts
    success: torch.Tensor  # [N], mean reward of the rollout's group
    sampled: torch.Tensor  # [N, T], log-probabilities as sampled, NaN where one was given or tempered
    mask: torch.Tensor  # [N, T], 1 for the tokens of rollouts that are not masked
    weights: torch.Tensor  # [N, T], the loss is the sum of weight x token loss; 0 where a token was not selected
    old: torch.Tensor | None  # [N, T], log-probabilities before the first step; None: those of the present pass
    reference: torch.Tensor | None  # [N, T], log-probabilities under the reference
    selected: torch.Tensor  # [N, T], tokens that kl_cov holds
    divergence: torch.Tensor  # [N], see the loss copg

    def pieces(self, config: RunConfig) -> Iterator[tuple[list[Group], list[int]]]:
        """Yield the groups of each micro-batch, and the rows of their rollouts."""
        starts = [0]
        for group in self.groups:
            starts.append(starts[-1] + len(group.rollouts))
        sizes = [(len(group.prompt_ids), [len(r.token_ids) for r in group.rollouts]) for group in self.groups]
        for positions in micro_batches(sizes, config.step.micro_tokens, config.step.layout):
            rows = [row for p in positions for row in range(starts[p], starts[p + 1])]
            yield [self.groups[p] for p in positions], rows


def compare(groups: Sequence[Group], config: RunConfig) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the advantages and the rewards of all rollouts, both [B, G]; NaN rewards are masked, or padding."""
    width = max(len(group.rollouts) for group in groups)
    rewards, lengths = torch.full((len(groups), width), NAN), torch.zeros(len(groups), width)
    parts = torch.full((len(groups), width, len(Parts._fields)), NAN)
    tempered, right = torch.zeros(2, len(groups), width, dtype=torch.bool)
    for i, group in enumerate(groups):
        for k, rollout in enumerate(group.rollouts):
            lengths[i, k], tempered[i, k] = len(rollout.token_ids), rollout.tempered
            if rollout.reward is not None:
                rewards[i, k], parts[i, k] = rollout.reward, torch.tensor(rollout.parts)
                right[i, k] = rollout.verdict.score == 1  # not the reward, of which the score is but a part
    apart = rewards.masked_fill(tempered, NAN)
    arms = sorted({group.arm for group in groups})
    tasks = sorted({arm.task for arm in arms})
    best = [group.greedy for group in groups]
    scored = Scored(
        rewards=apart,
        lengths=lengths,
        arms=torch.tensor([arms.index(group.arm) for group in groups]),
        tasks=torch.tensor([tasks.index(group.arm.task) for group in groups]),
        parts=parts.masked_fill(apart.isnan()[..., None], NAN),
        part_weights=torch.tensor([part_weights(options_of(config, group.arm.task)) for group in groups]),
        greedy=torch.tensor([NAN if r is None else r for r in best]) if needs_greedy(config.grpo.advantage) else None,
    )
    advantages = ADVANTAGES[config.grpo.advantage](scored)
    # AEPO: right answers from another temperature are learned by REINFORCE, wrong ones are left alone.
    return torch.where(tempered, config.entropy.weight * right, advantages), rewards


def lay_out(
    learner: Learner, groups: Sequence[Group], advantages: torch.Tensor, rewards: torch.Tensor, step: int
) -> Batch:
    """Return the batch of ``groups``, whose advantages and rewards are [B, G]."""
    config = learner.config
    options = config.loss
    flat = [(i, k, rollout) for i, group in enumerate(groups) for k, rollout in enumerate(group.rollouts)]
    owner, place = torch.tensor([i for i, _, _ in flat]), torch.tensor([k for _, k, _ in flat])
    width = max(len(rollout.token_ids) for _, _, rollout in flat)
    sampled, mask = torch.full((len(flat), width), NAN), torch.zeros(len(flat), width)
    for row, (_, _, rollout) in enumerate(flat):
        if not rollout.tempered:  # AEPO samples from another distribution on purpose: no mismatch to correct
            sampled[row, : len(rollout.logprobs)] = torch.tensor(rollout.logprobs)
        if rollout.reward is not None:
            mask[row, : len(rollout.token_ids)] = 1
    gains = advantages[owner, place]
    batch = Batch(
        groups=groups,
        rollouts=[rollout for _, _, rollout in flat],
        advantages=gains,
        rewards=rewards[owner, place],
        success=rewards.nanmean(1).nan_to_num(0.0)[owner],
        sampled=sampled,
        mask=mask,
        weights=mask,
        old=None,
        reference=None,
        selected=torch.zeros_like(mask),
        divergence=torch.zeros(len(flat)),
    )
    given = torch.tensor([rollout.given for rollout in batch.rollouts])
    special = options.select != "all" or options.name in ("kl_cov", "copg") or bool(given.any())
    if learner.reference is not None:
        batch = batch._replace(reference=score_whole(learner, learner.reference, batch)[0])
    kept = torch.ones_like(mask)
    if special or config.grpo.updates > 1:
        old, entropy = score_whole(learner, learner.model, batch)
        noise = torch.Generator().manual_seed(config.seed * 1_000_003 + step)
        kept = learned_tokens(entropy, mask, given)
        share = options.select_share or PAPER_SHARES.get(options.select, 1.0)
        kept = kept * SELECTIONS[options.select](old, entropy, gains, mask, share, noise)
        batch = batch._replace(old=old)
        if options.name == "kl_cov":
            share = options.select_share or PAPER_SHARES["kl_cov"]
            batch = batch._replace(selected=kl_cov_tokens(old, gains, mask, share))
        if options.name == "copg" and batch.reference is not None:
            batch = batch._replace(divergence=_contrast(((old - batch.reference) * mask).sum(1), owner))
    tasks = sorted({group.arm.task for group in groups})
    weights = token_weights(
        mask,
        options.aggregation,
        max_tokens=config.grpo.max_new_tokens,
        prompts=owner,
        tasks=torch.tensor([tasks.index(groups[i].arm.task) for i, _, _ in flat]),
    )
    return batch._replace(weights=weights * kept)  # the papers divide by all tokens, selected or not


@torch.no_grad()
def score_whole(learner: Learner, model: Any, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Return log-probabilities and entropies [N, T] of a whole batch under a model, without a gradient."""
    logprobs, entropy = torch.zeros_like(batch.sampled), torch.zeros_like(batch.sampled)
    for groups, rows in batch.pieces(learner.config):
        scores = learner.score(model, groups)
        width = scores.logprobs.shape[1]
        logprobs[rows, :width], entropy[rows, :width] = scores.logprobs.cpu(), scores.entropy.cpu()
    return logprobs, entropy


def _contrast(values: torch.Tensor, owner: torch.Tensor) -> torch.Tensor:
    """Return each value [N] minus the mean of the others of its group; 0 in a group of one."""
    count = torch.bincount(owner)[owner]
    total = torch.zeros(int(owner.max()) + 1).index_add(0, owner, values)[owner]
    return torch.where(count > 1, values - (total - values) / (count - 1).clamp(min=1), torch.zeros_like(values))
