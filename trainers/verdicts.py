"""Verdicts in worker processes: a verifier that hangs, crashes or eats memory costs its own verdict and no other.

A thread of this process keeps one worker: it starts it, hands it a chunk of answers, waits, and kills it when the
verdict it is at takes longer than its limit. The worker says when it begins a verdict, so the guilty one is known.
A worker that died says less (its memory may have been filled by others): the verdict it was at is tried once more,
alone, before it becomes an error. Workers are spawned, never forked: the trainer holds threads.

>>> from gradarium.trainers.verdicts import VerdictPool
>>> with VerdictPool(workers=2, timeout_s=5.0) as pool:  # doctest: +SKIP
...     verdicts = pool.judge(texts, ["sudoku"] * n, payloads, [None] * n)
"""

import atexit
import math
import os
import pickle
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from gradarium.core import Payload, Status, Verdict, Verify
from gradarium.errors import BadValue, GradariumError
from gradarium.trainers.verdict_worker import Closing, Ending, Settings, VerdictsUnavailable, Worker
from gradarium.verifiers import get_format, grade, grade_many, load_verifier
from gradarium.verifiers.grading import verifier_of

if TYPE_CHECKING:
    from gradarium.trainers.config import SandboxConfig

__all__ = ["CHUNK", "VerdictPool", "VerdictsUnavailable"]

CHUNK = 64
"""Most verdicts in one message to a worker; those that need the sandbox are sent one by one."""

_STARTS = 3


class _Job(NamedTuple):
    text: str
    task: str | bytes
    """A task's name, or a pickled reference to a function."""
    payload: Payload
    answer_format: str | None
    limit_s: float


class _Batch:
    """The jobs of one call of ``judge`` and what has become of them."""

    def __init__(self, jobs: list[_Job]) -> None:
        self.jobs, self.verdicts = jobs, [Verdict.error("not judged")] * len(jobs)
        self.open = set(range(len(jobs)))
        self.suspects: set[int] = set()
        """Jobs that a worker was at when it died."""
        self.error: GradariumError | None = None
        self.dropped = False

    def settle(self, at: int, verdict: Verdict) -> None:
        """Note a verdict."""
        self.verdicts[at] = verdict
        self.open.discard(at)


_Piece = tuple[_Batch, list[int]]


