"""Pick letters at stated places of words, from the first letter of a word to five places in strings of over 90 letters.

Example (level 3)::

    Take the first letter of each of these words, in order, and write them as one string, without spaces:

    river, apple, stone, cloud

What is right: exactly these letters, word by word, here ``rasc``; upper or lower case does not matter. Where one letter
of one word is asked for, the letter is drawn first and the word afterwards: at level 0 the commonest is right for 6 %
of the train split, and for 12 % of the small dev and test splits.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from gradarium.core import Draft
from gradarium.errors import BadValue
from gradarium.generators.puzzles._words import counted, draw_words, walk, words_of
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    words: int
    """How many words letters are taken from."""
    joined: int
    """How many words of the list are run together to make one of them."""
    places: int
    """How many letters are taken from each."""
    reach: int
    """The largest count."""
    backward: bool
    """Whether places are counted from the end, too."""
    shortest: int
    """Letters of the shortest words of the list that are used."""
    longest: int
    """Letters of the longest."""


LEVELS = [
    Params(1, 1, 1, 1, False, 3, 10),
    Params(1, 1, 1, 1, True, 3, 10),
    Params(1, 1, 1, 5, True, 5, 8),
    Params(4, 1, 1, 1, True, 3, 8),
    Params(6, 1, 1, 4, True, 4, 8),
    Params(10, 1, 2, 5, True, 5, 10),
    Params(4, 6, 3, 20, True, 5, 10),
    Params(6, 15, 5, 50, True, 6, 10),
]

FEWEST = 20
"""A letter that stands at fewer places of the words that are used is not asked for."""

FILLER = "kbdgmpwhtr"
"""Letters of the examples in prompts."""


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a problem by the letters that are asked for, however they are counted."""
    words, counts = payload["words"], payload["places"]
    return [words, [[count % (len(word) + 1) for count in counts] for word in words]]


@cache
def spots(choices: tuple[int, ...], shortest: int, longest: int) -> dict[str, list[tuple[str, int]]]:
    """Return letter -> the words and counts that lead to it, for letters that are not too rare."""
    found: dict[str, list[tuple[str, int]]] = {}
    for word in words_of(shortest, longest):
        for count in choices:
            found.setdefault((" " + word)[count], []).append((word, count))
    return {letter: found[letter] for letter in sorted(found) if len(found[letter]) >= FEWEST}


def draw(rng: random.Random, params: Params, choices: Sequence[int]) -> tuple[list[str], list[int]]:
    """Draw words and counts; for one letter of one word, the letter first."""
    if params.words == params.joined == params.places == 1:
        letters = spots(tuple(choices), params.shortest, params.longest)
        if letters:  # none is common enough where few words are used: then any word will do
            word, count = rng.choice(letters[rng.choice(list(letters))])
            return [word], [count]
    words = draw_words(rng, params.words, words_of(params.shortest, params.longest), params.joined)
    return words, rng.sample(choices, params.places)


@task(levels=LEVELS, tags={"text"}, chance=0.12, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw words and counts, and read off the letters."""
    if not 1 <= params.reach <= params.shortest * params.joined:
        raise BadValue("letter_selection.reach", params.reach, "must lie between 1 and the letters of each word")
    choices = [*range(1, params.reach + 1), *(range(-params.reach, 0) if params.backward else [])]
    if not 1 <= params.places <= len(choices):
        raise BadValue("letter_selection.places", params.places, f"must lie between 1 and {len(choices)}")
    words, counts = draw(rng, params, choices)
    told = [counted(count, "letter") for count in counts]
    listed = ", ".join(words)
    every = ", ".join(told[:-1]) + " and " + told[-1] if len(told) > 1 else told[0]
    whose = "of this word" if len(words) == 1 else "of each of these words, in order,"
    if len(words) == len(told) == 1:
        question = f"Write {every} of this word: {listed}"
    elif len(told) == 1:
        question = f"Take {every} {whose} and write them as one string, without spaces:\n\n{listed}"
    else:
        question = (
            f"Take these letters {whose} and write all of them as one string, without spaces: {every}.\n\n{listed}"
        )
    reference = "".join((" " + word)[count] for word in words for count in counts)
    example = (FILLER * len(reference))[: len(reference)]
    return Draft(
        question=question,
        payload={"words": words, "places": counts},
        reference=reference,
        example=example if example != reference else example[1:] + "z",
        brief=f"{', '.join(told)}: {listed}",
        certificate={
            "letters": len(reference),
            "effort": sum(walk(count, len(word)) for word in words for count in counts),
        },
    )
