"""Reorder cars before a paint shop, each by a few places only, for the fewest colour changes, from 4 cars to 32.

Example (level 0), places: 1::

    52 red, 17 blue, 80 red, 33 blue

What is right: every order in which no car is further from its place than is allowed and which has no more changes than
the fewest, here ``52 80 17 33``. The fewest are proved by dynamic programming.
Version history: 0 first.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task

COLOURS = ("red", "blue", "green", "white", "black", "grey", "yellow", "brown")


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    cars: int
    """How many cars there are, at most 90."""
    colours: int
    """How many colours there are, at most 8."""
    places: int
    """How many places a car may move to either side."""


LEVELS = [
    Params(4, 2, 1),
    Params(6, 2, 2),
    Params(8, 3, 2),
    Params(12, 3, 3),
    Params(18, 4, 4),
    Params(24, 5, 5),
    Params(28, 6, 5),
    Params(32, 6, 6),
]


def fewest_changes(colours: Sequence[int], reach: int) -> tuple[int, list[int], int]:
    """Return the fewest colour changes, the first order found that has so few, and how many states were looked at.

    A state is the set of cars painted, as a window of bits about the next place, and the last colour. Of the cars of
    one colour only the first that waits is a choice: changing places with it keeps both within reach.
    """
    n = len(colours)
    best: dict[tuple[int, int], int] = {(0, -1): 0}
    trail: list[dict[tuple[int, int], tuple[int, tuple[int, int], int]]] = []
    states = 0
    for place in range(n):
        found: dict[tuple[int, int], tuple[int, tuple[int, int], int]] = {}
        for (window, last), changes in best.items():
            seen = set()
            for car in range(max(0, place - reach), min(n, place + reach + 1)):
                bit = 1 << (car - place + reach)
                colour = colours[car]
                if window & bit or colour in seen:
                    continue
                seen.add(colour)
                if place >= reach and not (window | bit) & 1:
                    continue  # the car that leaves the window must have been painted
                key = ((window | bit) >> 1, colour)
                total = changes + (last not in (-1, colour))
                if key not in found or total < found[key][0]:
                    found[key] = (total, (window, last), car)
        trail.append(found)
        best = {key: entry[0] for key, entry in found.items()}
        states += len(best)
    key = min(best, key=lambda state: (best[state], state))
    fewest, order = best[key], []
    for found in reversed(trail):
        _, before, car = found[key]
        order.append(car)
        key = before
    return fewest, order[::-1], states


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.01)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw colours and number plates, then prove the fewest changes."""
    if not (2 <= params.cars <= 90 and 2 <= params.colours <= len(COLOURS)):
        raise BadValue("car_painting.params", params, f"at most 90 cars and {len(COLOURS)} colours, 2 at least of each")
    names = rng.sample(COLOURS, params.colours)
    colours = [rng.randrange(params.colours) for _ in range(params.cars)]
    plates = rng.sample(range(10, 100), params.cars)  # no order of plates is right for many problems
    fewest, order, states = fewest_changes(colours, params.places)
    now = sum(a != b for a, b in pairwise(colours))
    if now == fewest:
        raise Redraw  # the order of the question, which is the example, would be right
    cars = [[plate, names[colour]] for plate, colour in zip(plates, colours, strict=True)]
    listed = ", ".join(f"{plate} {colour}" for plate, colour in cars)
    places = "1 place" if params.places == 1 else f"{params.places} places"
    changes = "1 colour change" if fewest == 1 else f"{fewest} colour changes"
    return Draft(
        question="Cars stand in a row before a paint shop, where they are painted one after another. From first to "
        f"last, each with its number and the colour it gets:\n\n{listed}\n\nThe order may be changed, but no car may "
        f"end up more than {places} earlier or later in the row than it stands now. There is a colour change wherever "
        f"two cars painted one right after the other get different colours; as the cars stand now there are {now}. "
        f"Find an order with at most {changes}; no order has fewer.\n\n"
        f"Answer with the numbers of all {params.cars} cars in the new order, separated by spaces.",
        payload={"cars": cars, "places": params.places, "changes": fewest},
        reference=" ".join(str(plates[car]) for car in order),
        example=" ".join(map(str, plates)),
        brief=f"{listed}\nplaces {params.places}, changes {fewest}",
        certificate={"optimal": fewest, "effort": states},
    )
