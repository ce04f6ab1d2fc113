"""Solvable: the reference scores 1.0 through the whole path, in every format that can hold it and however decorated."""

import dataclasses

from gradarium.core import Instance
from gradarium.envs.conformance.decorations import decorations
from gradarium.envs.conformance.report import Finding, Settings, shorten
from gradarium.envs.conformance.samples import samples
from gradarium.errors import BadValue
from gradarium.generators.task import Task
from gradarium.verifiers.answers import FORMATS


def solvable(task: Task, settings: Settings) -> list[Finding]:
    """Grade rendered references of every level and split, and decorated ones."""
    findings: list[Finding] = []
    runs = settings.runs if task.sandboxed else None
    posed = samples(task)
    for level in range(len(task.levels)):
        instances = posed.get(level, settings.instances, seconds=settings.seconds, fewest=2)
        for number, instance in enumerate([*instances, *posed.get(level, 1, "dev"), *posed.get(level, 1, "test")]):
            completions = _completions(instance, decorated=not task.sandboxed or number == 0)
            for label, completion in completions:
                if runs is not None:
                    runs -= 1
                verdict = task.grade(completion, instance)
                if verdict.score != 1.0:
                    findings.append(
                        Finding(f"the reference, {label}, is judged {verdict.status}: {verdict.reason}", level)
                    )
            findings += [Finding(text, level) for text in _other_formats(task, instance, all=number == 0)]
            if len(findings) >= 5 or (runs is not None and runs * (level + 1) < 0):
                break
    if runs is not None and runs < 0:
        findings.append(Finding(f"sandboxed: about {settings.runs} references were graded", note=True))
    return findings


def _completions(instance: Instance, decorated: bool) -> list[tuple[str, str]]:
    form = FORMATS[instance.answer_format]
    plain = [("as rendered", form.render(instance.reference))]
    return plain + (list(decorations(form.name, instance.reference, instance.example)) if decorated else [])


def _other_formats(task: Task, instance: Instance, all: bool) -> list[str]:
    wrong = []
    for name, form in FORMATS.items():
        try:
            completion = form.render(instance.reference)
        except BadValue:
            continue  # this format cannot hold the answer and says so
        found = form.find(completion)
        if found != instance.reference:
            wrong.append(f"format {name!r} reads {shorten(str(found))} where {shorten(instance.reference)} was written")
        elif all and name != instance.answer_format:
            verdict = task.grade(completion, dataclasses.replace(instance, answer_format=name))
            if verdict.score != 1.0:
                wrong.append(f"the reference in format {name!r} is judged {verdict.status}: {verdict.reason}")
    return wrong
