"""Word sorting: all words of a list in the stated order.

Correct is any list that holds each word exactly as often as the given one and in which no neighbours stand in the wrong
order; nothing is compared with a stored solution. Orders: ``alphabet``; ``length``, then the alphabet; ``last``, the
last letter, then the alphabet; ``ending``, the alphabet of the words spelt backwards. ``descending`` turns all of it
round. Case does not matter, as all words are in lower case. There is no credit for single words in place.

Example: payload ``{"words": ["river", "apple", "sun"], "order": "length", "descending": false}``, answer
``sun apple river``.
"""

from collections import Counter
from itertools import pairwise

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words


def precedes(one: str, other: str, order: str) -> bool:
    """Return whether a word may stand before another in ascending order; raises ValueError for an unknown order.

    >>> precedes("sun", "apple", "alphabet"), precedes("sun", "apple", "length")
    (False, True)
    """
    if order == "length" and len(one) != len(other):
        return len(one) < len(other)
    if order == "last" and one[-1] != other[-1]:
        return one[-1] < other[-1]
    if order == "ending":
        return one[::-1] <= other[::-1]
    if order not in ("alphabet", "length", "last"):
        raise ValueError(f"no order {order!r}")
    return one <= other


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of words.

    >>> verify("apple river stone", {"words": ["stone", "river", "apple"], "order": "alphabet", "descending": 0}).score
    1.0
    >>> verify("stone river apple", {"words": ["stone", "river", "apple"], "order": "last", "descending": 1}).reason
    "'stone' must not stand before 'river'"
    """
    words = read_words(answer)
    if words is None:
        return Verdict.unreadable("expected words of the letters a to z, separated by spaces")
    given: Counter[str] = Counter(payload["words"])
    used = Counter(words)
    if given != used:
        strange = next((word for word in words if word not in given), "")
        if strange:
            short = strange if len(strange) <= 20 else f"{strange[:20]}..."
            return Verdict.wrong(f"{short!r} is not in the list", "words")
        missing = next((word for word in payload["words"] if used[word] < given[word]), "")
        if missing:
            return Verdict.wrong(f"{missing!r} is missing", "words")
        twice = next(word for word in words if used[word] > given[word])
        return Verdict.wrong(f"{twice!r} stands more often than in the list", "words")
    for one, other in pairwise(words):
        first, second = (other, one) if payload["descending"] else (one, other)
        try:
            in_order = precedes(first, second, payload["order"])
        except ValueError as error:
            return Verdict.error(f"the payload cannot be judged: {error}")
        if not in_order:
            return Verdict.wrong(f"{one!r} must not stand before {other!r}", "order")
    return Verdict.correct()
