"""Upper confidence bounds on advantages (DUMP, "Automated Distribution-Level Curriculum Learning", arXiv 2504.09710).

For each arm d with the last ``window`` absolute advantages W(d) of its rollouts and n(d) groups so far,

    L(d) = mean W(d)    UCB(d) = L(d) + sqrt(2 ln(sum n + 1) / (n(d) + 1))    P(d) ~ weight(d) exp(UCB(d) / tau)

The paper's distributions are arms here. L is at most 1 and the bonus is of that size too until every arm has dozens of
groups, so that the start is exploration; after it the softmax is nearly greedy. The public code differs from the paper
(it updates at validation only, takes raw rewards and counts samples over a threshold); this is the paper's rule.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import absolute_advantages, mean, softmax


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    window: int = 300
    """Rollouts of each arm whose advantages count."""
    tau: float = 0.1
    """Temperature of the softmax; lower is greedier."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, window=(1, 100_000), tau=(1e-3, 1e3))


class DUMP(Curriculum):
    """Draws arms by a softmax of upper confidence bounds of their absolute advantages."""

    Options = Options

    def start(self) -> None:
        """Know nothing of any arm."""
        self.window: list[list[float]] = [[] for _ in self.arms]
        self.groups = [0] * len(self.arms)

    def bounds(self) -> list[float]:
        """Return UCB of each arm."""
        total = 2 * math.log(sum(self.groups) + 1)
        return [
            (mean(w) if w else 0.0) + math.sqrt(total / (n + 1)) for w, n in zip(self.window, self.groups, strict=True)
        ]

    def probabilities(self) -> list[float]:
        """Return the softmax of the bounds, tilted by the weights."""
        return self.by_weight(softmax(self.bounds(), self.options.tau))

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Take in the advantages; a group without any reward is no visit."""
        for one in seen:
            if one.rewards:
                i = self.position[one.arm]
                self.groups[i] += 1
                self.window[i] = [*self.window[i], *absolute_advantages(one.rewards)][-self.options.window :]

    def state(self) -> dict[str, Any]:
        """Return windows and counts."""
        return {"window": self.window, "groups": self.groups}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from windows and counts."""
        self.window, self.groups = [list(w) for w in state["window"]], list(state["groups"])

    def figures(self) -> dict[str, float]:
        """Return ``bound/<arm>``."""
        return {f"bound/{arm}": bound for arm, bound in zip(self.arms, self.bounds(), strict=True)}
