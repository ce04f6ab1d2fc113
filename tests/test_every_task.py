"""The property table over every task of the registry: a task is tested by existing."""

import importlib.util
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gradarium.envs.conformance import PROPERTIES, QUICK, check_property, faults
from gradarium.generators import all_tasks

TASKS = [task for task in all_tasks() if task.make.__module__.startswith("gradarium.")]


@cache
def oracle_of(task):
    """Return ``oracle`` of the task's own test file; every task must have one."""
    path = Path(__file__).parent / "verifiers" / task.family / f"test_{task.name}.py"
    assert path.is_file(), f"{task.name} has no tests/verifiers/{task.family}/test_{task.name}.py"
    spec = importlib.util.spec_from_file_location(f"_oracle_of_{task.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(getattr(module, "oracle", None)), f"{path} defines no oracle(answer, payload)"
    return module.oracle


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_has_an_oracle(task):
    judge = oracle_of(task)
    instance = task.pose(0)
    assert judge(instance.reference, instance.payload) is True
    assert judge(instance.example, instance.payload) is False
    for text in ("", "nan", "\0", "[" * 1000, "\u0661", "9" * 1000):
        assert judge(text, instance.payload) is False


GROUPED = [pytest.param(task, id=task.name, marks=pytest.mark.xdist_group(task.name)) for task in TASKS]
"""All properties of a task in one process: they look at the same instances."""


@pytest.mark.parametrize("name", PROPERTIES)
@pytest.mark.parametrize("task", GROUPED)
def test_property(task, name):
    settings = replace(QUICK, oracle=oracle_of(task)) if name == "sound" else QUICK
    found = check_property(task, name, settings)
    assert not faults(found), "\n".join(map(str, faults(found)))
