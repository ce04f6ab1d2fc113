"""Where on the dial to train next, for the whole dial (Model-Based Transfer Learning, NeurIPS 2024, arXiv 2408.04498).

Each task is a dial x from 0 (easiest level) to 1. Training at x is expected to reach J(x) there, known by a Gaussian
process, and to carry over to other levels with a loss that is linear in their distance. The next level to train is the
one with the greatest upper bound on what the whole dial gains over what it has already:

    a(x) = mean over x' of max(0, J(x) + optimism sigma(x) - slope |x - x'| - V(x'))

The paper trains a policy from scratch at each chosen x, once. One policy that goes on learning differs in this:

* J(x) is the present success at x plus the gain of one more interval of ``every`` steps spent there; the process is
  over that gain, measured as the change from the first to the second half of the interval, with its groups' noise.
* V is the present success where a level was seen, and elsewhere what levels that were seen carry over to it, as in the
  paper. A floor above 0 keeps it up to date.
* Gains do not stay what they were: the noise of an old measurement grows until it says nothing, and a level that was
  left comes up again.
* The slope is the steepest one seen between two neighbouring levels, so that no carry-over is promised that is
  already disproved.

Every task is on a level of its own and keeps its weight in the mixture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import mean

Floats = NDArray[np.float64]

KEPT = 40
"""Measurements of a task that are kept; older ones say next to nothing."""
LEAST = 1e-4
"""Least variance of the mean of half an interval: groups that are all alike prove no certainty."""


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    every: int = 8
    """Steps that a level is trained before the next is chosen."""
    optimism: float = 1.0
    """Standard deviations that are added to what is expected."""
    length: float = 0.15
    """Length scale of the process; the whole dial is 1. A level that is solved or hopeless says little of the next."""
    amplitude: float = 0.2
    """Gain in success that an interval is thought to bring before anything is known (standard deviation)."""
    memory: float = 10.0
    """Intervals after which a measurement has the noise of a guess."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, every=(2, 10_000), optimism=(0, 100), length=(0.01, 100), amplitude=(1e-3, 1), memory=(1, 1e6))


def posterior(
    x: Floats, y: Floats, noise: Floats, at: Floats, length: float, amplitude: float
) -> tuple[Floats, Floats]:
    """Return mean and standard deviation at ``at`` of a process with mean 0 and a squared exponential kernel.

    ``x``, ``y`` and ``noise`` (variances) have one entry for each measurement, and may be empty.
    """

    def kernel(a: Floats, b: Floats) -> Floats:
        return np.asarray(amplitude**2 * np.exp(-((a[:, None] - b) ** 2) / (2 * length**2)))

    across = kernel(at, x)
    solved = np.linalg.solve(kernel(x, x) + np.diag(noise), np.column_stack([y, across.T]))
    variance = amplitude**2 - np.einsum("ij,ji->i", across, solved[:, 1:])
    return across @ solved[:, 0], np.sqrt(np.maximum(variance, 0.0))


def expected_gain(reached: Floats, now: Floats, slope: float) -> Floats:
    """Return for each level what the whole dial gains, on average, if ``reached`` is reached there.

    All levels are evenly spaced on [0, 1]; ``now`` is their success already.
    """
    x = dial(len(now))
    over = reached[:, None] - slope * np.abs(x[:, None] - x)
    return np.asarray(np.maximum(0.0, over - now).mean(axis=1))


def carried(success: Sequence[float | None], slope: float) -> Floats:
    """Return the success that every level has: its own where it was seen, and elsewhere what is carried over to it."""
    x = dial(len(success))
    over = [s - slope * np.abs(x - a) for a, s in zip(x, success, strict=True) if s is not None]
    return np.asarray(np.maximum.reduce([np.zeros(len(x)), *over]))


