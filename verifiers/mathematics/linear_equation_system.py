"""Linear equation system: the value of every unknown.

Correct is any complete assignment that satisfies every equation exactly; it is put into the equations, and nothing is
compared with a stored solution.

Example: payload ``{"names": ["x", "y"], "rows": [[1, 1, 0, 5], [1, -1, 2, 3]]}`` stands for ``x + y = 5`` and
``x - y + 2 = 3``; answer ``x = 3, y = 2``.
"""

import math
import re
from fractions import Fraction

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_rational

LONGEST = 2_000
"""Longer answers are unreadable (characters)."""

_BETWEEN = re.compile(r"[,;\n]|\band\b", re.ASCII)


def read_assignment(answer: str) -> list[tuple[str, Fraction]] | None:
    """Return the pairs of ``x = 3, y = -1/2`` in their order; None if the text has another form.

    >>> read_assignment("x = 3 and y = -0.5")
    [('x', Fraction(3, 1)), ('y', Fraction(-1, 2))]
    """
    if len(answer) > LONGEST:
        return None
    pairs = []
    for part in _BETWEEN.split(answer):
        name, equals, right = part.partition("=")
        if not part.strip():
            continue  # "x = 3, and y = 2" or a comma at the end of a line
        value = read_rational(right)
        if not equals or value is None:
            return None
        pairs.append((name.strip(), value))
    return pairs or None


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge an assignment to all unknowns.

    >>> verify("y = 2; x = 6/2", {"names": ["x", "y"], "rows": [[1, 1, 0, 5], [1, -1, 2, 3]]}).score
    1.0
    """
    names, rows = payload["names"], payload["rows"]
    pairs = read_assignment(answer)
    if pairs is None:
        return Verdict.unreadable(f"expected a value for each unknown, such as {names[0]} = 2, separated by commas")
    values: dict[str, Fraction] = {}
    for name, value in pairs:
        if name not in names:
            return Verdict.wrong(f"{name[:20]!r} is not an unknown of this system", "names")
        if name in values:
            return Verdict.wrong(f"{name} is given twice", "names")
        values[name] = value
    for name in names:
        if name not in values:
            return Verdict.wrong(f"{name} is not given", "names")
    # over one common denominator the check needs only integers, which is several times faster than Fractions
    scale = math.lcm(*(value.denominator for value in values.values()))
    scaled = [values[name].numerator * (scale // values[name].denominator) for name in names]
    held = [
        sum(a * x for a, x in zip(row, scaled, strict=False)) == (right - constant) * scale
        for *row, constant, right in rows
    ]
    if not all(held):
        share = sum(held) / len(rows)
        return Verdict.wrong(f"equation {held.index(False) + 1} does not hold", "equation", equations=share)
    return Verdict.correct()
