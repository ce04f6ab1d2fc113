"""Decryption with a known key: find the message that the given ciphers and keys turn into the ciphertext.

Correct is the message in letters of either case; spaces, commas and line breaks between its letters do not count. The
verifier undoes the steps of the payload itself; nothing is compared with a stored message.

Steps are pairs of a cipher and its key: ``["caesar", 3]``, ``["atbash", null]``, ``["affine", [a, b]]``,
``["alphabet", 26 letters]``, ``["keyword", word]``, ``["vigenere", word]``, ``["autokey", word]``,
``["rail_fence", rows]``, ``["columns", [order]]``, ``["hill", [a, b, c, d]]`` and ``["playfair", word]``, in the order
of encryption.

Example: payload ``{"ciphertext": "ECV", "steps": [["caesar", 2]]}``, answer ``cat``.
"""

from collections.abc import Callable
from typing import Any

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words

ORD_A = ord("a")


def plain_alphabet(word: str, without: str = "") -> str:
    """Return the cipher alphabet of a keyword."""
    letters = ""
    for char in word + "abcdefghijklmnopqrstuvwxyz":
        if char not in letters and char not in without:
            letters += char
    return letters


def undo_letters(table: str, text: str) -> str:
    """Return the text in which each letter of ``table`` is replaced by the letter of that place in the alphabet."""
    return "".join(chr(ORD_A + table.index(char)) for char in text)


def undo_affine(key: list[int], text: str) -> str:
    """Undo ``a * x + b`` by a table of all 26 letters."""
    table = ["?"] * 26
    for x in range(26):
        table[(key[0] * x + key[1]) % 26] = chr(ORD_A + x)
    return "".join(table[ord(char) - ORD_A] for char in text)


def undo_stream(word: str, text: str, auto: bool) -> str:
    """Subtract the letters below: the keyword again and again, or once and then the text that was found."""
    below, found = word, ""
    for i, char in enumerate(text):
        if i == len(below):
            below += found[i - len(word) :] if auto else word
        found += chr(ORD_A + (ord(char) - ord(below[i])) % 26)
    return found


def undo_rails(rows: int, text: str) -> str:
    """Walk the zigzag once to see how many letters each row has, and once more to collect them."""
    walk, row, step = [], 0, 1
    for _ in text:
        walk.append(row)
        if row + step not in range(rows):
            step = -step
        row += step
    rails, start = [], 0
    for r in range(rows):
        end = start + walk.count(r)
        rails.append(iter(text[start:end]))
        start = end
    return "".join(next(rails[r]) for r in walk)


def undo_columns(order: list[int], text: str) -> str:
    """Cut the text into columns and read them row by row."""
    width = len(order)
    columns, start = [""] * width, 0
    for column in order:
        end = start + len(text) // width + (column <= len(text) % width)
        columns[column - 1] = text[start:end]
        start = end
    height = len(columns[0])
    return "".join(column[r] for r in range(height) for column in columns if r < len(column))


def undo_hill(key: list[int], text: str) -> str:
    """Multiply pairs of letters by the inverse matrix."""
    a, b, c, d = key
    over = next((n for n in range(26) if n * (a * d - b * c) % 26 == 1), 0)
    found = ""
    for i in range(0, len(text) - 1, 2):
        u, v = ord(text[i]) - ORD_A, ord(text[i + 1]) - ORD_A
        found += chr(ORD_A + over * (d * u - b * v) % 26) + chr(ORD_A + over * (a * v - c * u) % 26)
    return found


def undo_playfair(word: str, text: str) -> str:
    """Replace pairs by the letters to the left, above, or in the other corners."""
    at = {char: divmod(i, 5) for i, char in enumerate(plain_alphabet(word, "j"))}
    char_at = {place: char for char, place in at.items()}
    found = ""
    for i in range(0, len(text) - 1, 2):
        (r, c), (s, d) = at[text[i]], at[text[i + 1]]
        if r == s:
            found += char_at[r, (c - 1) % 5] + char_at[s, (d - 1) % 5]
        elif c == d:
            found += char_at[(r - 1) % 5, c] + char_at[(s - 1) % 5, d]
        else:
            found += char_at[r, d] + char_at[s, c]
    return found


UNDO: dict[str, Callable[[Any, str], str]] = {
    "caesar": lambda key, text: undo_affine([1, key], text),
    "atbash": lambda key, text: undo_affine([-1, 25], text),
    "affine": undo_affine,
    "alphabet": undo_letters,
    "keyword": lambda key, text: undo_letters(plain_alphabet(key), text),
    "vigenere": lambda key, text: undo_stream(key, text, auto=False),
    "autokey": lambda key, text: undo_stream(key, text, auto=True),
    "rail_fence": undo_rails,
    "columns": undo_columns,
    "hill": undo_hill,
    "playfair": undo_playfair,
}


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a message.

    >>> verify("CAT", {"ciphertext": "ECV", "steps": [["caesar", 2]]}).score
    1.0
    >>> verify("bat", {"ciphertext": "ECV", "steps": [["caesar", 2]]}).reason
    'letter 1 of the message is wrong'
    """
    words = read_words(answer)
    if words is None:
        return Verdict.unreadable("expected a message in the letters a to z")
    found = "".join(words)
    message = payload["ciphertext"].lower()
    if len(found) != len(message):
        return Verdict.wrong(f"the message has {len(message)} letters, the answer {len(found)}", "length")
    for method, key in reversed(payload["steps"]):
        message = UNDO[method](key, message)
    if found != message:
        wrong = [i for i, (a, b) in enumerate(zip(found, message, strict=True), 1) if a != b]
        share = 1 - len(wrong) / len(message)
        return Verdict.wrong(f"letter {wrong[0]} of the message is wrong", "letters", letters=share)
    return Verdict.correct(letters=1.0)
