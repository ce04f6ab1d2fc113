"""A few rollouts decide what gets the others (LILO, "Learning to Reason at the Frontier of Learnability").

``candidates`` times as many instances as needed are drawn by the weights of the mixture, each gets ``probe`` rollouts,
and those with the highest learnability ``p (1 - p)``, p the mean score of the probe, get the rest of their group and
are trained on. Ties are broken at random.

The probes are part of the groups here, so that those of the chosen are not wasted. The others cost
``(candidates - 1) x probe`` rollouts for each group that is trained on: the rule saves steps, not always rollouts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import learnability, paid_differently


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    candidates: float = 4.0
    """Instances that are probed for each that is trained on."""
    probe: int = 4
    """Rollouts of a probe."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, candidates=(1, 64), probe=(2, 1024))


class LILO(Curriculum):
    """Probes candidates and trains on those about which the probe is least decided."""

    Options = Options

    def start(self) -> None:
        """Ask the collector for candidates and probes."""
        self.candidates, self.probe = self.options.candidates, self.options.probe
        self.found = 0.0
        """Mean learnability of what was kept last."""

    def probabilities(self) -> list[float]:
        """Return the shares of the candidates: the weights."""
        return list(self.weights)

    def keep(self, seen: Sequence[Feedback], n: int) -> list[int]:
        """Return the n candidates of highest learnability."""
        values = [learnability(one.scores) if paid_differently(one) else 0.0 for one in seen]
        best = sorted(range(len(seen)), key=lambda i: (-values[i], self.rng.random()))[:n]
        self.found = sum(values[i] for i in best) / max(1, len(best))
        return sorted(best)

    def state(self) -> dict[str, float]:
        """Return the metric."""
        return {"found": self.found}

    def load(self, state: dict[str, float]) -> None:
        """Go on with the metric."""
        self.found = state["found"]

    def figures(self) -> dict[str, float]:
        """Return ``learnability``, the mean of what was kept last."""
        return {"learnability": self.found}
