"""Result rows compared: as a bag, as a sequence, or as a sequence of tie groups; cell by cell.

NULL equals NULL alone; true is 1; 3 equals 3.0 unless types are asked for; other numbers have a tolerance; text and
blobs are exact; text, numbers and blobs never meet. Rows pair off one to one: where numbers differ in the last digits,
rows are paired in sorted order, and where that fails, by a matching.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from gradarium.errors import BadValue

Row = Sequence[Any]
Close = Callable[[float, float], bool]
Tables = Mapping[str, Mapping[str, Any]]
"""``{name: {"columns": [names], "rows": [[cells]]}}``, as a ``modify`` of the sandbox gives it."""

TOLERANCE = 1e-9
"""Relative and absolute."""
REACH = 1e-3
"""No ``near`` holds for numbers further apart than this, relative and absolute."""
MAX_PAIRS = 400_000
"""Pairs of rows that are looked at when numbers differ in the last digits; rows that need more count as different."""

_HUGE = 2**1000
_TOKEN = re.compile(
    r"""'[^']*'? | "[^"]*"? | `[^`]*`? | \[[^\]]*\]? | --[^\n]* | /\*(?:.*?\*/|.*) | \w+ | \s+ | .""",
    re.DOTALL | re.VERBOSE,
)


def close(given: float, wanted: float) -> bool:
    """Return whether two numbers are equal up to rounding in the last digits.

    >>> close(0.1 + 0.2, 0.3), close(1e16 + 2, 1e16), close(3, 3.001)
    (True, True, False)
    """
    if type(given) is int and type(wanted) is int:
        return given == wanted
    return abs(given - wanted) <= TOLERANCE * max(1.0, abs(wanted))


def same_rows(
    given: Sequence[Row],
    wanted: Sequence[Row],
    ordered: bool | Sequence[int],
    near: Close = close,
    types: bool = False,
    as_sets: bool = False,
) -> str:
    """Return "" if the rows agree, else what is wrong, in words that do not show the wanted rows.

    Args:
        given: The rows of the answer.
        wanted: The right rows.
        ordered: False for bags; True where each row has its place; or the sizes of the tie groups of ``wanted``, one
            after the other, where rows that tie may come in any order.
        near: Whether two finite numbers are equal; never true beyond ``REACH``.
        types: Whether 3 and 3.0 differ.
        as_sets: Whether it does not count how often a row comes; for bags only.

    Work is n log n, and up to ``MAX_PAIRS`` more where numbers differ in the last digits.

    >>> same_rows([[1], [2]], [[2], [1.0]], ordered=False), same_rows([[1], [2]], [[2], [1]], ordered=True)
    ('', 'the rows are right, their order is not')
    >>> same_rows([["b"], ["a"], ["c"]], [["a"], ["b"], ["c"]], ordered=[2, 1])
    ''
    """
    sizes = [] if isinstance(ordered, bool) else list(ordered)
    if not isinstance(ordered, bool) and (sum(sizes) != len(wanted) or any(size < 1 for size in sizes)):
        raise BadValue("ordered", sizes, f"must be sizes of groups that make up {len(wanted)} rows")
    if as_sets and ordered:
        raise BadValue("as_sets", as_sets, "sets have no order: use it with ordered=False")
    if not as_sets and len(given) != len(wanted):
        return "there are too many rows" if len(given) > len(wanted) else "there are too few rows"
    if wanted and any(len(row) != len(wanted[0]) for row in given):
        return "the number of columns is wrong"
    if as_sets:
        return _same_sets(given, wanted, near, types)
    if ordered is not False and _same_groups(given, wanted, sizes or [1] * len(wanted), near, types):
        return ""
    if not _same_bags(given, wanted, near, types):
        return "a row is given that should not be there, and another is missing"
    return "" if ordered is False else "the rows are right, their order is not"


def same_tables(
    given: Tables, wanted: Tables, unchanged: Collection[str] = (), near: Close = close, types: bool = False
) -> str:
    """Return "" if every table holds the same rows in any order, else what is wrong and in which table.

    ``unchanged`` names the tables that a right statement leaves alone, so that the reason can say so.

    >>> old, new = {"t": {"columns": ["a"], "rows": [[1]]}}, {"t": {"columns": ["a"], "rows": [[2]]}}
    >>> same_tables(new, old, unchanged=["t"])
    'table t should have been left as it was'
    """
    for name in [*wanted, *(name for name in given if name not in wanted)]:
        if name not in given or name not in wanted:
            return f"there is no table {name}" if name in wanted else f"there should be no table {name}"
        if list(given[name]["columns"]) != list(wanted[name]["columns"]):
            return f"table {name} has other columns"
        problem = same_rows(given[name]["rows"], wanted[name]["rows"], False, near, types)
        if problem:
            return (
                f"table {name} should have been left as it was" if name in unchanged else f"in table {name} {problem}"
            )
    return ""


def top_level_order(sql: str) -> bool:
    """Return whether the rows of a query come in an order: an ORDER BY that is in no parentheses, text or comment.

    >>> top_level_order("SELECT a FROM t ORDER BY a"), top_level_order("SELECT * FROM (SELECT a FROM t ORDER BY a)")
    (True, False)
    """
    depth, last = 0, ""
    for match in _TOKEN.finditer(sql):
        token = match.group()
        if token.isspace() or token.startswith(("--", "/*")):
            continue
        depth += (token == "(") - (token == ")")
        token = token.upper() if len(token) < 6 else ""
        if depth == 0 and last == "ORDER" and token == "BY":
            return True
        last = token
    return False


