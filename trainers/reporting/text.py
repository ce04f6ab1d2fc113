"""Text of a model, a task or a user made fit for a page: bounded, escaped, and with nothing hidden in it."""

import html
import math
import re
import unicodedata

LONGEST = 2_500
"""Characters of one text that are shown."""

# Controls, marks that turn the direction of writing, invisible characters, halves of a pair that UTF-8 cannot hold.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_COMBINING = 4
"""Marks that may stand on one letter; more would reach over the lines above."""


def visible(text: object, limit: int = LONGEST) -> str:
    r"""Return a text of at most about ``limit`` characters in which every hidden character is named.

    >>> visible("a\x00b\u202e")
    'a⟨U+0000⟩b⟨U+202E⟩'
    """
    whole = str(text)
    cut = whole[:limit].replace("\r\n", "\n").replace("\r", "\n")
    shown = _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", _few_marks(cut))
    left = len(whole) - limit
    return f"{shown} … ({left:,} more characters)" if left > 0 else shown


def _few_marks(text: str) -> str:
    """Drop combining marks that are piled up on one letter."""
    if text.isascii():
        return text
    kept, pile = [], 0
    for letter in text:
        pile = pile + 1 if unicodedata.combining(letter) else 0
        if pile <= _COMBINING:
            kept.append(letter)
    return "".join(kept)


def escape(text: object, limit: int = LONGEST) -> str:
    """Return ``visible`` text for HTML, inside elements and attributes alike."""
    return html.escape(visible(text, limit))


def label(text: object, limit: int = 24) -> str:
    """Return a text for one line of a chart, cut in the middle where it is too long.

    >>> label("a_task_with_a_very_long_name/12", 15)
    'a_task_w…ame/12'
    """
    line = " ".join(visible(text, 200).split())
    if len(line) <= limit:
        return line
    tail = (limit - 1) // 2 - (limit - 1) % 2 // 2
    tail = min(tail, 6)
    return f"{line[: limit - 1 - tail]}…{line[-tail:]}"


def short(value: float) -> str:
    """Return a number in at most about six characters.

    >>> [short(v) for v in (0, 0.25, 0.12345, 12.5, 1234, 1_500_000, 2.5e-9, -3)]
    ['0', '0.25', '0.123', '12.5', '1.23k', '1.5M', '2.5e-9', '-3']
    """
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    for step, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if size >= step * 0.9995:
            return f"{value / step:.3g}{letter}"
    if 0 < size < 1e-3:
        mantissa, power = f"{value:.1e}".split("e")
        return f"{mantissa.removesuffix('.0')}e{int(power)}"
    return f"{value:.3g}"


def duration(seconds: float) -> str:
    """Return a time in words.

    >>> duration(42.4), duration(3725), duration(200_000)
    ('42 s', '1 h 2 min', '2 d 7 h')
    """
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min"
    return f"{hours // 24} d {hours % 24} h"


def slug(text: str) -> str:
    """Return a text as part of the name of a file; other texts may give the same.

    >>> slug("groups/drawn sudoku/3")
    'groups-drawn-sudoku-3'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:60].strip("-") or "x"
