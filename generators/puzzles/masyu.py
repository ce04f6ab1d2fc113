"""Masyu with exactly one loop, from 4 x 4 cells to 8 x 8.

Example (level 0)::

    . o * .
    o . . .
    o . . .
    * . o .

What is right: the one loop through the middles of cells that passes every circle by its rule, written as its cells in
order, from any cell and in either direction, here ``1,1 1,2 1,3 2,3 3,3 3,4 4,4 4,3 4,2 4,1 3,1 2,1``. The solver
proves that there is no other loop.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._loops import Line, Loops, draw_region, lines_of, may_flip
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell, neighbours, read_cells
from gradarium.verifiers.puzzles.masyu import verify

FLIPS = 80
"""Most changes of a loop on the way to one that its circles tell."""
CALLS = 40
"""Most questions to the solver while circles are taken away."""
STEPS = {"U": (-1, 0), "R": (0, 1), "D": (1, 0), "L": (0, -1)}


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of cells."""
    columns: int
    """Columns of cells."""
    circles: float
    """Share of the loop's possible circles that stays, where the loop stays the only one."""


LEVELS = [
    Params(4, 4, 0.7),
    Params(4, 5, 0.8),
    Params(5, 5, 0.8),
    Params(6, 7, 0.8),
    Params(6, 7, 0.6),
    Params(7, 7, 0.7),
    Params(7, 7, 0.55),
    Params(8, 8, 0.5),
]


