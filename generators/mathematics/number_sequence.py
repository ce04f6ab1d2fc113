"""Continue a sequence by a stated kind of rule, from adding a fixed number to recurrences with five unknown numbers.

Example (level 0)::

    plus a: 7 10 13 16 ?

What is right: the next terms, here ``19``. The kind of rule is part of the question, and the terms that are shown
determine its fixed numbers: exact elimination proves that there is one solution among all rational numbers, so there is
one continuation.
Version history: 0 first.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rules: str
    """The rules to draw from, as ``kind:order`` with spaces between; the kinds are the keys of ``KINDS``."""
    spare: int
    """How many more terms are shown than determine the rule."""
    count: int
    """How many terms are asked for."""
    start: int
    """The largest size of the terms that the sequence starts from."""
    step: int
    """The largest size of a fixed number that is added."""
    factor: int
    """The largest size of a fixed number that is multiplied by, at least 2."""
    signed: bool
    """Whether numbers may be negative."""


LEVELS = [
    Params("differences:1", 2, 1, 20, 10, 2, False),
    Params("differences:1", 2, 2, 99, 20, 2, True),
    Params("recurrence:1 interleaved:2", 2, 2, 20, 20, 5, True),
    Params("turns:2 differences:2", 2, 2, 99, 50, 5, True),
    Params("affine:1 differences:3", 2, 3, 99, 50, 6, True),
    Params("recurrence:2", 2, 3, 30, 1, 5, True),
    Params("affine:2 recurrence:3", 1, 3, 20, 50, 5, True),
    Params("affine:4 recurrence:5", 0, 4, 20, 50, 7, True),
]

KINDS = {"differences": 4, "recurrence": 5, "affine": 5, "turns": 2, "interleaved": 4}
"""Kind of rule -> its highest order; what they mean is written above the verifier."""
MOST_VALUE = 10**24
"""Sequences with larger terms are drawn again."""

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
COUNTS = ("no", "one", "two", "three", "four", "five")
LETTERS, BEFORE = "abcdef", "pqrst"


def sizes(kind: str, order: int) -> tuple[int, int]:
    """Return how many terms a rule starts from and how many fixed numbers it has."""
    starts = 1 if kind == "turns" else order
    return starts, {"differences": 1, "affine": order + 1}.get(kind, order)


def following(kind: str, order: int, fixed: Sequence[Fraction], terms: Sequence[int]) -> Fraction:
    """Return the term after ``terms`` by the rule with these fixed numbers.

    >>> following("recurrence", 2, [Fraction(1), Fraction(1)], [5, 8])
    Fraction(13, 1)
    """
    if kind == "differences":  # the last entries of all rows of differences add up to the next term
        row, total = list(terms), fixed[0]
        for _ in range(order):
            total += row[-1]
            row = [b - a for a, b in pairwise(row)]
        return total
    if kind == "turns":
        return terms[-1] + fixed[0] if len(terms) % 2 else terms[-1] * fixed[1]
    if kind == "interleaved":
        return terms[-order] + fixed[len(terms) % order]
    constant = fixed[order] if kind == "affine" else Fraction(0)
    return sum((a * t for a, t in zip(fixed, reversed(terms[-order:]), strict=False)), constant)


def solve(rows: Sequence[Sequence[Fraction]]) -> list[Fraction] | None:
    """Return the only solution of ``n`` linear equations in ``n`` unknowns; None if there is none or more than one.

    >>> solve([[Fraction(2), Fraction(6)]])
    [Fraction(3, 1)]
    """
    matrix = [list(row) for row in rows]
    for k in range(len(matrix)):
        pivot = next((i for i in range(k, len(matrix)) if matrix[i][k]), None)
        if pivot is None:
            return None
        matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
        matrix[k] = [entry / matrix[k][k] for entry in matrix[k]]
        for i, row in enumerate(matrix):
            if i != k and row[k]:
                matrix[i] = [a - row[k] * b for a, b in zip(row, matrix[k], strict=True)]
    return [row[-1] for row in matrix]


def determined(kind: str, order: int, terms: Sequence[int]) -> list[Fraction] | None:
    """Return the fixed numbers that the terms leave no choice of; None where they leave one.

    The next term is linear in the fixed numbers, so trying each alone gives the coefficients of the equations.

    >>> determined("affine", 1, [3, 7, 15])
    [Fraction(2, 1), Fraction(1, 1)]
    """
    starts, unknowns = sizes(kind, order)
    rows = []
    for i in range(starts, starts + unknowns):
        alone = [
            following(kind, order, [Fraction(j == k) for k in range(unknowns)], terms[:i]) for j in range(unknowns)
        ]
        nothing = following(kind, order, [Fraction(0)] * unknowns, terms[:i])
        rows.append([*(value - nothing for value in alone), terms[i] - nothing])
    return solve(rows)


def draw_fixed(rng: random.Random, kind: str, order: int, params: Params) -> list[Fraction]:
    """Return fixed numbers of a rule that none of its parts is idle in."""
    sign = (1, -1) if params.signed else (1,)

    def step() -> int:
        return rng.choice(sign) * rng.randint(1, params.step)

    def factor(least: int) -> int:
        return rng.choice(sign) * rng.randint(least, params.factor)

    if kind == "differences":
        numbers = [step()]
    elif kind == "turns":
        numbers = [step(), factor(2)]
    elif kind == "interleaved":
        numbers = [step() for _ in range(order)]
    else:
        numbers = [factor(1 if order > 1 else 2) for _ in range(order)] + ([step()] if kind == "affine" else [])
    return [Fraction(number) for number in numbers]


def describe(kind: str, order: int, signed: bool) -> tuple[str, str]:
    """Return the sentences that state a rule, and its short form."""
    if kind == "differences" and order == 1:
        text, brief = "In this sequence, each number is the one before plus a fixed number.", "plus a"
    elif kind == "differences" and order == 2:
        text = (
            "Write down the differences between neighbouring numbers of this sequence: each difference is the one "
            "before plus a fixed number."
        )
        brief = "second differences equal"
    elif kind == "differences":
        text = (
            "Write below this sequence the differences between neighbouring numbers, below these the differences "
            f"between neighbouring differences, and so on: all numbers of the {ORDINALS[order - 1]} row of differences "
            "are equal."
        )
        brief = f"{ORDINALS[order - 1]} differences equal"
    elif kind == "turns":
        text = (
            "In this sequence, two steps take turns: the second number is the first plus a fixed number, the third is "
            "the second times another fixed number, then the same fixed number as before is added, and so on."
        )
        brief = "plus a, times b in turn"
    elif kind == "interleaved":
        text = (
            f"In this sequence, {COUNTS[order]} sequences take turns: every {ORDINALS[order - 1]} number belongs to "
            "the same one, and in each of them a number is the one before plus a fixed number of its own."
        )
        brief = f"{COUNTS[order]} in turn, each plus its own"
    elif order == 1:
        more = ", plus another fixed number" if kind == "affine" else ""
        text = f"In this sequence, each number is the one before times a fixed number{more}."
        brief = "times a, plus b" if more else "times a"
    else:
        before = BEFORE[:order]
        letters = list(LETTERS[: sizes(kind, order)[1]])
        parts = [f"{a}*{p}" for a, p in zip(letters, before, strict=False)] + letters[order:]
        brief = " + ".join(parts)
        chain = ", ".join(f"{q} the one before {p}" for p, q in pairwise(before))
        text = (
            f"In this sequence, each number from the {ORDINALS[order]} on is {brief}. Here {before[0]} is the number "
            f"just before it, {chain}; {', '.join(letters[:-1])} and {letters[-1]} are fixed numbers, the same in "
            "every step."
        )
    return text + (" Fixed numbers may be negative." if signed else ""), brief


def read_rule(rng: random.Random, params: Params) -> tuple[str, int]:
    """Return kind and order of a rule of the level; raises BadValue where one is not known."""
    rules = []
    for word in params.rules.split():
        kind, _, order = word.partition(":")
        known = kind in KINDS and order in map(str, range(1, KINDS[kind] + 1))
        if not known or (kind == "turns" and order != "2") or (kind == "interleaved" and order == "1"):
            raise BadValue("number_sequence.rules", word, f"must be kind:order with a kind of {', '.join(KINDS)}")
        rules.append((kind, int(order)))
    if not rules:
        raise BadValue("number_sequence.rules", params.rules, "names no rule")
    return rng.choice(rules)


@task(levels=LEVELS, chance=0.05)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a rule and first terms, and keep the sequence if the terms that are shown determine the rule."""
    for name, least, most in (("spare", 0, 20), ("count", 1, 20), ("step", 1, 10**6), ("factor", 2, 1000)):
        if not least <= getattr(params, name) <= most:
            raise BadValue(f"number_sequence.{name}", getattr(params, name), f"must lie between {least} and {most}")
    if not 1 <= params.start <= 10**6:
        raise BadValue("number_sequence.start", params.start, "must lie between 1 and 1000000")
    kind, order = read_rule(rng, params)
    starts, unknowns = sizes(kind, order)
    fixed = draw_fixed(rng, kind, order, params)
    terms = [rng.randint(-params.start if params.signed else 1, params.start) for _ in range(starts)]
    shown = starts + unknowns + params.spare
    while len(terms) < shown + params.count:
        terms.append(following(kind, order, fixed, terms).numerator)
        if abs(terms[-1]) > MOST_VALUE:
            raise Redraw
    found = determined(kind, order, terms[:shown])
    if found is None:
        raise Redraw
    if found != fixed:
        raise ValueError(f"{kind} of order {order} was drawn with {fixed} and solved with {found}")
    listed = " ".join(map(str, terms[:shown]))
    reference = " ".join(map(str, terms[shown:]))
    examples = [" ".join(map(str, range(n, n + params.count))) for n in (11, 21)]
    rule, brief = describe(kind, order, params.signed)
    asked = f"the next {params.count} numbers, separated by spaces" if params.count > 1 else "the next number"
    work = {"differences": order**2, "turns": 4, "interleaved": order}.get(kind, 2 * unknowns**3)
    return Draft(
        question=f"{rule}\n\n{listed}\n\nAnswer with {asked}.",
        payload={"kind": kind, "order": order, "terms": terms[:shown], "count": params.count},
        reference=reference,
        example=examples[reference == examples[0]],
        brief=f"{brief}: {listed}{' ?' * params.count}",
        certificate={
            "unique": True,
            "fixed": [value.numerator for value in found],
            # rows of differences, or elimination, on all digits that are shown; then the digits to write
            "effort": work * sum(char.isdigit() for char in listed) + sum(char.isdigit() for char in reference),
        },
    )
