"""The dial works: six levels or more, and the effort that was measured grows with each."""

from statistics import fmean

from gradarium.envs.conformance.report import Finding, Settings
from gradarium.envs.conformance.samples import samples
from gradarium.generators.task import Task

FEWEST_LEVELS = 6
INSTANCES = 30


def dial(task: Task, settings: Settings) -> list[Finding]:
    """Compare the mean ``certificate["effort"]`` of neighbouring levels."""
    findings = []
    if len(task.levels) < FEWEST_LEVELS:
        findings.append(Finding(f"{len(task.levels)} levels; {FEWEST_LEVELS} at least are asked for"))
    before = float("-inf")
    for level in range(len(task.levels)):
        instances = samples(task).get(level, INSTANCES, seconds=settings.seconds)
        efforts = [instance.certificate.get("effort") for instance in instances]
        numbers = [e for e in efforts if isinstance(e, int | float) and not isinstance(e, bool)]
        if len(numbers) < len(efforts):
            findings.append(Finding('certificate["effort"] is no number', level))
            continue
        mean = fmean(numbers)
        if mean <= before:
            findings.append(Finding(f"mean effort {mean:.4g} is not over the {before:.4g} of the level below", level))
        before = mean
    return findings
