"""Group sizes: a budget of rollouts over the prompts of a step, more where they lower the gradient's variance most."""

import heapq
import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradarium.errors import BadValue
from gradarium.trainers.data import Arm, Group


def gvm_allocation(deviations: Sequence[float], budget: int, least: int, most: int) -> list[int]:
    """Return the group sizes n with sum ``budget`` that minimise sum d^2 / n, least <= n <= most (GVM).

    ``deviations`` are the d of the drawn prompts: the standard deviation of one sample's gradient, up to a common
    factor. The mean over a group of n has variance d^2 / n, so the sum is the variance of a gradient in which all
    prompts weigh the same. Without the bounds and in real numbers its least value is at n in proportion to d; here
    rollouts are handed out one by one to the prompt that gains most, d^2 / (n (n + 1)), which is the exact minimum over
    whole numbers because the gains only fall. Equal gains go to the smaller group, then to the earlier one.

    Taken from "Optimizing Chain-of-Thought Reasoners via Gradient Variance Minimization in Rejection Sampling and RL"
    (arXiv 2505.02391): a fixed budget, split by the variance of the gradient it leaves. Deviations: the paper derives
    its rule for rejection sampling, where d grows as the success rate p falls, and damps it near p = 0, with p measured
    for each prompt by extra samples. A policy gradient with a baseline has d^2 = p (1 - p) times the squared norm of
    the score, which vanishes at both ends by itself; and our prompts are seen once, so d belongs to the arm (see
    ``ArmStatistics``). The bounds are ours: ``least`` keeps looking at arms that seem settled.

    It holds for advantages that are not divided by sigma (``dr_grpo``, ``rloo``) under ``prompt_mean``; with other
    aggregations a larger group weighs more as well.

    Raises BadValue if the budget does not fit the bounds or a deviation is negative or not finite.

    >>> gvm_allocation([1.0, 3.0], budget=16, least=2, most=14)
    [4, 12]
    """
    if not 0 < least <= most:
        raise BadValue("sampling.least", least, f"must be from 1 to sampling.most, which is {most}")
    if not len(deviations) * least <= budget <= len(deviations) * most:
        raise BadValue(
            "rollouts in a step",
            budget,
            f"cannot be split into {len(deviations)} groups of {least} to {most}: change grpo.group, sampling.least or "
            "sampling.most",
        )
    if not all(math.isfinite(d) and d >= 0 for d in deviations):
        raise BadValue("deviations", list(deviations), "must be finite and not negative")
    scale = max(deviations, default=0.0) or 1.0  # no underflow of small squares
    shares = [d / scale for d in deviations]
    sizes = [least] * len(shares)

    def offer(i: int) -> tuple[float, int, int]:
        return -(shares[i] ** 2) / (sizes[i] * (sizes[i] + 1)), sizes[i], i

    heap = [offer(i) for i in range(len(shares))]
    heapq.heapify(heap)
    for _ in range(budget - least * len(shares)):
        _, _, i = heapq.heappop(heap)
        sizes[i] += 1
        if sizes[i] < most:
            heapq.heappush(heap, offer(i))
    return sizes


class ArmStatistics:
    """Moving averages of each arm's rewards: mean, variance within a group, and squared gradient norm if it is given.

    The variance is that of the samples of one prompt (unbiased, pooled over the arm's groups), not p (1 - p) of the
    arm's mean p: an arm of which half the prompts are always solved and half never has nothing to gain from more
    samples. Unseen arms start at mean 1/2 and variance 1/4, the most that a 0/1 reward can have.
    """

    def __init__(self, decay: float = 0.9) -> None:
        if not 0 <= decay < 1:
            raise BadValue("decay", decay, "must be at least 0 and below 1")
        self.decay = decay
        self._means: dict[str, float] = {}
        self._variances: dict[str, float] = {}
        self._norms: dict[str, float] = {}

    def observe(self, groups: Sequence[Group], square_norms: Mapping[Arm, float] | None = None) -> None:
        """Take in one step: each arm moves once, towards the average of its groups, by 1 - decay.

        Masked samples do not count. ``square_norms``: mean squared norm of the gradient of a completion's
        log-probability, for the arms where it was measured; the first one of an arm is taken as it is.
        """
        rewards: dict[str, list[list[float]]] = {}
        for group in groups:
            valid = [reward for reward in group.rewards if reward is not None]
            if valid:
                rewards.setdefault(str(group.arm), []).append(valid)
        for arm, rows in rewards.items():
            self._move(self._means, arm, math.fsum(map(math.fsum, rows)) / sum(map(len, rows)), 0.5)
            freedom = sum(len(row) - 1 for row in rows)
            if freedom:
                self._move(self._variances, arm, math.fsum(map(_squares, rows)) / freedom, 0.25)
        for named, norm in (square_norms or {}).items():
            self._move(self._norms, str(named), norm, norm)

    def mean(self, arm: Arm) -> float:
        """Return the average reward; 0.5 for an unseen arm."""
        return self._means.get(str(arm), 0.5)

    def variance(self, arm: Arm) -> float:
        """Return the variance of the rewards of one prompt; 0.25 for an unseen arm."""
        return self._variances.get(str(arm), 0.25)

    def deviation(self, arm: Arm) -> float:
        """Return sqrt(variance x squared gradient norm), what ``gvm_allocation`` takes.

        An arm without a norm takes the average of the others; if none has one it is 1 for all.
        """
        default = math.fsum(self._norms.values()) / len(self._norms) if self._norms else 1.0
        return math.sqrt(self.variance(arm) * self._norms.get(str(arm), default))

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON-ready data."""
        return {"means": dict(self._means), "variances": dict(self._variances), "norms": dict(self._norms)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self._means, self._variances = dict(state["means"]), dict(state["variances"])
        self._norms = dict(state["norms"])

    def _move(self, table: dict[str, float], arm: str, value: float, start: float) -> None:
        table[arm] = self.decay * table.get(arm, start) + (1 - self.decay) * value


def _squares(row: list[float]) -> float:
    """Return the sum of squared distances from the mean, exactly 0 for equal values."""
    shifted = [value - min(row) for value in row]
    mean = math.fsum(shifted) / len(row)
    return math.fsum((value - mean) ** 2 for value in shifted)
