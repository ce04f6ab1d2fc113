"""Arithmetic expressions written by a model: a bounded parser and exact values; nothing is ever evaluated as code.

An expression is built from whole numbers, ``+ - * /`` and round brackets. The usual rules of rank hold and operators
of equal rank work from left to right. There are no signs, powers, names, or numbers side by side.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

Postfix = Sequence[int | str]
"""Numbers and operators in the order in which a stack machine works them off."""

_TOKEN = re.compile(r"0|[1-9][0-9]{0,11}|\S", re.ASCII)
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}
_SIGNS = str.maketrans(
    {
        "\N{MULTIPLICATION SIGN}": "*",
        "\N{DIVISION SIGN}": "/",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
    }
)


def ascii_operators(text: str) -> str:
    """Return ``text`` with the typographic signs for times, divided by and minus in ASCII."""
    return text.translate(_SIGNS)


def read_expression(text: str, longest: int = 200) -> list[int | str] | None:
    """Return the expression that ``text`` is in postfix order; None if it is none or has over ``longest`` characters.

    Numbers have at most 12 digits and no leading zeros. Time and memory are linear in the text; nothing recurses.

    >>> read_expression("7 + 3 * (2 - 1)")
    [7, 3, 2, 1, '-', '*', '+']
    >>> read_expression("-7"), read_expression("2 3"), read_expression("2 ** 3"), read_expression("2(3)")
    (None, None, None, None)
    """
    if len(text) > longest:
        return None
    output: list[int | str] = []
    stack: list[str] = []
    operand_next = True
    for token in _TOKEN.findall(text):
        if token[0] in "0123456789":
            if not operand_next:
                return None
            output.append(int(token))
            operand_next = False
        elif token == "(":
            if not operand_next:
                return None
            stack.append(token)
        elif operand_next:
            return None
        elif token == ")":
            while stack and stack[-1] != "(":
                output.append(stack.pop())
            if not stack:
                return None
            stack.pop()
        elif token in _RANK:
            while stack and _RANK.get(stack[-1], 0) >= _RANK[token]:
                output.append(stack.pop())
            stack.append(token)
            operand_next = True
        else:
            return None
    if operand_next or "(" in stack:
        return None
    return output + stack[::-1]


def exact_value(postfix: Postfix) -> Fraction | None:
    """Return the value of an expression in postfix order; None where it divides by zero.

    >>> exact_value([8, 3, 8, 3, "/", "-", "/"])
    Fraction(24, 1)
    >>> exact_value([1, 0, "/"]) is None
    True
    """
    stack: list[tuple[int, int]] = []  # numerator and denominator, reduced once at the end: faster than Fraction
    for token in postfix:
        if isinstance(token, int):
            stack.append((token, 1))
            continue
        (a, b), (c, d) = stack[-2:]
        if token == "+":
            stack[-2:] = [(a * d + c * b, b * d)]
        elif token == "-":
            stack[-2:] = [(a * d - c * b, b * d)]
        elif token == "*":
            stack[-2:] = [(a * c, b * d)]
        elif c:
            stack[-2:] = [(a * d, b * c)]
        else:
            return None
    return Fraction(*stack[0])
