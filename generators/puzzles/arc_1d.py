"""ARC in one row: pairs of rows show a rule, from one of four steps on six cells to chains of four of 13 steps.

Example (level 0, one pair)::

    0 1 1 0 2 0 -> 0 2 0 1 1 0

What is right: the one row on which all chains of listed steps that fit the pairs agree; all chains are tried.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._induction import determined
from gradarium.generators.task import task
from gradarium.verifiers.puzzles._grids import read_digits
from gradarium.verifiers.puzzles.arc_1d import STEPS


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    cells: int
    """Cells of a row; some rows have one or two less."""
    menu: int
    """How many steps the question lists."""
    depth: int
    """Steps of the rule; no shorter chain fits the pairs."""
    pairs: int
    """Pairs of rows that are shown."""


LEVELS = [
    Params(6, 4, 1, 3),
    Params(8, 8, 1, 3),
    Params(10, 14, 1, 3),
    Params(12, 10, 2, 3),
    Params(14, 16, 2, 3),
    Params(18, 20, 2, 4),
    Params(20, 16, 3, 4),
    Params(24, 13, 4, 4),
]

TEXTS = {
    "mirror": "mirror the row, so that the first cell becomes the last",
    "push right": "move all digits other than 0 to the right end in their order, the zeros before them",
    "cycle right": "move the last cell to the front",
    "push left": "move all digits other than 0 to the left end in their order, the zeros behind them",
    "cycle left": "move the first cell to the end",
    "between": "replace zeros by a digit other than 0 where they stand between two cells with that digit and only "
    "zeros stand between these two",
    "hollow": "set a cell to 0 if both of its neighbours are other than 0",
    "lonely": "set a cell to 0 if both of its neighbours are 0",
    "swap": "exchange the digits 1 and 2",
    "pour": "replace every 0 by the nearest digit other than 0 to its left; where there is none it stays 0",
    "longest": "keep the longest block (of several, the leftmost) and set all other cells to 0",
    "grow right": "replace every 0 by its left neighbour",
    "even places": "set the second, fourth, sixth cell and so on to 0",
    "fold": "replace every cell by the larger of itself and the cell at the same distance from the other end",
    "lengths": "replace every digit of a block by the number of cells of the block (9, if there are more)",
    "edges": "set a cell to 0 if both of its neighbours hold the same digit as the cell",
    "marked": "replace the digits of the longest block (of several, the leftmost) by 9",
    "copy half": (
        "replace the right half by the mirror image of the left half; in a row with an odd number of cells the cell "
        "in the middle stays"
    ),
    "ones out": "replace every 1 by 0",
    "grow left": "replace every 0 by its right neighbour",
}
"""Name of a step -> what the prompt says, in the order in which the levels take steps up."""


def draw(rng: random.Random, cells: int) -> str:
    """Draw a row of blocks of the digits 1 to 3 with gaps."""
    length = cells - rng.choice((0, 0, 1, 2))
    row = "0" * rng.randint(0, 2)
    while len(row) < length:
        row += rng.choice("1223") * rng.randint(1, 4) + "0" * rng.choice((0, 1, 1, 2, 3))
    return row[:length]


def spaced(row: str) -> str:
    """Return a row as it stands in prompts."""
    return " ".join(row)


def canonical(payload: Mapping[str, Any]) -> object:
    """Leave out the rule, which follows from the rest as far as it matters."""
    return [payload["steps"], payload["depth"], payload["pairs"], payload["test"]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the pairs, a row under the other, and below them the test row with the answer."""
    rows = read_digits(answer)
    pairs = [row for pair in payload["pairs"] for row in pair] + [payload["test"]]
    pairs += [rows[0][: len(payload["test"])] if rows else ""]
    width = max(map(len, pairs))
    return [["." if char == "0" else char for char in row.ljust(width)] for row in pairs]


@task(levels=LEVELS, tags={"classic", "grid"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a chain and rows until every chain that fits the pairs gives the same row."""
    names = list(TEXTS)[: params.menu]
    rule = [rng.choice(names) for _ in range(params.depth)]
    *inputs, test = results = [draw(rng, params.cells) for _ in range(params.pairs + 1)]
    for name in rule:
        changed = [STEPS[name](row) for row in results]
        if changed == results:
            raise Redraw
        results = changed
    *outputs, output = results
    if output == test or len(set(output)) < 2 or any(x == y for x, y in zip(inputs, outputs, strict=True)):
        raise Redraw
    effort = determined({name: STEPS[name] for name in names}, params.depth, inputs, outputs, test)
    if not effort:
        raise Redraw
    chain = ["one step", "one or two steps", "one to three steps", "one to four steps"][params.depth - 1]
    order = ", carried out one after another; a step may be taken again" if params.depth > 1 else ""
    shown = "\n".join(f"{spaced(x)} -> {spaced(y)}" for x, y in zip(inputs, outputs, strict=True))
    question = (
        "A rule turns a row of digits into another row of the same length. Find the rule from the pairs and apply it "
        f"to the last row. The rule is the same for all rows and consists of {chain} of this list{order}:\n\n"
        + "\n".join(f"- {TEXTS[name]}" for name in names)
        + "\n\nA block is a run of equal digits other than 0, as long as possible. The neighbours of a cell are the "
        "cells to its left and right; beyond the ends of the row they count as 0. All cells change at the same time: "
        "a step looks at the row as it was before the step.\n\n"
        f"Pairs:\n{shown}\n\nApply the rule to:\n{spaced(test)}\n\n"
        "All rules of this kind that fit the pairs give the same result here.\n\n"
        f"Answer with the resulting row: {len(test)} digits, separated by spaces."
    )
    return Draft(
        question=question,
        payload={
            "steps": names,
            "depth": params.depth,
            "pairs": [[x, y] for x, y in zip(inputs, outputs, strict=True)],
            "test": test,
            "rule": rule,
        },
        reference=spaced(output),
        example=spaced(test),
        brief=f"{shown}\n{spaced(test)} -> ?",
        certificate={"determined": True, "steps": params.depth, "effort": effort},
    )
