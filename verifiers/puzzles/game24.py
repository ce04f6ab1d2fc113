"""Game of 24: make the target with all of the given numbers, each exactly once, and + - * /.

Correct is any expression that uses exactly the given numbers and whose exact value is the target. Intermediate results
may be negative or fractions. ``= target`` may follow; the signs for times and divided by, ``x`` between numbers or
brackets and the LaTeX commands may stand for ``*`` and ``/``, and square brackets for round ones. Nothing is compared
with a stored solution.

Example: payload ``{"numbers": [8, 3, 8, 3], "target": 24}``, answer ``8 / (3 - 8 / 3)``.
"""

import re
from collections import Counter

from gradarium.core import Payload, Verdict
from gradarium.verifiers.expressions import ascii_operators, exact_value, read_expression
from gradarium.verifiers.reading import read_int

LONGEST = 200
"""Longer answers are unreadable (characters)."""

_TIMES = re.compile(r"\\times|\\cdot|[\N{MIDDLE DOT}\N{DOT OPERATOR}\N{ASTERISK OPERATOR}]", re.ASCII)
_LETTER = re.compile(r"(?<=[0-9)\]])(\s*)x(?=\s*[0-9(\[])", re.ASCII)
_ROUND = str.maketrans("[]", "()")


def plain(text: str) -> str:
    r"""Return an expression with other ways to write times and brackets as ``*`` and round brackets.

    Square brackets stay, and make the text unreadable, where a bracket is closed by one of the other kind.

    >>> plain(r"[2 x 3] \times 4"), plain("[2 + 3) x 4")
    ('(2 * 3) * 4', '[2 + 3) * 4')
    """
    text = _LETTER.sub(r"\1*", _TIMES.sub("*", text))
    still_open: list[str] = []
    for char in text:
        if char in "([":
            still_open.append(char)
        elif char in ")]" and (not still_open or still_open.pop() + char not in ("()", "[]")):
            return text
    return text.translate(_ROUND)


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge an expression.

    >>> verify("8 / (3 - 8 / 3) = 24", {"numbers": [8, 3, 8, 3], "target": 24}).score
    1.0
    >>> verify("8 * 3", {"numbers": [8, 3, 8, 3], "target": 24}).reason
    '3 is used 1 time, not 2'
    """
    answer = answer.strip() if len(answer) <= 2 * LONGEST else answer
    if len(answer) > LONGEST:
        return Verdict.unreadable(f"the answer has more than {LONGEST} characters")
    text, equals, stated = ascii_operators(answer).partition("=")
    postfix = read_expression(plain(text))
    if postfix is None:
        return Verdict.unreadable("expected an expression of whole numbers, + - * / and round brackets")
    if equals and read_int(stated) is None:
        return Verdict.unreadable("expected one whole number after the equals sign")
    used = Counter(token for token in postfix if isinstance(token, int))
    given: Counter[int] = Counter(payload["numbers"])
    for number in sorted(used | given):
        if number not in given:
            return Verdict.wrong(f"{number} is not among the numbers", "numbers")
        if used[number] != given[number]:
            times = f"{used[number]} time{'' if used[number] == 1 else 's'}"
            return Verdict.wrong(f"{number} is used {times}, not {given[number]}", "numbers")
    value = exact_value(postfix)
    if value is None:
        return Verdict.wrong("it divides by zero", "division")
    if value != payload["target"]:
        return Verdict.wrong(f"the value is {value}, not {payload['target']}", "target")
    if equals and read_int(stated) != payload["target"]:
        return Verdict.wrong(f"the number after the equals sign is not {payload['target']}", "target")
    return Verdict.correct()
