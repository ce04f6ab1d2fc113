# tries: matches an expression that takes exponential time inside one call
# outcomes: cpu_limit
import re


def f(x):
    return bool(re.match(r"(a+)+$", "a" * 50 + "b"))