def _kind(cell: object, types: bool) -> tuple[str, object]:
    """Return what of a cell has to agree exactly: all of it but the value of a finite number."""
    if cell is None:
        return "null", None
    if isinstance(cell, bool):
        cell = int(cell)
    if isinstance(cell, int):
        if abs(cell) >= _HUGE:  # no float holds it
            return "huge", cell
        return ("int" if types else "number"), None
    if isinstance(cell, float):
        if cell - cell != 0:  # infinite or no number
            return "float", str(cell)
        return ("float" if types else "number"), None
    if isinstance(cell, (str, bytes)):
        return ("text" if isinstance(cell, str) else "blob"), cell
    return "other", repr(cell)  # a list of DuckDB, say


def _split(rows: Sequence[Row], types: bool) -> dict[Any, list[tuple[float, ...]]]:
    """Return the numbers of each row, listed by all the rest of the row and sorted."""
    parts: dict[Any, list[tuple[float, ...]]] = defaultdict(list)
    for row in rows:
        kinds = tuple(_kind(cell, types) for cell in row)
        numbers = (cell for cell, kind in zip(row, kinds, strict=True) if kind[1] is None and kind[0] != "null")
        parts[kinds].append(tuple(int(cell) if isinstance(cell, bool) else cell for cell in numbers))
    for part in parts.values():
        part.sort()
    return parts


def _near(given: tuple[float, ...], wanted: tuple[float, ...], near: Close) -> bool:
    return all(a == b or near(a, b) for a, b in zip(given, wanted, strict=True))


def _same_bags(given: Sequence[Row], wanted: Sequence[Row], near: Close, types: bool) -> bool:
    parts, others = _split(given, types), _split(wanted, types)
    if {key: len(part) for key, part in parts.items()} != {key: len(part) for key, part in others.items()}:
        return False
    budget = [MAX_PAIRS]
    return all(_pair_off(part, others[key], near, budget) for key, part in parts.items())


def _same_groups(given: Sequence[Row], wanted: Sequence[Row], sizes: list[int], near: Close, types: bool) -> bool:
    at = 0
    for size in sizes:
        if not _same_bags(given[at : at + size], wanted[at : at + size], near, types):
            return False
        at += size
    return True


def _same_sets(given: Sequence[Row], wanted: Sequence[Row], near: Close, types: bool) -> str:
    parts, others = _split(given, types), _split(wanted, types)
    budget = [MAX_PAIRS]

    def turned(wanted: float, given: float) -> bool:
        return near(given, wanted)

    for mine, theirs, test, problem in (
        (parts, others, near, "a row is given that should not be there"),
        (others, parts, turned, "a row is missing"),
    ):
        for key, part in mine.items():
            known = set(theirs.get(key, ()))
            rest = [row for row in dict.fromkeys(part) if row not in known]
            if rest and (key not in theirs or not all(_partners(rest, sorted(known), test, budget))):
                return problem
    return ""


def _pair_off(given: list[tuple[float, ...]], wanted: list[tuple[float, ...]], near: Close, budget: list[int]) -> bool:
    """Return whether two sorted lists of numbers pair off; ``budget`` is what is left of ``MAX_PAIRS``."""
    if all(_near(a, b, near) for a, b in zip(given, wanted, strict=True)):
        return True
    partners = _partners(given, wanted, near, budget)
    return all(partners) and _matching(partners, len(wanted), budget)


def _partners(
    given: list[tuple[float, ...]], wanted: list[tuple[float, ...]], near: Close, budget: list[int]
) -> list[list[int]]:
    """Return for each given row the places of the wanted rows that it may stand for; ends at the first with none."""
    column = max(range(len(wanted[0])), key=lambda c: len({row[c] for row in wanted}), default=None)
    if column is None:
        return [[0]] * len(given)
    places = sorted(range(len(wanted)), key=lambda i: wanted[i][column])
    values = [wanted[i][column] for i in places]
    found: list[list[int]] = []
    for row in given:
        reach = 1.01 * REACH * max(1.0, abs(row[column]))
        at = bisect_left(values, row[column] - reach)
        some: list[int] = []
        while at < len(values) and values[at] <= row[column] + reach and budget[0] > 0:
            budget[0] -= 1
            if _near(row, wanted[places[at]], near):
                some.append(places[at])
            at += 1
        found.append(some)
        if not some:
            break
    return found


def _matching(partners: list[list[int]], count: int, budget: list[int]) -> bool:
    """Return whether every row can have a partner of its own: augmenting paths, found breadth first."""
    owner, place_of = [-1] * count, [-1] * len(partners)
    for start in range(len(partners)):
        came: dict[int, int] = {}
        queue, free = [start], -1
        for row in queue:
            for place in partners[row]:
                budget[0] -= 1
                if budget[0] < 0:
                    return False
                if place in came:
                    continue
                came[place] = row
                if owner[place] < 0:
                    free = place
                    break
                queue.append(owner[place])
            if free >= 0:
                break
        if free < 0:
            return False
        while free >= 0:
            row = came[free]
            owner[free] = row
            place_of[row], free = free, place_of[row]
    return True
