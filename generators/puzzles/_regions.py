"""Divide a board at random into connected regions."""

import random

from gradarium.core import Redraw
from gradarium.verifiers.boards import Cell, components, neighbours

NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""Letters of the regions, in the order in which they first appear row by row."""


def divide(rng: random.Random, rows: int, columns: int, sizes: list[int]) -> list[str]:
    """Return a map of letters, one string for each row: connected regions of these sizes, in random places.

    The sizes add up to the board. Regions grow one after another from a cell with few free neighbours, never so that a
    free pocket is cut off that no sizes left could fill; a dead end raises ``Redraw``.
    """
    free = {(r, c) for r in range(rows) for c in range(columns)}
    owner: dict[Cell, int] = {}
    order = rng.sample(sizes, len(sizes))
    for number, size in enumerate(order):
        region = _grow(rng, free, size, rows, columns, order[number + 1 :])
        free -= region
        owner.update(dict.fromkeys(region, number))
    names: dict[int, str] = {}
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    for cell in cells:
        names.setdefault(owner[cell], NAMES[len(names)])
    return ["".join(names[owner[r, c]] for c in range(columns)) for r in range(rows)]


def _grow(rng: random.Random, free: set[Cell], size: int, rows: int, columns: int, rest: list[int]) -> set[Cell]:
    for _ in range(30):
        fewest = min(sum(n in free for n in neighbours(cell, rows, columns)) for cell in free)
        region = {rng.choice(sorted(c for c in free if sum(n in free for n in neighbours(c, rows, columns)) == fewest))}
        while len(region) < size:
            edge = sorted({n for cell in region for n in neighbours(cell, rows, columns) if n in free} - region)
            if not edge:
                break
            region.add(rng.choice(edge))
        if len(region) == size and _fits([len(group) for group in components(free - region)], rest):
            return region
    raise Redraw


def _fits(pockets: list[int], sizes: list[int]) -> bool:
    """Return whether each pocket is a sum of sizes: a needed condition, tested one pocket at a time."""
    sums = {0}
    for size in sizes:
        sums |= {total + size for total in sums}
    return all(pocket in sums for pocket in pockets)
