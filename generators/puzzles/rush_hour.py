"""Rush hour: free car A within a number of moves, from two moves on a 4x4 board to eleven and more on 6x6.

Example (level 1, at most 4 moves)::

    . . B .
    A A B .
    . . C C
    . . . .

What is right: every sequence of legal moves, not longer than allowed, after which car A stands at the right edge, here
``C -1, C -1, B +2, A +2``, and ``B +2`` is not legal before car C has moved. A breadth-first search over all positions
that can be reached gives the shortest length.
Version history: 0 first.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.rush_hour import drive, read_moves


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    side: int
    """Rows and columns of the board."""
    cars: int
    """Cars, A counted."""
    fewest: int
    """Moves of the shortest solution, at least."""
    most: int
    """Moves of the shortest solution, at most."""
    slack: int
    """Moves that are allowed beyond the shortest solution."""


LEVELS = [
    Params(4, 3, 2, 2, 2),
    Params(4, 4, 3, 4, 2),
    Params(5, 6, 4, 5, 2),
    Params(6, 7, 5, 6, 2),
    Params(6, 9, 6, 7, 1),
    Params(6, 10, 7, 8, 1),
    Params(6, 12, 9, 10, 0),
    Params(6, 12, 11, 40, 0),
]

MOST_STATES = 2_500
"""A draw from which more positions can be reached is given up."""

NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Traffic:
    """Cars on their lines; a car is (line, whether the line is a row, length).

    A state is one number: three bits for each car, its place on its line, from 0.
    """

    def __init__(self, side: int, cars: list[tuple[int, bool, int]]) -> None:
        self.side = side
        self.cars = cars
        self.masks = [
            [
                sum(1 << (line * side + at + i if across else (at + i) * side + line) for i in range(length))
                for at in range(side - length + 1)
            ]
            for line, across, length in cars
        ]
        self.last = side - 2
        """Place of car A where it is free."""

    def taken(self, state: int) -> int:
        """Return the cells under cars as a bit mask."""
        return sum(masks[state >> 3 * car & 7] for car, masks in enumerate(self.masks))

    def moves(self, state: int, taken: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield (car, steps, state after it, cells under cars after it) of every legal move."""
        for car, masks in enumerate(self.masks):
            at = state >> 3 * car & 7
            others = taken ^ masks[at]
            for places in (range(at + 1, len(masks)), range(at - 1, -1, -1)):
                for place in places:
                    if masks[place] & others:
                        break
                    yield car, place - at, state + ((place - at) << 3 * car), others | masks[place]

    def reached(self, start: int) -> dict[int, int]:
        """Return state -> cells under cars for all states that can be reached; none if there are too many."""
        known = {start: self.taken(start)}
        todo = [start]
        while todo:
            state = todo.pop()
            taken = known[state]
            for car, masks in enumerate(self.masks):  # single steps reach as much as long moves
                at = state >> 3 * car & 7
                others = taken ^ masks[at]
                for place in (at - 1, at + 1):
                    if 0 <= place < len(masks) and not masks[place] & others:
                        after = state + ((place - at) << 3 * car)
                        if after not in known:
                            known[after] = others | masks[place]
                            todo.append(after)
            if len(known) > MOST_STATES:
                return {}
        return known

    def distances(self, start: int) -> dict[int, int]:
        """Return how many moves each reachable state is away from a solved one; none if there are too many states."""
        known = self.reached(start)
        layer = [state for state in known if state & 7 == self.last]
        away = dict.fromkeys(layer, 0)
        while layer:
            following = []
            for state in layer:
                further = away[state] + 1
                for _, _, after, _ in self.moves(state, known[state]):
                    if after not in away:
                        away[after] = further
                        following.append(after)
            layer = following
        return away

    def rows(self, state: int, names: Sequence[str]) -> list[str]:
        """Return the board with these letters for the cars."""
        text = ["."] * self.side**2
        for name, at in zip(names, self.cells(state), strict=True):
            for i in at:
                text[i] = name
        return ["".join(text[r : r + self.side]) for r in range(0, len(text), self.side)]

    def cells(self, state: int) -> list[list[int]]:
        """Return the cells under every car."""
        masks = [masks[state >> 3 * car & 7] for car, masks in enumerate(self.masks)]
        return [[i for i in range(self.side**2) if mask >> i & 1] for mask in masks]


