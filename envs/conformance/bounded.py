"""Bounded: any text gets a verdict, soon, without an exception, also in a thread, and the payload stays as it was."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from gradarium.core import Payload, Status, Verdict, canonical_json, derive_seed
from gradarium.envs.conformance.fuzz import BOMBS, strings
from gradarium.envs.conformance.report import RUN_SECONDS, Finding, Settings, shorten
from gradarium.envs.conformance.samples import samples
from gradarium.generators.task import Task

P99_SECONDS = 0.05
MAX_SECONDS = 1.0
MAX_REASON = 1000
_TRIES = 3
"""A slow verdict is repeated and the fastest counts, so that a busy machine raises no false alarm."""


def bounded(task: Task, settings: Settings) -> list[Finding]:
    """Judge bombs and fuzz strings at a low, a middle and the top level."""
    findings: list[Finding] = []
    top = len(task.levels) - 1
    levels = sorted({0, top // 2, top})
    judged = 0
    for level in levels:
        instance = samples(task).get(level, 1)[0]
        before = canonical_json(instance.payload)
        rng = random.Random(derive_seed("fuzz", instance.key))
        texts = strings(instance.reference, rng, max(settings.strings // len(levels), 2 * len(BOMBS)))
        if task.sandboxed:
            rng.shuffle(texts)
        slow = runs = 0
        for text in texts:
            if task.sandboxed and runs >= settings.runs // len(levels):
                break
            seconds, problem = _judge(task, text, instance.payload)
            judged += 1
            runs += seconds > RUN_SECONDS
            slow += seconds > P99_SECONDS
            if problem:
                findings.append(Finding(f"on {shorten(text)} {problem}", level))
            elif seconds > MAX_SECONDS and not task.sandboxed:
                findings.append(Finding(f"on {shorten(text)} it took {seconds:.2f} s, over {MAX_SECONDS:g} s", level))
            if slow > 0.01 * len(texts) and not task.sandboxed:
                findings.append(Finding(f"{slow} of {len(texts)} verdicts take over 50 ms; 1 % may", level))
                return findings
            if len(findings) >= 5:
                return findings
        if canonical_json(instance.payload) != before:
            findings.append(Finding("verify changes the payload", level))
        few = texts[:: max(1, len(texts) // (4 if task.sandboxed else 60))]
        with ThreadPoolExecutor(1) as pool:
            verdicts = pool.map(_judge, [task] * len(few), few, [instance.payload] * len(few))
            for text, (_, problem) in zip(few, verdicts, strict=True):
                if problem:
                    findings.append(Finding(f"in a thread, on {shorten(text)} {problem}", level))
    if task.sandboxed:
        findings.append(Finding(f"sandboxed: {judged} strings, no limit on the time of a verdict", note=True))
    return findings


def _judge(task: Task, text: str, payload: Payload) -> tuple[float, str]:
    """Return the seconds a verdict took and what is wrong with it ("" if nothing)."""
    seconds = float("inf")
    for _ in range(_TRIES):
        start = time.perf_counter()
        try:
            verdict = task.verify(text, payload)
        except Exception as error:
            return 0.0, f"it raises {type(error).__name__}: {str(error)[:100]}"
        seconds = min(seconds, time.perf_counter() - start)
        if seconds <= P99_SECONDS or task.sandboxed:
            break
    return seconds, _malformed(verdict)


def _malformed(verdict: Verdict) -> str:
    if not isinstance(verdict, Verdict):
        return f"it returns {type(verdict).__name__}, not a Verdict"
    if verdict.status in (Status.ERROR, Status.TIMEOUT):
        return f"it returns {verdict.status}: {verdict.reason[:100]}"
    if verdict.score != (1.0 if verdict.status is Status.CORRECT else 0.0):
        return f"it scores {verdict.score} with status {verdict.status}"
    if not all(0.0 <= share <= 1.0 for share in verdict.parts.values()):
        return f"its parts are not between 0 and 1: {dict(verdict.parts)}"
    if not verdict.reason or len(verdict.reason) > MAX_REASON:
        return f"its reason has {len(verdict.reason)} characters; 1 to {MAX_REASON} are right"
    return ""
