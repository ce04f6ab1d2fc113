"""Mixtures: what the ``[[task]]`` tables of a configuration mean.

A table names one task, or a group: ``family:puzzles``, ``tag:enigmata``, ``all``. ``expand`` turns tables with groups
into one table for each task; everything after it sees single tasks only. The rules (docs/mixtures.md):

* The weight of a group is that of the whole group, shared out evenly among its tasks.
* A task with a table of its own is taken out of every group, wherever its table stands.
* Two groups must have no task in common; ``exclude`` takes tasks or whole groups out of one.
* Over a group, levels that a task does not have are left out; a task that has none of them is an error. A task with a
  table of its own must have all of them.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import Task, all_tasks, get_task, task_names
from gradarium.generators.levels import parse_levels
from gradarium.trainers.config import RunConfig, TaskEntry
from gradarium.verifiers import get_format

GROUPS = ("family", "tag")
"""What may stand before the colon of a group's name; ``all`` is the third kind."""

HEAVIEST = 1e9
"""Largest weight: sums of weights stay finite."""


@dataclass(frozen=True)
class Part:
    """One task of a mixture."""

    table: str
    """Name of the table that it comes from: its own, or a group."""
    entry: dict[str, Any]
    """Its options, as a table of its own would have them; options of no concern here are handed on unread."""
    cut: tuple[int, ...] = ()
    """Levels that the group's table names and this task does not have."""


def expand(tables: Any) -> list[Part]:
    """Return the tasks of some tables, in the order of the tables, groups by family and name.

    Values of tables that name a single task are checked when the configuration is built; those of groups here. Raises
    BadValue or UnknownName.
    """
    if not isinstance(tables, list):
        raise BadValue("task", tables, "must be a list of tables: write [[task]], with two brackets, above each")
    read = [_read(table, f"task[{i}]") for i, table in enumerate(tables)]
    single = {table["name"] for table in read if not _is_group(table["name"])}
    holders: dict[str, str] = {}
    parts: list[Part] = []
    for table in read:
        found = _of_group(table, single) if _is_group(table["name"]) else [_of_task(table)]
        for part in found:
            _check_overlap(part, found, holders)
        holders |= {part.entry["name"]: part.table for part in found if _is_group(part.table)}
        parts += found
    return parts


def check_mixture(entries: Sequence[TaskEntry]) -> None:
    """Raise BadValue or UnknownName for expanded entries that cannot be drawn from."""
    if not entries:
        raise BadValue("task", [], "the mixture is empty; add a [[task]] table with a name")
    seen: set[str] = set()
    for entry in entries:
        task = get_task(entry.name)
        if entry.name in seen:
            raise BadValue("task", entry.name, "stands twice in the mixture; list its levels in one table")
        seen.add(entry.name)
        _check_weight(entry.name, entry.weight)
        _check_distinct(entry.name, entry.levels)
        for level in entry.levels:
            task.params(level)
        if entry.answer_format:
            get_format(entry.answer_format)


def answer_format_of(config: RunConfig, task: str) -> str | None:
    """Return the answer format of a task in a run: its table's, else the configuration's; None: the task's own."""
    own = next((entry.answer_format for entry in config.task if entry.name == task), "")
    return own or config.answer_format or None


def tasks_of(name: str) -> list[Task]:
    """Return the tasks that the name of a task or group stands for; raises UnknownName, or BadValue."""
    kind, colon, value = name.partition(":")
    if name == "all":
        return all_tasks()
    if colon:
        if kind not in GROUPS:
            raise UnknownName("kind of group", kind, GROUPS)
        return all_tasks(**{kind: value})
    if name not in task_names():
        for kind, known in (
            ("family", {task.family for task in all_tasks()}),
            ("tag", {tag for task in all_tasks() for tag in task.tags}),
        ):
            if name in known:
                raise BadValue("task", name, f'is a {kind}, not a task; write "{kind}:{name}" for all of its tasks')
    return [get_task(name)]


def _is_group(name: str) -> bool:
    return name == "all" or ":" in name


def _read(table: Any, where: str) -> dict[str, Any]:
    """Return a table whose options exist and whose name is a text."""
    if not isinstance(table, dict):
        raise BadValue(where, table, "must be a table")
    known = {field.name for field in dataclasses.fields(TaskEntry)} | {"exclude"}
    for option in table:
        if option not in known:
            raise UnknownName(f"option of {where}", option, known)
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise BadValue(f"{where}.name", name, 'must name a task, or a group such as "family:puzzles"')
    return table


