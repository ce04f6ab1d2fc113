"""The texts of one file, to be looked up by the rows of another; numbers in arrays, so that a million rows fit."""

from array import array
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gradarium.trainers.leakage.ngrams import Hashes, positions

SKETCH = 64
"""Most n-grams of a text that are kept: those of the smallest hashes, which are a fair sample of all (Broder 1997). The
overlap of a text with more of them is an estimate with a standard error of at most 0.063."""
MOST_TEXTS = 10
"""N-grams in more different texts than this say nothing and are dropped, as in GPT-3 (arXiv 2005.14165)."""

_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


class Index:
    """Different texts, numbered as they came, and the row of the other file that each has most in common with.

    Rows with a proved key (``True``) and without one (``False``) are told apart.
    """

    def __init__(self) -> None:
        self._waiting: list[Hashes] = []
        self._gathered: list[Hashes] = []
        self._lengths = array("B")
        self._bags = array("Q")

    def add(self, own: Hashes, bag: int) -> int:
        """Add a text by its own n-grams, sorted, and its bag of words; return its number."""
        self._lengths.append(min(len(own), SKETCH))
        self._bags.append(bag)
        self._waiting.append(own[:SKETCH].copy())
        if len(self._waiting) >= 10_000:
            self._gather()
        return len(self._lengths) - 1

    def freeze(self) -> None:
        """Sort what was added; from now on it can be looked up."""
        self._gather()
        lengths = np.array(self._lengths, np.int64)
        hashes = np.concatenate(self._gathered) if self._gathered else np.zeros(0, np.uint64)
        self._gathered = []
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        texts = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[order]
        del order
        first = np.flatnonzero(np.concatenate([np.ones(min(1, len(hashes)), np.bool_), hashes[1:] != hashes[:-1]]))
        counts = np.diff(first, append=len(hashes)).astype(np.uint32)
        few = counts <= MOST_TEXTS
        self._grams = hashes[first[few]]
        del hashes, first
        self._texts = texts[np.repeat(few, counts)]
        self._ends = np.cumsum(counts[few], dtype=np.uint32)
        self.sizes = np.bincount(self._texts, minlength=len(lengths))
        """N-grams that a text is known by, int64 [texts]; 0: none."""
        bags = np.array(self._bags, np.uint64)
        self._bag_order = np.argsort(bags, kind="stable")
        self._sorted_bags = bags[self._bag_order]
        both = (False, True)
        self.overlap: dict[bool, NDArray[np.float64]] = {proved: np.zeros(len(lengths)) for proved in both}
        """Largest share of a text's n-grams in one row of the other file, [texts]."""
        self.row = {proved: np.full(len(lengths), -1) for proved in both}
        """That row."""
        self.reordered = {proved: np.full(len(lengths), -1) for proved in both}
        """A row of the other file with the same words, [texts]; -1: none."""

    def look_up(self, grams: Hashes, bag: int, row: int, proved: bool) -> None:
        """Note what a row of the other file, given by all its n-grams and its words, has in common with the texts."""
        first, end = (np.searchsorted(self._sorted_bags, np.uint64(bag), side) for side in _SIDES)
        self.reordered[proved][self._bag_order[first:end]] = row
        at = positions(grams, self._grams)
        if not len(at):
            return
        met = np.concatenate([self._texts[self._ends[i - 1] if i else 0 : self._ends[i]] for i in at.tolist()])
        texts, counts = np.unique(met, return_counts=True)
        share = counts / self.sizes[texts]
        better = share > self.overlap[proved][texts]
        self.overlap[proved][texts[better]] = share[better]
        self.row[proved][texts[better]] = row

    def _gather(self) -> None:
        if self._waiting:
            self._gathered.append(np.concatenate(self._waiting))
            self._waiting = []
