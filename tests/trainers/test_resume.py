"""A run that is killed and resumed ends with the same bits; damage is a clear error and destroys nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from gradarium.errors import GradariumError  # noqa: E402
from gradarium.trainers import checkpoint  # noqa: E402
from gradarium.trainers.config_file import load_config  # noqa: E402
from gradarium.trainers.folder_lock import lock_folder  # noqa: E402
from gradarium.trainers.records import read_lines  # noqa: E402
from gradarium.trainers.run import Run, train  # noqa: E402

pytestmark = pytest.mark.xdist_group("resume")  # they share an unbroken run


def weights(folder):
    from safetensors.torch import load_file

    return load_file(Path(folder) / "model" / "model.safetensors")


def same(a, b):
    first, second = weights(a), weights(b)
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def steps(folder):
    lines = (Path(folder) / "metrics.jsonl").read_text().splitlines()
    return [(r["stage"], r["step"]) for r in map(json.loads, lines)]


@pytest.fixture
def unbroken(mixture, tmp_path):
    config = load_config(mixture, ["--out", (tmp_path / "unbroken").as_posix()])
    return config, train(config)


def command(mixture, out, *more):
    return [sys.executable, "-m", "gradarium", "train", str(mixture), "--out", str(out), *more]


def environment():
    return {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.mark.slow
@pytest.mark.parametrize("lines", [2, 5, 8])
def test_sigkill_and_resume_give_the_same_weights(unbroken, mixture, tmp_path, lines):
    out = tmp_path / "killed"
    with (tmp_path / "log").open("w") as log:
        child = subprocess.Popen(command(mixture, out), stdout=log, stderr=log, env=environment())
        deadline = time.monotonic() + 120
        while child.poll() is None and time.monotonic() < deadline:
            if (out / "metrics.jsonl").exists() and len((out / "metrics.jsonl").read_bytes().splitlines()) >= lines:
                break
            time.sleep(0.002)
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert not (out / "model").exists(), (tmp_path / "log").read_text()
    subprocess.run(command(mixture, out, "--resume"), check=True, env=environment(), capture_output=True)
    assert same(out, unbroken[0].out)
    assert steps(out) == steps(unbroken[0].out)


def test_resume_from_every_checkpoint(unbroken, tmp_path, monkeypatch):
    config, results = unbroken
    kept = tmp_path / "kept"

    def copy(self):
        save(self)
        shutil.copytree(self.folder, kept / f"{self.stage}-{self.step}", dirs_exist_ok=True)

    save = Run._save
    monkeypatch.setattr(Run, "_save", copy)
    shutil.rmtree(config.out)
    train(config)
    monkeypatch.setattr(Run, "_save", save)
    assert {"warm_start-2", "grpo-0", "grpo-2", "grpo-4", "done-0"} <= {p.name for p in kept.iterdir()}
    final = weights(config.out)
    for folder in sorted(kept.iterdir()):
        shutil.rmtree(config.out)
        shutil.copytree(folder, config.out)
        assert train(config, resume=True) == results, folder.name
        assert all(torch.equal(final[name], value) for name, value in weights(config.out).items()), folder.name


def test_a_finished_run_is_not_trained_again(unbroken):
    config, results = unbroken
    before = steps(config.out)
    assert train(config, resume=True) == results
    assert steps(config.out) == before


def test_a_folder_in_use_is_refused_and_kept(unbroken):
    config, _ = unbroken
    with pytest.raises(GradariumError, match="add --resume"):
        train(config)
    assert (Path(config.out) / "model").exists()


def test_a_folder_that_another_process_uses_is_refused(unbroken):
    config, _ = unbroken
    holder = lock_folder(Path(config.out))
    with pytest.raises(GradariumError, match="in use by another process"):
        train(config, resume=True)
    holder.release()
    train(config, resume=True)


def test_another_configuration_is_refused(unbroken, mixture):
    changed = load_config(mixture, ["--out", unbroken[0].out, "--step.lr", "0.5"])
    with pytest.raises(GradariumError, match="another configuration"):
        train(changed, resume=True)


def test_a_damaged_checkpoint_names_the_file_and_the_spare(unbroken):
    config, _ = unbroken
    newest = checkpoint.listing(Path(config.out) / "checkpoints")[-1]
    data = bytearray((newest / "model" / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (newest / "model" / "model.safetensors").write_bytes(data)
    with pytest.raises(GradariumError, match=r"model.safetensors has changed.*delete that folder to go on from"):
        train(config, resume=True)
    shutil.rmtree(newest)
    train(config, resume=True)


def test_half_written_checkpoints_are_ignored(tmp_path):
    (tmp_path / "1-grpo-000005.tmp").mkdir()
    assert checkpoint.latest(tmp_path) is None


def test_an_output_folder_that_cannot_be_written(mixture, tmp_path):
    (tmp_path / "file").write_text("in the way")
    config = load_config(mixture, ["--out", (tmp_path / "file" / "run").as_posix()])
    with pytest.raises(GradariumError, match="cannot be written"):
        train(config)
    assert (tmp_path / "file").read_text() == "in the way"


FULL_DISK = """
import resource, signal, sys
from gradarium.trainers.cli import run
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(run(["train", *sys.argv[2:]]))
"""


@pytest.mark.parametrize("size", [200, 30_000, 100_000, 150_000], ids=["config", "model", "optimiser", "optimiser end"])
def test_a_disk_that_fills_is_a_clear_error_and_loses_nothing(unbroken, mixture, tmp_path, size):
    """No file can grow beyond ``size`` bytes, as if the disk were full there."""
    out = tmp_path / "full"
    arguments = [sys.executable, "-c", FULL_DISK, str(size), str(mixture), "--out", str(out)]
    child = subprocess.run(arguments, capture_output=True, text=True, env=environment())
    assert child.returncode == 2, child.stderr
    last = child.stderr.strip().splitlines()[-1]
    assert last.startswith("error: ") and "cannot be written" in last
    assert not [*out.rglob("*.tmp"), *out.rglob("*.part")]
    subprocess.run(command(mixture, out, "--resume"), check=True, env=environment(), capture_output=True)
    assert same(out, unbroken[0].out)


def test_missing_model(mixture, tmp_path):
    config = load_config(mixture, ["--model.path", (tmp_path / "nothing").as_posix()])
    with pytest.raises(GradariumError, match=r"model.path.*no model can be loaded"):
        train(config)
    assert not Path(config.out).exists()  # the folder is free for the corrected command


EVERYTHING = {
    "controllers": [
        *("--kl.weight", "0.05", "--kl.target", "0.01", "--kl.reference", "reset", "--kl.patience", "1"),
        *(
            "--entropy.mode",
            "adaptive",
            "--entropy.target",
            "9.0",
            "--evaluation.every",
            "1",
            "--evaluation.dev_count",
            "2",
        ),
        *(
            "--sampling.rounds",
            "2",
            "--guidance.sft_lr",
            "1e-3",
            "--guidance.sft_batch",
            "8",
            "--rejection.rounds",
            "1",
        ),
    ],
    "moving reference": ["--kl.weight", "0.05", "--kl.reference", "ema", "--kl.every", "2", "--grpo.updates", "2"],
    "prefix and group sizes": [
        *("--guidance.prefix", "0.5", "--guidance.hints", "true", "--sampling.allocation", "gvm"),
        *("--sampling.least", "3", "--sampling.most", "8", "--grpo.advantage", "dr_grpo"),
    ],
    "adapters": ["--step.lora_rank", "2", "--kl.weight", "0.05", "--step.checkpointing", "true"],
    "bf16": ["--step.precision", "bf16", "--step.layout", "packed", "--loss.mismatch", "icepop"],
}


@pytest.mark.slow
@pytest.mark.parametrize("options", EVERYTHING.values(), ids=EVERYTHING)
def test_whatever_is_switched_on_resumes_to_the_same_bits(mixture, tmp_path, options):
    if "--step.lora_rank" in options:
        pytest.importorskip("peft")
    config = load_config(mixture, ["--out", (tmp_path / "unbroken").as_posix(), "--keep", "20", *options])
    results = train(config)
    saved = checkpoint.listing(Path(config.out) / "checkpoints")
    middle = next(p for p in saved if p.name == "2-grpo-000002")
    again = load_config(mixture, ["--out", (tmp_path / "again").as_posix(), "--keep", "20", *options])
    copied = Path(again.out) / "checkpoints" / middle.name
    shutil.copytree(middle, copied)
    settings = (Path(config.out) / "config.json").read_text().replace("/unbroken", "/again")
    (Path(again.out) / "config.json").write_text(settings)
    shutil.copy(Path(config.out) / "metrics.jsonl", again.out)
    assert train(again, resume=True) == results
    assert same(again.out, config.out)
    assert records(again.out) == records(config.out)


def records(folder):
    """Return the metrics without the times."""
    lines = read_lines(Path(folder) / "metrics.jsonl")
    return [{name: value for name, value in line.items() if "second" not in name} for line in lines]


def test_the_best_checkpoint_stays_beside_the_newest(mixture, tmp_path, monkeypatch):
    looks = iter([0.1, 0.5, 0.2, 0.3, 0.4])
    monkeypatch.setattr("gradarium.trainers.run.mean_success", lambda results: next(looks, 0.0))
    options = ["--warm_start.steps", "0", "--evaluation.every", "1", "--evaluation.dev_count", "1", "--keep", "1"]
    config = load_config(mixture, [*options, "--checkpoint_every", "1"])
    train(config)
    kept = [p.name for p in checkpoint.listing(Path(config.out) / "checkpoints")]
    assert kept == ["2-grpo-000002", "3-done-000000"]


def test_drops_of_each_arm_are_reported(unbroken):
    config, _ = unbroken
    drops = [line["drops"] for line in read_lines(Path(config.out) / "metrics.jsonl") if line["stage"] == "grpo"]
    assert [d["groups/drawn"] for d in drops] == [config.grpo.prompts * step for step in range(1, 6)]
    arms = ["chain_arithmetic/0", "chain_arithmetic/1", "countdown/0"]
    assert sum(drops[-1][f"groups/drawn/{arm}"] for arm in arms) == drops[-1]["groups/drawn"]
    assert all(0 <= drops[-1][f"groups/too_hard/{arm}"] <= 1 for arm in arms)
