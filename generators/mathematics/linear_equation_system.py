"""Solve a system of linear equations with exactly one solution, from ``3x = 12`` to seven unknowns with fractions.

Example (level 3)::

    4x - 3y = 1
    -2x + 5y = 17

What is right: every unknown exactly once, with a value for which all equations hold exactly. A determinant that is not
zero proves that there is one solution only.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task

NAMES = "xyzuvwt"


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    unknowns: int
    """How many unknowns and equations there are, at most 7."""
    coefficient: int
    """The largest coefficient before fractions are cleared."""
    solution: int
    """The largest size of a value."""
    signed: bool
    """Whether numbers may be negative; if not, values are at least 1."""
    constant: int
    """The largest constant on the left; 0 for none."""
    denominator: int
    """The largest denominator of a value; 1 for whole numbers."""
    one_step: bool
    """Whether an equation has a coefficient or a constant, but not both; for one unknown."""


LEVELS = [
    Params(1, 9, 20, False, 9, 1, True),
    Params(1, 9, 20, True, 20, 1, False),
    Params(2, 3, 10, True, 0, 1, False),
    Params(2, 12, 30, True, 0, 1, False),
    Params(3, 9, 20, True, 0, 1, False),
    Params(4, 12, 30, True, 30, 1, False),
    Params(5, 20, 30, True, 50, 4, False),
    Params(7, 30, 50, True, 99, 6, False),
]


def determinant(matrix: Sequence[Sequence[int]]) -> int:
    """Return the determinant by elimination without fractions (Bareiss).

    >>> determinant([[2, 3], [4, 5]])
    -2
    """
    rows = [list(row) for row in matrix]
    n, sign, previous = len(rows), 1, 1
    for k in range(n - 1):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            sign = -sign
        for i in range(k + 1, n):
            for j in range(k + 1, n):
                rows[i][j] = (rows[i][j] * rows[k][k] - rows[i][k] * rows[k][j]) // previous  # always exact
        previous = rows[k][k]
    return sign * rows[-1][-1]


def nonzero(rng: random.Random, largest: int, signed: bool) -> int:
    """Return a number of size 1 to ``largest``."""
    return rng.randint(1, largest) * (rng.choice((1, -1)) if signed else 1)


def draw_row(rng: random.Random, params: Params, solution: Sequence[Fraction]) -> list[int]:
    """Return coefficients, constant and right side of one equation that the solution satisfies."""
    row = [rng.randint(-params.coefficient, params.coefficient) for _ in solution]
    constant = nonzero(rng, params.constant, True) if params.constant else 0
    if params.unknowns == 1:
        row = [rng.randint(2, params.coefficient)]
        if params.one_step and rng.random() < 0.5:
            row = [1]
        elif params.one_step:
            constant = 0
    right = sum((a * x for a, x in zip(row, solution, strict=True)), Fraction(constant))
    factor = right.denominator
    return [factor * number for number in (*row, constant)] + [right.numerator]


def write_row(row: Sequence[int], names: Sequence[str], gap: str = " ") -> str:
    """Return one equation as text, such as ``3x - y + 4 = 12``."""
    *coefficients, constant, right = row
    text = ""
    for number, name in zip([*coefficients, constant], [*names, ""], strict=True):
        if number:
            size = "" if abs(number) == 1 and name else str(abs(number))
            sign = "-" if number < 0 else "+"
            text += (f"{gap}{sign}{gap}" if text else sign.strip("+")) + size + name
    return f"{text}{gap}={gap}{right}"


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the equations."""
    return sorted(payload["rows"])


@task(levels=LEVELS, chance=0.1, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a solution, then equations that it satisfies, and keep the system if its determinant is not zero."""
    if not 1 <= params.unknowns <= len(NAMES):
        raise BadValue("linear_equation_system.unknowns", params.unknowns, f"must lie between 1 and {len(NAMES)}")
    names = list(NAMES[: params.unknowns])
    solution = []
    for _ in names:
        below = rng.randint(1, params.denominator)
        low = -params.solution if params.signed else 1
        solution.append(Fraction(rng.randint(low * below, params.solution * below), below))
    if params.denominator > 1 and all(value.denominator == 1 for value in solution):
        raise Redraw
    rows = [draw_row(rng, params, solution) for _ in names]
    proof = determinant([row[:-2] for row in rows])
    if not proof:
        raise Redraw
    example = {name: i + 1 for i, name in enumerate(names)}
    if solution == list(example.values()):
        example = dict.fromkeys(names, 0)
    briefs = [write_row(row, names, "") for row in rows]
    kind = "an integer" if params.denominator == 1 else "an integer, a fraction such as -3/4 or an exact decimal"
    lines = "\n".join(write_row(row, names) for row in rows)
    form = ", ".join(f"{name} = value" for name in names)
    question = (
        f"Solve this system of equations.\n\n{lines}\n\nThere is exactly one solution. Answer in the form {form}, with "
        f"each unknown exactly once; every value is {kind}."
        if len(names) > 1
        else f"Solve this equation.\n\n{lines}\n\nAnswer in the form {form}; the value is {kind}."
    )
    return Draft(
        question=question,
        payload={"names": names, "rows": rows},
        reference=", ".join(f"{name} = {value}" for name, value in zip(names, solution, strict=True)),
        example=", ".join(f"{name} = {value}" for name, value in example.items()),
        brief="\n".join(briefs),
        certificate={
            "unique": True,
            "determinant": proof,
            # elimination touches the digits once for each unknown
            "effort": params.unknowns**2 * sum(char.isdigit() for char in "".join(briefs)),
        },
    )
