"""Sound: damaged references and answers without content are not correct, unless an independent oracle agrees."""

import random
import time
from collections.abc import Iterator

from gradarium.core import Instance, Status, Verdict, derive_seed
from gradarium.envs.conformance.mutants import contentless, mutants
from gradarium.envs.conformance.report import RUN_SECONDS, Finding, Settings, shorten
from gradarium.envs.conformance.samples import samples
from gradarium.envs.prompts import render_prompt
from gradarium.generators.task import Task
from gradarium.verifiers.answers import FORMATS

_MOST = 5
"""Findings after which a task is broken enough."""


def sound(task: Task, settings: Settings) -> list[Finding]:
    """Judge mutants, constants and copies of the question at every level.

    Without an oracle, mutants that are judged correct are counted in a note; answers without content always fail.
    """
    findings: list[Finding] = []
    judged = unsettled = 0
    share = settings.runs // len(task.levels) if task.sandboxed else None
    for level in range(len(task.levels)):
        instances = samples(task).get(level, settings.instances, seconds=settings.seconds, fewest=2)
        for instance in instances:
            spent = 0
            if settings.oracle is not None and not settings.oracle(instance.reference, instance.payload):
                findings.append(Finding("the oracle refuses the reference", level))
            for name, answer, empty in _answers(instance):
                if share is not None and spent >= max(1, share // len(instances)):
                    break
                start = time.perf_counter()
                verdict = task.verify(answer, instance.payload)
                spent += time.perf_counter() - start > RUN_SECONDS
                judged += 1
                right = _right(settings, answer, instance, verdict)
                if verdict.status is Status.CORRECT and right is None and not empty:
                    unsettled += 1
                elif verdict.status is Status.CORRECT and not right:
                    findings.append(Finding(f"accepts {name}: {shorten(answer)}", level))
                elif verdict.status is Status.WRONG and right:
                    findings.append(
                        Finding(f"refuses {name}, which the oracle accepts: {shorten(answer)}: {verdict.reason}", level)
                    )
                if len(findings) >= _MOST:
                    return findings
            findings += _dumps(task, instance, level)
    if task.sandboxed:
        findings.append(Finding(f"sandboxed: a sample of {judged} answers was judged", note=True))
    if unsettled:
        findings.append(
            Finding(f"not judged: {unsettled} mutants are called correct and there is no oracle", note=True)
        )
    return findings


def _answers(instance: Instance) -> Iterator[tuple[str, str, bool]]:
    """Yield (name, answer, whether it is without content), each answer once, in random order."""
    rng = random.Random(derive_seed("mutants", instance.key))
    every = [(*item, True) for item in contentless(instance, render_prompt(instance))]
    every += [(*item, False) for item in mutants(instance, rng)]
    unique = list({answer: (name, answer, empty) for name, answer, empty in reversed(every)}.values())
    yield from rng.sample(unique, len(unique))


def _right(settings: Settings, answer: str, instance: Instance, verdict: Verdict) -> bool | None:
    """Return what the oracle says; without an oracle, True for the reference itself and None for the rest."""
    if settings.oracle is None:
        return True if answer.strip() == instance.reference.strip() else None
    # The oracle may be slow: it is asked only where it can contradict the verdict.
    if verdict.status not in (Status.CORRECT, Status.WRONG):
        return False
    return settings.oracle(answer, instance.payload)


def _dumps(task: Task, instance: Instance, level: int) -> list[Finding]:
    """Check that an echo of the prompt and two answers side by side earn nothing."""
    prompt = render_prompt(instance)
    tag = FORMATS["tag"]
    right, other = tag.render(instance.reference), tag.render(instance.example)
    completions = {
        "the prompt as completion": (prompt, instance.answer_format),
        "no answer, only prose": ("I cannot say.", "tag"),
        "two answers side by side": (f"{right} or {other}", "tag"),
        "two answers side by side, the other way": (f"{other} or {right}", "tag"),
    }
    findings = []
    for name, (completion, form) in completions.items():
        found = FORMATS[form].find(completion)
        if found is not None and found.strip() == instance.reference.strip():
            findings.append(Finding(f"reads the reference out of {name}", level))
        elif found is not None and task.sandboxed is False and task.verify(found, instance.payload).score:
            findings.append(Finding(f"accepts {name}", level))
    return findings
