"""What was asked for: which instances, in which order, with which columns."""

from dataclasses import dataclass

from gradarium import __version__
from gradarium.core import Instance, Split
from gradarium.generators import get_task


@dataclass(frozen=True)
class Request:
    """A list of instances that need not be posed to be counted; it travels to other processes."""

    arms: tuple[tuple[str, int], ...]
    """Task and level, in the order of the rows."""
    count: int
    """Instances of each arm."""
    split: Split = "train"
    start: int = 0
    """Index of the first instance of each arm."""
    columns: str = "instance"
    """A name in ``COLUMNS``."""
    style: str = "full"
    """How prompts are written, see ``gradarium.envs.prompts``."""
    answer_format: str = ""
    """Answer format of all tasks; empty: each task's own."""

    @property
    def total(self) -> int:
        """Number of rows."""
        return len(self.arms) * self.count

    def pose(self, row: int) -> Instance:
        """Return the instance of a row; raises CannotPose."""
        name, level = self.arms[row // self.count]
        index = self.start + row % self.count
        return get_task(name).pose(index, level, self.split, answer_format=self.answer_format or None)

    def to_json(self) -> dict[str, object]:
        """Return what decides the bytes of every row, as JSON-ready data."""
        levels: dict[str, list[int]] = {}
        for name, level in self.arms:
            levels.setdefault(name, []).append(level)
        return {
            "gradarium": __version__,
            "tasks": {name: {"version": get_task(name).version, "levels": found} for name, found in levels.items()},
            "count": self.count,
            "split": self.split,
            "start": self.start,
            "format": self.columns,
            "style": self.style,
            "answer_format": self.answer_format,
        }
