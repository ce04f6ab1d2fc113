"""A mixture that is optimised on a model of its outcome (MoDoMoDo, "Multi-Domain Data Mixtures", arXiv 2505.24871).

The outcome y of training with weights w over groups of arms is predicted by a quadratic surrogate, fitted by ridge
regression to the mixtures tried so far,

    y(w) = c + b . z + z' A z,   z = (w - w0) n     (w0: the weights of the mixture file, n groups)

and the next weights are its maximum on the simplex.

The paper trains one model for each of a few dozen mixtures, fits the surrogate once and trains with its optimum. Here
one run does all of it: it goes in intervals of ``every`` steps, y being the rise of the mean score of all arms, and

* the score of an interval is that of its middle, so the rise to it belongs to the mean of its weights and those before;
* measurements fade by ``memory`` for each interval, as what helps changes;
* the optimum is looked for within ``trust`` of the present weights, in every coordinate, and a share ``explore`` of a
  random mixture is added, without which there would be nothing to fit.

Arms within a group are drawn by their weights in the mixture. The surrogate needs (n + 1)(n + 2) / 2 numbers, and the
rise of one interval is small beside its noise: expect little from short runs or many groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradarium.errors import UnknownName
from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import by_arm, mean

Floats = NDArray[np.float64]

GROUPINGS = ("level", "task")
KEPT = 200
"""Measurements that are kept."""
CLIMBS, HALVINGS, STILL = 200, 40, 1e-6
"""Most steps of the search for the optimum, steps of a projection, and the move at which the search ends."""


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    over: str = "task"
    """What a weight is for: a ``task``, with all of its levels, or a ``level``, in all tasks that have it."""
    every: int = 10
    """Steps of an interval."""
    trust: float = 0.1
    """How far a weight may move from one interval to the next, exploration aside."""
    explore: float = 0.3
    """Share of a random mixture in the weights."""
    ridge: float = 1.0
    """Penalty on the coefficients, for outcomes of variance 1; large: the mixture hardly matters."""
    memory: float = 0.95
    """How much of a measurement stays from one interval to the next."""

    def __post_init__(self) -> None:
        """Check names and bounds; raises UnknownName or BadValue."""
        if self.over not in GROUPINGS:
            raise UnknownName("grouping of curriculum 'modomodo'", self.over, GROUPINGS)
        within(self, every=(1, 10_000), trust=(0, 1), explore=(0, 1), ridge=(1e-9, 1e9), memory=(0.01, 1))


@dataclass(frozen=True)
class Surrogate:
    """The quadratic c + b . z + z' A z with symmetric A."""

    c: float
    b: Floats
    a: Floats

    def value(self, z: Floats) -> float:
        """Return the predicted outcome."""
        return float(self.c + self.b @ z + z @ self.a @ z)

    def slope(self, z: Floats) -> Floats:
        """Return the gradient."""
        return np.asarray(self.b + 2 * self.a @ z)


def fit(z: Floats, y: Floats, counts: Floats, ridge: float) -> Surrogate:
    """Return the ridge fit to outcomes ``y`` at points ``z`` (rows), each counted ``counts`` times; c is not shrunk."""
    n = z.shape[1]
    rows, columns = np.triu_indices(n)
    features = np.column_stack([np.ones(len(z)), z, z[:, rows] * z[:, columns]])
    penalty = np.diag([0.0, *[ridge] * (features.shape[1] - 1)])
    weighted = features.T * counts
    found = np.linalg.lstsq(weighted @ features + penalty, weighted @ y, rcond=None)[0]
    upper = np.zeros((n, n))
    upper[rows, columns] = found[n + 1 :]
    return Surrogate(float(found[0]), np.asarray(found[1 : n + 1], dtype=float), (upper + upper.T) / 2)


def project(w: Floats, low: Floats, high: Floats) -> Floats:
    """Return the point nearest to ``w`` whose coordinates sum to 1 and lie in [low, high]; there must be one."""
    least, most = float((w - high).min()), float((w - low).max())
    for _ in range(HALVINGS):  # the sum falls as the shift rises
        shift = (least + most) / 2
        if np.clip(w - shift, low, high).sum() > 1:
            least = shift
        else:
            most = shift
    return np.clip(w - most, low, high)


