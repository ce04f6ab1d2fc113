"""Bring items into another order with stacks, from four items and one stack to thirty and four low stacks.

Example (level 0)::

    3 1 4 2 -> 1 4 3 2

What is right: every sequence of pushes and pops that lets all items out in the order that is wanted, here
``push push pop push pop pop push pop``. The wanted order comes from a random sequence, so there is always one.
Version history: 0 first.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task

NAMES = "ABCDEF"


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    items: int
    """How many items arrive."""
    stacks: int
    """How many stacks there are, at most 6."""
    height: int
    """How many items a stack holds; 0 for any number."""
    fewest: int
    """The fewest nodes that a search takes that tries the stacks in turn: where it is no more than items + 1, the first
    stack that an item can go to is always the right one."""


LEVELS = [
    Params(4, 1, 0, 0),
    Params(6, 1, 0, 0),
    Params(8, 2, 0, 0),
    Params(12, 2, 4, 0),
    Params(16, 3, 3, 24),
    Params(20, 3, 3, 60),
    Params(24, 4, 3, 120),
    Params(30, 4, 4, 700),
]
MOST_NODES = 3_000
"""An order whose search takes more is drawn again."""


def draw_order(rng: random.Random, items: int, stacks: int, height: int) -> list[int]:
    """Return the order in which items 0, 1, ... leave after random pushes and pops."""
    piles: list[list[int]] = [[] for _ in range(stacks)]
    order: list[int] = []
    arrived = 0
    share = 0.5 if stacks == 1 else 0.65
    while len(order) < items:
        open_piles = [pile for pile in piles if len(pile) < height] if arrived < items else []
        filled = [pile for pile in piles if pile]
        if open_piles and (not filled or rng.random() < share):
            rng.choice(open_piles).append(arrived)
            arrived += 1
        else:
            order.append(rng.choice(filled).pop())
    return order


class Search:
    """Depth-first: let out what is due at once, push the next item onto each stack in turn."""

    def __init__(self, order: Sequence[int], height: int) -> None:
        self.due = {item: place for place, item in enumerate(order)}
        self.height = height
        self.nodes = 0

    def solve(self, stacks: list[list[int]], arrived: int = 0, left: int = 0) -> list[tuple[str, int]] | None:
        """Return moves (verb, stack) that let out the rest; None if there are none. Raises Redraw if it takes long."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise Redraw
        stacks = [list(stack) for stack in stacks]
        moves: list[tuple[str, int]] = []
        due = self.due
        while True:
            place = next((i for i, stack in enumerate(stacks) if stack and due[stack[-1]] == left), -1)
            if place < 0:
                break
            stacks[place].pop()  # to wait could only fill the stacks
            moves.append(("pop", place))
            left += 1
        if left == len(due):
            return moves
        if arrived == len(due):
            return None
        tried: list[list[int]] = []
        for place, stack in enumerate(stacks):
            # an item on top of one that leaves earlier would be in its way
            fits = len(stack) < self.height and (not stack or due[stack[-1]] > due[arrived])
            if fits and stack not in tried:
                tried.append(list(stack))
                stack.append(arrived)
                rest = self.solve(stacks, arrived + 1, left)
                if rest is not None:
                    return [*moves, ("push", place), *rest]
                stack.pop()
        return None


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.14)
def make(rng: random.Random, params: Params) -> Draft:
    """Let items through the stacks at random, then search a way to the same order."""
    n, stacks = params.items, params.stacks
    if not 1 <= stacks <= len(NAMES):
        raise BadValue("stack_permutation.stacks", stacks, f"must lie between 1 and {len(NAMES)}")
    height = params.height or n
    order = draw_order(rng, n, stacks, height)
    if order == sorted(order):
        raise Redraw
    search = Search(order, height)
    moves = search.solve([[] for _ in range(stacks)])
    if moves is None or search.nodes < params.fewest:
        raise Redraw
    labels = rng.sample(range(1, n + 1), n)
    wanted = [labels[item] for item in order]
    arriving, leaving = " ".join(map(str, labels)), " ".join(map(str, wanted))
    if stacks == 1:
        reference = " ".join(verb for verb, _ in moves)
        example = "push push pop pop"
        rules = (
            "There is one stack, empty at first. The move push takes the next arriving item and puts it on top of the "
            "stack. The move pop takes the top item off the stack and lets it leave."
        )
        form = "Answer with the moves push and pop in order, separated by spaces."
    else:
        reference = ", ".join(f"{verb} {NAMES[place]}" for verb, place in moves)
        example = "push A, push B, pop B, pop A"
        limit = f", each for at most {height} items at a time" if params.height else ""
        rules = (
            f"There are {stacks} stacks, {', '.join(NAMES[: stacks - 1])} and {NAMES[stacks - 1]}{limit}, empty at "
            "first. The move push A takes the next arriving item and puts it on top of stack A. The move pop A takes "
            "the top item off stack A and lets it leave. The same goes for the other stacks; no item moves from one "
            "stack to another."
        )
        form = "Answer with the moves in order, separated by commas."
    return Draft(
        question=f"Items arrive in this order: {arriving}\nThey must leave in this order: {leaving}\n\n{rules} An item "
        f"that has left does not come back. Which moves let all {n} items leave in the order that is wanted?\n\n{form}",
        payload={"arriving": labels, "leaving": wanted, "stacks": stacks, "height": height},
        reference=reference,
        example=example,
        brief=f"{arriving} -> {leaving}" + (f", {stacks} stacks of {height}" if stacks > 1 else ""),
        certificate={"effort": search.nodes},
    )
