"""Advantages: rewards of B groups of up to G samples -> advantages [B, G], one pure function for each published rule.

In the formulas r is a reward, mu, sigma and n are the mean, standard deviation and number of a group's valid rewards.
A NaN reward is a masked sample or padding of a smaller group: it gets 0, and everything else is as if it had not been
drawn. A rule gives 0 to all of a group whose rewards are equal (also a group of one), except ``reinforce_plus_plus``,
``reinforce_plus_plus_baseline`` where lengths differ, ``remax`` and ``james_stein``: they compare with other things.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch

from gradarium.errors import BadValue
from gradarium.trainers.registry import register


class Scored(NamedTuple):
    """The judged groups of a batch; a rule reads the fields that ``NEEDS`` lists, the rest may be None."""

    rewards: torch.Tensor
    """[B, G] float; NaN: masked, or the group has no such sample."""
    lengths: torch.Tensor | None = None
    """[B, G] sampled tokens of each completion; any value where the reward is NaN."""
    arms: torch.Tensor | None = None
    """[B] int64; same number: same task and level."""
    tasks: torch.Tensor | None = None
    """[B] int64; same number: same task."""
    parts: torch.Tensor | None = None
    """[B, G, K] parts of each reward, before weighting; any value where the reward is NaN."""
    part_weights: torch.Tensor | None = None
    """[K] weight of each part, or [B, K] where groups are paid in different ways."""
    greedy: torch.Tensor | None = None
    """[B] reward of the prompt's greedy completion; NaN: masked."""


Advantage = Callable[[Scored], torch.Tensor]
ADVANTAGES: dict[str, Advantage] = {}
NEEDS: dict[str, frozenset[str]] = {
    "reinforce_plus_plus": frozenset({"lengths"}),
    "reinforce_plus_plus_baseline": frozenset({"lengths"}),
    "task_scaled": frozenset({"tasks"}),
    "opo": frozenset({"lengths"}),
    "remax": frozenset({"greedy"}),
    "gdpo": frozenset({"parts", "part_weights"}),
    "james_stein": frozenset({"arms"}),
}
"""Fields of Scored beside ``rewards`` without which a rule raises BadValue; rules that are not listed need none."""


def needs_greedy(name: str) -> bool:
    """Tell whether the rule compares with a greedy completion, so that one must be sampled for each prompt."""
    return "greedy" in NEEDS.get(name, ())


@register(ADVANTAGES)
def grpo(scored: Scored) -> torch.Tensor:
    """Return (r - mu) / (sigma + 1e-4), sigma with Bessel's correction (DeepSeekMath, arXiv 2402.03300).

    The paper does not say which sigma and epsilon; these are TRL's.
    """
    return _standardised(scored.rewards, _valid(scored))


@register(ADVANTAGES)
def grpo_population(scored: Scored) -> torch.Tensor:
    """Return (r - mu) / (sigma + 1e-4) with sigma^2 = mean (r - mu)^2, as GRPO-Zero and nano-aha-moment do."""
    valid = _valid(scored)
    centred = _centred(scored.rewards, valid, (1,))
    variance = centred.square().sum(1, keepdim=True) / _count(valid, (1,))
    return centred / (variance.sqrt() + 1e-4)


@register(ADVANTAGES)
def dr_grpo(scored: Scored) -> torch.Tensor:
    """Return r - mu (Dr. GRPO, arXiv 2503.20783)."""
    return _centred(scored.rewards, _valid(scored), (1,))


@register(ADVANTAGES)
def rloo(scored: Scored) -> torch.Tensor:
    """Return r minus the mean of the group's other rewards, = (r - mu) n / (n - 1) (RLOO, arXiv 2402.14740)."""
    valid = _valid(scored)
    count = _count(valid, (1,))
    return _centred(scored.rewards, valid, (1,)) * count / (count - 1).clamp(min=1)


@register(ADVANTAGES)
def reinforce_plus_plus(scored: Scored) -> torch.Tensor:
    """Return (r - m) / sqrt(v + 1e-8), m and v mean and variance over all tokens of the batch (arXiv 2501.03262).

    With discount 1 and no KL in the reward, the return of each token is its completion's reward, so m and v weight a
    completion by its length. v is the population variance; verl's is larger by tokens / (tokens - 1).
    """
    valid = _valid(scored)
    return _whitened(scored.rewards, valid, _need(scored.lengths, "reinforce_plus_plus", "lengths"))


@register(ADVANTAGES)
def reinforce_plus_plus_baseline(scored: Scored) -> torch.Tensor:
    """Return r - mu, whitened over all tokens of the batch as in ``reinforce_plus_plus`` (arXiv 2501.03262).

    Where lengths differ, the mean over tokens is not 0, and groups of equal rewards get a small advantage.
    """
    valid = _valid(scored)
    centred = _centred(scored.rewards, valid, (1,))
    return _whitened(centred, valid, _need(scored.lengths, "reinforce_plus_plus_baseline", "lengths"))


