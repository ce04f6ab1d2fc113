"""Navigation in a town: walk the shortest route to the nearest place of a kind.

Correct is every route along open streets, in their directions, that begins at the start, ends at a place of the kind
and is as short as any; the verifier finds the smallest length itself. The payload holds ``places`` (name: kind),
``streets`` (from, to, metres, whether one-way) and ``closed`` (pairs of names).

Example: payload ``{"places": {"Oak": "bank", "Ivy": "hotel", "Elm": "bakery"}, "streets": [["Oak", "Ivy", 200, false],
["Elm", "Ivy", 300, false]], "closed": [], "start": "Oak", "kind": "bakery"}``, answer ``Oak Ivy Elm``.
"""

import re
from heapq import heappop, heappush
from itertools import pairwise

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words

Roads = dict[str, dict[str, int]]
"""Name -> names that can be reached from there by one street, with the metres; all in lower case."""

_ARROW = re.compile(
    r"->|\N{RIGHTWARDS ARROW}|(?<=[A-Za-z\"'])[ \t]{1,3}[-\N{EN DASH}\N{EM DASH}][ \t]{1,3}(?=[A-Za-z\"'])", re.ASCII
)


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the names on a route.

    >>> town = {"places": {"Oak": "bank", "Ivy": "hotel", "Elm": "bakery"}, "closed": [], "start": "Oak",
    ...         "streets": [["Oak", "Ivy", 200, False], ["Elm", "Ivy", 300, True]], "kind": "hotel"}
    >>> verify("Oak -> Ivy", town).score, verify("Oak Ivy Elm", {**town, "kind": "bakery"}).reason
    (1.0, 'no open street leads from ivy to elm')
    """
    route = read_words(_ARROW.sub(" ", answer)) if len(answer) < 9000 else None
    if route is None:
        return Verdict.unreadable("expected names of places, separated by spaces")
    kinds = {name.lower(): kind for name, kind in payload["places"].items()}
    strange = next((name for name in route if name not in kinds), "")
    if strange:
        return Verdict.wrong(f"there is no place {strange[:20]!r}", "place")
    if route[0] != payload["start"].lower():
        return Verdict.wrong(f"the route must begin at {payload['start']}", "start")
    shut = {frozenset((a.lower(), b.lower())) for a, b in payload["closed"]}
    roads: Roads = {name: {} for name in kinds}
    for start, end, metres, oneway in payload["streets"]:
        a, b = start.lower(), end.lower()
        if {a, b} not in shut:
            roads[a][b] = metres
            if not oneway:
                roads[b][a] = metres
    walked = 0
    for a, b in pairwise(route):
        if b not in roads[a]:
            return Verdict.wrong(f"no open street leads from {a} to {b}", "street")
        walked += roads[a][b]
    if kinds[route[-1]] != payload["kind"]:
        return Verdict.wrong(f"{route[-1]} is not a {payload['kind']}", "kind")
    if walked > _shortest(roads, route[0], {name for name, kind in kinds.items() if kind == payload["kind"]}):
        return Verdict.wrong(f"the route has {walked} metres, and a shorter one exists", "length")
    return Verdict.correct()


def _shortest(roads: Roads, start: str, goals: set[str]) -> int:
    heap = [(0, start)]
    done = set()
    while heap:
        metres, here = heappop(heap)
        if here in goals:
            return metres
        if here not in done:
            done.add(here)
            for there, length in roads[here].items():
                heappush(heap, (metres + length, there))
    return -1
