"""Symbolic expressions with unknown operators, from one sign in one expression to eight signs in an expression of 14.

Example (level 1, shortened)::

    ab @ cde = cdeab
    ~cdf = fdc
    ~(ba @ f) = ?

What is right: the one value that all meanings agree on that satisfy the equations; all choices of meanings are tried.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.symbolic_hard import ALPHABET, BINARY, UNARY, evaluate


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    binary: int
    """Signs that stand between two words, at most 4."""
    unary: int
    """Signs that stand before a word, at most 4."""
    menu: int
    """Meanings that the question lists for the signs between words; two less for those before a word."""
    signs: int
    """Signs in each equation."""
    query: int
    """Signs in the expression to evaluate."""
    letters: int
    """The words are made of the first so many letters."""


LEVELS = [
    Params(1, 0, 3, 1, 1, 4),
    Params(1, 1, 5, 1, 2, 5),
    Params(2, 1, 7, 1, 4, 6),
    Params(2, 2, 9, 1, 6, 6),
    Params(3, 2, 11, 2, 7, 6),
    Params(3, 3, 12, 2, 9, 6),
    Params(4, 3, 13, 2, 11, 6),
    Params(4, 4, 14, 3, 14, 6),
]

BINARY_SIGNS, UNARY_SIGNS = "@#&%", "~!^?"
MOST_LETTERS = 60
"""Longest value; longer ones are drawn again."""

TEXTS = {
    "reverse": "x backwards",
    "twice": "x written twice",
    "without first": "x without its first letter",
    "sort": "the letters of x in alphabetical order",
    "without last": "x without its last letter",
    "first to end": "x with its first letter moved to the end",
    "last to front": "x with its last letter moved to the front",
    "next letters": f"x with every letter replaced by the next of {ALPHABET}; {ALPHABET[-1]} becomes {ALPHABET[0]}",
    "without repeats": "x without the letters that stood earlier in x",
    "squeeze": "x with every run of equal neighbouring letters replaced by one of them",
    "mirror": "x, then x backwards",
    "odd places": "the first, third, fifth letter of x and so on",
    "join": "x, then y",
    "join backward": "y, then x",
    "alternate": (
        "letters in turn: the first of x, the first of y, the second of x, the second of y and so on; what is left "
        "of the longer word follows"
    ),
    "remove": "x without all letters that occur in y",
    "longer": "the longer of x and y; x if they are equally long",
    "wrap": "x, then y, then x again",
    "insert": "y put into the middle of x; if the length of x is odd, the part of x before y is the shorter one",
    "keep": "x without all letters that do not occur in y",
    "cut": "x without as many letters at its beginning as y has (nothing, if y is as long as x or longer)",
    "join reversed": "x, then y backwards",
    "earlier": (
        "the one of x and y that comes first in alphabetical order, as in a dictionary; an empty word comes first"
    ),
    "after first": "the first letter of x, then y, then the rest of x",
    "exchange": "x, then y, with their first letters exchanged; if x or y is empty, x, then y",
    "overwrite": "x with its beginning overwritten by y; y, if y is as long as x or longer",
}
"""Name of a meaning -> what the prompt says."""


def write(term: Any, inside: bool = False) -> str:
    """Return a term as it stands in prompts."""
    if isinstance(term, str):
        return term
    if len(term) == 2:
        return f"{term[0]}{write(term[1], True)}"
    text = f"{write(term[1], True)} {term[0]} {write(term[2], True)}"
    return f"({text})" if inside else text


def draw(rng: random.Random, signs: Sequence[str], letters: int) -> Any:
    """Draw a term that uses these signs, each as often as it is given."""
    alphabet = ALPHABET[:letters]
    twos = sum(sign in BINARY_SIGNS for sign in signs)
    terms: list[Any] = ["".join(rng.choice(alphabet) for _ in range(rng.randint(2, 4))) for _ in range(twos + 1)]
    for sign in rng.sample(signs, len(signs)):
        if sign in BINARY_SIGNS:
            at = rng.randrange(len(terms) - 1)
            terms[at : at + 2] = [[sign, terms[at], terms[at + 1]]]
        else:
            at = rng.randrange(len(terms))
            terms[at] = [sign, terms[at]]
    return terms[0]


def used(term: Any) -> set[str]:
    """Return the signs of a term."""
    return set() if isinstance(term, str) else {term[0]}.union(*map(used, term[1:]))


def settle(
    known: Sequence[dict[str, str]], term: Any, value: str | None, menus: tuple[list[str], list[str]]
) -> tuple[list[dict[str, str]], int]:
    """Extend choices of meanings to the signs of a term and keep those that give the value; count what was tried."""
    kept: list[dict[str, str]] = []
    tried = 0

    def step(meanings: dict[str, str], open_signs: list[str]) -> None:
        nonlocal tried
        if not open_signs:
            tried += 1
            if value is None or evaluate(term, meanings) == value:
                kept.append(meanings)
            return
        sign = open_signs[0]
        for name in menus[sign in UNARY_SIGNS]:
            if name not in meanings.values():
                step({**meanings, sign: name}, open_signs[1:])

    for meanings in known:
        step(meanings, sorted(used(term) - set(meanings)))
    return kept, tried


def canonical(payload: Mapping[str, Any]) -> object:
    """Leave out the meanings, which follow from the rest as far as they matter."""
    return [payload["equations"], payload["query"], payload["binary"], payload["unary"]]


@task(levels=LEVELS, tags={"enigmata", "sequential"}, chance=0.01, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw meanings, an expression and equations until the equations settle its value."""
    twos, ones = BINARY_SIGNS[: params.binary], UNARY_SIGNS[: params.unary]
    signs = [*twos, *ones]
    menus = (list(BINARY)[: params.menu], list(UNARY)[: params.menu - 2] if ones else [])
    meanings = dict(zip(twos, rng.sample(menus[0], len(twos)), strict=True))
    meanings |= dict(zip(ones, rng.sample(menus[1], len(ones)), strict=True))
    extra = [rng.choice(signs) for _ in range(params.query - len(signs))]
    query = draw(rng, rng.sample([*signs, *extra], len(signs) + len(extra)), params.letters)
    value = evaluate(query, meanings)
    if not 3 <= len(value) <= MOST_LETTERS or len(set(value)) < 2:
        raise Redraw
    equations: list[tuple[Any, str]] = []
    known: list[dict[str, str]] = [{}]
    effort = 0
    for _ in range(4 * len(signs)):
        covered = set().union(*(used(term) for term, _ in equations)) if equations else set()
        missing = [sign for sign in signs if sign not in covered]
        # at most two signs that no equation has held so far: more of them would be many choices to try at once
        fresh = rng.sample(missing, min(len(missing), params.signs, 2))
        old = [sign for sign in signs if sign not in missing] or fresh
        chosen = fresh + [rng.choice(old) for _ in range(params.signs - len(fresh))]
        term = draw(rng, chosen, params.letters)
        shown = evaluate(term, meanings)
        if not 1 <= len(shown) <= MOST_LETTERS // 2:
            continue
        after, tried = settle(known, term, shown, menus)
        if len(after) == len(known) and not fresh:
            continue  # it says nothing new
        effort += tried
        known = after
        equations.append((term, shown))
        if set(signs) <= covered | used(term) and {evaluate(query, choice) for choice in known} == {value}:
            break
    else:
        raise Redraw
    lines = [f"{write(term)} = {shown}" for term, shown in equations]
    parts = []
    for some, words, names in (
        (twos, "between two words x and y and makes one word of them", menus[0]),
        (ones, "before a word x and makes one word of it", menus[1]),
    ):
        if some:
            each = f"The sign {some} stands" if len(some) == 1 else f"Each of the signs {', '.join(some)} stands"
            meanings_listed = "\n".join(f"- {TEXTS[name]}" for name in names)
            parts.append(f"{each} {words}. It means one of:\n\n{meanings_listed}")
    rules = [
        "Find out from the equations what the signs mean, then evaluate the last expression. A sign means the same "
        "wherever it stands" + (", and no two signs mean the same" if len(signs) > 1 else "") + "."
    ]
    if ones:
        rules.append("A sign before a word or a bracket belongs to that word or bracket alone.")
    rules.append("What is in brackets is evaluated first; on the way a word may become empty.")
    question = (
        "Words are sequences of letters. "
        + "\n\n".join(parts)
        + f"\n\n{' '.join(rules)}\n\nEquations:\n"
        + "\n".join(lines)
        + f"\n\nExpression:\n{write(query)}\n\n"
        "All meanings that satisfy the equations give the same value.\n\n"
        "Answer with the value of the expression: a word without spaces."
    )
    example = "abcabc" if value != "abcabc" else "abcdab"
    return Draft(
        question=question,
        payload={
            "equations": [[term, shown] for term, shown in equations],
            "query": query,
            "binary": menus[0],
            "unary": menus[1],
            "meanings": meanings,
        },
        reference=value,
        example=example,
        brief="\n".join(lines) + f"\n{write(query)} = ?",
        certificate={"determined": True, "effort": params.query * effort.bit_length()},
    )
