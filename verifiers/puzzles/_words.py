"""Read a list of words: ASCII letters only, bounded; None means "not of this form"."""

import re

LONGEST = 10_000
"""Longer answers are not read (characters)."""

_PLAIN = re.compile(r"[a-z\s,;]+", re.ASCII)
_GAP = re.compile(r"[\s,;]+", re.ASCII)
_WORD = re.compile(r"""(["']?)([a-z]+)\1""")


def read_words(text: str) -> list[str] | None:
    r"""Return the words of a list separated by spaces, commas, semicolons or line breaks, in lower case.

    Brackets around the whole, quotes around single words and a full stop behind the last are taken off. Case is
    dropped because the tasks hold lower-case words only: it can carry no meaning.

    >>> read_words("Tiger, lemon."), read_words('["tiger",\n "lemon"]'), read_words("tiger-lemon"), read_words("")
    (['tiger', 'lemon'], ['tiger', 'lemon'], None, None)
    """
    if len(text) > LONGEST or not text.isascii():  # some letters beyond ASCII become ASCII ones in lower case
        return None
    text = text.strip().removesuffix(".").lower()
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    parts = _GAP.split(text)
    if _PLAIN.fullmatch(text):  # nothing but words: the usual answer needs no pattern a word
        return parts if all(parts) else None
    found = [_WORD.fullmatch(part) for part in parts]
    return [word[2] for word in found if word] if all(found) else None
