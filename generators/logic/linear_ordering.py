"""Put persons in order by statements about them, from two comparisons in a row to eighteen persons and few comparisons.

Example (level 2)::

    Tom is shorter than Mia. Ravi is taller than Mia. Ana is shorter than Tom. Ana is taller than Kofi.
    Who is the second tallest?

What is right: the one person at the place that is asked for, here ``Mia``, or the one order of all persons that keeps
every statement. A complete search proves that there is no other order. Where not all statements are comparisons, those
that the search shows to be dispensable are left out.
Version history: 0 first.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.logic._orders import Statement, TooHard, count_orders
from gradarium.generators.task import task

NAMES = (
    "Ada Aiko Ali Amir Ana Anya Ben Bilal Chen Dina Elif Emre Eva Farid Finn Gita Hana Hugo Ines Ivan Jan Jun Kai Kofi "
    "Lars Lea Leo Lina Luca Maja Malik Mei Mia Milo Mona Musa Nadia Nils Noor Olga Omar Pablo Petra Priya Ravi Rosa "
    "Sana Sara Sven Tala Tariq Tom Uma Vera Wei Yara Yuki Zara Zeno Zola"
).split()
STRANGERS = ("Alex", "Kim", "Robin")
"""Names of the example answer; nobody is called like that."""
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
MOST_PERSONS = 24
BRANCHES = 100
"""Of one proof; a statement whose absence would take more stays."""


class Theme(NamedTuple):
    """What the persons are compared by."""

    plain: str
    more: str
    less: str
    most: str
    least: str


THEMES = (
    Theme("tall", "taller", "shorter", "tallest", "shortest"),
    Theme("old", "older", "younger", "oldest", "youngest"),
    Theme("fast", "faster", "slower", "fastest", "slowest"),
    Theme("heavy", "heavier", "lighter", "heaviest", "lightest"),
    Theme("strong", "stronger", "weaker", "strongest", "weakest"),
)


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    persons: int
    """How many persons there are, from 3 to 24."""
    asked: str
    """``end`` for the first or last person, ``rank`` for one at any place, ``order`` for all of them."""
    shuffled: bool
    """Whether the statements come in random order; if not, from the top down."""
    turned: bool
    """Whether half of the comparisons are told from below: "Tom is shorter than Mia"."""
    extra: int
    """Comparisons that say nothing new; only where there are comparisons alone."""
    kinds: str
    """What is stated, to draw from: ``above``, or for whole orders also ``gap`` and ``middle``."""


LEVELS = [
    Params(3, "end", False, False, 0, "above"),
    Params(4, "end", True, False, 0, "above"),
    Params(5, "rank", True, True, 0, "above"),
    Params(7, "rank", True, True, 2, "above"),
    Params(9, "order", True, True, 3, "above"),
    Params(8, "order", True, True, 0, "above gap"),
    Params(12, "order", True, True, 0, "above gap middle"),
    Params(18, "order", True, True, 0, "above gap middle middle"),
]


def draw_statements(rng: random.Random, persons: int, kinds: Sequence[str]) -> Iterator[Statement]:
    """Yield statements that hold when person i has place i, without end."""
    while True:
        kind = rng.choice(kinds)
        low, inner, high = sorted(rng.sample(range(persons), 3))
        if kind == "middle":
            yield (kind, inner, *rng.choice(((low, high), (high, low))))
        elif kind == "gap":
            a, b = rng.sample((low, high), 2)
            yield kind, a, b, high - low - 1
        else:
            yield kind, low, high, 0


def settles(persons: int, statements: Sequence[Statement]) -> bool:
    """Tell whether it can be proved within the branches allowed that one order only keeps the statements."""
    try:
        return count_orders(persons, statements, branches=BRANCHES)[0] == 1
    except TooHard:
        return False


def needed_statements(rng: random.Random, persons: int, kinds: Sequence[str]) -> list[Statement]:
    """Return statements of several kinds that settle the order, none of them to spare."""
    source = draw_statements(rng, persons, kinds)
    pool = list(dict.fromkeys(next(source) for _ in range(8 * persons)))
    low, high = 0, len(pool)
    while low < high:  # the fewest from the start that settle it
        half = (low + high) // 2
        if settles(persons, pool[:half]):
            high = half
        else:
            low = half + 1
    chosen = pool[:high]
    for statement in pool[:high]:
        rest = [other for other in chosen if other != statement]
        if settles(persons, rest):
            chosen = rest
    return chosen


def comparisons(rng: random.Random, persons: int, extra: int) -> list[Statement]:
    """Return the comparisons of all neighbours, and some between persons further apart."""
    apart = [(a, b) for a, b in combinations(range(persons), 2) if b > a + 1]
    if not 0 <= extra <= len(apart):
        raise BadValue("linear_ordering.extra", extra, f"must lie between 0 and {len(apart)} for {persons} persons")
    pairs = [(i, i + 1) for i in range(persons - 1)] + rng.sample(apart, extra)
    return [("above", a, b, 0) for a, b in sorted(pairs)]


def in_words(statement: Sequence[Any], theme: Theme, turned: bool) -> str:
    """Return a statement of the payload as a sentence."""
    kind, first, second = statement[:3]
    if kind == "above":
        return f"{second} is {theme.less} than {first}." if turned else f"{first} is {theme.more} than {second}."
    if kind == "middle":
        return f"{first} is between {second} and {statement[3]}."
    count = statement[3]
    subject = "Exactly 1 person is" if count == 1 else f"Exactly {count} persons are" if count else "No one is"
    return f"{subject} between {first} and {second}."


def superlative(rank: int, persons: int, theme: Theme) -> str:
    """Return the words for a place, counted from the nearer end.

    >>> superlative(2, 5, THEMES[0]), superlative(5, 5, THEMES[0])
    ('second tallest', 'shortest')
    """
    from_top = 2 * rank <= persons + 1
    count, word = (rank, theme.most) if from_top else (persons + 1 - rank, theme.least)
    return word if count == 1 else f"{ORDINALS[count - 1]} {word}"


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the persons, of the statements, and of the pairs that have none; the theme is not kept."""
    statements = []
    for kind, a, b, *more in payload["statements"]:
        if kind == "gap":
            a, b = sorted((a, b))
        elif kind == "middle":
            b, *more = sorted((b, *more))
        statements.append([kind, a, b, *map(str, more)])
    return [sorted(payload["persons"]), sorted(statements), payload["rank"]]


