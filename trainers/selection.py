"""Which tokens are learned from, decided once on the whole batch.

Everything here looks at the policy *before* the updates on a batch (its log-probabilities and entropies), so the loss
does not depend on how the batch is cut into micro-batches. As in the papers the selection is multiplied into the
token losses, and the aggregation still divides by all tokens.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from gradarium.trainers.registry import register

Selection = Callable[[Tensor, Tensor, Tensor, Tensor, float, torch.Generator | None], Tensor]
"""(logprobs [N, T], entropy [N, T], advantages [N], mask [N, T], share, generator) -> 0 / 1 [N, T]."""

SELECTIONS: dict[str, Selection] = {}

PAPER_SHARES = {"top_entropy": 0.2, "clip_cov": 2e-4, "kl_cov": 2e-4}
"""The share of tokens in the paper of each rule; what ``loss.select_share = 0`` stands for."""


def covariance(logprobs: Tensor, advantages: Tensor, mask: Tensor) -> Tensor:
    """Return (A - mean A) (log pi - mean log pi) of each token [N, T], both means over the tokens of the batch.

    Their mean says how fast the entropy falls (arXiv 2505.22617); masked places are 0.
    """
    count = mask.sum().clamp(min=1)
    a = advantages[:, None] * mask
    return (a - a.sum() / count) * (logprobs - (logprobs * mask).sum() / count) * mask


def keep_all(
    logprobs: Tensor,
    entropy: Tensor,
    advantages: Tensor,
    mask: Tensor,
    share: float,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Keep every token; ``all`` in the configuration."""
    return mask.clone()


SELECTIONS["all"] = keep_all


@register(SELECTIONS)
def top_entropy(
    logprobs: Tensor,
    entropy: Tensor,
    advantages: Tensor,
    mask: Tensor,
    share: float,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Keep the ``share`` of tokens with the highest entropy ("Beyond the 80/20 rule", arXiv 2506.01939; 0.2 there).

    At least one token is kept; all that equal the last one kept are kept, too. The paper takes the threshold in each
    batch, as we do.
    """
    values = entropy[mask > 0]
    if not len(values):
        return mask.clone()
    count = min(len(values), max(1, round(share * len(values))))
    return mask * (entropy >= values.sort(descending=True).values[count - 1])


@register(SELECTIONS)
def clip_cov(
    logprobs: Tensor,
    entropy: Tensor,
    advantages: Tensor,
    mask: Tensor,
    share: float,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Drop random tokens with 1 < covariance < 5: ``share`` of all tokens, at least one where there is any.

    Clip-Cov, arXiv 2505.22617 (share 2e-4). Decided before the first update on a batch, where no token is clipped;
    with several updates the authors leave tokens that the ratio clips out of the draw.
    """
    cov = covariance(logprobs, advantages, mask)
    places = ((cov > 1) & (cov < 5) & (mask > 0)).flatten().nonzero()[:, 0]
    count = min(len(places), max(1, int(share * float(mask.sum()))))
    device = generator.device if generator is not None else torch.device("cpu")
    drawn = torch.randperm(len(places), generator=generator, device=device)[:count].to(places.device)
    kept = mask.clone().flatten()
    kept[places[drawn]] = 0
    return kept.view_as(mask)


def kl_cov_tokens(logprobs: Tensor, advantages: Tensor, mask: Tensor, share: float) -> Tensor:
    """Return 1 for the ``share`` of tokens with the largest covariance, at least one; 0 elsewhere, [N, T].

    What the loss ``kl_cov`` holds near the old policy (arXiv 2505.22617; share 2e-4).
    """
    cov = covariance(logprobs, advantages, mask)
    places = (mask > 0).flatten().nonzero()[:, 0]
    count = min(len(places), max(1, int(share * len(places))))
    order = cov.flatten()[places].argsort(descending=True, stable=True)[:count]
    held = torch.zeros_like(cov).flatten()
    held[places[order]] = 1
    return held.view_as(cov)
