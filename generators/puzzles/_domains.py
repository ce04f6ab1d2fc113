"""Search over cells with small domains: lines of distinct values and tables of allowed rows, counted and capped.

Example: three cells that hold 1 to 3 in some order, the first smaller than the second::

    search = Search(3, 3)
    search.distinct([0, 1, 2])
    search.table([0, 1], [(1, 2), (1, 3), (2, 3)])
    search.solve()  # a solution
    search.solve(other=[1, 3, 2])  # another one, or None: then the first is the only one

Everything is decided in a fixed order in plain Python, so a solution that it finds may show in an instance.
"""

import random
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from itertools import permutations
from operator import or_

from gradarium.core import Redraw

Row = tuple[int, ...]
"""Values of some cells, counted from 1."""


class Search:
    """Depth-first search that keeps tables and lines consistent; the cell with the fewest values is tried first.

    A domain is a bit mask, bit v - 1 for value v; a row of a table is one number that holds a bit for each cell.
    """

    def __init__(self, cells: int, symbols: int, most: int = 2_000) -> None:
        self.symbols = symbols
        self.most = most
        """Branches of one ``solve`` after which it raises ``Redraw``."""
        self.full = (1 << symbols) - 1
        self.domains = [self.full] * cells
        """Where each search begins; a given cell has one bit."""
        self.effort = 0
        """Rows of tables that were left, and cells of lines looked at, over all revisions so far."""
        self.tables: list[list[int] | None] = []
        """Packed rows of each rule; None for a line of distinct values."""
        self._cells: list[tuple[int, ...]] = []
        self._of: list[list[int]] = [[] for _ in range(cells)]
        self._branches = 0

    def give(self, cell: int, value: int) -> None:
        """Fix the value of a cell."""
        self.domains[cell] = 1 << (value - 1)

    def distinct(self, cells: Iterable[int]) -> int:
        """Say that the cells hold different values; return the number of the rule."""
        return self._rule(tuple(cells), None)

    def table(self, cells: Iterable[int], rows: Iterable[Row]) -> int:
        """Say that the cells together hold one of the rows; return the number of the rule."""
        return self._rule(tuple(cells), [self.pack(row) for row in rows])

    def pack(self, row: Row) -> int:
        """Return a row as one number."""
        return sum(1 << (i * self.symbols + value - 1) for i, value in enumerate(row))

    def _rule(self, cells: tuple[int, ...], rows: list[int] | None) -> int:
        self.tables.append(rows)
        self._cells.append(cells)
        for cell in cells:
            self._of[cell].append(len(self.tables) - 1)
        return len(self.tables) - 1

    def solve(self, rng: random.Random | None = None, other: Sequence[int] | None = None) -> list[int] | None:
        """Return a solution, in random order of values if ``rng`` is given and different from ``other``, or None."""
        self._branches = 0
        avoid = [1 << (value - 1) for value in other] if other else None
        found = self._step(list(self.domains), list(self.tables), list(range(len(self.tables))), rng, avoid)
        return [mask.bit_length() for mask in found] if found else None

    def _step(
        self,
        domains: list[int],
        tables: list[list[int] | None],
        rules: list[int],
        rng: random.Random | None,
        avoid: list[int] | None,
    ) -> list[int] | None:
        self._branches += 1
        if self._branches > self.most:
            raise Redraw
        if not self._propagate(domains, tables, rules):
            return None
        best, fewest = -1, self.symbols + 1
        for cell, mask in enumerate(domains):
            count = mask.bit_count()
            if 1 < count < fewest:
                best, fewest = cell, count
                if count == 2:
                    break
        if best < 0:
            return None if domains == avoid else domains
        values = [1 << v for v in range(self.symbols) if domains[best] >> v & 1]
        if rng:
            rng.shuffle(values)
        if avoid:  # what differs first: a second solution is found sooner
            values.sort(key=lambda value: value == avoid[best])
        for value in values:
            guess = list(domains)
            guess[best] = value
            if found := self._step(guess, list(tables), list(self._of[best]), rng, avoid):
                return found
        return None

    def _propagate(self, domains: list[int], tables: list[list[int] | None], rules: list[int]) -> bool:
        """Narrow the domains until every rule that was touched is content; False if one cannot be."""
        symbols, full = self.symbols, self.full
        waiting = set(rules)
        while rules:
            rule = rules.pop()
            waiting.discard(rule)
            cells = self._cells[rule]
            rows = tables[rule]
            if rows is None:
                self.effort += len(cells)
                changed = self._revise(domains, cells)
                if changed is None:
                    return False
            else:
                state = 0
                for cell in reversed(cells):
                    state = state << symbols | domains[cell]
                kept = [row for row in rows if row & state == row]
                if not kept:
                    return False
                tables[rule] = kept
                self.effort += len(kept)
                union = reduce(or_, kept)
                if union == state:
                    continue
                changed = []
                for cell in cells:
                    if union & full != domains[cell]:
                        domains[cell] = union & full
                        changed.append(cell)
                    union >>= symbols
            for cell in changed:
                for touched in self._of[cell]:
                    if touched not in waiting and (touched != rule or rows is None):
                        waiting.add(touched)
                        rules.append(touched)
        return True

    def _revise(self, domains: list[int], cells: tuple[int, ...]) -> list[int] | None:
        """Take fixed values from the other cells of a line, and fix values that have one place left."""
        once = twice = fixed = 0
        for cell in cells:
            mask = domains[cell]
            twice |= once & mask
            once |= mask
            if not mask & (mask - 1):
                if not mask or fixed & mask:
                    return None
                fixed |= mask
        whole = len(cells) == self.symbols
        if whole and once != self.full:
            return None
        hidden = once & ~twice & ~fixed if whole else 0
        changed = []
        for cell in cells:
            mask = domains[cell]
            if mask & (mask - 1):
                left = mask & hidden or mask & ~fixed
                if not left:
                    return None
                if left != mask:
                    domains[cell] = left
                    changed.append(cell)
        return changed


@lru_cache(maxsize=32)
def arrangements(n: int) -> tuple[Row, ...]:
    """Return the orders of 1 to ``n``."""
    return tuple(permutations(range(1, n + 1)))


def rows_and_columns(n: int) -> list[list[int]]:
    """Return the cells of the rows of a square, then of its columns; cell r * n + c is row r, column c."""
    rows = [list(range(r * n, r * n + n)) for r in range(n)]
    return rows + [list(range(c, n * n, n)) for c in range(n)]


def latin_square(rng: random.Random, n: int) -> list[int]:
    """Return a random Latin square of 1 to ``n``, row by row."""
    search = Search(n * n, n)
    for line in rows_and_columns(n):
        search.distinct(line)
    square = search.solve(rng)
    if square is None:
        raise Redraw
    return square
