"""Grids whose rows and columns each allow a list of fillings: find out whether there is a second solution.

Example: two rows and two columns, one cell filled in each::

    lines = Lines([(0b01, 0b10)] * 2, [(0b01, 0b10)] * 2)
    lines.other({}, [[True, False], [False, True]])  # [[False, True], [True, False]]
    lines.other({(0, 0): True}, [[True, False], [False, True]])  # None
"""

from collections.abc import Mapping, Sequence

Grid = list[list[bool]]
MOST = 400_000
"""Fillings looked at after which a search gives up."""


class Lines:
    """A grid given by the possible fillings of each row and column, as bit masks (bit 0 is the first cell).

    The search takes the cells in which all fillings that still fit agree, and where that ends tries a cell of the line
    with the fewest fillings. It uses no randomness and no library: what it finds is the same on every machine.
    """

    def __init__(self, rows: Sequence[Sequence[int]], columns: Sequence[Sequence[int]]) -> None:
        self.height, self.width = len(rows), len(columns)
        self._options = [list(line) for line in rows] + [list(line) for line in columns]
        self.looks = 0
        """Fillings looked at in the last search: the effort of seeing every possibility."""
        self.tired = False
        """Whether the last search gave up."""

    def other(self, known: Mapping[tuple[int, int], bool], solution: Grid, most: int = MOST) -> Grid | None:
        """Return a solution that keeps the known cells and is not the one given; None if there is none."""
        self.looks, self.tired = 0, False
        self._most = most
        lines = self.height + self.width
        ones, zeros = [0] * lines, [0] * lines
        for (r, c), filled in known.items():
            side = ones if filled else zeros
            side[r] |= 1 << c
            side[self.height + c] |= 1 << r
        return self._search(ones, zeros, self._options, set(range(lines)), solution)

    def _search(
        self, ones: list[int], zeros: list[int], options: list[list[int]], todo: set[int], solution: Grid
    ) -> Grid | None:
        height = self.height
        options = list(options)
        while todo:
            if self.looks > self._most:
                self.tired = True
                return None
            i = min(todo, key=lambda line: (len(options[line]), line))
            todo.remove(i)
            self.looks += len(options[i])
            filled, empty = ones[i], zeros[i]
            fits = [line for line in options[i] if line & filled == filled and not line & empty]
            if not fits:
                return None
            options[i] = fits
            always, never = fits[0], ~fits[0]
            for line in fits:
                always &= line
                never &= ~line
            length = self.width if i < height else height
            never &= (1 << length) - 1
            for new, side in ((always & ~filled, ones), (never & ~empty, zeros)):
                side[i] |= new
                while new:
                    bit = new & -new
                    new ^= bit
                    j = bit.bit_length() - 1
                    crossing = height + j if i < height else j
                    side[crossing] |= 1 << (i if i < height else i - height)
                    todo.add(crossing)
        open_lines = [i for i in range(height) if len(options[i]) > 1]
        if not open_lines:
            grid = [[bool(options[r][0] >> c & 1) for c in range(self.width)] for r in range(height)]
            return None if grid == solution else grid
        r = min(open_lines, key=lambda line: (len(options[line]), line))
        undecided = ~(ones[r] | zeros[r]) & ((1 << self.width) - 1)
        c = (undecided & -undecided).bit_length() - 1
        for filled in (not solution[r][c], solution[r][c]):
            sides = list(ones), list(zeros)
            side = sides[0] if filled else sides[1]
            side[r] |= 1 << c
            side[height + c] |= 1 << r
            found = self._search(*sides, options, {r, height + c}, solution)
            if found or self.tired:
                return found
        return None
