"""Twenty runs killed at random points, also while they write a checkpoint, end with the bits of the unbroken run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

TRIALS = 20


@pytest.mark.slow
def test_random_kills(mixture, tmp_path):
    text = mixture.read_text(encoding="utf-8").replace("checkpoint_every = 2", "checkpoint_every = 1")
    mixture.write_text(text, encoding="utf-8")
    driver = Path(__file__).with_name("kill_driver.py")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(driver), str(mixture), str(tmp_path / "runs"), str(TRIALS), "0"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(trials) == TRIALS
    assert all(t["status"] == 0 and t["same"] and t["lines"] for t in trials), trials
    met = [kill for t in trials for kill in t["killed"]]
    assert met.count("in a checkpoint") >= 3 and met.count("between") >= 3, met
