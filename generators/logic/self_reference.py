"""Statements about which of themselves are true, from four statements to thirteen.

Example (level 0)::

    1. Statement 2 is false. 2. Statement 4 is false. 3. Statement 1 is false.
    4. At least 1 of these statements is true.

What is right: the truth values for which every statement is true exactly if what it says holds, here ``true, false,
false, true``. All ways are tried, as one bit each: there is exactly one.
Version history: 0 first.
"""

import random
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue, UnknownName
from gradarium.generators.task import task

Statement = list[Any]
"""See the verifier."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    statements: int
    """How many statements there are, from 4 to 14."""
    kinds: str
    """Kinds to draw from; see the verifier. One that is named twice is drawn twice as often."""


LEVELS = [
    Params(4, "is is count"),
    Params(5, "is is count two"),
    Params(6, "is count two either same"),
    Params(7, "count range two either same if"),
    Params(8, "count range two either same if even"),
    Params(9, "count range either same if even more"),
    Params(11, "count range range same if even more first run"),
    Params(13, "count range range same if even more more first run run"),
]
KINDS = ("is", "count", "range", "two", "either", "same", "if", "even", "more", "first", "run")
HOW = ("exactly", "at least", "at most")
MOST_STATEMENTS = 14


def draw_statement(rng: random.Random, n: int, here: int, kind: str) -> Statement:
    """Draw statement number ``here`` of ``n``."""
    others = [i for i in range(1, n + 1) if i != here]
    value = rng.random() < 0.5
    if kind == "is":
        return ["is", rng.choice(others), value]
    if kind in ("two", "either", "same"):
        return [kind, *sorted(rng.sample(others, 2)), *([] if kind == "same" else [value])]
    if kind == "if":
        return ["if", *rng.sample(others, 2), value]
    if kind in ("even", "range", "count"):
        first = rng.randint(1, n - 2) if kind != "count" else 1
        last = rng.randint(first + 2, n) if kind != "count" else n
        if kind == "even":
            return ["even", first, last, value]
        how = rng.choice(HOW)
        least, most = (how == "at least"), last - first + (how != "at most")
        return ["count", first, last, how, rng.randint(least, most), value]
    if kind == "more":
        middle = rng.randint(2, n - 1)
        return ["more", 1, middle - 1, middle, n] if value else ["more", middle, n, 1, middle - 1]
    if kind == "first":
        return ["first", rng.randint(1, n), value]
    return ["run", rng.randint(2, 4), value]


def in_words(statement: Statement, n: int) -> str:
    """Return a statement as a sentence without the full stop."""
    kind, *rest = statement
    word = str(rest[-1]).lower()
    if kind == "is":
        return f"Statement {rest[0]} is {word}"
    if kind == "two":
        return f"Statements {rest[0]} and {rest[1]} are both {word}"
    if kind == "either":
        return f"At least one of the statements {rest[0]} and {rest[1]} is {word}"
    if kind == "same":
        return f"Statements {rest[0]} and {rest[1]} are both true or both false"
    if kind == "if":
        return f"If statement {rest[0]} is true, then statement {rest[1]} is {word}"
    if kind == "more":
        a, b, c, d = rest
        left = f"statements {a} to {b}" if a < b else f"statement {a}"
        right = f"statements {c} to {d}" if c < d else f"statement {c}"
        return f"There are more true statements among {left} than among {right}"
    if kind == "first":
        return f"Statement {rest[0]} is {word}, and no statement before it is"
    if kind == "run":
        return f"Somewhere, {rest[0]} statements in a row are {word}"
    first, last = rest[:2]
    group = "these statements" if (first, last) == (1, n) else f"the statements {first} to {last}"
    if kind == "even":
        return f"The number of {word} statements among {group} is even"
    how, k = rest[2:4]
    return f"{how.capitalize()} {k} of {group} {'is' if k == 1 else 'are'} {word}"


def holds(statement: Statement, values: int, n: int) -> bool:
    """Tell whether what a statement says holds; bit i of ``values`` is set if statement i + 1 of n is true."""
    kind, *rest = statement
    as_said = kind in ("same", "more", "if") or rest[-1]
    wanted = values if as_said else ~values & ((1 << n) - 1)

    def bit(number: int) -> bool:
        return bool(wanted >> (number - 1) & 1)

    def ones(first: int, last: int) -> int:
        return (wanted >> (first - 1) & ((1 << (last - first + 1)) - 1)).bit_count()

    if kind == "is":
        return bit(rest[0])
    if kind == "two":
        return bit(rest[0]) and bit(rest[1])
    if kind == "either":
        return bit(rest[0]) or bit(rest[1])
    if kind == "same":
        return bit(rest[0]) == bit(rest[1])
    if kind == "if":
        return not bit(rest[0]) or bit(rest[1]) is rest[2]
    if kind == "more":
        return ones(rest[0], rest[1]) > ones(rest[2], rest[3])
    if kind == "first":
        return bit(rest[0]) and ones(1, rest[0]) == 1
    if kind == "even":
        return ones(rest[0], rest[1]) % 2 == 0
    if kind == "run":
        for _ in range(rest[0] - 1):
            wanted &= wanted >> 1
        return wanted != 0
    count, how, k = ones(rest[0], rest[1]), rest[2], int(rest[3])
    return count == k or (count > k and how == "at least") or (count < k and how == "at most")


@task(levels=LEVELS, tags={"classic", "logic"}, chance=0.09)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw truth values and statements that fit them, and look for other values that fit."""
    n, kinds = params.statements, params.kinds.split()
    if not 4 <= n <= MOST_STATEMENTS or not kinds:
        raise BadValue("self_reference.statements", n, f"must lie between 4 and {MOST_STATEMENTS}, with some kinds")
    for kind in kinds:
        if kind not in KINDS:
            raise UnknownName("kind of statement", kind, KINDS)
    actual = rng.randrange(1 << n)
    for _ in range(100):  # not by Redraw, which would prefer values that are found more often
        looked = 0
        statements: list[Statement] = []
        left = list(range(1 << n))
        for here in range(1, n + 1):
            for _ in range(60):
                statement = draw_statement(rng, n, here, rng.choice(kinds))
                if statement not in statements and holds(statement, actual, n) == bool(actual >> (here - 1) & 1):
                    break
            else:
                raise Redraw
            looked += len(left)
            left = [v for v in left if holds(statement, v, n) == bool(v >> (here - 1) & 1)]
            statements.append(statement)
        if left == [actual]:
            break
    else:
        raise Redraw
    told = "\n".join(f"{i}. {in_words(statement, n)}." for i, statement in enumerate(statements, 1))
    values = [str(bool(actual >> i & 1)).lower() for i in range(n)]
    example = values
    while example == values:
        example = [rng.choice(("true", "false")) for _ in values]
    question = (
        f"These {n} statements speak about themselves:\n\n{told}\n\n"
        "Each statement is either true or false: true if what it says holds, false if it does not. A statement that "
        'counts also counts itself if it is in the group. "If ..., then ..." is false only if the first part is true '
        "and the second is false. There is exactly one way in which all of this fits together.\n\n"
        f"Answer with the {n} truth values, true or false, in the order of the statements, separated by commas."
    )
    return Draft(
        question=question,
        payload={"statements": statements},
        reference=", ".join(values),
        example=", ".join(example),
        brief=told,
        certificate={"unique": True, "effort": looked},
    )
