"""What a completion is paid for its length, beside its score: one pure function of a group for each published rule.

A rule sees the completions of one problem that are compared with each other, and returns one number for each, which is
added to the score with the weight ``reward.length_weight``. Where a paper pays one number for both answer and length,
the rule returns the difference between that number and the plain score (1 right, 0 wrong), so that with weights of 1
the sum is the paper's.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from gradarium.core import Instance, derive_seed
from gradarium.trainers.config import RewardConfig
from gradarium.trainers.registry import register


class Written(NamedTuple):
    """What a rule sees of a completion."""

    tokens: int
    right: bool
    cut: bool = False
    """Ended by the token limit."""
    abstained: bool = False
    """Neither right nor wrong, see ``abstention.py``; such a completion is never paid above 0 for its length."""


LengthReward = Callable[[Sequence[Written], int, RewardConfig], list[float]]
"""(completions of a group, tokens they may take, options) -> one number for each."""
LENGTHS: dict[str, LengthReward] = {}

EFFORTS = {"high": 1.0, "medium": 0.5, "low": 0.25}
"""ThinkDial's modes (arXiv 2508.18773): half and a quarter of the tokens of full reasoning."""


def effort_of(instance: Instance, options: RewardConfig) -> str:
    """Return the mode in which a problem is to be solved; with ``mixed`` each problem has one of the three for good."""
    if options.effort != "mixed":
        return options.effort
    return sorted(EFFORTS)[derive_seed("effort", instance.key) % len(EFFORTS)]


def budget(effort: str, max_tokens: int) -> int:
    """Return how many of ``max_tokens`` tokens a completion may take in a mode.

    >>> [budget(effort, 1000) for effort in EFFORTS]
    [1000, 500, 250]
    """
    return max(1, int(EFFORTS[effort] * max_tokens))


@register(LENGTHS)
def kimi(group: Sequence[Written], limit: int, options: RewardConfig) -> list[float]:
    """Return Kimi k1.5's length reward (arXiv 2501.12599): the shortest right answer of a group gains most.

    With lambda = 1/2 - (tokens - least) / (most - least) over all of the group, right ones get lambda, others min(0,
    lambda); a group of one length gets 0. The paper leaves it out at first and turns it on later in the training.

    >>> kimi([Written(10, True), Written(20, True), Written(30, True), Written(10, False)], 64, RewardConfig())
    [0.5, 0.0, -0.5, 0.0]
    """
    least, most = min(one.tokens for one in group), max(one.tokens for one in group)
    if least == most:
        return [0.0] * len(group)
    gains = [0.5 - (one.tokens - least) / (most - least) for one in group]
    return [gain if one.right else min(0.0, gain) for gain, one in zip(gains, group, strict=True)]


@register(LENGTHS)
def cosine(group: Sequence[Written], limit: int, options: RewardConfig) -> list[float]:
    """Return the cosine reward of "Demystifying Long Chain-of-Thought" (arXiv 2502.03373) less the plain score.

    Along half a cosine from no tokens to the limit, right answers are paid from ``cosine_right_short`` to
    ``cosine_right_long`` and wrong ones from ``cosine_wrong_short`` to ``cosine_wrong_long``: the right ones should be
    short, and where the model fails it should think longer. A completion that was cut off gets ``cosine_cut``.

    >>> cosine([Written(50, True), Written(50, False)], 100, RewardConfig())
    [-0.25, -0.75]
    """
    return [0.0 if one.abstained else _along(one, limit, options) - float(one.right) for one in group]


def _along(one: Written, limit: int, options: RewardConfig) -> float:
    if one.cut:
        return options.cosine_cut
    short, long = (
        (options.cosine_right_short, options.cosine_right_long)
        if one.right
        else (options.cosine_wrong_short, options.cosine_wrong_long)
    )
    return long + (short - long) * (1 + math.cos(min(1.0, one.tokens / limit) * math.pi)) / 2


@register(LENGTHS)
def lcpo_max(group: Sequence[Written], limit: int, options: RewardConfig) -> list[float]:
    """Return L1's reward under a budget, LCPO-Max (arXiv 2503.04697), less the plain score; ``limit`` is the budget.

    A right answer is paid clip(slope (budget - tokens) + margin, 0, 1), with slope = ``effort_slope`` and margin =
    ``effort_margin``: one a little above its budget is still better than a wrong one. Wrong answers get 0.

    >>> lcpo_max([Written(1000, True), Written(5000, True), Written(9, False)], 3000, RewardConfig())
    [0.0, -1.0, 0.0]
    """
    slope, margin = options.effort_slope, options.effort_margin
    return [min(1.0, max(0.0, slope * (limit - one.tokens) + margin)) - 1 if one.right else 0.0 for one in group]
