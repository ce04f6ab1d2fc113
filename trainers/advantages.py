"""Advantages of a group: rewards [B, G] -> advantages [B, G]; NaN rewards are masked samples and get 0.

mu and sigma are the mean and the standard deviation of the group's valid rewards.
"""

from collections.abc import Callable

import torch

Advantage = Callable[[torch.Tensor], torch.Tensor]


def _mean(rewards: torch.Tensor) -> torch.Tensor:
    return rewards.nanmean(1, keepdim=True).nan_to_num(0.0)


def grpo(rewards: torch.Tensor) -> torch.Tensor:
    """Return (r - mu) / (sigma + 1e-4), sigma with Bessel's correction (DeepSeekMath, arXiv 2402.03300)."""
    centred = rewards - _mean(rewards)
    count = (~rewards.isnan()).sum(1, keepdim=True)
    variance = centred.square().nansum(1, keepdim=True) / (count - 1).clamp(min=1)
    return (centred / (variance.sqrt() + 1e-4)).nan_to_num(0.0)


def dr_grpo(rewards: torch.Tensor) -> torch.Tensor:
    """Return r - mu (Dr. GRPO, arXiv 2503.20783)."""
    return (rewards - _mean(rewards)).nan_to_num(0.0)


def rloo(rewards: torch.Tensor) -> torch.Tensor:
    """Return r minus the mean of the other rewards of the group (RLOO, arXiv 2402.14740); 0 for a group of one."""
    count = (~rewards.isnan()).sum(1, keepdim=True)
    scale = torch.where(count > 1, count / (count - 1).clamp(min=1), torch.zeros_like(count, dtype=rewards.dtype))
    return ((rewards - _mean(rewards)) * scale).nan_to_num(0.0)


def maxrl(rewards: torch.Tensor) -> torch.Tensor:
    """Return (r - mu) / mu, and 0 where mu <= 0."""
    mean = _mean(rewards)
    return torch.where(mean > 0, (rewards - mean) / mean.clamp(min=1e-8), torch.zeros_like(rewards)).nan_to_num(0.0)


ADVANTAGES: dict[str, Advantage] = {"grpo": grpo, "dr_grpo": dr_grpo, "rloo": rloo, "maxrl": maxrl}
