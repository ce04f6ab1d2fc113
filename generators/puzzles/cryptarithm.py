"""Letters stand for digits so that a sum or a product comes out right, from one missing letter to ten.

Example (level 0)::

    Q + B = T; Q = 3, B = 5

What is right: every assignment of different digits to the letters for which the line is true and no number of several
digits begins with 0, here ``B=5, Q=3, T=8``. A search from the last digits on proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.cryptarithm import read_letters


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    lengths: str
    """Digits of the numbers that are added or multiplied, such as ``4 4``."""
    product: bool
    """Whether they are multiplied."""
    unknown: int
    """The most letters whose digits are not told; 10 for all."""
    letters: int
    """The fewest different letters."""
    hints: int
    """Further digits that may be told, one after the other, until there is one solution."""


LEVELS = [
    Params("1 1", False, 1, 2, 0),
    Params("2 2", False, 2, 4, 0),
    Params("3 2", False, 4, 6, 1),
    Params("3 3", False, 6, 6, 1),
    Params("4 4", False, 7, 8, 1),
    Params("3 2", True, 10, 8, 1),
    Params("5 5", False, 10, 9, 1),
    Params("4 3", True, 10, 9, 1),
]
MOST_NODES = 20_000
"""Of one search."""


class TooHard(Exception):
    """The search took more nodes than it was given."""


def count_solutions(words: Sequence[str], product: bool, given: Mapping[str, int]) -> tuple[int, int]:
    """Return how many assignments there are, counted up to 2, and how many nodes were looked at.

    Letters get digits from the last column to the first; the letter of the result follows. Raises TooHard.

    >>> count_solutions(["SEND", "MORE", "MONEY"], False, {})[0]
    1
    """
    *parts, total = words
    leading = {word[0] for word in words if len(word) > 1}
    width = len(total)
    columns = [[word[-1 - k] for word in parts if k < len(word)] for k in range(width)]
    if any(len(word) > width for word in parts):
        return 0, 0
    digit_of = dict(given)
    if len(set(given.values())) < len(given) or any(given.get(letter) == 0 for letter in leading):
        return 0, 0
    free = [digit for digit in range(10) if digit not in given.values()]
    found = nodes = 0

    def value(word: str, digits: int) -> int:
        result = 0
        for letter in word[-digits:]:
            result = 10 * result + digit_of[letter]
        return result

    def column(k: int) -> None:
        nonlocal found, nodes
        nodes += 1
        if nodes > MOST_NODES:
            raise TooHard
        if k == width:
            values = [value(word, width) for word in parts]
            found += (prod(values) if product else sum(values)) == value(total, width)
            return
        missing = sorted({letter for letter in columns[k] if letter not in digit_of})
        fill(k, missing)

    def fill(k: int, missing: list[str]) -> None:
        if missing:
            letter = missing[0]
            for digit in tuple(free):
                if digit or letter not in leading:
                    digit_of[letter] = digit
                    free.remove(digit)
                    fill(k, missing[1:])
                    free.append(digit)
                    del digit_of[letter]
                    if found > 1:
                        return
            return
        values = [value(word, k + 1) for word in parts]
        digit = (prod(values) if product else sum(values)) // 10**k % 10
        letter = total[-1 - k]
        if letter in digit_of:
            if digit_of[letter] == digit:
                column(k + 1)
        elif digit in free and (digit or letter not in leading):
            digit_of[letter] = digit
            free.remove(digit)
            column(k + 1)
            free.append(digit)
            del digit_of[letter]

    column(0)
    return found, nodes


def exchangeable(words: Sequence[str], given: Mapping[str, int]) -> str:
    """Return a letter that can change places with another one in a sum, and an empty text if there is none.

    >>> exchangeable(["AB", "AC", "DEF"], {}), exchangeable(["SEND", "MORE", "MONEY"], {})
    ('C', '')
    """
    weights: dict[str, int] = {}
    for word in words:
        for k, letter in enumerate(reversed(word)):
            weights[letter] = weights.get(letter, 0) + (-1 if word is words[-1] else 1) * 10**k
    seen: set[int] = set()
    for letter in sorted(weights):
        if letter not in given:
            if weights[letter] in seen:
                return letter
            seen.add(weights[letter])
    return ""


def canonical(payload: Mapping[str, Any]) -> object:
    """Name the letters in the order in which they appear."""
    names = {letter: f"{i}" for i, letter in enumerate(dict.fromkeys("".join(payload["words"])))}
    words = ["".join(names[letter] for letter in word) for word in payload["words"]]
    return [words, payload["product"], {names[letter]: digit for letter, digit in payload["given"].items()}]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the numbers one below the other, with the digits of the answer for letters."""
    digits = {**payload["given"], **dict(read_letters(answer) or [])}
    width = max(map(len, payload["words"])) + 1
    lines = [word.rjust(width) for word in payload["words"]]
    sign = "*" if payload["product"] else "+"
    lines[-2] = sign + lines[-2][1:]
    lines[-1] = "=" + lines[-1][1:]
    return [[str(digits.get(char, char)) for char in line] for line in lines]


