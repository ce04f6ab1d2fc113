"""From easy to hard on a schedule (E2H, "Curriculum Reinforcement Learning from Easy to Hard Tasks", arXiv 2506.06632).

Each task moves over its n levels, i = 0 (easiest) to n - 1, as the run makes progress x = step / steps:

    classic     all on level floor(x n)
    balanced    every level alike
    cosine      a (n - i) / Z + (1 - a) (i + 1) / Z,  a = (1 + cos(pi x)) / 2,  Z = n (n + 1) / 2
    gaussian    p_min + (1 - n p_min) q_i,  q_i ~ exp(-(i - mu)^2 / (2 sigma^2)),  mu = x^mu_exp (n - 1)

The paper has one dataset of easy to hard tasks; here every task has its own ladder and keeps its weight in the mixture.
``mu_exp`` below 1 leaves the easy levels sooner. Nothing is learned from feedback.
"""

import math
from dataclasses import dataclass

from gradarium.errors import BadValue, UnknownName
from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum
from gradarium.trainers.curricula.signals import kernel

SHAPES = ("balanced", "classic", "cosine", "gaussian")


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    shape: str = "gaussian"
    """``classic``, ``balanced``, ``cosine`` or ``gaussian``."""
    mu_exp: float = 0.5
    """Of ``gaussian``: exponent of the progress."""
    sigma: float = 0.5
    """Of ``gaussian``: width, in levels."""
    p_min: float = 0.0
    """Of ``gaussian``: least share of each level within its task."""

    def __post_init__(self) -> None:
        """Check names and bounds; raises UnknownName or BadValue."""
        if self.shape not in SHAPES:
            raise UnknownName("shape of curriculum 'e2h'", self.shape, SHAPES)
        within(self, mu_exp=(0.01, 100), sigma=(0.01, 1000), p_min=(0, 1))


class E2H(Curriculum):
    """Moves every task from its easy to its hard levels in the course of the run."""

    Options = Options

    def start(self) -> None:
        """Check that every level can have its least share; raises BadValue."""
        most = max(len(positions) for positions in self.tasks.values())
        if self.options.p_min * most > 1:
            reason = f"a task has {most} levels, so it must be at most {1 / most:.4g}"
            raise BadValue("curriculum.p_min", self.options.p_min, reason)

    def probabilities(self) -> list[float]:
        """Return the schedule's shares at this step."""
        levels = {task: self.schedule(len(positions)) for task, positions in self.tasks.items()}
        return self.within_tasks(levels)

    def schedule(self, n: int) -> list[float]:
        """Return the shares of n levels at this step."""
        o, x = self.options, self.progress
        if o.shape == "classic":
            now = min(n - 1, int(x * n))
            return [float(i == now) for i in range(n)]
        if o.shape == "balanced":
            return [1 / n] * n
        if o.shape == "cosine":
            a = (1 + math.cos(math.pi * x)) / 2
            return [(a * (n - i) + (1 - a) * (i + 1)) * 2 / (n * (n + 1)) for i in range(n)]
        return [o.p_min + (1 - n * o.p_min) * q for q in kernel(n, x**o.mu_exp * (n - 1), o.sigma)]

    def figures(self) -> dict[str, float]:
        """Return ``level/<task>``, the mean level in the schedule, counted from 0 within the task's levels."""
        shares = {task: self.schedule(len(positions)) for task, positions in self.tasks.items()}
        return {f"level/{task}": sum(i * p for i, p in enumerate(row)) for task, row in shares.items()}
