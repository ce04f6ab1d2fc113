"""Chain arithmetic: the value of an integer expression.

Correct is the one integer that the expression is worth; the verifier computes it itself from the structure in the
payload, which is a number or a list ``[operator, left, right]``.

Example: payload ``{"tree": ["-", 7, ["*", 2, 5]]}``, answer ``-3``.
"""

from typing import Any

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_int

MOST_NODES = 1_000
MOST_BITS = 1_000


def exact_integer(tree: Any) -> int:
    """Return the value of an expression.

    Raises ValueError where it is too large, names another operator or divides with a remainder.

    >>> exact_integer(["/", ["-", 7, 13], 2])
    -3
    """
    todo, values, nodes = [tree], list[int](), 0
    while todo:
        node = todo.pop()
        nodes += 1
        if nodes > 2 * MOST_NODES:
            raise ValueError("the expression is too large")
        if isinstance(node, list):
            operator, left, right = node
            todo += [operator, right, left]
        elif isinstance(node, int):
            values.append(node)
        else:
            b, a = values.pop(), values.pop()
            if node == "+":
                a += b
            elif node == "-":
                a -= b
            elif node == "*":
                a *= b
            elif node == "/" and b and not a % b:
                a //= b
            else:
                raise ValueError(f"no exact result for {node!r}")
            if a.bit_length() > MOST_BITS:
                raise ValueError("a value is too large")
            values.append(a)
    return values[0]


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge one integer.

    >>> verify("-3", {"tree": ["-", 7, ["*", 2, 5]]}).score
    1.0
    >>> verify("25", {"tree": ["-", 7, ["*", 2, 5]]}).reason
    'the expression has another value'
    """
    number = read_int(answer)
    if number is None:
        return Verdict.unreadable("expected one integer of at most 30 digits, without separators")
    try:
        value = exact_integer(payload["tree"])
    except ValueError as error:
        return Verdict.error(f"the payload holds no valid expression: {error}")
    if number != value:
        return Verdict.wrong("the expression has another value", "value")
    return Verdict.correct()
