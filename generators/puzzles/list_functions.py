"""Functions of a list and a number by example, from one action for all items to three conditions with four actions.

Example (level 2)::

    4 7 2 1, k = 3 -> 7 7 5 1
    1 8 8, k = 2 -> 1 10 10
    6 3 2, k = 4 -> ?

What is right: the one value on which all functions of the stated form agree that fit the examples; all are tried.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.list_functions import ACTIONS, CONDITIONS, value


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    conditions: int
    """Conditions of the function; there is one action more."""
    menu: int
    """Conditions that the question lists."""
    actions: int
    """Actions that the question lists."""
    examples: int
    """Values that are shown."""
    shortest: int
    """Fewest items of a list."""
    longest: int
    """Most items of a list."""


LEVELS = [
    Params(0, 0, 4, 2, 3, 3),
    Params(0, 0, 9, 2, 3, 4),
    Params(1, 3, 5, 3, 4, 5),
    Params(1, 6, 8, 4, 4, 6),
    Params(1, 10, 12, 4, 5, 7),
    Params(2, 6, 8, 5, 5, 8),
    Params(2, 10, 12, 6, 6, 8),
    Params(3, 10, 12, 7, 7, 9),
]

CONDITION_TEXTS = {
    "even": "x is even",
    "above k": "x is larger than k",
    "even place": "i is even",
    "rising": "x is larger than the item before it (never so for the first item)",
    "third": "x is divisible by 3",
    "seen": "x stood earlier in the list",
    "largest": "no item of the list is larger than x",
    "early": "i is at most k",
    "low": "x is less than 6",
    "sum even": "x + i is even",
}
"""Name of a condition -> what the prompt says, in the order in which the levels take conditions up."""

ACTION_TEXTS = {
    "add k": "write x + k",
    "subtract k": "write x - k",
    "double": "write 2 * x",
    "from k": "write k - x",
    "keep": "write x",
    "drop": "write nothing",
    "write k": "write k",
    "twice": "write x twice",
    "add place": "write x + i",
    "times k": "write x * k",
    "then k": "write x, then k",
    "write place": "write i",
}
"""Name of an action -> what the prompt says, in the order in which the levels take actions up."""

Call = tuple[tuple[int, ...], int]
"""A list and k."""


class Search:
    """All functions that fit the examples: for each choice of conditions, actions are tried item by item."""

    def __init__(self, calls: Sequence[Call], values: Sequence[Sequence[int]], menu: list[str], actions: list[str]):
        """Tabulate conditions and actions for every item of the calls; the last call has no value yet."""
        self.values = [tuple(v) for v in values]
        self.items = [(e, i) for e, (items, _) in enumerate(calls[:-1]) for i in range(len(items))]
        self.last = [len(calls[e][0]) - 1 for e, _ in self.items]
        self.test = [(len(calls) - 1, i) for i in range(len(calls[-1][0]))]
        places = self.items + self.test
        self.holds = {name: {(e, i): CONDITIONS[name](calls[e][0], i, calls[e][1]) for e, i in places} for name in menu}
        self.writes = [{(e, i): ACTIONS[name](calls[e][0], i, calls[e][1]) for e, i in places} for name in actions]
        self.nodes = 0

    def results(self, conditions: Sequence[str]) -> set[tuple[int, ...]]:
        """Return the values of the last call under all functions with these conditions that fit the examples."""
        held = [self.holds[name] for name in conditions]
        classes = {
            place: next((c for c, h in enumerate(held) if h[place]), len(held)) for place in self.items + self.test
        }
        chosen: list[int | None] = [None] * (len(held) + 1)
        found: set[tuple[int, ...]] = set()

        def step(n: int, at: int) -> None:
            """Treat item ``n``, with ``at`` numbers of its example's value explained."""
            self.nodes += 1
            if n == len(self.items):
                options = [range(len(self.writes)) if c is None else [c] for c in chosen]
                used = {classes[place] for place in self.test}
                for pick in product(*(o if c in used else o[:1] for c, o in enumerate(options))):
                    found.add(tuple(x for place in self.test for x in self.writes[pick[classes[place]]][place]))
                    if len(found) > 1:
                        return
                return
            place = e, i = self.items[n]
            group = classes[place]
            known = chosen[group]
            for action in range(len(self.writes)) if known is None else (known,):
                out = self.writes[action][place]
                end = at + len(out)
                if self.values[e][at:end] != out or (i == self.last[n] and end != len(self.values[e])):
                    continue
                chosen[group] = action
                step(n + 1, 0 if i == self.last[n] else end)
                chosen[group] = known
                if len(found) > 1:
                    return

        step(0, 0)
        return found


