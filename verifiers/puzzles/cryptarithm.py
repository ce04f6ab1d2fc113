"""Cryptarithm: digits for letters that make a sum or a product true.

Correct is every assignment of digits to exactly the letters of the words, different ones for different letters, that
keeps the given ones, has no leading zero and makes the line true; nothing is compared with a stored solution.
``A=1``, ``A: 1``, ``A 1`` and ``A is 1`` are the same.

Example: payload ``{"words": ["Q", "B", "T"], "product": false, "given": {"Q": 3, "B": 5}}``, answer ``B=5, Q=3, T=8``.
"""

import re
from math import prod

from gradarium.core import Payload, Verdict

_PAIR = re.compile(r"""["']?([A-Za-z])["']?(?:\s{0,3}[:=]\s{0,3}|\s{1,3}is\s{1,3}|\s{1,3})([0-9])""", re.ASCII)
_SPLIT = re.compile(r"[,;\n]")
LONGEST = 600
"""Longer answers are unreadable (characters)."""


def read_letters(text: str) -> list[tuple[str, int]] | None:
    """Return pairs of a capital letter and a digit; None if anything else is there, or nothing.

    >>> read_letters("A=1, b: 2"), read_letters("A=12")
    ([('A', 1), ('B', 2)], None)
    """
    if len(text) > LONGEST or not text.isascii():
        return None
    text = text.strip().removesuffix(".")
    if text[:1] + text[-1:] == "{}":
        text = text[1:-1]
    items = [item.strip() for item in _SPLIT.split(text)]
    found = [_PAIR.fullmatch(item) for item in items if item]
    return [(pair[1].upper(), int(pair[2])) for pair in found if pair] if found and all(found) else None


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge digits for letters.

    >>> sum_of_two = {"words": ["Q", "B", "T"], "product": False, "given": {"Q": 3, "B": 5}}
    >>> verify("B=5, Q=3, T=8", sum_of_two).score
    1.0
    >>> verify("B=5, Q=3, T=9", sum_of_two).reason
    'with these digits the line is 3 + 5 = 9, which is not true'
    """
    pairs = read_letters(answer)
    if pairs is None:
        return Verdict.unreadable("expected letters with digits, like 'A=1, B=2'")
    words, given = payload["words"], payload["given"]
    letters = set("".join(words))
    digit_of: dict[str, int] = {}
    for letter, digit in pairs:
        if letter not in letters:
            return Verdict.wrong(f"{letter} is not in the line", "letters")
        if letter in digit_of:
            return Verdict.wrong(f"{letter} is given twice", "letters")
        if digit in digit_of.values():
            return Verdict.wrong(f"two letters stand for {digit}", "different")
        digit_of[letter] = digit
    if len(digit_of) < len(letters):
        return Verdict.wrong(f"{len(digit_of)} of {len(letters)} letters have a digit", "letters")
    for letter, digit in given.items():
        if digit_of[letter] != digit:
            return Verdict.wrong(f"{letter} must be {digit}", "given")
    for word in words:
        if len(word) > 1 and not digit_of[word[0]]:
            return Verdict.wrong(f"{word} begins with 0", "leading zero")
    *parts, total = [int("".join(str(digit_of[letter]) for letter in word)) for word in words]
    if (prod(parts) if payload["product"] else sum(parts)) != total:
        line = (" * " if payload["product"] else " + ").join(map(str, parts))
        return Verdict.wrong(f"with these digits the line is {line} = {total}, which is not true", "line")
    return Verdict.correct()
