"""Make 24, or another target, with + - * / and all given numbers, from two numbers to seven, or by way of fractions.

Example (level 2)::

    7 5 1 6 = 24

What is right: every expression that uses each given number exactly once and has exactly the target as its value, here
``(7 - 1) * 5 - 6``. Each problem is built from an expression; where fractions are called for, a search proves that no
expression with whole numbers at every step has that value.
Version history: 0 first.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.puzzles.countdown import Term, join
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    numbers: int
    """How many numbers are given, from 2 to 8; 4 where fractions are needed."""
    largest: int
    """The numbers are drawn from 1 to this."""
    least_target: int
    """The smallest target."""
    most_target: int
    """The largest target."""
    fractions: bool = False
    """Whether the target can be made by way of fractions only."""


LEVELS = [
    Params(2, 12, 2, 99),
    Params(3, 13, 24, 24),
    Params(4, 10, 24, 24),
    Params(4, 70, 24, 24),
    Params(4, 50, 100, 999),
    Params(4, 50, 100, 999, True),
    Params(5, 60, 1_000, 9_999),
    Params(7, 99, 10_000, 999_999),
]

BY_FRACTIONS = (
    ("({} + {} / {}) * {}", lambda a, b, c, d: (a + Fraction(b, c)) * d),
    ("({} - {} / {}) * {}", lambda a, b, c, d: (a - Fraction(b, c)) * d),
    ("({} / {} - {}) * {}", lambda a, b, c, d: (Fraction(a, b) - c) * d),
    ("{} / ({} - {} / {})", lambda a, b, c, d: Fraction(a * d, b * d - c) if b * d != c else Fraction(0)),
    ("{} / ({} / {} - {})", lambda a, b, c, d: Fraction(a * c, b - c * d) if b != c * d else Fraction(0)),
)
"""Expressions of four numbers that go by way of a fraction, and their values."""


def whole_values(numbers: Sequence[int]) -> set[int]:
    """Return the values of all expressions that use each number once and have whole numbers at every step.

    >>> sorted(whole_values([6, 4]))
    [-2, 2, 10, 24]
    """
    known: dict[tuple[int, ...], set[int]] = {}
    places = range(len(numbers))
    for size in range(1, len(numbers) + 1):
        for chosen in combinations(places, size):
            found = {numbers[chosen[0]]} if size == 1 else set()
            for k in range(1, size // 2 + 1):
                for part in combinations(chosen, k):
                    for a in known[tuple(i for i in chosen if i not in part)]:
                        for b in known[part]:
                            found.update((a + b, a - b, b - a, a * b))
                            if b and a % b == 0:
                                found.add(a // b)
                            if a and b % a == 0:
                                found.add(b // a)
            known[chosen] = found
    return known[tuple(places)]


def build(rng: random.Random, params: Params) -> tuple[list[int], int, str]:
    """Draw numbers and an expression of them; return the numbers, its value and itself."""
    for _ in range(5_000):
        numbers = [rng.randint(1, params.largest) for _ in range(params.numbers)]
        if params.fractions:
            pattern, value_of = rng.choice(BY_FRACTIONS)
            value = value_of(*numbers)
            if value.denominator > 1:
                continue
            target, text = int(value), pattern.format(*numbers)
        else:
            terms = [Term(n, str(n), 3) for n in numbers]
            # A target that is prescribed is rarely hit by luck, so the last number may be chosen to fit.
            fit = params.least_target == params.most_target and params.numbers > 2 and rng.random() < 0.7
            last = terms.pop() if fit else None
            while len(terms) > 1:
                right = terms.pop(rng.randrange(len(terms)))
                left = terms.pop(rng.randrange(len(terms)))
                terms.append(join(rng, left, right))
            if last:
                so_far, aim = terms[0].value, params.least_target
                more = {aim - so_far, so_far - aim, so_far + aim, *([aim // so_far] if aim % so_far == 0 else [])}
                more |= {so_far // aim} if so_far % aim == 0 else set()
                numbers[-1] = rng.choice(sorted(more))
                if not 1 <= numbers[-1] <= params.largest:
                    continue
                last = Term(numbers[-1], str(numbers[-1]), 3)
                terms = [join(rng, *rng.choice(((terms[0], last), (last, terms[0]))))]
            target, text, _ = terms[0]
        if not params.least_target <= target <= params.most_target:
            continue
        if params.fractions and target in whole_values(numbers):
            continue
        return numbers, target, text
    raise Redraw


def count_expressions(numbers: int) -> int:
    """Return how many expressions there are: orders, shapes, operators.

    >>> count_expressions(2), count_expressions(4)
    (8, 7680)
    """
    n = numbers
    return math.factorial(n) * math.comb(2 * n - 2, n - 1) // n << 2 * n - 2


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the numbers."""
    return [sorted(payload["numbers"]), payload["target"]]


@task(levels=LEVELS, tags={"enigmata", "arithmetic"}, chance=0.05, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Build an expression whose value is a fair target, and show its numbers in random order."""
    if not 2 <= params.numbers <= 8:
        raise BadValue("game24.numbers", params.numbers, "must lie between 2 and 8")
    if params.fractions and params.numbers != 4:
        raise BadValue("game24.numbers", params.numbers, "must be 4 where fractions are needed")
    if not 1 <= params.largest <= 1_000:
        raise BadValue("game24.largest", params.largest, "must lie between 1 and 1000")
    if not 1 <= params.least_target <= params.most_target:
        raise BadValue("game24.least_target", params.least_target, "must lie between 1 and most_target")
    numbers, target, reference = build(rng, params)
    shown = rng.sample(numbers, len(numbers))
    listed = ", ".join(map(str, shown))
    operands = shown[::-1]
    example = " + ".join(map(str, operands))
    if sum(shown) == target:
        example = " * ".join(map(str, operands))
        if math.prod(shown) == target:
            raise Redraw
    question = (
        f"Make {target} with these numbers: {listed}.\n\n"
        "Write one expression from these numbers, the operators + - * / and round brackets. Each number in the list "
        "must be used exactly once (one that is listed twice, exactly twice). No other numbers may appear, numbers "
        "must not be joined into longer ones, and a minus stands only between two values, never as a sign. The "
        "operators * and / come before + and -; operators of equal rank work from left to right. Division is exact: "
        "intermediate results may be fractions, and they may be negative. The value of the expression must be exactly "
        f"{target}.\n\n"
        "Answer with the expression alone, in at most 200 characters."
    )
    bits = target.bit_length() + max(shown).bit_length()
    return Draft(
        question=question,
        payload={"numbers": shown, "target": target},
        reference=reference,
        example=example,
        brief=f"{' '.join(map(str, shown))} = {target}",
        certificate={
            "fractions": params.fractions,
            # expressions that there are, times the bits that each takes to work out
            "effort": count_expressions(params.numbers) * bits * (2 if params.fractions else 1),
        },
    )
