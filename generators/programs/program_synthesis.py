"""Program synthesis: write a Python function from a list of steps in English, from one step to ten with conditionals.

Example (level 1)::

    Write a Python function solve(v) that takes a list of integers v and returns a list of integers. Apply these
    steps in order; each works on the result of the one before.
    1. Keep only the elements greater than -2.
    2. Multiply every element by 3.

    Examples of calls:
    solve([5, -4, 0, 7]) == [15, 0, 21]

What is right: every program whose ``solve`` returns the value of the steps, with the same types, for about thirty
hidden inputs. They tell the steps from each program that leaves out a step, changes a number by one or takes one
branch of a conditional always.
Version history: 0 first.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.programs._operations import (
    INT,
    INTS,
    KINDS,
    OPS,
    TEXT,
    WORDS,
    Seen,
    Step,
    apply,
    draw_step,
    english,
    expression,
    size,
    statements,
    variants,
)
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    steps: int
    """Steps of the pipeline."""
    tier: int
    """Hardest kind of step, 0 to 3."""
    depth: int
    """Conditionals inside a conditional."""
    text: float
    """Share of pipelines that begin with a string."""


LEVELS = [
    Params(1, 0, 0, 0.0),
    Params(2, 1, 0, 0.0),
    Params(3, 1, 0, 0.3),
    Params(4, 2, 0, 0.3),
    Params(5, 3, 0, 0.3),
    Params(6, 3, 1, 0.3),
    Params(8, 3, 1, 0.3),
    Params(10, 3, 2, 0.3),
]

LARGEST = 10**9
"""Largest absolute value of an integer in any step."""
LONGEST = 300
"""Most elements or characters in any step."""
TRIES = 30
"""Draws of one step before the whole pipeline is drawn anew."""
WITNESSES = 12
"""Inputs that are followed for each wrong program."""
FAILED = object()
"""Value of a wrong program that has raised an exception."""

Rival = list[tuple[int, Any]]
"""A wrong program: inputs, by number, for which it gives another value, and these values."""


def draw_lists(rng: random.Random) -> tuple[list[Any], list[Any]]:
    """Return hidden inputs (edge cases first) and inputs to show."""

    def some(low: int, high: int, least: int, most: int) -> list[int]:
        return [rng.randint(low, high) for _ in range(rng.randint(least, most))]

    a, b, c = rng.sample(range(1, 10), 3)
    hidden = [[], [a], [-b], [c, c], [a, -a], [b] * 5]
    hidden += [sorted(some(-12, 20, 6, 8)), sorted(some(-12, 20, 6, 8), reverse=True)]
    hidden += [[x for x in some(-3, 9, 3, 4) for _ in range(rng.randint(1, 3))] for _ in range(2)]
    hidden += [some(-4, 6, 4, 9) for _ in range(9)] + [some(-20, 30, 3, 12) for _ in range(9)]
    hidden += [some(1, 40, 7, 10), some(-40, -1, 5, 8), some(-60, 60, 25, 35), some(-9, 15, 25, 35)]
    return hidden, [some(-9, 20, 4, 6) for _ in range(3)]


def draw_texts(rng: random.Random) -> tuple[list[Any], list[Any]]:
    """Return hidden inputs (edge cases first) and inputs to show."""
    pieces = (
        "tree",
        "Moon",
        "apple",
        "BEE",
        "zigzag",
        "a",
        "42",
        "x9",
        "noon",
        "Otto",
        "7",
        "sun",
        "aab",
        "1001",
        "Is",
    )

    def some(least: int, most: int) -> str:
        words = [rng.choice(pieces) for _ in range(rng.randint(least, most))]
        return "".join(word + " " * rng.choice((1, 1, 1, 2)) for word in words).rstrip(" ")

    letters = "abcdefghijklmnopqrstuvwxyz"
    hidden = [
        "",
        rng.choice(letters),
        "Z",
        "  ",
        rng.choice(letters) * 4,
        letters,
        "".join(rng.sample("AbcdEfgh12", 8)),
    ]
    hidden += [f" {some(1, 2)} ", f"{some(2, 2)}  {some(1, 1)}", "".join(rng.choice("aeiou AEIOU") for _ in range(9))]
    hidden += [some(2, 5) for _ in range(9)] + [some(6, 8) for _ in range(3)] + [some(14, 18) for _ in range(2)]
    return hidden, [some(2, 3) for _ in range(3)]


def fits(values: list[Any]) -> bool:
    """Return whether the values of a step stay within bounds and still tell inputs apart."""
    for value in values:
        if isinstance(value, int):
            if abs(value) > LARGEST:
                return False
        elif len(value) > LONGEST or (
            value and isinstance(value[0], int) and not -LARGEST < min(value) <= max(value) < LARGEST
        ):
            return False
    keys = Counter(map(repr, values))
    return len(keys) >= 5 and 10 * max(keys.values()) <= 6 * len(values)


def result_kinds(kind: str, last: bool) -> tuple[str, ...]:
    """Return the kinds of value a step may give: an integer ends the pipeline, and text leads to words and numbers."""
    if kind == INTS:
        return (INTS, INTS, INT, TEXT) if last else (INTS,)
    return (TEXT, WORDS, INTS)


def finish(steps: list[Step], value: Any) -> Any:
    """Return what steps make of a value."""
    for step in steps:
        value = apply(step, value)
    return value


def rivals(step: Step, before: list[Any], after: list[Any]) -> Iterator[Rival]:
    """Yield, for the step left out and for each of its variants, some inputs that tell it from the step."""
    others = [[other] for other in variants(step)]
    for other in [*others, []]:
        found: Rival = []
        try:
            for i in reversed(range(len(before))):
                value = finish(other, before[i])
                if value != after[i]:
                    found.append((i, value))
                    if len(found) == WITNESSES:
                        break
        except (ValueError, ZeroDivisionError):
            continue  # the number makes no sense there: no program would have it
        yield found


def carry(rival: Rival, step: Step, after: list[Any]) -> Rival:
    """Return the inputs that still tell a rival from the pipeline after one more step."""
    moved = []
    for i, value in rival:
        try:
            value = FAILED if value is FAILED else apply(step, value)
        except (TypeError, ValueError, AttributeError):
            value = FAILED  # a step left out can change the kind of value
        if value is FAILED or value != after[i]:
            moved.append((i, value))
    return moved


def write(steps: list[Step]) -> str:
    """Return a reference solution."""
    one = expression(steps[0])
    if len(steps) == 1 and one:
        return f"def solve(v): return {one}"
    lines = ["def solve(v):"]
    for step in steps[:-1]:
        lines += [f"    {line}" for line in statements(step)]
    last = expression(steps[-1])
    lines += [f"    return {last}"] if last else [*(f"    {line}" for line in statements(steps[-1])), "    return v"]
    return "\n".join(lines)


def short(part: Any) -> str:
    """Return a step in the fewest characters."""
    if isinstance(part, list):
        return f"({' '.join(short(inner) for inner in part)})"
    return str(part)


def canonical(payload: Mapping[str, Any]) -> object:
    """Return the steps alone: the same program over other inputs is the same problem."""
    return payload["steps"]


@task(
    levels=LEVELS,
    tags={"code", "sandboxed"},
    chance=0.1,
    canonical=canonical,
    slow="every verdict runs the program in the sandbox, which takes milliseconds",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw steps that each change the values, then prove that the hidden inputs show every one of them."""
    start = TEXT if rng.random() < params.text else INTS
    hidden, shown = draw_texts(rng) if start == TEXT else draw_lists(rng)
    if any(value in hidden for value in shown):
        raise Redraw
    kind, steps, values = start, list[Step](), hidden
    wrong: list[Rival] = []
    for i in range(params.steps):
        seen = Seen.of(values)
        kinds = result_kinds(kind, i + 1 == params.steps)
        for _ in range(TRIES):
            step = draw_step(rng, seen, kind, kinds, params.tier, params.depth)
            if steps and step[0] == steps[-1][0]:
                continue
            after = [apply(step, value) for value in values]
            if not fits(after):
                continue
            grown = list(rivals(step, values, after))
            if all(grown):
                grown += [carry(rival, step, after) for rival in wrong]
                if all(grown):
                    break
        else:
            raise Redraw
        kind = OPS[step[0]].gives
        steps.append(step)
        values, wrong = after, grown
    if all(finish(steps, value) == value for value in hidden):
        raise Redraw  # the example would be right
    if len({repr(finish(steps, value)) for value in shown}) < 2:
        raise Redraw
    listed = "\n".join(f"{i}. {english(step)}" for i, step in enumerate(steps, 1))
    calls = "\n".join(f"solve({value!r}) == {finish(steps, value)!r}" for value in shown)
    return Draft(
        question=(
            f"Write a Python function solve(v) that takes {KINDS[start]} v and returns {KINDS[kind]}. "
            f"Apply these steps in order; each works on the result of the one before.\n\n{listed}\n\n"
            f"Examples of calls:\n{calls}\n\n"
            "The function is tried on other inputs as well, the empty one among them. Each result must have the right "
            "value and the right type (int, str or list; 1.0 and True are not 1). Answer with Python 3 code that "
            f"defines solve, of at most 20,000 characters; the standard library may be imported."
        ),
        payload={"steps": steps, "inputs": hidden},
        reference=write(steps),
        example="def solve(v):\n    return v",
        brief=";".join(short(step)[1:-1] for step in steps),
        certificate={
            "wrong_programs_shown": len(wrong),
            "effort": sum(size(step) for step in steps),
        },
    )
