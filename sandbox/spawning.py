"""Start one confined interpreter, drain it, end it at its limits, and tell what the kernel says became of it."""

import marshal
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gradarium.sandbox.base import Limits

_BOOT = """import sys, os, marshal
fd, arguments = int(sys.argv[1]), sys.argv[2:]
del sys.argv[1:]
parts = []
for code in marshal.loads(os.pread(fd, os.fstat(fd).st_size, 0)):
    parts.append({"__name__": "inside"})
    exec(code, parts[-1])
values, runner, confine = parts
confine["main"](arguments, lambda p, f: runner["answer"](p, f, values["encode"], values["Malformed"]))
"""
_ENVIRONMENT = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
_START_S, _END_S = 60.0, 20.0
_CHUNK = 1 << 16


class SandboxFault(Exception):  # becomes NOT_JUDGED
    """The sandbox itself failed: nothing can be said about the answer."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known about a run that is over."""

    cause: Literal["", "wall", "output"]
    """Why the parent ended it, if it did."""
    reported: bool
    """False where the keeper died without a report."""
    status: int
    """Wait status of the run, by the kernel."""
    cpu_s: float
    wall_s: float
    peak_bytes: int
    queued_s: float
    """Seconds it was ready and had no processor, where the parent ended it."""
    result: bytes


def sealed(data: bytes) -> int:
    """Return a descriptor of an anonymous file that nobody can change; the caller closes it."""
    import fcntl

    fd = os.memfd_create("gradarium", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
    except BaseException:
        os.close(fd)
        raise
    return fd


def program(runner: str) -> int:
    """Return a descriptor of the compiled child: values, ``runner`` and confinement, each a stand-alone file."""
    codes = []
    for name in ("child_values.py", runner, "child_confine.py"):
        path = Path(__file__).with_name(name)
        codes.append(compile(path.read_text(encoding="utf-8"), name, "exec", dont_inherit=True))
    return sealed(marshal.dumps(codes))


def run(program_fd: int, payload: bytes, powers: int, limits: Limits, result_cap: int) -> Ending:
    """Run one payload to its end; raises ``SandboxFault`` when it never started, leaves nothing behind."""
    owned: list[int] = []
    scratch = ""
    try:
        scratch = tempfile.mkdtemp(prefix="gradarium-")
        owned.append(sealed(payload))
        for _ in range(4):
            owned += os.pipe()
        return _watch(program_fd, owned, scratch, powers, limits, result_cap)
    except OSError as error:  # no descriptor, process or space left
        raise SandboxFault(f"cannot start a run: {error}") from error
    finally:
        for fd in owned:
            if fd >= 0:
                os.close(fd)
        if scratch:
            _remove(scratch)


def _watch(program_fd: int, owned: list[int], scratch: str, powers: int, limits: Limits, result_cap: int) -> Ending:
    payload, noise_r, noise_w, result_r, result_w, status_r, status_w, control_r, control_w = owned
    passed = [program_fd, payload, result_w, status_w, control_r]
    processes = limits.processes + 2 if powers else 0  # without a user of its own the limit would count all of ours
    numbers = [*passed, powers, limits.memory_mb << 20, processes, limits.file_bytes, limits.cpu_s, os.getpid()]
    child = subprocess.Popen(
        [sys.executable, "-s", "-S", "-P", "-B", "-c", _BOOT, *map(str, numbers)],
        env=_ENVIRONMENT,
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=noise_w,
        stderr=noise_w,
        pass_fds=passed,
        start_new_session=True,
    )

    def close(*fds: int) -> None:
        for fd in fds:
            owned[owned.index(fd)] = -1
            os.close(fd)

    def end_run() -> None:
        try:
            os.write(control_w, b"x")  # to close it is not enough: a forked copy of us may hold it open
        except BrokenPipeError:
            pass
        close(control_w)

    texts = {noise_r: bytearray(), result_r: bytearray(), status_r: bytearray()}
    cause: Literal["", "wall", "output"] = ""
    begun = time.monotonic()
    try:
        close(payload, noise_w, result_w, status_w, control_r)
        watch = select.poll()
        for fd in texts:
            os.set_blocking(fd, False)
            watch.register(fd, select.POLLIN)
        started, noise, deadline = 0.0, 0, begun + _START_S
        while True:
            for fd, _ in watch.poll(max(0.0, deadline - time.monotonic()) * 1000 + 1):
                chunk = _read(fd)
                if not chunk:
                    watch.unregister(fd)
                    if fd == status_r:
                        break
                if fd == noise_r:
                    noise += len(chunk)
                    chunk = chunk[: max(0, 2000 - len(texts[fd]))] if not started else b""
                texts[fd] += chunk[: max(0, result_cap + 1 - len(texts[fd]))]
            else:
                now = time.monotonic()
                if not started and texts[status_r].startswith(b"start\n"):
                    started, deadline = now, now + limits.wall_seconds
                flood = noise > limits.output_bytes or len(texts[result_r]) > result_cap
                if control_w in owned and (flood or now >= deadline):
                    cause, deadline = "output" if flood else "wall", now + _END_S
                    end_run()
                elif now >= deadline:
                    break
                continue
            break
        while len(texts[result_r]) <= result_cap and (chunk := _read(result_r)):
            texts[result_r] += chunk
    finally:
        if control_w in owned:
            end_run()
        _reap(child, status_r, texts[status_r])
    ended = time.monotonic()
    report = bytes(texts[status_r]).split(b"\n")
    if report[0] != b"start":
        why = report[0] or bytes(texts[noise_r]).strip().rpartition(b"\n")[2] or b"it died before the start"
        raise SandboxFault(f"the run was not set up: {why[:250].decode('utf-8', 'replace')}")
    if len(texts[result_r]) > result_cap and not cause:
        cause = "output"
    result, wall = bytes(texts[result_r]), ended - started
    if len(report) < 2 or not report[1].startswith(b"end "):
        return Ending(cause, False, 0, 0.0, wall, 0, 0.0, result)
    code, cpu, peak, queued = report[1].split()[1:]
    return Ending(cause, True, int(code), float(cpu), wall, int(peak) << 10, float(queued), result)


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, _CHUNK)
    except BlockingIOError:
        return b""


def _reap(child: "subprocess.Popen[bytes]", status_r: int, report: bytearray) -> None:
    """Wait for the keeper, which ends the run itself once its control pipe is closed; kill it only if it hangs."""
    watch = select.poll()
    watch.register(status_r, select.POLLIN)
    deadline = time.monotonic() + _END_S
    while (left := deadline - time.monotonic()) > 0:
        if watch.poll(left * 1000):
            chunk = _read(status_r)
            if not chunk:
                break
            report += chunk[: max(0, 4096 - len(report))]
    else:
        for end in (os.killpg, os.kill):
            try:
                end(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    child.wait()


def _remove(scratch: str) -> None:
    try:
        os.rmdir(scratch)
    except OSError:  # not empty: there was no private root
        for place, folders, _ in os.walk(scratch):
            for path in (os.path.join(place, folder) for folder in folders):
                if not os.path.islink(path):
                    os.chmod(path, 0o700)  # the run may have taken away its own right to enter
        shutil.rmtree(scratch, ignore_errors=True)


def pack(inputs: Sequence[Sequence[Any]]) -> list[bytes]:
    """Return each list of arguments as bytes of its own; raises ``SandboxFault`` for what is no plain data."""
    try:
        return [marshal.dumps(list(args)) for args in inputs]
    except (ValueError, TypeError) as error:
        raise SandboxFault(f"the inputs are not plain data: {error}") from None
