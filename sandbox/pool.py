"""The pool: a few confined workers, one run at a time on each, shared by all threads of a process."""

import atexit
import json
import marshal
import os
import re
import secrets
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn, Protocol

from gradarium.errors import BadValue
from gradarium.sandbox import selftest
from gradarium.sandbox.base import MESSAGE_CHARS, Database, Limits, Outcome, Run, SandboxUnavailable
from gradarium.sandbox.endings import judge
from gradarium.sandbox.inside.drive import Ending, Job, SandboxFault, WorkerLost, WorkerRefused
from gradarium.sandbox.inside.files import MODULES

MAX_CODE, MAX_INPUT_BYTES, MAX_INPUTS = 500_000, 64_000_000, 10_000
_PYTHON, _SQLITE, _DUCKDB = 0, 1, 2
_KINDS = {"sqlite": _SQLITE, "duckdb": _DUCKDB}
_DEFAULT = Limits()
_BITS = {name: bit for bit, name in enumerate(MODULES)}
_NAMES = re.compile(r"\b(?:" + "|".join(MODULES) + r")\b", re.ASCII)


class Worker(Protocol):
    """One place to run: a process of this machine, or one in a container."""

    facts: dict[str, Any]

    def run(self, job: Job) -> Ending:
        """Run a job; raises ``SandboxFault``, or ``WorkerLost`` where only a new worker can do better."""
        ...

    def abandon(self) -> None:
        """Forget the worker in a forked copy of its owner."""
        ...

    def close(self) -> None:
        """End it, in the middle of a job too."""
        ...


class _Place:
    """A worker and what it has done."""

    def __init__(self, worker: Worker) -> None:
        self.worker, self.runs = worker, 0


