# tries: turns an exception into status 0 by a hook
# outcomes: runtime_error, no_result
import os
import sys
import threading

sys.excepthook = lambda *_: os._exit(0)
sys.unraisablehook = lambda *_: os._exit(0)
threading.excepthook = lambda *_: os._exit(0)


def f(x):
    raise ValueError("not solved")
