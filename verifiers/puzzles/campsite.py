"""Campsite (Tents and Trees): pitch a tent for each tree.

Correct is any grid in which tents and trees can be paired one to one with their neighbours (found by matching), no two
tents touch and all counts hold; nothing is compared with a stored solution.

Example: payload ``{"cells": [".#..", "...#", "....", "...."], "rows": [1, 0, 1, 0], "columns": [0, 0, 1, 1]}``, answer
``.#T. / ...# / ...T / ....``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import Cell, neighbours
from gradarium.verifiers.reading import read_grid


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of trees ``#``, tents ``T`` and empty cells ``.``.

    >>> payload = {"cells": ["#..", "...", "..."], "rows": [0, 1, 0], "columns": [1, 0, 0]}
    >>> verify("#..\nT..\n...", payload).score
    1.0
    """
    cells, rows, columns = payload["cells"], payload["rows"], payload["columns"]
    height, width = len(cells), len(cells[0])
    grid = read_grid(answer, height, width, ".#Tt")
    if grid is None:
        return Verdict.unreadable(f"expected {height} lines of {width} characters, each #, T or .")
    tents: list[Cell] = []
    trees: list[Cell] = []
    for r, line in enumerate(cells):
        for c, given in enumerate(line):
            if (grid[r][c] == "#") != (given == "#"):
                return Verdict.wrong(f"row {r + 1} column {c + 1}: trees must stay where they are", "trees")
            if given == "#":
                trees.append((r, c))
            elif grid[r][c] in "Tt":
                tents.append((r, c))
    if len(tents) != len(trees):
        return Verdict.wrong(f"{len(tents)} tents for {len(trees)} trees", "count")
    pitched = set(tents)
    for r, c in tents:
        for other in ((r, c + 1), (r + 1, c - 1), (r + 1, c), (r + 1, c + 1)):
            if other in pitched:
                return Verdict.wrong(f"the tent in row {r + 1} column {c + 1} touches another", "touch")
    for kind, wanted, found in (
        ("row", rows, [sum(r == i for r, _ in tents) for i in range(height)]),
        ("column", columns, [sum(c == i for _, c in tents) for i in range(width)]),
    ):
        for i, (want, count) in enumerate(zip(wanted, found, strict=True)):
            if want != count:
                return Verdict.wrong(f"{kind} {i + 1} holds {count} tents, not {want}", kind)
    if not _paired(trees, pitched, height, width):
        return Verdict.wrong("tents and trees cannot be paired one to one", "pairs")
    return Verdict.correct()


def _paired(trees: list[Cell], tents: set[Cell], height: int, width: int) -> bool:
    """Return whether each tree can have a tent of its own beside it: augmenting paths, one tree after another."""
    pair: dict[Cell, Cell] = {}
    for tree in trees:
        came: dict[Cell, Cell] = {}  # tent -> the tree from which it was reached
        open_trees, end = [tree], None
        while open_trees and end is None:
            here = open_trees.pop()
            for tent in neighbours(here, height, width):
                if tent in tents and tent not in came:
                    came[tent] = here
                    if tent not in pair:
                        end = tent
                        break
                    open_trees.append(pair[tent])
        if end is None:
            return False
        before = {owner: tent for tent, owner in pair.items()}
        while end is not None:
            owner = came[end]
            pair[end] = owner
            end = before.get(owner) if owner != tree else None
    return True
