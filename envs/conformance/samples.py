"""Instances of the task under check; several properties look at the same ones, so the last task's are kept."""

import time

from gradarium.core import Instance, Split
from gradarium.generators.task import Task

FEWEST = 10
"""Instances that are drawn however long it takes."""


class Samples:
    """The first instances of each level and split of one task, posed when they are first asked for."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._posed: dict[tuple[int, Split], list[Instance]] = {}

    def get(
        self, level: int, count: int, split: Split = "train", seconds: float = float("inf"), fewest: int = FEWEST
    ) -> list[Instance]:
        """Return instances 0, 1, ... of a level: ``count``, or as many as ``seconds`` allow, ``fewest`` at least."""
        posed = self._posed.setdefault((level, split), [])
        end = time.monotonic() + seconds
        while len(posed) < count and (len(posed) < fewest or time.monotonic() < end):
            posed.append(self.task.pose(len(posed), level, split))
        return posed[:count]


_last: list[Samples] = []


def samples(task: Task) -> Samples:
    """Return the samples of a task: those of the last call if it is the same task."""
    if not _last or _last[0].task is not task:
        _last[:] = [Samples(task)]
    return _last[0]
