# shows: generators, also infinite ones that take values, work
# inputs: [[10]]
# expects: [[2, 3, 5, 7, 11, 13, 17, 19, 23, 29]]
from itertools import islice


def primes():
    found, number = [], 2
    while True:
        if all(number % prime for prime in found):
            found.append(number)
            yield number
        number += 1


def f(n):
    return list(islice(primes(), n))
