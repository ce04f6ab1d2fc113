"""Self-reference: the truth values of statements that speak about their own truth values.

Correct is every list of truth values for which each statement is true exactly if what it says holds; nothing is
compared with a stored solution. The words true and false may be separated by commas, spaces or line breaks.

Statements (counted from 1; ``v`` is true or false): ``["is", i, v]``, ``["two", i, j, v]`` (both), ``["either", i, j,
v]`` (at least one), ``["same", i, j]``, ``["if", i, j, v]`` (if i is true, j is v), ``["count", first, last, "exactly"
or "at least" or "at most", k, v]``, ``["even", first, last, v]``, ``["more", a, b, c, d]`` (more true ones from a to b
than from c to d), ``["first", i, v]`` (i is the first that is v) and ``["run", k, v]`` (k in a row are v).

Example: payload ``{"statements": [["is", 2, false], ["count", 1, 2, "exactly", 2, true]]}``, answer ``true, false``.
"""

from typing import Any

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words


def says(statement: list[Any], values: list[bool]) -> bool:
    """Tell whether what a statement says holds for these truth values."""
    kind, *rest = statement
    if kind == "same":
        return values[rest[0] - 1] is values[rest[1] - 1]
    if kind == "more":
        a, b, c, d = rest
        return sum(values[a - 1 : b]) > sum(values[c - 1 : d])
    if kind == "if":
        return not values[rest[0] - 1] or values[rest[1] - 1] is rest[2]
    matches = [value is rest[-1] for value in values]
    if kind in ("is", "two", "either"):
        named = [matches[i - 1] for i in rest[:-1]]
        return any(named) if kind == "either" else all(named)
    if kind == "first":
        return matches.index(True) == rest[0] - 1 if True in matches else False
    if kind == "run":
        return any(all(matches[i : i + rest[0]]) for i in range(len(matches) - rest[0] + 1))
    count = sum(matches[rest[0] - 1 : rest[1]])
    if kind == "even":
        return count % 2 == 0
    k = int(rest[3])
    return count == k if rest[2] == "exactly" else count >= k if rest[2] == "at least" else count <= k


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge truth values.

    >>> two = {"statements": [["is", 2, False], ["count", 1, 2, "exactly", 2, True]]}
    >>> verify("true, false", two).score
    1.0
    >>> verify("true, true", two).reason
    'statement 1 is called true, but what it says would not hold'
    """
    statements = payload["statements"]
    words = read_words(answer) if len(answer) <= 40 * (len(statements) + 1) else None
    if words is None or any(word not in ("true", "false") for word in words):
        return Verdict.unreadable("expected the words true or false, separated by commas")
    if len(words) != len(statements):
        return Verdict.wrong(f"there are {len(statements)} statements and {len(words)} truth values", "count")
    values = [word == "true" for word in words]
    faults = [i for i, statement in enumerate(statements) if says(statement, values) is not values[i]]
    if faults:
        called, would = ("true", "would not hold") if values[faults[0]] else ("false", "would hold")
        reason = f"statement {faults[0] + 1} is called {called}, but what it says {would}"
        return Verdict.wrong(reason, "statements", statements=1 - len(faults) / len(statements))
    return Verdict.correct(statements=1.0)
