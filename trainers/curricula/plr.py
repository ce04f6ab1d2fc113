"""Instances that taught much are posed again (PLR, "Prioritized Level Replay", arXiv 2010.03934).

New instances are drawn by another rule, ``base``. Each that was seen goes into a buffer with its score S, learnability
p (1 - p) or mean |A| of its last group, and the step c in which it was last drawn. Once the buffer is filled to the
share ``fill``, a share ``replay`` of every draw comes from it by

    P = (1 - rho) P_S + rho P_C      P_S ~ (1 / rank(S))^(1 / beta)      P_C ~ now - c

rank 1 being the highest score; no instance twice in a step. A full buffer drops what has the lowest score.

PLR's levels are instances here and its GAE loss is the score of a group; ``replay`` is 1 - nu of the paper. The public
code draws new levels from a finite set until all were seen; generators never run out. ``base`` has its default options,
and learns from new instances only: those that are replayed are a choice, not a sample of their arm.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.errors import BadValue, UnknownName
from gradarium.trainers.curricula import get_rule
from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import absolute_advantages, learnability, mean

SCORES = ("advantage", "learnability")


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    base: str = "weighted"
    """The rule that draws new instances."""
    score: str = "learnability"
    """What an instance is worth: ``learnability`` of its scores or ``advantage``, the mean |A| of its rewards."""
    replay: float = 0.5
    """Share of a draw that is replayed."""
    beta: float = 0.1
    """Temperature of the ranks; lower is greedier."""
    rho: float = 0.1
    """Share of the replays that goes by staleness."""
    capacity: int = 256
    """Most instances in the buffer."""
    fill: float = 0.1
    """Share of the capacity from which on there are replays."""

    def __post_init__(self) -> None:
        """Check names and bounds; raises UnknownName or BadValue."""
        if get_rule(self.base).repeats:
            raise BadValue("curriculum.base", self.base, "must be a rule that does not itself pose instances again")
        if self.score not in SCORES:
            raise UnknownName("score of curriculum 'plr'", self.score, SCORES)
        within(self, replay=(0, 0.95), beta=(0.01, 100), rho=(0, 1), capacity=(1, 1_000_000), fill=(0, 1))


class PLR(Curriculum):
    """Replays instances by the rank of their scores and by how long they were not drawn."""

    Options = Options
    repeats = True

    def start(self) -> None:
        """Begin with an empty buffer and the base rule at its start."""
        self.base = get_rule(self.options.base)(self.mixture, self.seed, steps=self.steps)
        self.candidates, self.probe = self.base.candidates, self.base.probe
        self.buffer: dict[tuple[int, int], tuple[float, int]] = {}
        """Score and step of the last draw, by arm position and instance index."""

    def probabilities(self) -> list[float]:
        """Return the shares of new instances."""
        return self.base.probabilities()

    def replay_probabilities(self) -> list[float]:
        """Return the share of each instance of the buffer among the replays, in the buffer's order."""
        scores = [score for score, _ in self.buffer.values()]
        order = sorted(range(len(scores)), key=lambda i: -scores[i])
        powers = [(k + 1) ** (-1 / self.options.beta) for k in range(len(order))]
        ranked = [0.0] * len(order)
        for k, i in enumerate(order):
            ranked[i] = powers[k] / math.fsum(powers)
        ages = [self.step - last for _, last in self.buffer.values()]
        if not any(ages):
            return ranked
        rho, total = self.options.rho, sum(ages)
        return [(1 - rho) * p + rho * age / total for p, age in zip(ranked, ages, strict=True)]

    def choose(self, n: int) -> list[tuple[int, int | None]]:
        """Return replays and what the base rule chooses."""
        o = self.options
        replays: list[tuple[int, int]] = []
        if o.replay > 0 and len(self.buffer) >= max(1, o.fill * o.capacity):
            replays = self._sample(self.systematic([o.replay, 1 - o.replay], n).count(0))
        for key in replays:
            self.buffer[key] = (self.buffer[key][0], self.step)
        return [*replays, *self.base.choose(n - len(replays))]

    def _sample(self, n: int) -> list[tuple[int, int]]:
        """Return up to n instances that were not drawn in this step, none twice, as if drawn one after the other."""
        shares = dict(zip(self.buffer, self.replay_probabilities(), strict=True))
        waits = {
            key: -math.log(1 - self.rng.random()) / max(shares[key], 1e-300)
            for key, (_, last) in self.buffer.items()
            if last < self.step
        }
        return sorted(waits, key=lambda key: waits[key])[:n]

    def keep(self, seen: Sequence[Feedback], n: int) -> list[int]:
        """Leave it to the base rule."""
        return self.base.keep(seen, n)

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Score the instances; let the base rule learn from the new ones."""
        self.base.update([one for one in seen if (self.position[one.arm], one.index) not in self.buffer])
        for one in seen:
            if one.scores:
                self.buffer[self.position[one.arm], one.index] = (self._score(one), self.step)
        if len(self.buffer) > self.options.capacity:
            best = sorted(self.buffer, key=lambda key: -self.buffer[key][0])[: self.options.capacity]
            self.buffer = {key: self.buffer[key] for key in best}

    def _score(self, one: Feedback) -> float:
        if self.options.score == "learnability":
            return learnability(one.scores)
        return mean(absolute_advantages(one.rewards)) if one.rewards else 0.0

    def state(self) -> dict[str, Any]:
        """Return the buffer and the base rule."""
        return {"buffer": [[*key, *entry] for key, entry in self.buffer.items()], "base": self.base.state_dict()}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from the buffer and the base rule."""
        self.buffer = {(i, index): (score, last) for i, index, score, last in state["buffer"]}
        self.base.load_state_dict(state["base"])

    def figures(self) -> dict[str, float]:
        """Return the buffer's size, its mean score, and the base rule's figures."""
        scores = [score for score, _ in self.buffer.values()]
        own = {"buffer": float(len(scores)), "buffer_score": mean(scores) if scores else 0.0}
        return {**self.base.figures(), **own}