def canonical(payload: Mapping[str, Any]) -> object:
    """Return the least of the eight turned and mirrored boards."""
    lines = payload["circles"]
    same = []
    for turn in range(8):
        lines = ["".join(line) for line in zip(*lines, strict=True)] if turn % 2 else lines[::-1]
        same.append(lines)
    return min(same)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells with the circles, and between them the lines of the answer as far as it is a walk."""
    rows, columns = len(payload["circles"]), len(payload["circles"][0])
    cells = [[" "] * (2 * columns - 1) for _ in range(2 * rows - 1)]
    names = {"o": "\N{WHITE CIRCLE}", "*": "\N{BLACK CIRCLE}", ".": "\N{MIDDLE DOT}"}
    for r, line in enumerate(payload["circles"]):
        for c, char in enumerate(line):
            cells[2 * r][2 * c] = names[char]
    walk = read_cells(answer, rows * columns + 1) or []
    for (a, b), (r, c) in zip(walk, [*walk[1:], *walk[:1]], strict=True):
        if abs(a - r) + abs(b - c) == 1 and min(a, b, r, c) > 0 and max(a, r) <= rows and max(b, c) <= columns:
            cells[a + r - 2][b + c - 2] = "-" if a == r else "|"
    return cells


def arms(lines: Mapping[Line, Any], cell: Cell) -> dict[str, Any]:
    """Return what a mapping holds for the lines on the four sides of a cell's middle, and a step further on.

    The keys are the directions U, R, D, L, and UU, RR, DD, LL for the lines beyond; missing lines are left out.
    """
    found = {}
    for name, (r, c) in STEPS.items():
        here, near, far = cell, (cell[0] + r, cell[1] + c), (cell[0] + 2 * r, cell[1] + 2 * c)
        for key, a, b in ((name, here, near), (2 * name, near, far)):
            line = (min(a, b), max(a, b))
            if line in lines:
                found[key] = lines[line]
    return found


def circle(drawn: Mapping[Line, bool], cell: Cell) -> str:
    """Return the circle that the loop allows on a cell: ``*`` (black), ``o`` (white) or ``.`` for none."""
    here = {key for key, there in arms(drawn, cell).items() if there}
    ways = sorted(here & set(STEPS))
    if len(ways) < 2:
        return "."
    beyond = [2 * way in here for way in ways]
    straight = ways in (["D", "U"], ["L", "R"])
    return ("." if all(beyond) else "o") if straight else ("*" if all(beyond) else ".")


def demand(model: Loops, switch: int, kind: str, cell: Cell) -> None:
    """Say that the loop passes a circle by its rule wherever the switch is on."""
    near = arms(model.line, cell)
    for one, other in (("U", "D"), ("L", "R")):
        has_one, has_other = near.get(one), near.get(other)
        if kind == "*":  # it turns: one arm of each pair, and each arm goes two steps
            model.add(-switch, *(arm for arm in (has_one, has_other) if arm))
            if has_one and has_other:
                model.add(-switch, -has_one, -has_other)
            for way in (one, other):
                if way in near:
                    model.add(-switch, -near[way], *([near[2 * way]] if 2 * way in near else []))
        else:  # it goes straight on: both arms of a pair or none, and not two steps on both sides
            for arm, opposite in ((has_one, has_other), (has_other, has_one)):
                if arm:
                    model.add(-switch, -arm, *([opposite] if opposite else []))
            if has_one and has_other and 2 * one in near and 2 * other in near:
                model.add(-switch, -has_one, -near[2 * one], -near[2 * other])
    if kind == "o":
        pairs = [near[way] for way in ("U", "L") if way in near]
        model.add(-switch, *pairs)
        if len(pairs) == 2:
            model.add(-switch, *(-pair for pair in pairs))


def in_order(lines: set[Line]) -> list[Cell]:
    """Return the cells of a loop from its first one, to the right first."""
    near: dict[Cell, list[Cell]] = {}
    for a, b in sorted(lines):
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    walk = [min(near)]
    walk.append(min(near[walk[0]]))
    while True:
        following = next(cell for cell in near[walk[-1]] if cell != walk[-2])
        if following == walk[0]:
            return walk
        walk.append(following)


@task(
    levels=LEVELS,
    tags={"classic", "grid"},
    chance=0.05,
    canonical=canonical,
    slow="a SAT solver compares the loop with all others while it is formed, and each time a circle is taken away",
    board=board,
)
def make(rng: random.Random, params: Params) -> Draft:
    """Change a loop until all circles it allows tell it, and take circles away while it stays the only one."""
    rows, columns = params.rows, params.columns
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    region = draw_region(rng, rows - 1, columns - 1, 0.3 + 0.4 * rng.random())
    with Loops(rows - 1, columns - 1) as model:
        switches = dict(zip([(cell, kind) for cell in cells for kind in "*o"], model.new(2 * len(cells)), strict=True))
        for (cell, kind), switch in switches.items():
            demand(model, switch, kind, cell)

        def told(region: set[Cell]) -> dict[int, tuple[Cell, str]]:
            lines = lines_of(region, rows - 1, columns - 1)
            drawn = {line: line in lines for line in model.line}
            kinds = [(cell, circle(drawn, cell)) for cell in cells]
            return {switches[item]: item for item in kinds if item[1] != "."}

        circles = told(region)
        doubts = model.doubtful(region, list(circles))
        for _ in range(FLIPS):
            if not doubts:
                break
            # a change near a face in doubt, kept unless it leaves more in doubt
            near = {n for cell in doubts for n in neighbours(cell, rows - 1, columns - 1)}
            cell = rng.choice(sorted(near | doubts))
            if may_flip(cell, region):
                other = told(region ^ {cell})
                after = model.doubtful(region ^ {cell}, list(other))
                if len(after) <= len(doubts):
                    region, circles, doubts = region ^ {cell}, other, after
        possible = list(circles)
        kept = model.dig(rng, model.borders(region), possible, round(params.circles * len(possible)), CALLS)
    shown = dict(circles[switch] for switch in kept)
    lines = lines_of(region, rows - 1, columns - 1)
    picture = ["".join(shown.get((r, c), ".") for c in range(columns)) for r in range(rows)]
    payload = {"circles": picture}
    example = "1,1 1,2 2,2 2,1"
    if verify(example, payload).score:
        raise Redraw
    drawing = "\n".join(" ".join(line) for line in picture)
    return Draft(
        question=(
            f"Solve this Masyu. The board has {rows} rows and {columns} columns of cells. Draw one single closed loop "
            "that goes from the middle of a cell to the middle of a cell next to it (up, down, left or right), never "
            "diagonally. It visits no cell twice and need not visit every cell, but it passes through every circle. "
            "At a black circle (*) it turns at a right angle, and goes straight on through both the cell before and "
            "the cell behind it. At a white circle (o) it goes straight on, and turns in the cell before it, in the "
            "cell behind it, or in both. There is exactly one solution.\n\n"
            f"{drawing}\n\n"
            "Answer with the cells of the loop in the order in which it visits them, each once, from any of them: for "
            "each its row, a comma and its column; cells are separated by spaces. Row 1 is at the top, column 1 is on "
            "the left."
        ),
        payload=payload,
        reference=" ".join(f"{r + 1},{c + 1}" for r, c in in_order(lines)),
        example=example,
        brief="\n".join(picture),
        certificate={"unique": True, "effort": rows * columns * (1 + len(lines) + len(possible) - len(kept))},
    )
