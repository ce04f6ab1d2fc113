"""One worker process for verdicts: its end in the trainer (``Worker``), and what it does itself (``serve``)."""

import functools
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gradarium.core import Payload, Status, Verdict, Verify
from gradarium.errors import GradariumError
from gradarium.sandbox import use_sandbox
from gradarium.verifiers import grade

_START_S, _STOP_S = 120.0, 5.0
_TICK_S = 0.1
_FLUSH_S = 0.05
_Packed = tuple[float, str, str, str | None, dict[str, float], tuple[str, ...]]
_processes = threading.Lock()
"""Held to start a process or wait for one: multiprocessing looks after all children at each start."""


class VerdictsUnavailable(GradariumError):
    """No worker can judge: none can be started, or the pool is closed."""


class Settings(NamedTuple):
    """What a worker is told at its start."""

    parent: int
    memory_mb: int
    sandbox: dict[str, Any] | None


class Ending(NamedTuple):
    """Why a worker did not finish a chunk."""

    at: int
    """Position of the verdict that it was at."""
    reason: str
    slow: bool
    """True where it was killed for being slow, False where it died."""


class Closing(Exception):
    """The pool is being closed."""


class Worker:
    """This process's end of one worker; for one thread, since the kernel ends the worker with the one that made it."""

    def __init__(self, settings: Settings, stop_asked: Callable[[], bool]) -> None:
        """Start it; raises VerdictsUnavailable where it does not become ready, Closing where that is in vain."""
        context = multiprocessing.get_context("spawn")
        self._stop_asked = stop_asked
        self._idle = False
        self.judged = 0
        self._connection, theirs = context.Pipe()
        self._begun, begins = context.Pipe(duplex=False)
        os.set_blocking(self._begun.fileno(), False)
        self._process = context.Process(target=serve, args=(theirs, begins, settings), name="verdicts", daemon=True)
        try:
            with _processes:
                self._process.start()
            theirs.close()
            begins.close()
            self._greet()
        except BaseException:
            self.stop()
            raise

    def _greet(self) -> None:
        deadline = time.monotonic() + _START_S
        while not self._connection.poll(_TICK_S):
            if self._stop_asked():
                raise Closing
            if time.monotonic() > deadline:
                raise VerdictsUnavailable(f"it is not ready after {_START_S:g} s")
        try:
            refusal = self._connection.recv_bytes().decode()
        except (EOFError, OSError):
            raise VerdictsUnavailable(
                f"it ended before it was ready, {self._end()}: its errors are above; a script that makes a pool needs "
                "'if __name__ == \"__main__\":' around what it does, or workers = 0"
            ) from None
        if refusal:
            raise VerdictsUnavailable(refusal)
        self._idle = True

    def judge(self, message: bytes, limits: Sequence[float]) -> tuple[list[Verdict], Ending | None]:
        """Return the verdicts of a chunk, and why they are not all if the worker has ended or is to be stopped."""
        done: list[Verdict] = []
        begun, since = 0, time.monotonic()
        self._idle = False
        try:
            self._connection.send_bytes(message)
            while len(done) < len(limits):
                limit = limits[max(begun, 1) - 1]
                if self._connection.poll(min(_TICK_S, limit / 20)):
                    packed: list[_Packed] = pickle.loads(self._connection.recv_bytes())
                    done += [Verdict(p[0], Status(p[1]), p[2], p[3], p[4], p[5]) for p in packed]
                    continue
                if self._stop_asked():
                    raise Closing
                # Looked at only after a while without an answer: the limit is never cut short, at most a tick longer.
                now, more = time.monotonic(), self._newly_begun()
                if more:
                    begun, since = begun + more, now
                elif now - since > limit:
                    self._kill()
                    at = max(len(done), begun - 1)
                    return done, Ending(at, f"no verdict within {limit:g} s", slow=True)
        except (EOFError, OSError):
            begun += self._newly_begun()
            at = min(max(len(done), begun - 1), len(limits) - 1)
            return done, Ending(at, f"the verifier's process ended, {self._end()}", slow=False)
        self._newly_begun()
        self.judged += len(done)
        self._idle = True
        return done, None

    def _newly_begun(self) -> int:
        """Return how many verdicts the worker began since the last call."""
        try:
            return len(os.read(self._begun.fileno(), 1 << 16))
        except BlockingIOError:
            return 0

    def _kill(self) -> None:
        with _processes:
            self._process.kill()
            self._process.join()

    def _end(self) -> str:
        """Return how the process ended; one that closed its pipe and lives on is killed."""
        with _processes:
            self._process.join(_STOP_S)
        if self._process.is_alive():
            self._kill()
        code = self._process.exitcode
        return f"signal {-code} ({signal.strsignal(-code)})" if code is not None and code < 0 else f"exit status {code}"

    def stop(self) -> None:
        """End the worker: one that waits ends by itself and closes its sandbox, one that judges is killed."""
        self._connection.close()
        self._begun.close()
        if self._process.pid is None:
            return
        if self._idle:
            with _processes:
                self._process.join(_STOP_S)
        if self._process.is_alive():
            self._kill()


