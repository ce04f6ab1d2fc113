"""Keep the numbers of a list that meet conditions, from "larger than 12" to "exactly two of five", primes among them.

Example (level 0)::

    larger than 12: 7 19 30 4

What is right: the numbers that meet the condition, in the order of the list, here ``19 30``. No condition is idle: each
one is met by some numbers of the list only, and where there are several, none of them alone keeps the same numbers.
Version history: 0 first.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    numbers: int
    """Length of the list, at least 2; no number occurs twice."""
    least: int
    """No number is smaller; from 0 up where digits, remainders or primes are asked for."""
    largest: int
    """No number is larger; at most a million."""
    kinds: str
    """The kinds of conditions to draw from, with spaces between."""
    conditions: int
    """How many conditions there are, each of another kind."""
    rules: str
    """How many of them must be met: ``all``, ``any`` or ``exactly`` a stated number; one of these is drawn."""


LEVELS = [
    Params(4, 1, 30, "larger", 1, "all"),
    Params(5, 1, 50, "larger smaller even odd", 1, "all"),
    Params(7, -50, 99, "larger smaller between even odd divisible", 1, "all"),
    Params(9, 1, 99, "larger smaller between even odd divisible", 2, "all"),
    Params(14, 10, 999, "larger smaller between even odd divisible remainder digit digit_sum", 2, "all any"),
    Params(20, 10, 999, "between divisible remainder digit digit_sum prime", 3, "all any exactly"),
    Params(30, 100, 9_999, "between remainder digit digit_sum digit_multiple prime", 4, "exactly"),
    Params(50, 100_000, 999_999, "between remainder digit digit_sum digit_multiple prime", 5, "exactly"),
]

MOST_VALUE = 10**6
"""The largest number of a list."""
POOL = 4
"""So many times the length of the list are drawn to choose from."""
SHARES = 4
"""At least one in so many numbers is kept, and at least one in so many is not."""


class Condition(NamedTuple):
    """A condition on one number."""

    data: list[Any]
    clause: str
    """What follows after "a number that"."""
    brief: str
    weight: int
    """Steps of a decision by hand, for each digit of the number."""
    test: Callable[[int], bool]


@cache
def sieve() -> bytes:
    """Return a byte for each number up to ``MOST_VALUE``: 1 where it is prime."""
    marks = bytearray([1]) * (MOST_VALUE + 1)
    marks[:2] = b"\0\0"
    for n in range(2, int(MOST_VALUE**0.5) + 1):
        if marks[n]:
            marks[n * n :: n] = bytes(len(range(n * n, MOST_VALUE + 1, n)))
    return bytes(marks)


@lru_cache(4_096)  # several conditions look at the same number
def digits(n: int) -> tuple[int, ...]:
    """Return the decimal digits."""
    return tuple(map(int, str(n)))


Maker = Callable[[random.Random, Params], Condition]


def larger(rng: random.Random, params: Params) -> Condition:
    """Draw a lower bound."""
    a = rng.randint(params.least, params.largest - 1)
    return Condition(["larger", a], f"is larger than {a}", f"larger than {a}", 1, lambda n: n > a)


def smaller(rng: random.Random, params: Params) -> Condition:
    """Draw an upper bound."""
    a = rng.randint(params.least + 1, params.largest)
    return Condition(["smaller", a], f"is smaller than {a}", f"smaller than {a}", 1, lambda n: n < a)


def between(rng: random.Random, params: Params) -> Condition:
    """Draw two bounds that span a quarter to three quarters of the range."""
    span = params.largest - params.least
    width = rng.randint(span // 4, 3 * span // 4)
    a = rng.randint(params.least, params.largest - width)
    b = a + width
    clause = f"lies between {a} and {b}, both included"
    return Condition(["between", a, b], clause, f"between {a} and {b}", 2, lambda n: n in range(a, b + 1))


def even(rng: random.Random, params: Params) -> Condition:
    """Ask for even numbers."""
    return Condition(["even"], "is even", "even", 1, lambda n: not n & 1)


def odd(rng: random.Random, params: Params) -> Condition:
    """Ask for odd numbers."""
    return Condition(["odd"], "is odd", "odd", 1, lambda n: bool(n & 1))


def divisible(rng: random.Random, params: Params) -> Condition:
    """Draw a divisor."""
    a = rng.randint(3, 9)
    return Condition(["divisible", a], f"is divisible by {a}", f"divisible by {a}", 4, lambda n: n // a * a == n)


def remainder(rng: random.Random, params: Params) -> Condition:
    """Draw a divisor and a remainder that is not zero."""
    a = rng.randint(3, 9)
    b = rng.randrange(1, a)
    clause = f"leaves the remainder {b} when it is divided by {a}"
    return Condition(["remainder", a, b], clause, f"remainder {b} by {a}", 5, lambda n: n - n // a * a == b)


def digit(rng: random.Random, params: Params) -> Condition:
    """Draw a digit."""
    a = rng.randint(0, 9)
    return Condition(["digit", a], f"contains the digit {a}", f"contains digit {a}", 2, lambda n: a in digits(n))


def digit_sum(rng: random.Random, params: Params) -> Condition:
    """Draw a bound around the mean digit sum of numbers of full length."""
    a = 9 * len(str(params.largest)) // 2 + rng.randint(-3, 3)
    clause = f"has a digit sum larger than {a}"
    return Condition(["digit_sum", a], clause, f"digit sum over {a}", 4, lambda n: sum(digits(n)) > a)


def digit_multiple(rng: random.Random, params: Params) -> Condition:
    """Draw a divisor of the digit sum, but none that divides the number as well."""
    a = rng.choice((2, 4, 5, 7))
    clause = f"has a digit sum divisible by {a}"
    brief = f"digit sum divisible by {a}"
    return Condition(["digit_multiple", a], clause, brief, 5, lambda n: not sum(digits(n)) % a)


def prime(rng: random.Random, params: Params) -> Condition:
    """Ask for primes."""
    return Condition(["prime"], "is prime", "prime", 6 * len(str(params.largest)), lambda n: sieve()[n] == 1)


KINDS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        larger,
        smaller,
        between,
        even,
        odd,
        divisible,
        remainder,
        digit,
        digit_sum,
        digit_multiple,
        prime,
    )
}
ABOUT_NATURAL = {"remainder", "digit", "digit_sum", "digit_multiple", "prime"}
"""Kinds that are asked of numbers from 0 up only, so that no one has to know a convention for negative ones."""
RULES = ("all", "any", "exactly")


def draw_conditions(rng: random.Random, params: Params) -> list[Condition]:
    """Return conditions of different kinds that do not exclude each other at first sight."""
    kinds = rng.sample(params.kinds.split(), params.conditions)
    if {"even", "odd"} <= set(kinds):
        raise Redraw
    return [KINDS[kind](rng, params) for kind in kinds]


def draw_numbers(rng: random.Random, params: Params, kept: Callable[[int], bool]) -> list[int]:
    """Return a list of which a drawn share is kept, in random order."""
    span = range(params.least, params.largest + 1)
    pool = rng.sample(span, min(len(span), POOL * params.numbers))
    inside = [n for n in pool if kept(n)]
    outside = [n for n in pool if not kept(n)]
    few = max(1, params.numbers // SHARES)
    share = rng.randint(few, params.numbers - few)
    if len(inside) < share or len(outside) < params.numbers - share:
        raise Redraw
    numbers = inside[:share] + outside[: params.numbers - share]
    rng.shuffle(numbers)
    return numbers


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the conditions."""
    return [payload["numbers"], sorted(payload["conditions"]), payload["met"]]


