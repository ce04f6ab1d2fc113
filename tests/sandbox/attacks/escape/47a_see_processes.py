# tries: looks which other processes it may signal
# outcomes: ran
# may_return: ["nobody"]
import os


def f(x):
    for pid in [int("@PID@"), os.getppid(), *range(1, 5000), -1]:
        if pid in (0, os.getpid()):
            continue
        try:
            os.kill(pid, 0)
        except OSError:
            continue
        return f"BREACH: may signal {pid}"
    return "nobody"
