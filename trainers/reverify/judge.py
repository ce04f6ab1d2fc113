"""Judge stored completions again and compare the verdicts."""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from gradarium.core import Verdict
from gradarium.errors import BadFile, UnknownName
from gradarium.trainers.config import SandboxConfig
from gradarium.trainers.reverify.stored import Stored, read_stored
from gradarium.trainers.verdicts import VerdictPool
from gradarium.trainers.whole_file import whole_file
from gradarium.verifiers import load_verifier

BATCH = 1_000
"""Completions that are held at a time."""


@dataclass(frozen=True)
class Change:
    """A verdict that is another one today."""

    where: str
    task: str
    level: int | None
    old: str
    """Status and score as stored."""
    new: str
    reason: str
    """Today's."""
    old_reason: str
    answer: str | None
    """The text that was judged today."""

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return dataclasses.asdict(self)


@dataclass
class Report:
    """Counts, and every change."""

    path: str
    judged: int = 0
    not_judged: int = 0
    """Verdicts that the suite failed to give today (status error or timeout)."""
    by_task: dict[str, list[int]] = field(default_factory=dict)
    """Task -> completions, changed verdicts."""
    changes: list[Change] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {**dataclasses.asdict(self), "changed": len(self.changes)}


def reverify(path: Path, *, out: Path | None = None, workers: int = 2, seconds: float = 10.0) -> Report:
    """Return what changed; with ``out``, write every line with today's verdict, and the old one under ``stored``.

    A verdict has changed where its status or score has; another reason alone is no change. Raises BadFile,
    VerdictsUnavailable, or SandboxUnavailable.
    """
    rows = read_stored(path)
    first = list(islice(rows, BATCH))
    if not first:
        raise BadFile(path, "holds no completions")
    report = Report(str(path))
    with nullcontext() if out is None else whole_file(out) as file, _Judge(workers, seconds) as judge:
        for batch in _batches(chain(first, rows)):
            verdicts = judge.verdicts(batch)
            for stored, verdict in zip(batch, verdicts, strict=True):
                _note(report, stored, verdict)
            if file is not None:
                file.write("".join(_line(*pair) for pair in zip(batch, verdicts, strict=True)).encode())
    return report


class _Judge:
    """A pool of processes; it is made anew, with a sandbox, when the first task that needs one comes."""

    def __init__(self, workers: int, seconds: float) -> None:
        self.workers, self.seconds = workers, seconds
        self.pool: VerdictPool | None = None
        self.sandboxed = False

    def __enter__(self) -> "_Judge":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self.pool is not None:
            self.pool.close()

    def verdicts(self, batch: list[Stored]) -> list[Verdict]:
        """Return today's verdicts."""
        needed = any([_needs_sandbox(stored) for stored in batch])  # all are looked up, for their names
        if self.pool is None or (needed and not self.sandboxed):
            self._close()
            self.sandboxed = needed
            sandbox = SandboxConfig() if needed else None
            self.pool = VerdictPool(self.workers, timeout_s=self.seconds, sandbox=sandbox)
        return self.pool.judge(
            [stored.text for stored in batch],
            [stored.task for stored in batch],
            [stored.payload for stored in batch],
            [stored.answer_format for stored in batch],
        )


def _needs_sandbox(stored: Stored) -> bool:
    try:
        return load_verifier(stored.task).sandboxed
    except UnknownName as error:
        raise BadFile(stored.place, str(error)) from None


def _batches(rows: Iterable[Stored]) -> Iterator[list[Stored]]:
    every = iter(rows)
    while batch := list(islice(every, BATCH)):
        yield batch


def _note(report: Report, stored: Stored, verdict: Verdict) -> None:
    report.judged += 1
    report.not_judged += verdict.reward is None
    counts = report.by_task.setdefault(stored.task, [0, 0])
    counts[0] += 1
    same_status = stored.status in (None, str(verdict.status))
    same_score = not stored.scored or stored.score == verdict.reward
    # Files of verdicts state 0 where the suite failed, files of rewards state none; the status tells.
    if stored.status is not None and same_status and verdict.reward is None:
        same_score = True
    if same_status and same_score:
        return
    counts[1] += 1
    report.changes.append(
        Change(
            where=str(stored.place),
            task=stored.task,
            level=stored.level,
            old=_told(stored.status, stored.score if stored.scored else None),
            new=_told(str(verdict.status), verdict.reward),
            reason=verdict.reason,
            old_reason=str(stored.row.get("reason", "")),
            answer=verdict.answer,
        )
    )


def _told(status: str | None, score: float | None) -> str:
    return " ".join(part for part in (status or "", "" if score is None else f"{score:g}") if part) or "none"


def _line(stored: Stored, verdict: Verdict) -> str:
    fresh = {
        "status": str(verdict.status),
        "score": verdict.reward,
        "reason": verdict.reason,
        "answer": verdict.answer,
    }
    old = {name: stored.row[name] for name in fresh if name in stored.row}
    return json.dumps({**stored.row, **fresh, "stored": old}) + "\n"
