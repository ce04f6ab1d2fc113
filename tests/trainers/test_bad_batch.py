"""A loss that is not finite stops the run in one line, leaves the batch for a look, and loses no checkpoint."""

import json
import math
from pathlib import Path

import pytest

pytest.importorskip("torch")

from gradarium.trainers import checkpoint
from gradarium.trainers.cli import run
from gradarium.trainers.config_file import load_config
from gradarium.trainers.losses import LOSSES
from gradarium.trainers.run import train


def test_nan_stops_the_run_and_leaves_the_batch(mixture, monkeypatch, capsys):
    config = load_config(mixture)
    clip = LOSSES["clip"]
    calls = []

    def fails_later(batch, options):
        calls.append(1)
        return clip(batch, options) * (math.nan if len(calls) > 3 else 1.0)

    monkeypatch.setitem(LOSSES, "clip", fails_later)
    assert run(["train", str(mixture)]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    path = Path(config.out) / "bad_batch.json"
    assert error.startswith("error: step 4: the loss is not finite; lower the learning rate; the batch is in")
    saved = json.loads(path.read_text())
    assert len(saved) == config.grpo.prompts
    assert all(len(g["rollouts"]) == config.grpo.group and g["prompt_ids"] for g in saved)
    assert checkpoint.latest(Path(config.out) / "checkpoints").name == "2-grpo-000002"
    monkeypatch.setitem(LOSSES, "clip", clip)
    assert "grpo" in train(config, resume=True)
