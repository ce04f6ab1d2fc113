"""What every curriculum is: it chooses the arms and instances of each step, and learns from how they went.

A rule is one file of this folder with one subclass of ``Curriculum``; the file's name is the rule's name in the
configuration, and its options are the fields of the class's ``Options``. A rule says which arms it would draw
(``probabilities`` or ``choose``) and what it learns (``learn``, ``state``, ``load``). Everything else is here: a share
of every draw that follows the mixture's weights, so that no arm starves; a share for arms that are solved, so that none
is forgotten; counters, so that no instance is drawn twice unless a rule replays it; the checkpoint; the metrics.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from gradarium.trainers.config import TaskEntry
from gradarium.trainers.data import Arm, Group

SOLVED = 0.8
"""Mean score from which an arm counts as solved, and is rehearsed."""
MEMORY = 0.9
"""Decay of an arm's running mean score, per step in which it was seen."""


@dataclass(frozen=True)
class Feedback:
    """How one group went."""

    arm: Arm
    index: int
    """Instance index within the arm."""
    scores: list[float]
    """Verdict scores in [0, 1] of the rollouts that were judged and had no help; may be empty.

    Cut-off ones are among them even where ``reward.mask_truncated`` keeps them from being learned from: without them a
    level on which most completions are cut off would look easy, and one on which all are would look unseen.
    """
    rewards: list[float]
    """What those of them that are not masked were paid, shaping included; any range."""
    tokens: int
    """Sampled tokens of the group."""


def feedback(group: Group) -> Feedback:
    """Return what a curriculum sees of a group."""
    alone = [r for r in group.rollouts if r.alone]
    return Feedback(
        group.arm,
        group.instance.index,
        [r.verdict.score for r in alone if r.verdict.reward is not None],
        [r.reward for r in alone if r.reward is not None],
        sum(len(r.token_ids) - r.given for r in group.rollouts),
    )


@dataclass(frozen=True)
class NoOptions:
    """For rules that have none."""


