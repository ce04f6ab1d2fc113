"""Word ladder: go from one word to another by changing one letter at a time, with as few steps as possible.

Correct is every ladder of listed words of the same length, each differing from the one before in exactly one letter,
that is as short as any; the verifier finds the smallest number of steps itself. Case does not matter.

Example: payload ``{"words": ["cat", "cot", "dog", "cog"], "start": "cat", "end": "dog"}``, answer ``cat cot cog dog``.
"""

from itertools import pairwise

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the words of a ladder.

    >>> verify("cat -> cot -> cog", {"words": ["cat", "cot", "cog", "cow"], "start": "cat", "end": "cog"}).score
    1.0
    """
    ladder = read_words(answer.replace("->", " ").replace("\N{RIGHTWARDS ARROW}", " ")) if len(answer) < 9000 else None
    if ladder is None:
        return Verdict.unreadable("expected words separated by spaces")
    words = set(payload["words"])
    strange = next((word for word in ladder if word not in words), "")
    if strange:
        return Verdict.wrong(f"{strange[:20]!r} is not in the list", "word")
    if ladder[0] != payload["start"]:
        return Verdict.wrong(f"the ladder must begin with {payload['start']}", "start")
    if ladder[-1] != payload["end"]:
        return Verdict.wrong(f"the ladder must end with {payload['end']}", "end")
    for one, other in pairwise(ladder):
        changed = sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))
        if changed != 1:
            return Verdict.wrong(f"{one} and {other} differ in {changed} letters, not in one", "step")
    if len(ladder) - 1 > _fewest(words, payload["start"], payload["end"]):
        return Verdict.wrong(f"the ladder has {len(ladder) - 1} steps, and a shorter one exists", "length")
    return Verdict.correct()


def _fewest(words: set[str], start: str, end: str) -> int:
    """Return the fewest steps, in a breadth-first search over groups of words that differ in one place only."""
    groups: dict[tuple[int, str], list[str]] = {}
    for word in words:
        for i in range(len(word)):
            groups.setdefault((i, word[:i] + word[i + 1 :]), []).append(word)
    seen = {start}
    wave = [start]
    steps = 0
    while wave:
        if end in seen:
            return steps
        following = []
        for word in wave:
            for i in range(len(word)):
                for other in groups.pop((i, word[:i] + word[i + 1 :]), ()):
                    if other not in seen:
                        seen.add(other)
                        following.append(other)
        wave = following
        steps += 1
    return -1
