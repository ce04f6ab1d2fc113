# tries: overflows the stack of the process by calls that pass through C
# outcomes: mem_limit, cpu_limit, signaled, runtime_error
# limits: {"cpu_s": 5.0}
import sys


class Deep:
    def __repr__(self):
        return repr(self)


def f(x):
    sys.setrecursionlimit(10**9)
    return repr(Deep())