def park(rng: random.Random, side: int, count: int) -> tuple[Traffic, int]:
    """Put cars on random free cells, car A in a row of its own direction and the next ones across its way."""
    row = rng.randrange(side)
    place = rng.randrange(2)
    cars, state = [(row, True, 2)], place
    taken = {row * side + place, row * side + place + 1}
    for _ in range(20 * count):
        if len(cars) == count:
            break
        length = 3 if side > 4 and rng.random() < 0.35 else 2
        across = rng.random() < 0.5
        line, at = rng.randrange(side), rng.randrange(side - length + 1)
        if len(cars) < 2 + (count > 6):
            across = False
            if not at <= row < at + length or line < place + 2:
                continue
        cells = {line * side + at + i if across else (at + i) * side + line for i in range(length)}
        if cells & taken or (across and line == row):
            continue
        taken |= cells
        state |= at << 3 * len(cars)
        cars.append((line, across, length))
    else:
        raise Redraw
    return Traffic(side, cars), state


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the names of the cars, and identify boards that are mirrored from top to bottom."""
    forms = []
    for rows in (payload["board"], payload["board"][::-1]):
        names = {".": ".", "A": "A"}
        for char in "".join(rows):
            names.setdefault(char, NAMES[len(names) - 1])
        forms.append(["".join(names[char] for char in row) for row in rows])
    return [min(forms), payload["moves"]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the board after the moves, or as it was where they cannot be made."""
    rows = payload["board"]
    end = drive(rows, read_moves(answer) or [])
    if isinstance(end, tuple):
        return [list(row) for row in rows]
    cells = {cell: car for car, places in end.items() for cell in places}
    return [[cells.get((r, c), ".") for c in range(len(rows[0]))] for r in range(len(rows))]


@task(
    levels=LEVELS,
    tags={"classic", "sequential"},
    chance=0.05,
    canonical=canonical,
    board=board,
    slow="searches all positions that can be reached for one of the wanted distance",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Park cars at random and take a position of the wanted distance among all that can be reached."""
    traffic, state = park(rng, params.side, params.cars)
    away = traffic.distances(state)
    far = sorted(s for s, moves in away.items() if params.fewest <= moves <= params.most)
    if not far:
        raise Redraw
    most = max(away[s] for s in far)
    start = rng.choice([s for s in far if away[s] == most])
    # The letters are drawn: were they given in order, a few short answers would be right for many boards.
    names = ["A", *rng.sample(NAMES[1:], params.cars - 1)]
    rows = traffic.rows(start, names)
    closer, way = start, []
    while away[closer]:
        options = [m for m in traffic.moves(closer, traffic.taken(closer)) if away[m[2]] < away[closer]]
        car, steps, closer, _ = min(options)
        way.append(f"{names[car]} {steps:+d}")
    limit = most + params.slack
    car, steps, _, _ = min(traffic.moves(start, traffic.taken(start)))
    picture = "\n".join(" ".join(row) for row in rows)
    row = traffic.cars[0][0] + 1
    question = (
        f"Rush hour on a board of {params.side} rows and {params.side} columns. Each letter is a car of two or three "
        "cells; a dot is an empty cell. Cars move along their own direction only, forward or backward: a car that "
        "lies in a row moves to the left or right, a car that lies in a column moves up or down. Bring car A, which "
        f"lies in row {row}, to the right edge, so that it covers the last cell of its row, in at most {limit} "
        "moves.\n\n"
        f"{picture}\n\n"
        "One move takes one car any number of cells in one direction; all cells that it passes or enters must be "
        "empty, and no car leaves the board. Write a move as the letter of the car and the number of cells with a "
        "sign: + to the right or down, - to the left or up.\n\n"
        "Answer with the moves in order, separated by commas."
    )
    return Draft(
        question=question,
        payload={"board": rows, "moves": limit},
        reference=", ".join(way),
        example=f"{names[car]} {steps:+d}, {names[car]} {-steps:+d}",
        brief=f"{limit} moves\n{picture}",
        certificate={"optimal": most, "effort": most * len(away)},
    )
