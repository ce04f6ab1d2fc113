"""The client's end of one worker: start it, give it jobs, drain what comes back (stand-alone).

It runs in the process that judges, and in the sandbox's container, where nothing else of the suite is at hand.
"""

import marshal
import os
import select
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Literal, NamedTuple

from gradarium.sandbox.inside import files

PARTS = ("system", "files", "seccomp", "landlock", "namespaces", "values", "python", "zygote")
"""Files of this folder that a worker is made of, in the order in which they import each other."""
LATER = ("sql", "duckdb_sql")
"""Files that it is given too, and runs when they are first needed."""

_BOOT = """import sys, os, marshal
control, fd = int(sys.argv[1]), int(sys.argv[2])
del sys.argv[1:]
parts, settings = marshal.loads(os.pread(fd, os.fstat(fd).st_size, 0))
package = type(sys)("gradarium.sandbox.inside")
sys.modules[package.__name__] = package
names, later = [package.__name__], {}
for name, code, now in parts:
    code = compile(code, name, "exec", dont_inherit=True) if type(code) is str else code
    if not now:
        later[name] = code
        continue
    names.append("gradarium.sandbox.inside." + name)
    module = type(sys)(names[-1])
    sys.modules[names[-1]] = module
    setattr(package, name, module)
    exec(code, module.__dict__)
for name in names:
    del sys.modules[name]
module.main(control, settings, later)
"""
_ENVIRONMENT = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
_JOB = struct.Struct("<IBddQQQI")
_END = struct.Struct("<IiBdddQ")
_START_S, _GRACE_S = 60.0, 20.0
_CHUNK, _SHORT_MS = 1 << 16, 5
_CPU, _WALL, _ORDERED = 1, 2, 3
_codes: dict[str, Any] = {}


class SandboxFault(Exception):  # becomes NOT_JUDGED
    """The sandbox itself failed: nothing can be said about the answer."""


class WorkerLost(SandboxFault):
    """The worker is gone or does not answer; a new one may do better."""


class WorkerRefused(SandboxFault):
    """The worker could not confine itself on this machine."""


class Job(NamedTuple):
    """One run: what to do, and what it may use."""

    kind: int
    """0 Python, 1 SQLite, 2 DuckDB."""
    payload: bytes
    stdin: bytes
    cpu_s: float
    wall_s: float
    memory: int
    threads: int
    scratch: int
    result_cap: int
    output_cap: int
    keep_output: bool
    """Whether the standard output is wanted; else it is counted and thrown away."""
    modules: int = 0
    """Bits of ``files.MODULES`` that the worker shall have imported before."""


class Ending(NamedTuple):
    """What is known about a run that is over: all but the three texts by the kernel's word."""

    cause: Literal["", "cpu", "wall", "output"]
    """Why the sandbox ended it, if it did."""
    status: int
    """Wait status."""
    cpu_s: float
    wall_s: float
    queued_s: float
    """Seconds it was ready and had no processor, where it was ended by the clock."""
    peak_bytes: int
    result: bytes
    output: bytes


def memory_file(data: bytes) -> int:
    """Return a descriptor of an anonymous file; the caller closes it."""
    fd = os.memfd_create("gradarium", os.MFD_CLOEXEC)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
    except BaseException:
        os.close(fd)
        raise
    return fd


def _program(settings: bytes, compiled: bool) -> bytes:
    """Return the worker's files, compiled for an interpreter like ours or as text for another, and its settings."""
    parts: list[tuple[str, Any, bool]] = []
    for name in (*LATER, *PARTS):
        text = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        if compiled and name not in _codes:
            _codes[name] = compile(text, f"{name}.py", "exec", dont_inherit=True)
        parts.append((name, _codes[name] if compiled else text, name in PARTS))
    return marshal.dumps((parts, settings))


