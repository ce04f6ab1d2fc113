"""Work out an integer expression, from one addition of small numbers to nested brackets around five-digit numbers.

Example (level 3)::

    37 - 4 * (62 - 15) + 8

What is right: the one integer that the expression is worth. The value is computed while the expression is built, and
once more from the printed text.
Version history: 0 first.
"""

import random
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task
from gradarium.verifiers.expressions import exact_value, read_expression


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    terms: int
    """How many numbers the expression has; at least depth + 2."""
    least: int
    """The smallest number, save for divisors."""
    largest: int
    """The largest number."""
    operators: str
    """The operators to draw from; one that stands twice is drawn twice as often."""
    depth: int
    """How many brackets lie inside each other."""


LEVELS = [
    Params(2, 1, 15, "+-", 0),
    Params(3, 1, 99, "+-", 0),
    Params(4, 1, 99, "+-*", 0),
    Params(5, 2, 99, "+-*", 1),
    Params(7, 2, 199, "+-*/", 1),
    Params(9, 10, 999, "+-*/", 2),
    Params(12, 100, 9_999, "+-+-*/", 3),
    Params(15, 1_000, 99_999, "+-+-*/", 4),
]

MOST_VALUE = 10**24
"""Larger results, also on the way, are drawn again."""

Tree = int | list[Any]


class Piece(NamedTuple):
    """A part of the expression."""

    tree: Tree
    value: int
    effort: int
    """Steps of working it out by hand: digits of a sum, digits times digits of a product or quotient."""


def combine(operator: str, left: Piece, right: Piece) -> Piece:
    """Apply an operator; a quotient must be exact."""
    a, b = left.value, right.value
    value = {"+": a + b, "-": a - b, "*": a * b, "/": a // b if b else 0}[operator]
    if abs(value) >= MOST_VALUE:
        raise Redraw
    wide, narrow = len(str(abs(a))), len(str(abs(b)))
    steps = wide * narrow if operator in "*/" else max(wide, narrow)
    return Piece([operator, left.tree, right.tree], value, left.effort + right.effort + steps)


def grow(rng: random.Random, params: Params, terms: int, depth: int) -> tuple[str, Piece]:
    """Return the text and the structure of an expression with ``terms`` numbers and ``depth`` nested brackets."""
    sizes = [1] * terms
    nested = -1
    if depth:
        inside = rng.randint(depth + 1, terms - 1)
        sizes = [1] * (terms - inside)
        if len(sizes) > 3 and rng.random() < 0.5:
            sizes[-2:] = [2]  # a second pair of brackets
            rng.shuffle(sizes)
        nested = rng.randrange(len(sizes) + 1)
        sizes.insert(nested, inside)
    words: list[str] = []
    total: Piece | None = None  # what stands before the current product
    sign = "+"
    product: Piece | None = None
    for i, size in enumerate(sizes):
        operator = rng.choice(params.operators)
        number = rng.randint(params.least, params.largest)
        if product and operator == "/":
            divisors = [d for d in range(2, min(params.largest, 99) + 1) if product.value % d == 0]
            if size == 1 and product.value and divisors:
                number = rng.choice(divisors)
            else:
                operator = "+"
        text, piece = str(number), Piece(number, number, 0)
        if size > 1:
            text, piece = grow(rng, params, size, depth - 1 if i == nested else 0)
            text = f"({text})"
        words += [operator, text] if product else [text]
        if product is None:
            product = piece
        elif operator in "*/":
            product = combine(operator, product, piece)
        else:
            total = combine(sign, total, product) if total else product
            sign, product = operator, piece
    if product is None:
        raise BadValue("chain_arithmetic.terms", terms, "must be at least 1")
    return " ".join(words), combine(sign, total, product) if total else product


@task(levels=LEVELS, chance=0.1)
def make(rng: random.Random, params: Params) -> Draft:
    """Grow an expression at random that holds a product, and an exact quotient, where the level asks for them."""
    if not params.operators or set(params.operators) - set("+-*/"):
        raise BadValue("chain_arithmetic.operators", params.operators, "must be drawn from + - * /")
    if params.terms < params.depth + 2:
        raise BadValue("chain_arithmetic.terms", params.terms, "must be at least depth + 2")
    wanted = set(params.operators) & set("*/")
    for _ in range(50):
        text, piece = grow(rng, params, params.terms, params.depth)
        if wanted <= set(text):
            break
    else:
        raise Redraw
    if exact_value(read_expression(text, 2_000) or []) != piece.value:
        raise ValueError(f"the text {text!r} is not worth {piece.value}")
    rules = ["Work out the value of this expression."]
    if wanted:
        rules.append(
            "Brackets come first, then multiplication and division, then addition and subtraction; operators of equal "
            "rank work from left to right."
            if params.depth
            else "Multiplication and division come first, then addition and subtraction; operators of equal rank work "
            "from left to right."
        )
    if "/" in wanted:
        rules.append("Every division is exact.")
    return Draft(
        question=" ".join(rules) + f"\n\n{text}\n\nAnswer with one integer, without spaces or separators in it.",
        payload={"tree": piece.tree},
        reference=str(piece.value),
        example="-17" if piece.value == 42 else "42",
        brief=text.replace(" ", ""),
        certificate={"value_from_text": True, "depth": params.depth, "effort": piece.effort},
    )
