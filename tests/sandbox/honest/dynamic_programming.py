# shows: a memoised program over many states runs in time
# inputs: [[[1, 2, 5, 10, 25, 50, 100], 1000]]
# expects: [190469796]
# limits: {"cpu_s": 5.0}
from functools import cache


def f(coins, amount):
    @cache
    def ways(i, left):
        if left == 0:
            return 1
        if i == len(coins) or left < 0:
            return 0
        return sum(ways(i + 1, left - k * coins[i]) for k in range(left // coins[i] + 1))

    return ways(0, amount)
