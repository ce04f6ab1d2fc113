"""A run under a curriculum that is killed and resumed ends with the bits of the unbroken one."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers import checkpoint  # noqa: E402
from gradarium.trainers.config_file import load_config  # noqa: E402
from gradarium.trainers.records import read_lines  # noqa: E402
from gradarium.trainers.run import train  # noqa: E402

OPTIONS = ["--curriculum.name", "mopps", "--curriculum.lam", "0.8", "--grpo.steps", "4", "--warm_start.steps", "1"]
OPTIONS += ["--checkpoint_every", "1"]


def lines(folder):
    """Return what was recorded, without the times."""
    path = Path(folder) / "metrics.jsonl"
    rows = read_lines(path) if path.exists() else []
    return [{name: value for name, value in row.items() if "second" not in name} for row in rows]


def weights(folder):
    return (Path(folder) / "model" / "model.safetensors").read_bytes()


@pytest.mark.slow  # a process of its own loads torch and trains until it is killed
def test_killed_and_resumed_under_mopps(mixture, tmp_path):
    unbroken = load_config(mixture, ["--out", (tmp_path / "unbroken").as_posix(), *OPTIONS])
    results = train(unbroken)
    out = (tmp_path / "killed").as_posix()
    command = [sys.executable, "-m", "gradarium", "train", str(mixture), "--out", out, *OPTIONS]
    with (tmp_path / "log").open("w") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "OMP_NUM_THREADS": "1"})
        deadline = time.monotonic() + 120
        while child.poll() is None and time.monotonic() < deadline:
            if (Path(out) / "checkpoints" / "2-grpo-000002").exists():
                break
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert not (Path(out) / "model").exists(), (tmp_path / "log").read_text()
    assert train(load_config(mixture, ["--out", out, *OPTIONS]), resume=True) == results
    assert lines(out) == lines(unbroken.out)
    assert weights(out) == weights(unbroken.out)
    steps = [row["curriculum"] for row in lines(out) if row["stage"] == "grpo"]
    assert len(steps) == 4
    rates = [step["rate/countdown/0"] for step in steps]
    assert rates[0] != rates[-1] and all(0 < rate < 1 for rate in rates)
    assert sum(steps[-1][f"share/{arm}"] for arm in ("chain_arithmetic/0", "chain_arithmetic/1", "countdown/0")) == 1


MORE = {
    "probing": ["--curriculum.name", "lilo", "--curriculum.candidates", "2", "--curriculum.probe", "2"],
    "a bank and rounds": ["--curriculum.name", "vcrl", "--sampling.rounds", "3"],
    "replay": ["--curriculum.name", "plr", "--curriculum.base", "pcl", "--curriculum.capacity", "12"],
}


@pytest.mark.slow  # nine seconds a case: two runs each
@pytest.mark.parametrize("more", MORE.values(), ids=MORE)
def test_resumed_in_the_middle(mixture, tmp_path, more):
    options = ["--keep", "20", "--warm_start.steps", "40", *OPTIONS[4:6], *OPTIONS[8:], *more]
    first = load_config(mixture, ["--out", (tmp_path / "first").as_posix(), *options])
    results = train(first)
    middle = next(p for p in checkpoint.listing(Path(first.out) / "checkpoints") if p.name == "2-grpo-000002")
    second = load_config(mixture, ["--out", (tmp_path / "second").as_posix(), *options])
    shutil.copytree(middle, Path(second.out) / "checkpoints" / middle.name)
    settings = (Path(first.out) / "config.json").read_text(encoding="utf-8").replace("/first", "/second")
    (Path(second.out) / "config.json").write_text(settings, encoding="utf-8")
    shutil.copy(Path(first.out) / "metrics.jsonl", second.out)
    assert train(second, resume=True) == results
    assert lines(second.out) == lines(first.out)
    assert weights(second.out) == weights(first.out)
