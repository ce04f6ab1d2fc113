"""Queens: complete a placement of n queens of which no two attack each other.

Correct is any list of columns, one for each row from the top, that keeps the given queens; nothing is compared with a
stored solution.

Example: payload ``{"size": 4, "queens": [[1, 2]]}``, answer ``2 4 1 3``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of columns, counted from 1.

    >>> verify("2, 4, 1, 3", {"size": 4, "queens": [[1, 2]]}).score
    1.0
    """
    n = payload["size"]
    columns = read_ints(answer, most=n)
    if columns is None or len(columns) != n:
        return Verdict.unreadable(f"expected {n} numbers separated by spaces")
    for c in columns:
        if not 1 <= c <= n:
            return Verdict.wrong(f"there is no column {c}", "range")
    for r, c in payload["queens"]:
        if columns[r - 1] != c:
            return Verdict.wrong(f"the queen of row {r} must stay in column {c}", "given")
    for kind, shift in (("column", 0), ("diagonal", 1), ("diagonal", -1)):
        seen: dict[int, int] = {}
        for r, c in enumerate(columns, 1):
            other = seen.setdefault(c + shift * r, r)
            if other != r:
                return Verdict.wrong(f"the queens of rows {other} and {r} stand on the same {kind}", kind)
    return Verdict.correct()
