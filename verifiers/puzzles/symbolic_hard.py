"""Symbolic expressions with unknown operators: learn from equations what the signs mean and evaluate an expression.

The meanings come from lists that the question gives; the generator proved that every choice of meanings that satisfies
the equations gives the same value. Correct is that one word.

Example: payload ``{"query": ["@", "ab", ["~", "cd"]], "meanings": {"@": "join", "~": "reverse"}, ...}``, answer
``abdc``.
"""

from collections.abc import Callable, Mapping
from itertools import groupby, zip_longest
from typing import Any

from gradarium.core import Payload, Verdict

ALPHABET = "abcdef"
MOST = 2_000
"""Longer answers are not read (characters)."""

_NEXT = str.maketrans(ALPHABET, ALPHABET[1:] + ALPHABET[0])
_DROPPED = str.maketrans("", "", " \t\n\r,[]'\"")

UNARY: dict[str, Callable[[str], str]] = {
    "reverse": lambda x: x[::-1],
    "twice": lambda x: x + x,
    "without first": lambda x: x[1:],
    "sort": lambda x: "".join(sorted(x)),
    "without last": lambda x: x[:-1],
    "first to end": lambda x: x[1:] + x[:1],
    "last to front": lambda x: x[-1:] + x[:-1],
    "next letters": lambda x: x.translate(_NEXT),
    "without repeats": lambda x: "".join(dict.fromkeys(x)),
    "squeeze": lambda x: "".join(letter for letter, _ in groupby(x)),
    "mirror": lambda x: x + x[::-1],
    "odd places": lambda x: x[::2],
}
"""Name of a meaning -> what an operator before one word does."""

BINARY: dict[str, Callable[[str, str], str]] = {
    "join": lambda x, y: x + y,
    "join backward": lambda x, y: y + x,
    "alternate": lambda x, y: "".join(a + b for a, b in zip_longest(x, y, fillvalue="")),
    "remove": lambda x, y: "".join(a for a in x if a not in y),
    "longer": lambda x, y: y if len(y) > len(x) else x,
    "wrap": lambda x, y: x + y + x,
    "insert": lambda x, y: x[: len(x) // 2] + y + x[len(x) // 2 :],
    "keep": lambda x, y: "".join(a for a in x if a in y),
    "cut": lambda x, y: x[len(y) :],
    "join reversed": lambda x, y: x + y[::-1],
    "earlier": lambda x, y: min(x, y),
    "after first": lambda x, y: x[:1] + y + x[1:],
    "exchange": lambda x, y: y[0] + x[1:] + x[0] + y[1:] if x and y else x + y,
    "overwrite": lambda x, y: y + x[len(y) :],
}
"""Name of a meaning -> what an operator between two words does."""


def evaluate(term: Any, meanings: Mapping[str, str]) -> str:
    """Return the value of a term: a word, or a list of a sign and its one or two terms.

    >>> evaluate(["@", "ab", ["~", "cd"]], {"@": "join", "~": "reverse"})
    'abdc'
    """
    if isinstance(term, str):
        return term
    if len(term) == 2:
        return UNARY[meanings[term[0]]](evaluate(term[1], meanings))
    return BINARY[meanings[term[0]]](evaluate(term[1], meanings), evaluate(term[2], meanings))


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a word; spaces, commas, brackets and quotes are ignored.

    >>> verify("abdc", {"query": ["@", "ab", ["~", "cd"]], "meanings": {"@": "join", "~": "reverse"}}).score
    1.0
    """
    word = answer.translate(_DROPPED) if len(answer) <= MOST and answer.isascii() else ""
    word = word.removesuffix(".").lower()
    if not word or set(word) - set(ALPHABET):
        return Verdict.unreadable(f"expected a word of the letters {ALPHABET[0]} to {ALPHABET[-1]}")
    right = evaluate(payload["query"], payload["meanings"])
    if len(word) != len(right):
        return Verdict.wrong("the value has another length", "length")
    if word != right:
        return Verdict.wrong("the value has other letters or another order", "letters")
    return Verdict.correct()
