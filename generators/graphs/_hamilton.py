"""Graphs with a Hamiltonian cycle or path, and graphs that look alike but lose too many pieces with a small cut."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradarium.core import Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import Picture


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    vertices: int
    """How many vertices there are."""
    cut: int
    """Vertices of the planted cut; the rest falls into pieces when they are taken away."""
    edges: int
    """How many edges there are."""


LEVELS = [
    Params(6, 1, 7),
    Params(8, 1, 11),
    Params(10, 2, 14),
    Params(14, 3, 20),
    Params(20, 4, 28),
    Params(30, 6, 43),
    Params(45, 9, 64),
    Params(70, 14, 100),
]

INSIDE = 0.75
"""Share of the edges that are added inside the pieces; fewer would give the cut the highest degrees."""

Edge = tuple[int, int]


def draw(rng: random.Random, params: Params, closed: bool) -> tuple[list[Edge], list[int] | None, list[int]]:
    """Return the edges of a graph over 1, 2, ..., its cycle (path, unless ``closed``) or None, and the cut, sorted.

    Both kinds are built alike: the pieces of the graph without the cut are paths, strung like beads on the vertices of
    the cut. One piece more than a tour can string makes the other kind; it hangs on two vertices of the cut, too. Then
    edges are added inside the pieces and at the cut, rather where degrees are low, so that no degree tells the cut.
    """
    n, k = params.vertices, params.cut
    exists = rng.random() < 0.5
    strung = k if closed else k + 1
    pieces = strung if exists else strung + 1
    if not 1 <= k < n or n - k < pieces:
        raise BadValue("cut", k, "must be positive and leave a vertex for each piece")
    names = rng.sample(range(1, n + 1), n)
    cut, rest = names[:k], names[k:]
    sizes = [1] * pieces
    for _ in range(n - k - pieces):
        sizes[rng.randrange(pieces)] += 1
    parts = [[rest.pop() for _ in range(size)] for size in sizes]
    edges: set[Edge] = set()
    degree = dict.fromkeys(names, 0)

    def join(a: int, b: int) -> None:
        edge = (min(a, b), max(a, b))
        if edge not in edges:
            edges.add(edge)
            degree[a] += 1
            degree[b] += 1

    for part in parts:
        for a, b in pairwise(part):
            join(a, b)
    tour: list[int] = []
    for i, part in enumerate(parts[:strung]):
        tour += part
        if i < k:
            join(part[-1], cut[i])
            join(cut[i], parts[(i + 1) % strung][0])
            tour.append(cut[i])
    loose = [] if closed else [parts[0][0], parts[strung - 1][-1]]
    for ends in ([parts[-1][0], parts[-1][-1]] if not exists else [], loose):
        if ends:
            for end, where in zip(ends, rng.sample(cut, 2) if k > 1 else [cut[0], cut[0]], strict=True):
                join(end, where)
    strewn = [v for part in parts for v in part]
    inside = [(min(a, b), max(a, b)) for part in parts for i, a in enumerate(part) for b in part[:i]]
    across = [(min(a, b), max(a, b)) for i, a in enumerate(cut) for b in cut[:i] + strewn]
    free = [[edge for edge in pool if edge not in edges] for pool in (inside, across)]
    if not len(edges) <= params.edges <= len(edges) + len(free[0]) + len(free[1]):
        raise Redraw
    while len(edges) < params.edges:
        pool = free[rng.random() > INSIDE] or free[0] or free[1]
        edge = min([pool[rng.randrange(len(pool))] for _ in range(3)], key=lambda e: degree[e[0]] + degree[e[1]])
        pool.remove(edge)
        join(*edge)
    return sorted(edges), tour if exists else None, sorted(cut)


def effort(edges: list[Edge], params: Params, closed: bool) -> int:
    """Return edges times vertices, plus the steps of a plain search for a cycle or path, at most 20 a vertex."""
    n = params.vertices
    near: dict[int, list[int]] = {v: [] for v in range(1, n + 1)}
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    steps, most = 0, 20 * n
    for start in range(1, 2 if closed else n + 1):
        seen, trail, ways = {start}, [start], [iter(near[start])]
        while ways and steps < most:
            there = next((v for v in ways[-1] if v not in seen), 0)
            steps += 1
            if there:
                seen.add(there)
                trail.append(there)
                ways.append(iter(near[there]))
                if len(trail) == n and (not closed or start in near[there]):
                    return n * len(edges) + steps
            else:
                seen.discard(trail.pop())
                ways.pop()
    return n * len(edges) + steps


def graph(payload: Mapping[str, Any], answer: str) -> Picture:
    """Return the graph, and the way along the numbers of an answer that is no denial."""
    words = [] if "none" in answer.lower() else re.findall(r"[0-9]{1,4}", answer[:2000], re.ASCII)
    return Picture(
        [str(v) for v in range(1, payload["vertices"] + 1)],
        [(str(a), str(b)) for a, b in payload["edges"]],
        list(pairwise(words)),
    )


def listed(edges: list[Edge]) -> str:
    """Return the edges as they stand in prompts.

    >>> listed([(1, 2), (1, 3)])
    '1-2 1-3'
    """
    return " ".join(f"{a}-{b}" for a, b in edges)
