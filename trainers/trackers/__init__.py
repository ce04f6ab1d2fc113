"""Trackers: programs that draw a run's curves while it goes on; each is a file of this folder, named as it is chosen.

``metrics.jsonl`` is the truth. A tracker is told every line of it, flattened; it must be there and start before the run
does, and when it fails later the run goes on without it and says so.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile, GradariumError, MissingExtra, UnknownName
from gradarium.trainers.progress import say
from gradarium.trainers.trackers.tracker import Tracker, figures_of

__all__ = ["Tracker", "TrackerFailed", "Trackers", "check_trackers", "tracker_names"]


class TrackerFailed(GradariumError):
    """A tracker does not start."""


def tracker_names() -> tuple[str, ...]:
    """Return the names of all trackers, sorted."""
    skip = ("__init__", "tracker")
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in skip))


@cache
def _class_of(name: str) -> type[Tracker]:
    module = import_module(f"{__name__}.{name}")
    [found] = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Tracker) and value.__module__ == module.__name__
    ]
    return found


def check_trackers(names: Sequence[str]) -> tuple[str, ...]:
    """Return the trackers that are meant, ``auto`` made out; raises UnknownName, or MissingExtra with the extra."""
    known = tracker_names()
    for name in names:
        if name != "auto" and name not in known:
            raise UnknownName("tracker", name, ("auto", *known))
    auto = ("tensorboard",) if find_spec("tensorboard") else ()
    meant = dict.fromkeys(one for name in names for one in (auto if name == "auto" else (name,)))
    for name in meant:
        if find_spec(name) is None:
            raise MissingExtra(f"tracker {name}", _class_of(name).extra, f"the package {name}")
    return tuple(meant)


class Trackers:
    """The trackers of one run; steps are the lines of metrics.jsonl, counted from 1 through all stages."""

    def __init__(
        self, names: Sequence[str], folder: Path, config: Mapping[str, Any], told: Sequence[Mapping[str, Any]]
    ) -> None:
        """Start those of ``names``, for a run that goes on behind the records ``told``.

        Raises UnknownName, MissingExtra, BadFile or TrackerFailed; then none is running.
        """
        self.running: dict[str, Tracker] = {}
        self.step = len(told)
        meant = check_trackers(names)
        if meant:
            _make(folder)
        for name in meant:
            try:
                self.running[name] = _class_of(name)(folder, config, [figures_of(record) for record in told])
            except Exception as error:  # whatever another program raises, it must not look like a fault of the run
                self.close()
                fix = f'mend that, or leave "{name}" out of trackers'
                raise TrackerFailed(f"tracker {name} does not start: {_line(error)}; {fix}") from None

    def log(self, record: Mapping[str, Any]) -> None:
        """Tell all of them a line of metrics.jsonl; one that fails is left out from then on."""
        self.step += 1
        figures = figures_of(record)
        for name, tracker in list(self.running.items()):
            try:
                tracker.log(self.step, figures)
            except Exception as error:  # a full disk or a lost network of a tracker must not end days of training
                del self.running[name]
                say(f"ALARM: tracker {name} failed and is off from now on: {_line(error)}; metrics.jsonl has all of it")

    def close(self) -> None:
        """End them; what cannot be ended is said."""
        while self.running:
            name, tracker = self.running.popitem()
            try:
                tracker.close()
            except Exception as error:
                say(f"tracker {name} did not end well: {_line(error)}; metrics.jsonl has all of it")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadFile(folder, f"cannot be written: {error}") from None


def _line(error: Exception) -> str:
    first = (str(error).strip().splitlines() or [""])[0][:200]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
