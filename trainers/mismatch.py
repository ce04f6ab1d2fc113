"""Correction for an engine that samples with other probabilities than the trainer computes.

d = clamp(log pi_old - log pi_gen, -20, 20) of each sampled token, pi_gen being the engine's policy. d is 0 at masked
places and where either side is NaN. The weights multiply the token losses and carry no gradient.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from gradarium.trainers.registry import register

Mismatch = Callable[[Tensor, Tensor, Tensor, float, float], Tensor]
"""(old [N, T], sampled [N, T], mask [N, T], low, high) -> weights [N, T]; 0 at masked places."""

MISMATCH: dict[str, Mismatch] = {}


def log_difference(old: Tensor, sampled: Tensor, mask: Tensor) -> Tensor:
    """Return d [N, T], without gradient."""
    d = (old - sampled).detach().nan_to_num(nan=0.0).clamp(-20, 20)
    return torch.where(mask > 0, d, 0.0)


def _within(weight: Tensor, low: float, high: float) -> Tensor:
    return torch.where((weight >= low) & (weight <= high), weight, 0.0)


def _sequence(d: Tensor) -> Tensor:
    return d.sum(1, keepdim=True).clamp(-20, 20).exp()  # [N, 1]


@register(MISMATCH)
def token_tis(old: Tensor, sampled: Tensor, mask: Tensor, low: float, high: float) -> Tensor:
    """Return min(e^d, high): truncated importance sampling (Yao et al., 2025; high is 2 in verl)."""
    return log_difference(old, sampled, mask).exp().clamp(max=high) * mask


@register(MISMATCH)
def token_mis(old: Tensor, sampled: Tensor, mask: Tensor, low: float, high: float) -> Tensor:
    """Return e^d where low <= e^d <= high, else 0: masked importance sampling; low = 0 bounds above only."""
    return _within(log_difference(old, sampled, mask).exp(), low, high) * mask


MISMATCH["icepop"] = token_mis  # IcePop (Ling team, 2025) is this rule with both bounds: 0.5 and 5


@register(MISMATCH)
def sequence_tis(old: Tensor, sampled: Tensor, mask: Tensor, low: float, high: float) -> Tensor:
    """Return min(exp(sum of d), high), one weight for all tokens of a sequence."""
    return _sequence(log_difference(old, sampled, mask)).clamp(max=high) * mask


@register(MISMATCH)
def sequence_mis(old: Tensor, sampled: Tensor, mask: Tensor, low: float, high: float) -> Tensor:
    """Return exp(sum of d) where it is within low ... high, else 0, for all tokens of a sequence (TRL's default)."""
    return _within(_sequence(log_difference(old, sampled, mask)), low, high) * mask


@register(MISMATCH)
def geometric_mis(old: Tensor, sampled: Tensor, mask: Tensor, low: float, high: float) -> Tensor:
    """Return exp(mean of d) where it is within low ... high, else 0: ``sequence_mis`` per token."""
    d = log_difference(old, sampled, mask)
    mean = d.sum(1, keepdim=True) / mask.sum(1, keepdim=True).clamp(min=1)
    return _within(mean.exp(), low, high) * mask


def mismatch_metrics(old: Tensor, sampled: Tensor, mask: Tensor) -> dict[str, float]:
    """Return sums over the tokens of a micro-batch; ``merge_metrics`` adds them up, ``mismatch_summary`` reads them.

    ``tokens``; d; |d| (``absolute``); e^d - d - 1 (``k3``); e^d (``weight``) and its square; and ``largest``, the
    largest |p_old - p_gen|, the one that is no sum.
    """
    d = log_difference(old, sampled, mask).double()
    kept = (mask > 0).double()
    weight = d.exp() * kept
    apart = torch.where(mask > 0, (old.detach().exp() - sampled.exp()).abs(), 0.0).nan_to_num(nan=0.0)
    return {
        "tokens": float(kept.sum()),
        "d": float(d.sum()),
        "absolute": float(d.abs().sum()),
        "k3": float((weight - (d + 1) * kept).sum()),
        "weight": float(weight.sum()),
        "weight_squared": float(weight.square().sum()),
        "largest": float(apart.max()) if apart.numel() else 0.0,
    }


def merge_metrics(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    """Return the metrics of two micro-batches together."""
    return {name: max(a[name], b[name]) if name == "largest" else a[name] + b[name] for name in a}


def mismatch_summary(sums: dict[str, float]) -> dict[str, float]:
    """Return what is reported of a step's sums.

    ``mean`` of d, which estimates -KL(pi_gen || pi_old); ``absolute``, the mean of |d|; ``k3``, the mean of e^d - d -
    1: the same KL with less noise and never below 0; all in nats per token. ``largest`` |p_old - p_gen|. ``effective``:
    effective sample size of the weights e^d as a share of the tokens, (sum w)^2 / (tokens x sum w^2); 1 without a
    mismatch.
    """
    tokens = max(sums["tokens"], 1.0)
    spread = tokens * sums["weight_squared"]
    return {
        "mean": sums["d"] / tokens,
        "absolute": sums["absolute"] / tokens,
        "k3": sums["k3"] / tokens,
        "largest": sums["largest"],
        "effective": sums["weight"] ** 2 / spread if spread > 0 else 1.0,
    }
