"""List functions by example, from one of four steps to chains of four steps out of 15.

Example (level 0)::

    3 1 2 4 -> 4 2 1 3
    0 5 5 2 -> 2 5 5 0
    6 1 7 3 -> ?

What is right: the one list on which all chains of listed steps that fit the examples agree; all chains are tried.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._induction import determined
from gradarium.generators.task import task
from gradarium.verifiers.puzzles._lists import STEPS


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    shortest: int
    """Fewest numbers of an input list."""
    longest: int
    """Most numbers of an input list."""
    menu: int
    """How many steps the question lists."""
    depth: int
    """Steps of the rule; no shorter chain fits the examples."""
    examples: int
    """Pairs of lists that are shown."""


LEVELS = [
    Params(4, 4, 4, 1, 3),
    Params(4, 5, 8, 1, 3),
    Params(4, 6, 16, 1, 3),
    Params(4, 6, 12, 2, 3),
    Params(5, 7, 20, 2, 4),
    Params(5, 7, 32, 2, 4),
    Params(6, 8, 24, 3, 4),
    Params(6, 8, 15, 4, 4),
]

TEXTS = {
    "reverse": "reverse the list",
    "ascending": "sort the numbers, the smallest first",
    "add 1": "add 1 to every number",
    "drop first": "remove the first number",
    "drop last": "remove the last number",
    "double": "double every number",
    "first to end": "move the first number to the end",
    "last to front": "move the last number to the front",
    "descending": "sort the numbers, the largest first",
    "swap pairs": (
        "swap the first number with the second, the third with the fourth, and so on; a last one without a partner "
        "stays"
    ),
    "repeat": "write every number twice in a row",
    "distinct": "remove every number that stood earlier in the list",
    "every second": "keep the first, third, fifth number and so on",
    "running sums": "replace every number by the sum of all numbers up to and including it",
    "differences": "replace the list by the differences of neighbours, each number minus the one before it",
    "append sum": "append the sum of all numbers",
    "drop evens": "remove the even numbers",
    "drop odds": "remove the odd numbers",
    "prepend length": "put the length of the list in front",
    "drop largest": "remove the largest number, wherever it stands",
    "drop smallest": "remove the smallest number, wherever it stands",
    "subtract smallest": "subtract the smallest number from every number",
    "from largest": "subtract every number from the largest number",
    "counts": "replace every number by how often it stands in the list",
    "add position": "add to every number its position, counted from 1",
    "running maximum": "replace every number by the largest of all numbers up to and including it",
    "mirror": "append a reversed copy of the list",
    "evens first": "put the even numbers before the odd ones, in each group in the order they had",
    "triple": "multiply every number by 3",
    "last digit": "replace every number by its last digit, without a sign",
    "neighbour sums": "replace the list by the sums of neighbours, each number plus the one after it",
    "ranks": "replace every number by its rank among the different numbers of the list, 1 for the smallest",
}
"""Name of a step -> what the prompt says, in the order in which the levels take steps up."""


def spaced(items: Sequence[int]) -> str:
    """Return a list as it stands in prompts."""
    return " ".join(map(str, items))


def canonical(payload: Mapping[str, Any]) -> object:
    """Leave out the rule, which follows from the rest as far as it matters."""
    return [payload["steps"], payload["depth"], payload["examples"], payload["test"]]


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.01, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a chain and lists until every chain that fits the examples gives the same list."""
    names = list(TEXTS)[: params.menu]
    rule = [rng.choice(names) for _ in range(params.depth)]
    *inputs, test = results = [
        tuple(rng.randrange(10) for _ in range(rng.randint(params.shortest, params.longest)))
        for _ in range(params.examples + 1)
    ]
    for name in rule:
        after = [STEPS[name](items) for items in results]
        if after == results:
            raise Redraw
        results = after
    *outputs, output = results
    if len(output) < 3 or output == test or len(set(output)) < 2 or not all(outputs) or max(map(abs, output)) > 9_999:
        raise Redraw
    effort = determined({name: STEPS[name] for name in names}, params.depth, inputs, outputs, test)
    if not effort:
        raise Redraw
    chain = ["one step", "one or two steps", "one to three steps", "one to four steps"][params.depth - 1]
    order = ", carried out one after another; a step may be taken again" if params.depth > 1 else ""
    shown = "\n".join(f"{spaced(x)} -> {spaced(y)}" for x, y in zip(inputs, outputs, strict=True))
    question = (
        "A rule turns a list of whole numbers into another list. Find the rule from the examples and apply it to the "
        f"last list. The rule is the same for all lists and consists of {chain} of this list{order}:\n\n"
        + "\n".join(f"- {TEXTS[name]}" for name in names)
        + f"\n\nExamples:\n{shown}\n\nApply the rule to:\n{spaced(test)}\n\n"
        "All rules of this kind that fit the examples give the same result here.\n\n"
        "Answer with the numbers of the resulting list, separated by spaces."
    )
    return Draft(
        question=question,
        payload={
            "steps": names,
            "depth": params.depth,
            "examples": [[list(x), list(y)] for x, y in zip(inputs, outputs, strict=True)],
            "test": list(test),
            "rule": rule,
        },
        reference=spaced(output),
        example=spaced(test),
        brief=f"{shown}\n{spaced(test)} -> ?",
        certificate={"determined": True, "steps": params.depth, "effort": effort},
    )
