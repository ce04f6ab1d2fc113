import random
import time

import pytest

from gradarium.sandbox.inside.values import Malformed, encode
from gradarium.sandbox.values import BadFrame, decode, decode_failure, decode_frames

PLAIN = [
    None,
    True,
    False,
    0,
    1,
    -1,
    10**3999,
    -(10**3999),
    1.0,
    -0.0,
    1e308,
    5e-324,
    0.1,
    float("inf"),
    float("-inf"),
    1j,
    complex(float("inf"), -0.0),
    "",
    'é\n"\\\u2028',
    "\ud800",
    b"",
    b"\x00\xff",
    [],
    (),
    set(),
    frozenset(),
    {},
    [[], [[]], ()],
    (1, (2, [3, {4}])),
    {1, 2.5, "x", b"y", (1, 2), frozenset({3})},
    {"a": 1, 1: "a", (1, "b"): [None], None: {}, b"k": {1}, 2.5: 3},
    {"d": 1},
    {"t": [1]},
    [{"f": "inf"}],
]


def same(a, b):
    """Equal in type at every place, signs of zero too."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(i, j) for i, j in zip(a.items(), b.items(), strict=True))
    if isinstance(a, (set, frozenset)):
        return a == b and sorted(map(repr, a)) == sorted(map(repr, b))
    return repr(a) == repr(b)


@pytest.mark.parametrize("value", PLAIN, ids=lambda v: type(v).__name__)
def test_round_trip_keeps_every_type(value):
    assert same(decode(encode(value).encode()), value)


def test_round_trip_of_random_values():
    rng = random.Random(1)

    def draw(depth):
        kind = rng.randrange(9 if depth < 4 else 5)
        if kind < 5:
            return rng.choice([None, True, rng.randrange(-(2**70), 2**70), rng.random(), str(rng.random()), b"x"])
        items = [draw(depth + 1) for _ in range(rng.randrange(4))]
        if kind == 5:
            return items
        if kind == 6:
            return tuple(items)
        if kind == 7:
            return {repr(i): i for i in items}
        return {repr(i) for i in items}

    for _ in range(2000):
        value = draw(0)
        assert same(decode(encode(value).encode()), value)


def test_nan_comes_back():
    value = decode(encode([float("nan"), {float("nan")}]).encode())
    assert value[0] != value[0] and len(value[1]) == 1


class IntSubclass(int):
    __hash__ = int.__hash__

    def __eq__(self, other):
        return True


class ListSubclass(list):
    pass


@pytest.mark.parametrize(
    "value",
    [
        *(IntSubclass(1), ListSubclass(), [IntSubclass(1)], {"k": ListSubclass()}, {IntSubclass(1): 1}),
        *(object(), range(3), bytearray(b"x"), len, type, 10**4001, -(10**4001), 1 << 100_000, Ellipsis, iter([])),
    ],
    ids=lambda v: type(v).__name__,
)
def test_all_else_is_malformed(value):
    with pytest.raises(Malformed):
        encode(value)


def test_depth_cycles_and_size_are_malformed():
    deep, cycle, wide = [], [], [0]
    for _ in range(150):
        deep = [deep]
    cycle.append(cycle)
    for _ in range(40):
        wide = [wide, wide]
    for value in (deep, cycle, wide, [0] * 200_001):
        with pytest.raises(Malformed):
            encode(value)


@pytest.mark.parametrize("make", [lambda v: [v], lambda v: (v,), lambda v: {1: v}, lambda v: {"k": (v,)}])
def test_the_deepest_that_is_written_is_read(make):
    value = 0
    while True:
        try:
            text = encode(make(value))
        except Malformed:
            break
        value = make(value)
        assert same(decode(text.encode()), value)


FORGED = {
    "no json": b"x",
    "empty": b"",
    "two values": b"1 2",
    "plain object": b'{"a": 1}',
    "two tags": b'{"t": [], "s": []}',
    "a tag twice": b'{"t": [], "t": []}',
    "empty object": b"{}",
    "tag of another kind": b'{"t": "x"}',
    "tag of a tag": b'{"t": {"t": []}}',
    "unhashable in a set": b'{"s": [[1]]}',
    "unhashable key": b'{"d": [[[1], 2]]}',
    "key twice": b'{"d": [[1, 2], [1, 3]]}',
    "keys that are equal": b'{"d": [[1, 2], [true, 3]]}',
    "member twice": b'{"s": [1, 1.0]}',
    "no pairs": b'{"d": [1]}',
    "tuples as pairs": b'{"d": [{"t": [1, 2]}]}',
    "NaN": b"NaN",
    "Infinity": b"[-Infinity]",
    "1e999": b"1e999",
    "long float": b"0." + b"1" * 1000,
    "long int": b"1" * 5000,
    "odd float": b'{"f": "1"}',
    "odd hex": b'{"b": "f"}',
    "complex of ints": b'{"c": [1, 2]}',
    "complex of three": b'{"c": [1.0, 2.0, 3.0]}',
    "not ASCII": b'"\xff"',
    "deep": b"[" * 500_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "deep tags": b'{"t":[' * 50_000 + b"]}" * 50_000,
    "too many parts": b"[" + b"0," * 700_000 + b"0]",
    "colliding ints": b'{"s":[' + b",".join(str(i * (2**61 - 1)).encode() for i in range(1, 30_000)) + b"]}",
    "colliding keys": b'{"d":[' + b",".join(b"[%d,0]" % (i * (2**61 - 1)) for i in range(1, 30_000)) + b"]}",
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_bytes_are_refused_soon(name):
    begun = time.process_time()
    with pytest.raises(BadFrame):
        decode(FORGED[name])
    assert time.process_time() - begun < 2.0


def test_frames_must_be_all_in_order_and_nothing_else():
    assert decode_frames(b"[0,1]\n[1,2]\nEND\n", 2) == (1, 2)
    for data in (
        b"",
        b"END\n",
        b"[0,1]\nEND\n",
        b"[0,1]\n[1,2]\n",
        b"[0,1]\n[1,2]\nEND",
        b"[0,1]\n[1,2]\nEND\n\n",
        b"[0,1]\n[1,2]\nEND\nEND\n",
        b"[0,1]\n[1,2]\n[2,3]\nEND\n",
        b"[1,1]\n[0,2]\nEND\n",
        b"[0,1]\n[0,2]\nEND\n",
        b"[false,1]\n[true,2]\nEND\n",
        b"[0,1,2]\n[1,2]\nEND\n",
        b"0\n1\nEND\n",
        b'{"t":[0,1]}\n[1,2]\nEND\n',
    ):
        with pytest.raises(BadFrame):
            decode_frames(data, 2)


def test_failure_text_is_cut_and_printable():
    assert decode_failure(b'[0,1]\n["!","10","a\\u001b[2Jb"]\n') == ("10", "a [2Jb")
    kind, text = decode_failure(b'["!","10","' + b"x" * 3000 + b'"]\n')
    assert kind == "10" and len(text) == 300
    for data in (b"", b"\n", b"[", b"1", b'["?","10","x"]', b'["!",10,"x"]', b'["!","10"]', b"\xff" * 9000):
        assert decode_failure(data) is None