@register(ADVANTAGES)
def batch_scaled(scored: Scored) -> torch.Tensor:
    """Return (r - mu) / (sigma + 1e-4), sigma over all rewards of the batch ("Tricks or Traps", arXiv 2508.08221).

    Bessel's correction and epsilon as in TRL's ``scale_rewards="batch"``.
    """
    valid = _valid(scored)
    return _centred(scored.rewards, valid, (1,)) / (_sigma(scored.rewards, valid, (0, 1)) + 1e-4)


@register(ADVANTAGES)
def task_scaled(scored: Scored) -> torch.Tensor:
    """Return ``batch_scaled`` of each task by itself: in a mixture no task sets the scale of another.

    Ours; the paper of ``batch_scaled`` has one task.
    """
    tasks = _need(scored.tasks, "task_scaled", "tasks")
    advantages = torch.zeros_like(scored.rewards)
    for task in set(tasks.tolist()):
        rows = tasks == task
        advantages[rows] = batch_scaled(Scored(scored.rewards[rows]))
    return advantages


@register(ADVANTAGES)
def gpg(scored: Scored) -> torch.Tensor:
    """Return (r - mu) B / (B - M), B samples in the batch, M of them in groups of equal rewards (arXiv 2504.02546).

    F_norm is 1. As in the paper; verl puts the number of scores other than 0 in the place of B - M.
    """
    valid = _valid(scored)
    centred = _centred(scored.rewards, valid, (1,))
    informative = valid & (centred != 0).any(1, keepdim=True)
    return centred * (_count(valid, (0, 1)) / _count(informative, (0, 1)))


@register(ADVANTAGES)
def maxrl(scored: Scored) -> torch.Tensor:
    """Return (r - mu) / mu, and 0 where mu <= 0 (MaxRL, as in prime-rl and SkyRL).

    For 0/1 rewards: (1 - mu) / mu for a right answer, -1 for a wrong one.
    """
    valid = _valid(scored)
    mean = _mean(scored.rewards, valid)
    safe = torch.where(mean > 0, mean, 1.0)
    return torch.where(mean > 0, _centred(scored.rewards, valid, (1,)) / safe, 0.0)


@register(ADVANTAGES)
def opo(scored: Scored) -> torch.Tensor:
    """Return r - sum(L r) / sum(L) over the group, L tokens of a completion (OPO, arXiv 2505.23585)."""
    valid = _valid(scored)
    lengths = _need(scored.lengths, "opo", "lengths")
    weights = torch.where(valid, lengths, 0).to(scored.rewards.dtype)
    shifted = _shifted(scored.rewards, valid, (1,))
    baseline = (weights * shifted).sum(1, keepdim=True) / weights.sum(1, keepdim=True).clamp(min=1)
    return torch.where(valid, shifted - baseline, 0.0)


@register(ADVANTAGES)
def remax(scored: Scored) -> torch.Tensor:
    """Return r - reward of the prompt's greedy completion (ReMax, arXiv 2310.10505).

    Groups whose greedy completion is masked get 0; groups of equal rewards get theirs minus the greedy one.
    """
    baseline = _need(scored.greedy, "remax", "greedy")[:, None].to(scored.rewards.dtype)
    return torch.where(_valid(scored) & ~baseline.isnan(), scored.rewards - baseline, 0.0)


@register(ADVANTAGES)
def passk(scored: Scored) -> torch.Tensor:
    """Return the best reward minus the second best for the best sample, 0 for all others (arXiv 2503.19595).

    This rewards the maximum of the group (pass@k with k the group's size), as verl's ``grpo_passk`` without sigma.
    Ties and groups of one give 0.
    """
    if scored.rewards.shape[1] < 2:
        return torch.zeros_like(scored.rewards)
    valid = _valid(scored)
    best = torch.where(valid, scored.rewards, -torch.inf).topk(2, dim=1)
    lead = torch.where(valid.sum(1) > 1, best.values[:, 0] - best.values[:, 1], 0.0)
    return torch.zeros_like(scored.rewards).scatter(1, best.indices[:, :1], lead[:, None])


@register(ADVANTAGES)
def gdpo(scored: Scored) -> torch.Tensor:
    """Return s / (sigma_batch(s) + 1e-4), s = sum over parts k of w_k (r_k - mu_k) / (sigma_k + 1e-4) (GDPO).

    Each part of the reward is standardised in the group first, so that none swallows the others; TRL's
    ``normalize_then_sum``. Its mean of s over the batch is 0 in each group already, so nothing is taken off here.
    """
    valid = _valid(scored)
    parts = _need(scored.parts, "gdpo", "parts").to(scored.rewards.dtype)
    weights = _need(scored.part_weights, "gdpo", "part_weights").to(scored.rewards.dtype)
    weights = weights.reshape(-1, 1, weights.shape[-1])
    total = (_standardised(parts, valid[:, :, None]) * weights).sum(2)  # [B, G, K] -> [B, G]
    return total / (_sigma(total, valid, (0, 1)) + 1e-4)


