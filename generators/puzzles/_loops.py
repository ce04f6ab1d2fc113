"""Single closed loops on a lattice, as borders of regions without holes: random ones, and a SAT model of all of them.

A board of ``rows * columns`` faces has ``(rows + 1) * (columns + 1)`` points. A loop along the lines between the points
that never touches itself is the border of the faces inside; two faces of them never touch at a point only.
"""

import random

from gradarium.core import Redraw
from gradarium.generators.solving import Model
from gradarium.verifiers.boards import Cell, components, neighbours

Line = tuple[Cell, Cell]
"""Two neighbouring points, the upper or left one first."""

_RING = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))


def draw_region(rng: random.Random, rows: int, columns: int, share: float) -> set[Cell]:
    """Return the faces inside a random loop: about ``share`` of all, grown from one; arms rather than lumps."""
    region = {(rng.randrange(rows), rng.randrange(columns))}
    edge = set(neighbours(next(iter(region)), rows, columns))
    while len(region) < share * rows * columns:
        ready = sorted(cell for cell in edge if may_flip(cell, region))
        thin = [cell for cell in ready if sum(n in region for n in neighbours(cell, rows, columns)) == 1]
        if not ready:
            break
        cell = rng.choice(thin if thin and rng.random() < 0.8 else ready)
        region.add(cell)
        edge.discard(cell)
        edge.update(n for n in neighbours(cell, rows, columns) if n not in region)
    return region


def may_flip(cell: Cell, region: set[Cell]) -> bool:
    """Return whether the border stays one loop that does not touch itself if this face changes sides.

    It does if the faces around are inside and outside in one run each, and both runs hold a face next to it.
    """
    ring = [(cell[0] + r, cell[1] + c) in region for r, c in _RING]
    return sum(ring[i] != ring[i - 1] for i in range(8)) == 2 and any(ring[1::2]) and not all(ring[1::2])


def lines_of(region: set[Cell], rows: int, columns: int) -> set[Line]:
    """Return the lines of the border of a region."""
    return {line for line, (a, b) in _sides(rows, columns).items() if (a in region) != (b in region)}


def _sides(rows: int, columns: int) -> dict[Line, tuple[Cell, Cell]]:
    """Return the two faces at each line; faces beyond the board are named, too."""
    sides: dict[Line, tuple[Cell, Cell]] = {}
    for r in range(rows + 1):
        for c in range(columns + 1):
            if c < columns:
                sides[(r, c), (r, c + 1)] = ((r - 1, c), (r, c))
            if r < rows:
                sides[(r, c), (r + 1, c)] = ((r, c - 1), (r, c))
    return sides


class Loops(Model):
    """The model of all loops of a board: one variable for each face (inside), one literal for each line."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(self._cut_pieces)
        self.rows, self.columns = rows, columns
        faces = [(r, c) for r in range(rows) for c in range(columns)]
        self.inside = dict(zip(faces, self.new(len(faces)), strict=True))
        self.line: dict[Line, int] = {}
        """Literal of each line that is true where the loop goes along it."""
        for line, (first, second) in _sides(rows, columns).items():
            if first in self.inside and second in self.inside:
                one, other = self.inside[first], self.inside[second]
                (differ,) = self.new(1)
                self.add(-differ, one, other)
                self.add(-differ, -one, -other)
                self.add(differ, -one, other)
                self.add(differ, one, -other)
                self.line[line] = differ
            else:
                self.line[line] = self.inside[first if first in self.inside else second]
        self.add(*self.inside.values())
        for (r, c), a in self.inside.items():
            if r + 1 < rows and c + 1 < columns:
                b, d, e = self.inside[r, c + 1], self.inside[r + 1, c], self.inside[r + 1, c + 1]
                self.add(-a, b, d, -e)
                self.add(a, -b, -d, e)

    def __enter__(self) -> "Loops":
        return self

    def _cut_pieces(self, found: list[int]) -> list[list[int]]:
        """Return clauses against faces inside that do not hang together, and against holes."""
        true = set(found)
        region = {cell for cell, literal in self.inside.items() if literal in true}
        cuts = []
        pieces = components(region)
        if len(pieces) > 1:
            for piece, other in zip(pieces, [*pieces[1:], pieces[0]], strict=True):
                cuts.append([-self.inside[min(piece)], -self.inside[min(other)], *self._around(piece, 1)])
        for hole in components(set(self.inside) - region):
            if all(0 < r < self.rows - 1 and 0 < c < self.columns - 1 for r, c in hole):
                cuts.append([self.inside[min(hole)], *self._around(hole, -1)])
        return cuts

    def _around(self, piece: set[Cell], sign: int) -> list[int]:
        around = {n for cell in piece for n in neighbours(cell, self.rows, self.columns)} - piece
        return [sign * self.inside[cell] for cell in sorted(around)]

    def borders(self, region: set[Cell]) -> list[int]:
        """Return a region as literals."""
        return [literal if cell in region else -literal for cell, literal in self.inside.items()]

    def doubtful(self, region: set[Cell], switches: list[int]) -> set[Cell]:
        """Return the faces that lie elsewhere in at least one other solution under these clues.

        Each other solution that the solver finds settles some of them; the set is the same in whatever order.
        """
        left = dict(self.inside)
        while left:
            (switch,) = self.new(1)
            self.add(-switch, *(-literal if cell in region else literal for cell, literal in left.items()))
            found = self.solve([*switches, switch])
            self.add(-switch)
            if found is None:
                break
            true = set(found)
            left = {cell: literal for cell, literal in left.items() if (literal in true) == (cell in region)}
        return set(self.inside) - set(left)

    def dig(self, rng: random.Random, solution: list[int], switches: list[int], keep: int, calls: int) -> list[int]:
        """Return switches of clues, at least ``keep`` of them, under which the solution is the only one.

        Clues are taken away in random order, many at a time while that goes well. Raises Redraw where not even all
        clues leave only one solution; ``calls`` is the most questions to the solver.
        """
        if not self.only(solution, switches):
            raise Redraw
        order = rng.sample(switches, len(switches))
        kept = set(switches)
        at, step = 0, max(1, (len(order) - keep) // 3)
        while len(kept) > keep and at < len(order) and calls > 0:
            step = min(step, len(kept) - keep)
            some = order[at : at + step]
            calls -= 1
            if self.only(solution, [s for s in switches if s in kept and s not in some]):
                kept.difference_update(some)
                at += step
            elif step == 1:
                at += 1
            else:
                step //= 2
        return [s for s in switches if s in kept]
