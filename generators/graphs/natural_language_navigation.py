"""Find the shortest route to the nearest bakery (bank, school, ...) of a town told in sentences; 5 to 100 places.

Example (level 0)::

    Cedar is a bank. Heron is a school. Amber is a bakery. Olive is a bank.
    A street runs from Heron 200 metres north to Cedar.
    Amber lies 300 metres east of Cedar, at the other end of a street.
    A street runs from Olive 400 metres west to Heron.
    You stand at Heron and want to go to the nearest bakery.

What is right: every route of the smallest length in metres, here ``Heron Cedar Amber``.
Version history: 0 first.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import Picture, task

NAMES = (
    "Acorn Agate Alder Amber Anchor Apple Arrow Aspen Aster Badger Bamboo Barley Basil Beech Birch Bramble Bronze "
    "Buckle Camel Canary Cedar Cherry Cinder Clover Cobalt Comet Copper Coral Crane Crystal Cypress Dahlia Daisy "
    "Dolphin Drum Eagle Ebony Elder Ember Emerald Falcon Feather Fern Finch Flint Galaxy Garnet Ginger Granite Grove "
    "Hazel Heather Heron Holly Honey Indigo Iris Ivory Ivy Jade Jasmine Juniper Kestrel Lantern Larch Laurel Lilac "
    "Lily Linden Lotus Magnet Maple Marble Meadow Mint Moss Myrtle Nettle Nutmeg Oak Olive Opal Orchid Osprey Otter "
    "Panther Pearl Pepper Pine Plover Poplar Poppy Quartz Raven Robin Rowan Ruby Saffron Sage Salmon Sapphire "
    "Silver Sorrel Sparrow Spruce Swan Tansy Thistle Topaz Tulip Velvet Violet Walnut Willow Wren Yarrow"
).split()
STRANGERS = "Lagoon Pebble Harbour"
"""The example; no place is called like that."""
KINDS = "bakery bank cinema hospital hotel library museum pharmacy school theatre".split()
WAYS = {(-1, 0): "north", (1, 0): "south", (0, -1): "west", (0, 1): "east"}
BACK = {"north": "south", "south": "north", "west": "east", "east": "west"}


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    places: int
    """How many places the town has, at most 110."""
    loops: float
    """Share of the neighbouring places that are joined beyond the streets that hold the town together."""
    goals: int
    """Places of the kind that is looked for."""
    hops: int
    """The shortest route has at least so many streets."""
    oneway: float
    """Share of one-way streets."""
    closed: int
    """Streets that are closed."""
    mixed: bool
    """Whether the kinds of the places are told between the streets, in random order."""


LEVELS = [
    Params(5, 0.0, 1, 2, 0.0, 0, False),
    Params(7, 0.2, 1, 2, 0.0, 0, False),
    Params(10, 0.4, 2, 3, 0.0, 0, False),
    Params(15, 0.5, 2, 3, 0.0, 1, False),
    Params(25, 0.6, 3, 4, 0.1, 2, False),
    Params(40, 0.6, 3, 6, 0.2, 4, True),
    Params(65, 0.7, 4, 8, 0.3, 8, True),
    Params(100, 0.8, 5, 11, 0.3, 12, True),
]

Street = tuple[int, int, int, str, bool]
"""From, to, metres, direction, one-way."""


def lay_out(rng: random.Random, params: Params) -> list[Street]:
    """Return the streets of a town whose places lie on a grid of uneven rows and columns, neighbours joined."""
    n = params.places
    side = int((1.6 * n) ** 0.5) + 1
    gaps = [[100 * rng.randint(1, 9) for _ in range(side)] for _ in range(2)]
    spots = {(rng.randrange(side), rng.randrange(side)): 0}
    pairs: list[tuple[int, int, int, str]] = []
    while len(spots) < n:
        (r, c), place = rng.choice(list(spots.items()))
        (dr, dc), way = rng.choice(list(WAYS.items()))
        spot = (r + dr, c + dc)
        if spot not in spots and 0 <= spot[0] < side and 0 <= spot[1] < side:
            spots[spot] = len(spots)
            pairs.append((place, spots[spot], gaps[0][min(r, spot[0])] if dr else gaps[1][min(c, spot[1])], way))
    joined = {frozenset(pair[:2]) for pair in pairs}
    for (r, c), place in spots.items():
        for dr, dc in ((1, 0), (0, 1)):
            other = spots.get((r + dr, c + dc))
            if other is not None and frozenset((place, other)) not in joined and rng.random() < params.loops:
                pairs.append((place, other, gaps[0][r] if dr else gaps[1][c], WAYS[dr, dc]))
    streets = []
    for a, b, metres, way in pairs:
        if rng.random() < 0.5:
            a, b, way = b, a, BACK[way]
        streets.append((a, b, metres, way, rng.random() < params.oneway))
    rng.shuffle(streets)
    return streets


def explore(streets: list[Street], places: int, start: int) -> tuple[dict[int, tuple[int, int]], dict[int, int], int]:
    """Return metres and streets of the best route to each place, the place before it, and the steps of the search.

    Among routes of the same length, the one with the fewest streets counts, then that over places of low numbers.
    """
    near: list[list[tuple[int, int]]] = [[] for _ in range(places)]
    for a, b, metres, _, oneway in streets:
        near[a].append((b, metres))
        if not oneway:
            near[b].append((a, metres))
    best = {start: (0, 0)}
    before: dict[int, int] = {}
    done: set[int] = set()
    heap = [(0, 0, start)]
    steps = 0
    while heap:
        metres, hops, here = heappop(heap)
        if here in done:
            continue
        done.add(here)
        for there, length in near[here]:
            steps += 1
            cost = (metres + length, hops + 1)
            if there not in best or (*cost, here) < (*best[there], before.get(there, -1)):
                best[there] = cost
                before[there] = here
                heappush(heap, (*cost, there))
    return best, before, steps


def tell(rng: random.Random, street: Street, names: list[str]) -> str:
    """Return a sentence on one street."""
    a, b, metres, way, oneway = street
    one, other = names[a], names[b]
    if oneway:
        return rng.choice(
            [
                f"A one-way street leads from {one} {metres} metres {way} to {other}.",
                f"{other} lies {metres} metres {way} of {one}, at the end of a street that may only be walked towards "
                f"{other}.",
            ]
        )
    return rng.choice(
        [
            f"A street runs from {one} {metres} metres {way} to {other}.",
            f"{other} lies {metres} metres {way} of {one}, at the other end of a street.",
            f"From {one}, it is {metres} metres {way} along a street to {other}.",
        ]
    )


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order in which places and streets are told."""
    streets = [[*sorted(s[:2]), *s[2:]] if not s[3] else s for s in payload["streets"]]
    closed = sorted(sorted(pair) for pair in payload["closed"])
    return [sorted(payload["places"].items()), sorted(streets), closed, payload["start"], payload["kind"]]


