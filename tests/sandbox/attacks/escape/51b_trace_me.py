# tries: asks to be traced by its parent, which may then take a stop for the end
# outcomes: ran, wall_limit, signaled
# may_return: [1, 2]
# limits: {"wall_s": 3.0}
import ctypes
import os
import signal

TRACE = {"x86_64": 101, "aarch64": 117}


def f(x):
    libc = ctypes.CDLL(None)
    if libc.syscall(TRACE.get(os.uname().machine, -1), 0, 0, 0, 0) == 0:
        signal.raise_signal(signal.SIGUSR1)
    return x
