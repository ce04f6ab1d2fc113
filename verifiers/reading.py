"""Safe readers shared by verifiers: bounded, ASCII digits only, no evaluation; None means "not of this form"."""

import re
from collections.abc import Sequence
from fractions import Fraction

_INT = re.compile(r"[+-]?[0-9]{1,30}", re.ASCII)
_DECIMAL = re.compile(r"([+-]?[0-9]{1,30})\.([0-9]{1,30})", re.ASCII)
_FRACTION = re.compile(r"([+-]?[0-9]{1,30})\s{0,3}/\s{0,3}([0-9]{1,30})", re.ASCII)
_SEPARATORS = re.compile(r"[\s,;]+")


def ascii_minus(text: str) -> str:
    """Return ``text`` with the typographic minus signs U+2212 and U+2013 as ASCII."""
    return text.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")


def read_int(text: str) -> int | None:
    """Return the integer that ``text`` is, of at most 30 digits.

    >>> read_int(" -12 "), read_int("12.0"), read_int("1e3")
    (-12, None, None)
    """
    text = ascii_minus(text[:64]).strip() if len(text) <= 64 else ""
    return int(text) if _INT.fullmatch(text) else None


def read_rational(text: str) -> Fraction | None:
    """Return the integer, decimal or fraction that ``text`` is, exactly.

    >>> read_rational("-3/4"), read_rational("0.25"), read_rational("1/0")
    (Fraction(-3, 4), Fraction(1, 4), None)
    """
    text = ascii_minus(text).strip() if len(text) <= 80 else ""
    if _INT.fullmatch(text):
        return Fraction(int(text))
    if found := _DECIMAL.fullmatch(text):
        return Fraction(text)
    if (found := _FRACTION.fullmatch(text)) and int(found[2]):
        return Fraction(int(found[1]), int(found[2]))
    return None


def read_ints(text: str, most: int = 1000) -> list[int] | None:
    """Return the integers of a list separated by spaces or commas, in brackets or not; None if anything else is there.

    >>> read_ints("[1, 2, 3]"), read_ints("1 2 x")
    ([1, 2, 3], None)
    """
    if len(text) > 32 * most:
        return None
    text = text.strip()
    for left, right in ("[]", "()", "{}"):
        if text.startswith(left) and text.endswith(right) and len(text) > 1:
            text = text[1:-1].strip()
            break
    words = _SEPARATORS.split(text) if text else []
    if len(words) > most:
        return None
    numbers = [read_int(word) for word in words]
    return [n for n in numbers if n is not None] if None not in numbers else None


def read_grid(text: str, rows: int, columns: int, symbols: Sequence[str]) -> list[list[str]] | None:
    r"""Return a grid of one-character symbols: ``rows`` lines of ``columns`` symbols, spaces, commas and bars ignored.

    Blank lines and rulers (``---+---``) are skipped.

    >>> read_grid("1 2\n2 1", 2, 2, "12")
    [['1', '2'], ['2', '1']]
    """
    if len(text) > 20 * (rows + 2) * (columns + 2):
        return None
    grid = []
    for line in text.splitlines():
        cells = [char for char in line if char not in " \t,|[]"]
        if not cells or ("-" not in symbols and set(cells) <= set("-+=")):
            continue
        if len(cells) != columns or any(cell not in symbols for cell in cells):
            return None
        grid.append(cells)
    return grid if len(grid) == rows else None
