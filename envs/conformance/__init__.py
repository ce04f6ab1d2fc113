"""The property table that every task keeps, as code: ``check_task(get_task("sudoku"), QUICK).passed``.

``tests/test_every_task.py`` and ``gradarium check`` run the same functions, so a task is tested by existing.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from gradarium.envs.conformance.bounded import bounded
from gradarium.envs.conformance.deterministic import deterministic
from gradarium.envs.conformance.dial import dial
from gradarium.envs.conformance.disjoint import disjoint
from gradarium.envs.conformance.gym_env import env
from gradarium.envs.conformance.honest_prompt import honest_prompt
from gradarium.envs.conformance.no_execution import no_execution
from gradarium.envs.conformance.not_guessable import not_guessable
from gradarium.envs.conformance.report import QUICK, Finding, Oracle, Report, Settings, faults
from gradarium.envs.conformance.solvable import solvable
from gradarium.envs.conformance.sound import sound
from gradarium.envs.conformance.varied import varied
from gradarium.errors import UnknownName
from gradarium.generators.task import Task

__all__ = ["PROPERTIES", "QUICK", "Finding", "Oracle", "Report", "Settings", "check_property", "check_task", "faults"]

Property = Callable[[Task, Settings], list[Finding]]

PROPERTIES: dict[str, Property] = {
    f.__name__: f
    for f in (
        deterministic,
        solvable,
        honest_prompt,
        sound,
        bounded,
        no_execution,
        not_guessable,
        varied,
        disjoint,
        dial,
        env,
    )
}


def check_property(task: Task, name: str, settings: Settings) -> list[Finding]:
    """Return the findings of one property; an exception is a finding too. Raises UnknownName."""
    if name not in PROPERTIES:
        raise UnknownName("property", name, PROPERTIES)
    try:
        return PROPERTIES[name](task, settings)
    except Exception as error:  # a task that fails while it is looked at is a finding, not the end of the check
        return [Finding(f"{type(error).__name__}: {str(error)[:300]}")]


def check_task(
    task: Task,
    settings: Settings = QUICK,
    oracle: Oracle | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Check every property of a task; ``progress`` is called with each property's name before it runs."""
    settings = replace(settings, oracle=oracle or settings.oracle)
    findings, seconds = {}, {}
    for name in PROPERTIES:
        if progress:
            progress(name)
        start = time.monotonic()
        findings[name] = tuple(check_property(task, name, settings))
        seconds[name] = time.monotonic() - start
    return Report(task.name, task.version, findings, seconds)
