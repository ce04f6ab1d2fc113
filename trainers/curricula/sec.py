"""A bandit that is paid in advantages (SEC, "Self-Evolving Curriculum for LLM Reasoning", arXiv 2505.14970).

After a step each arm c that was seen is paid the mean absolute advantage of its rollouts, those of groups without any
difference included, and moves its value towards that; arms are drawn from a softmax of the values

    r(c) = mean |A|      Q(c) <- (1 - alpha) Q(c) + alpha r(c), from Q = 0      P(c) ~ weight(c) exp(Q(c) / tau)

A is (reward - mean) / sigma in the group, sigma of the population; for 0/1 rewards with success rate p the expected
payment is 2 sqrt(p (1 - p)), greatest where half succeed.

The paper's categories are arms here, and the weights of the mixture tilt the softmax. The paper draws every prompt by
itself; here the shares of a step are drawn together (systematic sampling), with the same expectation. Defaults are
those of the authors' configuration (PipelineRL, branch sec); its option to guess categories from success rates is not
needed, since generators know their level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import absolute_advantages, mean, softmax


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    alpha: float = 0.5
    """How far a value moves towards the last payment."""
    tau: float = 0.4
    """Temperature of the softmax; lower is greedier."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, alpha=(0, 1), tau=(1e-3, 1e3))


class SEC(Curriculum):
    """Draws arms by a softmax of their recent absolute advantages."""

    Options = Options

    def start(self) -> None:
        """Value all arms at 0."""
        self.values = [0.0] * len(self.arms)

    def probabilities(self) -> list[float]:
        """Return the softmax of the values, tilted by the weights."""
        return self.by_weight(softmax(self.values, self.options.tau))

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Pay the arms that were seen."""
        paid: dict[int, list[float]] = {}
        for one in seen:
            paid.setdefault(self.position[one.arm], []).extend(absolute_advantages(one.rewards))
        for i, sizes in paid.items():
            if sizes:
                self.values[i] += self.options.alpha * (mean(sizes) - self.values[i])

    def state(self) -> dict[str, Any]:
        """Return the values."""
        return {"values": self.values}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from the values."""
        self.values = list(state["values"])

    def figures(self) -> dict[str, float]:
        """Return ``value/<arm>``."""
        return {f"value/{arm}": value for arm, value in zip(self.arms, self.values, strict=True)}
