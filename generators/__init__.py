"""Generators pose problems: ``get_task("sudoku").pose(index=7, level=3, split="test") -> Instance``.

A task is found by its path, ``generators/<family>/<task>.py``, or by an entry point of the group
``gradarium.tasks`` (name = task name, value = ``module:make``). There is no list to edit.
"""

import importlib
import os
import re
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from gradarium.core import Draft, Instance, Redraw
from gradarium.errors import BadValue, DuplicateTask, UnknownName
from gradarium.generators.task import Task, task
from gradarium.verifiers.grading import GROUP

__all__ = ["Draft", "Instance", "Redraw", "Task", "all_tasks", "get_task", "task", "task_names"]


@cache
def _paths() -> dict[str, str]:
    root = os.path.dirname(__file__)
    found: dict[str, str] = {}
    for family in sorted(os.listdir(root)):
        if os.path.isfile(os.path.join(root, family, "__init__.py")):
            for file in sorted(os.listdir(os.path.join(root, family))):
                if re.fullmatch(r"[a-z][a-z0-9_]*\.py", file):
                    path = f"gradarium.generators.{family}.{file[:-3]}"
                    if file[:-3] in found:
                        raise DuplicateTask(file[:-3], found[file[:-3]], path)
                    found[file[:-3]] = path
    return found


@cache
def _points() -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        if point.name in _paths():
            raise DuplicateTask(point.name, _paths()[point.name], point.value)
        if point.name in found and found[point.name].value != point.value:
            raise DuplicateTask(point.name, found[point.name].value, point.value)
        found[point.name] = point
    return found


def task_names() -> list[str]:
    """Return the names of all tasks, sorted, without importing them."""
    return sorted([*_paths(), *_points()])


@cache
def get_task(name: str) -> Task:
    """Return the task of that name; imports only its own module. Raises UnknownName."""
    if name in _paths():
        loaded = importlib.import_module(_paths()[name]).make
    elif name in _points():
        loaded = _points()[name].load()
    else:
        raise UnknownName("task", name, task_names())
    if not isinstance(loaded, Task) or loaded.name != name:
        raise BadValue(f"task {name}", loaded, "its make must carry @task with this name")
    return loaded


def all_tasks(family: str | None = None, tag: str | None = None) -> list[Task]:
    """Return every task, sorted by family and name, or those of a family or tag; raises UnknownName."""
    tasks = sorted((get_task(name) for name in task_names()), key=lambda t: (t.family, t.name))
    families = {t.family for t in tasks}
    tags = {label for t in tasks for label in t.tags}
    if family is not None and family not in families:
        raise UnknownName("family", family, families)
    if tag is not None and tag not in tags:
        raise UnknownName("tag", tag, tags)
    return [t for t in tasks if family in (None, t.family) and (tag is None or tag in t.tags)]
