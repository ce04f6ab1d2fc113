"""Shortest ways between two states of a puzzle, searched from both ends.

Example: two pieces that change places::

    swap = move_table({0: 1, 1: 0})
    steps = table_steps([[swap], [swap]])
    shortest(bytes([0, 1]), bytes([1, 0]), steps, steps)

Boards are often a ``bytes``: entry ``i`` is the cell of piece ``i``. A move is then a table that sends each cell to the
cell its piece goes to, so that ``board.translate(table)`` makes it.
"""

import random
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

S = TypeVar("S", bound=Hashable)
Steps = Callable[[S], Iterable[S]]
"""A state -> the states one move away, always in the same order."""


def move_table(goes: Mapping[int, int]) -> bytes:
    """Return the table that sends some cells elsewhere and leaves all others."""
    return bytes(goes.get(cell, cell) for cell in range(256))


def inverse(table: bytes) -> bytes:
    """Return the table that takes a move back."""
    return move_table({there: here for here, there in enumerate(table)})


def table_steps(tables: Sequence[Sequence[bytes]]) -> Steps[bytes]:
    """Return the steps by tables; ``tables[cell of piece 0]`` are the moves that are allowed.

    All rows are the same list where no piece is special; piece 0 is the gap of a sliding puzzle.
    """
    return lambda board: [board.translate(table) for table in tables[board[0]]]


def shortest(start: S, goal: S, steps: Steps[S], undo: Steps[S]) -> tuple[list[S], int]:
    """Return the states along one shortest way, both ends included, and how many states were looked at.

    ``undo`` goes one move back. There must be a way. Which of several ways it is depends on nothing but the arguments:
    the search goes layer by layer, the smaller side first, and keeps the first way to each state.
    """
    if start == goal:
        return [start], 1
    sides: list[dict[S, S | None]] = [{start: None}, {goal: None}]
    layers = [[start], [goal]]
    while True:
        side = 0 if len(layers[0]) <= len(layers[1]) else 1
        seen, other, reach = sides[side], sides[1 - side], undo if side else steps
        found: list[S] = []
        for here in layers[side]:
            for there in reach(here):
                if there not in seen:
                    seen[there] = here
                    if there in other:  # no way over fewer layers met, so this one is as short as any
                        return _joined(there, *sides), len(seen) + len(other)
                    found.append(there)
        if not found:
            raise ValueError("there is no way")
        layers[side] = found


def _joined(middle: S, before: Mapping[S, S | None], after: Mapping[S, S | None]) -> list[S]:
    way = [middle]
    while (state := before[way[-1]]) is not None:
        way.append(state)
    way.reverse()
    while (state := after[way[-1]]) is not None:
        way.append(state)
    return way


def shorten(way: list[S], steps: Steps[S], undo: Steps[S], window: int) -> tuple[list[S], int]:
    """Replace stretches of a long way by shortest ones; return the new way and how many states were looked at."""
    states = 0
    at = 0
    while at + 2 < len(way):
        part, seen = shortest(way[at], way[min(at + window, len(way) - 1)], steps, undo)
        states += seen
        way = [*way[:at], *part, *way[at + window + 1 :]]
        at += max(1, window // 2)
    return way, states


def walk(rng: random.Random, start: S, steps: Steps[S], length: int) -> list[S]:
    """Return a random way of so many moves, none of which takes back the one before."""
    way = [start]
    while len(way) <= length:
        fresh = [state for state in steps(way[-1]) if state not in way[-2:-1]]
        way.append(rng.choice(fresh))
    return way
