"""Aggregation of token losses to one number: weights whose sum with the token losses is the aggregate.

The weights are computed once for an optimiser step from the mask of the *whole* batch, so neither the loss nor its
gradient depends on how the batch is cut into micro-batches, padded or ordered. Sequences without a token do not count.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from gradarium.trainers.registry import register

Aggregation = Callable[[Tensor, int, Tensor, Tensor], Tensor]
"""(mask [N, T], max_tokens, prompts [N], tasks [N]) -> weights [N, T]."""

AGGREGATIONS: dict[str, Aggregation] = {}


def token_weights(mask: Tensor, aggregation: str, *, max_tokens: int, prompts: Tensor, tasks: Tensor) -> Tensor:
    """Return the weights [N, T] with which the sum of weight x token loss over the whole batch is the aggregate.

    Args:
        mask: [N, T], 1 where a completion has a token that is learned from.
        aggregation: a name of AGGREGATIONS.
        max_tokens: longest completion that the run allows.
        prompts: [N] integers, equal for completions of one prompt.
        tasks: [N] integers, equal for completions of one task.
    """
    return AGGREGATIONS[aggregation](mask, max_tokens, prompts, tasks)


def _sequences(mask: Tensor) -> Tensor:
    return (mask.sum(1) > 0).sum().clamp(min=1)


def _mean_of_means(mask: Tensor, groups: Tensor) -> Tensor:
    """Return the weights of a mean over the tokens of each group, then over the groups that have tokens."""
    group: Tensor = torch.unique(groups.to(mask.device), return_inverse=True)[1]  # [N], 0 ... K - 1
    tokens = mask.new_zeros(int(group.max()) + 1 if len(group) else 0).index_add(0, group, mask.sum(1))  # [K]
    share = 1 / tokens.clamp(min=1) / (tokens > 0).sum().clamp(min=1)
    return mask * share[group][:, None]


@register(AGGREGATIONS)
def token_mean(mask: Tensor, max_tokens: int, prompts: Tensor, tasks: Tensor) -> Tensor:
    """Every token of the batch counts the same (DAPO, arXiv 2503.14476)."""
    return mask / mask.sum().clamp(min=1)


@register(AGGREGATIONS)
def seq_mean_token_mean(mask: Tensor, max_tokens: int, prompts: Tensor, tasks: Tensor) -> Tensor:
    """Mean over the tokens of a sequence, then over sequences (GRPO, arXiv 2402.03300; GSPO, SAPO)."""
    return mask / mask.sum(1, keepdim=True).clamp(min=1) / _sequences(mask)


@register(AGGREGATIONS)
def seq_mean_token_sum_norm(mask: Tensor, max_tokens: int, prompts: Tensor, tasks: Tensor) -> Tensor:
    """Sum over tokens / (sequences x max_tokens), a constant in place of the length (Dr. GRPO, arXiv 2503.20783)."""
    return mask / (_sequences(mask) * max_tokens)


@register(AGGREGATIONS)
def prompt_mean(mask: Tensor, max_tokens: int, prompts: Tensor, tasks: Tensor) -> Tensor:
    """Mean over the tokens of a prompt's group, then over prompts (as in SkyRL)."""
    return _mean_of_means(mask, prompts)


@register(AGGREGATIONS)
def task_mean(mask: Tensor, max_tokens: int, prompts: Tensor, tasks: Tensor) -> Tensor:
    """Mean over the tokens of a task, then over the tasks of the batch: tasks with long answers do not drown others."""
    return _mean_of_means(mask, tasks)
