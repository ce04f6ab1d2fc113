r"""A bounded reader of Python literals, as ``repr`` prints them; nothing is evaluated.

Read are integers, floats, strings in single or double quotes with Python's escapes, True, False, None, lists, tuples,
sets, dicts and ``set()``. Everything else is no literal: names, operators, calls, comments, prefixes such as ``b''``,
``1_000``, ``0x10``, inf and nan.

>>> read_literal("[1, -2.5, 'a\\n', (3,), {4: None}, set()]")
[1, -2.5, 'a\n', (3,), {4: None}, set()]
"""

import math
import re
from typing import Any

MAX_TEXT = 20_000
"""Characters of a literal."""
MAX_DIGITS = 4_000
"""Digits of an integer."""
MAX_NODES = 5_000
"""Values in a literal, the inner ones counted."""
MAX_DEPTH = 20
"""Brackets inside each other."""
MAX_KEYS = 500
"""Members of one set or dict: keys chosen to collide cost the square of their number."""

_GAP = re.compile(r"[ \t\r\n\f]*")
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(
    r"[+-]?(?:[0-9]{1,400}\.[0-9]{0,400}(?:[eE][+-]?[0-9]{1,4})?"
    r"|\.[0-9]{1,400}(?:[eE][+-]?[0-9]{1,4})?|[0-9]{1,400}[eE][+-]?[0-9]{1,4})",
    re.ASCII,
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*", re.ASCII)
_PLAIN = {'"': re.compile(r'[^"\\\r\n\0]*'), "'": re.compile(r"[^'\\\r\n\0]*")}
_ESCAPE = re.compile(
    r"\\(?:([\\'\"abfnrtv])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))", re.ASCII
)
_SHORT = {"\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WORDS = {"True": True, "False": False, "None": None}
_CLOSING = {"[": "]", "(": ")", "{": "}"}


class NotALiteral(ValueError):
    """The text is no literal, or a larger one than is read; the message says what is wrong and where."""


def read_literal(text: str) -> Any:
    """Return the value that ``text`` states.

    Raises:
        NotALiteral: the text is no literal or exceeds a bound; nothing else is raised, and the time is linear in the
            text but for the bounded cost of colliding keys.
    """
    if len(text) > MAX_TEXT:
        raise NotALiteral(f"longer than {MAX_TEXT} characters")
    reader = _Reader(text)
    value = reader.value(0)
    reader.gap()
    if reader.at != len(text):
        raise reader.wrong("unexpected text after the value")
    return value


class _Reader:
    """Recursive descent; the depth is bounded, so the stack is too."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.nodes = 0
        self.gap()

    def wrong(self, what: str) -> NotALiteral:
        return NotALiteral(f"{what} at character {self.at + 1}")

    def gap(self) -> None:
        found = _GAP.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise NotALiteral(f"more than {MAX_NODES} values")
        char = self.peek()
        if char in _PLAIN:
            return self.string(char)
        if char and char in "[({":
            if depth >= MAX_DEPTH:
                raise NotALiteral(f"more than {MAX_DEPTH} brackets inside each other")
            return self.bracket(char, depth)
        if char and char in "+-.0123456789":
            return self.number()
        return self.word()

    def number(self) -> int | float:
        found = _FLOAT.match(self.text, self.at)
        real = found is not None
        found = found or _INTEGER.match(self.text, self.at)
        if found is None:
            raise self.wrong("no number")
        after = self.text[found.end() : found.end() + 1]
        if after and (after.isalnum() or after in "_."):
            raise self.wrong("a number that is not written as Python prints it")
        if real:
            value = float(found[0])
            if math.isinf(value):
                raise self.wrong("a number too large for a float")
            self.at = found.end()
            return value
        if found.end() - found.start() > MAX_DIGITS:
            raise NotALiteral(f"an integer of more than {MAX_DIGITS} digits")
        self.at = found.end()
        return int(found[0])

    def word(self) -> Any:
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise self.wrong("a value is missing" if self.at >= len(self.text) else "no Python literal")
        if found[0] in _WORDS:
            self.at = found.end()
            return _WORDS[found[0]]
        if found[0] == "set" and self.text.startswith("()", found.end()):
            self.at = found.end() + 2
            return set()
        raise self.wrong(f"the name {found[0][:30]}, which is no literal")

    def string(self, quote: str) -> str:
        self.at += 1
        parts = []
        while True:
            plain = _PLAIN[quote].match(self.text, self.at)
            if plain is not None:
                parts.append(plain[0])
                self.at = plain.end()
            char = self.peek()
            if char == quote:
                self.at += 1
                if self.peek() in _PLAIN:
                    raise self.wrong("two strings side by side")
                return "".join(parts)
            if char != "\\":
                raise self.wrong("a string that does not end on its line")
            escape = _ESCAPE.match(self.text, self.at)
            if escape is None:
                raise self.wrong("an unknown escape")
            short, octal, *codes = escape.groups()
            if short:
                parts.append(_SHORT[short])
            else:
                code = int(octal, 8) if octal else int(next(c for c in codes if c), 16)
                if code > (0o377 if octal else 0x10FFFF):
                    raise self.wrong("an escape beyond the last character")
                parts.append(chr(code))
            self.at = escape.end()

    def bracket(self, opening: str, depth: int) -> Any:
        closing = _CLOSING[opening]
        self.at += 1
        items: list[Any] = []
        keys: list[Any] = []
        comma = False
        while True:
            self.gap()
            if self.peek() == closing:
                self.at += 1
                break
            if items and not comma:
                raise self.wrong(f"a comma or {closing} is missing")
            item = self.value(depth + 1)
            self.gap()
            if opening == "{" and (len(keys) == len(items) and (keys or not items)) and self.peek() == ":":
                self.at += 1
                self.gap()
                keys.append(item)
                item = self.value(depth + 1)
                self.gap()
            elif keys:
                raise self.wrong("a key without a value")
            items.append(item)
            comma = self.peek() == ","
            self.at += comma
        if opening == "[":
            return items
        if opening == "(":
            return tuple(items) if comma or len(items) != 1 else items[0]
        return self.hashed(keys, items)

    def hashed(self, keys: list[Any], items: list[Any]) -> Any:
        if len(items) > MAX_KEYS:
            raise NotALiteral(f"a set or dict of more than {MAX_KEYS} members")
        try:
            return dict(zip(keys, items, strict=True)) if keys or not items else set(items)
        except TypeError:
            raise self.wrong("a list, set or dict as a member of a set or key of a dict, before the bracket") from None
