"""The sandbox that some tasks need, started once and said in every record."""

import dataclasses
from collections.abc import Iterable

from gradarium.sandbox import use_sandbox
from gradarium.trainers.config import SandboxConfig
from gradarium.verifiers import load_verifier


def isolate(tasks: Iterable[str], asked: SandboxConfig) -> tuple[dict[str, str], SandboxConfig | None]:
    """Start the sandbox that the tasks need, if any.

    Returns what every reward record says of it, and the settings with which the judging processes get the very same
    kind. Raises SandboxUnavailable where it cannot be had; it is never silently weaker than asked for.
    """
    if not any(load_verifier(task).sandboxed for task in tasks):
        return {}, None
    backend = use_sandbox(
        asked.tier,
        min_isolation=asked.min_isolation,
        workers=asked.workers or None,
        allow_unsafe=asked.allow_unsafe,
    )
    found = {"sandbox": backend.name, "isolation": backend.isolation}
    return found, dataclasses.replace(asked, tier=backend.name, min_isolation=backend.isolation)
