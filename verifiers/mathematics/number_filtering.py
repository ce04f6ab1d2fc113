"""Number filtering: the numbers of a list that meet conditions, in the order of the list.

Correct is the list without the numbers that meet too few or too many of the conditions; the verifier decides about each
number itself.

======================  =================================================
condition               is met by
======================  =================================================
``larger a``            numbers over ``a``
``smaller a``           numbers under ``a``
``between a b``         numbers from ``a`` to ``b``, both included
``even``, ``odd``       multiples of 2, and the others
``divisible a``         multiples of ``a``
``remainder a b``       numbers that leave ``b`` when divided by ``a``
``digit a``             numbers that are written with the digit ``a``
``digit_sum a``         numbers whose digits add up to more than ``a``
``digit_multiple a``    numbers whose digits add up to a multiple of ``a``
``prime``               numbers with exactly two divisors
======================  =================================================

Example: payload ``{"numbers": [9, 4, 7, 2], "conditions": [["larger", 3], ["odd"]], "met": [2, 2]}``, answer ``9 7``;
``met`` says how many of the conditions must be met at least and at most.
"""

from collections.abc import Callable, Sequence
from itertools import count, takewhile
from typing import Any

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints

MOST = 1_000
"""Most numbers of an answer."""
MOST_TESTED = 10**6
"""Larger numbers are not tested for being prime."""


def is_prime(n: int) -> bool:
    """Return whether ``n`` is prime, by trial division; raises ValueError over ``MOST_TESTED``.

    >>> [n for n in range(-3, 12) if is_prime(n)]
    [2, 3, 5, 7, 11]
    """
    if n > MOST_TESTED:
        raise ValueError(f"{n} is too large to be tested for being prime")
    return n > 1 and all(n % d for d in takewhile(lambda d: d * d <= n, count(2)))


def digit_sum(n: int) -> int:
    """Return the sum of the decimal digits.

    >>> digit_sum(407)
    11
    """
    total, n = 0, abs(n)
    while n:
        n, digit = divmod(n, 10)
        total += digit
    return total


CONDITIONS: dict[str, tuple[int, Callable[..., bool]]] = {
    "larger": (1, lambda n, a: n > a),
    "smaller": (1, lambda n, a: n < a),
    "between": (2, lambda n, a, b: a <= n <= b),
    "even": (0, lambda n: n % 2 == 0),
    "odd": (0, lambda n: n % 2 == 1),
    "divisible": (1, lambda n, a: n % a == 0),
    "remainder": (2, lambda n, a, b: n % a == b),
    "digit": (1, lambda n, a: str(a) in str(n)),
    "digit_sum": (1, lambda n, a: digit_sum(n) > a),
    "digit_multiple": (1, lambda n, a: digit_sum(n) % a == 0),
    "prime": (0, is_prime),
}
"""Name -> how many arguments, and whether the number ``n`` meets it."""


def decisions(numbers: Sequence[int], condition: Sequence[Any]) -> list[bool]:
    """Return for each number whether it meets the condition; raises ValueError where the condition is not known.

    >>> decisions([8, 9, 10], ["divisible", 2])
    [True, False, True]
    """
    name, *arguments = condition
    wanted, test = CONDITIONS.get(name, (-1, is_prime))
    if len(arguments) != wanted or not all(type(argument) is int for argument in arguments):
        raise ValueError(f"no condition {condition!r}")
    if name in ("divisible", "remainder", "digit_multiple") and arguments[0] < 1:
        raise ValueError(f"nothing is divided by {arguments[0]}")
    return [test(n, *arguments) for n in numbers]


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the numbers that are kept.

    >>> filtering = {"numbers": [9, 4, 7, 2], "conditions": [["larger", 3], ["odd"]], "met": [2, 2]}
    >>> verify("9, 7", filtering).score
    1.0
    >>> verify("9 4 7", filtering).reason
    '4 is not to be kept'
    """
    kept = read_ints(answer, most=MOST)
    if not kept:
        return Verdict.unreadable("expected whole numbers separated by spaces")
    numbers, conditions = payload["numbers"], payload["conditions"]
    fewest, most = payload["met"]
    try:
        met = map(sum, zip(*(decisions(numbers, condition) for condition in conditions), strict=True))
        right = [n for n, times in zip(numbers, met, strict=True) if fewest <= times <= most]
    except ValueError as error:
        return Verdict.error(f"the payload holds no valid conditions: {error}")
    if kept == right:
        return Verdict.correct()
    for n in kept:
        if n not in right:
            return Verdict.wrong(f"{n} is {'not to be kept' if n in numbers else 'not in the list'}", "numbers")
    for n in kept:
        if kept.count(n) > right.count(n):
            return Verdict.wrong(f"{n} is kept more often than it is listed", "numbers")
    if len(kept) < len(right):
        return Verdict.wrong("a number that is to be kept is missing", "numbers")
    return Verdict.wrong("the order is not that of the list", "order")
