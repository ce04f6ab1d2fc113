"""Dominosa with exactly one solution: find the full set of dominoes in a board of numbers, from 4x5 to 10x11.

Example (level 0)::

    1 0 0 1 2     ? R L D D
    2 3 3 3 2     ? R L U U
    1 1 1 0 3     R L R L D
    0 3 2 0 2     ? ? ? ? U

What is right: every cutting into dominoes that keeps what is shown and uses each pair once; the search proves that
there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._shading import least_view
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    highest: int
    """The set holds each pair of numbers from 0 to this once; the board has highest + 1 rows and one column more."""
    shown: int
    """Percentage of the dominoes that are shown from the start."""
    more: int
    """Percentage of the dominoes that may be shown on top of them to make the solution the only one."""


LEVELS = [
    Params(3, 70, 20),
    Params(3, 30, 20),
    Params(3, 0, 30),
    Params(4, 0, 27),
    Params(5, 0, 24),
    Params(6, 0, 22),
    Params(7, 0, 20),
    Params(9, 0, 15),
]


class Search:
    """Exact cover by depth-first search: each cell and each pair is covered by one place for a domino."""

    def __init__(self, rows: int, columns: int) -> None:
        cells = range(rows * columns)
        self.places = [(i, i + 1) for i in cells if (i + 1) % columns]
        self.places += [(i, i + columns) for i in cells if i + columns < rows * columns]
        self.at = [sum(1 << p for p, place in enumerate(self.places) if i in place) for i in cells]
        self.nodes = 0

    def tile(self, rng: random.Random) -> list[int]:
        """Return the places of a random tiling, whatever the numbers.

        Turning two dominoes that form a square leads from any tiling to any other; many turns make all about as likely.
        """
        chosen = self._solve([], [], 1, rng)[0]
        marks = _marks(self.places, chosen, len(self.at))
        columns = self.places[-1][1] - self.places[-1][0]
        for _ in range(8 * len(marks)):
            i = rng.randrange(len(marks) - columns - 1)
            square = i, i + 1, i + columns, i + columns + 1
            turned = {"RLRL": "DDUU", "DDUU": "RLRL"}.get("".join(marks[cell] for cell in square))
            if turned and (i + 1) % columns:
                for cell, mark in zip(square, turned, strict=True):
                    marks[cell] = mark
        return [p for p, (a, b) in enumerate(self.places) if marks[a] == ("R" if b == a + 1 else "D")]

    def solve(self, numbers: list[int], fixed: list[int], most: int) -> list[list[int]]:
        """Return the solutions that hold the fixed places: at most ``most``."""
        pairs: dict[tuple[int, int], int] = {}
        for p, (a, b) in enumerate(self.places):
            pair = min(numbers[a], numbers[b]), max(numbers[a], numbers[b])
            pairs[pair] = pairs.get(pair, 0) | 1 << p
        return self._solve(list(pairs.values()), fixed, most, None)

    def _solve(self, pairs: list[int], fixed: list[int], most: int, rng: random.Random | None) -> list[list[int]]:
        of = {p: mask for mask in pairs for p in range(len(self.places)) if mask >> p & 1}
        clash = [self.at[a] | self.at[b] | of.get(p, 0) for p, (a, b) in enumerate(self.places)]
        found: list[list[int]] = []

        def step(free: int, needs: list[int], chosen: list[int]) -> None:
            self.nodes += 1
            best, fewest = 0, 999
            for need in needs:
                count = (need & free).bit_count()
                if count < fewest:
                    best, fewest = need & free, count
                    if not count:
                        return
            if not needs:
                found.append(chosen)
                return
            options = [p for p in range(best.bit_length()) if best >> p & 1]
            if rng:
                rng.shuffle(options)
            for p in options:
                left = [need for need in needs if not need >> p & 1]
                step(free & ~clash[p], left, [*chosen, p])
                if len(found) >= most:
                    return

        free, needs = (1 << len(self.places)) - 1, [*self.at, *pairs]
        for p in fixed:
            free &= ~clash[p]
            needs = [need for need in needs if not need >> p & 1]
        step(free, needs, list(fixed))
        return found


def _marks(places: list[tuple[int, int]], chosen: list[int], cells: int) -> list[str]:
    """Return for each cell the side on which its other half lies."""
    marks = ["?"] * cells
    for p in chosen:
        a, b = places[p]
        marks[a], marks[b] = "RL" if b == a + 1 else "DU"
    return marks


def canonical(payload: Mapping[str, Any]) -> object:
    """Take the least of the eight views, with numbers and known dominoes named in the order of the view."""

    def rename(view: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
        numbers: dict[int, int] = {}
        dominoes = {-1: -1}
        return [
            [(numbers.setdefault(a, len(numbers)), dominoes.setdefault(b, len(dominoes))) for a, b in line]
            for line in view
        ]

    columns = len(payload["shown"][0])
    back = {"R": 0, "D": 0, "L": 1, "U": columns}  # the upper or left half names the domino
    halves = [
        [r * columns + c - back.get(mark, 0) if mark != "?" else -1 for c, mark in enumerate(line)]
        for r, line in enumerate(payload["shown"])
    ]
    return least_view(
        [list(zip(*lines, strict=True)) for lines in zip(payload["numbers"], halves, strict=True)], rename
    )


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the numbers with borders between the halves that the answer does not join."""
    numbers = payload["numbers"]
    rows, columns = len(numbers), len(numbers[0])
    marks = read_grid(answer, rows, columns, "UDLR") or payload["shown"]
    drawn = [[" "] * (2 * columns + 1) for _ in range(2 * rows + 1)]
    for r in range(rows):
        for c in range(columns):
            drawn[2 * r + 1][2 * c + 1] = str(numbers[r][c])
            if marks[r][c] != "?":
                for mark, dr, dc in (("U", -1, 0), ("D", 1, 0), ("L", 0, -1), ("R", 0, 1)):
                    if marks[r][c] != mark:
                        drawn[2 * r + 1 + dr][2 * c + 1 + dc] = "-" if dr else "|"
    for r in range(0, 2 * rows + 1, 2):
        drawn[r][::2] = ["+"] * (columns + 1)
    return drawn


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.05, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Deal the set onto a random tiling; show dominoes where the numbers allow a second tiling."""
    n = params.highest
    rows, columns = n + 1, n + 2
    search = Search(rows, columns)
    truth = search.tile(rng)
    pairs = [(a, b) for b in range(n + 1) for a in range(b + 1)]
    rng.shuffle(pairs)
    numbers = [0] * (rows * columns)
    for p, pair in zip(truth, pairs, strict=True):
        a, b = search.places[p]
        numbers[a], numbers[b] = pair if rng.random() < 0.5 else pair[::-1]
    shown = rng.sample(sorted(truth), len(truth) * params.shown // 100)
    for _ in range(len(truth) * params.more // 100 + 1):
        search.nodes = 0
        both = search.solve(numbers, shown, 2)
        if len(both) == 1:
            break
        # The search is our own, so the second solution that it finds is the same on every machine.
        other = both[0] if set(both[0]) != set(truth) else both[1]
        shown.append(rng.choice(sorted(set(truth) - set(other))))
    else:
        raise Redraw
    marks = _marks(search.places, truth, rows * columns)
    seen = _marks(search.places, shown, rows * columns)

    def lines(words: list[str], gap: str) -> list[str]:
        return [gap.join(words[start : start + columns]) for start in range(0, rows * columns, columns)]

    # One of rows and columns is even, so rows of flat dominoes leave no cell over but a last column.
    flat = ["R", "L"] * (columns // 2)
    grid = [flat if columns % 2 == 0 else [*flat, "U" if r % 2 else "D"] for r in range(rows)]
    if [mark for line in grid for mark in line] == marks:
        raise Redraw
    text = "\n".join(lines([str(number) for number in numbers], " "))
    if shown:
        text += "\n\nKnown halves (? to decide):\n" + "\n".join(lines(seen, " "))
    question = (
        f"Solve this Dominosa puzzle. A full set of dominoes, each pair of numbers from 0 to {n} exactly once (doubles "
        f"such as 0 0 too; 1 2 and 2 1 are the same domino), was laid on a board of {rows} rows and {columns} columns, "
        "and then the borders between the dominoes were lost. A domino covers two cells that share a side, and every "
        "cell is covered by exactly one domino. Find the dominoes.\n\n"
        "For each cell, state on which side of it the other half of its domino lies: U above, D below, L to the left, "
        f"R to the right. There is exactly one solution.\n\n{text}\n\n"
        f"Answer with the complete board: {rows} lines of {columns} letters."
    )
    return Draft(
        question=question,
        payload={
            "numbers": [numbers[start : start + columns] for start in range(0, rows * columns, columns)],
            "shown": lines(seen, ""),
        },
        reference="\n".join(lines(marks, " ")),
        example="\n".join(" ".join(line) for line in grid),
        brief=text,
        certificate={"unique": True, "effort": search.nodes * len(truth)},
    )
