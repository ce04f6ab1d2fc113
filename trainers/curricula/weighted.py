"""Fixed weights over arms."""

import random
from collections.abc import Sequence
from typing import Any

from gradarium.trainers.config import TaskEntry
from gradarium.trainers.data import Arm, Group


class Weighted:
    """Draws arms in proportion to their weights; the next instance index of each arm is counted up."""

    def __init__(self, mixture: Sequence[TaskEntry], seed: int) -> None:
        self.arms = [Arm(entry.name, level) for entry in mixture for level in entry.levels]
        self.weights = [entry.weight / len(entry.levels) for entry in mixture for _ in entry.levels]
        self.next_index = dict.fromkeys(self.arms, 0)
        self.rng = random.Random(f"weighted/{seed}")

    def draw(self, n: int) -> list[tuple[Arm, int]]:
        """Return n pairs of arm and instance index; an instance is never drawn twice.

        Systematic sampling: the counts of the arms differ from n x weight by less than one.
        """
        total = sum(self.weights)
        offset = self.rng.random()
        drawn: list[tuple[Arm, int]] = []
        reached = 0.0
        for arm, weight in zip(self.arms, self.weights, strict=True):
            start, reached = reached, reached + weight / total * n
            count = int(reached + offset) - int(start + offset)
            if arm is self.arms[-1]:
                count = n - len(drawn)
            for _ in range(count):
                drawn.append((arm, self.next_index[arm]))
                self.next_index[arm] += 1
        return drawn

    def update(self, groups: Sequence[Group]) -> None:
        """Fixed weights learn nothing from results."""

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON-ready data."""
        version, internal, gauss = self.rng.getstate()
        return {"next_index": {str(arm): i for arm, i in self.next_index.items()}, "rng": [version, internal, gauss]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.next_index = {arm: state["next_index"][str(arm)] for arm in self.arms}
        version, internal, gauss = state["rng"]
        self.rng.setstate((version, tuple(internal), gauss))
