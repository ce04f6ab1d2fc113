"""What a comparison found."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Pair:
    """A row of B and the row of A that it has most in common with."""

    why: str
    """Leaks: ``key``, the same problem; ``overlap``, its n-grams. To be looked at: ``order``, the same words in another
    order; ``near``, its n-grams, but both keys are proved and differ."""
    b: str
    """Where it stands, as ``file:line``."""
    a: str
    task: str
    level: int | None
    overlap: float
    """Share of the own n-grams of the row in B that stand in the row in A; 1 for ``key`` and ``order``."""


@dataclass
class Side:
    """One of the two files."""

    path: str
    rows: int = 0
    keys: int = 0
    """Rows whose key was computed from the payload."""
    trusted: int = 0
    """Rows whose key was taken as it stands: the task is not installed, or there is no payload."""
    wrong: int = 0
    """Rows in which another key stands than the one of their payload, which was used."""


@dataclass
class Report:
    """Numbers of rows of B, and the worst pairs."""

    a: Side
    b: Side
    n: int
    threshold: float
    key: int = 0
    """Rows whose problem is in A."""
    overlap: int = 0
    """Other rows with at least ``threshold`` of their own n-grams in one row of A."""
    order: int = 0
    """Other rows with the same words as one of A in another order, where one of both has no proved key; no leaks, since
    many puzzles pose other problems with the same words."""
    near: int = 0
    """Other rows with such an overlap, proved to be other problems; no leaks."""
    touched: int = 0
    """Rows with any own n-gram in a row of A."""
    unmeasured: int = 0
    """Rows without n-grams of their own: no text, or nothing but what their task's prompts share."""
    by_task: dict[str, int] = field(default_factory=dict)
    """Leaks of each task that has any."""
    worst: list[Pair] = field(default_factory=list)

    @property
    def leaks(self) -> int:
        """Rows of B that are in A."""
        return self.key + self.overlap

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; ``share`` is that of the leaks among the rows of B."""
        return {"leaks": self.leaks, "share": self.leaks / self.b.rows, **asdict(self)}
