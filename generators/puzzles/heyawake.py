"""Heyawake with exactly one solution: shade cells of rectangular rooms and keep the rest connected, 4x4 to 12x12.

Example (level 2)::

    A A B B     ? ? ? .     A 0, B 1, C 1, D 1, F 1
    C D B B     ? ? ? ?
    C D E E     ? ? ? ?
    C D F F     ? ? . ?

What is right: every shading that keeps what is shown and the rules; a SAT solver proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import comb
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._regions import NAMES
from gradarium.generators.puzzles._shading import groups, join, least_view, show, touching
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the board."""
    columns: int
    """Columns of the board."""
    room: int
    """Most cells of a room; rooms of more are cut in two."""
    numbers: int
    """Percentage of the rooms that have a number."""
    shown: int
    """Percentage of the cells that are shown, before more are shown for uniqueness."""
    more: int
    """Percentage of the cells that may be shown for uniqueness."""


LEVELS = [
    Params(4, 4, 5, 80, 75, 20),
    Params(4, 4, 5, 80, 40, 20),
    Params(4, 4, 5, 80, 10, 20),
    Params(5, 5, 6, 80, 0, 20),
    Params(6, 6, 7, 75, 0, 20),
    Params(7, 7, 8, 75, 0, 20),
    Params(9, 9, 9, 70, 0, 20),
    Params(12, 12, 9, 70, 0, 20),
]


def _rooms(rng: random.Random, params: Params) -> list[str]:
    """Cut the board along lines until no room is too large; return a letter for each cell."""
    open_rooms = [(0, 0, params.rows, params.columns)]
    rooms = []
    while open_rooms:
        top, left, height, width = open_rooms.pop()
        if height * width <= params.room and max(height, width) <= 4:
            rooms.append((top, left, height, width))
        elif rng.random() * (height + width - 2) < height - 1:  # more often across the longer side
            cut = rng.randint(1, height - 1)
            open_rooms += [(top, left, cut, width), (top + cut, left, height - cut, width)]
        else:
            cut = rng.randint(1, width - 1)
            open_rooms += [(top, left, height, cut), (top, left + cut, height, width - cut)]
    if not 1 < len(rooms) <= len(NAMES):
        raise Redraw
    owner = [""] * (params.rows * params.columns)
    for name, (top, left, height, width) in zip(NAMES, sorted(rooms), strict=False):
        for r in range(top, top + height):
            for c in range(left, left + width):
                owner[r * params.columns + c] = name
    return owner


def _windows(owner: list[str], rows: int, columns: int) -> list[list[int]]:
    """Return the least straight lines of cells that touch three rooms: one cell, a whole room's width, one cell."""
    lines = [[r * columns + c for c in range(columns)] for r in range(rows)]
    lines += [[r * columns + c for r in range(rows)] for c in range(columns)]
    windows = []
    for line in lines:
        starts = [k for k in range(1, len(line)) if owner[line[k]] != owner[line[k - 1]]]
        windows += [line[a - 1 : b + 1] for a, b in pairwise(starts)]
    return windows


