"""Sort numbers by size, from three digits to forty decimals and fractions that lie close together.

Example (level 0)::

    descending: 4 9 1

What is right: the same numbers in the order that is asked for, here ``9 4 1``; numbers of equal value may change
places. All values are exact, so no two numbers are ever "about equal".
Version history: 0 first.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    numbers: int
    """How many numbers are listed, at least 2."""
    least: int
    """No number is smaller."""
    largest: int
    """No number is larger."""
    places: int
    """The most digits behind the point; 0 for no decimals."""
    denominator: int
    """The largest denominator of a fraction in lowest terms; 1 for no fractions."""
    ties: int
    """How many of the numbers have the value of another one, in another notation where there is one."""
    neighbours: int
    """How many of the numbers are another one rounded or off by one in the last place; needs decimals."""


LEVELS = [
    Params(3, 1, 9, 0, 1, 0, 0),
    Params(4, 1, 20, 0, 1, 0, 0),
    Params(5, 1, 99, 0, 1, 0, 0),
    Params(8, -99, 99, 0, 1, 1, 0),
    Params(12, -999, 999, 0, 1, 2, 0),
    Params(16, -9, 9, 2, 1, 2, 2),
    Params(24, -3, 3, 3, 12, 3, 6),
    Params(40, -2, 2, 5, 99, 5, 12),
]

MOST_TRIES = 1_000
"""Values drawn before a list is given up because its range is too small."""

Number = tuple[Fraction, str]
"""Value and text."""


def decimal(scaled: int, places: int) -> Number:
    """Return ``scaled / 10**places`` with so many digits behind the point; no point where there are none.

    >>> decimal(-150, 2)
    (Fraction(-3, 2), '-1.50')
    """
    digits = str(abs(scaled)).rjust(places + 1, "0")
    whole, behind = digits[: len(digits) - places], digits[len(digits) - places :]
    sign = "-" if scaled < 0 else ""
    return Fraction(scaled, 10**places), f"{sign}{whole}.{behind}" if places else f"{sign}{whole}"


def fresh(rng: random.Random, params: Params) -> Number:
    """Return a decimal, integer or fraction of the range."""
    if params.denominator > 1 and (not params.places or rng.random() < 0.5):
        below = rng.randint(2, params.denominator)
        value = Fraction(rng.randint(params.least * below, params.largest * below), below)
        return value, str(value)
    places = rng.randint(0, params.places)
    return decimal(rng.randint(params.least * 10**places, params.largest * 10**places), places)


def neighbour(rng: random.Random, params: Params, number: Number) -> Number:
    """Return a decimal just above or below a number, at most one unit of the last place away."""
    scale = 10**params.places
    below = math.floor(number[0] * scale)
    choice = rng.choice([n for n in (below - 1, below, below + 1) if 0 < abs(number[0] * scale - n) <= 1])
    return decimal(choice, params.places)


def notations(params: Params, number: Number) -> list[str]:
    """Return other texts of the same value; none for whole numbers at a level without decimals."""
    value, text = number
    others = []
    for places in range(1, params.places + 1):
        scaled = value * 10**places
        if scaled.denominator == 1:
            others.append(decimal(scaled.numerator, places)[1])
    if 1 < value.denominator <= params.denominator:
        others += [f"{value.numerator * m}/{value.denominator * m}" for m in (1, 2, 3)]
    return [other for other in others if other != text]


def draw_numbers(rng: random.Random, params: Params) -> list[Number]:
    """Return numbers of the level in random order; only the ties have values in common."""
    numbers: list[Number] = []
    values = set()
    tries = 0
    while len(numbers) < params.numbers - params.ties:
        tries += 1
        if tries > MOST_TRIES:
            raise Redraw
        near = len(numbers) >= params.numbers - params.ties - params.neighbours
        number = neighbour(rng, params, rng.choice(numbers)) if near else fresh(rng, params)
        if number[0] not in values and params.least <= number[0] <= params.largest:
            values.add(number[0])
            numbers.append(number)
    many = [number for number in numbers if notations(params, number)]
    pool = many if len(many) >= params.ties else numbers
    for value, text in rng.sample(pool, params.ties):
        numbers.append((value, rng.choice(notations(params, (value, text)) or [text])))
    rng.shuffle(numbers)
    return numbers


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order in which the numbers are listed."""
    return [sorted(payload["numbers"]), payload["order"]]


@task(levels=LEVELS, chance=0.01, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a list that is not sorted yet, and a direction."""
    if params.numbers < 2 * params.ties + params.neighbours + 2:
        raise BadValue("number_sorting.numbers", params.numbers, "must be at least 2 * ties + neighbours + 2")
    if params.neighbours and not params.places:
        raise BadValue("number_sorting.neighbours", params.neighbours, "needs decimals: set places to 1 or more")
    if not (0 <= params.places <= 20 and 1 <= params.denominator <= 10**6):
        raise BadValue("number_sorting", params, "places must lie between 0 and 20, denominator between 1 and 10**6")
    if not -(10**9) <= params.least < params.largest <= 10**9:
        raise BadValue("number_sorting.largest", params.largest, "must be over least, both of at most 10**9 in size")
    order = rng.choice(("ascending", "descending"))
    numbers = draw_numbers(rng, params)
    ordered = sorted(numbers, key=lambda number: number[0], reverse=order == "descending")
    if [value for value, _ in ordered] == [value for value, _ in numbers]:
        raise Redraw
    direction = "smallest to largest" if order == "ascending" else "largest to smallest"
    rules = [f"Sort these numbers from {direction}."]
    if params.places or params.denominator > 1:
        rules.append("Compare their exact values; numbers of equal value may stand in any order.")
    if params.ties:
        rules.append("Keep every number, also where a value occurs twice.")
    listed = " ".join(text for _, text in numbers)
    reference = " ".join(text for _, text in ordered)
    examples = ["-1/2 0.25 3", "-1/3 0.25 4"] if params.denominator > 1 else ["1 2 3", "4 5 6"]
    if order == "descending":  # an example that is sorted the other way would mislead
        examples = [" ".join(reversed(example.split())) for example in examples]
    return Draft(
        question=" ".join(rules) + f"\n\n{listed}\n\nAnswer with the sorted numbers, separated by spaces.",
        payload={"numbers": [text for _, text in numbers], "order": order},
        reference=reference,
        example=examples[reference == examples[0]],
        brief=f"{order}: {listed}",
        certificate={
            "distinct": len({value for value, _ in numbers}),
            # every number is compared with about log2(n) others, digit by digit
            "effort": params.numbers.bit_length() * sum(char.isdigit() for char in listed),
        },
    )
