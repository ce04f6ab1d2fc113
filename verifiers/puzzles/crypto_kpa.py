"""Decryption by known plaintext: one pair of text and ciphertext is known; find the text of another ciphertext.

Correct is every text for which one key (one for each step) turns the known text into its ciphertext and the answer
into the other one. The verifier looks for such a key itself; nothing is compared with a stored text. Letters of either
case, spaces, commas and line breaks between letters do not count.

Steps are pairs of a cipher and the largest key, in the order of encryption: ``["caesar", 25]``, ``["affine", 26]``,
``["alphabet", 26]``, ``["vigenere", 6]``, ``["autokey", 6]``, ``["rail_fence", 5]``, ``["columns", 5]``,
``["hill", 26]``; of two, the first is ``rail_fence`` or ``columns`` and the second is neither.

Example: payload ``{"steps": [["caesar", 3]], "known": "dog", "coded": "FQI", "target": "ECV"}``, answer ``cat``.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words

Codes = list[int]
Pair = tuple[Codes, Codes]
"""A text and its ciphertext, as letter numbers."""
UNITS = (1, 3, 5, 7, 9, 11, 15, 17, 19, 21, 23, 25)


def codes(text: str) -> Codes:
    """Return a = 0 to z = 25 for each letter."""
    return [ord(char) - 97 for char in text.lower()]


def rearranged(method: str, size: int, text: Codes) -> Iterator[Codes]:
    """Yield what each key of a transposition makes of a text, in an order of keys that does not depend on the text."""
    if method == "rail_fence":
        for rows in range(2, size + 1):
            rails: list[Codes] = [[] for _ in range(rows)]
            for i, code in enumerate(text):
                at = i % (2 * rows - 2)
                rails[at if at < rows else 2 * rows - 2 - at].append(code)
            yield [code for rail in rails for code in rail]
    else:
        for width in range(2, size + 1):
            columns = [text[c::width] for c in range(width)]
            for order in permutations(columns):
                yield [code for column in order for code in column]


def one_shift(pairs: Sequence[tuple[int, int]]) -> bool:
    """Tell whether all pairs of letters are the same distance apart."""
    return len({(c - p) % 26 for p, c in pairs}) <= 1


def some_key(method: str, size: int, pairs: Sequence[Pair]) -> bool:
    """Tell whether one key of the cipher makes each ciphertext of its text."""
    letters = [pair for plain, coded in pairs for pair in zip(plain, coded, strict=True)]
    if method == "caesar":
        return one_shift(letters) and 1 <= (letters[0][1] - letters[0][0]) % 26 <= size
    if method == "affine":
        return any(
            all((a * p + b) % 26 == c for p, c in letters)
            for a in UNITS
            for b in [(letters[0][1] - a * letters[0][0]) % 26]
        )
    if method == "alphabet":
        return len(set(letters)) == len({p for p, _ in letters}) == len({c for _, c in letters})
    if method == "hill":
        blocks = [(p[i], p[i + 1], c[i], c[i + 1]) for p, c in pairs for i in range(0, len(p) - 1, 2)]
        numbers = range(26)
        tops = [(a, b) for a in numbers for b in numbers if all((a * x + b * y - u) % 26 == 0 for x, y, u, _ in blocks)]
        lows = [(c, d) for c in numbers for d in numbers if all((c * x + d * y - v) % 26 == 0 for x, y, _, v in blocks)]
        return any((a * d - b * c) % 26 in UNITS for a, b in tops for c, d in lows)
    if method == "vigenere":
        return any(
            all(one_shift([pair for p, c in pairs for pair in zip(p[i::n], c[i::n], strict=True)]) for i in range(n))
            for n in range(1, size + 1)
        )
    for n in range(1, size + 1):  # autokey: behind the keyword, each letter is shifted by the one n places before
        if all((p[i] + p[i - n] - c[i]) % 26 == 0 for p, c in pairs for i in range(n, len(p))):
            if all(one_shift([(p[i], c[i]) for p, c in pairs if i < len(p)]) for i in range(n)):
                return True
    return False


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a text.

    >>> verify("CAT", {"steps": [["caesar", 3]], "known": "dog", "coded": "FQI", "target": "ECV"}).score
    1.0
    >>> verify("bat", {"steps": [["caesar", 3]], "known": "dog", "coded": "FQI", "target": "ECV"}).reason
    'no key fits both texts'
    """
    words = read_words(answer)
    if words is None:
        return Verdict.unreadable("expected a text in the letters a to z")
    found = "".join(words)
    if len(found) != len(payload["target"]):
        return Verdict.wrong(f"the text has {len(payload['target'])} letters, the answer {len(found)}", "length")
    known, coded, text, target = (codes(t) for t in (payload["known"], payload["coded"], found, payload["target"]))
    *before, (method, size) = payload["steps"]
    middles: Iterator[tuple[Codes, Codes]] = iter([(known, text)])
    if before:
        first, most = before[0]
        middles = zip(rearranged(first, most, known), rearranged(first, most, text), strict=True)
    if method in ("rail_fence", "columns"):
        both = zip(rearranged(method, size, known), rearranged(method, size, text), strict=True)
        fits = (coded, target) in both
    else:
        fits = any(some_key(method, size, [(one, coded), (two, target)]) for one, two in middles)
    return Verdict.correct() if fits else Verdict.wrong("no key fits both texts", "key")
