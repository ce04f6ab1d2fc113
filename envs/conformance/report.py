"""What a check is told and what it tells: ``Settings``, ``Finding``, ``Report``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Payload

Oracle = Callable[[str, Payload], bool]
"""``oracle(answer, payload)``: whether the answer is right, by a definition written apart from the verifier."""


RUN_SECONDS = 0.002
"""A verdict of a sandboxed task that is quicker started no run and is not counted as one."""


@dataclass(frozen=True)
class Settings:
    """How much is looked at. The defaults are thorough; ``QUICK`` is for tests that run at every change."""

    instances: int = 20
    """Instances of each level whose verdicts are looked at closely."""
    draws: int = 1000
    """Instances of each level that are drawn for keys."""
    guesses: int = 200
    """Instances of each level that a constant answer is tried on."""
    strings: int = 1000
    """Fuzz strings, shared out over a low, a middle and the top level."""
    runs: int = 300
    """Most verdicts one property asks of a task whose verdicts start a sandbox run."""
    seconds: float = 8.0
    """Longest time one property may draw instances of one level; what was not drawn is said in a note."""
    quick: bool = False
    """Drop hopeless candidates early, and compare with one fresh process instead of two."""
    oracle: Oracle | None = None
    """Decides about mutants that the verifier calls correct; without it they are counted only."""


QUICK = Settings(instances=4, draws=120, guesses=100, strings=1000, runs=40, seconds=0.1, quick=True)


@dataclass(frozen=True)
class Finding:
    """One sentence about a task: a fault, or a note that does not fail the property."""

    message: str
    level: int | None = None
    note: bool = False

    def __str__(self) -> str:
        return self.message if self.level is None else f"level {self.level}: {self.message}"


@dataclass(frozen=True)
class Report:
    """All findings of one task, by property."""

    task: str
    version: int
    findings: Mapping[str, tuple[Finding, ...]]
    seconds: Mapping[str, float]

    @property
    def failed(self) -> list[str]:
        """Names of the properties that do not hold."""
        return [name for name, found in self.findings.items() if faults(found)]

    @property
    def passed(self) -> bool:
        """True if every property holds."""
        return not self.failed

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "task": self.task,
            "version": self.version,
            "passed": self.passed,
            "properties": {
                name: {
                    "passed": not faults(found),
                    "faults": [str(f) for f in faults(found)],
                    "notes": [str(f) for f in found if f.note],
                    "seconds": round(self.seconds[name], 3),
                }
                for name, found in self.findings.items()
            },
        }


def faults(findings: tuple[Finding, ...] | list[Finding]) -> list[Finding]:
    """Return the findings that fail a property."""
    return [finding for finding in findings if not finding.note]


def shorten(text: str, most: int = 60) -> str:
    """Return ``repr(text)`` cut to about ``most`` characters, for messages."""
    return repr(text) if len(text) <= most else f"{text[:most]!r}... ({len(text)} characters)"
