"""What generators of shading puzzles share: cells by number, cuts for connectivity, cells shown for uniqueness.

Cell ``r * columns + c`` of a board is variable ``r * columns + c + 1`` of the model; true is shaded.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gradarium.core import Redraw
from gradarium.generators.solving import Model


def touching(rows: int, columns: int) -> list[list[int]]:
    """Return for each cell the cells that share a side with it."""
    return [
        [
            (r + dr) * columns + c + dc
            for dr, dc in ((-1, 0), (0, -1), (0, 1), (1, 0))
            if 0 <= r + dr < rows and 0 <= c + dc < columns
        ]
        for r in range(rows)
        for c in range(columns)
    ]


def squares(rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Return the cells of each 2x2 square."""
    corners = [r * columns + c for r in range(rows - 1) for c in range(columns - 1)]
    return [(i, i + 1, i + columns, i + columns + 1) for i in corners]


def groups(cells: Iterable[int], near: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the groups of cells that hang together by their sides."""
    left = set(cells)
    found = []
    for start in sorted(left):
        if start not in left:
            continue
        left.remove(start)
        group = [start]
        for cell in group:
            for other in near[cell]:
                if other in left:
                    left.remove(other)
                    group.append(other)
        found.append(group)
    return found


def edge(group: Sequence[int], near: Sequence[Sequence[int]]) -> list[int]:
    """Return the cells outside a group that touch it."""
    inside = set(group)
    return sorted({other for cell in group for other in near[cell]} - inside)


def join(found: Sequence[Sequence[int]], near: Sequence[Sequence[int]], sign: int = 1) -> list[list[int]]:
    """Return clauses that the groups of shaded cells (``sign`` -1: unshaded) break by being more than one.

    A path from a cell of a group to a cell of another leaves the group by a cell of its edge.
    """
    if len(found) < 2:
        return []
    largest = max(found, key=len)
    cuts = []
    for group in found:
        if group is not largest:
            way_out = [sign * (cell + 1) for cell in edge(group, near)]
            cuts.append([-sign * (group[0] + 1), -sign * (largest[0] + 1), *way_out])
    return cuts


def draw_sea(rng: random.Random, rows: int, columns: int, largest: int) -> set[int]:
    """Return a random connected set of cells without a 2x2 square; no group of other cells has more than ``largest``.

    Starts with all cells and takes some out of full squares; a dead end raises ``Redraw``.
    """
    near = touching(rows, columns)
    board = set(range(rows * columns))
    sea = set(board)
    full = squares(rows, columns)
    while full := [block for block in full if sea.issuperset(block)]:
        cells = sorted({cell for block in full for cell in block})
        for cell in rng.sample(cells, len(cells)):
            land = groups((board - sea) | {cell}, near)
            if max(map(len, land)) <= largest and len(groups(sea - {cell}, near)) == 1:
                sea.remove(cell)
                break
        else:
            raise Redraw
    return sea


def show(model: Model, rng: random.Random, truth: Sequence[int], hidden: Iterable[int], most: int) -> set[int] | None:
    """Return the hidden cells that have to be shown for the solution to be the only one; None if more than ``most``.

    ``truth`` holds for each cell the literal that says what the solution has there; the model knows the cells that are
    shown already. Only yes and no of the solver count, so any solver shows the same cells.
    """
    hidden = list(hidden)
    everything = [truth[cell] for cell in hidden]
    shown: list[int] = []
    if model.only(everything):
        return set()
    for cell in rng.sample(hidden, len(hidden)):
        known = [truth[other] for other in shown]
        if model.satisfiable([*known, -truth[cell]]):
            shown.append(cell)
            if len(shown) > most:
                return None
            if model.only(everything, [*known, truth[cell]]):
                break
    return set(shown)


def least_view(board: Sequence[Sequence[Any]], rename: Callable[[list[list[Any]]], Any] = list) -> Any:
    """Return the least of a board's views, turned and mirrored: equal for boards that are the same puzzle.

    ``rename`` turns a view into what is compared, where names on the board may be exchanged too.
    """
    views = []
    view = [list(line) for line in board]
    for _ in range(4):
        views += [rename(view), rename([line[::-1] for line in view])]
        view = [list(line) for line in zip(*view[::-1], strict=True)]
    return min(views)
