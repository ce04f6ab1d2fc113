# tries: raises the limit of recursion and recurses without end
# outcomes: mem_limit, cpu_limit, signaled, runtime_error
# limits: {"cpu_s": 5.0}
import sys


def f(x):
    sys.setrecursionlimit(10**9)

    def deeper(n):
        return deeper(n + 1) + 1

    return deeper(0)
