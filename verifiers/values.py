"""Values that answers return and programs print: what is plain data, which two are the same, how to show one.

The one place where values are compared. Nothing here calls a method of a value whose type is not built in.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from gradarium.errors import BadValue

MAX_DEPTH = 100
"""Brackets inside each other; the sandbox returns no deeper value either."""
MAX_PARTS = 1_000_000
"""Values inside each other, all counted."""

_BAGS = (list, tuple, set, frozenset)
_PLAIN = {type(None), bool, int, float, complex, str, bytes, dict, *_BAGS}
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a float may be off: by ``abs``, or by ``rel`` times the larger of the two; raises ``BadValue``.

    >>> Tolerance(abs=0.01).near(0.333, 0.3333), Tolerance().near(0.333, 0.3333)
    (True, False)
    """

    rel: float = 1e-9
    """Share of the larger number, from 0 to below 1."""
    abs: float = 1e-9
    """Absolute difference, 0 or above."""

    def __post_init__(self) -> None:
        for name, value, most in (("rel", self.rel, 1.0), ("abs", self.abs, math.inf)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < most:
                reason = (
                    "must be a number from 0 to below 1" if name == "rel" else "must be a finite number, 0 or above"
                )
                raise BadValue(f"tolerance.{name}", value, reason)

    def near(self, got: float, want: float) -> bool:
        """Return whether two floats are near; an infinity is near itself only, nan is near nothing."""
        return math.isclose(got, want, rel_tol=self.rel, abs_tol=self.abs)


def same(got: Any, want: Any, close: Tolerance | None = None) -> bool:
    """Return whether two plain values have the same type and content, all the way down.

    ``True`` is not ``1``, ``1.0`` is not ``1``, ``-0.0`` is not ``0.0``, a tuple is not a list, an object of a subclass
    is nothing else; nan is the same as nan; the order of a set or dict does not matter. With ``close``, two floats that
    are near count as the same, but not as members of a set or keys of a dict.

    >>> same([1, 2], [1, 2]), same([1, True], [1, 1]), same(1.0, 1)
    (True, False, False)
    >>> same(0.1 + 0.2, 0.3), same([0.1 + 0.2], [0.3], Tolerance())
    (False, True)
    """
    kind = type(want)
    if type(got) is not kind:
        return False
    if kind is list or kind is tuple:
        return len(got) == len(want) and all(same(g, w, close) for g, w in zip(got, want, strict=True))
    if kind is set or kind is frozenset:
        return len(got) == len(want) and Counter(map(_frozen, got)) == Counter(map(_frozen, want))
    if kind is dict:
        mine, theirs = ({_frozen(key): value for key, value in side.items()} for side in (got, want))
        found = len(got) == len(want) and mine.keys() == theirs.keys()
        return found and all(same(mine[key], theirs[key], close) for key in theirs)
    if kind is float:
        return bool(got.hex() == want.hex()) or (close is not None and close.near(got, want))
    if kind is complex:
        return same(got.real, want.real, close) and same(got.imag, want.imag, close)
    return kind in _PLAIN and bool(got == want)


def _frozen(value: Any) -> Any:
    """Return a stand-in for a member or key that equals another only if both are the same by type too."""
    kind = type(value)
    if kind is float:
        return kind, value.hex()
    if kind is complex:
        return kind, value.real.hex(), value.imag.hex()
    if kind is tuple:
        return kind, tuple(map(_frozen, value))
    if kind is frozenset:
        return kind, frozenset(Counter(map(_frozen, value)).items())
    return kind, value


def fault_in_output(got: str, want: str, close: Tolerance | None = None) -> str:
    r"""Return what is wrong with the text a program printed, never a part of ``want``; an empty text if nothing is.

    All lines are compared. White space at the end of a line and empty lines at the end of the text do not count. With
    ``close``, a line may differ in the space between words, and a word in value where ``want`` has a number with a
    point or an exponent; whole numbers stay exact.

    >>> fault_in_output("3 7 11 \n\n", "3 7 11"), fault_in_output("3\n", "3 7 11")
    ('', "line 1 is wrong: '3'")
    >>> fault_in_output("0.33334 2", "0.33333 2", Tolerance(abs=0.001))
    ''
    """
    for number, (mine, theirs) in enumerate(zip_longest(_lines(got), _lines(want)), 1):
        if mine is None:
            return f"the output ends too early, after {number - 1} lines" if number > 1 else "there is no output"
        if theirs is None:
            return f"line {number} is one too many: {show(mine)}"
        if mine != theirs and (close is None or not _near_words(mine, theirs, close)):
            return f"line {number} is wrong: {show(mine)}"
    return ""


def _lines(text: str) -> list[str]:
    text = text.rstrip()
    return [line.rstrip() for line in text.split("\n")] if text else []


def _near_words(got: str, want: str, close: Tolerance) -> bool:
    mine, theirs = got.split(), want.split()
    return len(mine) == len(theirs) and all(
        a == b or _near_word(a, b, close) for a, b in zip(mine, theirs, strict=True)
    )


def _near_word(got: str, want: str, close: Tolerance) -> bool:
    if not (_NUMBER.fullmatch(got) and _NUMBER.fullmatch(want)):
        return False
    return any(mark in want for mark in ".eE") and close.near(float(got), float(want))


def fault_in_value(value: Any) -> str:
    """Return why a value is no plain data of exact built-in types, or an empty text.

    >>> fault_in_value([1, {"a": (None, 2.5)}]), fault_in_value([range(3)])
    ('', 'holds a range')
    """
    parts = 0
    for depth, level in enumerate(_levels(value)):
        parts += len(level)
        if depth > MAX_DEPTH or parts > MAX_PARTS:
            return f"is nested over {MAX_DEPTH} deep" if depth > MAX_DEPTH else f"has over {MAX_PARTS} parts"
        for item in level:
            if type(item) not in _PLAIN:
                return f"holds a {type(item).__name__}"
    return ""


def size(value: Any) -> int:
    """Return the number of parts, characters and bytes of a plain value, as a measure of the work it can cause.

    >>> size([1, "four"]), size(2**8000)
    (7, 1001)
    """
    return sum(1 + _length(item) for level in _levels(value) for item in level)


def _length(item: Any) -> int:
    kind = type(item)
    return item.bit_length() // 8 if kind is int else len(item) if kind is str or kind is bytes else 0


def _levels(value: Any) -> Iterator[list[Any]]:
    """Yield the value itself, then all that lies one bracket deeper, and so on; nothing recurses."""
    level = [value]
    while level:
        yield level
        level = [inner for item in level for inner in _inside(item)]


def _inside(item: Any) -> Iterable[Any]:
    kind = type(item)
    return chain(item, item.values()) if kind is dict else item if kind in _BAGS else ()


def show(value: Any, most: int = 160) -> str:
    """Return ``repr(value)`` cut to ``most`` characters; total, also for integers too long to print.

    >>> show([1, 2]), show("abcdef", 4)
    ('[1, 2]', "'abc...")
    """
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} too large to show"
    return text if len(text) <= most else f"{text[:most]}..."
