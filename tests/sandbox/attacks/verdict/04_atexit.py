# tries: turns a failure into status 0 by a handler at exit
# outcomes: no_result
import atexit
import os

atexit.register(lambda: os._exit(0))


def f(x):
    raise SystemExit(1)
