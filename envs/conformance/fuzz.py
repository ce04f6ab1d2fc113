"""Strings that break verifiers: bombs that cost time or memory, and random junk around a reference."""

import random
from collections.abc import Iterator

LONG = 100_000

BOMBS = (
    "9**9**9**9", "10**10**8", "factorial(10**7)", "1e999999", "-1e999999", "1e-999999", "0x" + "f" * LONG, "1/0",
    "0/0", "1//0", "1%0", "2^2^2^2^2^2", "1<<10**9", "range(10**12)", "[0]*10**10", "'a'*10**10",
    "(" * LONG, ")" * LONG,
    "[" * LONG, "{" * LONG, "(" * 1000 + "1" + ")" * 1000, "(" * 50_000 + "1" + ")" * 50_000,
    "[" * 50_000 + "1" + "]" * 50_000, "(1+" * 30_000, "-" * LONG, "-" * 50_000 + "1", "not " * 20_000 + "x",
    "9" * LONG, "0" * LONG + "1", "0." + "3" * LONG, "1" + "0" * 5000, "1/" * 50_000, "1 " * 50_000, "1," * 50_000,
    "1\n" * 50_000, "1+" * 50_000 + "1", "1*" * 50_000 + "1", "a" * LONG, "a" * 50_000 + "!", " " * LONG,
    " " * 50_000 + "x", "\t \n" * 30_000, "\n" * LONG, "\0" * 1000, "\\frac{" * 20_000, "\\boxed{" * 20_000, "$" * LONG,
    "`" * LONG, "*" * LONG, "\\" * LONG, '"' * LONG, "'" * LONG, "x=" * 40_000, "x=1 " * 20_000, "x1 " * 30_000,
    "-1 2 0\n" * 10_000, "v " + "1 -2 " * 15_000, "((a" * 30_000, "SELECT " * 14_000,
    "SELECT (" * 12_000, "SELECT * FROM t " * 1000, "--" * 50_000, "/*" * 50_000, ";" * LONG,
    "def f(x):\n" + " " * LONG + "return x", "while True: pass", "lambda:" * 12_000, "if 1:\n " * 12_000, "{}" * 50_000,
    "[1, [" * 20_000, '{"a":' * 20_000, "%s" * 50_000, "{0}" * 30_000, "<answer>" * 12_000, "</answer>" * 11_000,
    "<think>" * 14_000, "\u0661\u0662\u0663" * 1000, "\ud800", "\udfff\ud800", "\U0001f600" * 10_000,
    "e\u0301" * 20_000, "\u202e123", "\u200b1\u200b", "\ufeff1", "\u2212" * LONG, "\u00bd", "\u0664", "\u2167",
)  # fmt: skip
_PIECES = (
    "0", "1", "7", "-1", "12", "999", "3.5", "1e9", "0x1f", "1_000", "+", "-", "*", "/", "**", "//", "%", "=", "(",
    ")", "[", "]", "{", "}", "<", ">", "!", "&", "|", "^", "~", ",", ";", ":", ".", " ", "\n",
    "\t", "\r", "\v", "\0", "'",
    "`", "\\", "$", "#", "@", "?", "_", "x", "y", "a", "Z", "True", "None", "nan", "inf", "not", "and", "or", "if",
    "for", "def f(x): return x", "lambda x: x", "import os", "SELECT", "FROM", "WHERE", "NULL",
    "DROP TABLE t", "v", "s SAT",
    "\u0661", "\u00b2", "\u2212", "\u00d7", "\u00f7", "\u221a", "\u00e9", "\U0001f600", "\u200b", "\ud800",
)  # fmt: skip


def junk(reference: str, rng: random.Random) -> Iterator[str]:
    """Yield junk strings without end: random pieces, damaged, repeated and overgrown references."""
    while True:
        kind = rng.randrange(8)
        if kind < 3:
            yield "".join(rng.choice(_PIECES) for _ in range(rng.randint(1, 40)))
        elif kind < 6:
            chars = list(reference)
            for _ in range(rng.randint(1, 6)):
                at = rng.randint(0, len(chars))
                chars[at : at + rng.randint(0, 3)] = rng.choice(_PIECES)
            yield "".join(chars)
        elif kind < 7:
            yield (reference + rng.choice(_PIECES)) * rng.choice((2, 3, 10, 100))
        else:
            yield reference + rng.choice(_PIECES) * rng.choice((1, 10, 1000, 10_000))


def strings(reference: str, rng: random.Random, count: int) -> list[str]:
    """Return all bombs, each also behind the reference, then junk up to ``count`` strings."""
    found = [*BOMBS, *(f"{reference} {bomb}" for bomb in BOMBS[::3])]
    more = junk(reference, rng)
    return found + [next(more) for _ in range(count - len(found))]
