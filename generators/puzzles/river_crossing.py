"""Ferry things over a river where some must not be left together, from two things to nine with weights.

Example (level 0)::

    fox, hen; the boat carries 1 besides the farmer; not together: fox and hen; at most 3 crossings

What is right: every list of at most so many crossings that brings all to the right bank and never leaves two that must
not be left together without the farmer, here ``fox``, ``alone``, ``hen`` or ``hen``, ``alone``, ``fox``. A search of
all positions, nearest first, proves how many crossings are needed.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task

THINGS = (
    "barrel bear beetle camel candle cat cheese chest clock cow dog drum duck eagle falcon feather fish fox frog goat "
    "goose hamster hare hawk hen herring honey horse jar kite ladder lamb lantern lion lizard llama melon mirror "
    "monkey mouse mule otter owl ox panther parrot pig pony puma rabbit rat raven robin rooster salt seal sheep snail "
    "snake sparrow spider squirrel stork swan tiger toad trout turtle vase viper violin weasel wolf worm zebra"
).split()
STRANGERS = ("cabbage", "donkey")
"""Things of the example answer; they are never taken."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    things: int
    """How many things there are, from 2 to 12."""
    places: int
    """How many of them the boat carries at once."""
    conflicts: int
    """Pairs that must not be left together."""
    fewest: int
    """The fewest crossings that a solution needs."""
    weights: bool
    """Whether things have weights and the boat a limit for them too."""
    slack: int
    """Crossings that are allowed beyond the shortest solution."""


LEVELS = [
    Params(2, 1, 1, 3, False, 2),
    Params(3, 1, 1, 5, False, 2),
    Params(4, 2, 4, 5, False, 0),
    Params(5, 2, 4, 7, False, 0),
    Params(6, 2, 5, 9, False, 0),
    Params(7, 3, 8, 9, True, 0),
    Params(8, 3, 9, 11, True, 0),
    Params(9, 3, 10, 13, True, 0),
]


def search(
    things: int, pairs: Sequence[tuple[int, int]], loads: Sequence[int], most: int = 60
) -> tuple[list[int], int] | None:
    """Return the loads of a shortest way over, as bits, and the number of moves looked at; None if there is no way.

    A state is the set of things on the left bank and where the farmer is.
    """
    everything = (1 << things) - 1
    masks = [1 << a | 1 << b for a, b in pairs]
    safe = [all(mask & left != mask for mask in masks) for left in range(1 << things)]
    before: list[dict[int, tuple[int, int]]] = [{everything: (-1, 0)}, {}]  # by bank of the farmer: 0 is the left one
    layer, bank, looked = [everything], 0, 0
    while layer:
        following = []
        for left in layer:
            here = left if bank == 0 else everything ^ left
            for load in loads:
                if load & here == load:
                    looked += 1
                    new = left ^ load
                    if safe[here ^ load] and new not in before[1 - bank]:
                        before[1 - bank][new] = (left, load)
                        following.append(new)
        layer, bank = following, 1 - bank
        if bank == 1 and 0 in before[1]:
            path = []
            left = 0
            while left != everything or bank:
                left, load = before[bank][left]
                path.append(load)
                bank = 1 - bank
            return path[::-1], looked
    return None


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the things and of the pairs."""
    pairs = sorted(sorted(pair) for pair in payload["conflicts"])
    weights = sorted(payload["weights"].items()) if payload["weights"] else []
    return [sorted(payload["things"]), pairs, weights, payload["places"], payload["capacity"], payload["limit"]]


@task(levels=LEVELS, tags={"classic", "sequential"}, chance=0.02, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw pairs (and weights) until there is a way over that is long enough."""
    n, places = params.things, params.places
    if not 2 <= n <= 12 or not 1 <= places <= n:
        raise BadValue("river_crossing.things, places", (n, places), "must lie between 2 and 12, and 1 and things")
    every = list(combinations(range(n), 2))
    if not 1 <= params.conflicts <= len(every) or not 0 <= params.slack <= 10:
        raise BadValue("river_crossing.conflicts, slack", (params.conflicts, params.slack), "are out of range")
    for _ in range(300):
        pairs = sorted(rng.sample(every, params.conflicts))
        weights = [rng.randint(1, 9) for _ in range(n)]
        capacity = rng.randint(max(weights), 3 + 4 * places) if params.weights and max(weights) <= 3 + 4 * places else 0
        if params.weights and not capacity:
            continue
        loads = [
            sum(1 << i for i in chosen)
            for count in range(places + 1)
            for chosen in combinations(range(n), count)
            if not params.weights or sum(weights[i] for i in chosen) <= capacity
        ]
        if not coverable(pairs, loads):
            continue
        found = search(n, pairs, loads)
        if found and len(found[0]) >= params.fewest:
            break
    else:
        raise Redraw
    path, looked = found
    names = rng.sample(THINGS, n)
    limit = len(path) + params.slack
    conflicts = [[names[a], names[b]] for a, b in pairs]
    reference = [", ".join(names[i] for i in range(n) if load >> i & 1) or "alone" for load in path]
    weighed = (
        f" Weights: {', '.join(f'{name} {w}' for name, w in zip(names, weights, strict=True))}." if capacity else ""
    )
    boat = f"{places} of the things" if places > 1 else "one of the things"
    heavy = f", weighing at most {capacity} together" if capacity else ""
    listed = "; ".join(f"{a} and {b}" for a, b in conflicts)
    question = (
        f"A farmer and {n} things are on the left bank of a river: {', '.join(names)}.{weighed} All must get to the "
        f"right bank. The boat carries the farmer and at most {boat}{heavy}. Only the farmer can row, so he is in the "
        "boat at every crossing, with things that are on his bank or alone.\n\n"
        f"These pairs must not be together on a bank while the farmer is not on that bank: {listed}. With the farmer "
        "on their bank, and in the boat, they may be together.\n\n"
        f"Bring everything and the farmer to the right bank with at most {limit} crossings; each way over, there or "
        "back, is one crossing. The first crossing is from left to right.\n\n"
        "Answer with one line for each crossing: the things in the boat, separated by commas, or the word alone."
    )
    return Draft(
        question=question,
        payload={
            "things": names,
            "conflicts": conflicts,
            "places": places,
            "weights": dict(zip(names, weights, strict=True)) if capacity else None,
            "capacity": capacity or None,
            "limit": limit,
        },
        reference="\n".join(reference),
        example=f"{STRANGERS[0]}\nalone\n{STRANGERS[1]}",
        brief=f"{', '.join(names)}.{weighed}\nnot together: {listed}\nboat: {places}{heavy}; {limit} crossings",
        certificate={"shortest": len(path), "effort": looked},
    )


def coverable(pairs: Sequence[tuple[int, int]], loads: Sequence[int]) -> bool:
    """Tell whether some load leaves a bank without a forbidden pair; if not, the farmer cannot even set out."""
    masks = [1 << a | 1 << b for a, b in pairs]
    return any(all(load & mask for mask in masks) for load in loads)
