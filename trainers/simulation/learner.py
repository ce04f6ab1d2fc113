"""A simulated learner: one logistic skill for each arm, which grows by what groups of real 0/1 rewards can teach.

An instance of arm i with its own difficulty x is answered rightly with probability

    p = chance + (ceiling - chance) * sigmoid(skill_i - difficulty_i - x),  x ~ N(0, spread).

Skill is in logits, so its slope is 1. A group of rewards r with mean m moves the skill of its arm by

    rate * m (1 - m) * (dp/dskill) / (p (1 - p)),

which is the expected policy-gradient step of a policy with this one parameter when advantages are r - m: rewards that
are all equal teach nothing, and right answers by luck (p near chance) or wrong ones by slips (p near the ceiling) teach
little. With ``power`` 0.5 the advantages are divided by the deviation of the group, as ``grpo`` does.

A gain is shared with other arms (``transfer``), is held back while a prerequisite is not mastered, and skill that is
not practised decays. The instance itself gets easier by ``memorised`` times what its group taught, so that posing it
again and again teaches ever less.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUADRATURE = 9
"""Points by which the success of an arm is averaged over its instances; 9 are exact to 1e-3 for a spread of 2."""
REMEMBERED = 16384
"""Instances of an arm that differ; further indices go through them again."""


@dataclass(frozen=True)
class World:
    """What there is to learn, and how it is learned; one entry for each arm where shape (arms,) is said."""

    tasks: tuple[tuple[str, int], ...]
    """Name and number of levels of each task; arms are in this order, easiest level first."""
    difficulty: Floats
    """Shape (arms,), logits: the skill with which half of the instances of the arm are solved."""
    chance: Floats
    """Shape (arms,): success without any skill."""
    ceiling: Floats
    """Shape (arms,): success with all skill."""
    rate: Floats
    """Shape (arms,), logits: what a group would teach if its rewards had variance 1; 0: cannot be learned."""
    transfer: Floats
    """Shape (arms, arms): share of a gain on the row's arm that the column's arm gets; 1 on the diagonal."""
    needs: Ints
    """Shape (arms,): position of the arm that must be mastered first, or -1."""
    mastered: float = 0.5
    """Success from which an arm no longer holds back those that need it."""
    forgetting: float = 0.0
    """Share of its skill that an arm loses for each group that is trained on other arms."""
    spread: float = 0.0
    """Standard deviation of difficulty among the instances of an arm, logits."""
    memorised: float = 0.0
    """How much easier an instance gets for itself, in proportion to what its group taught its arm."""
    power: float = 1.0
    """Exponent of the variance of a group: 1 for advantages r - m, 0.5 if they are divided by the deviation."""


class SimulatedLearner:
    """Answers and learns; deterministic for a world and a seed."""

    def __init__(self, world: World, seed: int) -> None:
        """Start without any skill."""
        self.world = world
        self.rng = np.random.default_rng([seed, 1])
        arms = len(world.difficulty)
        self.skill: Floats = np.zeros(arms)
        shape = (arms, REMEMBERED)
        self.instances: Floats = world.spread * np.random.default_rng([seed, 2]).standard_normal(shape)
        points, weights = np.polynomial.hermite_e.hermegauss(QUADRATURE)
        self.points: Floats = world.spread * points
        self.weights: Floats = weights / weights.sum()

    def success(self) -> Floats:
        """Return the true success of every arm over all of its instances, shape (arms,)."""
        return self._curve(self.skill)

    def best(self) -> Floats:
        """Return the success of every arm when all is learned that can be, shape (arms,)."""
        return np.where(self.world.rate > 0, self.world.ceiling, self._curve(np.zeros_like(self.skill)))

    def open(self) -> NDArray[np.bool_]:
        """Return which arms can grow now, shape (arms,)."""
        held = (self.world.needs >= 0) & (self.success()[self.world.needs] < self.world.mastered)
        return np.asarray((self.world.rate > 0) & ~held)

    def promise(self) -> Floats:
        """Return by how much the mean success is expected to rise for a group of each arm, but for a common factor."""
        world = self.world
        arms = np.arange(len(self.skill))[:, None]
        p, slope = self._at(self.skill[:, None] - world.difficulty[:, None] - self.points, arms)
        informative = np.maximum(p * (1 - p), 1e-12) ** (world.power - 1) * slope
        gain = (world.rate * (informative @ self.weights))[:, None] * world.transfer * self.open()
        return np.asarray(gain @ (slope @ self.weights))

    def answer(self, arms: Ints, indices: Ints, group: int) -> NDArray[np.bool_]:
        """Return which of ``group`` answers to each instance are right, shape (len(arms), group)."""
        right, _ = self._instance(arms, indices)
        return np.asarray(self.rng.random((len(arms), group)) < right[:, None])

    def learn(self, arms: Ints, indices: Ints, rewards: NDArray[np.bool_]) -> Floats:
        """Take one step on groups of rewards of shape (groups, size); return the gain in skill of each arm.

        All groups of a step are judged by the skill before it, as an on-policy batch is.
        """
        world = self.world
        p, slope = self._instance(arms, indices)
        mean = rewards.mean(axis=1)
        informative = np.where((p > 0) & (p < 1), slope / np.maximum(p * (1 - p), 1e-12), 0.0)
        taught = world.rate[arms] * (mean * (1 - mean)) ** world.power * informative
        own = np.bincount(arms, weights=taught, minlength=len(self.skill))
        np.add.at(self.instances, (arms, indices % REMEMBERED), -world.memorised * taught)
        gain = own @ world.transfer
        gain[~self.open()] = 0.0
        elsewhere = len(arms) - np.bincount(arms, minlength=len(self.skill))
        self.skill = self.skill * (1 - world.forgetting) ** elsewhere + gain
        return np.asarray(gain)

    def _instance(self, arms: Ints, indices: Ints) -> tuple[Floats, Floats]:
        """Return success on single instances, and its slope in skill, each of shape (len(arms),)."""
        own = self.instances[arms, indices % REMEMBERED]
        return self._at(self.skill[arms] - self.world.difficulty[arms] - own, arms)

    def _at(self, ahead: Floats, arms: Ints) -> tuple[Floats, Floats]:
        """Return success and its slope where skill is so far ahead of difficulty; shapes as of ``ahead``."""
        chance = self.world.chance[arms]
        room = self.world.ceiling[arms] - chance
        skilled = _sigmoid(ahead)
        return chance + room * skilled, room * skilled * (1 - skilled)

    def _curve(self, skill: Floats) -> Floats:
        """Return the success of every arm over its instances with these skills."""
        arms = np.arange(len(skill))[:, None]
        right, _ = self._at(skill[:, None] - self.world.difficulty[:, None] - self.points, arms)
        return np.asarray(right @ self.weights)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))  # does not overflow
