"""Aquarium with exactly one solution: fill regions with water to some height, from 4x4 to 15x15.

Example (level 0), regions, the filled cells of rows and columns, and the solution::

      0 0 1 2
    0 A A A B    . . . .
    0 C C B B    . . . .
    1 C D D B    . . . #
    2 C C D B    . . # #

What is right: every grid in which each region is filled from its bottom to one height over its whole width and all
counts hold; SAT proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cells import Rules
from gradarium.generators.puzzles._regions import divide
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns."""
    smallest: int
    """Cells of the smallest regions."""
    largest: int
    """Cells of the largest regions."""


LEVELS = [
    Params(4, 3, 5),
    Params(5, 4, 6),
    Params(6, 4, 7),
    Params(7, 4, 8),
    Params(8, 4, 9),
    Params(10, 4, 11),
    Params(12, 5, 12),
    Params(14, 5, 13),
]
ROUNDS = 12
"""Times that the water of undecided regions is drawn anew before the draw is given up."""


def sizes_of(rng: random.Random, cells: int, smallest: int, largest: int) -> list[int]:
    """Return random sizes of regions that add up to the board."""
    sizes = []
    while cells:
        options = [n for n in range(smallest, largest + 1) if n == cells or cells - n >= smallest]
        if not options:
            raise Redraw
        sizes.append(rng.choice(options))
        cells -= sizes[-1]
    if len(sizes) > 52:
        raise Redraw
    return sizes


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a puzzle up to mirroring left and right."""
    forms = []
    for step in (1, -1):
        names: dict[str, int] = {}
        regions = [[names.setdefault(name, len(names)) for name in row[::step]] for row in payload["regions"]]
        forms.append([regions, payload["columns"][::step]])
    return [payload["rows"], min(forms)]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, empty where it is no grid."""
    size = len(payload["regions"])
    grid = read_grid(answer, size, size, ".#") or [["."] * size] * size
    return [["■" if cell == "#" else " " for cell in row] for row in grid]


@task(
    levels=LEVELS,
    tags={"classic", "search"},
    chance=0.03,
    canonical=canonical,
    board=board,
    slow="regions are grown and their water drawn anew until a proof finds no second solution",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Divide the board, fill the regions to random heights, and draw those anew that are not decided."""
    size = params.size
    regions = divide(rng, size, size, sizes_of(rng, size * size, params.smallest, params.largest))
    spans: dict[str, list[int]] = {}  # the rows of each region, from the top
    for r, line in enumerate(regions):
        for name in line:
            rows_of = spans.setdefault(name, [])
            if r not in rows_of:
                rows_of.append(r)
    variable = {key: i for i, key in enumerate(((name, r) for name, rows in spans.items() for r in rows), 1)}
    dry = {name: rng.randint(0, len(rows)) for name, rows in spans.items()}  # rows without water
    for _ in range(ROUNDS):
        filled = {(name, r) for name, rows in spans.items() for r in rows[dry[name] :]}
        grid = [[(name, r) in filled for name in line] for r, line in enumerate(regions)]
        across = [sum(line) for line in grid]
        down = [sum(column) for column in zip(*grid, strict=True)]
        rules = Rules(len(variable))
        for i in range(size):
            rules.say(across[i], across[i], [variable[name, i] for name in regions[i]])
            rules.say(down[i], down[i], [variable[regions[r][i], r] for r in range(size)])
        for name, rows in spans.items():
            for above, below in pairwise(rows):
                rules.say(1, 2, [-variable[name, above], variable[name, below]])
        with rules.model() as model:
            model.add(*(-i if key in filled else i for key, i in variable.items()))
            if not model.satisfiable():
                break
            # Yes or no for each region: which other solution the solver sees must not show.
            loose = []
            for name, rows in spans.items():
                top = [variable[name, r] for r in rows[dry[name] :][:1]]
                next_up = [-variable[name, r] for r in rows[: dry[name]][-1:]]
                if any(model.satisfiable([-literal]) for literal in top + next_up):
                    loose.append(name)
        for name in loose:
            dry[name] = rng.randint(0, len(spans[name]))
    else:
        raise Redraw
    right = "\n".join("".join("#" if cell else "." for cell in row) for row in grid)
    half = size // 2
    wrong = "\n".join(("#" if r >= half else ".") * size for r in range(size))
    if wrong == right:
        raise Redraw
    width = max(len(str(count)) for count in across + down)
    drawn = "\n".join(
        " ".join(f"{cell:>{width}}" for cell in row)
        for row in [["", *map(str, down)], *([str(n), *line] for n, line in zip(across, regions, strict=True))]
    )
    question = (
        f"Solve this Aquarium puzzle of {size} rows and {size} columns. Cells with the same letter form a tank. Fill "
        "tanks with water so that\n"
        "- within a tank, the cells of one row are all filled or all not filled, even where other tanks lie between "
        "them;\n"
        "- if a tank is filled in one row, it is also filled in all its rows below (a tank may be empty, full, or "
        "filled up to some row);\n"
        "- each row and each column holds as many filled cells as the number at its left end or at its top says.\n\n"
        + drawn
        + "\n\n"
        f"Answer with the complete grid without the numbers: {size} lines of {size} characters, # for a filled cell "
        "and . for any other."
    )
    return Draft(
        question=question,
        payload={"regions": regions, "rows": across, "columns": down},
        reference=right,
        example=wrong,
        brief=drawn,
        certificate={"unique": True, "effort": size * size + rules.steps([], 20 * size * size)},
    )
