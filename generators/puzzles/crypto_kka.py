"""Decrypt a message where the ciphers and their keys are given, from one shift to six ciphers one after the other.

Example (level 0)::

    Caesar, k = 2: ECV

What is right: the message whose encryption is the ciphertext, here ``cat``; every step can be undone, so there is one.
Version history: 0 first.
"""

import random
from dataclasses import dataclass

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.puzzles._ciphers import EVEN, NUMBERED, RULES, draw_key, encrypt, key_in_words
from gradarium.generators.puzzles._words import EXAMPLES, draw_words, words_of
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    ciphers: str
    """The ciphers to draw from, separated by spaces."""
    steps: int
    """How many of them are used, one after the other, each once."""
    size: int
    """The largest shift, and for 9 and less the most rails and columns."""
    words: int
    """Words of the message."""
    shortest: int
    """Letters of the shortest word."""
    longest: int
    """Letters of the longest word."""


LEVELS = [
    Params("caesar", 1, 3, 1, 3, 4),
    Params("caesar atbash", 1, 25, 1, 4, 6),
    Params("alphabet vigenere rail_fence", 1, 3, 1, 5, 8),
    Params("affine keyword vigenere rail_fence columns", 1, 4, 2, 4, 8),
    Params("affine autokey columns hill playfair", 1, 5, 4, 4, 8),
    Params("affine keyword vigenere rail_fence columns hill", 2, 6, 5, 4, 9),
    Params("affine keyword autokey rail_fence columns hill playfair", 3, 7, 8, 4, 9),
    Params("affine keyword vigenere autokey rail_fence columns hill playfair", 6, 9, 16, 4, 10),
]

WORK = {
    "caesar": 1,
    "atbash": 1,
    "alphabet": 1,
    "keyword": 2,
    "vigenere": 2,
    "rail_fence": 2,
    "autokey": 3,
    "columns": 3,
    "affine": 3,
    "playfair": 4,
    "hill": 5,
}
"""Operations that one letter takes."""
NAMES = {"rail_fence": "rail fence", "vigenere": "Vigenère", "caesar": "Caesar", "hill": "Hill", "playfair": "Playfair"}


def in_blocks(text: str) -> str:
    """Return a long text in blocks of five letters.

    >>> in_blocks("ABCDEFGHIJKLM"), in_blocks("ABCDEF")
    ('ABCDE FGHIJ KLM', 'ABCDEF')
    """
    return " ".join(text[i : i + 5] for i in range(0, len(text), 5)) if len(text) > 10 else text


@task(levels=LEVELS, tags={"enigmata", "crypto"}, chance=0.03)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a message, ciphers and keys, and encrypt."""
    ciphers = params.ciphers.split()
    if not 1 <= params.steps <= len(ciphers):
        raise BadValue("crypto_kka.steps", params.steps, f"must lie between 1 and {len(ciphers)}, the ciphers given")
    if not 1 <= params.words <= 100:
        raise BadValue("crypto_kka.words", params.words, "must lie between 1 and 100")
    methods = rng.sample(ciphers, params.steps)
    methods.sort(key=lambda method: method != "playfair")  # it needs a text without j, so it comes first
    words = draw_words(rng, params.words, words_of(params.shortest, params.longest))
    message = "".join(words)
    if set(methods) & set(EVEN) and len(message) % 2:
        raise Redraw
    pairs = zip(message[::2], message[1::2], strict=False)
    if "playfair" in methods and ("j" in message or any(a == b for a, b in pairs)):
        raise Redraw
    keywords = [word for word in (words_of(3, 4) if params.size < 5 else words_of(4, 8)) if "j" not in word]
    steps = [[method, draw_key(rng, method, params.size, rng.choice(keywords))] for method in methods]
    text = message
    for method, key in steps:
        text = encrypt(method, key, text)
    if text == message:
        raise Redraw
    told = [f"{RULES[method]} {key_in_words(method, key)}".strip() for method, key in steps]
    numbered = "\n".join(told if len(told) == 1 else [f"{i}. {line}" for i, line in enumerate(told, 1)])
    how = "as follows" if len(told) == 1 else "in these steps, each applied to the result of the one before"
    count = " Letters are numbered a = 0, b = 1, and so on to z = 25." if set(methods) & set(NUMBERED) else ""
    blocks = in_blocks(text.upper())
    of = "one English word" if params.words == 1 else f"{params.words} English words, written without spaces,"
    brief = "\n".join(
        f"{NAMES.get(method, method)}{', ' if key is not None else ''}{key_in_words(method, key).removesuffix('.')}"
        for method, key in steps
    )
    return Draft(
        question=(
            f"A message of {of} was encrypted {how}.{count}\n\n{numbered}\n\nThe result, in capital letters, is:\n"
            f"{blocks}\n\nSpaces in it have no meaning. Undo the encryption.\n\n"
            "Answer with the message in lower-case letters; spaces do not count."
        ),
        payload={"ciphertext": text.upper(), "steps": steps},
        reference=" ".join(words),
        example=" ".join(EXAMPLES[: min(2, params.words)]),
        brief=f"{brief}\n{blocks}",
        certificate={"unique": True, "effort": len(message) * sum(WORK[method] for method in methods)},
    )
