# tries: leaves a detached process behind that ignores the death of its parents
# outcomes: ran
# may_return: [1, 2]
import ctypes
import os
import signal
import time


def f(x):
    try:
        if os.fork():
            time.sleep(0.2)
            return x
    except OSError:
        return x
    os.setsid()
    if os.fork():
        os._exit(0)
    libc = ctypes.CDLL(None)
    libc.prctl(15, b"@NAME@", 0, 0, 0)
    libc.prctl(1, 0, 0, 0, 0)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    os.closerange(0, 64)
    time.sleep(30)
    os._exit(0)
