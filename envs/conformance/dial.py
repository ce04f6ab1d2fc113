"""The dial works: six levels or more, and the effort that was measured grows with each."""

from math import sqrt
from statistics import fmean, variance

from gradarium.envs.conformance.report import Finding, Settings
from gradarium.envs.conformance.samples import samples
from gradarium.generators.task import Task

FEWEST_LEVELS = 6
INSTANCES = 30


def dial(task: Task, settings: Settings) -> list[Finding]:
    """Compare the mean ``certificate["effort"]`` of neighbouring levels.

    Where time allowed fewer than ``INSTANCES`` of either level, a fall within two standard errors is chance, and only
    noted: how many were drawn depends on the machine, and the verdict must not.
    """
    findings = []
    if len(task.levels) < FEWEST_LEVELS:
        findings.append(Finding(f"{len(task.levels)} levels; {FEWEST_LEVELS} at least are asked for"))
    before: list[float] = []
    for level in range(len(task.levels)):
        instances = samples(task).get(level, INSTANCES, seconds=settings.seconds)
        efforts = [instance.certificate.get("effort") for instance in instances]
        numbers = [float(e) for e in efforts if isinstance(e, int | float) and not isinstance(e, bool)]
        if len(numbers) < len(efforts):
            findings.append(Finding('certificate["effort"] is no number', level))
            continue
        if before and fmean(numbers) <= fmean(before):
            chance = min(len(numbers), len(before)) < INSTANCES and fmean(before) - fmean(numbers) < 2 * _error(
                numbers, before
            )
            message = f"mean effort {fmean(numbers):.4g} is not over the {fmean(before):.4g} of the level below"
            findings.append(
                Finding(f"{message}; too few were drawn to tell" if chance else message, level, note=chance)
            )
        before = numbers
    return findings


def _error(first: list[float], second: list[float]) -> float:
    """Return the standard error of the difference of two means."""
    return sqrt(variance(first) / len(first) + variance(second) / len(second))
