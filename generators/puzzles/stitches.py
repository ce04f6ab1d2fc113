"""Stitches with exactly one solution: sew neighbouring blocks together to match counts, from 4x4 to 12x12.

Example (level 2)::

    A A B B     rows 2 2 4 2, columns 3 4 2 1
    C B B B
    C B D B     the cell in row 2, column 1 is U
    C C D D

What is right: every set of stitches that keeps what is shown, the counts and the rules; a SAT solver proves that there
is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._regions import divide
from gradarium.generators.puzzles._shading import touching
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
    blocks: int
    """Blocks of the board."""
    stitches: int
    """Stitches between two blocks that touch."""
    shown: int
    """Percentage of the cells that are shown, before more are shown for uniqueness."""
    more: int
    """Percentage of the cells that may be shown for uniqueness."""


LEVELS = [
    Params(4, 4, 3, 1, 75, 20),
    Params(4, 4, 3, 1, 40, 20),
    Params(4, 4, 4, 1, 10, 20),
    Params(5, 5, 5, 1, 0, 15),
    Params(6, 6, 6, 1, 0, 15),
    Params(8, 8, 8, 1, 0, 15),
    Params(9, 9, 5, 2, 0, 15),
    Params(12, 12, 14, 1, 0, 15),
]

Borders = dict[tuple[str, str], list[tuple[int, int]]]
"""Two blocks -> the pairs of cells at their border."""


def _borders(owner: list[str], near: list[list[int]]) -> Borders:
    found: Borders = {}
    for a, others in enumerate(near):
        for b in others:
            if a < b and owner[a] != owner[b]:
                pair = min(owner[a], owner[b]), max(owner[a], owner[b])
                found.setdefault(pair, []).append((a, b))
    return found


def _draw(rng: random.Random, borders: Borders, stitches: int) -> list[tuple[int, int]]:
    """Sew the blocks at random, those with few places first."""
    used: set[int] = set()
    chosen = []
    for pair in sorted(borders, key=lambda pair: (len(borders[pair]), pair)):
        left = stitches
        for a, b in rng.sample(borders[pair], len(borders[pair])):
            if left and a not in used and b not in used:
                used |= {a, b}
                chosen.append((a, b))
                left -= 1
        if left:
            raise Redraw
    return chosen


def _model(params: Params, borders: Borders, counts: list[int]) -> tuple[Model, dict[tuple[int, int], int]]:
    """Return the rules as clauses, and the variable of each place for a stitch."""
    model = Model()
    places = sorted(place for border in borders.values() for place in border)
    at = dict(zip(places, model.new(len(places)), strict=True))
    for pair in sorted(borders):
        model.exactly(params.stitches, [at[place] for place in borders[pair]])
    touched: dict[int, list[int]] = {}
    for place, variable in at.items():
        for cell in place:
            touched.setdefault(cell, []).append(variable)
    lines: list[list[int]] = [[] for _ in counts]
    for cell in sorted(touched):
        model.at_most(1, touched[cell])
        (hole,) = model.new(1)
        model.add(-hole, *touched[cell])
        for variable in touched[cell]:
            model.add(-variable, hole)
        lines[cell // params.columns].append(hole)
        lines[params.rows + cell % params.columns].append(hole)
    for line, count in zip(lines, counts, strict=True):
        model.exactly(count, line)
    return model, at


def _marks(chosen: list[tuple[int, int]], size: int) -> list[str]:
    """Return for each cell the side to which its stitch leads, or a dot."""
    marks = ["."] * size
    for a, b in chosen:
        marks[a], marks[b] = "RL" if b == a + 1 else "DU"
    return marks


def canonical(payload: Mapping[str, Any]) -> object:
    """Take the lesser of the board and its transpose (rows and columns exchanged), blocks named in its order."""
    swap = str.maketrans("UDLR", "LRUD")
    turned = {
        "regions": ["".join(line) for line in zip(*payload["regions"], strict=True)],
        "shown": ["".join(line).translate(swap) for line in zip(*payload["shown"], strict=True)],
        "rows": payload["columns"],
        "columns": payload["rows"],
    }
    views = []
    for view in (payload, turned):
        names: dict[str, str] = {}
        blocks = [[names.setdefault(name, str(len(names))) for name in line] for line in view["regions"]]
        views.append([blocks, list(view["shown"]), list(view["rows"]), list(view["columns"])])
    return [payload["stitches"], min(views)]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return arrows from the holes of each stitch to each other, or what is shown."""
    shown = payload["shown"]
    grid = read_grid(answer.upper(), len(shown), len(shown[0]), "UDLR.") or shown
    arrows = {"U": "↑", "D": "↓", "L": "←", "R": "→", "?": " "}
    return [[arrows.get(mark, mark) for mark in line] for line in grid]


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.04, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw blocks and stitches, count holes and show cells until the stitches are the only solution."""
    rows, columns = params.rows, params.columns
    size = rows * columns
    near = touching(rows, columns)
    sizes = [size // params.blocks] * params.blocks
    sizes[0] += size - sum(sizes)
    for _ in range(2 * params.blocks):  # blocks of different sizes
        a, b = rng.sample(range(params.blocks), 2)
        if sizes[a] > max(2, size // params.blocks // 2):
            sizes[a] -= 1
            sizes[b] += 1
    regions = divide(rng, rows, columns, sizes)
    owner = list("".join(regions))
    borders = _borders(owner, near)
    chosen = _draw(rng, borders, params.stitches)
    marks = _marks(chosen, size)
    counts = [sum(marks[r * columns + c] != "." for c in range(columns)) for r in range(rows)]
    counts += [sum(marks[r * columns + c] != "." for r in range(rows)) for c in range(columns)]
    model, at = _model(params, borders, counts)
    places = [[place for place in sorted(at) if cell in place] for cell in range(size)]
    truth = {place: at[place] if place in chosen else -at[place] for place in sorted(at)}
    shown = rng.sample(range(size), size * params.shown // 100)
    more = 0
    with model:
        for cell in shown:
            for place in places[cell]:
                model.add(truth[place])
        everything = list(truth.values())
        unique = model.only(everything)
        for cell in rng.sample(range(size), size):
            if unique:
                break
            if any(model.satisfiable([-truth[place]]) for place in places[cell]):
                more += 1
                if more > size * params.more // 100:
                    raise Redraw
                shown.append(cell)
                for place in places[cell]:
                    model.add(truth[place])
                unique = model.only(everything)
    seen = [marks[cell] if cell in shown else "?" for cell in range(size)]
    if all(mark == "." or seen[cell] != "?" for cell, mark in enumerate(marks)):
        raise Redraw
    open_places = sum(all(seen[cell] == "?" for cell in place) for place in at)

    def lines(words: list[str], gap: str) -> list[str]:
        return [gap.join(words[start : start + columns]) for start in range(0, size, columns)]

    each = "one stitch" if params.stitches == 1 else f"{params.stitches} stitches"
    text = "Blocks:\n" + "\n".join(lines(owner, " "))
    text += f"\n\nStitches between two blocks that touch: {params.stitches}"
    text += f"\nHoles in each row, from the top: {' '.join(map(str, counts[:rows]))}"
    text += f"\nHoles in each column, from the left: {' '.join(map(str, counts[rows:]))}"
    if shown:
        text += "\n\nKnown cells (? to decide):\n" + "\n".join(lines(seen, " "))
    question = (
        f"Solve this puzzle of stitches. The board has {rows} rows and {columns} columns and is divided into blocks: "
        "cells with the same letter are one block. Sew the blocks together.\n"
        "- A stitch joins two cells that share a side and belong to different blocks. Each of the two cells is a hole; "
        "a cell holds at most one end of one stitch.\n"
        f"- Any two blocks that touch by a side somewhere are joined by exactly {each}.\n"
        "- Each row and each column has exactly the given number of holes.\n\n"
        "For each hole, state on which side of it the other hole of its stitch lies: U above, D below, L to the left, "
        f"R to the right. A cell without a hole is a dot. There is exactly one solution.\n\n{text}\n\n"
        f"Answer with the complete board: {rows} lines of {columns} characters U, D, L, R or a dot."
    )
    example = ["R", "L", *["."] * (columns - 2)]
    grid = [example if r % 2 == 0 else ["."] * columns for r in range(rows)]
    if [mark for line in grid for mark in line] == marks:
        raise Redraw
    return Draft(
        question=question,
        payload={
            "regions": regions,
            "stitches": params.stitches,
            "rows": counts[:rows],
            "columns": counts[rows:],
            "shown": lines(seen, ""),
        },
        reference="\n".join(lines(marks, " ")),
        example="\n".join(" ".join(line) for line in grid),
        brief=text,
        certificate={"unique": True, "effort": open_places + seen.count("?")},
    )
