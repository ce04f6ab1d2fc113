"""N-grams that say nothing, because they stand in many prompts of a task: its rules, its request for the answer."""

from collections import defaultdict
from collections.abc import Hashable, Iterable

import numpy as np

from gradarium.trainers.leakage.ngrams import Hasher, Hashes, digest
from gradarium.trainers.leakage.problem import Problem

SAMPLED = 50
"""Different prompts of each task and level, from each file, in which rules are looked for."""
SAMPLED_OTHERS = 20_000
"""The same for all rows that do not name their task."""
_LEAST, _MOST, _SHARE = 3, 10, 0.05


class Shared:
    """Learns the shared n-grams of each task and level from a sample of both files.

    An n-gram is shared where it stands in 5 % of the sampled prompts, rounded to 3 at least and 10 at most; the latter
    is GPT-3's rule (arXiv 2005.14165, appendix C), the former serves small files. Equal prompts count once, so a leak
    does not hide itself.
    """

    def __init__(self, hasher: Hasher) -> None:
        self.hasher = hasher
        self._seen: dict[Hashable, dict[bytes, Hashes]] = defaultdict(dict)
        self._shared: dict[Hashable, Hashes] = {}

    def sample(self, problems: Iterable[Problem], only_known: bool = False) -> None:
        """Take up to the wanted number of prompts of each group; with ``only_known``, of groups that are there."""
        taken: dict[Hashable, int] = {}
        lacking = set(self._seen) if only_known else set()
        for problem in problems:
            group = group_of(problem)
            if only_known and group not in self._seen:
                continue
            limit = SAMPLED if problem.task else SAMPLED_OTHERS
            if taken.get(group, 0) >= limit or not problem.text:
                lacking.discard(group)
                if only_known and not lacking:
                    return
                continue
            words = self.hasher.words(problem.text)
            name = digest(words)
            if name not in self._seen[group]:
                taken[group] = taken.get(group, 0) + 1
                self._seen[group][name] = self.hasher.grams(words)

    def learn(self) -> None:
        """Find the shared n-grams of every group and forget the sample."""
        for group, texts in self._seen.items():
            least = min(max(_LEAST, round(_SHARE * len(texts))), _MOST)
            grams, counts = np.unique(np.concatenate(list(texts.values())), return_counts=True)
            self._shared[group] = grams[counts >= least]
        self._seen.clear()

    def of(self, problem: Problem) -> Hashes:
        """Return the shared n-grams of a problem's group, sorted."""
        return self._shared.get(group_of(problem), np.zeros(0, np.uint64))


def group_of(problem: Problem) -> Hashable:
    """Return what shares its rules: task and level."""
    return problem.task, problem.level
