"""ARC-like grids: three pairs of grids show a rule, from one mirroring of a 3x3 grid to chains of three of 22 steps.

Example (level 0, one pair)::

    1 0 2      2 0 1
    0 3 0  ->  0 3 0
    0 0 1      1 0 0

What is right: the one output grid on which all chains of listed steps that fit the pairs agree; all chains are tried.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._induction import determined
from gradarium.generators.task import task
from gradarium.verifiers.puzzles._grids import STEPS, Grid, read_digits


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    smallest: int
    """Fewest rows and columns of an input."""
    largest: int
    """Most rows and columns of an input."""
    menu: int
    """How many steps the question lists."""
    depth: int
    """Steps of the rule; no shorter chain fits the pairs."""
    filled: int
    """Percentage of cells that are not 0."""


LEVELS = [
    Params(3, 3, 4, 1, 50),
    Params(3, 4, 8, 1, 50),
    Params(3, 5, 14, 1, 50),
    Params(4, 5, 10, 2, 45),
    Params(4, 6, 16, 2, 45),
    Params(5, 7, 28, 2, 45),
    Params(4, 5, 14, 3, 45),
    Params(4, 6, 22, 3, 45),
]

TEXTS = {
    "flip columns": "mirror the grid from left to right, so that the first column becomes the last",
    "flip rows": "mirror the grid from top to bottom, so that the first row becomes the last",
    "turn right": "turn the grid clockwise by a quarter turn",
    "transpose": "swap rows and columns, so that row 1 becomes column 1",
    "turn left": "turn the grid anticlockwise by a quarter turn",
    "half turn": "turn the grid by a half turn",
    "push left": "in every row, move the digits other than 0 to the left end in their order, the zeros behind them",
    "push right": "in every row, move the digits other than 0 to the right end in their order, the zeros before them",
    "fall": "in every column, move the digits other than 0 to the bottom in their order, the zeros above them",
    "rise": "in every column, move the digits other than 0 to the top in their order, the zeros below them",
    "cycle rows": "move the last row to the top",
    "cycle columns": "move the last column to the left end",
    "append right": "append to the right of the grid a copy of it mirrored from left to right",
    "append below": "append below the grid a copy of it mirrored from top to bottom",
    "double": "replace every cell by 2 x 2 cells with its digit",
    "crop": "cut out the smallest rectangle that holds all digits other than 0; a grid of zeros stays as it is",
    "drop": "delete all rows and all columns that hold nothing but zeros; a grid of zeros stays as it is",
    "complete": "give every 0 the digit that stands at the same distance from the other end of its row",
    "common": (
        "replace every digit other than 0 by the most frequent digit other than 0 (of several, the smallest digit)"
    ),
    "largest": (
        "keep the largest group and set all other cells to 0; a group is made of cells with the same digit other than "
        "0 that hang together by their sides (of several, the group that comes first when the rows are read from the "
        "top, each from the left)"
    ),
    "fill": "replace by 9 every 0 from which no path over zeros, from side to side, leads to a cell at the grid's edge",
    "hollow": (
        "set every cell to 0 that has four neighbours, by its sides, none of which is 0, looking at the grid as it was "
        "before this step"
    ),
    **{f"{a} to {b}": f"replace every {a} by {b}" for a in "123" for b in "123" if a != b},
}
"""Name of a step -> what the prompt says, in the order in which the levels take steps up."""


def draw(rng: random.Random, params: Params) -> Grid:
    """Draw a grid of 0 to 3, with one of the digits 1 to 3 more frequent than the others."""
    rows, columns = (rng.randint(params.smallest, params.largest) for _ in "rc")
    digits = rng.choice("123") + "123"
    return tuple(
        "".join(rng.choice(digits) if rng.randrange(100) < params.filled else "0" for _ in range(columns))
        for _ in range(rows)
    )


def picture(grid: Sequence[str]) -> str:
    """Return a grid with spaces between its digits."""
    return "\n".join(" ".join(row) for row in grid)


def canonical(payload: Mapping[str, Any]) -> object:
    """Leave out the rule, which follows from the rest as far as it matters."""
    return [payload["steps"], payload["depth"], payload["pairs"], payload["test"]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or of the test input where the answer is no grid."""
    return [["." if char == "0" else char for char in row] for row in read_digits(answer) or payload["test"]]


@task(
    levels=LEVELS,
    tags={"enigmata", "grid"},
    chance=0.01,
    canonical=canonical,
    board=board,
)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a chain and grids until every chain that fits the pairs gives the same output grid."""
    names = list(TEXTS)[: params.menu]
    rule = [rng.choice(names) for _ in range(params.depth)]
    *inputs, test = grids = [draw(rng, params) for _ in range(4)]
    results = grids
    for step in rule:
        after = [STEPS[step](grid) for grid in results]
        if after == results:
            raise Redraw
        results = after
    *outputs, output = results
    if output == test or any(x == y for x, y in zip(inputs, outputs, strict=True)) or len(set("".join(output))) < 2:
        raise Redraw
    effort = determined({name: STEPS[name] for name in names}, params.depth, inputs, outputs, test)
    if not effort:
        raise Redraw
    chain = ["one step", "one or two steps", "one, two or three steps"][params.depth - 1]
    order = ", carried out one after another; a step may be taken again" if params.depth > 1 else ""
    shown = "\n\n".join(
        f"Input {i}:\n{picture(x)}\n\nOutput {i}:\n{picture(y)}"
        for i, (x, y) in enumerate(zip(inputs, outputs, strict=True), 1)
    )
    question = (
        "A rule turns an input grid of digits into an output grid. Find the rule from three pairs and apply it to the "
        f"test input. The rule is the same for all pairs and consists of {chain} of this list{order}:\n\n"
        + "\n".join(f"- {TEXTS[name]}" for name in names)
        + f"\n\n{shown}\n\nTest input:\n{picture(test)}\n\n"
        "All rules of this kind that fit the three pairs give the same output for the test input.\n\n"
        "Answer with the output grid of the test input: one line for each row, the digits separated by spaces."
    )
    return Draft(
        question=question,
        payload={
            "steps": names,
            "depth": params.depth,
            "pairs": [[list(x), list(y)] for x, y in zip(inputs, outputs, strict=True)],
            "test": list(test),
            "rule": rule,
        },
        reference=picture(output),
        example=picture(test),
        brief=f"{shown}\n\nTest input:\n{picture(test)}",
        certificate={"determined": True, "steps": params.depth, "effort": effort},
    )
