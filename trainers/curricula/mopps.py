"""Thompson sampling of success rates (MoPPS, "Can Prompt Difficulty be Online Predicted", arXiv 2507.04632).

The success rate of each arm has a Beta(a, b) posterior that forgets. After a step in which an arm had s successes in G
rollouts

    a <- lam a + (1 - lam) a0 + s        b <- lam b + (1 - lam) b0 + (G - s)

To choose n arms, ``candidates`` times as many are drawn by the weights of the mixture, a rate is sampled for each from
its posterior, and the n whose rates are nearest to ``target`` are taken. Little-known arms have wide posteriors and so
are tried now and then.

Arms stand for the paper's prompts: what is learned about one instance holds for fresh ones of its task and level. All
groups of an arm in a step are one observation, so that ``lam`` counts steps. Scores between 0 and 1 count as that much
of a success. The public code (recipe/mopps of verl) can also take any rate in [0.3, 0.7]; here it is the nearest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import by_arm


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    lam: float = 0.5
    """How much of what is known stays, per step in which the arm is seen; 1 never forgets."""
    a0: float = 1.0
    """Prior successes."""
    b0: float = 1.0
    """Prior failures."""
    target: float = 0.5
    """Success rate that is looked for."""
    candidates: int = 8
    """Arms that are considered for each that is taken."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, lam=(0, 1), a0=(1e-3, 1e6), b0=(1e-3, 1e6), target=(0, 1), candidates=(1, 1000))


class MoPPS(Curriculum):
    """Takes the arms whose sampled success rates are nearest to a target."""

    Options = Options

    def start(self) -> None:
        """Know nothing of any arm."""
        self.a = [self.options.a0] * len(self.arms)
        self.b = [self.options.b0] * len(self.arms)

    def probabilities(self) -> list[float]:
        """Return the shares of the arms among the candidates."""
        return list(self.weights)

    def choose(self, n: int) -> list[tuple[int, int | None]]:
        """Sample a rate for each candidate and return the n nearest to the target."""
        candidates = self.systematic(self.probabilities(), n * self.options.candidates)
        rates = [self.rng.betavariate(self.a[i], self.b[i]) for i in candidates]
        nearest = sorted(range(len(rates)), key=lambda k: (rates[k] - self.options.target) ** 2)
        return [(candidates[k], None) for k in sorted(nearest[:n])]

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Move the posteriors of the arms that were seen."""
        o = self.options
        for arm, scores in by_arm(seen).items():
            i, successes = self.position[arm], math.fsum(scores)
            self.a[i] = o.lam * self.a[i] + (1 - o.lam) * o.a0 + successes
            self.b[i] = o.lam * self.b[i] + (1 - o.lam) * o.b0 + len(scores) - successes

    def state(self) -> dict[str, Any]:
        """Return the posteriors."""
        return {"a": self.a, "b": self.b}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from the posteriors."""
        self.a, self.b = list(state["a"]), list(state["b"])

    def figures(self) -> dict[str, float]:
        """Return ``rate/<arm>``, the mean of each posterior."""
        return {f"rate/{arm}": a / (a + b) for arm, a, b in zip(self.arms, self.a, self.b, strict=True)}
