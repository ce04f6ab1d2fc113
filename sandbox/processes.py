"""The subprocess sandbox: each run in a fresh, confined interpreter that nothing outlives (Linux only)."""

import json
import marshal
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from gradarium.errors import UnknownName
from gradarium.sandbox import spawning
from gradarium.sandbox.base import MESSAGE_CHARS, Database, Limits, Outcome, Run, SandboxUnavailable
from gradarium.sandbox.spawning import Ending, SandboxFault
from gradarium.sandbox.values import BadFrame, decode_failure, decode_frames

_NAMESPACES, _PRIVATE_ROOT, _DROP_USER = 1, 2, 4  # as in child_confine.py
_STATUSES = {
    10: Outcome.RUNTIME_ERROR,
    11: Outcome.SYNTAX_ERROR,
    12: Outcome.MALFORMED,
    13: Outcome.MEM_LIMIT,
    14: Outcome.NO_RESULT,
    15: Outcome.NOT_JUDGED,
    16: Outcome.CPU_LIMIT,
    17: Outcome.OUTPUT_LIMIT,
}
_MAX_CODE, _MAX_PAYLOAD, _MAX_INPUTS = 500_000, 64_000_000, 10_000
_DEFAULT = Limits()
_OVERLOAD = 0.25
"""Share of the wall limit a run must have spent queueing before its end by the clock is not its own fault."""

_SELF_TEST = """
import bisect, os, socket

def f(x):
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        link.connect(("192.0.2.1", 9))
        network = True
    except OSError:
        network = False
    try:
        import gradarium
        package = True
    except ImportError:
        package = False
    return {"answer": x + 1, "network": network, "package": package, "uid": os.getuid(), "first": os.getpid() == 1,
            "names": sorted(os.listdir("/")), "environment": sorted(os.environ)}
"""


