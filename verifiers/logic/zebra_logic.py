"""Einstein's riddle: a table of houses and what belongs to them that keeps every clue.

Correct is every table with each house and each value exactly once in which all clues hold; nothing is compared with a
stored solution. A line is a house and its values in the order of the titles, separated by commas, bars or spaces;
rulers may be there, and above the houses a line of ``house``, ``number`` or ``no.`` and all titles in their order;
further lines may not.

Clues: ``["at", v, house]``, ``["either", v, house, house]``, ``["end", v]`` (first or last house), and for two values
``same``, ``differ``, ``next`` (side by side), ``left`` (directly to the left of), ``before`` (somewhere to the left of)
and ``gap`` (one house between).

Example: payload ``{"titles": ["name", "pet"], "values": [["Ana", "Tom"], ["cat", "dog"]], "clues": [["at", "Tom", 2],
["same", "Ana", "dog"]]}``, answer ``1, Ana, dog`` and ``2, Tom, cat`` on two lines.
"""

import re
from collections.abc import Sequence

from gradarium.core import Payload, Verdict

_GAP = re.compile(r"[\s,;|:]+")
_NUMBER = re.compile(r"[1-9][0-9]?", re.ASCII)
_WORD = re.compile(r"[a-z]{1,20}", re.ASCII)
_FIRST_TITLES = (["house"], ["number"], ["no."])


def read_table(text: str, rows: int, titles: Sequence[str]) -> list[tuple[int, list[str]]] | None:
    r"""Return the lines as house and values in lower case; None if a line is not of this form, or for far more rows.

    >>> read_table("No., Name, Pet\n1, Ana, dog\n2, Tom, cat", 2, ["name", "pet"])
    [(1, ['ana', 'dog']), (2, ['tom', 'cat'])]
    """
    columns, wanted = len(titles), [title.lower() for title in titles]
    if len(text) > (rows + 3) * (columns + 2) * 40 or not text.isascii():
        return None
    table: list[tuple[int, list[str]]] = []
    titled = False
    for line in text.strip().lower().split("\n"):
        words = [word for word in _GAP.split(line) if word]
        if not table and not titled and words[:1] in _FIRST_TITLES and words[1:] == wanted:
            titled = True
            continue
        if not set("".join(words)) - set("-+="):
            continue
        if words[0] == "house":
            words = words[1:]
        if len(words) != columns + 1 or not _NUMBER.fullmatch(words[0]) or not all(map(_WORD.fullmatch, words[1:])):
            return None
        table.append((int(words[0]), words[1:]))
    return table or None


def holds(kind: str, i: int, others: list[int]) -> bool:
    """Tell whether a clue holds for a value in house i; ``others`` are house numbers."""
    if kind in ("at", "either", "end", "same"):
        return i in others
    j = others[0]
    distance = j - i
    if kind == "differ":
        return distance != 0
    if kind in ("next", "gap"):
        return abs(distance) == (1 if kind == "next" else 2)
    return distance == 1 if kind == "left" else distance > 0


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a table.

    >>> two = {"titles": ["name", "pet"], "values": [["Ana", "Tom"], ["cat", "dog"]],
    ...        "clues": [["at", "Tom", 2], ["same", "Ana", "dog"]]}
    >>> verify("1, Ana, dog\n2, Tom, cat", two).score
    1.0
    >>> verify("1, Ana, cat\n2, Tom, dog", two).reason
    'clue 2 does not hold'
    """
    values, titles = payload["values"], payload["titles"]
    n = len(values[0])
    table = read_table(answer, n, titles)
    if table is None:
        return Verdict.unreadable(f"expected {n} lines, each with a house number and {len(titles)} values")
    if sorted(house for house, _ in table) != list(range(1, n + 1)):
        return Verdict.wrong(f"there must be one line for each house from 1 to {n}", "houses")
    house_of: dict[str, int] = {}
    for column, title in enumerate(titles):
        known = {value.lower() for value in values[column]}
        for house, row in table:
            value = row[column]
            if value not in known:
                return Verdict.wrong(f"{value} is not listed under {title}", "values")
            if value in house_of:
                return Verdict.wrong(f"{value} stands in two houses", "values")
            house_of[value] = house
    broken = []
    for number, (kind, first, *rest) in enumerate(payload["clues"], 1):
        others = [house_of[other.lower()] if isinstance(other, str) else other for other in rest]
        if not holds(kind, house_of[first.lower()], [1, n] if kind == "end" else others):
            broken.append(number)
    if broken:
        share = 1 - len(broken) / len(payload["clues"])
        return Verdict.wrong(f"clue {broken[0]} does not hold", "clues", clues=share)
    return Verdict.correct(clues=1.0)
