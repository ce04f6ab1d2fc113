"""What every pool must show before it runs anything: live attacks that fail, and known programs that come out right."""

import marshal
from collections.abc import Callable

from gradarium.sandbox.base import Limits, Outcome, Run

Attempt = Callable[[int, bytes, Limits], Run]
"""Runs kind, payload and limits on the worker under test."""

_PYTHON, _SQLITE = 0, 1

# Each line tries one thing that no run may do; the function returns the names of those that worked.
_ATTACKS = """
import ctypes, os, resource, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
arm = os.uname().machine == "aarch64"

def call(x86, generic, *args):
    if libc.syscall(ctypes.c_long(generic if arm else x86), *args) < 0:
        raise OSError(ctypes.get_errno(), "refused")

def tries():
    yield "inet", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).connect(("192.0.2.1", 9))
    yield "socket", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    yield "fork", lambda: os.fork() or os._exit(0)
    yield "exec", lambda: os.posix_spawn("/bin/sh", ["sh"], {})
    yield "kill", lambda: os.kill(os.getppid() or 1, 0)
    yield "passwd", lambda: open("/etc/passwd").close()
    yield "proc", lambda: open("/proc/1/environ").close()
    yield "proc fd", lambda: os.listdir("/proc/1/fd")
    yield "write", lambda: open(os.__file__, "a").close()
    yield "scratch", lambda: open("/tmp/left", "w").close()
    yield "suite", lambda: __import__("gradarium")
    yield "packages", lambda: __import__("pip")
    yield "unshare", lambda: call(272, 97, 0x10000000)
    yield "ptrace", lambda: call(101, 117, 16, 1, 0, 0)
    yield "io_uring", lambda: call(425, 425, 1, 0)
    yield "bpf", lambda: call(321, 280, 0, 0, 0)
    yield "keyctl", lambda: call(250, 219, 0, -3, 0)
    yield "memfd", lambda: call(319, 279, b"x", 0)
    yield "limits", lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))

def f(x):
    worked = []
    for name, attack in tries():
        try:
            attack()
            worked.append(name)
        except Exception:
            continue
    if set(os.environ) - {"PYTHONHASHSEED", "LC_ALL"}:
        worked.append("environment")
    for fd in range(5, 256):
        try:
            os.fstat(fd)
            worked.append(f"descriptor {fd}")
        except OSError:
            continue
    return worked
"""
_SQL = {"schema": ["CREATE TABLE t (a)"], "rows": {"t": [[7]]}}


def _call(code: str) -> bytes:
    return marshal.dumps(("call", code, "f", [marshal.dumps([1])], []))


def _query(sql: str) -> bytes:
    return marshal.dumps(("query", sql, [_SQL], 100_000, 10, 1000, 32 << 20))


_SOON = Limits(cpu_s=0.1, wall_s=20.0)
_BOUNDED: dict[str, tuple[str, Limits, Outcome]] = {
    "a loop": ("def f(x):\n    while True: pass", _SOON, Outcome.CPU_LIMIT),
    "a sleeper": ("import time\ndef f(x): time.sleep(1e6)", Limits(wall_s=0.1), Outcome.WALL_LIMIT),
    "10 GB": ("def f(x): return len(bytearray(10 ** 10))", Limits(), Outcome.MEM_LIMIT),
    "a flood": ("def f(x):\n    while True: print('x' * 9999)", Limits(output_bytes=50_000), Outcome.OUTPUT_LIMIT),
    "an exit": ("import os\nos._exit(0)", Limits(), Outcome.NO_RESULT),
    "a forged refusal": ('import os\nos.write(4, b\'["!","15","x"]\\n\')\nos._exit(15)', Limits(), Outcome.NO_RESULT),
}


def canaries(attempt: Attempt) -> list[str]:
    """Return what came out wrong of two known programs."""
    faults = []
    good = attempt(_PYTHON, _call("def f(x): return {'n': x + 41}"), Limits())
    if good.outcome is not Outcome.RAN or good.values != ({"n": 42},):
        faults.append(f"a right program: {good.outcome} {good.message}")
    bad = attempt(_PYTHON, _call("def f(x): return x / 0"), Limits())
    if bad.outcome is not Outcome.RUNTIME_ERROR:
        faults.append(f"a failing program: {bad.outcome} {bad.message}")
    return faults


def sql_canaries(attempt: Attempt) -> list[str]:
    """Return what came out wrong of two known queries; apart, since SQL is loaded when it is first asked for."""
    faults = []
    rows = attempt(_SQLITE, _query("SELECT a + 1 FROM t"), Limits())
    if rows.outcome is not Outcome.RAN or rows.values[0]["rows"] != [[8]]:
        faults.append(f"a right query: {rows.outcome} {rows.message}")
    if attempt(_SQLITE, _query("SELECT name FROM sqlite_master"), Limits()).outcome is Outcome.RAN:
        faults.append("a forbidden query ran")
    return faults


def run(attempt: Attempt, isolation: str) -> list[str]:
    """Return what came out wrong, nothing for a sandbox that may be used; attacks count from ``landlock`` on."""
    faults = canaries(attempt)
    for name, (code, limits, outcome) in _BOUNDED.items():
        got = attempt(_PYTHON, _call(code), limits)
        if got.outcome is not outcome:
            faults.append(f"{name}: {got.outcome} {got.message}")
    if isolation != "none":
        got = attempt(_PYTHON, _call(_ATTACKS), Limits(cpu_s=5.0))
        if got.outcome is not Outcome.RAN or got.values != ([],):
            faults.append(f"attacks: {got.outcome} {got.message} {got.values}"[:300])
    return faults
