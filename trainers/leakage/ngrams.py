"""Texts as sets of hashed n-grams of words.

Words are compared without case, Unicode form and surrounding punctuation, and white space does not count; what is
punctuation only (the row ``#..#`` of a maze) is kept as it is. A text of fewer than n words is one n-gram.
"""

import hashlib
import string
import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_KEPT_WORDS = 1_000_000


class Hasher:
    """Hashes texts; remembers words, of which there are few."""

    def __init__(self, n: int) -> None:
        self.n = n
        self._words: dict[str, int] = {}

    def words(self, text: str) -> Hashes:
        """Return the hash of every word, in order."""
        if len(self._words) > _KEPT_WORDS:
            self._words.clear()
        known = self._words
        found = []
        for word in text.split():
            value = known.get(word)
            if value is None:
                value = known[word] = _word_hash(word)
            found.append(value)
        return np.array(found, np.uint64)

    def grams(self, words: Hashes) -> Hashes:
        """Return the different n-grams of a text, sorted by hash."""
        n = min(self.n, len(words))
        if n == 0:
            return words
        sums: Any = np.zeros(len(words) - n + 1, np.uint64)
        for i in range(n):
            sums = sums * _STEP + words[i : i + len(sums)]
        return np.unique(mix(sums))


def bag(words: Hashes) -> int:
    """Return a hash of the words that does not depend on their order."""
    return int(mix(words).sum(dtype=np.uint64))


def mix(values: Hashes) -> Hashes:
    """Return the values scattered over all 64 bits (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def digest(words: Hashes) -> bytes:
    """Return 16 bytes that stand for the words in their order."""
    return hashlib.blake2b(words.tobytes(), digest_size=16).digest()


def positions(values: Hashes, ordered: Hashes) -> NDArray[np.int64]:
    """Return where those of the values that are in a sorted array stand in it."""
    if not len(ordered):
        return np.zeros(0, np.int64)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: NDArray[np.int64] = at[ordered[at] == values]
    return found


def without(values: Hashes, ordered: Hashes) -> Hashes:
    """Return the values that are not in a sorted array."""
    if not len(ordered):
        return values
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Hashes = values[ordered[at] != values]
    return found


def _word_hash(word: str) -> int:
    plain = unicodedata.normalize("NFKC", word).casefold()
    bare = plain.strip(string.punctuation) or plain
    return int.from_bytes(hashlib.blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
