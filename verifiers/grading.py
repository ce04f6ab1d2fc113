"""``grade``: find the answer in a completion and verify it; ``load_verifier``: a task's verifier by name."""

import importlib
import os
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from gradarium.core import Payload, Verdict, Verify
from gradarium.errors import BadValue, UnknownName
from gradarium.verifiers.answers import get_format

GROUP = "gradarium.tasks"
"""Entry-point group of third-party tasks: name = task name, value = ``module:make``."""


class Verifier(NamedTuple):
    """A task's verifier and how its answers are stated."""

    verify: Verify
    answer_format: str
    sandboxed: bool
    """True where a verdict starts a sandbox run (and so costs milliseconds, not microseconds)."""


@cache
def verifier_paths() -> dict[str, str]:
    """Return task name -> module path of every verifier in the suite; found by looking, no list is kept."""
    root = os.path.dirname(__file__)
    found = {}
    for family in sorted(os.listdir(root)):
        if os.path.isfile(os.path.join(root, family, "__init__.py")):
            for file in sorted(os.listdir(os.path.join(root, family))):
                if re.fullmatch(r"[a-z][a-z0-9_]*\.py", file):
                    found[file[:-3]] = f"gradarium.verifiers.{family}.{file[:-3]}"
    return found


@cache
def load_verifier(task: str) -> Verifier:
    """Return the verifier of a task without importing its generator; raises UnknownName.

    A verifier module defines ``verify`` and may set ``ANSWER_FORMAT`` (default "tag") and ``SANDBOXED``.
    Third-party tasks are found through the entry-point group ``gradarium.tasks``.
    """
    paths = verifier_paths()
    if task in paths:
        module = importlib.import_module(paths[task])
        return verifier_of(module.verify)
    from importlib.metadata import entry_points  # here and below: half of the time of the import, seldom needed

    third_party = {point.name: point for point in entry_points(group=GROUP)}
    if task in third_party:
        loaded = third_party[task].load()
        return Verifier(loaded.verify, loaded.answer_format, loaded.sandboxed)
    raise UnknownName("task", task, [*paths, *third_party])


@lru_cache(4096)
def verifier_of(verify: Verify) -> Verifier:
    """Return the verifier record of a function, from the settings of its module."""
    module = importlib.import_module(verify.__module__)
    return Verifier(verify, getattr(module, "ANSWER_FORMAT", "tag"), bool(getattr(module, "SANDBOXED", False)))


def grade(completion: str, task: str | Verify, payload: Payload, answer_format: str | None = None) -> Verdict:
    """Find the answer in ``completion`` and verify it.

    ``task`` is a task name or a ``verify`` function. Raises UnknownName for a task or format that does not exist;
    never raises because of the completion. A verifier that fails gives status ``error``, whose reward is None.

    >>> grade("I think <answer>banana</answer>", "sudoku", {"order": 4, "givens": ["1..."] * 4}).status
    <Status.UNREADABLE: 'unreadable'>
    """
    verifier = load_verifier(task) if isinstance(task, str) else verifier_of(task)
    return _judge(completion, verifier, payload, answer_format)


def _judge(completion: str, verifier: Verifier, payload: Payload, answer_format: str | None) -> Verdict:
    if not isinstance(completion, str):
        return Verdict.error(f"the completion is {type(completion).__name__}, not text")
    found = get_format(answer_format or verifier.answer_format).locate(completion)
    if isinstance(found, Verdict):
        return found
    try:
        said = verifier.verify(found, payload)
        if not isinstance(said, Verdict):
            raise TypeError(f"it returned {type(said).__name__}")
        # Not dataclasses.replace, which takes longer than most verifiers.
        return Verdict(said.score, said.status, said.reason, found, said.parts, said.violations)
    except Exception as error:  # a bug in a verifier must not end a training run; it is reported and masked
        return Verdict.error(f"the verifier failed: {type(error).__name__}: {str(error)[:200]}")


def grade_many(
    completions: Sequence[str],
    tasks: str | Verify | Sequence[str | Verify],
    payloads: Payload | Sequence[Payload],
    answer_format: str | Sequence[str] | None = None,
    workers: int | None = None,
) -> list[Verdict]:
    """Grade a batch: one task, payload and format for all, or one for each completion; the order is kept.

    Equal completions of one payload object are judged once: verifiers are pure. Tasks that need the sandbox are judged
    in ``workers`` threads (default: one for each core); their time is spent in child processes. Raises BadValue when
    the lengths differ.
    """
    n = len(completions)
    every_task: Sequence[str | Verify] = _spread("tasks", tasks, n)
    every_payload: Sequence[Payload] = _spread("payloads", payloads, n)
    verifiers = [load_verifier(t) if isinstance(t, str) else verifier_of(t) for t in every_task]
    formats: Sequence[str | None] = _spread("answer_format", answer_format, n)
    jobs = list(zip(completions, verifiers, every_payload, formats, strict=True))
    same = [(t if isinstance(t, str) else id(t), verifier, id(payload), form) for t, verifier, payload, form in jobs]
    first = dict(zip(same, jobs, strict=True))
    if any(v.sandboxed for v in verifiers):
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
            verdicts = list(pool.map(lambda job: _judge(*job), first.values()))
    else:
        verdicts = [_judge(*job) for job in first.values()]
    judged = dict(zip(first, verdicts, strict=True))
    return [judged[key] for key in same]


def _spread(name: str, value: Any, n: int) -> Sequence[Any]:
    if isinstance(value, list | tuple):
        if len(value) != n:
            raise BadValue(name, f"{len(value)} items", f"there are {n} completions; pass one, or one for each")
        return value
    return [value] * n
