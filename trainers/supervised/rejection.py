"""Rejection fine-tuning: sample, keep what is right, learn it as if it had been demonstrated.

The first stage of Enigmata (arXiv 2505.19914) and of RFT (2308.01825). Deviations: the completions are the policy's
own, not those of a stronger model; each round samples new problems of the mixture and goes on from the weights of the
one before; and completions are different where their texts are, while RFT compares the equations in them.
"""

import math
from collections.abc import Sequence

from gradarium.trainers.config import RejectionConfig
from gradarium.trainers.data import Group

Pair = tuple[list[int], list[int]]
"""(prompt ids, completion ids)."""


def right_completions(groups: Sequence[Group], keep: int) -> list[Pair]:
    """Return at most ``keep`` different right completions of each group with their prompts, the first ones sampled.

    Cut-off completions are never kept: they would teach to go on without an end.
    """
    pairs: list[Pair] = []
    for group in groups:
        different: dict[str, list[int]] = {}
        for rollout in group.rollouts:
            if rollout.verdict.score == 1 and rollout.finish == "stop":
                different.setdefault(rollout.text, rollout.token_ids)
        pairs += [(group.prompt_ids, ids) for ids in list(different.values())[:keep]]
    return pairs


def batches(pairs: Sequence[Pair], options: RejectionConfig) -> list[list[Pair]]:
    """Return ``epochs`` passes over the pairs in batches of at most ``batch``, equal in size up to one.

    A batch takes every n-th pair. Groups lie arm by arm, so each arm has its share of every batch.
    """
    count = math.ceil(len(pairs) / options.batch)
    return [list(pairs[first::count]) for _ in range(options.epochs) for first in range(count)]