@register(ADVANTAGES)
def james_stein(scored: Scored) -> torch.Tensor:
    """Return r - [(1 - lam) mean of the group's other rewards + lam b] (James-Stein shrinkage, arXiv 2511.03710).

    Over the *other* groups of the batch: b = mean of their mu, v = mean of their sigma^2 / n (unbiased), s = mean of
    (mu - b)^2, lam = v / (v + s + 1e-6). The sample is in no part of its baseline, so the gradient stays unbiased.
    Groups of equal rewards get an advantage too.

    Deviations: the other groups are those of the same arm, as a mixture has no common mean. With fewer than two of
    them s cannot be told, and lam is 0: RLOO. A group of one has only b to compare with (lam = 1), or else gets 0.
    """
    valid = _valid(scored)
    arms = _need(scored.arms, "james_stein", "arms")
    count = valid.sum(1)  # [B]
    mean = _mean(scored.rewards, valid)[:, 0]
    error = _sigma(scored.rewards, valid, (1,))[:, 0].square() / count.clamp(min=1)  # variance of mu
    others = (arms[:, None] == arms) & ~torch.eye(len(arms), dtype=torch.bool, device=arms.device) & (count > 0)
    number = others.sum(1)
    centre = (others * mean).sum(1) / number.clamp(min=1)
    measured = others & (count > 1)
    within = (measured * error).sum(1) / measured.sum(1).clamp(min=1)
    between = (others * (mean - centre[:, None]).square()).sum(1) / number.clamp(min=1)
    shrink = torch.where(count > 1, within / (within + between + 1e-6), 1.0)
    shrink = torch.where(number > 1, shrink, 0.0)[:, None]
    far = torch.where(valid, scored.rewards - centre[:, None], 0.0)
    return (1 - shrink) * rloo(scored) + shrink * far


def _need(field: torch.Tensor | None, advantage: str, name: str) -> torch.Tensor:
    if field is None:
        raise BadValue("advantage", advantage, f"needs {name} beside the rewards; pass Scored({name}=...)")
    return field


def _valid(scored: Scored) -> torch.Tensor:
    return ~scored.rewards.isnan()


def _count(valid: torch.Tensor, dim: tuple[int, ...]) -> torch.Tensor:
    """Return the number of valid entries, at least 1, with the dims kept."""
    return valid.sum(dim, keepdim=True).clamp(min=1)


def _shifted(values: torch.Tensor, valid: torch.Tensor, dim: tuple[int, ...]) -> torch.Tensor:
    """Return values minus the least valid one over dim, 0 where not valid: equal values become exactly 0."""
    least = torch.where(valid, values, torch.inf).amin(dim, keepdim=True)
    return torch.where(valid, values - least, 0.0)


def _mean(values: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Return mu [B, 1]; 0 for a group without a valid sample."""
    return torch.where(valid, values, 0.0).sum(1, keepdim=True) / _count(valid, (1,))


def _centred(values: torch.Tensor, valid: torch.Tensor, dim: tuple[int, ...]) -> torch.Tensor:
    """Return values minus their mean over dim; 0 where not valid, exactly 0 where all are equal."""
    shifted = _shifted(values, valid, dim)
    return torch.where(valid, shifted - shifted.sum(dim, keepdim=True) / _count(valid, dim), 0.0)


def _sigma(values: torch.Tensor, valid: torch.Tensor, dim: tuple[int, ...]) -> torch.Tensor:
    """Return the standard deviation over dim with Bessel's correction; 0 for fewer than two values."""
    squares = _centred(values, valid, dim).square().sum(dim, keepdim=True)
    return (squares / (_count(valid, dim) - 1).clamp(min=1)).sqrt()


def _standardised(values: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Return (values - mu) / (sigma + 1e-4) over the samples of each group."""
    return _centred(values, valid, (1,)) / (_sigma(values, valid, (1,)) + 1e-4)


def _whitened(values: torch.Tensor, valid: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return (values - m) / sqrt(v + 1e-8), m and v over the batch with each entry weighted by its length."""
    weights = torch.where(valid, lengths, 0).to(values.dtype)
    tokens = weights.sum().clamp(min=1)
    shifted = _shifted(values, valid, (0, 1))
    centred = torch.where(valid, shifted - (weights * shifted).sum() / tokens, 0.0)
    variance = (weights * centred.square()).sum() / tokens
    return centred / (variance + 1e-8).sqrt()