def _draw(rng: random.Random, rows: int, columns: int, near: list[list[int]], windows: list[list[int]]) -> set[int]:
    """Shade cells until no line touches three rooms, then some more; where none can be shaded, clear a place."""
    shaded: set[int] = set()
    board = set(range(rows * columns))
    steps = [(dr, dc) for dr in (-1, 1) for dc in (-1, 1)]
    corners = [
        [(r + dr) * columns + c + dc for dr, dc in steps if 0 <= r + dr < rows and 0 <= c + dc < columns]
        for r in range(rows)
        for c in range(columns)
    ]

    def shade(cell: int) -> bool:
        if cell in shaded or any(other in shaded for other in near[cell]):
            return False
        # Only a chain of shaded corners that begins and ends at the border, or at itself, can cut the rest in two.
        contacts = sum(other in shaded for other in corners[cell]) + (len(near[cell]) < 4)
        if contacts > 1 and len(groups(board - shaded - {cell}, near)) > 1:
            return False
        shaded.add(cell)
        return True

    for _ in range(4 * len(near)):
        broken = [window for window in windows if shaded.isdisjoint(window)]
        if not broken:
            break
        window = rng.choice(broken)
        if not any(shade(cell) for cell in rng.sample(window, len(window))):
            cell = rng.choice(window)
            shaded.difference_update(near[cell], corners[cell])
            shade(cell)
    else:
        raise Redraw
    for cell in rng.sample(range(len(near)), len(near) // 3):
        shade(cell)
    return shaded


def _model(near: list[list[int]], windows: list[list[int]], rooms: list[tuple[list[int], int]]) -> Model:
    """Return the rules: all but connectivity as clauses."""

    def cut(found: list[int]) -> list[list[int]]:
        return join(groups([-literal - 1 for literal in found if -len(near) <= literal < 0], near), near, -1)

    model = Model(cut)
    literals = model.new(len(near))
    for cell, others in enumerate(near):
        for other in others:
            if cell < other:
                model.add(-literals[cell], -literals[other])
    for window in windows:
        model.add(*(literals[cell] for cell in window))
    for cells, number in rooms:
        model.exactly(number, [literals[cell] for cell in cells])
    return model


def canonical(payload: Mapping[str, Any]) -> object:
    """Take the least of the eight views, with the rooms named in the order of the view."""

    def rename(view: list[list[tuple[str, str]]]) -> list[list[str]]:
        names: dict[str, str] = {}
        return [
            [f"{names.setdefault(a, str(len(names)))} {payload['numbers'].get(a, '')} {mark}" for a, mark in line]
            for line in view
        ]

    both = zip(payload["regions"], payload["shown"], strict=True)
    return least_view([list(zip(*lines, strict=True)) for lines in both], rename)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the shading of the answer, or what is shown, with each room's number in its first unshaded cell."""
    regions = payload["regions"]
    grid = read_grid(answer, len(regions), len(regions[0]), "#.") or payload["shown"]
    left = {name: str(number) for name, number in payload["numbers"].items()}
    return [
        ["#" if mark == "#" else left.pop(name, "." if mark == "." else " ") for name, mark in zip(*lines, strict=True)]
        for lines in zip(regions, grid, strict=True)
    ]


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.04, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw rooms and a shading, number some rooms and show cells until it is the only one."""
    rows, columns = params.rows, params.columns
    size = rows * columns
    near = touching(rows, columns)
    owner = _rooms(rng, params)
    windows = _windows(owner, rows, columns)
    shaded = _draw(rng, rows, columns, near, windows)
    names = sorted(set(owner), key=NAMES.index)
    rooms = {name: [cell for cell in range(size) if owner[cell] == name] for name in names}
    numbers = {
        name: sum(cell in shaded for cell in rooms[name])
        for name in sorted(rng.sample(names, -(-len(names) * params.numbers // 100)), key=NAMES.index)
    }
    truth = [cell + 1 if cell in shaded else -(cell + 1) for cell in range(size)]
    shown = set(rng.sample(range(size), size * params.shown // 100))
    hidden = [cell for cell in range(size) if cell not in shown]
    with _model(near, windows, [(rooms[name], number) for name, number in numbers.items()]) as model:
        for cell in sorted(shown):
            model.add(truth[cell])
        more = show(model, rng, truth, hidden, size * params.more // 100)
    if more is None or len(more) == len(hidden):
        raise Redraw
    shown |= more
    marks = ["#" if cell in shaded else "." for cell in range(size)]
    starts = range(0, size, columns)
    seen = ["".join(marks[i] if i in shown else "?" for i in range(start, start + columns)) for start in starts]
    ways = sum(
        comb(sum(cell not in shown for cell in cells), numbers[name] - len(shaded & shown & set(cells)))
        for name, cells in rooms.items()
        if name in numbers
    )
    text = "Rooms:\n" + "\n".join(" ".join(owner[start : start + columns]) for start in starts)
    text += "\n\nNumbers: " + ", ".join(f"{name} {number}" for name, number in numbers.items())
    if shown:
        text += "\n\nKnown cells (# shaded, a dot not shaded, ? to decide):\n" + "\n".join(seen)
    question = (
        f"Solve this Heyawake puzzle. The board has {rows} rows and {columns} columns and is divided into rectangular "
        "rooms; cells with the same letter are one room (capital and small letters differ). Shade some of the cells.\n"
        "- Two shaded cells never share a side; they may touch at a corner.\n"
        "- All cells that are not shaded hang together by sides: they form one group.\n"
        "- A room with a number holds exactly that many shaded cells. A room without a number holds any number of "
        "them, none too.\n"
        "- A straight line of neighbouring unshaded cells, along a row or a column, never reaches into three rooms: it "
        "crosses at most one border between rooms.\n\n"
        f"There is exactly one solution.\n\n{text}\n\n"
        f"Answer with the complete board: {rows} lines of {columns} characters, # for a shaded cell and a dot for any "
        "other."
    )
    return Draft(
        question=question,
        payload={
            "regions": ["".join(owner[start : start + columns]) for start in starts],
            "numbers": numbers,
            "shown": seen,
        },
        reference="\n".join("".join(marks[start : start + columns]) for start in starts),
        # Shaded cells side by side are never right.
        example="\n".join(("##" if r == 0 else ".#" if r % 2 else "#.").ljust(columns, ".") for r in range(rows)),
        brief=text,
        certificate={"unique": True, "effort": size - len(shown) + len(windows) + ways},
    )
