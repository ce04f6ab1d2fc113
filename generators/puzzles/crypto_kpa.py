"""Decrypt a text with the key of another text whose plaintext is known, from a small shift to two ciphers in a row.

Example (level 0)::

    Caesar with a secret k from 1 to 3: dog became FQI; what became ECV?

What is right: a text that some key turns into the ciphertext while the same key does so for the known pair, here
``cat``. All keys that fit the known pair are enumerated: they all give the same text, so there is one.
Version history: 0 first.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue, UnknownName
from gradarium.generators.puzzles._ciphers import (
    EVEN,
    NUMBERED,
    RULES,
    TRANSPOSITIONS,
    Key,
    all_keys,
    decrypt,
    draw_key,
    encrypt,
    keys_for,
)
from gradarium.generators.puzzles._words import EXAMPLES, draw_words, words_of
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    ciphers: str
    """What to draw from, separated by spaces: ``cipher:size``, or a transposition and another one joined by ``+``."""
    known: int
    """Words of the known text."""
    asked: int
    """Words of the text to find."""
    shortest: int
    """Letters of the shortest word."""
    longest: int
    """Letters of the longest word."""


LEVELS = [
    Params("caesar:3", 1, 1, 3, 4),
    Params("caesar:25", 1, 1, 4, 6),
    Params("alphabet:26", 5, 1, 4, 8),
    Params("alphabet:26 vigenere:3 rail_fence:4", 8, 3, 4, 8),
    Params("vigenere:6 rail_fence:8 columns:4", 6, 5, 4, 8),
    Params("affine:26 autokey:7 columns:6", 6, 6, 4, 9),
    Params("hill:26 rail_fence:4+caesar:25 rail_fence:5+vigenere:4", 6, 5, 4, 9),
    Params("columns:4+hill:26 columns:5+autokey:6 columns:5+vigenere:8", 8, 8, 4, 10),
]

KNOWN = ("caesar", "affine", "alphabet", "vigenere", "autokey", "hill", *TRANSPOSITIONS)


def space_in_words(method: str, size: int) -> str:
    """Say which keys there are."""
    return {
        "caesar": f"The shift k is a whole number from 1 to {size}.",
        "affine": "The whole numbers a and b are from 0 to 25, both included; a has no factor in common with 26.",
        "alphabet": "The cipher alphabet is any arrangement of the 26 letters.",
        "rail_fence": f"The number r of rows is from 2 to {size}, both included.",
        "columns": f"There are from 2 to {size} columns, read in any order." if size > 2 else "There are 2 columns.",
        "hill": (
            "The whole numbers a, b, c, d are from 0 to 25, both included; a * d - b * c has no factor in "
            "common with 26, so that the step can be undone."
        ),
    }.get(method, f"The keyword is any sequence of letters, from 1 to {size} of them.")


def rule_in_words(method: str, size: int) -> str:
    """Return the rule of a cipher whose key is secret, and which keys there are."""
    rule = (
        RULES[method]
        .replace("the order below has numbers", "the key says")
        .replace("the given order", "a secret order")
    )
    return f"{rule} {space_in_words(method, size)}"


def keys_that_fit(steps: list[tuple[str, int]], plain: str, cipher: str) -> Iterator[list[Key]]:
    """Yield every list of keys, one for each step, that turns ``plain`` into ``cipher``."""
    if len(steps) == 1:
        yield from ([key] for key in keys_for(*steps[0], plain, cipher))
        return
    for first in all_keys(*steps[0]):
        for second in keys_for(*steps[1], encrypt(steps[0][0], first, plain), cipher):
            yield [first, second]


def undo(steps: list[tuple[str, int]], keys: list[Key], text: str) -> str:
    """Decrypt with one key for each step."""
    for (method, _), key in reversed(list(zip(steps, keys, strict=True))):
        text = decrypt(method, key, text)
    return text


def read_steps(text: str) -> list[tuple[str, int]]:
    """Return ciphers and sizes of ``cipher:size+cipher:size``; raises UnknownName or BadValue."""
    steps = []
    for part in text.split("+"):
        method, _, size = part.partition(":")
        if method not in KNOWN:
            raise UnknownName("cipher", method, KNOWN)
        most = {"caesar": 25, "columns": 6, "rail_fence": 9}.get(method, 26)
        if not size.isdecimal() or not (1 if most > 9 else 2) <= int(size) <= most:
            raise BadValue("crypto_kpa.ciphers", part, f"the size of the key of {method} is at most {most}")
        steps.append((method, int(size)))
    if len(steps) > 2 or (len(steps) == 2 and (steps[0][0] not in TRANSPOSITIONS or steps[1][0] in TRANSPOSITIONS)):
        raise BadValue(
            "crypto_kpa.ciphers", text, "two steps are a transposition and then a cipher that changes letters"
        )
    return steps


@task(levels=LEVELS, tags={"enigmata", "crypto"}, chance=0.03)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw two texts and a key, and prove that the known text settles what the other one is."""
    choices = [read_steps(text) for text in params.ciphers.split()]
    if not choices or not 1 <= params.known <= 50 or not 1 <= params.asked <= 50:
        raise BadValue("crypto_kpa.known, asked", (params.known, params.asked), "must lie between 1 and 50")
    steps = rng.choice(choices)
    pool = words_of(params.shortest, params.longest)
    known_words = draw_words(rng, params.known, pool)
    known = "".join(known_words)
    if steps[-1][0] == "alphabet":  # only words whose letters have been seen can be found
        pool = tuple(word for word in pool if set(word) <= set(known) and word not in known_words)
        if len(pool) < 20 * params.asked:
            raise Redraw
    asked_words = draw_words(rng, params.asked, pool)
    asked = "".join(asked_words)
    if steps[-1][0] in EVEN and (len(known) % 2 or len(asked) % 2):
        raise Redraw
    coded, target = known, asked
    for method, size in steps:
        letters = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(min(2, size), size)))
        key = draw_key(rng, method, size, letters)
        coded, target = encrypt(method, key, coded), encrypt(method, key, target)
    if asked in known or known in asked or coded == known:
        raise Redraw
    fitting = 0
    for keys in keys_that_fit(steps, known, coded):
        fitting += 1
        if undo(steps, keys, target) != asked or fitting > 1_000:
            raise Redraw
    if not fitting:
        raise ValueError(f"no key was found that turns {known!r} into {coded!r}")
    told = [rule_in_words(method, size) for method, size in steps]
    numbered = "\n".join(told if len(told) == 1 else [f"{i}. {line}" for i, line in enumerate(told, 1)])
    how = "as follows" if len(told) == 1 else "in two steps, the second applied to the result of the first"
    methods = {method for method, _ in steps}
    count = " Letters are numbered a = 0, b = 1, and so on to z = 25." if methods & set(NUMBERED) else ""
    length = "one English word" if params.asked == 1 else f"{params.asked} English words"
    question = (
        f"Two texts were encrypted with the same secret key, {how}.{count}\n\n{numbered}\n\n"
        "Each text was encrypted on its own, from its first letter. Texts are written without spaces, ciphertexts in "
        f"capital letters.\n\nThe first text: {known}\nbecame: {coded.upper()}\n\n"
        f"The second text became: {target.upper()}\n\n"
        f"What is the second text? It consists of {length}, and "
        "all keys that fit the first text give the same second text.\n\n"
        "Answer with the second text in lower-case letters; spaces do not count."
    )
    ciphers = " + ".join(f"{method} {size}" for method, size in steps)
    work = {"caesar": 1, "alphabet": 2, "rail_fence": 2, "vigenere": 3, "affine": 4, "autokey": 4, "columns": 4}
    tried = 1
    for method, size in steps:
        tried *= size if method != "columns" else sum(1 for _ in all_keys(method, size))
    return Draft(
        question=question,
        payload={
            "steps": [[method, size] for method, size in steps],
            "known": known,
            "coded": coded.upper(),
            "target": target.upper(),
        },
        reference=" ".join(asked_words),
        example=" ".join(EXAMPLES[: min(2, params.asked)]),
        brief=f"{ciphers}\n{known} = {coded.upper()}\n{target.upper()}",
        certificate={
            "unique": True,
            "keys": fitting,
            # letters to work on, times what a letter takes, times the bits of the key that are found by trying
            "effort": len(known + asked) * sum(work.get(m, 8) for m in methods) * len(steps) * tried.bit_length(),
        },
    )
