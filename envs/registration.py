"""Registers every task with Gymnasium under one class; ``register`` does so for a task of your own."""

import importlib
import sys
import warnings

import gymnasium as gym

from gradarium.errors import BadValue, DuplicateTask
from gradarium.generators import Task, get_task, task_names

ENTRY_POINT = "gradarium.envs.task_env:TaskEnv"


def find_task(task: str | Task) -> Task:
    """Return a task by its name or by ``module:name`` of its ``make``; raises UnknownName or BadValue."""
    if isinstance(task, Task):
        return task
    if not isinstance(task, str):
        raise BadValue("task", task, "must be a task or the name of one")
    module, colon, name = task.partition(":")
    if not colon:
        return get_task(task)
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadValue("task", task, f"must be a task name or 'module:make': {error}") from error
    if not isinstance(found, Task):
        raise BadValue("task", task, "that is no task; its function must carry @task")
    return found


def register(task: Task) -> str:
    """Register a task with Gymnasium and return its id; a second call with the same task does nothing.

    Raises DuplicateTask where another task has the id.

    >>> from gradarium.generators import get_task
    >>> register(get_task("sudoku"))
    'gradarium/sudoku-v0'
    """
    said = _name_of(task)
    known = gym.registry.get(task.env_id)
    if known is None:
        gym.register(id=task.env_id, entry_point=ENTRY_POINT, kwargs={"task": said})
    elif known.kwargs.get("task") != said:
        raise DuplicateTask(task.env_id, str(known.kwargs.get("task")), str(said))
    return task.env_id


def register_all() -> None:
    """Register every task of the suite and of installed packages.

    A task that cannot be imported is left out with a warning, so that one broken package does not take all others away.
    """
    for name in task_names():
        try:
            register(get_task(name))
        except Exception as error:
            warnings.warn(f"task {name} has no environment: {type(error).__name__}: {error}", stacklevel=2)


def _name_of(task: Task) -> str | Task:
    """Return text that ``find_task`` turns into the task, so that specs are JSON and envs pickle; else the task."""
    if task.name in task_names() and get_task(task.name) is task:
        return task.name
    module, name = task.make.__module__, task.make.__name__
    return f"{module}:{name}" if getattr(sys.modules.get(module), name, None) is task else task
