"""TensorBoard: event files in the folder ``tensorboard`` of the run; look with ``tensorboard --logdir runs``.

They are written with TensorBoard's own records, one event for each step, and without the thread of ``SummaryWriter``:
a full disk is then known at the step that it costs.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradarium.trainers.trackers.tracker import Tracker


class TensorBoard(Tracker):
    """Appends event files; after a break a mark tells readers to drop the steps that are taken again."""

    extra = "train"

    def __init__(self, folder: Path, config: Mapping[str, Any], told: Sequence[Mapping[str, float]]) -> None:
        from tensorboard.compat.proto import event_pb2, summary_pb2
        from tensorboard.summary.writer.record_writer import RecordWriter

        self.event: Any = event_pb2.Event
        self.summary: Any = summary_pb2.Summary
        place = folder / "tensorboard"
        place.mkdir(parents=True, exist_ok=True)
        before = list(place.glob("events.out.tfevents.*"))
        # Readers go through the files in the order of their names: the number tells those of one second apart.
        path = place / f"events.out.tfevents.{int(time.time()):010d}.{len(before):04d}"
        self.writer = RecordWriter(path.open("xb"))
        self._write(file_version="brain.Event:2")
        if before:
            start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
            self._write(step=len(told) + 1, session_log=start)
        else:
            for step, figures in enumerate(told, 1):
                self.log(step, figures)

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        """Write through to the disk, so that a kill costs no step that a checkpoint holds."""
        values = [self.summary.Value(tag=name, simple_value=value) for name, value in figures.items()]
        self._write(step=step, summary=self.summary(value=values))

    def close(self) -> None:
        """Close the event file."""
        self.writer.close()

    def _write(self, **fields: Any) -> None:
        self.writer.write(self.event(wall_time=time.time(), **fields).SerializeToString())
        self.writer.flush()
