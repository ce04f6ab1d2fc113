"""What rules read from the rewards or scores of one group: how far they differ, how much there is to learn."""

import math
from collections.abc import Sequence

from gradarium.trainers.curricula.curriculum import Feedback
from gradarium.trainers.data import Arm


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean; exactly the common value where all are equal."""
    return values[0] + math.fsum(v - values[0] for v in values) / len(values)


def variance(values: Sequence[float]) -> float:
    """Return the population variance; exactly 0 where all are equal, and p (1 - p) for zeros and ones.

    >>> variance([1.0, 0.0, 0.0, 0.0])
    0.1875
    """
    middle = mean(values)
    return math.fsum((v - middle) ** 2 for v in values) / len(values)


def absolute_advantages(rewards: Sequence[float]) -> list[float]:
    """Return ``|r - mean| / sigma`` of each reward of a group, sigma of the population; zeros where sigma is 0.

    >>> absolute_advantages([1.0, 1.0, 0.0, 0.0])
    [1.0, 1.0, 1.0, 1.0]
    """
    if not rewards:
        return []
    middle, sigma = mean(rewards), math.sqrt(variance(rewards))
    return [abs(r - middle) / sigma for r in rewards] if sigma > 0 else [0.0] * len(rewards)


def learnability(scores: Sequence[float]) -> float:
    """Return ``p (1 - p)`` of the mean score p: at most 1/4, where half succeed; 0 without scores."""
    p = mean(scores) if scores else 0.0
    return max(0.0, p * (1 - p))


def variance_share(scores: Sequence[float]) -> float:
    """Return the variance of a group's scores over the greatest that its size allows for scores in [0, 1].

    With k of G right: ``k (G - k) / (G (G - 1))`` over ``G / (4 (G - 1))`` for even G, ``(G + 1) / (4 G)`` for odd G.
    0 for fewer than two scores.

    >>> variance_share([1.0, 0.0, 0.0, 0.0])
    0.75
    """
    size = len(scores)
    greatest = (size // 2) * (size - size // 2) / size**2 if size else 0.0
    return min(1.0, variance(scores) / greatest) if size > 1 else 0.0


def paid_differently(one: Feedback) -> bool:
    """Tell whether the rewards of a group differ.

    Where they do not, as where all that failed were masked, comparing them teaches nothing, whatever the scores are.
    """
    return len(set(one.rewards)) > 1


def by_arm(seen: Sequence[Feedback]) -> dict[Arm, list[float]]:
    """Return the scores of all groups of each arm, in order; arms without any are left out."""
    found: dict[Arm, list[float]] = {}
    for one in seen:
        if one.scores:
            found.setdefault(one.arm, []).extend(one.scores)
    return found


def softmax(values: Sequence[float], temperature: float) -> list[float]:
    """Return ``exp(v / temperature)``, normalised; any size of values."""
    top = max(values)
    powers = [math.exp((v - top) / temperature) for v in values]
    total = math.fsum(powers)
    return [p / total for p in powers]


def kernel(n: int, centre: float, width: float) -> list[float]:
    """Return a Gaussian over positions 0 to n - 1, ``exp(-(i - centre)^2 / (2 width^2))``, normalised."""
    return softmax([-((i - centre) ** 2) / 2 for i in range(n)], width**2)