@task(levels=LEVELS, tags={"classic", "arithmetic"}, chance=0.05, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw numbers and letters for their digits, and prove that no other digits fit."""
    lengths = [int(word) if word.isdecimal() else 0 for word in params.lengths.split()]
    if not 2 <= len(lengths) <= 4 or not 1 <= min(lengths) <= max(lengths) <= 7:
        raise BadValue("cryptarithm.lengths", params.lengths, "must be two to four numbers from 1 to 7")
    if not 1 <= params.unknown <= 10 or not 2 <= params.letters <= 10:
        raise BadValue("cryptarithm.unknown, letters", (params.unknown, params.letters), "must be at most 10")
    for _ in range(200):
        numbers = [rng.randint(10 ** (n - 1), 10**n - 1) for n in lengths]
        numbers.append(prod(numbers) if params.product else sum(numbers))
        digits = sorted(set("".join(map(str, numbers))))
        if len(digits) >= params.letters:
            break
    else:
        raise Redraw
    letters = dict(zip(digits, rng.sample("ABCDEFGHIJKLMNOPQRSTUVWXYZ", len(digits)), strict=True))
    words = ["".join(letters[digit] for digit in str(number)) for number in numbers]
    shown = rng.sample(digits, max(0, len(digits) - params.unknown))
    given = {letters[digit]: int(digit) for digit in shown}
    spare = rng.sample([digit for digit in digits if digit not in shown], params.hints + 1)
    while True:
        twin = "" if params.product else exchangeable(words, given)
        try:
            found, nodes = (2, 0) if twin else count_solutions(words, params.product, given)
        except TooHard:
            raise Redraw from None
        if found == 1:
            break
        digit = spare.pop()
        if not spare:
            raise Redraw
        if twin:
            digit = next(d for d, letter in letters.items() if letter == twin)
        given[letters[digit]] = int(digit)
    line = f"{' * ' if params.product else ' + '}".join(words[:-1]) + f" = {words[-1]}"
    told = ", ".join(f"{letter} = {digit}" for letter, digit in sorted(given.items()))
    hint = f"\n\nSome digits are known: {told}." if given else ""
    used = sorted(letters.values())
    pairs = sorted((letter, digit) for digit, letter in letters.items())
    wrong = rng.sample("0123456789", len(pairs))
    if wrong == [digit for _, digit in pairs]:
        raise Redraw
    return Draft(
        question=(
            f"Each letter stands for a digit from 0 to 9, the same letter for the same digit everywhere, different "
            f"letters for different digits. No number of several digits begins with 0. The line is true in decimal "
            f"notation:\n\n{line}{hint}\n\nWhich digits do the letters stand for? There is exactly one solution.\n\n"
            f"Answer with all {len(used)} letters and their digits, as letter=digit, separated by commas."
        ),
        payload={"words": words, "product": params.product, "given": dict(sorted(given.items()))},
        reference=", ".join(f"{letter}={digit}" for letter, digit in pairs),
        example=", ".join(f"{letter}={digit}" for (letter, _), digit in zip(pairs, wrong, strict=True)),
        brief=f"{line}; {told}" if told else line,
        certificate={"unique": True, "effort": nodes * sum(map(len, words))},
    )
