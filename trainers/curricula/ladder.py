"""A level for each task that rises with success, as in the trainer of reasoning-gym and in RLVE.

Every task starts on its easiest level. Once the last ``last_k`` scores of the level it stands on are there,

    mean of the last last_k >= up                    -> one level up, scores cleared
    mean of the last patience x last_k <= down       -> one level down, scores cleared

A share ``lower`` of the task's draws goes to the levels below, all alike; levels above are not drawn, but by the floor.
Only scores of the level itself count.

reasoning-gym rises at 0.7 and falls at 0.1 over 20 scores. Two things are added: falling takes ``patience`` times as
many scores as rising, so that a task does not swing between two levels, and lower levels are rehearsed. Its code looks
at the first of its difficulty settings only; here each task is looked at by itself.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.errors import BadValue
from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import mean


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    last_k: int = 20
    """Scores (rollouts, not groups) that decide."""
    up: float = 0.7
    """Mean score from which a task rises."""
    down: float = 0.1
    """Mean score from which downwards a task falls."""
    patience: int = 2
    """How many times ``last_k`` scores a fall takes."""
    lower: float = 0.2
    """Share of a task's draws for the levels below its own."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, last_k=(1, math.inf), up=(0, 1), down=(0, 1), patience=(1, math.inf), lower=(0, 0.9))
        if self.down >= self.up:
            raise BadValue("curriculum.down", self.down, f"must be below curriculum.up, which is {self.up}")


class Ladder(Curriculum):
    """Draws each task at its own level, which rises and falls with success."""

    Options = Options

    def start(self) -> None:
        """Put every task on its easiest level."""
        self.rung = dict.fromkeys(self.tasks, 0)
        """Position of each task among its own levels."""
        self.scores: dict[str, list[float]] = {task: [] for task in self.tasks}
        """Scores on that level, latest last, at most ``patience x last_k``."""

    def probabilities(self) -> list[float]:
        """Return each task's level and, with a smaller share, those below."""
        return self.within_tasks({task: self._shares(task) for task in self.tasks})

    def _shares(self, task: str) -> list[float]:
        rung = self.rung[task]
        lower = self.options.lower if rung else 0.0
        return [lower / rung if i < rung else float(i == rung) * (1 - lower) for i in range(len(self.tasks[task]))]

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Take in the scores of each task's level, then move those tasks that have enough of them."""
        for one in seen:
            task = one.arm.task
            if self.position[one.arm] == self.tasks[task][self.rung[task]]:
                self.scores[task] += one.scores
        for task in self.tasks:
            self._move(task)

    def _move(self, task: str) -> None:
        k, longest = self.options.last_k, self.options.patience * self.options.last_k
        scores = self.scores[task] = self.scores[task][-longest:]
        step = 0
        if len(scores) >= k and mean(scores[-k:]) >= self.options.up:
            step = 1
        elif len(scores) >= longest and mean(scores) <= self.options.down:
            step = -1
        rung = min(max(self.rung[task] + step, 0), len(self.tasks[task]) - 1)
        if rung != self.rung[task]:
            self.rung[task], self.scores[task] = rung, []

    def state(self) -> dict[str, Any]:
        """Return levels and scores."""
        return {"rung": self.rung, "scores": self.scores}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from levels and scores."""
        self.rung = {task: state["rung"][task] for task in self.tasks}
        self.scores = {task: list(state["scores"][task]) for task in self.tasks}

    def figures(self) -> dict[str, float]:
        """Return ``level/<task>``, the level on which each task stands."""
        return {f"level/{task}": float(self.arms[self.tasks[task][i]].level) for task, i in self.rung.items()}
