"""Word selection: the words at stated places of a list, in the asked order.

Correct are exactly these words; case does not matter, as all words are in lower case. The payload holds the list and
the places; the verifier looks the words up itself. A place starts at a count (``3`` from the front, ``-2`` from the
end) or at a word of the list, and each further number goes that many words on, or back if it is negative.

Example: payload ``{"words": ["river", "apple", "stone"], "places": [[-1], ["apple", -1]]}``, answer ``stone river``.
"""

from collections.abc import Sequence
from typing import Any

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words


def word_at(words: Sequence[str], place: Sequence[Any]) -> str:
    """Return the word at a place; raises ValueError where there is none.

    >>> word_at(["river", "apple", "stone"], [-1, -2])
    'river'
    """
    start, *jumps = place
    if isinstance(start, str):
        at = words.index(start)
    else:
        at = start - 1 if start > 0 else len(words) + start
    for step in [0, *jumps]:
        at += step
        if not 0 <= at < len(words):
            raise ValueError(f"the place {list(place)} leaves the list")
    return words[at]


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of words.

    >>> verify("Stone, river", {"words": ["river", "apple", "stone"], "places": [[-1], ["apple", -1]]}).score
    1.0
    >>> verify("apple river", {"words": ["river", "apple", "stone"], "places": [[-1], ["apple", -1]]}).reason
    "word 1 of the answer, 'apple', does not stand at the asked place"
    """
    words = read_words(answer)
    if words is None:
        return Verdict.unreadable("expected words of the letters a to z, separated by spaces")
    try:
        asked = [word_at(payload["words"], place) for place in payload["places"]]
    except ValueError as error:
        return Verdict.error(f"the payload holds no valid places: {error}")
    if len(words) != len(asked):
        return Verdict.wrong(f"{len(asked)} words are asked for, the answer has {len(words)}", "count")
    for number, (word, right) in enumerate(zip(words, asked, strict=True), 1):
        if word != right:
            short = word if len(word) <= 20 else f"{word[:20]}..."
            why = "does not stand at the asked place" if word in payload["words"] else "is not in the list"
            return Verdict.wrong(f"word {number} of the answer, {short!r}, {why}", "place")
    return Verdict.correct()