class Pool:
    """A ``SandboxBackend`` of workers that are started when first needed and replaced when worn or lost.

    A caller waits while all workers are busy; that time is not counted. A run that the sandbox itself failed is tried
    once more, then it is ``NOT_JUDGED``. Before the first run, attacks and known programs are tried on the very worker;
    one surprise and nothing is ever run. Two known programs are tried again every ``canary_every`` runs.

    Use ``make_sandbox`` to get one.
    """

    def __init__(
        self,
        name: str,
        isolation: str,
        start: Callable[[list[int]], Worker],
        *,
        workers: int | None = None,
        recycle_after: int = 2000,
        canary_every: int = 1000,
        scratch: bool = False,
        packages: Sequence[str] = (),
    ) -> None:
        """Make a pool; nothing is started yet.

        Args:
            name: What runs call it.
            isolation: One of ``LEVELS``.
            start: Starts one worker, given the decoys; raises ``WorkerRefused``.
            workers: How many run at one time; default: the processors of this process.
            recycle_after: Runs after which a worker is replaced.
            canary_every: Runs after which two known programs are tried.
            scratch: Whether its runs can have a folder to write in.
            packages: Installed distributions that the runs can import.
        """
        for label, value in (("workers", workers), ("recycle_after", recycle_after), ("canary_every", canary_every)):
            if value is not None and (type(value) is not int or value < 1):
                raise BadValue(label, value, "must be a whole number of at least 1")
        self.name, self.isolation, self.packages = name, isolation, tuple(packages)
        self.workers = workers or len(os.sched_getaffinity(0))
        self._start_worker, self._scratch = start, scratch
        self._recycle_after, self._canary_every = recycle_after, canary_every
        self._decoy_values = [secrets.randbelow(9 * 10**14) + 10**14 for _ in range(4)]
        self._decoys = frozenset(self._decoy_values)
        self._reset()
        _pools.add(self)

    def _reset(self) -> None:
        self._failure = ""
        self._lock, self._slots = threading.Lock(), threading.BoundedSemaphore(self.workers)
        self._idle: list[_Place] = []
        self._busy: set[_Place] = set()
        self._facts: dict[str, Any] | None = None
        self._runs = 0
        self._sql_lock, self._sql_tested = threading.Lock(), False

    def call(self, code: str, entry: str, inputs: Sequence[Sequence[Any]], limits: Limits = _DEFAULT) -> Run:
        """Run ``code``, then ``entry(*args)`` for each ``args`` of ``inputs``; see ``SandboxBackend``.

        The code runs under another name than ``__main__``; what it prints is thrown away. Raises ``BadValue`` for
        inputs that are no plain data or take over 64 MB.
        """
        payload = self._payload("call", code, entry, _pack("inputs", inputs), self._decoy_values)
        return self._guarded(_PYTHON, code, payload, len(inputs), limits)

    def operate(self, code: str, entry: str, operations: Sequence[Sequence[Any]], limits: Limits = _DEFAULT) -> Run:
        """Run operations on objects of the class ``entry``; see ``SandboxBackend``. Raises ``BadValue`` as ``call``."""
        for operation in operations:
            new = len(operation) == 2 and operation[0] == "new"
            if not new and not (len(operation) == 3 and operation[0] == "call" and type(operation[1]) is str):
                raise BadValue("operation", operation, 'must be ["new", args] or ["call", method, args]')
        payload = self._payload("operate", code, entry, _pack("operations", operations), self._decoy_values)
        return self._guarded(_PYTHON, code, payload, len(operations), limits)

    def script(self, code: str, stdin: str, limits: Limits = _DEFAULT) -> Run:
        """Run ``code`` as a program on ``stdin``; see ``SandboxBackend``. Raises ``BadValue`` for over 64 MB."""
        try:
            data = stdin.encode("utf-8", "surrogateescape")
        except (UnicodeEncodeError, AttributeError):
            raise BadValue("stdin", repr(stdin)[:50], "must be text that UTF-8 can hold") from None
        if len(data) > MAX_INPUT_BYTES:
            raise BadValue("stdin", f"{len(data)} bytes", f"over the cap of {MAX_INPUT_BYTES}: send less")
        return self._guarded(_PYTHON, code, self._payload("script", code), 1, limits, data)

    def query(self, sql: str, databases: Sequence[Database], limits: Limits = _DEFAULT, dialect: str = "sqlite") -> Run:
        """Run one SELECT against each database in one process; see ``SandboxBackend``.

        Functions are those of ``inside/sql.py``. What is no single SELECT is ``SYNTAX_ERROR``, every other refusal or
        failure of the engine ``RUNTIME_ERROR`` with its message. ``dialect="duckdb"`` needs a pool with the package.
        """
        if dialect not in _KINDS:
            raise BadValue("dialect", dialect, f"must be one of {', '.join(_KINDS)}")
        if dialect == "duckdb" and "duckdb" not in self.packages:
            raise BadValue("dialect", dialect, "this pool has no DuckDB: make_sandbox(packages=['duckdb'])")
        return self._sql(_KINDS[dialect], "query", sql, databases, limits)

    def modify(self, sql: str, databases: Sequence[Database], limits: Limits = _DEFAULT) -> Run:
        """Run one INSERT, UPDATE or DELETE on each database; see ``SandboxBackend``."""
        return self._sql(_SQLITE, "modify", sql, databases, limits)

    def start(self) -> None:
        """Start a worker and try the self-test on it, once; raises ``SandboxUnavailable``."""
        with self._lock:
            if self._failure:
                raise SandboxUnavailable(self._failure)
            if self._facts is None:
                self._first()

    def capabilities(self) -> dict[str, Any]:
        """Return what holds for runs here, found by the self-test; raises ``SandboxUnavailable``."""
        self.start()
        fenced = self.isolation != "none"
        return {
            "backend": self.name,
            "isolation": self.isolation,
            "workers": self.workers,
            "scratch": self._scratch,
            "packages": list(self.packages),
            "network_blocked": fenced,
            "files_hidden": fenced,
            "processes_hidden": self.isolation in ("namespaces", "container", "gvisor"),
            "system_call_filter": fenced,
            "unprivileged": (self._facts or {}).get("uid") != 0,
            **(self._facts or {}),
        }

    def close(self) -> None:
        """End all workers, the busy ones at the end of their run; a later call is ``NOT_JUDGED``."""
        with self._lock:
            self._failure = self._failure or "the sandbox is closed"
        for _ in range(self.workers):
            self._slots.acquire()
        self._drop_idle()
        for _ in range(self.workers):
            self._slots.release()
        _pools.discard(self)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _after_fork(self) -> None:
        """Start anew in a forked copy: the workers are the original's, and so may be a lock that is held for ever."""
        for place in [*self._idle, *self._busy]:
            place.worker.abandon()
        self._reset()

    def _drop_idle(self) -> None:
        while self._idle:
            self._idle.pop().worker.close()

    def _first(self) -> None:
        """Start the first worker and put it to the test; the lock is held."""
        try:
            place = _Place(self._start_worker(self._decoy_values))
        except WorkerRefused as refusal:
            raise SandboxUnavailable(f"the sandbox {self.name!r} cannot be had here: {refusal}") from None
        try:
            faults = selftest.run(self._tester(place), self.isolation)
        except SandboxFault as fault:
            faults = [str(fault)]
        if faults:
            place.worker.close()
            self._failure = f"the sandbox {self.name!r} failed its self-test: {'; '.join(faults)}"[:600]
            raise SandboxUnavailable(self._failure)
        self._idle.append(place)
        self._facts = place.worker.facts

    def _start_sql(self) -> None:
        """Try the known queries before the first one of a caller; raises ``SandboxFault``."""
        with self._sql_lock:
            if self._sql_tested:
                return
            with self._slots:
                place = self._take()
                try:
                    faults = selftest.sql_canaries(self._tester(place))
                except BaseException:
                    self._give_back(place, True)
                    raise
                self._give_back(place, False)
            if faults:
                self._fail(f"failed its self-test: {'; '.join(faults)}")
            self._sql_tested = True

    def _fail(self, why: str) -> NoReturn:
        """Never run anything again."""
        with self._lock:
            self._failure = f"the sandbox {self.name!r} {why}"[:600]
        raise SandboxFault(self._failure)

    def _payload(self, mode: str, code: str, *rest: object) -> bytes:
        if type(code) is not str:
            raise BadValue("code", f"a {type(code).__name__}", "must be text: decode it as UTF-8 first")
        parts: tuple[Any, ...] = (mode, code, *rest)
        return marshal.dumps(parts) if len(code) <= MAX_CODE else b""

    def _sql(self, kind: int, mode: str, sql: str, databases: Sequence[Database], limits: Limits) -> Run:
        heap = min(32, limits.memory_mb // 2) << 20
        try:
            plain = [
                json.loads(json.dumps({**database})) if "image" not in database else {**database}
                for database in databases
            ]
            payload = self._payload(mode, sql, plain, limits.steps, limits.rows, limits.output_bytes, heap)
        except BadValue:  # of the code, and a ValueError too
            raise
        except (TypeError, ValueError) as error:
            raise BadValue("databases", "?", f"must be plain JSON: {error}") from None
        if len(payload) > MAX_INPUT_BYTES:
            raise BadValue("databases", f"{len(payload)} bytes", f"over the cap of {MAX_INPUT_BYTES}: send fewer rows")
        return self._guarded(kind, sql, payload, len(databases), limits)

    def _guarded(
        self, kind: int, code: str, payload: bytes, count: int, limits: Limits, stdin: bytes | None = None
    ) -> Run:
        """Run, once more if the sandbox itself failed, and give that up as NOT_JUDGED."""
        if len(code) > MAX_CODE:
            return self._signed(Run(Outcome.SYNTAX_ERROR, (), f"over {MAX_CODE} characters"))
        if limits.scratch_bytes and not self._scratch:
            raise BadValue(
                "limits.scratch_bytes",
                limits.scratch_bytes,
                f"the sandbox {self.name!r} has no folder to write in: use 'namespaces'",
            )
        if not 0 < count <= MAX_INPUTS:
            return self._signed(Run(Outcome.NOT_JUDGED, (), f"{count} inputs: there must be 1 to {MAX_INPUTS}"))
        job = _job(kind, code, payload, count, limits, stdin)
        message = ""
        for attempt in range(2):
            try:
                self.start()
                if kind != _PYTHON:
                    self._start_sql()
                with self._slots:
                    return self._signed(self._placed(job, count, limits))
            except (SandboxFault, SandboxUnavailable) as fault:
                message = str(fault)
                time.sleep(0.05 * (1 - attempt))
        return self._signed(Run(Outcome.NOT_JUDGED, (), message[:MESSAGE_CHARS]))

    def _signed(self, run: Run) -> Run:
        return replace(run, backend=self.name, isolation=self.isolation)

    def _placed(self, job: Job, count: int, limits: Limits) -> Run:
        """Run on an idle worker, or on a new one."""
        place = self._take()
        try:
            run = self._attempt(place, job, count, limits)
            place.runs += 1
            worn = place.runs >= self._recycle_after or run.outcome is Outcome.TAMPER
        except WorkerLost:
            worn = True
            raise
        except SandboxFault:
            worn = False
            raise
        except BaseException:  # an interrupt: the worker may still be at it
            worn = True
            raise
        finally:
            self._give_back(place, worn)
        return run

    def _take(self) -> _Place:
        with self._lock:
            if self._failure:
                raise SandboxFault(self._failure)
            self._runs += 1
            canary = self._runs % self._canary_every == 0
            place = self._idle.pop() if self._idle else None
            if place:
                self._busy.add(place)
        if place is None:
            place = _Place(self._start_worker(self._decoy_values))
            with self._lock:
                self._busy.add(place)
        if canary:
            try:
                self._try_canaries(place)
            except BaseException:
                self._give_back(place, True)
                raise
        return place

    def _try_canaries(self, place: _Place) -> None:
        """Run what is known to be right and to be wrong; raises, and closes the pool, if either comes out otherwise."""
        faults = selftest.canaries(self._tester(place))
        faults += selftest.sql_canaries(self._tester(place)) if self._sql_tested else []
        if faults:
            self._fail(f"failed a check while running: {'; '.join(faults)}")

    def _give_back(self, place: _Place, worn: bool) -> None:
        with self._lock:
            self._busy.discard(place)
            keep = not worn and not self._failure
            if keep:
                self._idle.append(place)
        if not keep:
            place.worker.close()

    def _tester(self, place: _Place) -> selftest.Attempt:
        """Return what the self-test runs its programs with, on one certain worker."""
        return lambda kind, payload, limits: self._attempt(place, _job(kind, "", payload, 1, limits, None), 1, limits)

    def _attempt(self, place: _Place, job: Job, count: int, limits: Limits) -> Run:
        ending = place.worker.run(job)
        return judge(ending, count, limits, sql=job.kind != _PYTHON, script=job.keep_output, decoys=self._decoys)


def _job(kind: int, code: str, payload: bytes, count: int, limits: Limits, stdin: bytes | None) -> Job:
    return Job(
        kind,
        payload,
        stdin or b"",
        limits.cpu_s,
        limits.wall_seconds,
        limits.memory_mb << 20,
        limits.processes + 3,
        limits.scratch_bytes,
        limits.output_bytes + 16 * count + 2000,
        limits.output_bytes,
        stdin is not None,
        sum(1 << _BITS[name] for name in set(_NAMES.findall(code))) if kind == _PYTHON else 0,
    )


def _pack(name: str, items: Sequence[Sequence[Any]]) -> list[bytes]:
    """Return each list of arguments as bytes of its own; raises ``BadValue`` for what is no plain data."""
    try:
        packed = [marshal.dumps(list(item)) for item in items]
    except (ValueError, TypeError) as error:
        raise BadValue(name, "?", f"must be plain data, None to dict: {error}") from None
    size = sum(map(len, packed))
    if size > MAX_INPUT_BYTES:
        raise BadValue(name, f"{size} bytes", f"over the cap of {MAX_INPUT_BYTES}: send fewer or smaller ones")
    return packed


_pools: "weakref.WeakSet[Pool]" = weakref.WeakSet()


def _close_all() -> None:
    for pool in list(_pools):
        pool._drop_idle()


def _forget_all() -> None:
    for pool in list(_pools):
        pool._after_fork()


atexit.register(_close_all)
os.register_at_fork(after_in_child=_forget_all)
