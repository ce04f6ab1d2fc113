"""Solve a 2x2x2 cube, given as a net, in the fewest turns of three faces, from one or two turns to eleven.

Example (level 0)::

        W W
        W W
    R R B B O O G G
    O O G G R R B B
        Y Y
        Y Y

What is right: every sequence that makes all six faces of one colour and has no more turns than the limit, here ``U2``.
A search from both ends proves that the limit is the fewest turns there are.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._search import Steps, inverse, move_table, shortest, table_steps, walk
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.rubiks_cube import TURNS, read_turns, turn_faces

COLOURS = "WYROGB"
NET = (
    "       1  2",
    "       3  4",
    " 5  6  9 10 13 14 17 18",
    " 7  8 11 12 15 16 19 20",
    "      21 22",
    "      23 24",
)
"""The places of the stickers; the front face is 9 to 12, above it the upper, below it the lower face."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    scramble: int
    """Random turns that the cube is scrambled with; 0 for as many as are asked for."""
    fewest: int
    """The fewest turns that may be needed."""
    most: int
    """The most turns that may be needed; no cube needs more than 11."""


LEVELS = [
    Params(0, 1, 2),
    Params(0, 2, 2),
    Params(0, 3, 3),
    Params(0, 4, 4),
    Params(0, 5, 5),
    Params(7, 6, 6),
    Params(10, 7, 8),
    Params(30, 9, 11),
]


@cache
def turns() -> tuple[dict[str, bytes], Steps[bytes], Steps[bytes]]:
    """Return the turns by name, as tables of places, and the steps forwards and backwards."""
    moves: dict[str, bytes] = {}
    for face, cycles in TURNS.items():
        goes = {here - 1: there - 1 for cycle in cycles for here, there in pairwise([*cycle, cycle[0]])}
        quarter = move_table(goes)
        moves |= {face: quarter, f"{face}'": inverse(quarter), f"{face}2": quarter.translate(quarter)}
    tables = list(moves.values())
    return moves, table_steps([tables] * 24), table_steps([[inverse(table) for table in tables]] * 24)


def net(colours: str) -> list[list[str]]:
    """Return the cells of the net of 24 colours, blank where there is none."""
    return [
        [colours[int(place) - 1] if (place := line[c : c + 2].strip()) else " " for c in range(0, 23, 3)]
        for line in (line.ljust(23) for line in NET)
    ]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the net after the turns of the answer."""
    return net(turn_faces(payload["net"], (read_turns(answer) or [])[: payload["most"]]))


@task(levels=LEVELS, tags={"classic", "sequential"}, chance=0.08, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Scramble a cube of random colours, then search the shortest way back."""
    moves, steps, undo = turns()
    solved = bytes(range(24))
    start = walk(rng, solved, undo, params.scramble or rng.randint(params.fewest, params.most))[-1]
    way, states = shortest(start, solved, steps, undo)
    if not params.fewest <= len(way) - 1 <= params.most:
        raise Redraw
    answer = [next(name for name, table in moves.items() if a.translate(table) == b) for a, b in pairwise(way)]
    scheme = rng.sample(COLOURS, 6)
    colours = [""] * 24
    for sticker, place in enumerate(start):
        colours[place] = scheme[sticker // 4]
    example = ["U", "R2", "F'"]
    ended = start
    for name in example:
        ended = ended.translate(moves[name])
    if ended == solved:
        raise Redraw
    text = "".join(colours)
    lines = "\n".join(" ".join(row).rstrip() for row in net(text))
    places = "\n".join(line.rstrip() for line in NET)
    cycles = "\n".join(
        f"{face}: " + ", ".join("-".join(map(str, [*cycle, cycle[0]])) for cycle in TURNS[face]) for face in "URF"
    )
    times = "1 turn" if len(answer) == 1 else f"{len(answer)} turns"
    return Draft(
        question="A 2x2x2 cube is unfolded into a net. The 24 places of its stickers have these numbers: 1 to 4 are "
        "the upper face, 5 to 8 the left, 9 to 12 the front, 13 to 16 the right, 17 to 20 the back and 21 to 24 the "
        f"lower face.\n\n{places}\n\nThe turns U, R and F turn the upper, right and front face by 90 degrees "
        "clockwise, as seen when looking at that face. They move the stickers as follows, where 1-2-4-3-1 means that "
        "the sticker at place 1 goes to place 2, that at 2 to 4, that at 4 to 3 and that at 3 to 1; all others stay."
        f"\n\n{cycles}\n\nU', R' and F' are the same turns backwards; U2, R2 and F2 are the turns made twice. Each of "
        f"these nine counts as one turn. The stickers have these colours now:\n\n{lines}\n\n"
        f"Make each of the six faces show a single colour, with at most {times}.\n\n"
        "Answer with the turns in order, separated by spaces.",
        payload={"net": text, "most": len(answer)},
        reference=" ".join(answer),
        example=" ".join(example),
        brief=f"{lines}\nin {len(answer)}",
        certificate={"optimal": len(answer), "effort": states},
    )
