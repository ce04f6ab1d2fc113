# shows: a pool of threads works
# inputs: [[100]]
# expects: [338350]
from concurrent.futures import ThreadPoolExecutor


def f(n):
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(lambda i: i * i, range(n + 1)))
