"""Go from word to word by changing one letter at a time, from two steps among 6 words to 16 among 500.

Example (level 0)::

    cat cot dog cog cow arm
    From cat to cog.

What is right: every ladder of listed words that is as short as any, here ``cat cot cog``.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.puzzles._ladder_words import FOUR, THREE
from gradarium.generators.task import task

EXAMPLES = {3: "fly sly sky", 4: "myth moth math"}
"""Ladders for the example in the prompt; right for nobody who is not asked for them."""
STRANGERS = 0.15
"""Share of the listed words that are drawn from all words, not from the neighbours of the listed ones."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    letters: int
    """Letters of the words, 3 or 4."""
    words: int
    """How many words are listed."""
    steps: int
    """Steps of the shortest ladder."""


LEVELS = [
    Params(3, 6, 2),
    Params(3, 12, 3),
    Params(3, 20, 4),
    Params(4, 35, 5),
    Params(4, 70, 6),
    Params(4, 140, 9),
    Params(4, 280, 12),
    Params(4, 500, 16),
]


@cache
def graph(letters: int) -> Mapping[str, Sequence[str]]:
    """Return the neighbours of each word, sorted: the words that differ in one letter. Raises BadValue."""
    words = {3: THREE, 4: FOUR}.get(letters)
    if words is None:
        raise BadValue("word_ladder.letters", letters, "must be 3 or 4")
    masks: dict[tuple[int, str], list[str]] = {}
    for word in words:
        for i in range(letters):
            masks.setdefault((i, word[:i] + word[i + 1 :]), []).append(word)
    return {
        word: sorted({w for i in range(letters) for w in masks[i, word[:i] + word[i + 1 :]]} - {word}) for word in words
    }


def draw_list(rng: random.Random, params: Params) -> list[str]:
    """Return different words, most of them grown as neighbours of words that were drawn before."""
    near = graph(params.letters)
    every = list(near)
    if not params.steps < params.words <= len(every):
        raise BadValue("word_ladder.words", params.words, f"must lie between steps + 1 and {len(every)}")
    words = {rng.choice(every): None}  # a dict as a set that keeps its order
    edge = [word for word in words for _ in near[word]]
    while len(words) < params.words:
        if rng.random() < STRANGERS or not edge:
            word = rng.choice(every)
        else:
            at = rng.randrange(len(edge))
            edge[at], edge[-1] = edge[-1], edge[at]
            word = rng.choice(near[edge.pop()])
        if word not in words:
            words[word] = None
            edge += [word] * len(near[word])
    return list(words)


def climb(words: Sequence[str], start: str, letters: int) -> tuple[dict[str, str], dict[str, int]]:
    """Return, for each word that can be reached, the word before it on a shortest ladder, and its steps."""
    near, listed = graph(letters), set(words)
    steps = {start: 0}
    before: dict[str, str] = {}
    for word in (wave := [start]):
        for other in near[word]:
            if other in listed and other not in steps:
                steps[other] = steps[word] + 1
                before[other] = word
                wave.append(other)
    return before, steps


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the list and the direction of the ladder."""
    return [sorted(payload["words"]), sorted([payload["start"], payload["end"]])]


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.02, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a list of words, then two of them that are so many steps apart."""
    words = draw_list(rng, params)
    for start in rng.sample(words, min(len(words), 12)):
        before, steps = climb(words, start, params.letters)
        ends = [word for word, count in steps.items() if count == params.steps]
        if ends:
            break
    else:
        raise Redraw
    end = rng.choice(ends)
    ladder = [end]
    while ladder[-1] != start:
        ladder.append(before[ladder[-1]])
    ladder.reverse()
    rng.shuffle(words)
    example = EXAMPLES[params.letters]
    if example.split()[0] == start:
        raise Redraw
    listed = " ".join(words)
    seen = sum(count < params.steps for count in steps.values())
    return Draft(
        question=(
            f"Build a word ladder from {start} to {end}: begin with {start}, change exactly one letter at a time, so "
            f"that each step gives another word of the list below, and end with {end}. No letter is added, dropped or "
            "moved. The ladder must be as short as possible with these words; if several are equally short, each of "
            "them is right.\n\n"
            f"The words that may be used: {listed}\n\n"
            f"Answer with the words of the ladder in order, from {start} to {end}, separated by spaces."
        ),
        payload={"words": words, "start": start, "end": end},
        reference=" ".join(ladder),
        example=example,
        brief=f"{listed}\nFrom {start} to {end}.",
        # each word that is reached is compared with the list
        certificate={"optimal": params.steps, "effort": seen * len(words)},
    )
