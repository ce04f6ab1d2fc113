# tries: spends the time in children while the first one waits
# outcomes: ran, cpu_limit
# may_return: ["refused"]
# limits: {"wall_s": 30.0}
import ctypes
import os
import time


def f(x):
    ctypes.CDLL(None).prctl(15, b"@NAME@", 0, 0, 0)
    try:
        child = os.fork()
    except OSError:
        return "refused"
    end = time.monotonic() + 40
    while child == 0 and time.monotonic() < end:
        pass
    time.sleep(40)