def best_mixture(surrogate: Surrogate, origin: Floats, now: Floats, trust: float) -> Floats:
    """Return the weights with the greatest predicted outcome within ``trust`` of ``now``.

    Projected gradient from ``now``: the maximum where the surrogate is concave, else a local one.
    """
    n = len(now)
    low, high = np.maximum(0.0, now - trust), np.minimum(1.0, now + trust)
    step = 1 / max(1e-12, 2 * n * n * float(np.abs(np.linalg.eigvalsh(surrogate.a)).max()))
    w = now
    if not surrogate.a.any():  # no curvature: as far as one may go along the slope
        step = 1 / max(1e-12, float(np.abs(surrogate.b).max()) * n)
    for _ in range(CLIMBS):
        last, w = w, project(w + step * n * surrogate.slope((w - origin) * n), low, high)
        if np.abs(w - last).max() < STILL:
            break
    return w


class MoDoMoDo(Curriculum):
    """Moves the weights of tasks, or of levels, to where the mean score is predicted to rise most."""

    Options = Options

    def start(self) -> None:
        """Begin at the weights of the mixture, with nothing measured."""
        names = [arm.task if self.options.over == "task" else str(arm.level) for arm in self.arms]
        self.groups = list(dict.fromkeys(names))
        self.member = [self.groups.index(name) for name in names]
        self.origin: Floats = np.bincount(self.member, weights=self.weights).astype(float)
        self.centre: Floats = self.origin
        """Weights without exploration."""
        self.mix: Floats = self.origin
        """Weights of this interval."""
        self.before: Floats = self.origin
        """Weights of the interval before."""
        self.tried: list[list[float]] = []
        """Measurements: weights, then the rise of the mean score, latest last."""
        self.last: list[float | None] = [None] * len(self.arms)
        """Mean score of each arm in the last interval in which it was seen."""
        self.scores: list[list[float]] = [[] for _ in self.arms]
        """Mean scores of each arm in the steps of this interval."""

    def probabilities(self) -> list[float]:
        """Return each group's weight, split by the weights of its arms."""
        return [float(self.mix[g] * w / self.origin[g]) for g, w in zip(self.member, self.weights, strict=True)]

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Take in the scores; at the end of an interval fit and choose again."""
        for arm, scores in by_arm(seen).items():
            self.scores[self.position[arm]].append(mean(scores))
        if (self.step + 1) % self.options.every == 0:
            self._measure()
            self._choose()

    def _measure(self) -> None:
        """Note how far the mean score rose; arms that were not seen in both intervals count as unchanged."""
        rise, known = 0.0, False
        for i, scores in enumerate(self.scores):
            if scores:
                now, last = mean(scores), self.last[i]
                if last is not None:
                    rise, known = rise + self.weights[i] * (now - last), True
                self.last[i] = now
        if known:
            self.tried.append([*((self.before + self.mix) / 2).tolist(), rise])
            del self.tried[:-KEPT]
        self.scores = [[] for _ in self.arms]

    def _choose(self) -> None:
        o, n = self.options, len(self.groups)
        if len(self.tried) > 1:
            table = np.array(self.tried)
            y = table[:, -1] - table[:, -1].mean()
            deviation = float(y.std())
            if deviation > 0:
                counts = o.memory ** np.arange(len(table) - 1, -1, -1)
                surrogate = fit((table[:, :-1] - self.origin) * n, y / deviation, counts, o.ridge)
                self.centre = best_mixture(surrogate, self.origin, self.centre, o.trust)
        noise = np.array([self.rng.expovariate(1.0) for _ in range(n)])  # normalised: uniform on the simplex
        self.before, self.mix = self.mix, (1 - o.explore) * self.centre + o.explore * noise / noise.sum()

    def state(self) -> dict[str, Any]:
        """Return weights, measurements and what this interval has seen."""
        weights = {"centre": self.centre.tolist(), "mix": self.mix.tolist(), "before": self.before.tolist()}
        return {**weights, "tried": self.tried, "last": self.last, "scores": self.scores}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from them."""
        self.centre, self.mix, self.before = (np.array(state[name]) for name in ("centre", "mix", "before"))
        self.tried = [list(row) for row in state["tried"]]
        self.last, self.scores = list(state["last"]), [list(row) for row in state["scores"]]

    def figures(self) -> dict[str, float]:
        """Return ``weight/<task or level>`` of this interval."""
        return {f"weight/{name}": float(w) for name, w in zip(self.groups, self.mix, strict=True)}
