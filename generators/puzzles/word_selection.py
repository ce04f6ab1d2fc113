"""Pick words at stated places of a list, from the last of three words to ten places in a list of 150.

Example (level 1)::

    Write the second word from the end in this list: river, apple, stone, cloud

What is right: exactly the words at these places, in the asked order, here ``stone``; upper or lower case does not
matter. Places are drawn first and described afterwards, by counts from either end or by their distance to other words.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradarium.core import Draft
from gradarium.errors import BadValue
from gradarium.generators.puzzles._words import EXAMPLES, WORDS, counted, draw_words, ordinal, walk
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    words: int
    """Length of the list."""
    places: int
    """How many words are asked for."""
    jumps: int
    """The most steps from one place to the next by which a place may be described."""
    edges: bool
    """Whether only the first and the last word are asked for."""


LEVELS = [
    Params(3, 1, 0, True),
    Params(4, 1, 0, False),
    Params(6, 1, 0, False),
    Params(8, 2, 0, False),
    Params(12, 3, 1, False),
    Params(20, 4, 1, False),
    Params(50, 6, 2, False),
    Params(150, 10, 3, False),
]

Place = list[Any]
"""Where to start, a count from either end or a word, and then how far to go on (or back)."""


def index_of(words: Sequence[str], place: Sequence[Any]) -> int:
    """Return the index that a place means, 0 for the first word."""
    start, *jumps = place
    at = words.index(start) if isinstance(start, str) else start % (len(words) + 1) - 1
    return int(at + sum(jumps))


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a problem by the words that are asked for, however their places are described."""
    return [payload["words"], [index_of(payload["words"], place) for place in payload["places"]]]


def describe(rng: random.Random, words: Sequence[str], target: int, jumps: int) -> Place:
    """Draw a description of an index with exactly that many jumps, over different words."""
    others = [i for i in range(len(words)) if i != target]
    path = [*rng.sample(others, jumps), target]
    place: Place = [rng.choice([path[0] + 1, path[0] - len(words)])]
    if jumps and rng.random() < 0.5:
        place = [words[path[0]]]
    return place + [b - a for a, b in pairwise(path)]


def tell(place: Place) -> str:
    """Say in English which word is meant.

    >>> tell([-2]), tell(["river", 1])
    ('the second word from the end', "the word right after 'river'")
    >>> tell([4, 5, -3])
    'the third word before the fifth word after the fourth word'
    """
    start, *jumps = place
    text = repr(start) if isinstance(start, str) else counted(start, "word")
    for jump in jumps:
        side = "after" if jump > 0 else "before"
        text = f"the {f'{ordinal(abs(jump))} word' if abs(jump) > 1 else 'word right'} {side} {text}"
    return text


def effort(words: Sequence[str], place: Place) -> int:
    """Return how many words one reads and passes on the way to a place."""
    start, *jumps = place
    first = words.index(start) + 1 if isinstance(start, str) else walk(start, len(words))
    return int(first + sum(map(abs, jumps)))


@task(levels=LEVELS, tags={"text"}, chance=0.01, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a list, then different places in it, then how each is described."""
    choices = [0, params.words - 1] if params.edges else list(range(params.words))
    if not 1 <= params.places <= len(choices):
        raise BadValue("word_selection.places", params.places, f"must lie between 1 and {len(choices)}")
    if not 0 <= params.jumps < params.words:
        raise BadValue("word_selection.jumps", params.jumps, "must be at least 0 and below words")
    words = draw_words(rng, params.words, WORDS)
    places: list[Place] = []
    for target in rng.sample(choices, params.places):
        if params.edges:
            places.append([1 if target == 0 else -1])
        else:
            places.append(describe(rng, words, target, rng.randint(0, params.jumps)))
    told = [tell(place) for place in places]
    listed = ", ".join(words)
    if len(told) == 1:
        question = f"Write {told[0]} in this list: {listed}"
    else:
        asked = "\n".join(f"- {text}" for text in told)
        question = (
            f"Write these words of the list below, in this order, separated by spaces:\n{asked}\n\nList: {listed}"
        )
    return Draft(
        question=question,
        payload={"words": words, "places": places},
        reference=" ".join(words[index_of(words, place)] for place in places),
        example=" ".join(EXAMPLES[: params.places]),
        brief=f"{'; '.join(told)}: {listed}",
        certificate={"different_words": True, "effort": sum(effort(words, place) for place in places)},
    )
