"""trackio: curves in a local database, shown by ``trackio show --project gradarium``.

TRACKIO_DIR moves the database; TRACKIO_SPACE_ID or TRACKIO_SERVER_URL send the curves elsewhere.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradarium.trainers.trackers.tracker import PROJECT, Tracker, identity_of


class Trackio(Tracker):
    """After a break begins a new run of the same name, tells it everything again, and removes the old one.

    trackio writes in the background, so what a killed process left is incomplete. On a server the old run stays: it can
    only be removed where the database is.
    """

    extra = "trackio"

    def __init__(self, folder: Path, config: Mapping[str, Any], told: Sequence[Mapping[str, float]]) -> None:
        import trackio

        name = f"{folder.name}-{identity_of(folder)[:6]}"
        before = [run for run in _runs(trackio.Api()) if run.name == name]
        self.run: Any = trackio.init(
            PROJECT,
            name=name,
            config=dict(config),
            resume="never",
            embed=False,
            auto_log_gpu=False,
            auto_log_cpu=False,
        )
        for old in before:
            old.delete()
        for step, figures in enumerate(told, 1):
            self.log(step, figures)

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        """Hand over; trackio writes in the background, twice a second."""
        self.run.log(dict(figures), step=step)

    def close(self) -> None:
        """Wait until all is written."""
        self.run.finish()


def _runs(api: Any) -> list[Any]:
    try:
        return list(api.runs(PROJECT))
    except ValueError:  # there is no such project yet
        return []
