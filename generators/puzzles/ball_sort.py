"""Sort coloured balls into tubes in the fewest moves, from one or two moves to nine colours in eleven tubes.

Example (level 0), the lowest ball first, three balls to a tube::

    1: R R    2: G G R    3: (empty)    4: G

What is right: every way that sorts the balls and has no more moves than the limit, here ``2-1 4-2``. A search with a
lower bound (A*) proves that the limit is the fewest moves there are.
Version history: 0 first.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.ball_sort import is_sorted, pour, read_pours

LETTERS = "RGBYOPWKTM"

Tubes = tuple[str, ...]
"""The balls of each tube, the lowest first."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    colours: int
    """How many colours there are, at most 10."""
    height: int
    """How many balls a tube holds, and how many there are of each colour."""
    spare: int
    """How many tubes there are beyond one for each colour."""
    packed: bool
    """Whether the spare tubes are empty at first; otherwise balls lie in any tubes."""
    fewest: int
    """The fewest moves that may be needed."""
    most: int
    """The most moves that may be needed."""


LEVELS = [
    Params(2, 3, 2, False, 1, 2),
    Params(2, 3, 2, False, 3, 4),
    Params(3, 3, 2, True, 5, 7),
    Params(4, 4, 2, True, 11, 14),
    Params(5, 4, 2, True, 16, 20),
    Params(6, 4, 2, True, 20, 25),
    Params(7, 4, 2, True, 23, 30),
    Params(9, 4, 2, True, 30, 40),
]
MOST_NODES = 6_000
"""A problem whose search takes more is drawn again."""


def at_least(tubes: Tubes) -> int:
    """Return a number of moves below which the tubes cannot be sorted.

    Every ball above one of another colour must move, and of the runs at the bottoms of tubes only one of each colour
    can stay.
    """
    moves = 0
    longest: dict[str, int] = {}
    for tube in tubes:
        if tube:
            run = len(tube) - len(tube.lstrip(tube[0]))
            moves += len(tube)
            longest[tube[0]] = max(run, longest.get(tube[0], 0))
    return moves - sum(longest.values())


def steps(tubes: Tubes, height: int) -> Iterator[tuple[int, int, Tubes]]:
    """Yield (from, to, tubes after it) of each move worth a try: empty tubes are all alike."""
    for i, here in enumerate(tubes):
        if here and here != here[0] * height:
            ball, empty = here[-1], False
            for j, there in enumerate(tubes):
                if i == j or len(there) == height or (there and there[-1] != ball):
                    continue
                if not there:
                    if empty or len(here) == 1:
                        continue
                    empty = True
                after = list(tubes)
                after[i], after[j] = here[:-1], there + ball
                yield i, j, tuple(after)


def sort_balls(tubes: Tubes, height: int) -> tuple[list[tuple[int, int]], int]:
    """Return a shortest way and how many states were looked at; raises Redraw if there is none or it takes long."""
    heap: list[tuple[int, int, int, Tubes]] = [(at_least(tubes), 0, 0, tubes)]
    moves_to = {tuple(sorted(tubes)): 0}
    came: dict[Tubes, tuple[Tubes, int, int]] = {}
    pushed = nodes = 0
    while heap:
        bound, _, behind, here = heappop(heap)
        moves = -behind
        if moves_to[tuple(sorted(here))] < moves:
            continue
        nodes += 1
        if bound == moves:
            way = []
            while here != tubes:
                here, i, j = came[here]
                way.append((i, j))
            return way[::-1], nodes
        if nodes > MOST_NODES:
            raise Redraw
        for i, j, after in steps(here, height):
            key = tuple(sorted(after))
            if moves_to.get(key, moves + 2) > moves + 1:
                moves_to[key] = moves + 1
                came[after] = (here, i, j)
                pushed -= 1
                heappush(heap, (moves + 1 + at_least(after), pushed, -moves - 1, after))
    raise Redraw


def draw_tubes(rng: random.Random, params: Params) -> Tubes:
    """Return balls of random letters in random tubes."""
    letters = rng.sample(LETTERS, params.colours)
    balls = [letter for letter in letters for _ in range(params.height)]
    rng.shuffle(balls)
    tubes = [""] * (params.colours + params.spare)
    for number, ball in enumerate(balls):
        if params.packed:
            place = number // params.height
        else:
            place = rng.choice([i for i, tube in enumerate(tubes) if len(tube) < params.height])
        tubes[place] += ball
    rng.shuffle(tubes)
    return tuple(tubes)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the tubes, side by side, after the moves of the answer, up to the first that cannot be made."""
    tubes, _ = pour(
        payload["tubes"],
        payload["height"],
        (read_pours(answer, len(payload["tubes"])) or [])[: payload["most"]],
    )
    rows = [[tube[i] if i < len(tube) else " " for tube in tubes] for i in reversed(range(payload["height"]))]
    return [*rows, [str(i) for i in range(1, len(tubes) + 1)]]


@task(levels=LEVELS, tags={"classic", "sequential"}, chance=0.06, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw balls in tubes, then prove the fewest moves."""
    if not 1 <= params.colours <= len(LETTERS):
        raise BadValue("ball_sort.colours", params.colours, f"must lie between 1 and {len(LETTERS)}")
    tubes = draw_tubes(rng, params)
    if not 0 < at_least(tubes) <= params.most:
        raise Redraw
    way, states = sort_balls(tubes, params.height)
    if not params.fewest <= len(way) <= params.most:
        raise Redraw
    example = [(0, 1), (2, 0)]
    if is_sorted(pour(tubes, params.height, example)[0], params.height):
        raise Redraw
    lines = "\n".join(f"{i}: {' '.join(tube) or '(empty)'}" for i, tube in enumerate(tubes, 1))
    times = "1 move" if len(way) == 1 else f"{len(way)} moves"
    return Draft(
        question=f"{len(tubes)} tubes hold balls; each letter is a colour, and there are {params.height} balls of each "
        f"colour. A tube has room for {params.height} balls. A move takes the top ball of one tube and puts it into "
        "another tube that is empty, or that has room and whose top ball has the same colour. Sort the balls in at "
        f"most {times}: in the end each tube is empty or holds all {params.height} balls of one colour. The balls of "
        f"each tube are listed from the lowest to the top one.\n\n{lines}\n\n"
        "Answer with the moves in order, separated by spaces; 1-2 moves the top ball of tube 1 to tube 2.",
        payload={"tubes": list(tubes), "height": params.height, "most": len(way)},
        reference=" ".join(f"{i + 1}-{j + 1}" for i, j in way),
        example=" ".join(f"{i + 1}-{j + 1}" for i, j in example),
        brief=f"{lines}\nin {len(way)}",
        certificate={"optimal": len(way), "effort": states},
    )
