"""Norinori with exactly one solution: shade dominoes that do not touch, two cells in each region, 4x4 to 12x12.

Example (level 2)::

    A B B B B     ? ? ? ? ?
    A B B C C     ? ? . # ?
    B B B B B     ? . ? ? ?
    B B B B B     ? ? ? # .

What is right: every shading that keeps what is shown and the rules; a SAT solver proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._regions import NAMES
from gradarium.generators.puzzles._shading import least_view, show, touching
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the board."""
    columns: int
    """Columns of the board."""
    shown: int
    """Percentage of the cells that are shown, before more are shown for uniqueness."""
    more: int
    """Percentage of the cells that may be shown for uniqueness."""


LEVELS = [
    Params(4, 4, 75, 20),
    Params(4, 4, 40, 20),
    Params(4, 5, 10, 20),
    Params(5, 6, 0, 15),
    Params(6, 6, 0, 15),
    Params(8, 8, 0, 15),
    Params(10, 10, 0, 15),
    Params(12, 12, 0, 15),
]


def _dominoes(rng: random.Random, near: list[list[int]]) -> set[int]:
    """Shade dominoes in random places until no further one keeps its distance."""
    shaded: set[int] = set()
    places = [(a, b) for a, others in enumerate(near) for b in others if a < b]
    for a, b in rng.sample(places, len(places)):
        if shaded.isdisjoint((a, b, *near[a], *near[b])):
            shaded |= {a, b}
    return shaded


def _regions(rng: random.Random, near: list[list[int]], shaded: set[int]) -> list[str]:
    """Return a letter for each cell: pieces grow around the shaded cells and are joined in pairs."""
    piece = {cell: cell for cell in shaded}
    # Few pieces grow as long as they can: small regions beside large ones say more about where the dominoes are.
    edge = rng.sample(sorted(shaded), -(-len(shaded) // 6))
    late = sorted(shaded)
    while edge or late:
        if not edge:
            edge, late = late, []
        k = rng.randrange(len(edge))
        free = [other for other in near[edge[k]] if other not in piece]
        if not free:
            edge[k] = edge[-1]
            edge.pop()
            continue
        grown = rng.choice(free)
        piece[grown] = piece[edge[k]]
        edge.append(grown)
    beside: dict[int, set[int]] = {cell: set() for cell in sorted(shaded)}
    for cell, others in enumerate(near):
        for other in others:
            if piece[cell] != piece[other]:
                beside[piece[cell]].add(piece[other])
    partner: dict[int, int] = {}
    while beside:
        fewest = min(map(len, beside.values()))
        if not fewest:
            raise Redraw
        a = rng.choice([cell for cell, others in beside.items() if len(others) == fewest])
        b = rng.choice(sorted(beside[a]))
        partner[b] = a
        for gone in (a, b):
            del beside[gone]
            for rest in beside.values():
                rest.discard(gone)
    owner = [partner.get(piece[cell], piece[cell]) for cell in range(len(near))]
    names: dict[int, str] = {}
    for first in owner:
        if first not in names:
            if len(names) == len(NAMES):
                raise Redraw
            names[first] = NAMES[len(names)]
    return [names[first] for first in owner]


def _model(near: list[list[int]], regions: list[list[int]]) -> Model:
    """Return the rules as clauses."""
    model = Model()
    literals = model.new(len(near))
    for cell, others in enumerate(near):
        model.add(-literals[cell], *(literals[other] for other in others))
        for i, a in enumerate(others):
            for b in others[:i]:
                model.add(-literals[cell], -literals[a], -literals[b])
    for cells in regions:
        model.exactly(2, [literals[cell] for cell in cells])
    return model


def canonical(payload: Mapping[str, Any]) -> object:
    """Take the least of the eight views, with the regions named in the order of the view."""

    def rename(view: list[list[tuple[str, str]]]) -> list[list[str]]:
        names: dict[str, str] = {}
        return [[f"{names.setdefault(name, str(len(names)))} {mark}" for name, mark in line] for line in view]

    both = zip(payload["regions"], payload["shown"], strict=True)
    return least_view([list(zip(*lines, strict=True)) for lines in both], rename)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the shading of the answer, or what is shown."""
    regions = payload["regions"]
    grid = read_grid(answer, len(regions), len(regions[0]), "#.") or payload["shown"]
    return [[" " if mark == "?" else mark for mark in line] for line in grid]


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.05, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw dominoes, divide the board around them and show cells until they are the only solution."""
    rows, columns = params.rows, params.columns
    size = rows * columns
    near = touching(rows, columns)
    shaded = _dominoes(rng, near)
    owner = _regions(rng, near, shaded)
    regions = {name: [cell for cell in range(size) if owner[cell] == name] for name in dict.fromkeys(owner)}
    truth = [cell + 1 if cell in shaded else -(cell + 1) for cell in range(size)]
    shown = set(rng.sample(range(size), size * params.shown // 100))
    hidden = [cell for cell in range(size) if cell not in shown]
    with _model(near, list(regions.values())) as model:
        for cell in sorted(shown):
            model.add(truth[cell])
        more = show(model, rng, truth, hidden, size * params.more // 100)
    if more is None or len(more) == len(hidden):
        raise Redraw
    shown |= more
    marks = ["#" if cell in shaded else "." for cell in range(size)]
    starts = range(0, size, columns)
    seen = ["".join(marks[i] if i in shown else "?" for i in range(start, start + columns)) for start in starts]
    example = [("##" if r % 3 == 0 else "..") * (columns // 2) + "." * (columns % 2) for r in range(rows)]
    ways = sum(
        comb(sum(cell not in shown for cell in cells), 2 - sum(cell in shaded and cell in shown for cell in cells))
        for cells in regions.values()
    )
    text = "Regions:\n" + "\n".join(" ".join(owner[start : start + columns]) for start in starts)
    if shown:
        text += "\n\nKnown cells (# shaded, a dot not shaded, ? to decide):\n" + "\n".join(seen)
    question = (
        f"Solve this Norinori puzzle. The board has {rows} rows and {columns} columns and is divided into regions: "
        "cells with the same letter are one region (capital and small letters differ). Shade some of the cells.\n"
        "- Every region holds exactly two shaded cells. They need not touch.\n"
        "- The shaded cells form dominoes: every shaded cell shares a side with exactly one other shaded cell. A "
        "domino may lie across a border between regions. Dominoes may touch at corners, but not by sides.\n\n"
        f"There is exactly one solution.\n\n{text}\n\n"
        f"Answer with the complete board: {rows} lines of {columns} characters, # for a shaded cell and a dot for any "
        "other."
    )
    return Draft(
        question=question,
        payload={"regions": ["".join(owner[start : start + columns]) for start in starts], "shown": seen},
        reference="\n".join("".join(marks[start : start + columns]) for start in starts),
        example="\n".join(example),  # four or more shaded cells in a row are no dominoes
        brief=text,
        certificate={"unique": True, "effort": size - len(shown) + ways},
    )
