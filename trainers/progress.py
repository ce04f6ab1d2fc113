"""Live progress: a bar on a terminal, a line every few seconds elsewhere."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

PLAIN_SECONDS = 10.0
"""Time between two lines where standard error is no terminal."""


class Bar:
    """Progress of one stage; use as a context manager."""

    def __init__(self, stage: str, total: int, done: int = 0) -> None:
        self.stage, self.total, self.first = stage, total, done
        self.began = self.shown = time.monotonic()
        self.rich = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[info]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self.row = self.rich.add_task(stage, total=total, completed=done, info="")

    def __enter__(self) -> "Bar":
        self.rich.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rich.stop()

    def update(self, step: int, info: str) -> None:
        """Show that ``step`` steps are done."""
        self.rich.update(self.row, completed=step, info=info)
        now = time.monotonic()
        if self.rich.disable and (now - self.shown > PLAIN_SECONDS or step == self.total):
            self.shown = now
            left = (now - self.began) / max(1, step - self.first) * (self.total - step)
            say(f"{self.stage} {step}/{self.total}  {info}  ETA {left:.0f} s")


def say(text: str) -> None:
    """Print one line to standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def rates(by_arm: dict[str, float]) -> str:
    """Return ``task 0.41`` for each task, levels averaged."""
    by_task: dict[str, list[float]] = {}
    for arm, value in by_arm.items():
        by_task.setdefault(arm.partition("/")[0], []).append(value)
    return "  ".join(f"{task} {sum(values) / len(values):.2f}" for task, values in by_task.items())
