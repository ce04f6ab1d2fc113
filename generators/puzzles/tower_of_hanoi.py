"""Move disks between pegs from a random start to a random goal in the fewest moves, from 4 disks and one move to 8.

Example (level 0), the lowest disk first::

    A: 4 2    B: 3 1    C: (empty)   to   A: 4 2 1    B: 3    C: (empty)   in 1

What is right: every way that ends at the goal and has no more moves than the limit, here ``B-A``. A search from both
ends proves that the limit is the fewest moves there are.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.puzzles._search import Steps, shortest
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.tower_of_hanoi import carry, read_carries

NAMES = "ABCDE"


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    disks: int
    """How many disks there are."""
    pegs: int
    """How many pegs there are, from 3 to 5."""
    fewest: int
    """The fewest moves that may be needed."""
    most: int
    """The most moves that may be needed."""


LEVELS = [
    Params(4, 3, 1, 2),
    Params(4, 3, 3, 4),
    Params(5, 3, 5, 7),
    Params(5, 4, 7, 12),
    Params(6, 3, 30, 63),
    Params(7, 3, 50, 127),
    Params(8, 3, 100, 255),
    Params(8, 4, 16, 40),
]


def disk_steps(pegs: int) -> Steps[bytes]:
    """Return the steps of a state, which is the peg of each disk, the smallest first."""

    def steps(state: bytes) -> list[bytes]:
        tops = [state.find(peg) for peg in range(pegs)]
        found = []
        for disk in tops:
            if disk >= 0:
                for peg, top in enumerate(tops):
                    if top < 0 or top > disk:
                        found.append(state[:disk] + bytes((peg,)) + state[disk + 1 :])
        return found

    return steps


def _stacks(state: bytes, pegs: int) -> list[list[int]]:
    """Return the disks of each peg, numbered from 1 for the smallest, the lowest first."""
    return [[disk + 1 for disk in reversed(range(len(state))) if state[disk] == peg] for peg in range(pegs)]


def _lines(stacks: list[list[int]]) -> str:
    return "\n".join(
        f"{name}: {' '.join(map(str, stack)) or '(empty)'}" for name, stack in zip(NAMES, stacks, strict=False)
    )


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the pegs, side by side, after the moves of the answer, up to the first that cannot be made."""
    stacks, _ = carry(payload["start"], (read_carries(answer, len(payload["start"])) or [])[: payload["most"]])
    disks = sum(len(stack) for stack in stacks)
    rows = [[str(stack[i]) if i < len(stack) else " " for stack in stacks] for i in reversed(range(disks))]
    return [*rows, list(NAMES[: len(stacks)])]


@task(levels=LEVELS, tags={"classic", "sequential"}, chance=0.15, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a start and a goal, or for few moves a walk from the start, and search the shortest way."""
    pegs = params.pegs
    if not 3 <= pegs <= len(NAMES):
        raise BadValue("tower_of_hanoi.pegs", pegs, f"must lie between 3 and {len(NAMES)}")
    steps = disk_steps(pegs)
    start = bytes(rng.randrange(pegs) for _ in range(params.disks))
    if params.most < 2 * params.disks:
        goal = start
        for _ in range(rng.randint(params.fewest, params.most)):
            goal = rng.choice([state for state in steps(goal) if state != start])
    else:
        goal = bytes(rng.randrange(pegs) for _ in range(params.disks))
    if start == goal:
        raise Redraw
    way, states = shortest(start, goal, steps, steps)
    if not params.fewest <= len(way) - 1 <= params.most:
        raise Redraw
    moves = []
    for before, after in pairwise(way):
        disk = next(i for i in range(params.disks) if before[i] != after[i])
        moves.append(f"{NAMES[before[disk]]}-{NAMES[after[disk]]}")
    before_, after_ = _stacks(start, pegs), _stacks(goal, pegs)
    example = ["A-B", "C-A", "B-C"]
    ended, problem = carry(before_, [(NAMES.index(move[0]), NAMES.index(move[2])) for move in example])
    if ended == after_ and not problem:
        raise Redraw
    times = "1 move" if len(moves) == 1 else f"{len(moves)} moves"
    return Draft(
        question=f"{params.disks} disks of different sizes, 1 for the smallest to {params.disks} for the largest, lie "
        f"on {pegs} pegs, {', '.join(NAMES[: pegs - 1])} and {NAMES[pegs - 1]}. A move takes the top disk of one peg "
        "and puts it on top of another peg; no disk may lie on a smaller one. Get from the start to the goal in at "
        f"most {times}. The disks of each peg are listed from the lowest to the top one.\n\n"
        f"Start:\n{_lines(before_)}\n\nGoal:\n{_lines(after_)}\n\n"
        "Answer with the moves in order, separated by spaces; A-B moves the top disk of peg A to peg B.",
        payload={"start": before_, "goal": after_, "most": len(moves)},
        reference=" ".join(moves),
        example=" ".join(example),
        brief=f"{_lines(before_)}\nto\n{_lines(after_)}\nin {len(moves)}",
        certificate={"optimal": len(moves), "effort": states},
    )
