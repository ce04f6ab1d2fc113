"""A value model foresees success (PCL, "Prompt Curriculum Learning", arXiv 2510.01135).

V(x) is the mean score that is expected of a prompt. From ``candidates`` times as many arms as needed, drawn by the
weights of the mixture, those with V nearest to ``target`` are taken, before anything is sampled; ties are broken at
random. After the step V is trained to the mean scores y of the groups, by gradient descent on the mean of (V - y)^2.

The paper's V is a language model that reads the prompt. What can be known of a fresh instance here is its task and its
level, so V is the logistic of a linear function,

    V = 1 / (1 + exp(-z)),    z = b + b_task + (s + s_task) x,    x = level within its task, scaled to [-1, 1]

which starts at 1/2 everywhere and lets the levels of a task, and tasks as a whole, learn from each other. The factor
V (1 - V) of the gradient is held at ``STEEP`` or more, so that a guess near 0 or 1 can still be corrected.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import mean

STEEP = 0.05
"""Least slope of the logistic in a gradient."""


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    target: float = 0.5
    """Success rate that is looked for."""
    candidates: int = 4
    """Arms that are considered for each that is taken."""
    lr: float = 2.0
    """Learning rate of the value model; at 4 the largest step that still settles."""
    updates: int = 10
    """Gradient steps after each step of the run."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, target=(0, 1), candidates=(1, 1000), lr=(0, 4), updates=(1, 10_000))


class PCL(Curriculum):
    """Takes the arms whose foreseen success is nearest to a target."""

    Options = Options

    def start(self) -> None:
        """Expect half of everything."""
        self.features: list[tuple[tuple[int, float], ...]] = [()] * len(self.arms)
        """Of each arm the coefficients it has, with their factors: bias, task, slope, slope of the task."""
        for t, positions in enumerate(self.tasks.values()):
            for rank, i in enumerate(positions):
                x = 2 * rank / (len(positions) - 1) - 1 if len(positions) > 1 else 0.0
                self.features[i] = ((0, 1.0), (1, x), (2 + 2 * t, 1.0), (3 + 2 * t, x))
        self.coefficients = [0.0] * (2 + 2 * len(self.tasks))
        self.loss = 0.0
        """Mean of (V - y)^2 over the groups of the last step, before they were learned from."""

    def value(self, i: int) -> float:
        """Return V of the arm at a position."""
        z = sum(self.coefficients[k] * x for k, x in self.features[i])
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0

    def probabilities(self) -> list[float]:
        """Return the shares of the candidates: the weights."""
        return list(self.weights)

    def choose(self, n: int) -> list[tuple[int, int | None]]:
        """Return the n candidates with V nearest to the target."""
        candidates = self.systematic(self.probabilities(), n * self.options.candidates)
        away = [abs(self.value(i) - self.options.target) for i in range(len(self.arms))]
        return [(i, None) for i in sorted(sorted(candidates, key=lambda i: (away[i], self.rng.random()))[:n])]

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Train V to the mean scores of the groups."""
        pairs = [(self.position[one.arm], mean(one.scores)) for one in seen if one.scores]
        for update in range(self.options.updates if pairs else 0):
            gradient = [0.0] * len(self.coefficients)
            loss = 0.0
            for i, y in pairs:
                v = self.value(i)
                loss += (v - y) ** 2 / len(pairs)
                for k, x in self.features[i]:
                    gradient[k] += 2 * (v - y) * max(v * (1 - v), STEEP) * x / len(pairs)
            if not update:
                self.loss = loss
            self.coefficients = [c - self.options.lr * g for c, g in zip(self.coefficients, gradient, strict=True)]

    def state(self) -> dict[str, Any]:
        """Return the value model."""
        return {"coefficients": self.coefficients, "loss": self.loss}

    def load(self, state: dict[str, Any]) -> None:
        """Go on with the value model."""
        self.coefficients, self.loss = list(state["coefficients"]), state["loss"]

    def figures(self) -> dict[str, float]:
        """Return ``value/<arm>`` and ``value_loss``."""
        return {**{f"value/{arm}": self.value(i) for i, arm in enumerate(self.arms)}, "value_loss": self.loss}
