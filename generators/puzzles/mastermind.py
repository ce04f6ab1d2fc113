"""Find the only secret code that fits guesses and their feedback, from two letters of six to seven of nine.

Example (level 0)::

    E A: 1 right, 0 misplaced
    F C: 1 right, 0 misplaced
    F B: 1 right, 0 misplaced
    B A: 1 right, 0 misplaced
    A C: 0 right, 1 misplaced
    D A: 1 right, 0 misplaced

What is right: every code that fits all feedback; the search proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    length: int
    """Letters of the code."""
    letters: int
    """Different letters that may stand in it."""
    extra: int
    """Guesses beyond those that are needed; where there are none, no guess can be left out."""


LEVELS = [
    Params(2, 6, 2),
    Params(3, 5, 1),
    Params(3, 7, 0),
    Params(4, 8, 1),
    Params(5, 6, 0),
    Params(5, 7, 0),
    Params(6, 8, 0),
    Params(7, 9, 0),
]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Guess = tuple[list[int], int, int]
"""The letters of a guess, how many are right, and how many letters it shares with the code in any places."""


def score(code: list[int], guess: list[int]) -> Guess:
    """Return the guess with its right letters and its common letters."""
    right = sum(a == b for a, b in zip(code, guess, strict=True))
    return guess, right, sum(min(code.count(letter), guess.count(letter)) for letter in set(guess))


class Search:
    """Depth-first search for codes, place by place; a guess whose counts cannot be met any more ends a branch."""

    def __init__(self, length: int, letters: int) -> None:
        self.length, self.letters = length, letters
        self.nodes = 0

    def solve(self, guesses: list[Guess], most: int, rng: random.Random | None = None) -> list[list[int]]:
        """Return codes that fit all guesses: at most ``most``, in random order if there is an ``rng``."""
        found: list[list[int]] = []
        code: list[int] = []
        used = [0] * self.letters
        counts = [[guess.count(letter) for letter in range(self.letters)] for guess, _, _ in guesses]

        def step(state: list[tuple[int, int]]) -> None:
            place = len(code)
            if place == self.length:
                found.append(list(code))
                return
            left = self.length - place - 1
            order = list(range(self.letters))
            if rng:
                rng.shuffle(order)
            for letter in order:
                self.nodes += 1
                after = []
                for (guess, _, _), held, (right, common) in zip(guesses, counts, state, strict=True):
                    right -= guess[place] == letter
                    common -= used[letter] < held[letter]
                    if not (0 <= right <= left and 0 <= common <= left):
                        break
                    after.append((right, common))
                else:
                    code.append(letter)
                    used[letter] += 1
                    step(after)
                    used[letter] -= 1
                    code.pop()
                    if len(found) >= most:
                        return

        step([(right, common) for _, right, common in guesses])
        return found


def canonical(payload: Mapping[str, Any]) -> object:
    """Name the letters in the order in which they appear, so that renamed letters are the same problem."""
    names: dict[str, int] = {}
    guesses = [[names.setdefault(letter, len(names)) for letter in guess] for guess in payload["guesses"]]
    return [payload["letters"], guesses, payload["feedback"]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the guesses, one on each line, with a dot for each right (●) and misplaced (○) letter, and the answer."""
    length = len(payload["guesses"][0])
    lines = [
        [*guess, *("●" * right + "○" * misplaced).ljust(length)]
        for guess, (right, misplaced) in zip(payload["guesses"], payload["feedback"], strict=True)
    ]
    grid = read_grid(answer.upper(), 1, length, payload["letters"]) or [["?"] * length]
    return [*lines, [*grid[0], *" " * length]]


@task(levels=LEVELS, tags={"classic", "logic"}, chance=0.05, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a code and guess as a player would, until one code is left."""
    search = Search(params.length, params.letters)
    code = [rng.randrange(params.letters) for _ in range(params.length)]
    guesses: list[Guess] = []
    while True:
        both = search.solve(guesses, 2, rng)
        if len(both) == 1:
            break
        guesses.append(score(code, both[0] if both[0] != code else both[1]))
    for _ in range(params.extra):
        guess = list(code)
        place = rng.randrange(params.length)
        guess[place] = (guess[place] + rng.randrange(1, params.letters)) % params.letters
        guesses.append(score(code, guess))
    if not params.extra:
        for guess_ in rng.sample(guesses, len(guesses)):
            rest = [other for other in guesses if other is not guess_]
            if len(search.solve(rest, 2)) == 1:
                guesses = rest
    rng.shuffle(guesses)
    search.nodes = 0
    search.solve(guesses, 2)
    letters = ALPHABET[: params.letters]
    feedback = [[right, common - right] for _, right, common in guesses]
    words = ["".join(letters[letter] for letter in guess) for guess, _, _ in guesses]
    if len(set(words)) < len(words):
        raise Redraw
    text = "\n".join(
        f"{' '.join(word)}: {right} right, {misplaced} misplaced"
        for word, (right, misplaced) in zip(words, feedback, strict=True)
    )
    reference = " ".join(letters[letter] for letter in code)
    example = " ".join(letters[k % params.letters] for k in range(params.length))
    if example == reference:
        raise Redraw
    question = (
        f"Find the secret code. It has {params.length} letters, each from {letters[0]} to {letters[-1]}; letters may "
        "occur more than once. For each guess below you are told how many of its letters are right (the same letter in "
        "the same place as in the code) and how many are misplaced. The letters of guess and code that are not right "
        "are then paired off: a letter of the guess is misplaced if an equal letter of the code is left for it in "
        "another place, and each letter of the code is paired with one letter of the guess at most. Exactly one code "
        "fits all guesses.\n\n"
        f"{text}\n\n"
        f"Answer with the code: {params.length} letters, separated by spaces."
    )
    return Draft(
        question=question,
        payload={"letters": letters, "guesses": words, "feedback": feedback},
        reference=reference,
        example=example,
        brief=f"{letters[0]} to {letters[-1]}\n{text}",
        certificate={"unique": True, "effort": search.nodes},
    )
