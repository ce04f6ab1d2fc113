"""Put words in order, from three with different first letters to 120 that are sorted by their endings.

Example (level 5, shortened)::

    Sort these words by their last letters, from a to z; words with the same last letter in alphabetical order.
    Write all the words, separated by spaces.

    river, stone, carpet, apple

What is right: all words, each once, in the stated order, here ``apple stone river carpet``; upper or lower case does
not matter. The words differ and every order compares all of their letters, so only one list is right.
Version history: 0 first.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from gradarium.core import Draft
from gradarium.errors import BadValue
from gradarium.generators.puzzles._words import EXAMPLES, WORDS
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    words: int
    """Length of the list."""
    prefix: int
    """Half of the words share so many first letters with another one of the list; 0: all first letters differ."""
    orders: str
    """The orders to draw from, separated by spaces: alphabet, length, last, ending."""
    descending: bool
    """Whether half of the lists are to be sorted the other way round."""


LEVELS = [
    Params(3, 0, "alphabet", False),
    Params(4, 0, "alphabet", False),
    Params(5, 0, "alphabet", True),
    Params(8, 1, "alphabet", True),
    Params(12, 2, "alphabet length", True),
    Params(20, 2, "alphabet length last", True),
    Params(45, 3, "length last ending", True),
    Params(120, 3, "last ending", True),
]

KEYS: dict[str, Callable[[str], str]] = {
    "alphabet": lambda word: word,
    "length": lambda word: chr(ord("a") + len(word)) + word,
    "last": lambda word: word[-1] + word,
    "ending": lambda word: word[::-1],
}
"""Order -> the text by whose alphabetical order the words are sorted."""

RULES = {
    "alphabet": ("in alphabetical order", "in reverse alphabetical order, from z to a"),
    "length": (
        "by length, the shortest first; words of equal length in alphabetical order",
        "by length, the longest first; words of equal length in reverse alphabetical order, from z to a",
    ),
    "last": (
        "by their last letters, from a to z; words with the same last letter in alphabetical order",
        "by their last letters, from z to a; words with the same last letter in reverse alphabetical order, from z to "
        "a",
    ),
    "ending": (
        "by their endings, from a to z: by the last letter, then by the last but one, and so on, as if each were spelt "
        "backwards",
        "by their endings, from z to a: by the last letter, then by the last but one, and so on, as if each were spelt "
        "backwards",
    ),
}
"""Order -> what the prompt says, ascending and descending."""

LABELS = {
    "alphabet": ("a to z", "z to a"),
    "length": ("shortest first", "longest first"),
    "last": ("last letter, a to z", "last letter, z to a"),
    "ending": ("ending, a to z", "ending, z to a"),
}
"""Order -> what the brief says."""


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget how the words were listed."""
    return [sorted(payload["words"]), payload["order"], payload["descending"]]


@cache
def families(prefix: int) -> tuple[tuple[str, ...], ...]:
    """Return groups of two or more words that share so many first letters."""
    found: dict[str, list[str]] = {}
    for word in WORDS:
        if len(word) >= prefix:
            found.setdefault(word[:prefix], []).append(word)
    return tuple(tuple(group) for group in found.values() if len(group) > 1)


def draw(rng: random.Random, count: int, prefix: int) -> list[str]:
    """Draw different words in random order."""
    if not prefix:
        return [rng.choice(group) for group in rng.sample(families(1), count)]
    chosen: set[str] = set()
    for group in rng.sample(families(prefix), len(families(prefix))):
        if len(chosen) >= count // 2:
            break
        chosen.update(rng.sample(group, min(len(group), rng.randint(2, 4), count - len(chosen))))
    others = [word for word in WORDS if word not in chosen]
    words = sorted(chosen) + rng.sample(others, count - len(chosen))
    rng.shuffle(words)
    return words


def compared(one: str, other: str) -> int:
    """Return how many letters of two texts one looks at to tell them apart."""
    for i, (a, b) in enumerate(zip(one, other, strict=False), 1):
        if a != b:
            return i
    return min(len(one), len(other)) + 1


def effort(keys: Sequence[str]) -> int:
    """Return the pairs that stand in the wrong order, plus the letters that tell neighbours of the result apart."""
    inversions = sum(a > b for i, a in enumerate(keys) for b in keys[i + 1 :])
    return inversions + sum(compared(a, b) for a, b in pairwise(sorted(keys)))


@task(levels=LEVELS, tags={"text"}, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw words and an order until the list is not sorted already."""
    orders = params.orders.split()
    if not orders or set(orders) - set(KEYS):
        raise BadValue("word_sorting.orders", params.orders, f"must be drawn from {', '.join(KEYS)}")
    if not 0 <= params.prefix <= 4:
        raise BadValue("word_sorting.prefix", params.prefix, "must lie between 0 and 4")
    most = len(WORDS) if params.prefix else len(families(1))
    if not 3 <= params.words <= most:
        raise BadValue("word_sorting.words", params.words, f"must lie between 3 and {most}")
    order = rng.choice(orders)
    descending = params.descending and rng.random() < 0.5
    words = draw(rng, params.words, params.prefix)
    ranked = sorted(words, key=KEYS[order], reverse=descending)
    while words == ranked:
        rng.shuffle(words)
    rules = [f"Sort these words {RULES[order][descending]}."]
    turned = [word[::-1] if order == "ending" else word for word in words]
    if order != "length" and any(a != b and b.startswith(a) for a in turned for b in turned):
        if order == "ending":
            rules.append(f"A word stands {'behind' if descending else 'before'} a longer one that ends with it.")
        else:
            rules.append("In alphabetical order a word comes before a longer one that begins with it.")
    rules.append("Write all the words, separated by spaces.")
    listed = ", ".join(words)
    keys = [KEYS[order](word) for word in words]
    return Draft(
        question=f"{' '.join(rules)}\n\n{listed}",
        payload={"words": words, "order": order, "descending": descending},
        reference=" ".join(ranked),
        example=" ".join(sorted(EXAMPLES[:3], key=KEYS[order], reverse=descending)),
        brief=f"{LABELS[order][descending]}: {listed}",
        certificate={"different_words": True, "effort": effort(keys[::-1] if descending else keys)},
    )