def check(params: Params) -> None:
    """Raise BadValue where no list can be drawn from the parameters."""
    kinds = params.kinds.split()
    if not kinds or len(set(kinds)) < len(kinds) or set(kinds) - set(KINDS):
        raise BadValue("number_filtering.kinds", params.kinds, f"must be drawn from {' '.join(KINDS)}, none twice")
    if not 1 <= params.conditions <= len(kinds):
        raise BadValue("number_filtering.conditions", params.conditions, f"must lie between 1 and {len(kinds)}")
    if not params.rules.split() or set(params.rules.split()) - set(RULES):
        raise BadValue("number_filtering.rules", params.rules, f"must be drawn from {' '.join(RULES)}")
    if "exactly" in params.rules.split() and params.conditions < 2:
        raise BadValue("number_filtering.rules", params.rules, "'exactly' needs two conditions or more")
    low = 0 if ABOUT_NATURAL & set(kinds) else -MOST_VALUE
    if not low <= params.least < params.largest <= MOST_VALUE:
        reason = f"must be over least; both must lie between {low} and {MOST_VALUE}"
        raise BadValue("number_filtering.largest", params.largest, reason)
    if not 2 <= params.numbers <= params.largest - params.least + 1:
        reason = "must be at least 2 and at most the count of numbers between least and largest"
        raise BadValue("number_filtering.numbers", params.numbers, reason)


@task(levels=LEVELS, chance=0.05, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw conditions and a list in which all of them matter."""
    check(params)
    conditions = draw_conditions(rng, params)
    rule = rng.choice(params.rules.split())
    total = len(conditions)
    exact = rng.randrange(1, total) if rule == "exactly" else 0
    fewest, most = {"all": (total, total), "any": (1, total), "exactly": (exact, exact)}[rule]
    numbers = draw_numbers(rng, params, lambda n: fewest <= sum(c.test(n) for c in conditions) <= most)
    met = [[condition.test(n) for n in numbers] for condition in conditions]
    kept = [fewest <= sum(column) <= most for column in zip(*met, strict=True)]
    if any(len(set(row)) == 1 or (total > 1 and row == kept) for row in met):
        raise Redraw
    listed = " ".join(map(str, numbers))
    reference = " ".join(str(n) for n, keep in zip(numbers, kept, strict=True) if keep)
    if total == 1:
        question = f"From this list, keep every number that {conditions[0].clause}."
        brief = conditions[0].brief
    else:
        every = "both" if total == 2 else f"all {total}"
        wanted = {"all": f"{every} of", "any": "at least one of", "exactly": f"exactly {exact} of"}[rule]
        these = f"these {total}" if rule == "exactly" else "these"
        lines = "\n".join(f"- it {condition.clause}" for condition in conditions)
        question = f"From this list, keep every number that meets {wanted} {these} conditions:\n{lines}"
        short = {"all": "all", "any": "any", "exactly": f"exactly {exact}"}[rule]
        brief = f"{short} of {', '.join(condition.brief for condition in conditions)}"
    return Draft(
        question=(
            f"{question}\n\n{listed}\n\nAnswer with the numbers that are kept, in their order and separated by spaces; "
            "there is at least one."
        ),
        payload={"numbers": numbers, "conditions": [condition.data for condition in conditions], "met": [fewest, most]},
        reference=reference,
        example="7 12" if reference == "12 7" else "12 7",
        brief=f"{brief}: {listed}",
        certificate={
            "kept": sum(kept),
            "effort": sum(condition.weight for condition in conditions) * sum(char.isdigit() for char in listed),
        },
    )
