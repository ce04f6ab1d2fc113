"""The interface of every sandbox: what goes in, what comes back, and what a backend must offer (standard library only).

Only code and inputs go in. Expected outputs, checkers and references stay with the caller, so an answer that forges
the channel back gains nothing: a forged value still has to equal one it has never seen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from gradarium.errors import BadValue, GradariumError

Database = Mapping[str, Any]
"""``{"schema": ["CREATE TABLE t (a INT)", ...], "rows": {"t": [[1], [2]]}}``: plain JSON."""

LEVELS = ("none", "landlock", "namespaces", "container", "gvisor")
"""Levels of isolation, from the weakest on."""

TIERS = {"namespaces": "namespaces", "landlock": "landlock", "docker": "container", "unsafe": "none"}
"""Names of tiers with the level of isolation that each gives; ``docker`` gives ``gvisor`` with ``runtime="runsc"``."""

MESSAGE_CHARS = 300
"""No message of a run is longer."""


class SandboxUnavailable(GradariumError):
    """The sandbox cannot be had on this machine, or failed its self-test: nothing is run."""


class TrustedRunFailed(GradariumError):
    """A run of the suite's own code in a fresh interpreter failed or took too long."""


class Outcome(StrEnum):
    """What became of a run; ``NOT_JUDGED`` is the sandbox's own fault, all others but ``RAN`` are the answer's."""

    RAN = "ran"
    NO_RESULT = "no_result"
    MALFORMED = "malformed"
    RUNTIME_ERROR = "runtime_error"
    SYNTAX_ERROR = "syntax_error"
    CPU_LIMIT = "cpu_limit"
    WALL_LIMIT = "wall_limit"
    MEM_LIMIT = "mem_limit"
    OUTPUT_LIMIT = "output_limit"
    SIGNALED = "signaled"
    TAMPER = "tamper"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use; raises ``BadValue`` for a value that is zero, negative or not finite.

    >>> Limits(cpu_s=5.0).wall_seconds
    50.0
    """

    cpu_s: float = 2.0
    """Processor seconds of the whole run: the limit that decides, since load does not change it."""
    wall_s: float | None = None
    """Seconds by the clock, against sleepers only; default: the larger of 20 and 10 x ``cpu_s``."""
    memory_mb: int = 512
    """Address space of a process of the run, at least 64."""
    output_bytes: int = 1_000_000
    """Cap on the answer's values, and another of the same size on what it prints."""
    processes: int = 16
    """Processes and threads the run may have at one time."""
    scratch_bytes: int = 0
    """Size of a private folder that the run may write in, its working folder then; 0: it can write nowhere."""
    steps: int = 5_000_000
    """Steps of the SQL machine for each database; the same query always takes the same number."""
    rows: int = 10_000
    """Rows of one SQL result."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if value is None and name == "wall_s":
                continue
            whole = name not in ("cpu_s", "wall_s")
            if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
                raise BadValue(f"limits.{name}", value, "must be a whole number" if whole else "must be a number")
            lowest = 0 if name == "scratch_bytes" else 1e-9
            if not (math.isfinite(value) and lowest <= value <= 2**40):
                reason = "must be 0 or above" if name == "scratch_bytes" else "must be above 0 and finite"
                raise BadValue(f"limits.{name}", value, f"{reason}: leave it out for the default")
        if self.memory_mb < 64:
            raise BadValue("limits.memory_mb", self.memory_mb, "the interpreter itself needs 64")

    @property
    def wall_seconds(self) -> float:
        """The limit by the clock, with its default filled in."""
        return float(self.wall_s) if self.wall_s is not None else max(20.0, 10.0 * self.cpu_s)


@dataclass(frozen=True, slots=True)
class Run:
    """The result of one run."""

    outcome: Outcome
    values: tuple[Any, ...] = ()
    """One value for each input or database where the outcome is ``RAN``, else empty."""
    message: str = ""
    """Why there are no values; exception type and text of the answer's own, safe to show, at most 300 characters."""
    cpu_s: float = 0.0
    """Processor seconds by the kernel's count."""
    wall_s: float = 0.0
    """Seconds by the clock; waiting for a free place is not counted."""
    peak_bytes: int = 0
    """Largest resident memory, by the kernel's count."""
    backend: str = ""
    isolation: str = ""
    """Level of isolation of the backend: one of ``LEVELS``."""


class SandboxBackend(Protocol):
    """A place to run untrusted code; safe to use from many threads at once."""

    name: str
    isolation: str

    def call(self, code: str, entry: str, inputs: Sequence[Sequence[Any]], limits: Limits = ...) -> Run:
        """Run ``code``, then ``entry(*args)`` for each ``args`` of ``inputs``; ``values`` are what came back.

        Values are plain data of exact built-in types: None, bool, int, float, complex, str, bytes, list, tuple, set,
        frozenset and dict. Anything else, a subclass too, is ``MALFORMED``. Never raises on any ``code``.
        """
        ...

    def script(self, code: str, stdin: str, limits: Limits = ...) -> Run:
        """Run ``code`` as a whole program that reads ``stdin``; ``values`` is its standard output, one text."""
        ...

    def operate(self, code: str, entry: str, operations: Sequence[Sequence[Any]], limits: Limits = ...) -> Run:
        """Run ``code``, then operations on objects of its class ``entry``, in order and in one process.

        An operation is ``["new", args]``, which makes the object that later ones are for, or
        ``["call", method, args]``; ``values`` has one entry for each, None for ``new``.
        """
        ...

    def query(self, sql: str, databases: Sequence[Database], limits: Limits = ..., dialect: str = "sqlite") -> Run:
        """Run one SELECT against each database; ``values[i]`` is ``{"columns": [names], "rows": [[cells]]}``."""
        ...

    def modify(self, sql: str, databases: Sequence[Database], limits: Limits = ...) -> Run:
        """Run one INSERT, UPDATE or DELETE on each database.

        ``values[i]`` is ``{"tables": {name: {"columns": [names], "rows": [[cells]]}}}`` of the whole database after it.
        """
        ...

    def capabilities(self) -> dict[str, Any]:
        """Return what the backend really does on this machine; raises ``SandboxUnavailable`` if it cannot run."""
        ...

    def close(self) -> None:
        """Give back what the backend holds; a later call is ``NOT_JUDGED``."""
        ...