class Curriculum(ABC):
    """Draws pairs of arm and instance index; all of its state is in ``state_dict``."""

    Options: ClassVar[type[Any]] = NoOptions
    """A frozen dataclass: the rule's options with their defaults; each field has a docstring."""
    usual_floor: ClassVar[float] = 0.1
    """``curriculum.floor`` where a file does not give it."""
    usual_rehearsal: ClassVar[float] = 0.05
    """``curriculum.rehearsal`` where a file does not give it."""
    repeats: ClassVar[bool] = False
    """Whether the rule poses some instances again."""
    candidates: float = 1.0
    """Groups that are sampled for each that ``keep`` should keep."""
    probe: int = 0
    """Above 0: ``keep`` decides after this many rollouts of each candidate, and only the kept get the others."""

    def __init__(
        self,
        mixture: Sequence[TaskEntry],
        seed: int,
        *,
        steps: int = 1,
        floor: float = 0.0,
        rehearsal: float = 0.0,
        options: Any = None,
    ) -> None:
        """Start anew: ``steps`` is how many updates are planned, ``floor`` and ``rehearsal`` are shares of a draw."""
        self.arms = [Arm(entry.name, level) for entry in mixture for level in entry.levels]
        total = sum(entry.weight for entry in mixture)
        self.weights = [entry.weight / total / len(entry.levels) for entry in mixture for _ in entry.levels]
        self.position = {arm: i for i, arm in enumerate(self.arms)}
        self.tasks: dict[str, list[int]] = {}
        """Positions of each task's arms, easiest level first."""
        for i in sorted(range(len(self.arms)), key=lambda i: self.arms[i].level):
            self.tasks.setdefault(self.arms[i].task, []).append(i)
        self.mixture, self.seed = tuple(mixture), seed
        self.steps, self.floor, self.rehearsal = max(1, steps), floor, rehearsal
        self.options = self.Options() if options is None else options
        self.name = type(self).__module__.rpartition(".")[2]
        self.rng = random.Random(f"{self.name}/{seed}")
        self.next_index = [0] * len(self.arms)
        self.step = 0
        """Updates so far."""
        self.mean_score: list[float | None] = [None] * len(self.arms)
        """Running mean score of each arm; None before it was seen."""
        self.shares = [0.0] * len(self.arms)
        """Share of each arm in the last draw."""
        self.start()

    # What a rule defines.

    def start(self) -> None:  # noqa: B027  (a rule without state has nothing to set up)
        """Set up the rule's own state; ``self.arms``, ``self.weights``, ``self.options`` are there."""

    @abstractmethod
    def probabilities(self) -> list[float]:
        """Return the share that each arm should have in the next draw; sums to 1."""

    def choose(self, n: int) -> list[tuple[int, int | None]]:
        """Return n pairs of an arm's position and the index of an instance to replay, None for a fresh one.

        The default draws from ``probabilities`` so that the counts differ from n x share by less than one.
        """
        return [(i, None) for i in self.systematic(self.probabilities(), n)]

    def keep(self, seen: Sequence[Feedback], n: int) -> list[int]:
        """Return which of the sampled candidates to train on, as positions in ``seen``; the default: the first n."""
        return list(range(min(n, len(seen))))

    def learn(self, seen: Sequence[Feedback]) -> None:  # noqa: B027  (a fixed rule learns nothing)
        """Learn from all groups of a step, those that were not kept too."""

    def state(self) -> dict[str, Any]:
        """Return the rule's own state as JSON-ready data; floats keep their bits in JSON."""
        return {}

    def load(self, state: dict[str, Any]) -> None:  # noqa: B027  (a rule without state has nothing to load)
        """Go on from what ``state`` returned."""

    def figures(self) -> dict[str, float]:
        """Return the rule's own metrics, beside the share of every arm."""
        return {}

    # What the trainer calls.

    def draw(self, n: int) -> list[tuple[Arm, int]]:
        """Return n pairs of arm and instance index."""
        solved = [w if (m or 0.0) >= SOLVED else 0.0 for w, m in zip(self.weights, self.mean_score, strict=True)]
        rehearsal = self.rehearsal if any(solved) else 0.0
        shares = [1 - self.floor - rehearsal, self.floor, rehearsal]
        split = [] if shares[0] == 1 else self.systematic(shares, n)
        parts = [split.count(k) for k in range(3)] if split else [n, 0, 0]
        chosen = self.choose(parts[0])
        for weights, count in ((self.weights, parts[1]), (solved, parts[2])):
            if count:
                chosen += [(i, None) for i in self.systematic(weights, count)]
        return self._drawn(chosen)

    def draw_by_weight(self, n: int) -> list[tuple[Arm, int]]:
        """Return n pairs by the weights of the mixture alone, for stages that give no feedback."""
        return self._drawn([(i, None) for i in self.systematic(self.weights, n)])

    def update(self, seen: Sequence[Feedback]) -> None:
        """End a step: learn from its groups."""
        scores: dict[int, list[float]] = {}
        for one in seen:
            scores.setdefault(self.position[one.arm], []).extend(one.scores)
        for i, values in scores.items():
            if values:
                mean, old = sum(values) / len(values), self.mean_score[i]
                self.mean_score[i] = mean if old is None else MEMORY * old + (1 - MEMORY) * mean
        self.learn(seen)
        self.step += 1

    def metrics(self) -> dict[str, float]:
        """Return ``share/<arm>`` of the last draw, and the rule's own figures."""
        shares = {f"share/{arm}": share for arm, share in zip(self.arms, self.shares, strict=True)}
        return {**shares, **self.figures()}

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON-ready data."""
        version, internal, gauss = self.rng.getstate()
        return {
            "next_index": {str(arm): i for arm, i in zip(self.arms, self.next_index, strict=True)},
            "mean_score": {str(arm): m for arm, m in zip(self.arms, self.mean_score, strict=True)},
            "rng": [version, list(internal), gauss],
            "step": self.step,
            "shares": self.shares,
            "rule": self.state(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.next_index = [state["next_index"][str(arm)] for arm in self.arms]
        self.mean_score = [state["mean_score"][str(arm)] for arm in self.arms]
        version, internal, gauss = state["rng"]
        self.rng.setstate((version, tuple(internal), gauss))
        self.step, self.shares = state["step"], list(state["shares"])
        self.load(state["rule"])

    # Help for rules.

    @property
    def progress(self) -> float:
        """Share of the planned steps that are done, in [0, 1]."""
        return min(1.0, self.step / self.steps)

    def systematic(self, weights: Sequence[float], n: int) -> list[int]:
        """Return n positions, in order; each count differs from n x share by less than one."""
        total = sum(weights)
        offset = self.rng.random()
        last = max(i for i, weight in enumerate(weights) if weight > 0)
        chosen: list[int] = []
        reached = 0.0
        for i, weight in enumerate(weights):
            start, reached = reached, reached + weight / total * n
            count = int(reached + offset) - int(start + offset)
            chosen += [i] * (n - len(chosen) if i == last else count)
        return chosen

    def by_weight(self, values: Sequence[float]) -> list[float]:
        """Return values x weights, as shares; for rules that compare all arms with each other."""
        tilted = [v * w for v, w in zip(values, self.weights, strict=True)]
        total = sum(tilted)
        return [v / total for v in tilted] if total > 0 else list(self.weights)

    def within_tasks(self, levels: dict[str, list[float]]) -> list[float]:
        """Return shares from one distribution over levels for each task, easiest first; tasks keep their weight."""
        shares = [0.0] * len(self.arms)
        for task, positions in self.tasks.items():
            weight = sum(self.weights[i] for i in positions)
            total = sum(levels[task])
            for i, value in zip(positions, levels[task], strict=True):
                shares[i] = weight * value / total
        return shares

    def _drawn(self, chosen: Sequence[tuple[int, int | None]]) -> list[tuple[Arm, int]]:
        """Return arms with instance indices, fresh ones counted up, and note the shares."""
        drawn = []
        counts = [0] * len(self.arms)
        for i, index in chosen:
            counts[i] += 1
            if index is None:
                index = self.next_index[i]
                self.next_index[i] += 1
            drawn.append((self.arms[i], index))
        self.shares = [count / max(1, len(chosen)) for count in counts]
        return drawn
