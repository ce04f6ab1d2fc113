"""Hashi (bridges): join islands so that each has its number of bridges and all hang together.

Correct is every list of pairs of islands that are next to each other in a row or column, each pair once with one or two
bridges, without crossings, with the right number at each island, and all islands joined. Nothing is compared with a
stored solution.

Example: payload ``{"islands": ["2.1", "...", "1.."]}``, answer ``1,1 1,3 1`` and ``1,1 3,1 1`` on two lines.
"""

import re
from collections.abc import Iterator, Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import Cell

_CELL = r"[(\[]?\s{0,3}r?([0-9]{1,4})\s{0,3}[,c\s]\s{0,3}([0-9]{1,4})(?![0-9])\s{0,3}[)\]]?"
_BRIDGE = re.compile(
    rf"{_CELL}\s{{0,3}}(?:[-,:]|to)?\s{{0,3}}{_CELL}\s{{0,3}}[,:x=]?\s{{0,3}}([0-9])(?![0-9])", re.ASCII
)
_SIGN = re.compile(r"\s-[0-9]", re.ASCII)  # a number below 0, not a dash between two cells
_GAP = re.compile(r"[\s,;]*", re.ASCII)

Bridge = tuple[tuple[Cell, Cell], int]
"""Two cells, counted from 0, the upper or left one first, and the number of bridges."""


def read_bridges(text: str, most: int) -> list[Bridge] | None:
    r"""Return the bridges that an answer lists, at most ``most``; None if anything else is there, or nothing.

    >>> read_bridges("1,3 1,1 2", 9), read_bridges("(1, 1) - (1, 3): 2", 9), read_bridges("1,1 1,3", 9)
    ([(((0, 0), (0, 2)), 2)], [(((0, 0), (0, 2)), 2)], None)
    """
    if len(text) > 60 * most + 60 or not text.isascii() or _SIGN.search(text):
        return None
    text = text.strip().lower()
    bridges: list[Bridge] = []
    at = 0
    while at < len(text):
        found = _BRIDGE.match(text, at)
        if found is None or len(bridges) == most:
            return None
        a, b, r, c, number = (int(group) for group in found.groups())
        ends = sorted([(a - 1, b - 1), (r - 1, c - 1)])
        bridges.append(((ends[0], ends[1]), number))
        gap = _GAP.match(text, found.end())
        at = gap.end() if gap else found.end()
    return bridges or None


def between(a: Cell, b: Cell) -> list[Cell]:
    """Return the cells between two cells of a row or column, the upper or left one first.

    >>> between((0, 0), (0, 3))
    [(0, 1), (0, 2)]
    """
    if a[0] == b[0]:
        return [(a[0], c) for c in range(a[1] + 1, b[1])]
    return [(r, a[1]) for r in range(a[0] + 1, b[0])]


def pairs_of(islands: Sequence[Cell]) -> list[tuple[Cell, Cell]]:
    """Return the pairs of islands that are next to each other in a row or column, sorted.

    >>> pairs_of([(0, 0), (0, 2), (0, 4), (3, 0)])
    [((0, 0), (0, 2)), ((0, 0), (3, 0)), ((0, 2), (0, 4))]
    """
    return sorted(_pairs(islands))


def _pairs(islands: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    for axis in (0, 1):
        last: dict[int, Cell] = {}  # row or column -> its last island so far
        for island in sorted(islands):
            if island[axis] in last:
                yield last[island[axis]], island
            last[island[axis]] = island


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a list of bridges.

    >>> verify("1,1 1,3 1\n1,1 3,1 1", {"islands": ["2.1", "...", "1.."]}).score
    1.0
    """
    numbers = {
        (r, c): int(char) for r, line in enumerate(payload["islands"]) for c, char in enumerate(line) if char != "."
    }
    bridges = read_bridges(answer, 4 * len(numbers))
    if bridges is None:
        return Verdict.unreadable("expected lines with row,column row,column number")
    pairs = set(pairs_of(list(numbers)))
    taken: set[Cell] = set()
    built: dict[Cell, int] = dict.fromkeys(numbers, 0)
    joined: dict[Cell, list[Cell]] = {cell: [] for cell in numbers}
    seen = set()
    for (a, b), number in bridges:
        names = f"{a[0] + 1},{a[1] + 1} and {b[0] + 1},{b[1] + 1}"
        if (a, b) not in pairs:
            return Verdict.wrong(f"{names} are not islands next to each other in a row or column", "pair")
        if (a, b) in seen:
            return Verdict.wrong(f"{names} are listed twice", "twice")
        if number not in (1, 2):
            return Verdict.wrong(f"{number} bridges between {names}; 1 or 2 are allowed", "number")
        seen.add((a, b))
        for cell in between(a, b):
            if cell in taken:
                return Verdict.wrong(f"bridges cross in row {cell[0] + 1} column {cell[1] + 1}", "cross")
            taken.add(cell)
        for cell, other in ((a, b), (b, a)):
            built[cell] += number
            joined[cell].append(other)
    for (r, c), number in numbers.items():
        if built[r, c] != number:
            return Verdict.wrong(f"{built[r, c]} bridges end at island {r + 1},{c + 1}, not {number}", "island")
    start = next(iter(numbers))
    reached, todo = {start}, [start]
    while todo:
        for cell in joined[todo.pop()]:
            if cell not in reached:
                reached.add(cell)
                todo.append(cell)
    if len(reached) < len(numbers):
        return Verdict.wrong("the islands do not all hang together", "joined")
    return Verdict.correct()
