"""Not guessable: no constant answer scores more than the declared chance."""

import time
from collections import Counter

from gradarium.core import Instance
from gradarium.envs.conformance.report import Finding, Settings, shorten
from gradarium.envs.conformance.samples import samples
from gradarium.generators.task import Task

MARGIN = 0.02
CONSTANTS = (
    "0", "1", "2", "3", "-1", "5", "10", "100", "0 0", "1 1", "1 2", "1 2 3", "0.5", "x", "a", "A", "yes", "no", "Yes",
    "No", "true", "false", "True", "False", "None", "null", "NULL", "[]", "{}", "()", "''",
    '""', "empty", "none", "SELECT 1",
)  # fmt: skip
_FIRST = 60
"""In a quick look, a constant that is right for none of the first so many instances is dropped."""


def not_guessable(task: Task, settings: Settings) -> list[Finding]:
    """Try common references, examples and constants on the instances of each level."""
    findings = []
    fewer = []
    for level in range(len(task.levels)):
        instances = samples(task).get(level, settings.guesses, seconds=settings.seconds)
        n = len(instances)
        if n < settings.guesses:
            fewer.append(f"{n} at level {level}")
        # With fewer instances a few hits by luck say less: three are let pass.
        allowed = n * (task.chance + MARGIN) + (3 if n < 200 else 0)
        best, hits = _best(task, instances, settings)
        if hits > allowed:
            findings.append(
                Finding(
                    f"{shorten(best)} is right {hits:g} times in {n}; the declared chance is {task.chance:g}", level
                )
            )
    if fewer:
        findings.append(Finding(f"slow to draw: {', '.join(fewer)} instead of {settings.guesses}", note=True))
    if task.sandboxed:
        findings.append(Finding("sandboxed: answers compared as text, few of them run", note=True))
    return findings


def _best(task: Task, instances: list[Instance], settings: Settings) -> tuple[str, float]:
    """Return the constant with the highest sum of scores, and that sum."""
    references = Counter(instance.reference for instance in instances)
    common = [text for text, _ in references.most_common(10)]
    candidates = [*common, *references, *(i.example for i in instances[:3])][:22] + list(CONSTANTS)
    candidates = list(dict.fromkeys(candidates))
    if task.sandboxed:
        return _best_sandboxed(task, instances, candidates, references, settings)
    scores = dict.fromkeys(candidates, 0.0)
    end = time.monotonic() + max(settings.seconds, 5.0)
    for number, instance in enumerate(instances):
        if settings.quick and number == _FIRST:
            scores = {text: score for text, score in scores.items() if score}
        for text in scores:
            scores[text] += task.verify(text, instance.payload).score
        if time.monotonic() > end and number >= _FIRST:
            break
    best = max(scores, key=lambda text: scores[text], default="")
    return best, scores.get(best, 0.0)


def _best_sandboxed(
    task: Task, instances: list[Instance], candidates: list[str], references: Counter[str], settings: Settings
) -> tuple[str, float]:
    best, hits = references.most_common(1)[0]
    share = max(1, settings.runs // len(task.levels))
    tried = [best, *candidates[1:3], "1", "0", "[]", "SELECT 1"][: max(1, share // 4)]
    for text in dict.fromkeys(tried):
        some = instances[:: max(1, len(instances) * len(tried) // share)][: max(1, share // len(tried))]
        score = sum(task.verify(text, instance.payload).score for instance in some) * len(instances) / len(some)
        # A handful of runs is a rough estimate: one hit in it may be luck and proves nothing.
        if score > hits and score > len(instances) / len(some):
            best, hits = text, int(score)
    return best, float(hits)
