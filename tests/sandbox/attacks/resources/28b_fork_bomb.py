# tries: forks without end, in every child too
# outcomes: cpu_limit, wall_limit, mem_limit
# limits: {"wall_s": 10.0}
import ctypes
import os


def f(x):
    ctypes.CDLL(None).prctl(15, b"@NAME@", 0, 0, 0)
    while True:
        try:
            os.fork()
        except OSError:
            continue
