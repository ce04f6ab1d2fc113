"""Countdown: reach the target with the given numbers, each at most once, and + - * /.

Correct is any expression that uses no number more often than it is given and whose exact value is the target.
Intermediate results may be negative or fractions. ``= target`` may follow; signs such as the ones for times and
divided by may stand for ``*`` and ``/``. Nothing is compared with a stored solution.

Example: payload ``{"numbers": [3, 5, 7, 9], "target": 20}``, answer ``(7 - 3) * 5``.
"""

from collections import Counter

from gradarium.core import Payload, Verdict
from gradarium.verifiers.expressions import ascii_operators, exact_value, read_expression
from gradarium.verifiers.reading import read_int

LONGEST = 200
"""Longer answers are unreadable (characters)."""


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge an expression.

    >>> verify("(7 - 3) * 5 = 20", {"numbers": [3, 5, 7, 9], "target": 20}).score
    1.0
    >>> verify("7 + 7 + 7", {"numbers": [3, 7], "target": 21}).reason
    '7 is used more often than it is given'
    """
    answer = answer.strip() if len(answer) <= 2 * LONGEST else answer
    if len(answer) > LONGEST:
        return Verdict.unreadable(f"the answer has more than {LONGEST} characters")
    text, equals, stated = ascii_operators(answer).partition("=")
    postfix = read_expression(text)
    if postfix is None:
        return Verdict.unreadable("expected an expression of whole numbers, + - * / and round brackets")
    if equals and read_int(stated) is None:
        return Verdict.unreadable("expected one whole number after the equals sign")
    left: Counter[int] = Counter(payload["numbers"])
    for token in postfix:
        if isinstance(token, int):
            if not left[token]:
                why = "used more often than it is given" if token in payload["numbers"] else "not among the numbers"
                return Verdict.wrong(f"{token} is {why}", "numbers")
            left[token] -= 1
    value = exact_value(postfix)
    if value is None:
        return Verdict.wrong("it divides by zero", "division")
    if value != payload["target"]:
        return Verdict.wrong(f"the value is {value}, not {payload['target']}", "target")
    if equals and read_int(stated) != payload["target"]:
        return Verdict.wrong(f"the number after the equals sign is not {payload['target']}", "target")
    return Verdict.correct()