class VerdictPool:
    """Judges batches of answers in worker processes, within hard limits; keep one for a whole run.

    Each worker has at most one chunk at a time, and at most two more for each worker wait; a caller who has more to
    judge waits. ``judge`` may be called from several threads. Nothing outlives the pool: workers end with ``close``,
    with the interpreter, and, on Linux, with this process however it is killed; their sandboxes end with them.

    As with every spawned process in Python, a script that makes a pool does so under ``if __name__ == "__main__":``,
    since workers import it.
    """

    def __init__(
        self,
        workers: int,
        *,
        timeout_s: float = 10.0,
        sandbox_timeout_s: float = 180.0,
        memory_mb: int = 8192,
        recycle_after: int = 50_000,
        sandbox: "SandboxConfig | None" = None,
    ) -> None:
        """Start the workers and wait until they are ready.

        Args:
            workers: Processes; 0 judges in this process, through ``grade_many`` and without limits, to debug.
            timeout_s: Seconds by the clock that one verdict may take; then its status is ``timeout``.
            sandbox_timeout_s: The same for tasks that need the sandbox, whose runs have limits of their own.
            memory_mb: Address space of a worker (soft ``RLIMIT_AS``); above it a verifier meets MemoryError, and its
                status is ``error``. 0: no limit.
            recycle_after: Verdicts after which a worker is replaced, against slow leaks.
            sandbox: Each worker starts a sandbox of these settings with one place, or refuses to start. None: none is
                started before a verifier asks for one, which then is the default.

        Raises:
            BadValue: For a value out of its range.
            VerdictsUnavailable: A worker, or its sandbox, does not start; the reason is named.
        """
        for name, value, lowest in (
            ("workers", workers, 0),
            ("memory_mb", memory_mb, 0),
            ("recycle_after", recycle_after, 1),
        ):
            if type(value) is not int or value < lowest:
                raise BadValue(name, value, f"must be a whole number of at least {lowest}")
        for name, seconds in (("timeout_s", timeout_s), ("sandbox_timeout_s", sandbox_timeout_s)):
            if not 0 < seconds < math.inf:
                raise BadValue(name, seconds, "must be above 0 and finite")
        self.workers, self.timeout_s, self.sandbox_timeout_s = workers, timeout_s, sandbox_timeout_s
        self.recycle_after = recycle_after
        places = None
        if sandbox is not None:
            places = {
                "tier": sandbox.tier,
                "min_isolation": sandbox.min_isolation,
                "allow_unsafe": sandbox.allow_unsafe,
                "workers": 1,
            }
        self._settings = Settings(os.getpid(), memory_mb, places)
        self._changed = threading.Condition()
        self._fresh: deque[_Piece] = deque()
        self._again: deque[_Piece] = deque()
        self._counts: Counter[str] = Counter()
        self._ready = 0
        self._failure = ""
        self._closing = False
        self._threads = [
            threading.Thread(target=self._keep_worker, name=f"verdicts-{i}", daemon=True) for i in range(workers)
        ]
        atexit.register(self.close)
        try:
            for thread in self._threads:
                thread.start()
            with self._changed:
                while self._ready < workers:
                    self._check()
                    self._changed.wait()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "VerdictPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def judge(
        self,
        texts: Sequence[str],
        tasks: Sequence[str | Verify],
        payloads: Sequence[Payload],
        formats: Sequence[str | None],
    ) -> list[Verdict]:
        """Return the verdict of each completion, in order; what ``grade_many`` returns, within limits.

        Equal completions of one payload object are judged once. A verdict over its time is ``timeout``, one whose
        process died twice is ``error``; both have the reward None, and no other verdict is touched. An interrupt drops
        what is left; the pool can be used again.

        Args:
            texts: Completions.
            tasks: A task's name, or a function that can be imported by its name, for each.
            payloads: For each; plain data.
            formats: Answer format for each; None is the task's own.

        Raises:
            BadValue: The lengths differ, a function is not importable by name, or a payload cannot be pickled.
            UnknownName: For a task or format that does not exist.
            VerdictsUnavailable: The pool is closed, or no worker can be started any more.
        """
        for name, given in (("tasks", tasks), ("payloads", payloads), ("formats", formats)):
            if len(given) != len(texts):
                raise BadValue(name, f"{len(given)} items", f"there are {len(texts)} completions; pass one for each")
        if self.workers == 0:
            with self._changed:
                self._check()
            every_format: Any = list(formats)  # its annotation leaves out None in a list, which it takes
            verdicts = grade_many(list(texts), list(tasks), list(payloads), every_format)
        else:
            verdicts = self._judge_in_workers(texts, tasks, payloads, formats)
        with self._changed:
            self._counts["verdicts"] += len(verdicts)
            self._counts["timeouts"] += sum(v.status is Status.TIMEOUT for v in verdicts)
            self._counts["errors"] += sum(v.status is Status.ERROR for v in verdicts)
        return verdicts

    def statistics(self) -> dict[str, int]:
        """Return counts since the start: verdicts, timeouts, errors, restarts (after a kill or a death), recycled."""
        with self._changed:
            names = ("verdicts", "timeouts", "errors", "restarts", "recycled")
            return {name: self._counts[name] for name in names}

    def close(self) -> None:
        """End all workers, in the middle of a verdict too; a call of ``judge`` that waits raises."""
        if self._settings.parent != os.getpid():  # a forked copy: threads and workers are the original's
            return
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        atexit.unregister(self.close)

    def _judge_in_workers(
        self,
        texts: Sequence[str],
        tasks: Sequence[str | Verify],
        payloads: Sequence[Payload],
        formats: Sequence[str | None],
    ) -> list[Verdict]:
        if self._settings.parent != os.getpid():
            raise VerdictsUnavailable("the pool of verdict workers was made before this process was forked: make one")
        found: dict[Any, tuple[str | bytes, str, bool]] = {}
        first: dict[Any, int] = {}
        jobs: list[_Job] = []
        alone: list[int] = []
        together: list[int] = []
        unread: dict[int, Verdict] = {}
        same = []
        for text, task, payload, form in zip(texts, tasks, payloads, formats, strict=True):
            name = task if isinstance(task, str) else id(task)
            if name not in found:
                found[name] = _resolve(task)
            sent, usual, sandboxed = found[name]
            # What is no text becomes an error without a worker; it may be neither hashable nor picklable.
            key = (text if isinstance(text, str) else id(text), name, id(payload), form)
            same.append(key)
            if key in first:
                continue
            get_format(form or usual)
            first[key] = len(jobs)
            if isinstance(text, str):
                (alone if sandboxed else together).append(len(jobs))
            else:
                unread[len(jobs)] = grade(text, task, payload, form)
            jobs.append(_Job(text, sent, payload, form, self.sandbox_timeout_s if sandboxed else self.timeout_s))
        batch = _Batch(jobs)
        for at, verdict in unread.items():
            batch.settle(at, verdict)
        size = min(CHUNK, math.ceil(len(together) / (2 * self.workers)))
        self._wait_for(batch, [*_cut(alone, 1), *_cut(together, size)])
        return [batch.verdicts[first[key]] for key in same]

    def _wait_for(self, batch: _Batch, orders: Iterable[list[int]]) -> None:
        """Hand over the jobs as there is room, and wait for all verdicts."""
        with self._changed:
            try:
                for order in orders:
                    while len(self._fresh) >= 2 * self.workers:
                        self._check(batch)
                        self._changed.wait()
                    self._fresh.append((batch, order))
                    self._changed.notify_all()
                while batch.open:
                    self._check(batch)
                    self._changed.wait()
            except BaseException:
                batch.dropped = True
                raise

    def _check(self, batch: _Batch | None = None) -> None:
        if self._failure:
            raise VerdictsUnavailable(self._failure)
        if self._closing:
            raise VerdictsUnavailable("the pool of verdict workers is closed")
        if batch is not None and batch.error is not None:
            raise batch.error

    # From here on: what the threads do.

    def _keep_worker(self) -> None:
        """Keep one worker at work until the pool is closed."""
        worker: Worker | None = None
        try:
            worker = self._start(1)
            with self._changed:
                self._ready += 1
                self._changed.notify_all()
            while (piece := self._take()) is not None:
                if self._judge_piece(worker, *piece):
                    worker.stop()
                    worker = self._start(_STARTS)
        except Closing:
            return
        except BaseException as error:  # whatever it is, callers must not wait for ever
            with self._changed:
                self._failure = str(error) or type(error).__name__
                self._changed.notify_all()
        finally:
            if worker is not None:
                worker.stop()

    def _start(self, tries: int) -> Worker:
        while True:
            try:
                return Worker(self._settings, self._stop_asked)
            except (VerdictsUnavailable, OSError) as error:  # no process or memory left, say: that may pass
                tries -= 1
                if tries == 0:
                    raise VerdictsUnavailable(f"a worker for verdicts does not start: {error}") from error
                time.sleep(0.5)

    def _stop_asked(self) -> bool:
        return self._closing or bool(self._failure)

    def _take(self) -> _Piece | None:
        with self._changed:
            while not self._stop_asked():
                queue = self._again or self._fresh
                if not queue:
                    self._changed.wait()
                    continue
                piece = queue.popleft()
                self._changed.notify_all()
                if not piece[0].dropped:
                    return piece
            return None

    def _judge_piece(self, worker: Worker, batch: _Batch, order: list[int]) -> bool:
        """Judge a piece; return whether the worker must be replaced, which is counted before a caller hears of it."""
        jobs = [batch.jobs[at] for at in order]
        try:
            message = pickle.dumps([job[:4] for job in jobs], pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # pickle raises many types
            with self._changed:
                batch.error = BadValue("payloads", type(error).__name__, f"must be plain data: {str(error)[:200]}")
                batch.dropped = True
                self._changed.notify_all()
            return False
        verdicts, ending = worker.judge(message, [job.limit_s for job in jobs])
        worn = worker.judged >= self.recycle_after
        with self._changed:
            for at, verdict in zip(order, verdicts, strict=False):
                batch.settle(at, verdict)
            if ending is not None:
                self._share_out(batch, order, len(verdicts), ending)
                self._counts["restarts"] += 1
            elif worn:
                self._counts["recycled"] += 1
            self._changed.notify_all()
        return worn or ending is not None

    def _share_out(self, batch: _Batch, order: list[int], done: int, ending: Ending) -> None:
        """Settle or repeat the verdict at which a worker ended, and queue the others anew; the lock is held."""
        guilty = order[ending.at]
        if ending.slow:
            batch.settle(guilty, Verdict.timeout(ending.reason))
        elif guilty in batch.suspects:
            batch.settle(guilty, Verdict.error(ending.reason))
        else:
            batch.suspects.add(guilty)
            self._again.append((batch, [guilty]))
        # In smaller pieces: where one hangs others like it often do, and all workers shall share in them.
        rest = [at for at in order[done:] if at != guilty]
        self._again.extend((batch, piece) for piece in _cut(rest, math.ceil(len(rest) / 4)))


def _resolve(task: str | Verify) -> tuple[str | bytes, str, bool]:
    """Return what a worker is sent for a task, its usual answer format, and whether it needs the sandbox."""
    if isinstance(task, str):
        verifier = load_verifier(task)
        return task, verifier.answer_format, verifier.sandboxed
    try:
        sent = pickle.dumps(task)
    except Exception as error:  # pickle raises many types
        raise BadValue(
            "tasks", task, f"workers cannot import it ({error}): define it at the top level of a module, or workers = 0"
        ) from None
    found = verifier_of(task)
    return sent, found.answer_format, found.sandboxed


def _cut(order: list[int], size: int) -> list[list[int]]:
    return [order[start : start + size] for start in range(0, len(order), max(1, size))]
