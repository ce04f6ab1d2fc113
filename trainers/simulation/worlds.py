"""Worlds for the simulated learner. Constants come from a recorded run, and were fixed before any rule was tried.

The run is ``docs/runs/smollm2-eight-tasks`` (SmolLM2-135M, eight tasks, GRPO); ``tests/trainers/curricula/
test_simulated.py`` works its figures out again. What it cannot tell is said to be a choice.
"""

from collections.abc import Callable

import numpy as np

from gradarium.trainers.simulation.learner import Floats, Ints, World

TASKS = 6
"""Choice: a mixture of this size has arms enough (36) that most of them are out of season at any time."""
LEVELS = 6
"""The tasks of this project have six to eight."""
START, START_SPREAD = 2.8, 1.4
"""Difficulty of level 0, mean and deviation over tasks, logits. Run: untrained success 0.02 to 0.38 on eight tasks."""
GAP = 1.5
"""Logits from a level to the next. Run: untrained, levels 0 and 1 of four tasks differ by -0.2, 1.1, 1.4 and 3.8."""
GAP_RANGE = 0.5
"""Choice: dials differ; each task's gap is GAP times a factor that is uniform in 1 -+ this."""
RATE, RATE_SPREAD = 0.26, 0.5
"""Logits that a group teaches over its variance: median, and deviation of the logarithm over tasks. Run: 0.07 to 1.0,
median 0.26; the spread of that is 0.7, chance of 50 test problems included."""
SPREAD = 2.0
"""Difficulty of instances within an arm, logits. Run: 44 % of all groups had unequal rewards (50 % in the first ten
steps), where arms of equally hard instances with the same mean rewards would have 77 %; a spread of 2 gives 52 %, of
2.5 46 %."""
MEMORISED = 5.0
"""Choice: a step moves the very instance that it was taken on several times as far as others of its arm."""
NEIGHBOUR = 0.2
"""Share of a gain that goes to the next level, up or down; its square to the one after. Run: 0.47, 0.19, -0.03 and
0.22 upwards."""
RELATED = 0.01
"""Share of a gain that goes to the same level of other tasks. Run: two unseen tasks gained 0.00 and 0.02 in success."""
FORGETTING = 1e-5
"""Choice: a skill of 5 logits that is not practised at all loses 0.5 in 10,000 groups."""
CEILING = 0.98
"""Choice: some answers are always spoilt by a slip."""
CHANCES = (0.0, 0.0, 0.0, 0.0, 0.1, 0.25)
"""Choice: most tasks of this project cannot be guessed, some can."""


def baseline(seed: int, *, gap: float = GAP, start: float = START, power: float = 1.0) -> World:
    """Six tasks of six levels, easy to hard, that differ in start, gap, learning rate and chance."""
    rng = np.random.default_rng([seed, 0])
    first = start + START_SPREAD * rng.standard_normal(TASKS)
    gaps = gap * rng.uniform(1 - GAP_RANGE, 1 + GAP_RANGE, TASKS)
    rates = RATE * np.exp(RATE_SPREAD * rng.standard_normal(TASKS))
    if power != 1:
        rates *= 0.25 ** (1 - power)  # the same gain where variance is largest
    chances = rng.permutation(CHANCES)
    levels = np.arange(LEVELS)
    arms = TASKS * LEVELS
    return World(
        tasks=tuple((f"task{i}", LEVELS) for i in range(TASKS)),
        difficulty=(first[:, None] + gaps[:, None] * levels).ravel(),
        chance=np.repeat(chances, LEVELS),
        ceiling=np.full(arms, CEILING),
        rate=np.repeat(rates, LEVELS),
        transfer=_transfer(),
        needs=np.full(arms, -1),
        forgetting=FORGETTING,
        spread=SPREAD,
        memorised=MEMORISED,
        power=power,
    )


def solved(seed: int) -> World:
    """Two tasks of three are solved from the start, at all levels."""
    world = baseline(seed)
    known = np.repeat(np.random.default_rng([seed, 3]).permutation(TASKS) < TASKS * 2 // 3, LEVELS)
    return _with(world, difficulty=np.where(known, -6.0, world.difficulty))


def prerequisites(seed: int) -> World:
    """A level can only be learned once the one below is half solved, and one task needs level 1 of another."""
    world = baseline(seed)
    needs = np.arange(TASKS * LEVELS) - 1
    needs[::LEVELS] = -1
    one, other = np.random.default_rng([seed, 3]).permutation(TASKS)[:2]
    needs[one * LEVELS] = other * LEVELS + 1
    return _with(world, needs=needs)


def forgetting(seed: int) -> World:
    """What is not practised is lost four times as fast."""
    return _with(baseline(seed), forgetting=4 * FORGETTING)


def unlearnable(seed: int) -> World:
    """The two top levels of all tasks cannot be learned, and one task pays half of all answers whatever they say."""
    world = baseline(seed)
    level = np.tile(np.arange(LEVELS), TASKS)
    noise = np.repeat(np.arange(TASKS) == np.random.default_rng([seed, 3]).integers(TASKS), LEVELS)
    out_of_reach = level >= LEVELS - 2
    return _with(
        world,
        difficulty=np.where(noise | out_of_reach, 40.0, world.difficulty),
        chance=np.where(noise, 0.5, world.chance),
        rate=np.where(noise | out_of_reach, 0.0, world.rate),
    )


def normalised(seed: int) -> World:
    """The baseline where advantages are divided by the deviation of their group, as ``grpo`` does: less to choose."""
    return baseline(seed, power=0.5)


def alike(seed: int) -> World:
    """All tasks are learned equally fast, and none can be guessed."""
    return _with(baseline(seed), rate=np.full(TASKS * LEVELS, RATE), chance=np.zeros(TASKS * LEVELS))


def even(seed: int) -> World:
    """All arms are equally hard, and none is too hard: nothing to be gained by choosing."""
    world = baseline(seed, gap=0.0)
    return _with(
        world,
        difficulty=np.zeros(TASKS * LEVELS),
        chance=np.zeros(TASKS * LEVELS),
        rate=np.full(TASKS * LEVELS, RATE),
    )


WORLDS: dict[str, Callable[[int], World]] = {
    f.__name__: f for f in (baseline, solved, prerequisites, forgetting, unlearnable, normalised, alike, even)
}


def _transfer() -> Floats:
    """Return the transfer matrix, shape (arms, arms)."""
    level = np.arange(LEVELS)
    within = NEIGHBOUR ** np.abs(level[:, None] - level).astype(float)
    same = np.eye(TASKS)
    return np.asarray(np.kron(same, within) + np.kron(1 - same, RELATED * np.eye(LEVELS)))


def _with(world: World, **changes: Floats | Ints | float) -> World:
    return World(**{**vars(world), **changes})
