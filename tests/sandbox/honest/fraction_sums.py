# shows: fractions, math and statistics work
# inputs: [[4], [10]]
# expects: [[25, 12, 2], [7381, 2520, 5]]
import math
import statistics
from fractions import Fraction


def f(n):
    total = sum((Fraction(1, i) for i in range(1, n + 1)), Fraction(0))
    return [total.numerator, total.denominator, math.floor(statistics.median(range(1, n + 1)))]
