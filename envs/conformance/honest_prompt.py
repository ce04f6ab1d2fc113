"""Honest prompt: states what is asked and in which form, with an example that is not the answer."""

import json

from gradarium.core import Instance, Status
from gradarium.envs.conformance.report import Finding, Settings
from gradarium.envs.conformance.samples import samples
from gradarium.envs.prompts import render_prompt
from gradarium.generators.task import Task
from gradarium.verifiers.answers import FORMATS

LONG_REFERENCE = 12
"""A reference of more characters stands in a question by chance only; shorter ones are not looked for."""
BY_CHANCE = 0.1
"""Share of a level's instances, but one always, that may do so: the answer to a query can be a row that is shown."""


def honest_prompt(task: Task, settings: Settings) -> list[Finding]:
    """Look at the prompts of every level."""
    findings: list[Finding] = []
    for level in range(len(task.levels)):
        instances = samples(task).get(level, settings.instances, seconds=settings.seconds, fewest=2)
        told = sum(len(i.reference) > LONG_REFERENCE and i.reference in i.question for i in instances)
        if told > max(1, BY_CHANCE * len(instances)):
            findings.append(Finding(f"{told} of {len(instances)} questions hold the reference", level))
        for number, instance in enumerate(instances):
            findings += [Finding(text, level) for text in _faults(instance)]
            if task.sandboxed and number:
                continue
            verdict = task.verify(instance.example, instance.payload)
            if verdict.status not in (Status.WRONG, Status.PARTIAL):
                findings.append(Finding(f"the example is {verdict.status}, must be wrong: {verdict.reason}", level))
            if len(findings) >= 5:
                return findings
    return findings


def _faults(instance: Instance) -> list[str]:
    faults = []
    prompt = render_prompt(instance)
    for name in ("question", "brief", "example", "reference"):
        if not getattr(instance, name).strip():
            faults.append(f"the {name} is empty")
    if instance.question not in prompt:
        faults.append("the prompt does not hold the question")
    ask = FORMATS[instance.answer_format].ask(instance.example)
    if instance.example not in ask or ask not in prompt:
        faults.append("the prompt does not ask for the answer format with its example")
    if instance.example.strip() == instance.reference.strip():
        faults.append("the example is the reference")
    if len(instance.brief) > len(instance.question):
        faults.append("the brief is longer than the question")
    try:
        json.dumps([instance.payload, instance.certificate], allow_nan=False)
    except (TypeError, ValueError) as error:
        faults.append(f"payload or certificate is no JSON: {error}")
    return faults