# From here on: what a worker does.


def serve(connection: Any, begins: Any, settings: Settings) -> None:
    """Judge chunks until the pool closes its end; the body of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the trainer's to handle
    if sys.platform.startswith("linux"):
        from gradarium.sandbox.inside.system import end_with_parent

        end_with_parent()
    if os.getppid() != settings.parent:
        return
    try:
        if settings.sandbox is not None:
            use_sandbox(**settings.sandbox)
    except GradariumError as error:
        connection.send_bytes(str(error).encode())
        return
    _limit_memory(settings.memory_mb)
    try:
        connection.send_bytes(b"")
        while True:
            _serve_chunk(connection, begins.fileno(), pickle.loads(connection.recv_bytes()))
    except (EOFError, OSError):  # the pool is closed
        return


def _limit_memory(megabytes: int) -> None:
    """Set the soft limit only: a sandbox that is started later sets higher ones for its runs."""
    if megabytes:
        import resource

        ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = megabytes << 20
        resource.setrlimit(
            resource.RLIMIT_AS, (limit if ceiling == resource.RLIM_INFINITY else min(limit, ceiling), ceiling)
        )


def _serve_chunk(connection: Any, begins: int, jobs: list[tuple[str, str | bytes, Payload, str | None]]) -> None:
    """Send the verdicts of a chunk; not all at its end where it takes long, so that a death loses little."""
    packed: list[_Packed] = []
    sent = time.monotonic()
    for n, job in enumerate(jobs, 1):
        os.write(begins, b".")
        packed.append(_judge(*job))
        if n == len(jobs) or time.monotonic() - sent > _FLUSH_S:
            connection.send_bytes(pickle.dumps(packed, pickle.HIGHEST_PROTOCOL))
            packed, sent = [], time.monotonic()


def _judge(text: str, task: str | bytes, payload: Payload, answer_format: str | None) -> _Packed:
    try:
        verify = task if isinstance(task, str) else _load(task)
    except Exception as error:
        return _failed("cannot be loaded in a worker", error)
    try:
        return _pack(grade(text, verify, payload, answer_format))
    except BaseException as error:  # SystemExit too: only a real crash ends a worker
        return _failed("failed", error)


@functools.cache
def _load(task: bytes) -> Verify:
    verify: Verify = pickle.loads(task)
    return verify


def _failed(how: str, error: BaseException) -> _Packed:
    return _pack(Verdict.error(f"the verifier {how}: {type(error).__name__}: {str(error)[:200]}"))


def _pack(v: Verdict) -> _Packed:
    """Return a verdict as plain data: a tenth of the time of pickling it, and nothing to import at the other end."""
    parts = {str(name): float(part) for name, part in v.parts.items()}
    return float(v.score), Status(v.status).value, str(v.reason), v.answer, parts, tuple(map(str, v.violations))
