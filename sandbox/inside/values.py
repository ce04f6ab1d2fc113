"""Runs inside the sandbox: write a returned value as one line of tagged JSON (stand-alone; the reader is values.py).

Only exact built-in types pass; a subclass could lie about its own contents. Every JSON object is a tag of one key.
"""

import math

TYPE_CHECKING = False
if TYPE_CHECKING:  # an import at run time would cost every run two milliseconds
    from typing import Any

MAX_DEPTH, MAX_NODES, MAX_DIGITS = 100, 200_000, 4_000

try:
    from _json import encode_basestring_ascii as _quote
except ImportError:  # an interpreter without the accelerator
    from json.encoder import encode_basestring_ascii as _quote


_SEQUENCES: dict[type, str] = {tuple: "t", set: "s", frozenset: "z"}


class Malformed(Exception):  # names the outcome
    """The value cannot be told to the parent."""


def encode(value: object) -> str:
    """Return ``value`` as tagged JSON in ASCII; raises ``Malformed`` for anything that is not plain data."""
    left = MAX_NODES

    def write(value: "Any", depth: int) -> str:
        nonlocal left
        left -= 1
        if left < 0 or depth > MAX_DEPTH:
            raise Malformed(f"a value of over {MAX_NODES} parts" if left < 0 else f"nested over {MAX_DEPTH} deep")
        kind = type(value)
        if value is None:
            return "null"
        if value is True:
            return "true"
        if value is False:
            return "false"
        if kind is str:
            return _quote(value)
        if kind is int:
            if value.bit_length() > MAX_DIGITS * 3.3219:
                raise Malformed(f"an int of over {MAX_DIGITS} digits")
            return int.__repr__(value)
        if kind is float:
            text = float.__repr__(value)
            return text if math.isfinite(value) else f'{{"f":"{text}"}}'
        if kind is list:
            return "[" + ",".join([write(item, depth + 1) for item in value]) + "]"
        tag = _SEQUENCES.get(kind)
        if tag:
            return f'{{"{tag}":[' + ",".join([write(item, depth + 1) for item in value]) + "]}"
        if kind is dict:
            pairs = [f"[{write(k, depth + 1)},{write(v, depth + 1)}]" for k, v in value.items()]
            return '{"d":[' + ",".join(pairs) + "]}"
        if kind is bytes:
            return f'{{"b":"{value.hex()}"}}'
        if kind is complex:
            return f'{{"c":[{write(value.real, depth + 1)},{write(value.imag, depth + 1)}]}}'
        raise Malformed(f"a value of type {kind.__name__}, not plain data of the built-in types")

    return write(value, 0)
