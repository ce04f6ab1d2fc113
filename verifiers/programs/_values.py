"""Values of the program tasks: exact comparison by builtin type, and a short bounded way to show one."""

from typing import Any


def same(got: Any, want: Any) -> bool:
    """Return whether two plain values have the same type and content, all the way down.

    ``True`` is not ``1``, ``1.0`` is not ``1``, ``-0.0`` is not ``0.0``, a tuple is not a list; the order of a set or
    dict does not matter.

    >>> same([1, 2], [1, 2]), same([1, True], [1, 1]), same(1.0, 1)
    (True, False, False)
    """
    kind = type(want)
    if type(got) is not kind:
        return False
    if kind is list or kind is tuple:
        return len(got) == len(want) and all(same(g, w) for g, w in zip(got, want, strict=True))
    if kind is set or kind is frozenset:
        return len(got) == len(want) and _same_keys(got, want)
    if kind is dict:
        return len(got) == len(want) and _same_keys(got, want) and all(same(got[key], want[key]) for key in want)
    if kind is float:
        return bool(got.hex() == want.hex())
    return bool(got == want)


def _same_keys(got: Any, want: Any) -> bool:
    """Compare keys by type too: equal keys of two types (1 and True) hash alike."""
    mine = {key: key for key in got}
    return all(key in mine and same(mine[key], key) for key in want)


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
