"""Prefix-RFT: some rollouts of a group go on from a piece of the reference answer (arXiv 2507.01679).

The given tokens are learned together with what follows, by the advantage of the whole, but only the most uncertain of
them (the paper's entropy-based clipping); the piece becomes shorter along a cosine. Deviations: all prefixed rollouts
of a step are given the same share, and the share of given tokens that is learned is taken over the whole batch.
"""

import math
from typing import Any

import torch

from gradarium.core import Instance
from gradarium.trainers.models import decode, encode_reference
from gradarium.verifiers import get_format

LEARNED_SHARE = 0.2
"""Share of the given tokens that is learned: those of highest entropy."""


def share_at(step: int, steps: int, start: float, end: float) -> float:
    """Return the share of the reference that is given at ``step``, from 0 to steps - 1: a cosine from start to end.

    >>> share_at(0, 101, 0.9, 0.1), round(share_at(50, 101, 0.9, 0.1), 6), share_at(100, 101, 0.9, 0.1)
    (0.9, 0.5, 0.1)
    """
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / max(1, steps - 1))))


def given_tokens(tokenizer: Any, instance: Instance, share: float) -> list[int]:
    """Return the first ``share`` (rounded up) of the tokens that state the reference answer, never all of them.

    What only closes the answer format (``</answer>``) is not counted: with it nearly given, the answer would be.
    """
    form = get_format(instance.answer_format)
    text = form.render(instance.reference)
    closing = form.render("")
    while not text.endswith(closing):
        closing = closing[1:]
    end = len(text[: len(text) - len(closing)].rstrip())
    stated = encode_reference(tokenizer, instance)[:-1]
    while len(stated) > 1 and len(decode(tokenizer, stated[:-1])) >= end:
        stated.pop()
    return stated[: min(math.ceil(share * len(stated)), len(stated) - 1)]


def learned_tokens(entropy: torch.Tensor, mask: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    """Return [N, T]: 1 for sampled tokens and for the most uncertain of the given ones, 0 for the other given ones.

    ``entropy`` and ``mask`` are [N, T]; ``given`` [N] counts the leading tokens that were given. The share, rounded up,
    is taken over all given tokens of the batch together; of equal ones all are learned.
    """
    lead = (torch.arange(mask.shape[1])[None] < given[:, None]) & (mask > 0)
    count = int(lead.sum())
    if not count:
        return torch.ones_like(mask)
    least = entropy[lead].topk(math.ceil(LEARNED_SHARE * count)).values[-1]
    return (~lead | (entropy >= least)).float()