class Zygote:
    """A worker process; one job at a time, not to be used from two threads at once."""

    def __init__(self, tier: str, packages: list[str], decoys: list[int], python: str = "") -> None:
        """Start a worker; raises ``WorkerRefused`` where the machine lacks what the tier needs."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        self.facts: dict[str, Any] = {}
        self._serial = 0
        program = -1
        try:
            paths = files.of_packages(packages)
            program = memory_file(
                _program(
                    marshal.dumps((tier, os.getpid(), packages, paths, decoys)),
                    python in ("", sys.executable),
                )
            )
            self._null = os.open(os.devnull, os.O_RDONLY)
            numbers = [theirs.fileno(), program]
            self._process = subprocess.Popen(
                [python or sys.executable, "-s", "-S", "-P", "-B", "-c", _BOOT, *map(str, numbers)],
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=numbers,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            ours.close()
            raise WorkerRefused(f"the worker cannot start: {error}") from error
        finally:
            theirs.close()
            if program >= 0:
                os.close(program)
        self._greet()

    def _greet(self) -> None:
        import json

        self._control.settimeout(_START_S)
        try:
            word, _, text = self._control.recv(4096).partition(b" ")
        except (OSError, TimeoutError):
            word, text = b"", b""
        if word == b"ready":
            parts = json.loads(text)
            self.facts = dict(zip(parts[::2], parts[1::2], strict=True))
            self._control.settimeout(None)
            return
        self.close()
        raise WorkerRefused(text.decode("utf-8", "replace") if text else "the worker ended before it was ready")

    def run(self, job: Job) -> Ending:
        """Run a job to its end; raises ``WorkerLost`` or ``SandboxFault``, and then nothing is known."""
        owned: list[int] = []
        try:
            owned.append(memory_file(job.payload))
            result_r, result_w = _pipe(owned)
            output_r, output_w = _pipe(owned)
            error_r, error_w = _pipe(owned) if job.keep_output else (-1, output_w)
            stdin = memory_file(job.stdin) if job.stdin else self._null
            if job.stdin:
                owned.append(stdin)
                os.lseek(stdin, 0, os.SEEK_SET)
            self._serial += 1
            header = _JOB.pack(
                self._serial, job.kind, job.cpu_s, job.wall_s, job.memory, job.threads, job.scratch, job.modules
            )
            try:
                socket.send_fds(self._control, [header], [stdin, output_w, error_w, owned[0], result_w])
            except ConnectionError:
                raise WorkerLost("the worker is gone") from None
            for fd in dict.fromkeys((result_w, output_w, error_w)):  # else they would never come to an end
                owned.remove(fd)
                os.close(fd)
            return self._drain(job, result_r, output_r, error_r)
        except OSError as error:  # no descriptor, process or memory left
            raise SandboxFault(f"cannot start a run: {error}") from error
        finally:
            for fd in owned:
                os.close(fd)

    def _drain(self, job: Job, result_r: int, output_r: int, error_r: int) -> Ending:
        control = self._control.fileno()
        texts: dict[int, bytearray] = {result_r: bytearray(), output_r: bytearray()}
        caps = {result_r: job.result_cap, output_r: job.output_cap}
        if error_r >= 0:
            texts[error_r], caps[error_r] = bytearray(), job.output_cap
        watch = select.poll()
        watch.register(control, select.POLLIN)
        for fd in texts:
            os.set_blocking(fd, False)
        counts = dict.fromkeys(texts, 0)
        kept = {result_r} | ({output_r} if job.keep_output else set())
        deadline = time.monotonic() + job.wall_s + _GRACE_S
        flooded, report = False, b""

        def take(fd: int) -> bool:
            """Take what is there; return False at the end or where nothing is."""
            try:
                chunk = os.read(fd, _CHUNK)
            except BlockingIOError:
                return False
            counts[fd] += len(chunk)
            if fd in kept:
                texts[fd] += chunk[: max(0, caps[fd] + 1 - len(texts[fd]))]
            return bool(chunk)

        if not watch.poll(
            _SHORT_MS
        ):  # most runs are over by then; to look at their pipes would only wake us more often
            for fd in texts:
                watch.register(fd, select.POLLIN)
        while not report:
            left = deadline - time.monotonic()
            if left <= 0:
                raise WorkerLost("the worker does not answer")
            for fd, _ in watch.poll(left * 1000 + 1):
                if fd == control:
                    try:
                        report = self._control.recv(4096) or b"lost"
                    except ConnectionError:
                        report = b"lost"
                elif not take(fd):
                    watch.unregister(fd)
            if not flooded and any(counts[fd] > caps[fd] for fd in texts):
                flooded = True
                self._order_end()
        word, _, rest = report.partition(b" ")
        if word == b"fault":
            raise WorkerLost(rest.decode("utf-8", "replace"))  # an end may follow: it must not be the next run's
        if word != b"end":
            raise WorkerLost("the worker ended in the middle of a run")
        for fd in texts:  # a copy of the other end may live in a forked process: never wait for the end here
            while counts[fd] <= caps[fd] and take(fd):
                pass
        serial, status, number, cpu_s, wall_s, queued_s, peak = _END.unpack(rest)
        if serial != self._serial:
            raise WorkerLost("the worker speaks of another run")
        over = flooded or any(counts[fd] > caps[fd] for fd in texts)
        causes: dict[int, Literal["cpu", "wall"]] = {_CPU: "cpu", _WALL: "wall"}
        cause: Literal["", "cpu", "wall", "output"] = "output" if over else causes.get(number, "")
        output = bytes(texts[output_r]) if job.keep_output else b""
        return Ending(cause, status, cpu_s, wall_s, queued_s, peak, bytes(texts[result_r]), output)

    def _order_end(self) -> None:
        try:
            self._control.send(b"kill", socket.MSG_NOSIGNAL)
        except ConnectionError:
            return  # gone already: the next read tells

    def abandon(self) -> None:
        """Close our descriptors in a forked copy of the client; the worker is the original's."""
        self._control.close()
        os.close(self._null)
        self._process.returncode = 0  # not our child: there is nothing to wait for

    def close(self) -> None:
        """End the worker, in the middle of a job too, and wait for it."""
        if self._process.returncode is not None:
            return
        self._control.close()
        os.close(self._null)
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _pipe(owned: list[int]) -> tuple[int, int]:
    ends = os.pipe()
    owned += ends
    return ends