def check(params: Params) -> list[str]:
    """Return the kinds to draw from; raises BadValue for parameters that make no sense."""
    kinds = params.kinds.split()
    if not 3 <= params.persons <= MOST_PERSONS:
        raise BadValue("linear_ordering.persons", params.persons, f"must lie between 3 and {MOST_PERSONS}")
    if params.asked not in ("end", "rank", "order"):
        raise BadValue("linear_ordering.asked", params.asked, "must be end, rank or order")
    if "above" not in kinds or set(kinds) - {"above", "gap", "middle"}:
        raise BadValue("linear_ordering.kinds", params.kinds, "must hold above, and else gap and middle only")
    if set(kinds) != {"above"} and (params.asked != "order" or params.extra):
        raise BadValue(
            "linear_ordering.kinds", params.kinds, "with gap or middle, ask for the order and set extra to 0"
        )
    return kinds


@task(levels=LEVELS, tags={"deduction"}, chance=0.05, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw an order, then statements that hold in it and in no other."""
    kinds = check(params)
    mixed = set(kinds) != {"above"}
    n = params.persons
    order = rng.sample(NAMES, n)
    theme = rng.choice(THEMES)
    chosen = needed_statements(rng, n, kinds) if mixed else comparisons(rng, n, params.extra)
    if params.shuffled:
        rng.shuffle(chosen)
    try:
        found, branches = count_orders(n, chosen)
    except TooHard:
        raise Redraw from None
    if found != 1:  # the pool was too small to settle the order
        raise Redraw
    statements: list[list[Any]] = [
        [kind, order[a], order[b], *([order[c]] if kind == "middle" else [c] if kind == "gap" else [])]
        for kind, a, b, c in chosen
    ]
    told = " ".join(in_words(s, theme, params.turned and rng.random() < 0.5) for s in statements)
    ranks = {"end": (1, n), "rank": range(1, n + 1), "order": (0,)}
    rank = rng.choice(ranks[params.asked])
    persons = rng.sample(order, n)
    if rank:
        asked = f"Who is the {superlative(rank, n, theme)}?"
        question = f"{told}\n\n{asked}\n\nAnswer with one name."
    else:
        asked = f"What is the order from the {theme.most} to the {theme.least}?"
        between = (
            f" A person is between two others if one of them is {theme.more} and the other is {theme.less}."
            if mixed
            else ""
        )
        question = (
            f"No two of these {n} persons are equally {theme.plain}: {', '.join(persons)}.{between}\n\n{told}\n\n"
            f"{asked} Exactly one order fits.\n\nAnswer with all the names in that order, separated by commas."
        )
    return Draft(
        question=question,
        payload={"persons": persons, "statements": statements, "rank": rank},
        reference=order[rank - 1] if rank else ", ".join(order),
        example=STRANGERS[0] if rank else ", ".join(STRANGERS),
        brief=f"{told} {asked}",
        certificate={"unique": True, "branches": branches, "effort": n * len(statements) * branches},
    )
