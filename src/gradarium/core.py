"""The contract between generators, verifiers, environments and trainers (standard library only)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Literal, get_args

from gradarium.errors import BadValue

Split = Literal["train", "dev", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
Payload = Mapping[str, Any]


class Status(StrEnum):
    """What became of an answer; ``error`` and ``timeout`` are the suite's own failures and never a reward."""

    CORRECT = "correct"
    WRONG = "wrong"
    PARTIAL = "partial"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    TIMEOUT = "timeout"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one answer.

    >>> Verdict.wrong("row 2 holds 4 twice", "row").score
    0.0
    """

    score: float
    """1.0 for a correct answer, else 0.0; partial credit is in ``parts`` only."""
    status: Status
    reason: str = ""
    """The first violated rule in words; never holds a part of the solution that the answer did not."""
    answer: str | None = None
    """The text that was judged."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """Named shares in [0, 1] for opt-in shaping."""
    violations: tuple[str, ...] = ()
    """Short names of the rules that were broken."""

    @property
    def reward(self) -> float | None:
        """The score, or None where the suite itself failed and the sample must be masked."""
        return None if self.status in (Status.ERROR, Status.TIMEOUT) else self.score

    @classmethod
    def correct(cls, **parts: float) -> "Verdict":
        """Return full marks."""
        return cls(1.0, Status.CORRECT, "correct", parts=parts)

    @classmethod
    def wrong(cls, reason: str, *violations: str, **parts: float) -> "Verdict":
        """Return 0 for an answer that was understood and breaks a rule."""
        return cls(0.0, Status.WRONG, reason, violations=violations, parts=parts)

    @classmethod
    def unreadable(cls, reason: str) -> "Verdict":
        """Return 0 for an answer that does not have the asked form."""
        return cls(0.0, Status.UNREADABLE, reason, violations=("form",))

    @classmethod
    def missing(cls, reason: str) -> "Verdict":
        """Return 0 for a completion without an answer."""
        return cls(0.0, Status.MISSING, reason, violations=("missing",))

    @classmethod
    def error(cls, reason: str) -> "Verdict":
        """Return a verdict that is no judgement: reward None."""
        return cls(0.0, Status.ERROR, reason)

    @classmethod
    def timeout(cls, reason: str) -> "Verdict":
        """Return a verdict that is no judgement because the suite's own time ran out: reward None."""
        return cls(0.0, Status.TIMEOUT, reason)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {**asdict(self), "status": str(self.status), "reward": self.reward, "violations": list(self.violations)}


Verify = Callable[[str, Payload], Verdict]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a generator's ``make`` returns: one problem before it has a place in a split."""

    question: str
    """Rules and data; a person can solve it from this text and the answer format alone."""
    payload: dict[str, Any]
    """Everything the verifier needs, JSON only."""
    reference: str
    """One correct answer in the answer format."""
    example: str
    """A well-formed answer to show in the prompt; must not be correct for this instance."""
    brief: str = ""
    """The data alone, without the rules, for small models that know the rules from training."""
    certificate: dict[str, Any] = field(default_factory=dict)
    """What was proved about the instance; ``effort`` is the number the dial of difficulty is tested by."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One posed problem; survives a JSON round trip."""

    task: str
    version: int
    split: Split
    level: int
    index: int
    key: str
    """Hash of the canonical payload: equal problems have equal keys."""
    question: str
    example: str
    brief: str
    payload: dict[str, Any]
    reference: str
    answer_format: str
    certificate: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Instance":
        """Rebuild an instance; raises ``BadValue`` when a field is missing or unknown."""
        names = {f.name for f in fields(cls)}
        wrong = sorted(names ^ set(data))
        if wrong:
            raise BadValue("instance", wrong, "fields missing or unknown; write it with 'gradarium generate'")
        return cls(**data)


class Redraw(Exception):
    """Raised by ``make`` when a draw led nowhere (an unsatisfiable formula, say); the next draw follows."""


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)  # json.dumps makes one each time


def canonical_json(data: object) -> str:
    """Return the one JSON text of ``data``: sorted keys, no spaces, ASCII; raises ValueError on nan and inf."""
    return _ENCODER.encode(data)


def content_key(task: str, canonical_payload: object) -> str:
    """Return the key of an instance: 32 hexadecimal digits of SHA-256 over task name and canonical payload."""
    return hashlib.sha256(f"{task}\0{canonical_json(canonical_payload)}".encode()).hexdigest()[:32]


def split_of(key: str) -> Split:
    """Return the split a key belongs to: 80 % train, 10 % dev, 10 % test."""
    bucket = int(key[:12], 16) % 10
    return "train" if bucket < 8 else "dev" if bucket == 8 else "test"


def derive_seed(*parts: object) -> int:
    """Return a 128-bit seed from a hash of the parts, so that neighbouring indices share nothing."""
    return int.from_bytes(hashlib.sha256(canonical_json([str(p) for p in parts]).encode()).digest()[:16], "big")
