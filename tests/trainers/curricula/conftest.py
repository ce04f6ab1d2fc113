import math
import random

import pytest

from gradarium.trainers.config import TaskEntry
from gradarium.trainers.curricula import Feedback, get_rule
from gradarium.trainers.data import Arm

MIXTURE = (TaskEntry("countdown", (0, 1, 2, 3)), TaskEntry("sudoku", (0, 1, 2)))


@pytest.fixture(scope="session")
def make():
    """Make a rule by its name; options are given by name, tasks as {name: number of levels}."""

    def made(name, levels=None, options=None, seed=0, **common):
        rule = get_rule(name)
        mixture = MIXTURE if levels is None else [TaskEntry(task, tuple(range(n))) for task, n in levels.items()]
        mixture = common.pop("mixture", mixture)
        return rule(mixture, seed, options=rule.Options(**(options or {})), **common)

    return made


@pytest.fixture(scope="session")
def seen():
    """Make the feedback of a group from its arm, as text, and its scores, which are its rewards too if not given."""

    def fed(arm, scores, index=0, rewards=None):
        task, _, level = arm.partition("/")
        return Feedback(Arm(task, int(level)), index, scores, scores if rewards is None else rewards, 10 * len(scores))

    return fed


@pytest.fixture(scope="session")
def right():
    """Make scores: so many of so many right."""
    return lambda k, n: [1.0] * k + [0.0] * (n - k)


@pytest.fixture(scope="session")
def play():
    """Play a step as the collector does, with random scores; return what was drawn and kept."""

    def played(rule, rng, n=8, group=8, skill=None):
        drawn = rule.draw(math.ceil(n * rule.candidates))
        groups = [_group(arm, index, rule.probe or group, rng, skill) for arm, index in drawn]
        kept = rule.keep(groups, n)
        if rule.probe:
            more = {i: _group(*drawn[i], group - rule.probe, rng, skill) for i in kept}
            groups = [
                Feedback(one.arm, one.index, one.scores + more[i].scores, one.rewards + more[i].rewards, 80)
                if i in more
                else one
                for i, one in enumerate(groups)
            ]
        rule.update(groups)
        return drawn, kept

    return played


def _group(arm, index, size, rng, skill):
    p = 1 / (1 + math.exp(1.5 * (arm.level - 1))) if skill is None else skill(arm)
    scores = [float(rng.random() < p) for _ in range(size)]
    return Feedback(arm, index, scores, list(scores), 10 * size)


@pytest.fixture
def rng():
    return random.Random(0)
