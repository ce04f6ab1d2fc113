"""Number sorting: the numbers of a list in ascending or descending order.

Correct is every arrangement that holds each number exactly as often as the list does and never steps the wrong way.
Numbers are compared exactly and by value: ``0.50`` may stand for ``1/2``, and nothing that is only near it.

Example: payload ``{"numbers": ["7", "-2", "1/2"], "order": "ascending"}``, answer ``-2 0.5 7``.
"""

import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_int, read_rational

LONGEST = 20_000
"""Longer answers are unreadable (characters)."""
MOST = 1_000
"""Most numbers of an answer."""

_SEPARATORS = re.compile(r"[\s,;]+")


def read_number(word: str) -> int | Fraction | None:
    """Return the value of an integer, decimal or fraction, exactly; None for anything else.

    >>> read_number("-12"), read_number("0.50"), read_number("1e3")
    (-12, Fraction(1, 2), None)
    """
    number = read_int(word)  # plain integers compare several times faster than fractions
    return read_rational(word) if number is None else number


def read_numbers(text: str) -> list[int | Fraction] | None:
    """Return the numbers of a list separated by spaces or commas, in brackets or not; None if anything else is there.

    >>> read_numbers("[3, 1/2, 0.5]"), read_numbers("3 < 4")
    ([3, Fraction(1, 2), Fraction(1, 2)], None)
    """
    if len(text) > LONGEST:
        return None
    text = text.strip()
    if len(text) > 1 and text[0] + text[-1] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    words = _SEPARATORS.split(text)
    if len(words) > MOST:
        return None
    numbers = [read_number(word) for word in words]
    return [n for n in numbers if n is not None] if None not in numbers else None


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of numbers.

    >>> verify("7 1/2 -2", {"numbers": ["7", "-2", "1/2"], "order": "descending"}).score
    1.0
    >>> verify("-2 7 0.5", {"numbers": ["7", "-2", "1/2"], "order": "ascending"}).reason
    '7 stands before 1/2, which is smaller'
    """
    numbers = read_numbers(answer)
    if numbers is None:
        return Verdict.unreadable("expected numbers separated by spaces")
    listed = [number for number in map(read_number, payload["numbers"]) if number is not None]
    order = payload["order"]
    if len(listed) < len(payload["numbers"]) or order not in ("ascending", "descending"):
        return Verdict.error("the payload holds no list of numbers to sort")
    surplus = Counter(numbers) - Counter(listed)
    if surplus:
        return Verdict.wrong(f"{next(iter(surplus))} stands more often than it is listed", "numbers")
    if len(numbers) < len(listed):
        return Verdict.wrong(f"{len(listed) - len(numbers)} of {len(listed)} numbers are missing", "numbers")
    for a, b in pairwise(numbers):
        if (a > b) if order == "ascending" else (a < b):
            other = "smaller" if order == "ascending" else "larger"
            return Verdict.wrong(f"{a} stands before {b}, which is {other}", "order")
    return Verdict.correct()
