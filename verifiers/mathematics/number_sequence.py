"""Number sequence: the next terms of a sequence whose kind of rule is known.

Correct is every continuation for which some fixed numbers make the rule hold from the first term to the last. Each kind
of rule is a system of linear equations in these fixed numbers, one equation for each term that has a predecessor in the
rule; a new term fits when its equation depends on those of the given terms. Nothing is solved for, and nothing is
compared with a stored continuation.

================  =====================================================================================
kind              rule of order k
================  =====================================================================================
``differences``   the k-th differences are all equal
``recurrence``    each term is a sum of fixed multiples of the k terms before it
``affine``        the same, plus a fixed number
``turns``         a fixed number is added, the result multiplied by another, and so on in turn (k = 2)
``interleaved``   k sequences take turns; each adds a fixed number of its own
================  =====================================================================================

Example: payload ``{"kind": "recurrence", "order": 2, "terms": [1, 1, 2, 3, 5], "count": 2}``, answer ``8 13``.
"""

from collections.abc import Sequence
from itertools import pairwise

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints

MOST_ORDER = 6
"""Rules of higher order are not judged: the work doubles with each."""
MOST_TERMS = 200
"""Most terms, given and asked."""


def equations(kind: str, order: int, terms: Sequence[int]) -> list[list[int]]:
    """Return coefficients and right side of one equation for each term that follows from others, in their order.

    Raises ValueError for another kind.

    >>> equations("affine", 1, [3, 7, 15])
    [[3, 1, 7], [7, 1, 15]]
    """
    if kind == "differences":
        row = list(terms)
        for _ in range(order):
            row = [b - a for a, b in pairwise(row)]
        return [[1, value] for value in row]
    if kind in ("recurrence", "affine"):
        constant = [1] if kind == "affine" else []
        return [[*reversed(terms[i - order : i]), *constant, terms[i]] for i in range(order, len(terms))]
    if kind == "turns":
        pairs = enumerate(pairwise(terms))
        return [[0, a, b] if i % 2 else [1, 0, b - a] for i, (a, b) in pairs]
    if kind == "interleaved":
        pairs = enumerate(zip(terms, terms[order:], strict=False))
        return [[*(int(j == i % order) for j in range(order)), b - a] for i, (a, b) in pairs]
    raise ValueError(f"no rule of the kind {kind!r}")


def normal(rows: Sequence[Sequence[int]]) -> list[int]:
    """Return the integer vector that is orthogonal to ``n`` rows of length ``n + 1``: their minors with signs.

    Its last entry is the determinant of the first ``n`` columns; zero if and only if these are dependent. Raises
    ValueError where there are not ``n`` rows.

    >>> normal([[3, 1, 7], [7, 1, 15]])
    [8, 4, -4]
    """
    n = len(rows)
    if not rows or len(rows[0]) != n + 1:
        raise ValueError(f"{n} equations are not one for each unknown")
    minors = {0: 1}  # set of columns, as bits -> determinant of the rows so far in these columns
    for row in rows:
        grown: dict[int, int] = {}
        for columns, minor in minors.items():
            for j, entry in enumerate(row):
                if not columns >> j & 1:
                    sign = -1 if (columns >> j).bit_count() % 2 else 1
                    grown[columns | 1 << j] = grown.get(columns | 1 << j, 0) + sign * minor * entry
        minors = grown
    every = (1 << n + 1) - 1
    return [(-1) ** (n - j) * minors[every ^ 1 << j] for j in range(n + 1)]


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the next terms.

    >>> rule = {"kind": "recurrence", "order": 2, "terms": [1, 1, 2, 3, 5], "count": 2}
    >>> verify("8 13", rule).score
    1.0
    >>> verify("8 12", rule).reason
    'number 2 of the answer does not follow from the rule'
    """
    numbers = read_ints(answer, most=MOST_TERMS)
    if not numbers:
        return Verdict.unreadable("expected whole numbers separated by spaces")
    kind, order, terms, count = (payload[name] for name in ("kind", "order", "terms", "count"))
    if not (1 <= order <= MOST_ORDER and 1 <= count and len(terms) + count <= MOST_TERMS):
        return Verdict.error("the payload is too large, or asks for nothing")
    if len(numbers) != count:
        return Verdict.wrong(f"{count} numbers are asked for, not {len(numbers)}", "count")
    try:
        given = equations(kind, order, terms)
        vector = normal(given[: len(given[0]) - 1] if given else [])
    except ValueError as error:
        return Verdict.error(f"the payload holds no valid sequence: {error}")
    rows = equations(kind, order, [*terms, *numbers])
    fits = [not sum(a * b for a, b in zip(vector, row, strict=True)) for row in rows]
    if not vector[-1] or not all(fits[:-count]):
        return Verdict.error("the given terms do not determine one rule")
    if not all(fits):
        place = fits[-count:].index(False) + 1
        return Verdict.wrong(f"number {place} of the answer does not follow from the rule", "rule")
    return Verdict.correct()
