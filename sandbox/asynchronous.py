"""The same calls as coroutines, for programs built on ``asyncio``."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gradarium.sandbox.base import Database, Limits, Run, SandboxBackend

_DEFAULT = Limits()


class AsyncSandbox:
    """A sandbox whose runs are awaited; as many go on at one time as the pool has workers, the others wait in line.

    A run whose task is cancelled goes on to its own limits, and its place is free after that: the limits, not the
    event loop, are what ends a program.

    >>> box = AsyncSandbox(default_sandbox())  # doctest: +SKIP
    >>> await box.call("def f(a, b): return a + b", "f", [[1, 2]])  # doctest: +SKIP
    Run(outcome=<Outcome.RAN: 'ran'>, values=(3,), ...)
    """

    def __init__(self, backend: SandboxBackend, workers: int | None = None) -> None:
        """Wrap a backend; ``workers`` is the number of runs at one time, by default the backend's own."""
        self.backend = backend
        self._threads = ThreadPoolExecutor(workers or getattr(backend, "workers", None), "gradarium-sandbox")

    async def call(self, code: str, entry: str, inputs: Sequence[Sequence[Any]], limits: Limits = _DEFAULT) -> Run:
        """Run ``entry`` of ``code`` for each of ``inputs``; see ``SandboxBackend.call``."""
        return await self._run(lambda: self.backend.call(code, entry, inputs, limits))

    async def script(self, code: str, stdin: str, limits: Limits = _DEFAULT) -> Run:
        """Run a program on ``stdin``; see ``SandboxBackend.script``."""
        return await self._run(lambda: self.backend.script(code, stdin, limits))

    async def operate(
        self, code: str, entry: str, operations: Sequence[Sequence[Any]], limits: Limits = _DEFAULT
    ) -> Run:
        """Run operations on objects of a class; see ``SandboxBackend.operate``."""
        return await self._run(lambda: self.backend.operate(code, entry, operations, limits))

    async def query(
        self, sql: str, databases: Sequence[Database], limits: Limits = _DEFAULT, dialect: str = "sqlite"
    ) -> Run:
        """Run a SELECT; see ``SandboxBackend.query``."""
        return await self._run(lambda: self.backend.query(sql, databases, limits, dialect))

    async def modify(self, sql: str, databases: Sequence[Database], limits: Limits = _DEFAULT) -> Run:
        """Run an INSERT, UPDATE or DELETE; see ``SandboxBackend.modify``."""
        return await self._run(lambda: self.backend.modify(sql, databases, limits))

    async def aclose(self) -> None:
        """Wait for the runs under way; the backend stays open."""
        await asyncio.to_thread(self._threads.shutdown)

    async def __aenter__(self) -> "AsyncSandbox":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _run(self, work: Callable[[], Run]) -> Run:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
