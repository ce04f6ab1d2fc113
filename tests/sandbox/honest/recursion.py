# shows: recursion may go 5000 deep
# inputs: [[5000], [10]]
# expects: [12502500, 55]
import sys

sys.setrecursionlimit(10000)


def f(n):
    return 0 if n == 0 else n + f(n - 1)
