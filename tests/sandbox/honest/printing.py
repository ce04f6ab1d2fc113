# shows: 200 kB may be printed, to standard output and to standard error
# inputs: [[100]]
# expects: [100]
import sys


def f(n):
    for _ in range(n):
        print("x" * 1000)
        print("y" * 1000, file=sys.stderr)
    return n
