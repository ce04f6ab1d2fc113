"""Rewards: a verdict and the length of its completion -> parts -> one number, or None for a sample to be masked."""

from typing import NamedTuple

from gradarium.core import Status, Verdict
from gradarium.trainers.config import RewardConfig


class Parts(NamedTuple):
    """What a completion is paid for, before weighting; also the weights of these parts."""

    score: float
    """The verdict's score, 0 to 1."""
    format: float
    """1 if an answer was found and could be read, right or wrong; else 0."""
    overlong: float
    """0, down to -1 for a completion that comes near the limit."""


def overlong_penalty(tokens: int, limit: int, cache: int) -> float:
    """Return DAPO's soft overlong punishment (arXiv 2503.14476, equation 13).

    0 up to ``limit - cache`` tokens, falling in a line to -1 at ``limit``, and -1 beyond.

    >>> overlong_penalty(18432, 20480, 4096)
    -0.5
    """
    free = limit - cache
    if tokens <= free:
        return 0.0
    return (free - tokens) / cache if tokens <= limit else -1.0


def reward_parts(verdict: Verdict, tokens: int, max_tokens: int, options: RewardConfig) -> Parts:
    """Return the unweighted parts for a completion of ``tokens`` of at most ``max_tokens`` tokens."""
    readable = verdict.status not in (Status.MISSING, Status.UNREADABLE)
    overlong = overlong_penalty(tokens, max_tokens, options.overlong) if options.overlong else 0.0
    return Parts(verdict.score, float(readable), overlong)


def part_weights(options: RewardConfig) -> Parts:
    """Return the weight of each part; DAPO's punishment has weight 1."""
    return Parts(options.score, options.format, 1.0)


def reward(verdict: Verdict, finish: str, tokens: int, max_tokens: int, options: RewardConfig) -> float | None:
    """Return the weighted sum of the parts, or None for a sample to be masked.

    Masked are samples that the suite failed to judge, and with ``mask_truncated`` those that were cut off (overlong
    filtering, arXiv 2503.14476).
    """
    if verdict.reward is None or (options.mask_truncated and finish == "length"):
        return None
    parts = reward_parts(verdict, tokens, max_tokens, options)
    return sum(weight * part for weight, part in zip(part_weights(options), parts, strict=True))
