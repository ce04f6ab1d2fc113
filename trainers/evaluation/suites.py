"""Suites: named, versioned lists of instances of the ``test`` split, so that two models meet the same questions.

``suite@version`` pins tasks, levels, numbers of instances and the versions of the tasks. The pins lie in
``data/suites.json``; where a task, or a definition below, has moved, a test fails until

    python -m gradarium.trainers.evaluation.pin

has raised the version of the suites that are touched.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import Task, all_tasks, get_task
from gradarium.trainers.evaluation.settings import PlannedArm
from gradarium.trainers.mixture import tasks_of

PINS = Path(__file__).parent / "data" / "suites.json"

LEVELS = (0, 2, 4, 6)
"""Every second step of a ladder that leads from trivial to out of reach: a small model scores at 0, a strong one is
told from a stronger one at 6."""

COUNT = 25
"""Instances of an arm where a suite says nothing else."""

REPEATING: Mapping[str, Sequence[int]] = {
    "campsite": (0, 1),
    "chain_arithmetic": (0,),
    "countdown": (0,),
    "cryptarithm": (0,),
    "crypto_kka": (0,),
    "game24": (0, 1, 2),
    "hamiltonian_cycle": (0,),
    "hamiltonian_path": (0,),
    "hashi": (0,),
    "knights_and_knaves": (0,),
    "letter_selection": (0, 1),
    "lights_out": (0, 1),
    "linear_equation_system": (0,),
    "mastermind": (2,),
    "masyu": (0, 1),
    "maze": (0, 1),
    "n_queens": (0, 1),
    "number_sequence": (0,),
    "number_sorting": (0,),
    "output_prediction": (0,),
    "program_synthesis": (0,),
    "rush_hour": (0, 1),
    "slant": (0,),
    "slitherlink": (0,),
    "sokoban": (0,),
    "spell_backward": (0, 1, 2),
    "stack_permutation": (0,),
    "sudoku": (0,),
    "survo": (0,),
    "tapa": (2,),
    "tower_of_hanoi": (0, 1, 2),
}
"""Levels with so few problems that fewer than 24 of the first 25 of the test split differ. A problem that is asked
twice is one observation, not two, so a suite takes the next level instead."""

CORE: Mapping[str, Sequence[str]] = {
    "graphs": ("edge_following", "hamiltonian_path", "maze", "natural_language_navigation"),
    "logic": ("knights_and_knaves", "linear_ordering", "scheduling", "zebra_logic"),
    "mathematics": ("chain_arithmetic", "linear_equation_system", "number_filtering", "number_sequence"),
    "sat": ("sat_assignment", "sat_unsat_core"),
    "puzzles": (
        "arc_1d",  # a rule from examples
        "countdown",  # arithmetic search
        "crypto_kpa",  # a cipher
        "eight_puzzle",  # a plan
        "mastermind",  # deduction
        "minesweeper",  # logic on a grid
        "nonogram",
        "sokoban",
        "sudoku",
        "word_ladder",  # words
        "word_sorting",
    ),
}
"""25 tasks. Puzzles are three quarters of all tasks: here they have 11, one or two of each kind, and the small families
nearly all of theirs. Programs and SQL are left out, since they need a sandbox, which not every machine has."""

CORE_COUNT = 20


@dataclass(frozen=True)
class Suite:
    """A list of instances."""

    name: str
    version: int
    """0: not pinned."""
    summary: str
    arms: tuple[PlannedArm, ...]

    @property
    def instances(self) -> int:
        """Number of instances."""
        return sum(arm.count for arm in self.arms)

    @property
    def tasks(self) -> int:
        """Number of tasks."""
        return len({arm.task for arm in self.arms})


def levels_of(task: str) -> list[int]:
    """Return ``LEVELS``, each moved up to the next at which a task has enough problems.

    >>> levels_of("zebra_logic"), levels_of("maze"), levels_of("spell_backward")
    ([0, 2, 4, 6], [2, 4, 6], [3, 4, 6])
    """
    repeating = REPEATING.get(task, ())
    return sorted({next(i for i in range(level, level + 4) if i not in repeating) for level in LEVELS})


def plan(tasks: Sequence[Task], levels: Sequence[int] | None = None, count: int = COUNT) -> tuple[PlannedArm, ...]:
    """Return the arms of some tasks as they are installed; raises UnknownName for a level that one does not have.

    Without ``levels`` each task has those of ``levels_of``.
    """
    arms = []
    for task in tasks:
        for level in levels_of(task.name) if levels is None else levels:
            task.params(level)
            arms.append(PlannedArm(task.name, level, task.version, 0, count, task.chance))
    return tuple(arms)


def define() -> dict[str, tuple[str, tuple[PlannedArm, ...]]]:
    """Return (summary, arms) of every suite as the tasks of gradarium itself are today."""
    own = [task for task in all_tasks() if task.make.__module__.startswith("gradarium.generators.")]
    core = [get_task(name) for names in CORE.values() for name in names]
    found = {"core": ("a balanced look at every family that needs no sandbox", plan(core, count=CORE_COUNT))}
    for family in sorted({task.family for task in own}):
        members = [task for task in own if task.family == family]
        found[family] = (f"all tasks of the family {family}", plan(members, count=5 if len(members) > 25 else COUNT))
    for tag, what, count in (
        ("enigmata", "the tasks of Enigmata (arXiv 2505.19914)", 10),
        ("satquest", "the tasks of SATQuest", COUNT),
        ("classic", "classic puzzles beyond Enigmata", 10),
    ):
        found[tag] = (what, plan([task for task in own if tag in task.tags], count=count))
    return found


@cache
def _pins() -> dict[str, dict[str, Any]]:
    pins: dict[str, dict[str, Any]] = json.loads(PINS.read_text(encoding="utf-8"))
    return pins


def suite_names() -> list[str]:
    """Return the names of the pinned suites."""
    return list(_pins())


def get_suite(name: str) -> Suite:
    """Return a pinned suite (``core``, ``core@1``), or ``family:...`` or ``tag:...`` as it is today, not pinned.

    Raises UnknownName, and BadValue where an installed task is not of the version that the suite pins.
    """
    if ":" in name:
        return Suite(name, 0, f"all tasks of {name}", plan(tasks_of(name)))
    label, _, version = name.partition("@")
    pins = _pins()
    if label not in pins:
        raise UnknownName("suite", name, [*pins, "family:NAME", "tag:NAME"])
    pin = pins[label]
    if version and version != str(pin["version"]):
        raise UnknownName(f"version of suite {label}", version, [pin["version"]])
    arms: list[PlannedArm] = []
    for task_name, told in pin["tasks"].items():
        task = get_task(task_name)
        if task.version != told["version"]:
            reason = f"pins {task_name} version {told['version']}, installed is version {task.version}"
            raise BadValue("--suite", f"{label}@{pin['version']}", reason)
        arms += plan([task], told["levels"], told["count"])
    return Suite(label, pin["version"], pin["summary"], tuple(arms))


def pinned(arms: Sequence[PlannedArm]) -> dict[str, dict[str, Any]]:
    """Return arms in the form of the pins."""
    tasks: dict[str, dict[str, Any]] = {}
    for arm in arms:
        entry = tasks.setdefault(arm.task, {"version": arm.version, "levels": [], "count": arm.count})
        entry["levels"].append(arm.level)
    return tasks