def spaced(items: Sequence[int]) -> str:
    """Return a list as it stands in prompts."""
    return " ".join(map(str, items))


def canonical(payload: Mapping[str, Any]) -> object:
    """Leave out the function, which follows from the rest as far as it matters."""
    return [payload["menu"], payload["depth"], payload["examples"], payload["test"]]


@task(levels=LEVELS, tags={"classic", "logic"}, chance=0.01, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a function and lists until all functions that fit the examples have the same value."""
    menu, actions = list(CONDITION_TEXTS)[: params.menu], list(ACTION_TEXTS)[: params.actions]
    conditions = rng.sample(menu, params.conditions)
    taken = rng.sample(actions, params.conditions + 1)
    calls = [
        (tuple(rng.randrange(13) for _ in range(rng.randint(params.shortest, params.longest))), rng.randint(2, 6))
        for _ in range(params.examples + 1)
    ]
    values = [value(items, k, conditions, taken) for items, k in calls]
    output = values.pop()
    if len(output) < 3 or not all(values) or output == list(calls[-1][0]):
        raise Redraw
    search = Search(calls, values, menu, actions)
    results: set[tuple[int, ...]] = set()
    for choice in permutations(menu, params.conditions):
        results |= search.results(choice)
        if len(results) > 1:
            raise Redraw
    if results != {tuple(output)}:
        raise ValueError(f"the search misses the function {conditions}, {taken}")
    *_, (test, k) = calls
    lines = [f"{spaced(items)}, k = {k} -> {spaced(v)}" for (items, k), v in zip(calls, values, strict=False)]
    if params.conditions:
        names = ["first", "second", "third"][: params.conditions]
        form = (
            f"The function has {['one condition', 'two conditions', 'three conditions'][params.conditions - 1]} of "
            "the list below, in a fixed order, and an action for each, and one action more. For each item, the "
            "action of the first condition that holds is carried out; if none holds, the last action."
            if params.conditions > 1
            else "The function has one condition of the list below and two actions. For each item, the first action is "
            "carried out if the condition holds, the second if it does not."
        )
        form += " The conditions are all different; two actions may be the same." if len(names) > 1 else ""
        form += "\n\nConditions:\n" + "\n".join(f"- {CONDITION_TEXTS[name]}" for name in menu) + "\n\nActions:\n"
    else:
        form = "For every item it carries out one and the same action of this list:\n\n"
    question = (
        "A function takes a list of whole numbers and a number k and writes a new list. It treats the items from "
        "left to right; x is the item and i its position, counted from 1. "
        + form
        + "\n".join(f"- {ACTION_TEXTS[name]}" for name in actions)
        + "\n\nThe function is the same in all examples:\n"
        + "\n".join(lines)
        + f"\n\nWhich list does it write for this one?\n{spaced(test)}, k = {k}\n\n"
        "All functions of this form that fit the examples write the same list here.\n\n"
        "Answer with the numbers of that list, separated by spaces."
    )
    return Draft(
        question=question,
        payload={
            "menu": [menu, actions],
            "depth": params.conditions,
            "examples": [[list(items), k, v] for (items, k), v in zip(calls, values, strict=False)],
            "test": [list(test), k],
            "conditions": conditions,
            "actions": taken,
        },
        reference=spaced(output),
        example=spaced(test),
        brief="\n".join(lines) + f"\n{spaced(test)}, k = {k} -> ?",
        certificate={"determined": True, "effort": search.nodes},
    )