class ProcessSandbox:
    """Runs in fresh interpreters, confined by resource limits and, where the kernel allows, by namespaces.

    Offered everywhere it starts: CPU, clock, memory, file and output limits; an empty environment and no descriptor of
    ours; no installed package on the import path; what a run leaves behind is ended. Where namespaces can be had, also:
    no network, no sight of other processes, a read-only root that holds the interpreter's library and nothing else of
    ours, a bounded scratch folder, a user of its own. ``capabilities()`` says which of these this machine gives.

    Not offered: a filter of system calls, so the whole kernel can be called; protection against faults of the kernel.
    Nor, where ``files_hidden`` is False, hiding of files (``/etc/passwd``, say); nor, where ``processes_hidden`` and
    ``unprivileged`` are both False or the run has our own user, safety from its signals.
    """

    name = "processes"
    isolation = "process"

    def __init__(self, require: Sequence[str] = (), slots: int | None = None) -> None:
        """Make a sandbox that runs at most ``slots`` (default: the processors) at a time.

        ``require`` names capabilities that must hold, ``["network_blocked"]`` say. Raises ``SandboxUnavailable``
        where one does not or where the machine is not a Linux; the other checks come with the first run.
        """
        if not sys.platform.startswith("linux"):
            raise SandboxUnavailable(f"the sandbox 'processes' needs Linux, this is {sys.platform}: use a container")
        if not sys.executable:
            raise SandboxUnavailable("the sandbox needs to know its interpreter: sys.executable is empty")
        self._slots_count = slots or len(os.sched_getaffinity(0))
        self._slots = threading.BoundedSemaphore(self._slots_count)
        self._lock = threading.Lock()
        self._programs: tuple[int, int] | None = None
        self._powers = 0
        self._capabilities: dict[str, Any] | None = None
        self._closed = False
        if require:
            have = self.capabilities()
            for name in require:
                if name not in have:
                    raise UnknownName("capability", name, have)
                if not have[name]:
                    raise SandboxUnavailable(f"{name} is required and cannot be had here: {have['reasons']}")

    def call(self, code: str, entry: str, inputs: Sequence[Sequence[Any]], limits: Limits = _DEFAULT) -> Run:
        """Run ``code``, then ``entry(*args)`` for each ``args`` of ``inputs``; see ``SandboxBackend``.

        The code runs under another name than ``__main__``; what it prints is thrown away.
        """
        if len(code) > _MAX_CODE:
            return self._run_of(Outcome.SYNTAX_ERROR, f"the code is over {_MAX_CODE} characters")
        return self._guarded(0, lambda: (str(code), str(entry), spawning.pack(inputs)), len(inputs), limits)

    def query(self, sql: str, databases: Sequence[Database], limits: Limits = _DEFAULT) -> Run:
        """Run one SELECT against each database in one run of a process; see ``SandboxBackend``.

        Functions are those of ``child_sql.FUNCTIONS``. A query that no database can be asked for its text is
        ``SYNTAX_ERROR``, every other refusal or failure of SQLite is ``RUNTIME_ERROR`` with its message.
        """
        if len(sql) > _MAX_CODE:
            return self._run_of(Outcome.SYNTAX_ERROR, f"the query is over {_MAX_CODE} characters")
        heap = min(64, limits.memory_mb // 2) << 20

        def parts() -> tuple[Any, ...]:
            plain = [json.loads(json.dumps({**database})) for database in databases]
            return sql, plain, limits.steps, limits.rows, limits.output_bytes, heap

        return self._guarded(1, parts, len(databases), limits)

    def capabilities(self) -> dict[str, Any]:
        """Return what holds on this machine, found by a self-test at first use; raises ``SandboxUnavailable``."""
        with self._lock:
            if self._closed:
                raise SandboxUnavailable("the sandbox is closed")
            if self._capabilities is None:
                self._programs = self._programs or (
                    spawning.program("child_python.py"),
                    spawning.program("child_sql.py"),
                )
                self._capabilities = self._probe(self._programs[0])
            return dict(self._capabilities)

    def close(self) -> None:
        """Wait for the runs under way and give everything back."""
        for _ in range(self._slots_count):
            self._slots.acquire()
        with self._lock:
            programs, self._programs, self._closed = self._programs, None, True
            for fd in programs or ():
                os.close(fd)
        for _ in range(self._slots_count):
            self._slots.release()

    def _run_of(self, outcome: Outcome, message: str = "", ending: Ending | None = None) -> Run:
        cpu, wall = (ending.cpu_s, ending.wall_s) if ending else (0.0, 0.0)
        return Run(outcome, (), message[:MESSAGE_CHARS], cpu, wall, self.name, self.isolation)

    def _guarded(self, kind: int, parts: Callable[[], tuple[Any, ...]], count: int, limits: Limits) -> Run:
        """Run, once more if the sandbox itself failed, and give that up as NOT_JUDGED."""
        if not 0 < count <= _MAX_INPUTS:
            return self._run_of(Outcome.NOT_JUDGED, f"{count} inputs: there must be 1 to {_MAX_INPUTS}")
        try:
            payload = marshal.dumps(parts())
            if len(payload) > _MAX_PAYLOAD:
                raise SandboxFault(f"the inputs take over {_MAX_PAYLOAD} bytes")
        except (SandboxFault, TypeError, ValueError, RecursionError) as error:
            return self._run_of(Outcome.NOT_JUDGED, str(error))
        message = ""
        for attempt in range(2):
            try:
                self.capabilities()
                with self._slots:
                    if self._programs is None:
                        raise SandboxFault("the sandbox is closed")
                    return self._attempt(self._programs[kind], payload, count, limits, self._powers)
            except (SandboxFault, SandboxUnavailable) as fault:
                message = str(fault)
                time.sleep(0.05 * (1 - attempt))
        return self._run_of(Outcome.NOT_JUDGED, message)

    def _attempt(self, program: int, payload: bytes, count: int, limits: Limits, powers: int) -> Run:
        ending = spawning.run(program, payload, powers, limits, limits.output_bytes + 16 * count + 2000)
        return self._judge(ending, count, limits, powers)

    def _judge(self, ending: Ending, count: int, limits: Limits, powers: int) -> Run:
        """Classify a run by what the kernel reports; the run's own words only say why it failed."""
        if not ending.reported:
            if powers & _NAMESPACES:  # out of the run's reach, so it was the machine
                raise SandboxFault("the keeper of the run was killed")
            return self._run_of(Outcome.TAMPER, "the keeper of the run was killed", ending)
        if ending.cause == "output":
            return self._run_of(Outcome.OUTPUT_LIMIT, f"over {limits.output_bytes} bytes of output", ending)
        number = os.WTERMSIG(ending.status) if os.WIFSIGNALED(ending.status) else 0
        if ending.cpu_s > limits.cpu_s:
            return self._run_of(Outcome.CPU_LIMIT, f"over {limits.cpu_s:g} s of processor time", ending)
        if ending.cause == "wall":
            if ending.queued_s > _OVERLOAD * limits.wall_seconds and ending.cpu_s < 0.5 * limits.cpu_s:
                raise SandboxFault(f"the machine is overloaded: {ending.queued_s:.1f} s without a processor")
            return self._run_of(Outcome.WALL_LIMIT, f"over {limits.wall_seconds:g} s", ending)
        if number:
            if number == signal.SIGKILL and ending.peak_bytes > 0.8 * (limits.memory_mb << 20):
                return self._run_of(Outcome.MEM_LIMIT, f"over {limits.memory_mb} MB", ending)
            outcome = Outcome.TAMPER if number == signal.SIGSYS else Outcome.SIGNALED
            return self._run_of(outcome, f"ended by signal {number}", ending)
        return self._read(ending, count)

    def _read(self, ending: Ending, count: int) -> Run:
        status = os.WEXITSTATUS(ending.status)
        if status:
            told = decode_failure(ending.result)
            if told is None or told[0] != str(status) or status not in _STATUSES:
                return self._run_of(Outcome.NO_RESULT, f"it ended early with status {status}", ending)
            if _STATUSES[status] is Outcome.NOT_JUDGED:
                raise SandboxFault(told[1])
            return self._run_of(_STATUSES[status], told[1], ending)
        if not ending.result.endswith(b"END\n"):
            return self._run_of(Outcome.NO_RESULT, "it ended before it had answered", ending)
        try:
            values = decode_frames(ending.result, count)
        except BadFrame as error:
            return self._run_of(Outcome.MALFORMED, str(error), ending)
        return Run(Outcome.RAN, values, "", ending.cpu_s, ending.wall_s, self.name, self.isolation)

    def _probe(self, program: int) -> dict[str, Any]:
        """Take the most that works here, and prove it by a good and a bad program."""
        reasons: list[str] = []
        drop = _DROP_USER if os.geteuid() == 0 else 0
        ladder = [drop | _NAMESPACES | _PRIVATE_ROOT, drop | _NAMESPACES, drop, 0]
        limits = Limits(cpu_s=5.0, wall_s=60.0)
        for powers in dict.fromkeys(ladder):
            try:
                good = self._attempt(program, marshal.dumps((_SELF_TEST, "f", spawning.pack([[1]]))), 1, limits, powers)
                bad = self._attempt(program, marshal.dumps(("f = 1 / 0", "f", spawning.pack([[1]]))), 1, limits, powers)
            except SandboxFault as fault:
                reasons.append(str(fault))
                continue
            facts = good.values[0] if good.outcome is Outcome.RAN else {}
            broken = facts.get("answer") != 2 or bad.outcome is not Outcome.RUNTIME_ERROR or facts["package"]
            inside = bool(powers & _NAMESPACES)
            if broken or (inside and facts["network"]) or facts["first"] != inside:
                reasons.append(f"self-test at {powers}: {good.outcome} {good.message}, {bad.outcome} {bad.message}")
                continue
            if powers & _PRIVATE_ROOT and {"home", "proc", "sys", "var"} & set(facts["names"]):
                reasons.append("self-test: files of the machine are visible")
                continue
            self._powers = powers
            return {
                "backend": self.name,
                "isolation": self.isolation,
                "network_blocked": inside,
                "processes_hidden": inside,
                "files_hidden": bool(powers & _PRIVATE_ROOT),
                "scratch_bounded": bool(powers & _PRIVATE_ROOT),
                "unprivileged": facts["uid"] != 0,
                "process_limit": powers != 0,
                "cpu_limit": True,
                "memory_limit": True,
                "system_call_filter": False,
                "slots": self._slots_count,
                "reasons": "; ".join(reasons),
            }
        raise SandboxUnavailable(f"the sandbox failed its self-test: {'; '.join(reasons)[:600]}")
