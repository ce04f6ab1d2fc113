"""Classical ciphers on lower-case letters: the rule in words, drawing a key, encryption, decryption, known plaintext.

A cipher is a name of ``RULES``. Keys: ``caesar`` and ``rail_fence`` a number, ``affine`` ``[a, b]``, ``hill``
``[a, b, c, d]``, ``columns`` the order in which columns are read (counted from 1), ``alphabet`` 26 letters, ``keyword``
and ``playfair`` (without j), ``vigenere`` and ``autokey`` a word, ``atbash`` nothing. In a key found from known
plaintext, ``?`` stands for a letter that stays open.
"""

import random
from collections.abc import Iterator
from itertools import permutations, product
from math import gcd
from typing import Any

from gradarium.errors import BadValue, UnknownName

LETTERS = "abcdefghijklmnopqrstuvwxyz"
Key = Any

NUMBERED = ("caesar", "affine", "vigenere", "autokey", "hill")
"""Ciphers whose rules count with letters as numbers."""
TRANSPOSITIONS = ("rail_fence", "columns")
EVEN = ("hill", "playfair")
"""Ciphers of pairs of letters."""

RULES = {
    "caesar": "Caesar cipher: add the shift k to the number of each letter, modulo 26.",
    "atbash": "Atbash: replace a by z, b by y, c by x, and so on to z by a.",
    "affine": "Affine cipher: the letter with number x becomes the letter with number a * x + b, modulo 26.",
    "alphabet": "Substitution: write the cipher alphabet below a to z; each letter becomes the one below it.",
    "keyword": (
        "Keyword substitution: the cipher alphabet is the keyword without repeated letters, then all other letters "
        "from a to z; write it below the alphabet a to z; each letter becomes the one below it."
    ),
    "vigenere": (
        "Vigenère cipher: write the keyword, repeated as often as needed, below the text; add to the number of each "
        "letter the number of the keyword letter below it, modulo 26."
    ),
    "autokey": (
        "Autokey cipher: write the keyword below the text and behind it the text itself from its first letter, as far "
        "as needed; add to the number of each letter of the text the number of the letter below it, modulo 26."
    ),
    "rail_fence": (
        "Rail fence: write the letters one after the other in a zigzag over r rows: the first in row 1, then one row "
        "further down each time to row r, then one row up each time to row 1, then down again, and so on; then read "
        "row 1 from left to right, then row 2, and so on to row r."
    ),
    "columns": (
        "Columnar transposition: write the text row by row into as many columns as the order below has numbers (the "
        "last row may be shorter); column 1 is the left one; then read the columns from top to bottom, one column "
        "after the other, in the given order."
    ),
    "hill": (
        "Hill cipher: cut the text into pairs of letters; the pair with the numbers x, y becomes the pair with the "
        "numbers a * x + b * y and c * x + d * y, both modulo 26."
    ),
    "playfair": (
        "Playfair: fill a square of 5 rows and 5 columns, row by row from the top left, with the letters of the "
        "keyword without repetitions and then with all other letters from a to z except j. Cut the text into pairs. "
        "Two letters in one row of the square: each becomes the letter to its right (at the end of the row, the first "
        "of the row). Two in one column: each becomes the letter below it (at the bottom, the top one of the column). "
        "Otherwise each becomes the letter in its own row and in the column of the other letter."
    ),
}


def mixed_alphabet(word: str, letters: str = LETTERS) -> str:
    """Return the letters with those of a keyword in front.

    >>> mixed_alphabet("hello")
    'heloabcdfgijkmnpqrstuvwxyz'
    """
    return "".join(dict.fromkeys(word + letters))


