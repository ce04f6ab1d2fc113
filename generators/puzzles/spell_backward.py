"""Spell words backwards, from three letters to a line of over 500.

Example (level 3)::

    Spell each of these words backwards. Keep the order of the words and separate them by spaces:

    river stone

What is right: exactly the letters of each word in reverse order, here ``revir enots``; upper or lower case does not
matter. No word reads the same both ways. At level 0 the dev split has 15 words.
Version history: 0 first.
"""

import random
from dataclasses import dataclass

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._words import EXAMPLES, draw_words, words_of
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    words: int
    """How many words there are to spell."""
    joined: int
    """How many words of the list are run together to make one of them."""
    shortest: int
    """Letters of the shortest words of the list that are used."""
    longest: int
    """Letters of the longest."""
    whole: bool
    """Whether the whole line is turned round, so that the last word comes first."""


LEVELS = [
    Params(1, 1, 3, 3, False),
    Params(1, 1, 4, 4, False),
    Params(1, 1, 5, 8, False),
    Params(2, 1, 5, 8, False),
    Params(4, 1, 4, 8, True),
    Params(4, 2, 5, 10, False),
    Params(8, 3, 5, 10, True),
    Params(16, 5, 5, 10, True),
]


@task(levels=LEVELS, tags={"text"}, chance=0.07)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw words until none reads the same backwards."""
    words = draw_words(rng, params.words, words_of(params.shortest, params.longest), params.joined)
    if any(word == word[::-1] for word in words):
        raise Redraw
    line = " ".join(words)
    whole = params.whole and params.words > 1
    if params.words == 1:
        question, brief = f"Spell this word backwards, without spaces between the letters: {line}", line
    elif whole:
        question = (
            "Spell this line backwards, from its last letter to its first, so that the last word comes first. Keep "
            f"the spaces between the words, and put none between letters:\n\n{line}"
        )
        brief = f"line: {line}"
    else:
        question = (
            "Spell each of these words backwards. Keep the order of the words and separate them by spaces:\n\n" + line
        )
        brief = f"words: {line}"
    return Draft(
        question=question,
        payload={"words": words, "whole": whole},
        reference=line[::-1] if whole else " ".join(word[::-1] for word in words),
        example=" ".join(EXAMPLES[: params.words])[::-1],
        brief=brief,
        certificate={"no_palindrome": True, "effort": sum(map(len, words))},
    )