def graph(payload: Mapping[str, Any], answer: str) -> Picture:
    """Return places and open streets with their metres, and the route of an answer."""
    names = {name.lower(): name for name in payload["places"]}
    words = [names[word] for word in re.findall(r"[a-z]+", answer[:9000].lower(), re.ASCII) if word in names]
    shut = [set(pair) for pair in payload["closed"]]
    streets = [(a, b, metres, oneway) for a, b, metres, oneway in payload["streets"] if {a, b} not in shut]
    both = [(b, a) for a, b, _, oneway in streets if not oneway]
    return Picture(
        list(payload["places"]),
        [(a, b) for a, b, *_ in streets] + both,
        list(pairwise(words)),
        directed=any(oneway for *_, oneway in streets),
        labels={(a, b): str(metres) for a, b, metres, _ in streets},
    )


@task(levels=LEVELS, tags={"enigmata", "graph"}, chance=0.01, canonical=canonical, graph=graph)
def make(rng: random.Random, params: Params) -> Draft:
    """Lay out a town, then put what is looked for far from the start."""
    n = params.places
    if not params.hops < n <= len(NAMES):
        raise BadValue("places", n, f"must lie between hops + 1 and {len(NAMES)}")
    streets = lay_out(rng, params)
    shut = streets[: params.closed]
    start = rng.randrange(n)
    best, before, steps = explore(streets[params.closed :], n, start)
    far = [place for place in range(n) if place in best and best[place][1] >= params.hops]
    if len(far) < params.goals:
        raise Redraw
    goals = rng.sample(far, params.goals)
    kind, *others = rng.sample(KINDS, len(KINDS))
    names = rng.sample(NAMES, n)
    kinds = [kind if place in goals else rng.choice(others) for place in range(n)]
    route = [min(goals, key=lambda place: (best[place], place))]
    while route[-1] != start:
        route.append(before[route[-1]])
    about = [f"{name} is a {what}." for name, what in zip(names, kinds, strict=True)]
    rng.shuffle(about)
    roads = [tell(rng, street, names) for street in rng.sample(streets, len(streets))]
    roads += [f"The street between {names[a]} and {names[b]} is closed." for a, b, *_ in shut]
    if params.mixed:
        town = " ".join(rng.sample(about + roads, len(about) + len(roads)))
    else:
        town = " ".join(about) + "\n\n" + " ".join(roads)
    aim = f"You stand at {names[start]} and want to go to the nearest {kind}."
    notes = "You can walk only along the streets that are described"
    notes += ", both ways unless a sentence says otherwise" if params.oneway else ", both ways"
    notes += ", and not along closed ones." if shut else "."
    return Draft(
        question=(
            f"These sentences describe a town.\n\n{town}\n\n{aim} {notes} Nearest means: by the length of the way, in "
            "metres. Which is the shortest route? If several routes are equally short, each of them is right.\n\n"
            f"Answer with the names of all places on the route in order, from {names[start]} to the {kind}, separated "
            "by spaces."
        ),
        payload={
            "places": dict(zip(names, kinds, strict=True)),
            "streets": [[names[a], names[b], metres, oneway] for a, b, metres, _, oneway in streets],
            "closed": [[names[a], names[b]] for a, b, *_ in shut],
            "start": names[start],
            "kind": kind,
        },
        reference=" ".join(names[place] for place in reversed(route)),
        example=STRANGERS,
        brief=f"{town}\n\n{aim}",
        certificate={"optimal": best[route[0]][0], "effort": steps + len(about) + len(roads)},
    )
