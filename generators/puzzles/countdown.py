"""Reach a target number with + - * / and the given numbers, from two numbers to seven of which six are needed.

Example (level 2)::

    7 2 12 = 38

What is right: every expression that uses each given number at most once and has exactly the target as its value, such
as ``(7 + 12) * 2``. A search over all smaller subsets proves how many numbers are needed.
Version history: 0 first.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task
from gradarium.verifiers.expressions import exact_value, read_expression


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    numbers: int
    """How many numbers are given."""
    needed: int
    """The fewest of them that reach the target; proved, at most 6."""
    largest: int
    """The numbers are drawn from 1 to this, at most 1,000."""
    least_target: int
    """The smallest target."""
    most_target: int
    """The largest target."""


LEVELS = [
    Params(2, 2, 12, 1, 150),
    Params(3, 2, 12, 1, 150),
    Params(3, 3, 12, 1, 200),
    Params(4, 3, 25, 10, 500),
    Params(4, 4, 25, 10, 999),
    Params(5, 5, 50, 100, 9_999),
    Params(6, 6, 100, 1_000, 99_999),
    Params(7, 6, 100, 10_000, 999_999),
]


class Term(NamedTuple):
    """A partial expression."""

    value: int
    text: str
    rank: int
    """1 for sums and differences, 2 for products and quotients, 3 for numbers."""


def join(rng: random.Random, left: Term, right: Term) -> Term:
    """Combine two terms by an operator that keeps values positive whole numbers and changes something."""
    a, b = left.value, right.value
    operators = ["+"]
    if a > b:
        operators.append("-")
    if a > 1 and b > 1:
        operators.append("*")
    if b > 1 and a % b == 0:
        operators.append("/")
    operator = rng.choice(operators)
    value = {"+": a + b, "-": a - b, "*": a * b, "/": a // b}[operator]
    rank = 1 if operator in "+-" else 2
    before = f"({left.text})" if left.rank < rank else left.text
    # a - (b + c) and a / (b * c) need their brackets; a + (b - c) and a * (b / c) do not
    bare = right.rank > rank or (right.rank == rank and operator in "+*")
    after = right.text if bare else f"({right.text})"
    return Term(value, f"{before} {operator} {after}", rank)


class Field:
    """Which values can be reached, in the field of the integers modulo a prime.

    What can be reached exactly can be reached modulo the prime too: no numerator of an expression over at most five
    numbers up to 1,000 is as large as the prime (2^4 * 1000^5 < 2^61), so a divisor that vanishes is zero. "Not
    reachable" is therefore a proof, and "reachable" may in rare cases be wrong, which only costs a redraw.
    """

    PRIME = (1 << 61) - 1

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers
        self._values: dict[tuple[int, ...], dict[int, int]] = {}
        self._splits: dict[tuple[int, ...], list[tuple[tuple[int, ...], tuple[int, ...]]]] = {}

    def inverse(self, value: int) -> int:
        """Return 1 / value, and 0 for 0."""
        return pow(value, -1, self.PRIME) if value else 0

    def splits(self, chosen: tuple[int, ...]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Return every way to part positions into a larger and a smaller group."""
        if chosen not in self._splits:
            self._splits[chosen] = [
                (tuple(i for i in chosen if i not in small), small)
                for size in range(1, len(chosen) // 2 + 1)
                for small in combinations(chosen, size)
                if 2 * size < len(chosen) or small[0] == chosen[0]
            ]
        return self._splits[chosen]

    def values(self, chosen: tuple[int, ...]) -> dict[int, int]:
        """Return value -> inverse for all expressions that use exactly these positions (inverses for up to two)."""
        known = self._values.get(chosen)
        if known is not None:
            return known
        p = self.PRIME
        found: set[int] = set()
        if len(chosen) == 1:
            found.add(self.numbers[chosen[0]])
        for large, small in self.splits(chosen):
            for a, over_a in self.values(large).items():
                for b, over_b in self.values(small).items():
                    found.update(((a + b) % p, (a - b) % p, (b - a) % p, a * b % p))
                    if a:
                        found.add(b * over_a % p)
                    if b:
                        found.add(a * over_b % p)
        inverses = {v: self.inverse(v) if len(chosen) <= 2 else 0 for v in found}
        self._values[chosen] = inverses
        return inverses

    def reaches(self, chosen: tuple[int, ...], target: int) -> bool:
        """Tell whether an expression that uses exactly these positions (at most five) has the value ``target``."""
        if len(chosen) <= 3:
            return target in self.values(chosen)
        p = self.PRIME
        over_target = self.inverse(target)
        for large, small in self.splits(chosen):
            known = self.values(large) if len(large) <= 3 else None
            for v, over_v in self.values(small).items():
                if not v and not target:
                    return True
                partners = [(target - v) % p, (target + v) % p, (v - target) % p]
                if v:
                    partners += [target * over_v % p, target * v % p]
                    if target:
                        partners.append(v * over_target % p)
                for w in partners:
                    if w in known if known is not None else self.reaches(large, w):
                        return True
        return False

    def reaches_with(self, count: int, target: int) -> bool:
        """Tell whether at most ``count`` of the numbers reach ``target``; the proof needs count <= 5."""
        positions = range(len(self.numbers))
        return any(self.reaches(c, target) for size in range(1, count + 1) for c in combinations(positions, size))


def count_expressions(given: int, used: int) -> int:
    """Return how many expressions there are with at most ``used`` of ``given`` numbers: orders, shapes, operators."""
    return sum(math.perm(given, k) * math.comb(2 * k - 2, k - 1) // k * 4 ** (k - 1) for k in range(1, used + 1))


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the numbers."""
    return [sorted(payload["numbers"]), payload["target"]]


@task(levels=LEVELS, tags={"enigmata"}, chance=0.05, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Build an expression until its value is a fair target, then prove that fewer numbers do not reach it."""
    if not 2 <= params.needed <= min(params.numbers, 6):
        raise BadValue("countdown.needed", params.needed, "must lie between 2 and 6, and not above numbers")
    if not 1 <= params.largest <= 1_000:
        raise BadValue("countdown.largest", params.largest, "must lie between 1 and 1000")
    for _ in range(100):
        numbers = [rng.randint(1, params.largest) for _ in range(params.numbers)]
        terms = [Term(n, str(n), 3) for n in rng.sample(numbers, params.needed)]
        while len(terms) > 1:
            right = terms.pop(rng.randrange(len(terms)))
            left = terms.pop(rng.randrange(len(terms)))
            terms.append(join(rng, left, right))
        target, reference, _ = terms[0]
        if params.least_target <= target <= params.most_target and target not in numbers:
            break
    else:
        raise Redraw
    if Field(numbers).reaches_with(params.needed - 1, target):
        raise Redraw
    if exact_value(read_expression(reference) or []) != target:
        raise ValueError(f"built {reference!r}, which is not {target}")
    listed = ", ".join(map(str, numbers))
    question = (
        f"Reach the target {target} with these numbers: {listed}.\n\n"
        "Write one expression from these numbers, the operators + - * / and round brackets. Each number in the list "
        "may be used at most once (one that is listed twice, at most twice); numbers may be left out. No other numbers "
        "may appear, numbers must not be joined into longer ones, and a minus stands only between two values, never as "
        "a sign. The usual rules of rank hold. Division is exact: intermediate results may be fractions, and they may "
        "be negative. The value of the expression must be exactly the target.\n\n"
        "Answer with the expression alone, in at most 200 characters."
    )
    return Draft(
        question=question,
        payload={"numbers": numbers, "target": target},
        reference=reference,
        example="(9 - 2) * 3" if target == 30 else "(8 - 2) * 5",
        brief=" ".join(map(str, numbers)) + f" = {target}",
        certificate={"needed": params.needed, "effort": count_expressions(params.numbers, params.needed)},
    )
