# tries: forks three hundred sleeping children
# outcomes: ran
# may_return: ["stopped"]
import ctypes
import os
import time


def f(x):
    ctypes.CDLL(None).prctl(15, b"@NAME@", 0, 0, 0)
    made = 0
    for _ in range(300):
        try:
            if os.fork() == 0:
                time.sleep(20)
                os._exit(0)
        except OSError:
            break
        made += 1
    return f"BREACH: {made} children" if made > 32 else "stopped"
