# tries: kills its parent, its group and everybody
# outcomes: ran, signaled
# may_return: [1, 2]
import os
import time


def f(x):
    for pid in (os.getppid(), int("@PID@"), -1, 0, -os.getpgrp()):
        try:
            os.kill(pid, 9)
        except OSError:
            continue
    time.sleep(0.1)
    return x
