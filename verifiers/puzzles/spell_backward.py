"""Spell backward: words with their letters in reverse order.

Correct is every word spelt backwards, letter for letter: in the order of the words, or, where the whole line is turned
round, with the last word first. Case does not matter, as all words are in lower case; spaces, commas or line breaks
may part the words, but not the letters of one. There is no credit for single letters.

Example: payload ``{"words": ["river", "stone"], "whole": true}``, answer ``enots revir``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge words spelt backwards.

    >>> verify("enots revir", {"words": ["river", "stone"], "whole": True}).score
    1.0
    >>> verify("rivre", {"words": ["river"], "whole": False}).reason
    'letter 2 of word 1 of the answer is wrong'
    """
    read = read_words(answer)
    if read is None:
        return Verdict.unreadable("expected words of the letters a to z, separated by spaces")
    words = payload["words"][::-1] if payload["whole"] else payload["words"]
    if len(read) != len(words):
        return Verdict.wrong(f"{len(words)} words are asked for, the answer has {len(read)}", "count")
    for number, (got, word) in enumerate(zip(read, words, strict=True), 1):
        if got == word[::-1]:
            continue
        if len(got) != len(word):
            return Verdict.wrong(f"word {number} of the answer has {len(got)} letters, not {len(word)}", "length")
        wrong = next((i for i, letter in enumerate(got, 1) if letter != word[-i]), 0)
        if wrong:
            return Verdict.wrong(f"letter {wrong} of word {number} of the answer is wrong", "letter")
    return Verdict.correct()
