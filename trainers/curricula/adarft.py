"""A target difficulty that follows success (AdaRFT, arXiv 2504.05520).

The target T moves over the difficulties 0 to 100 with the mean score R of each step,

    T <- clip(T + eta tanh(alpha (R - beta)), 0, 100), from T = 0

The n levels of a task lie evenly on 0 to 100, at d_i = 100 i / (n - 1), and are drawn by a Gaussian around T:

    P(i) ~ exp(-(i - T (n - 1) / 100)^2 / (2 width^2))

The paper takes the items of a fixed set that are nearest to T, which takes the same items again as long as T stays;
levels pose fresh instances, and the kernel keeps the neighbours in play. The paper has one T; ``per_task`` gives each
task its own, moved by its own scores, since ladders of different tasks are not of one measure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import kernel, mean

HARDEST = 100.0


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    eta: float = 50.0
    """Greatest move of the target in a step, on a scale of 0 to 100; much for short ladders: try 10."""
    alpha: float = 2.0
    """How soon the move grows with the distance of the mean score from ``beta``."""
    beta: float = 0.5
    """Mean score at which the target stays."""
    width: float = 0.5
    """Width of the kernel, in levels."""
    per_task: bool = True
    """A target for each task; otherwise one for all."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, eta=(0, HARDEST), alpha=(0, 1000), beta=(0, 1), width=(0.01, 1000))


class AdaRFT(Curriculum):
    """Draws levels around a target difficulty that rises while the model does well."""

    Options = Options

    def start(self) -> None:
        """Aim at the easiest levels."""
        self.target = dict.fromkeys(self.tasks, 0.0)

    def probabilities(self) -> list[float]:
        """Return the kernel around each task's target."""
        width = self.options.width
        sizes = {task: len(positions) for task, positions in self.tasks.items()}
        return self.within_tasks(
            {task: kernel(n, self.target[task] / HARDEST * (n - 1), width) for task, n in sizes.items()}
        )

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Move the targets of tasks that have scores."""
        scores: dict[str, list[float]] = {task: [] for task in self.tasks}
        for one in seen:
            for task in (one.arm.task,) if self.options.per_task else self.tasks:
                scores[task] += one.scores
        for task, values in scores.items():
            if values:
                move = self.options.eta * math.tanh(self.options.alpha * (mean(values) - self.options.beta))
                self.target[task] = min(max(self.target[task] + move, 0.0), HARDEST)

    def state(self) -> dict[str, Any]:
        """Return the targets."""
        return {"target": self.target}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from the targets."""
        self.target = {task: state["target"][task] for task in self.tasks}

    def figures(self) -> dict[str, float]:
        """Return ``target/<task>``, in [0, 100]."""
        return {f"target/{task}": value for task, value in self.target.items()}
