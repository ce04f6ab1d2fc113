"""Thermometers with exactly one solution: fill each from its bulb to match the counts, from 3x3 to 10x10.

Example (level 1)::

    A1 B1 B2     rows 2 0 2
    A2 A3 C1     columns 1 2 1
    D2 D1 C2     A2 is empty

What is right: every filling that keeps what is shown, the counts and the rules; the search proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._regions import NAMES
from gradarium.generators.puzzles._shading import least_view, touching
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the board."""
    columns: int
    """Columns of the board."""
    longest: int
    """Most cells of a thermometer."""
    shown: int
    """Percentage of the cells that are shown from the start."""
    more: int
    """Most cells that may be shown on top of them to make the solution the only one."""


LEVELS = [
    Params(3, 3, 3, 60, 1),
    Params(3, 3, 3, 20, 1),
    Params(4, 4, 4, 10, 2),
    Params(5, 5, 4, 0, 2),
    Params(6, 6, 5, 0, 2),
    Params(7, 7, 6, 0, 3),
    Params(8, 8, 7, 0, 3),
    Params(10, 10, 8, 0, 5),
]


class Search:
    """Depth-first search over the bounds of each thermometer's filling; lines narrow the bounds."""

    def __init__(self, paths: list[list[int]], rows: int, columns: int) -> None:
        self.paths = paths
        self.nodes = 0
        lines: list[dict[int, list[int]]] = [{} for _ in range(rows + columns)]
        self.lines_of: list[list[int]] = []
        for t, path in enumerate(paths):
            for place, cell in enumerate(path):
                for line in (cell // columns, rows + cell % columns):
                    lines[line].setdefault(t, []).append(place)
            self.lines_of.append([i for i, line in enumerate(lines) if t in line])
        self.lines = [list(line.items()) for line in lines]

    def solve(self, counts: list[int], low: list[int], high: list[int], most: int) -> list[list[int]]:
        """Return the fillings within the bounds that match the counts of rows and columns: at most ``most``."""
        found: list[list[int]] = []

        def step(low: list[int], high: list[int], open_lines: list[int]) -> None:
            self.nodes += 1
            if not self._narrow(counts, low, high, open_lines):
                return
            wide = [(high[t] - low[t], t) for t in range(len(low)) if low[t] < high[t]]
            if not wide:
                found.append(low)
                return
            _, t = min(wide)
            for level in range(low[t], high[t] + 1):
                below, above = list(low), list(high)
                below[t] = above[t] = level
                step(below, above, list(self.lines_of[t]))
                if len(found) >= most:
                    return

        step(list(low), list(high), list(range(len(counts))))
        return found

    def _narrow(self, counts: list[int], low: list[int], high: list[int], open_lines: list[int]) -> bool:
        """Tighten the bounds until no line has more to say; False if a line cannot be matched."""
        while open_lines:
            line = open_lines.pop()
            self.nodes += 1
            sure = maybe = 0
            free = []
            for t, places in self.lines[line]:
                mine = []
                for place in places:
                    if place < low[t]:
                        sure += 1
                    elif place < high[t]:
                        mine.append(place)
                if mine:
                    free.append((t, mine))
                    maybe += len(mine)
            slack = counts[line] - sure
            if slack < 0 or slack > maybe:
                return False
            for t, mine in free:
                before = low[t], high[t]
                if len(mine) > slack:
                    high[t] = mine[slack]
                needed = slack - (maybe - len(mine))
                if needed > 0:
                    low[t] = max(low[t], mine[needed - 1] + 1)
                if (low[t], high[t]) != before:
                    if low[t] > high[t]:
                        return False
                    open_lines += [i for i in self.lines_of[t] if i not in open_lines]
        return True


def _paths(rng: random.Random, params: Params) -> list[list[int]]:
    """Cover the board with random paths; a cell that is left over lengthens a path it can be put behind."""
    near = touching(params.rows, params.columns)
    free = set(range(len(near)))
    paths: list[list[int]] = []
    while free:
        fewest = min(sum(n in free for n in near[cell]) for cell in free)
        path = [rng.choice(sorted(c for c in free if sum(n in free for n in near[c]) == fewest))]
        length = rng.randint(2, params.longest)
        free.remove(path[0])
        while len(path) < length and (ways := [n for n in near[path[-1]] if n in free]):
            path.append(rng.choice(ways))
            free.remove(path[-1])
        if len(path) > 1:
            paths.append(path if rng.random() < 0.5 else path[::-1])
            continue
        for other in rng.sample(paths, len(paths)):
            if len(other) < params.longest and other[-1] in near[path[0]]:
                other.append(path[0])
                break
        else:
            raise Redraw
    return sorted(paths, key=min)


def canonical(payload: Mapping[str, Any]) -> object:
    """Take the least of the eight views, with the counts on all sides and the letters in the order of the view."""

    def rename(view: list[list[str]]) -> list[list[str]]:
        names: dict[str, str] = {}
        return [
            [f"{names.setdefault(word[0], str(len(names)))}-{word[1:]}" if word[0].isalpha() else word for word in line]
            for line in view
        ]

    ends = ["+", *map(str, payload["columns"]), "+"]
    lines = zip(payload["cells"], payload["shown"], map(str, payload["rows"]), strict=True)
    middle = [[count, *(n + s for n, s in zip(names, seen, strict=True)), count] for names, seen, count in lines]
    return least_view([ends, *middle, ends], rename)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the filled cells of the answer over the thermometers' names, or what is shown."""
    cells = payload["cells"]
    grid = read_grid(answer, len(cells), len(cells[0]), "#.") or payload["shown"]
    return [
        ["#" if mark == "#" else word for word, mark in zip(*lines, strict=True)]
        for lines in zip(cells, grid, strict=True)
    ]


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.06, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw thermometers and fillings; show cells where two fillings match the counts."""
    rows, columns = params.rows, params.columns
    paths = _paths(rng, params)
    if len(paths) > len(NAMES):
        raise Redraw
    levels = [rng.randint(0, len(path)) for path in paths]
    filled = {cell for path, level in zip(paths, levels, strict=True) for cell in path[:level]}
    counts = [sum(cell // columns == r for cell in filled) for r in range(rows)]
    counts += [sum(cell % columns == c for cell in filled) for c in range(columns)]
    places = {cell: (t, place) for t, path in enumerate(paths) for place, cell in enumerate(path)}
    shown = set(rng.sample(range(rows * columns), rows * columns * params.shown // 100))
    search = Search(paths, rows, columns)
    for _ in range(params.more + 1):
        low, high = [0] * len(paths), [len(path) for path in paths]
        for cell in shown:
            t, place = places[cell]
            if cell in filled:
                low[t] = max(low[t], place + 1)
            else:
                high[t] = min(high[t], place)
        search.nodes = 0
        both = search.solve(counts, low, high, 2)
        if len(both) == 1:
            break
        # The search is our own, so the second solution that it finds is the same on every machine.
        other = both[0] if both[0] != levels else both[1]
        wrong = [t for t in range(len(paths)) if other[t] != levels[t]]
        t = rng.choice(wrong)
        shown.add(paths[t][min(other[t], levels[t])])
    else:
        raise Redraw
    marks = ["#" if cell in filled else "." for cell in range(rows * columns)]
    seen = [
        "".join(marks[i] if i in shown else "?" for i in range(r * columns, (r + 1) * columns)) for r in range(rows)
    ]
    if not any("?" in line for line in seen):
        raise Redraw
    words = [[""] * columns for _ in range(rows)]
    for cell, (t, place) in places.items():
        words[cell // columns][cell % columns] = f"{NAMES[t]}{place + 1}"
    text = "\n".join(" ".join(line) for line in words)
    text += f"\n\nFilled cells in each row, from the top: {' '.join(map(str, counts[:rows]))}"
    text += f"\nFilled cells in each column, from the left: {' '.join(map(str, counts[rows:]))}"
    if shown:
        text += "\n\nKnown cells (# filled, a dot empty, ? to decide):\n" + "\n".join(seen)
    question = (
        f"Solve this puzzle of thermometers. The board has {rows} rows and {columns} columns and is covered by "
        "thermometers. A cell is written as the letter of its thermometer and its place there: A1 is the bulb of "
        "thermometer A, A2 the next cell, and so on to the tip; capital and small letters are different thermometers. "
        "Decide which cells are filled.\n"
        "- A thermometer is filled from its bulb on without a gap: where a cell is filled, all lower places of the "
        "same thermometer are filled too. It may be empty, partly filled or full.\n"
        "- Each row and each column has exactly the given number of filled cells.\n\n"
        f"There is exactly one solution.\n\n{text}\n\n"
        f"Answer with the complete board: {rows} lines of {columns} characters, # for a filled cell and a dot for an "
        "empty one."
    )
    example = [("#" * (r % 2 + 1)).ljust(columns, ".") for r in range(rows)]
    if all("".join(marks[r * columns : (r + 1) * columns]) == example[r] for r in range(rows)):
        raise Redraw
    return Draft(
        question=question,
        payload={"cells": words, "rows": counts[:rows], "columns": counts[rows:], "shown": seen},
        reference="\n".join("".join(marks[r * columns : (r + 1) * columns]) for r in range(rows)),
        example="\n".join(example),
        brief=text,
        certificate={"unique": True, "effort": search.nodes + rows * columns - len(shown)},
    )
