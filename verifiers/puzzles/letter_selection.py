"""Letter selection: the letters at stated places of each of some words, as one string.

Correct are exactly these letters, word by word and in the asked order; case does not matter, as all words are in lower
case, and neither do spaces or commas between the letters. The payload holds the words and the counts (``2`` from the
front, ``-1`` from the end); the verifier picks the letters itself.

Example: payload ``{"words": ["river", "stone"], "places": [1, -2]}``, answer ``resn``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a string of letters.

    >>> verify("RE SN", {"words": ["river", "stone"], "places": [1, -2]}).score
    1.0
    >>> verify("rest", {"words": ["river", "stone"], "places": [1, -2]}).reason
    "letter 4 of the answer, 't', is not the one at the asked place"
    """
    read = read_words(answer)
    if read is None:
        return Verdict.unreadable("expected letters from a to z")
    letters = "".join(read)
    counts = payload["places"]
    if any(not 1 <= abs(count) <= len(word) for word in payload["words"] for count in counts):
        return Verdict.error("the payload asks for a place that a word does not have")
    asked = [word[count - 1 if count > 0 else count] for word in payload["words"] for count in counts]
    if len(letters) != len(asked):
        return Verdict.wrong(f"{len(asked)} letters are asked for, the answer has {len(letters)}", "count")
    for number, (letter, right) in enumerate(zip(letters, asked, strict=True), 1):
        if letter != right:
            return Verdict.wrong(
                f"letter {number} of the answer, {letter!r}, is not the one at the asked place", "place"
            )
    return Verdict.correct()
