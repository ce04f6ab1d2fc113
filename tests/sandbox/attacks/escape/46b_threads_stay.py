# tries: returns while threads of it go on and hold the process open
# outcomes: ran
# may_return: [1, 2]
# limits: {"wall_s": 15.0}
import ctypes
import threading
import time


def f(x):
    ctypes.CDLL(None).prctl(15, b"@NAME@", 0, 0, 0)
    for _ in range(2):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return x