def draw_key(rng: random.Random, method: str, size: int, word: str) -> Key:
    """Draw a key, with numbers up to ``size``; ``word`` is the keyword. Raises UnknownName or BadValue."""
    if method not in RULES:
        raise UnknownName("cipher", method, RULES)
    if (method == "caesar" and not 1 <= size <= 25) or (method in TRANSPOSITIONS and not 2 <= size <= 9):
        raise BadValue("size of the key", size, "must lie between 1 and 25 for shifts, 2 and 9 for rails and columns")
    if method == "caesar":
        return rng.randint(1, size)
    if method == "affine":
        return [rng.choice([a for a in range(3, 26) if gcd(a, 26) == 1]), rng.randint(0, 25)]
    if method == "rail_fence":
        return rng.randint(2, size)
    if method == "columns":
        count = rng.randint(max(2, size - 1), size)
        return [column + 1 for column in rng.sample(range(count), count)]
    if method == "hill":
        while True:
            a, b, c, d = (rng.randint(0, 25) for _ in range(4))
            if gcd(a * d - b * c, 26) == 1 and b and c:
                return [a, b, c, d]
    if method == "alphabet":
        return "".join(rng.sample(LETTERS, 26))
    return None if method == "atbash" else word


def key_in_words(method: str, key: Key) -> str:
    """Return what the key is, as a sentence; nothing for a cipher without a key."""
    if method == "atbash":
        return ""
    if method == "caesar":
        return f"k = {key}."
    if method == "rail_fence":
        return f"r = {key}."
    if method == "columns":
        return f"Order of the columns: {' '.join(map(str, key))}."
    if method in ("affine", "hill"):
        return ", ".join(f"{name} = {value}" for name, value in zip("abcd", key, strict=False)) + "."
    return f"{'Cipher alphabet' if method == 'alphabet' else 'Keyword'}: {key}."


def places(method: str, key: Key, length: int) -> list[int]:
    """Return which position of the text each letter of a transposition comes from."""
    if method == "columns":
        return [i for column in key for i in range(column - 1, length, len(key))]
    period = 2 * key - 2
    return sorted(range(length), key=lambda i: (min(i % period, period - i % period), i))


def numbers(text: str) -> list[int]:
    """Return a = 0 to z = 25 for each letter."""
    return [LETTERS.index(char) for char in text]


def spelled(values: list[int]) -> str:
    """Return the letters with these numbers, modulo 26."""
    return "".join(LETTERS[value % 26] for value in values)


