"""Trains a simulated learner with a curriculum, which is asked and told as ``rollouts.Collector`` does it."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradarium.trainers.config import TaskEntry
from gradarium.trainers.curricula import Feedback, get_rule
from gradarium.trainers.curricula.curriculum import Curriculum
from gradarium.trainers.data import Arm
from gradarium.trainers.simulation.learner import Floats, SimulatedLearner, World

TOKENS = 20
"""Tokens of an answer; all are alike."""


@dataclass(frozen=True)
class Trace:
    """How a simulated run went; the first entry along steps is the start."""

    rollouts: NDArray[np.int64]
    """Shape (steps + 1,): rollouts sampled so far, those of candidates that were not trained on included."""
    success: Floats
    """Shape (steps + 1, arms): true success."""
    drawn: NDArray[np.int64]
    """Shape (steps + 1, arms): groups drawn in the step; 0 at the start."""
    best: Floats
    """Shape (arms,): success when all is learned that can be."""


def mixture(world: World) -> list[TaskEntry]:
    """Return the tasks of a world, all with the same weight."""
    return [TaskEntry(name, levels=tuple(range(levels))) for name, levels in world.tasks]


def run_rule(
    name: str,
    world: World,
    seed: int,
    *,
    budget: int,
    prompts: int = 64,
    group: int = 8,
    floor: float | None = None,
    rehearsal: float | None = None,
    options: Any = None,
) -> Trace:
    """Train with a rule until ``budget`` rollouts are sampled; raises UnknownName for a rule that there is none of.

    ``floor`` and ``rehearsal`` are the rule's usual shares where they are None.
    """
    rule = get_rule(name)
    floor = rule.usual_floor if floor is None else floor
    rehearsal = rule.usual_rehearsal if rehearsal is None else rehearsal

    def made(steps: int) -> Curriculum:
        return rule(mixture(world), seed, steps=steps, floor=floor, rehearsal=rehearsal, options=options)

    steps = budget // rollouts_of_step(made(1), prompts, group)
    return run_curriculum(made(steps), SimulatedLearner(world, seed), steps=steps, prompts=prompts, group=group)


def rollouts_of_step(curriculum: Curriculum, prompts: int, group: int) -> int:
    """Return how many rollouts a step samples."""
    candidates = math.ceil(prompts * curriculum.candidates)
    if not curriculum.probe:
        return candidates * group
    probe = min(curriculum.probe, group)
    return candidates * probe + prompts * (group - probe)


def run_curriculum(
    curriculum: Curriculum, learner: SimulatedLearner, *, steps: int, prompts: int = 64, group: int = 8
) -> Trace:
    """Train for a number of steps."""
    rollouts, success = [0], [learner.success()]
    drawn_counts = [np.zeros(len(learner.skill), dtype=np.int64)]
    probe = min(curriculum.probe, group) or group
    for _ in range(steps):
        drawn = curriculum.draw(math.ceil(prompts * curriculum.candidates))
        arms = np.array([curriculum.position[arm] for arm, _ in drawn])
        indices = np.array([index for _, index in drawn])
        right = learner.answer(arms, indices, group)
        scores = right.astype(float).tolist()
        seen = [_feedback(one, row, probe) for one, row in zip(drawn, scores, strict=True)]
        kept = np.array(curriculum.keep(seen, prompts), dtype=np.int64)  # may be none
        if probe < group:
            for i in kept:
                seen[i] = _feedback(drawn[i], scores[i], group)
        chosen = set(kept.tolist())
        curriculum.update([seen[i] for i in kept] + [one for i, one in enumerate(seen) if i not in chosen])
        learner.learn(arms[kept], indices[kept], right[kept])
        rollouts.append(rollouts[-1] + sum(len(one.scores) for one in seen))
        success.append(learner.success())
        drawn_counts.append(np.bincount(arms, minlength=len(learner.skill)))
    return Trace(np.array(rollouts), np.array(success), np.array(drawn_counts), learner.best())


def _feedback(drawn: tuple[Arm, int], scores: list[float], count: int) -> Feedback:
    """Return how the first ``count`` answers to an instance went."""
    first = scores[:count]
    return Feedback(*drawn, first, first, count * TOKENS)