def steepest(success: Sequence[float | None]) -> float:
    """Return the steepest slope between neighbours among the levels that were seen; 1 where fewer than two were."""
    x = dial(len(success))
    seen = [(float(a), s) for a, s in zip(x, success, strict=True) if s is not None]
    return max((abs(s - t) / (b - a) for (a, s), (b, t) in pairwise(seen)), default=1.0)


def dial(levels: int) -> Floats:
    """Return where the levels are on the dial."""
    return np.linspace(0.0, 1.0, levels)


class MBTL(Curriculum):
    """Trains each task where the whole of its dial is expected to gain most."""

    Options = Options

    def start(self) -> None:
        """Begin on the easiest levels, with nothing measured."""
        self.rung = dict.fromkeys(self.tasks, 0)
        """Position of each task among its own levels."""
        self.gains: dict[str, list[list[float]]] = {task: [] for task in self.tasks}
        """Measurements: rung, gain of an interval, variance, interval in which it was made."""
        self.halves: dict[str, list[list[float]]] = {task: [[], []] for task in self.tasks}
        """Mean scores of the groups of the level in both halves of this interval."""

    def probabilities(self) -> list[float]:
        """Return all of each task's weight on its level."""
        return self.within_tasks(
            {task: [float(i == self.rung[task]) for i in range(len(p))] for task, p in self.tasks.items()}
        )

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Take in the groups of the levels that are trained; at the end of an interval choose again."""
        done, every = self.step % self.options.every, self.options.every
        for one in seen:
            task = one.arm.task
            if one.scores and self.position[one.arm] == self.tasks[task][self.rung[task]]:
                self.halves[task][done >= every // 2].append(mean(one.scores))
        if done == every - 1:
            for task in self.tasks:
                self._measure(task)
                self.rung[task] = int(np.argmax(self._acquisition(task)))

    def _measure(self, task: str) -> None:
        """Turn both halves of the interval into a gain, if both have two groups."""
        first, second = self.halves[task]
        if min(len(first), len(second)) >= 2:
            noise = sum(max(LEAST, float(np.var(half, ddof=1)) / len(half)) for half in (first, second))
            # The middles of the halves are half an interval apart.
            gain = 2 * (mean(second) - mean(first))
            self.gains[task].append([float(self.rung[task]), gain, 4 * noise, float(self._interval)])
            del self.gains[task][:-KEPT]
        self.halves[task] = [[], []]

    def _acquisition(self, task: str) -> Floats:
        o, positions = self.options, self.tasks[task]
        x = dial(len(positions))
        kept = np.array(self.gains[task], dtype=float).reshape(-1, 4)
        rungs, age = kept[:, 0].astype(int), self._interval - kept[:, 3]
        noise = kept[:, 2] + o.amplitude**2 * age / o.memory
        expected, sigma = posterior(x[rungs], kept[:, 1], noise, x, o.length, o.amplitude)
        success = [self.mean_score[i] for i in positions]
        slope = steepest(success)
        now = carried(success, slope)
        return expected_gain(np.minimum(1.0, now + expected + o.optimism * sigma), now, slope)

    @property
    def _interval(self) -> int:
        return int(self.step // self.options.every)

    def state(self) -> dict[str, Any]:
        """Return levels, measurements and what this interval has seen."""
        return {"rung": self.rung, "gains": self.gains, "halves": self.halves}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from them."""
        self.rung = {task: int(state["rung"][task]) for task in self.tasks}
        self.gains = {task: [list(row) for row in state["gains"][task]] for task in self.tasks}
        self.halves = {task: [list(half) for half in state["halves"][task]] for task in self.tasks}

    def figures(self) -> dict[str, float]:
        """Return ``level/<task>``, the level that is trained, and ``gain/<task>``, the last gain that was measured."""
        levels = {f"level/{t}": float(self.arms[self.tasks[t][i]].level) for t, i in self.rung.items()}
        return {**levels, **{f"gain/{t}": rows[-1][1] for t, rows in self.gains.items() if rows}}
