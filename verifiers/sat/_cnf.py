"""Formulas in conjunctive normal form: literals are ``3`` (variable 3 is true) and ``-3`` (variable 3 is false).

A formula is a payload ``{"variables": n, "clauses": [[1, -2], ...]}``. Nothing here searches: an assignment is
evaluated, and small formulas are judged by their whole truth table, held in one integer of ``2 ** n`` bits.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from gradarium.core import Payload
from gradarium.verifiers.reading import ascii_minus

MAX_VARIABLES = 2_000
MAX_CLAUSES = 20_000
MAX_TABLE = 16
"""Most variables of a formula that is judged by its truth table."""

_WORD = re.compile(r"([+-]?)x?([0-9]{1,6})(?:[=:](true|false))?", re.ASCII)
_BINDING = re.compile(r"[ \t]{0,4}([=:])[ \t]{0,4}")
_PLAIN = re.compile(r"[\s,;+0-9-]+", re.ASCII)
_GAP = re.compile(r"[\s,;]+")


def too_large(payload: Payload, variables: int = MAX_VARIABLES, clauses: int = MAX_CLAUSES) -> bool:
    """Return whether a formula is larger than what is judged here."""
    return not 0 < payload["variables"] <= variables or len(payload["clauses"]) > clauses


def clause_text(clause: Sequence[int]) -> str:
    """Return a clause in words.

    >>> clause_text([1, -2])
    '1 or -2'
    """
    return " or ".join(map(str, clause))


def read_literals(text: str, most: int) -> list[int] | None:
    """Return the literals of a list of at most ``most``; None if anything else is there.

    >>> read_literals("[1, -2]", 9), read_literals("x1 = true, x2 = false", 9), read_literals("1 or 2", 9)
    ([1, -2], [1, -2], None)
    """
    if len(text) > 24 * (most + 2):
        return None
    text = _BINDING.sub(r"\1", ascii_minus(text).strip().lower())
    for left, right in ("[]", "()", "{}"):
        if text.startswith(left) and text.endswith(right) and len(text) > 1:
            text = text[1:-1].strip()
            break
    if _PLAIN.fullmatch(text):  # nothing but numbers: the usual answer needs no pattern a word
        try:
            plain = [int(word) for word in _GAP.split(text)]
        except ValueError:
            return None
        return plain if len(plain) <= most and all(-1_000_000 < literal < 1_000_000 for literal in plain) else None
    literals = []
    for word in _GAP.split(text):
        found = _WORD.fullmatch(word)
        if found is None or (found[1] and found[3]):
            return None
        negative = found[1] == "-" or found[3] == "false"
        literals.append(-int(found[2]) if negative else int(found[2]))
    return literals if len(literals) <= most else None


@lru_cache(maxsize=MAX_TABLE)
def truth_columns(variables: int) -> tuple[int, ...]:
    """Return the truth table's columns: bit ``a`` of column ``v - 1`` says whether variable ``v`` is true in row ``a``.

    >>> [format(column, "04b") for column in truth_columns(2)]
    ['1010', '1100']
    """
    rows = 1 << variables
    full = (1 << rows) - 1
    # a run of 2**v zeros and 2**v ones, repeated: full / (2**(2**v) + 1) is the pattern with the ones first
    return tuple(full ^ full // ((1 << (1 << v)) + 1) for v in range(variables))


def falsifying(clause: Sequence[int], variables: int) -> int:
    """Return the rows of the truth table in which every literal of ``clause`` is false, one bit a row.

    >>> format(falsifying([1, -2], 2), "04b")
    '0100'
    """
    columns = truth_columns(variables)
    rows = (1 << (1 << variables)) - 1
    for literal in clause:
        column = columns[abs(literal) - 1]
        rows = rows & ~column if literal > 0 else rows & column
    return rows
