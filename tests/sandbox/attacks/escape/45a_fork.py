# tries: starts processes by every call that does so
# outcomes: ran
# may_return: ["refused"]
import _posixsubprocess
import ctypes
import os
import posix
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
FORK = {"x86_64": (57, 58), "aarch64": ()}.get(os.uname().machine, ())
CLONE = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine)


def spawn():
    os.posix_spawn("/bin/true", ["true"], {})
    return 1


def popen():
    try:
        subprocess.Popen(["/bin/true"])
    except OSError as error:
        if error.filename is None:  # raised on our side: there was no child
            raise
    return 1


def clone():
    return libc.syscall(CLONE, 17, 0, 0, 0, 0)


def fork_by_number():
    return libc.syscall(FORK[0]) if FORK else -1


WAYS = (posix.fork, os.forkpty, libc.fork, clone, fork_by_number, spawn, popen)


def f(x):
    assert callable(_posixsubprocess.fork_exec)
    for way in WAYS:
        try:
            made = way()
        except OSError:
            continue
        made = made[0] if isinstance(made, tuple) else made
        if made == 0:
            os._exit(0)
        if made > 0:
            return f"BREACH: {getattr(way, '__name__', way)} started process {made}"
    return "refused"
