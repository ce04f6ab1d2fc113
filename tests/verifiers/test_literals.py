import ast
import random
import time
import warnings

import pytest

from gradarium.verifiers.literals import NotALiteral, read_literal
from gradarium.verifiers.values import same

READ = {
    "integer": ("-12", -12),
    "plus sign": ("+3", 3),
    "float": ("2.50", 2.5),
    "negative zero": ("-0.0", -0.0),
    "exponent": ("1e-05", 1e-05),
    "empty set": ("set()", set()),
    "empty dict": ("{}", {}),
    "one-tuple": ("(1,)", (1,)),
    "brackets around a value": ("(1)", 1),
    "trailing comma": ("[1, 2,]", [1, 2]),
    "lines": ("[1,\n 2]\n", [1, 2]),
    "nested": ("{'a': [(1, {2, 3}), None], 4: True}", {"a": [(1, {2, 3}), None], 4: True}),
    "escapes": (r"'\x41\u00e9\U0001f600\101\n\'\\'", "A\xe9\U0001f600A\n'\\"),
}
REFUSED = {
    "expression": "1+1",
    "power": "9**9**9",
    "repeated list": "[0]*9",
    "call": "list()",
    "import": "__import__('os')",
    "name": "nan",
    "infinite": "1e999",
    "octal look": "007",
    "underscores": "1_000",
    "hexadecimal": "0x10",
    "complex": "1j",
    "bytes": "b'a'",
    "joined strings": "'a' 'b'",
    "triple quotes": "'''a'''",
    "string over lines": "'a\nb'",
    "open string": "'a",
    "unknown escape": r"'\q'",
    "octal escape beyond a byte": r"'\777'",
    "lone comma": "[,]",
    "missing comma": "[1 2]",
    "open list": "[1, 2",
    "bare tuple": "1, 2",
    "two values": "1\n2",
    "comment": "1 # one",
    "list as key": "{[1]: 2}",
    "set in a set": "{{1}}",
    "half a dict": "{1: 2, 3}",
    "half a set": "{1, 2: 3}",
    "Arabic digits": "\u0661",
    "superscript": "1\u00b2",
    "typographic minus": "\u22121",
    "no-break space": "[1,\u00a02]",
    "empty": "",
}
BOMBS = {
    "brackets": "[" * 100_000,
    "closed brackets": "(" * 9_000 + ")" * 9_000,
    "digits": "1" * 19_999,
    "digits of a float": "1." + "1" * 19_000,
    "signs": "-" * 19_999,
    "escapes": "'" + "\\" * 19_000,
    "many values": "[" + "1," * 9_000 + "]",
    "colliding keys": "{" + ",".join(str(i * (2**61 - 1)) for i in range(1, 900)) + "}",
    "most colliding keys": "{" + ",".join(str(i * (2**61 - 1)) for i in range(1, 501)) + "}",
    "huge exponent": "1e999999999",
}


@pytest.mark.parametrize(("text", "value"), READ.values(), ids=READ)
def test_read(text, value):
    got = read_literal(text)
    assert type(got) is type(value) and repr(got) == repr(value)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_refused(text):
    with pytest.raises(NotALiteral):
        read_literal(text)


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bombs_are_cheap(text):
    begin = time.process_time()
    try:
        read_literal(text)
    except NotALiteral:
        pass
    assert time.process_time() - begin < 0.2


def random_value(rng, depth=3, hashable=False):
    kinds = ["int", "int", "float", "str", "bool", "none", "tuple"] + ([] if hashable else ["list", "set", "dict"])
    kind = rng.choice(kinds if depth else kinds[:6])
    items = range(rng.randrange(4))
    if kind == "int":
        return rng.randint(-(10 ** rng.randrange(30)), 10 ** rng.randrange(30))
    if kind == "float":
        return rng.choice([rng.uniform(-9, 9), rng.random() * 1e-9, float(rng.randint(0, 9)), -0.0, 1e300])
    if kind == "str":
        return "".join(
            rng.choice("ab'\"\\\n\t\0\x1b\x7f\xe9\u2028\U0001f600\ud800 #[]") for _ in range(rng.randrange(6))
        )
    if kind in ("bool", "none"):
        return rng.choice([True, False]) if kind == "bool" else None
    if kind in ("tuple", "list"):
        values = [random_value(rng, depth - 1, hashable) for _ in items]
        return tuple(values) if kind == "tuple" else values
    keys = [random_value(rng, depth - 1, True) for _ in items]
    return set(keys) if kind == "set" else {key: random_value(rng, depth - 1) for key in keys}


def test_whatever_python_prints_is_read_back():
    rng = random.Random(5)
    for _ in range(3_000):
        value = random_value(rng)
        assert same(read_literal(repr(value)), value)


def test_whatever_is_read_python_reads_alike():
    rng = random.Random(6)
    pieces = [
        *"1-+0[](){},:\"'\\\n \ta#_.ejx",
        "2.5",
        "1e3",
        r"\n",
        "True",
        "set()",
        "'a'",
        "007",
        "{1: 2}",
        "\u0661",
        r"\101",
    ]
    read = 0
    for _ in range(40_000):
        text = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 6)))
        try:
            value = read_literal(text)
        except NotALiteral:
            continue
        read += 1
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert repr(ast.literal_eval(text.strip())) == repr(value)
    assert read > 1_000
