# shows: itertools, functools and operator work
# inputs: [[5, 2]]
# expects: [[10, 120, [1, 3, 6, 10, 15]]]
import functools
import itertools
import operator


def f(n, k):
    numbers = range(1, n + 1)
    chosen = sum(1 for _ in itertools.combinations(numbers, k))
    product = functools.reduce(operator.mul, numbers)
    return [chosen, product, list(itertools.accumulate(numbers))]
