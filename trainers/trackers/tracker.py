"""What every tracker is, and how a line of metrics.jsonl becomes figures by name."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from gradarium.trainers.whole_file import whole_file

PROJECT = "gradarium"
"""Under this name runs stand in trackers that have projects."""


class Tracker(ABC):
    """Draws the curves of one run."""

    extra: ClassVar[str]
    """The optional extra that installs its package, which has the name of the tracker's file."""

    @abstractmethod
    def __init__(self, folder: Path, config: Mapping[str, Any], told: Sequence[Mapping[str, float]]) -> None:
        """Start for the run in ``folder``; afterwards exactly the steps 1 ... len(told) must stand in the tracker.

        ``told`` has entries where the run goes on after a break; the tracker may have been told other steps before it.
        """

    @abstractmethod
    def log(self, step: int, figures: Mapping[str, float]) -> None:
        """Take the figures of a step."""

    @abstractmethod
    def close(self) -> None:
        """Write what is not yet written."""


def figures_of(record: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures of a record, nested names joined by slashes, under the name of its stage.

    True and False become 1 and 0, and a list its length; texts and None have no curve.

    >>> figures_of({"stage": "grpo", "step": 3, "reward": {"sudoku/0": 0.5}, "alarms": [], "sandbox": "namespaces"})
    {'grpo/step': 3.0, 'grpo/reward/sudoku/0': 0.5, 'grpo/alarms': 0.0}
    """
    return dict(_flat(record, f"{record['stage']}/"))


def _flat(record: Mapping[str, Any], where: str) -> Iterator[tuple[str, float]]:
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{where}{name}/")
        elif isinstance(value, list | tuple):
            yield f"{where}{name}", float(len(value))
        elif isinstance(value, int | float):
            yield f"{where}{name}", float(value)


def identity_of(folder: Path) -> str:
    """Return what identifies a run in trackers for more than one run; made at its start and kept in its folder."""
    path = folder / "tracker_id"
    if not path.exists():
        with whole_file(path) as file:
            file.write(uuid.uuid4().hex[:12].encode())
    return path.read_text(encoding="utf-8").strip()
