# tries: lets a copy of itself answer and end well while the first one hangs
# outcomes: ran, wall_limit
# may_return: ["refused"]
# limits: {"wall_s": 3.0}
import ctypes
import os
import time


def f(x):
    try:
        if os.fork():
            time.sleep(30)
    except OSError:
        return "refused"
    ctypes.CDLL(None).prctl(15, b"@NAME@", 0, 0, 0)
    return x