def encrypt(method: str, key: Key, text: str) -> str:
    """Encrypt lower-case letters; the text has the form that the cipher needs.

    >>> encrypt("caesar", 3, "xyz"), encrypt("rail_fence", 3, "abcdefg"), encrypt("columns", [2, 1], "abcde")
    ('abc', 'aebdfcg', 'bdace')
    """
    if method in TRANSPOSITIONS:
        return "".join(text[i] for i in places(method, key, len(text)))
    if method == "playfair":
        return playfair(key, text, 1)
    if method in ("atbash", "alphabet", "keyword"):
        table = LETTERS[::-1] if method == "atbash" else mixed_alphabet(key)
        return text.translate(str.maketrans(LETTERS, table))
    values = numbers(text)
    if method == "caesar":
        return spelled([x + key for x in values])
    if method == "affine":
        return spelled([key[0] * x + key[1] for x in values])
    if method == "hill":
        a, b, c, d = key
        return spelled(
            [v for x, y in zip(values[::2], values[1::2], strict=True) for v in (a * x + b * y, c * x + d * y)]
        )
    below = numbers((key + text)[: len(text)]) if method == "autokey" else numbers(key) * (len(text) // len(key) + 1)
    return spelled([x + k for x, k in zip(values, below, strict=False)])


def decrypt(method: str, key: Key, text: str) -> str:
    """Undo ``encrypt``; letters that hang on an open letter of the key come out as ``?``."""
    if method in TRANSPOSITIONS:
        order = places(method, key, len(text))
        return "".join(char for _, char in sorted(zip(order, text, strict=True)))
    if method == "playfair":
        return playfair(key, text, -1)
    if method in ("atbash", "alphabet", "keyword"):
        table = LETTERS[::-1] if method == "atbash" else key if method == "alphabet" else mixed_alphabet(key)
        back = {image: char for char, image in zip(LETTERS, table, strict=True)}
        return "".join(back.get(char, "?") for char in text)
    values = numbers(text)
    if method == "caesar":
        return spelled([x - key for x in values])
    if method == "affine":
        return spelled([pow(key[0], -1, 26) * (x - key[1]) for x in values])
    if method == "hill":
        a, b, c, d = key
        over = pow(a * d - b * c, -1, 26)
        return encrypt("hill", [over * d, -over * b, -over * c, over * a], text)
    plain: list[str] = []
    for i, x in enumerate(values):
        below = key[i % len(key)] if method == "vigenere" or i < len(key) else plain[i - len(key)]
        plain.append("?" if below == "?" else LETTERS[(x - LETTERS.index(below)) % 26])
    return "".join(plain)


def playfair(key: str, text: str, step: int) -> str:
    """Encrypt (step 1) or decrypt (step -1) pairs of different letters without j."""
    square = mixed_alphabet(key, LETTERS.replace("j", ""))
    result = []
    for first, second in zip(text[::2], text[1::2], strict=True):
        (r, c), (s, d) = divmod(square.index(first), 5), divmod(square.index(second), 5)
        if r == s:
            result += [square[r * 5 + (c + step) % 5], square[r * 5 + (d + step) % 5]]
        elif c == d:
            result += [square[(r + step) % 5 * 5 + c], square[(s + step) % 5 * 5 + c]]
        else:
            result += [square[r * 5 + d], square[s * 5 + c]]
    return "".join(result)


def all_keys(method: str, size: int) -> Iterator[Key]:
    """Yield every key of a small key space, in a fixed order."""
    if method == "caesar":
        yield from range(1, size + 1)
    elif method == "affine":
        yield from ([a, b] for a in range(1, 26) if gcd(a, 26) == 1 for b in range(26))
    elif method == "rail_fence":
        yield from range(2, size + 1)
    else:
        for count in range(2, size + 1):
            yield from (list(order) for order in permutations(range(1, count + 1)))


def keys_for(method: str, size: int, plain: str, cipher: str) -> Iterator[Key]:
    """Yield every key of the space up to ``size`` that turns ``plain`` into ``cipher``; open letters as ``?``."""
    if method == "columns":
        for count in range(2, size + 1):
            yield from orders_for([plain[column::count] for column in range(count)], cipher, [])
    elif method in ("caesar", "affine", "rail_fence"):
        yield from (key for key in all_keys(method, size) if encrypt(method, key, plain) == cipher)
    elif method == "alphabet":
        table = dict(zip(plain, cipher, strict=True))
        if len(set(table.values())) == len(table) and all(table[p] == c for p, c in zip(plain, cipher, strict=True)):
            if len(table) == 25:  # the last letter can become one letter only
                table[(set(LETTERS) - set(table)).pop()] = (set(LETTERS) - set(table.values())).pop()
            yield "".join(table.get(char, "?") for char in LETTERS)
    elif method == "hill":
        p, c = numbers(plain), numbers(cipher)
        pairs = list(zip(p[::2], p[1::2], c[::2], c[1::2], strict=True))
        tops = [
            (a, b)
            for a, b in product(range(26), repeat=2)
            if all((a * x + b * y - u) % 26 == 0 for x, y, u, _ in pairs)
        ]
        lows = [
            (a, b)
            for a, b in product(range(26), repeat=2)
            if all((a * x + b * y - v) % 26 == 0 for x, y, _, v in pairs)
        ]
        yield from ([a, b, c, d] for a, b in tops for c, d in lows if gcd(a * d - b * c, 26) == 1)
    else:
        text = numbers(plain)
        shifts = [(b - a) % 26 for a, b in zip(text, numbers(cipher), strict=True)]
        below = shifts if method == "vigenere" else text  # what stands below the text behind the keyword
        for length in range(1, size + 1):
            if all(shifts[i] == below[i - length] for i in range(length, len(text))):
                yield spelled(shifts[:length]).ljust(length, "?")


def orders_for(columns: list[str], cipher: str, order: list[int]) -> Iterator[list[int]]:
    """Yield every way to go on with an order of columns that spells the rest of the ciphertext."""
    if len(order) == len(columns):
        yield order
    for i, column in enumerate(columns, 1):
        if i not in order and cipher.startswith(column):
            yield from orders_for(columns, cipher[len(column) :], [*order, i])