def _of_task(table: dict[str, Any]) -> Part:
    """Return a table that names a single task, with its levels as a list."""
    name = table["name"]
    [task] = tasks_of(name)
    if "exclude" in table:
        raise BadValue(f"task {name}: exclude", table["exclude"], "only a group has tasks that can be left out")
    levels = _levels(table)
    if levels is None:
        levels = list(range(len(task.levels)))
    return Part(name, {**table, "levels": levels})


def _of_group(table: dict[str, Any], single: set[str]) -> list[Part]:
    """Return one part for each task of a group that is not excluded and has no table of its own."""
    name = table["name"]
    weight = table.get("weight", TaskEntry.weight)
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        raise BadValue(f"task {name}: weight", weight, "must be a number")
    _check_weight(name, weight)
    members = [task for task in tasks_of(name) if task.name not in _excluded(table)]
    rest = [task for task in members if task.name not in single]
    if not rest:
        why = "each of its tasks has a table of its own" if members else "exclude leaves it no task"
        raise BadValue("task", name, f"is empty: {why}; leave the group out")
    wanted = _levels(table)
    kept = {key: value for key, value in table.items() if key != "exclude"}
    parts = []
    for task in rest:
        ladder = range(len(task.levels))
        levels = list(ladder) if wanted is None else [level for level in wanted if level in ladder]
        if not levels:
            has = f"{task.name} has none of them, only 0-{len(ladder) - 1}; exclude it or give it a table of its own"
            raise BadValue(f"task {name}: levels", table["levels"], has)
        cut = tuple(level for level in wanted or () if level not in ladder)
        entry = {**kept, "name": task.name, "levels": levels, "weight": weight / len(rest)}
        parts.append(Part(name, entry, cut))
    return parts


def _excluded(table: dict[str, Any]) -> set[str]:
    """Return the names of the tasks that ``exclude`` takes out of a group."""
    where, items = f"task {table['name']}: exclude", table.get("exclude", [])
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise BadValue(where, items, 'must be a list of tasks or groups such as ["sudoku", "tag:search"]')
    members = {task.name for task in tasks_of(table["name"])}
    found: set[str] = set()
    for item in items:
        named = {task.name for task in tasks_of(item)} & members
        if not named:
            raise BadValue(where, item, f"is not in {table['name']}, so there is nothing to leave out")
        found |= named
    return found


def _levels(table: dict[str, Any]) -> list[Any] | None:
    """Return the levels that a table names; None for all."""
    where, levels = f"task {table['name']}: levels", table.get("levels", list(TaskEntry.levels))
    if isinstance(levels, str):
        found = parse_levels(levels, where)
        return None if found is None else list(found)
    if not isinstance(levels, list) or not all(type(level) is int and level >= 0 for level in levels):
        raise BadValue(where, levels, 'must be a list such as [0, 1], or a text such as "0-3", "0,2-4" or "all"')
    _check_distinct(table["name"], levels)
    return levels


def _check_weight(name: str, weight: float) -> None:
    if not 0 < weight <= HEAVIEST:
        shown = weight if isinstance(weight, float) else float(min(max(weight, -(2**63)), 2**63))
        too_much = weight > HEAVIEST
        reason = f"must be at most {HEAVIEST:g}" if too_much else "must be above 0; leave the task out instead"
        raise BadValue(f"task {name}: weight", shown, reason)


def _check_distinct(name: str, levels: Sequence[int]) -> None:
    if not levels or len(set(levels)) < len(levels):
        raise BadValue(f"task {name}: levels", list(levels), "must name each level once, at least one")


def _check_overlap(part: Part, found: Sequence[Part], holders: dict[str, str]) -> None:
    """Raise BadValue where a task of a group was in another group already."""
    first = holders.get(part.entry["name"])
    if first is None or not _is_group(part.table):
        return
    if first == part.table:
        raise BadValue("task", part.table, "stands twice in the mixture; put both into one table")
    shared = [other.entry["name"] for other in found if holders.get(other.entry["name"]) == first]
    names = ", ".join(shared[:4]) + (f" and {len(shared) - 4} more" if len(shared) > 4 else "")
    inside = len(shared) == len(found)  # then excluding the first group here would leave this one empty
    fix = f'write exclude = ["{part.table if inside else first}"] in the table of {first if inside else part.table}'
    fix += "" if inside else ", or give these tasks tables of their own"
    raise BadValue("task", part.table, f"shares {names} with {first}: {fix}")
