# tries: runs a program from a file in memory
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
EXECVEAT = {"x86_64": 322, "aarch64": 281}


def f(x):
    try:
        fd = os.memfd_create("program", 0)
    except OSError:
        return "refused"
    os.write(fd, b"#!/bin/sh\necho x > @MARKER@\n")
    os.fchmod(fd, 0o755)
    libc.prctl(15, b"@NAME@", 0, 0, 0)
    for path in (f"/proc/self/fd/{fd}", f"/dev/fd/{fd}"):
        try:
            os.execve(path, ["program"], {})
        except OSError:
            continue
    empty = (ctypes.c_char_p * 1)(None)
    libc.syscall(EXECVEAT.get(os.uname().machine, -1), fd, b"", empty, empty, 0x1000)
    try:
        os.execve(fd, ["program"], {})
    except OSError:
        return "BREACH: made a file in memory that no limit counts"
