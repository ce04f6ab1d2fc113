"""Divide a board at random into cages: small connected groups of cells."""

import random
from collections.abc import Sequence

from gradarium.generators.puzzles._regions import NAMES
from gradarium.verifiers.boards import components, neighbours


def divide_into_cages(
    rng: random.Random, n: int, single: int, largest: int, values: Sequence[int] | None = None
) -> list[list[int]]:
    """Return connected cages of up to ``largest`` cells, ``single`` of them of one cell; more where no room is left.

    Cell r * n + c is row r, column c. With ``values``, no cage holds two cells of the same value.
    """
    cells = [(r, c) for r in range(n) for c in range(n)]
    rng.shuffle(cells)
    free = set(cells[single:])
    found = [[cell] for cell in cells[:single]]
    for cell in cells[single:]:
        if cell not in free:
            continue
        cage, size = [cell], rng.randint(2, largest)
        free.remove(cell)
        while len(cage) < size:
            edge = sorted({x for y in cage for x in neighbours(y, n, n)} & free)
            if values:
                held = {values[r * n + c] for r, c in cage}
                edge = [(r, c) for r, c in edge if values[r * n + c] not in held]
            if not edge:
                break
            cage.append(rng.choice(edge))
            free.remove(cage[-1])
        found.append(cage)
    return [sorted(r * n + c for r, c in cage) for cage in found]


def cut_out(groups: list[list[int]], cell: int, n: int) -> None:
    """Make a cell of a larger cage a cage of its own; the rest of the cage may fall into pieces."""
    group = next(g for g in groups if cell in g)
    groups.remove(group)
    rest = components([divmod(i, n) for i in group if i != cell])
    groups += [[cell], *(sorted(r * n + c for r, c in part) for part in rest)]


def draw_map(groups: Sequence[Sequence[int]], n: int) -> list[str]:
    """Return the board as lines of letters, the first group A; at most as many groups as there are letters."""
    owner = {i: NAMES[k] for k, group in enumerate(groups) for i in group}
    return ["".join(owner[r * n + c] for c in range(n)) for r in range(n)]
