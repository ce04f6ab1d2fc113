"""Varied: from level 3 up, draws hardly ever repeat."""

from gradarium.envs.conformance.report import Finding, Settings
from gradarium.envs.conformance.samples import samples
from gradarium.generators.task import Task

FROM_LEVEL = 3
SHARE = 0.99


def varied(task: Task, settings: Settings) -> list[Finding]:
    """Count distinct keys among the draws of each level from 3 up: 99 % at least."""
    findings = []
    for level in range(FROM_LEVEL, len(task.levels)):
        keys = [instance.key for instance in samples(task).get(level, settings.draws, seconds=settings.seconds)]
        distinct = len(set(keys))
        if distinct < int(SHARE * len(keys)):
            findings.append(Finding(f"{distinct} distinct instances in {len(keys)} draws", level))
        if len(keys) < settings.draws:
            findings.append(Finding(f"slow to draw: {len(keys)} instead of {settings.draws}", level, note=True))
    return findings
