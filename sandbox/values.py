"""Read what a run sent back: lines of tagged JSON from a process that may lie (the writer is inside/values.py).

The bytes are the attacker's: sizes, depth, numbers and hash collisions are bounded before they cost anything.
"""

import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

from gradarium.sandbox.inside.values import MAX_DEPTH, MAX_DIGITS, MAX_NODES

_MAX_COLLISIONS = 32


class BadFrame(Exception):  # a signal between the sandbox's own files
    """The bytes are not what an honest run sends."""


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS + 1:
        raise BadFrame(f"an int of over {MAX_DIGITS} digits")
    return int(text)


def _float(text: str) -> float:
    value = float(text) if len(text) <= 400 else math.inf
    if not math.isfinite(value):
        raise BadFrame("a number out of range")
    return value


def _constant(text: str) -> Any:
    raise BadFrame(f"a bare {text}")


def _one_key(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) != 1:
        raise BadFrame("an object that is no tag")
    return dict(pairs)


_decoder = json.JSONDecoder(
    object_pairs_hook=_one_key, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _distinct(items: list[Any]) -> list[Any]:
    """Return ``items`` if they can be hashed and do not collide on purpose."""
    hashes = Counter([hash(item) for item in items])  # raises TypeError for a list inside
    if hashes and max(hashes.values()) > _MAX_COLLISIONS:
        raise BadFrame("keys that collide on purpose")
    return items


def _special(text: Any) -> float:
    if text not in ("inf", "-inf", "nan"):
        raise BadFrame("an unknown float")
    return float(text)


def _complex(parts: Any) -> complex:
    real, imaginary = parts
    if type(real) is not float or type(imaginary) is not float:
        raise BadFrame("a complex number of other parts")
    return complex(real, imaginary)


def _set(make: Callable[[list[Any]], Any], items: list[Any]) -> Any:
    result = make(_distinct(items))
    if len(result) != len(items):
        raise BadFrame("a set with one member twice")
    return result


def _mapping(pairs: list[Any]) -> dict[Any, Any]:
    if any(type(pair) is not list or len(pair) != 2 for pair in pairs):
        raise BadFrame("a dict of other things than pairs")
    _distinct([key for key, _ in pairs])
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadFrame("a dict with one key twice")
    return result


_TAGS: dict[str, tuple[type, Callable[[Any], Any]]] = {
    "t": (list, tuple),
    "s": (list, lambda items: _set(set, items)),
    "z": (list, lambda items: _set(frozenset, items)),
    "d": (list, _mapping),
    "b": (str, bytes.fromhex),
    "c": (list, _complex),
    "f": (str, _special),
}


def _build(raw: Any) -> Any:
    left = MAX_NODES * 3  # a tag and a pair are parts here that the writer does not count

    def build(raw: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > 3 * MAX_DEPTH + 3:
            raise BadFrame("too large or too deep")
        if type(raw) is list:
            return [build(item, depth + 1) for item in raw]
        if type(raw) is dict:
            ((tag, inner),) = raw.items()
            kind, make = _TAGS.get(tag, (None, None))
            if make is None or type(inner) is not kind:
                raise BadFrame("an unknown tag")
            return make(build(inner, depth + 1))
        return raw

    return build(raw, 0)


def decode(line: bytes) -> Any:
    """Return the value written by ``inside.values.encode``; raises ``BadFrame`` for any other bytes."""
    try:
        return _build(_decoder.decode(line.decode("ascii")))
    except BadFrame:
        raise
    except RecursionError:
        raise BadFrame("nested too deep") from None
    except (ValueError, TypeError, UnicodeError) as error:
        raise BadFrame(f"not tagged JSON ({type(error).__name__})") from None


def decode_frames(data: bytes, count: int) -> tuple[Any, ...]:
    """Return the values of exactly ``count`` frames ``[index, value]`` in order and ``END``; raises ``BadFrame``."""
    lines = data.split(b"\n", count + 2)
    if len(lines) != count + 2 or lines[-2] != b"END" or lines[-1]:
        raise BadFrame(f"not {count} values and an end")
    values = []
    for index, line in enumerate(lines[:count]):
        frame = decode(line)
        if type(frame) is not list or len(frame) != 2 or type(frame[0]) is not int or frame[0] != index:
            raise BadFrame(f"frame {index} is not in place")
        values.append(frame[1])
    return tuple(values)


def decode_failure(data: bytes) -> tuple[str, str] | None:
    """Return kind and text of the last line ``["!", kind, text]``, or None; the text is cut and made printable."""
    line = data[-4000:].rstrip(b"\n").rpartition(b"\n")[2]
    try:
        mark, kind, text = decode(line)
    except (BadFrame, TypeError, ValueError):
        return None
    if mark != "!" or type(kind) is not str or type(text) is not str:
        return None
    return kind, "".join(c if c.isprintable() else " " for c in text[:300])
