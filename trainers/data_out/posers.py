"""Processes that pose: chunks of rows in, encoded chunks out, in order, whatever their number."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from gradarium.errors import GradariumError
from gradarium.trainers.data_out.columns import COLUMNS
from gradarium.trainers.data_out.request import Request

MOST_ROWS = 64
"""Rows in one message of a process."""

_AHEAD = 4
"""Chunks for each process that may wait behind a slow one."""

Encode = Callable[[list[dict[str, Any]]], Any]


class Span(NamedTuple):
    """Rows that are posed together."""

    first: int
    end: int


class PoserDied(GradariumError):
    """A process that poses was killed, or did not start."""


@dataclass(frozen=True)
class Chunks:
    """Rows cut into spans, small enough that all processes have work and the bar moves; none is kept in memory."""

    first: int
    end: int
    workers: int

    def __iter__(self) -> Iterator[Span]:
        for at in self._starts():
            yield Span(at, min(at + self._starts().step, self.end))

    def __len__(self) -> int:
        return len(self._starts())

    def _starts(self) -> range:
        rows = self.end - self.first
        size = 1 if self.workers == 1 else max(1, min(MOST_ROWS, rows // (8 * self.workers)))
        return range(self.first, self.end, size)


def pose_chunks(request: Request, encode: Encode, spans: Iterator[Span], workers: int) -> Iterator[Any]:
    """Yield the encoded rows of every span, in order; the result does not depend on ``workers``.

    One worker is this process. Others are spawned, so they import the program that asks: a script does so under
    ``if __name__ == "__main__":``. They end with this process, however it ends. Raises CannotPose, or PoserDied.
    """
    if workers == 1:
        for span in spans:
            yield _pose(request, encode, span)
        return
    context = multiprocessing.get_context("spawn")
    watched, held = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(workers, context, _start, (watched,))
    try:
        waiting: deque[Future[Any]] = deque()
        for span in islice(spans, _AHEAD * workers):
            waiting.append(_submit(executor, request, encode, span))
        while waiting:
            made = waiting.popleft().result()
            for span in islice(spans, 1):
                waiting.append(_submit(executor, request, encode, span))
            if isinstance(made, _Failed):
                raise GradariumError(made.message)
            yield made
    except BrokenProcessPool:
        raise PoserDied(
            "a process that poses instances died: out of memory, perhaps (take fewer --workers), or it was started by "
            "a script without 'if __name__ == \"__main__\":'"
        ) from None
    finally:
        held.close()
        watched.close()
        executor.shutdown(cancel_futures=True)


def _submit(executor: ProcessPoolExecutor, request: Request, encode: Encode, span: Span) -> Future[Any]:
    try:
        return executor.submit(_pose_there, request, encode, span)
    except OSError as error:  # no more processes, files or memory
        raise PoserDied(f"a process that poses does not start: {error.strerror}; take fewer --workers") from None


class _Failed(NamedTuple):
    """A mistake of the user that a process met; the errors themselves do not all survive pickling."""

    message: str


def _start(watched: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    threading.Thread(target=_end_with, args=(watched,), daemon=True).start()


def _end_with(watched: Connection) -> None:
    """End this process when the other end of the pipe is closed, by will or because its process died."""
    try:
        watched.recv_bytes()
    except (EOFError, OSError):
        os._exit(0)


def _pose_there(request: Request, encode: Encode, span: Span) -> Any:
    try:
        return _pose(request, encode, span)
    except GradariumError as error:
        return _Failed(str(error))


def _pose(request: Request, encode: Encode, span: Span) -> Any:
    row_of = COLUMNS[request.columns]
    return encode([row_of(request.pose(row), request.style) for row in range(*span)])
