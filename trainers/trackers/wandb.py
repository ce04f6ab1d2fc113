"""Weights & Biases: online after ``wandb login``, or with WANDB_MODE=offline in the folder ``wandb`` of the run.

The project is ``gradarium`` unless WANDB_PROJECT names another.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradarium.trainers.trackers.tracker import PROJECT, Tracker, identity_of


class WandB(Tracker):
    """Keeps one run id over all breaks, and tells everything again after one.

    Online, steps that the server has already are ignored by it. Offline, what a killed process left is incomplete (it
    is written in the background) and is replaced by the new files, so that ``wandb sync`` sends every step once.
    """

    extra = "wandb"

    def __init__(self, folder: Path, config: Mapping[str, Any], told: Sequence[Mapping[str, float]]) -> None:
        import wandb

        identity = identity_of(folder)
        before = set((folder / "wandb").glob(f"offline-run-*-{identity}"))
        self.run: Any = wandb.init(
            project=os.environ.get("WANDB_PROJECT", PROJECT),
            name=folder.name,
            id=identity,
            resume="allow",
            dir=str(folder),
            config=dict(config),
            settings=wandb.Settings(console="off"),  # it would take the progress bar apart
        )
        for left in before - {Path(self.run.dir).resolve().parent, Path(self.run.dir).parent}:
            shutil.rmtree(left)
        for step, figures in enumerate(told, 1):
            self.log(step, figures)

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        """Hand over; wandb writes and sends in the background."""
        self.run.log(dict(figures), step=step)

    def close(self) -> None:
        """Wait until all is written and sent."""
        self.run.finish()
