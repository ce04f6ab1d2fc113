"""Policy losses per token and their aggregation to a scalar; pure functions.

Shapes: N completions of at most T tokens; ``logprobs`` (with gradient), ``old`` and ``mask`` are [N, T],
``advantages`` is [N]. rho = exp(clamp(logprobs - old, -20, 20)).
"""

from collections.abc import Callable

import torch

TokenLoss = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, float, float], torch.Tensor]


def ratio(logprobs: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
    """Return rho [N, T]."""
    return (logprobs - old).clamp(-20, 20).exp()


def clip(logprobs: torch.Tensor, old: torch.Tensor, advantages: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """Return -min(rho A, rho clipped to [1 - low, 1 + high], times A).

    PPO, arXiv 1707.06347; the asymmetric range is DAPO's, arXiv 2503.14476.
    """
    rho, a = ratio(logprobs, old), advantages[:, None]
    return -torch.minimum(rho * a, rho.clamp(1 - low, 1 + high) * a)


def reinforce(
    logprobs: torch.Tensor, old: torch.Tensor, advantages: torch.Tensor, low: float, high: float
) -> torch.Tensor:
    """Return -A log pi; ``old`` and the clip range are not used (on-policy only)."""
    return -advantages[:, None] * logprobs


def cispo(logprobs: torch.Tensor, old: torch.Tensor, advantages: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """Return -sg(clip(rho, 1 - low, 1 + high)) A log pi (CISPO, arXiv 2506.13585, clipped on both sides)."""
    weight = ratio(logprobs, old).clamp(1 - low, 1 + high).detach()
    return -weight * advantages[:, None] * logprobs


LOSSES: dict[str, TokenLoss] = {"clip": clip, "reinforce": reinforce, "cispo": cispo}


def token_weights(mask: torch.Tensor, aggregation: str, max_tokens: int) -> torch.Tensor:
    """Return weights [N, T] with which the sum over the *whole* batch of weight x token loss is the aggregate.

    The weights are computed once for an optimiser step, so the loss does not depend on the cut into micro-batches.

    * ``token_mean``: every token of the batch counts the same (DAPO).
    * ``seq_mean_token_mean``: mean over tokens, then over sequences (GRPO).
    * ``seq_mean_token_sum_norm``: sum over tokens / (sequences x ``max_tokens``) (Dr. GRPO).

    Sequences without a token do not count.
    """
    lengths = mask.sum(1, keepdim=True)
    sequences = (lengths > 0).sum().clamp(min=1)
    if aggregation == "token_mean":
        return mask / mask.sum().clamp(min=1)
    if aggregation == "seq_mean_token_mean":
        return mask / lengths.clamp(min=1) / sequences
    return mask / (sequences * max_tokens)


AGGREGATIONS = ("token_mean", "seq_mean_token_mean", "seq_mean_token_sum_norm")


def kl_k3(logprobs: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """Return exp(-x) + x - 1 with x = clamp(log pi - log pi_ref, -20, 20), at least 0 (estimator k3)."""
    x = (logprobs - reference).clamp(-20, 20)
    return (-x).exp() + x - 1
