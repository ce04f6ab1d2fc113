"""What trackers have is what metrics.jsonl has, also after a kill; each is read back from its own files."""

import importlib
import importlib.util
import json
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from gradarium.errors import GradariumError, MissingExtra, UnknownName
from gradarium.trainers import trackers
from gradarium.trainers.config_file import load_config
from gradarium.trainers.trackers import Trackers, check_trackers, tracker_names
from gradarium.trainers.trackers.tracker import figures_of, identity_of

NAMES = ("tensorboard", "trackio", "wandb")


def record(step, stage="grpo", **more):
    return {"stage": stage, "step": step, "loss": step / 3, "reward": {"sudoku/0": step * 0.25}, "alarms": [], **more}


# Names


def test_every_tracker_is_a_file():
    assert tracker_names() == NAMES


def test_figures_of_a_record():
    line = record(2, sandbox="namespaces", best=True, dev=None, alarms=["a", "b"], drops={"groups/drawn/sudoku/3": 4})
    assert figures_of(line) == {
        "grpo/step": 2.0,
        "grpo/loss": 2 / 3,
        "grpo/reward/sudoku/0": 0.5,
        "grpo/alarms": 2.0,
        "grpo/best": 1.0,
        "grpo/drops/groups/drawn/sudoku/3": 4.0,
    }


def test_an_unknown_tracker_is_named(tmp_path):
    with pytest.raises(UnknownName, match="unknown tracker 'tensorbord': did you mean 'tensorboard'"):
        check_trackers(["tensorbord"])
    path = tmp_path / "x.toml"
    path.write_text('trackers = ["wandd"]\n[[task]]\nname = "countdown"\n', encoding="utf-8")
    with pytest.raises(UnknownName, match="did you mean 'wandb'"):
        load_config(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_package_names_its_extra_before_anything_is_written(name, tmp_path, monkeypatch):
    monkeypatch.setattr(trackers, "find_spec", lambda package: None)
    extra = {"tensorboard": "train"}.get(name, name)
    with pytest.raises(MissingExtra) as error:
        Trackers([name], tmp_path / "run", {}, [])
    assert str(error.value) == f"tracker {name} needs the package {name}: pip install 'gradarium[{extra}]'"
    assert not (tmp_path / "run").exists()
    assert check_trackers(["auto"]) == ()
    assert check_trackers([]) == ()


def test_auto_is_tensorboard_where_it_is_installed(monkeypatch):
    monkeypatch.setattr(trackers, "find_spec", lambda package: object())
    assert check_trackers(["auto"]) == ("tensorboard",)
    assert check_trackers(["wandb", "auto", "tensorboard"]) == ("wandb", "tensorboard")


def test_the_identity_of_a_run_stays(tmp_path):
    first = identity_of(tmp_path)
    assert len(first) == 12 and identity_of(tmp_path) == first


# Failures


class Fragile(trackers.Tracker):
    """Breaks as told."""

    extra, breaks_at, seen, closed = "none", 0, [], 0

    def __init__(self, folder, config, told):
        Fragile.seen = list(told)
        if self.breaks_at == "start":
            raise OSError("no network\nand more")

    def log(self, step, figures):
        if step == self.breaks_at:
            raise OSError("the disk is full")
        Fragile.seen.append(figures)

    def close(self):
        Fragile.closed += 1
        if self.breaks_at == "close":
            raise OSError("gone")


@pytest.fixture
def fragile(monkeypatch):
    monkeypatch.setattr(trackers, "_class_of", lambda name: Fragile)
    monkeypatch.setattr(trackers, "find_spec", lambda package: object())
    monkeypatch.setattr(Fragile, "closed", 0)
    return lambda where: monkeypatch.setattr(Fragile, "breaks_at", where)


def test_one_that_does_not_start_is_one_line(fragile, tmp_path):
    fragile("start")
    with pytest.raises(GradariumError) as error:
        Trackers(["wandb"], tmp_path, {}, [])
    fix = 'mend that, or leave "wandb" out of trackers'
    assert str(error.value) == f"tracker wandb does not start: OSError: no network; {fix}"


def test_one_that_fails_later_is_said_once_and_left_out(fragile, tmp_path, capsys):
    fragile(3)
    running = Trackers(["wandb"], tmp_path, {}, [])
    for step in range(1, 6):
        running.log(record(step))
    running.close()
    said = capsys.readouterr().err
    assert said.count("ALARM: tracker wandb failed and is off from now on: OSError: the disk is full") == 1
    assert [row["grpo/step"] for row in Fragile.seen] == [1, 2]
    assert Fragile.closed == 0


def test_one_that_cannot_be_ended_does_not_hide_the_end_of_the_run(fragile, tmp_path, capsys):
    fragile("close")
    Trackers(["wandb"], tmp_path, {}, []).close()
    assert "tracker wandb did not end well: OSError: gone" in capsys.readouterr().err


def test_a_resumed_tracker_is_told_what_stands_in_the_file(fragile, tmp_path):
    fragile(0)
    running = Trackers(["wandb"], tmp_path, {}, [record(1), record(2)])
    running.log(record(3))
    assert [row["grpo/step"] for row in Fragile.seen] == [1, 2, 3]
    assert running.step == 3


# Read back, after a kill and a resume


PROGRAM = """
import json, os, signal, sys, time
from pathlib import Path
from gradarium.trainers.trackers import Trackers
name, folder, first, kill = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
records = json.load(sys.stdin)
running = Trackers([name], folder, {"seed": 1}, records[:first])
for record in records[first:]:
    running.log(record)
if kill == "kill":
    time.sleep(1)  # some of it is written by now, in the background
    os.kill(os.getpid(), signal.SIGKILL)
running.close()
"""


def tell(name, folder, first, records, kill=False):
    """Tell ``records`` in a process of its own, all after the first few as new ones."""
    more = {"WANDB_MODE": "offline", "TRACKIO_DIR": str(folder.parent / "database"), "OMP_NUM_THREADS": "1"}
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM, name, str(folder), str(first), "kill" if kill else "end"],
        input=json.dumps(records),
        env={**os.environ, **more, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert found.returncode == (-signal.SIGKILL if kill else 0), found.stderr


def read_tensorboard(folder):
    reader = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")
    events = reader.EventAccumulator(str(folder / "tensorboard"), size_guidance={"scalars": 0})
    events.Reload()
    found = {}
    for name in events.Tags()["scalars"]:
        for event in events.Scalars(name):
            assert name not in found.setdefault(event.step, {}), (name, event.step)
            found[event.step][name] = event.value
    return found


def read_wandb(folder):
    """Read the offline files, which hold protobuf records in the log format of LevelDB."""
    proto = importlib.import_module("wandb.proto.wandb_internal_pb2")
    found = {}
    for path in sorted((folder / "wandb").glob(f"offline-run-*-{identity_of(folder)}/run-*.wandb")):
        data, at, whole = path.read_bytes(), 7, b""
        while at + 7 <= len(data):
            room = 32768 - at % 32768
            if room < 7:  # no header fits: the rest of a block is padding
                at += room
                continue
            size, kind = struct.unpack_from("<HB", data, at + 4)
            whole += data[at + 7 : at + 7 + size]
            at += 7 + size
            if kind in (1, 4):  # full, or the last piece
                entry, whole = proto.Record.FromString(whole), b""
                if entry.HasField("history"):
                    row = {
                        item.key or "/".join(item.nested_key): json.loads(item.value_json)
                        for item in entry.history.item
                    }
                    step = int(row["_step"]) if "_step" in row else entry.history.step.num
                    assert step not in found, step
                    found[step] = {key: float(value) for key, value in row.items() if not key.startswith("_")}
    return found


def read_trackio(folder):
    program = (
        "import json, trackio\nfrom trackio.sqlite_storage import SQLiteStorage as s\n"
        "runs = list(trackio.Api().runs('gradarium'))\n"
        "print(json.dumps([s.get_logs('gradarium', r.name, run_id=r.id) for r in runs]))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TRACKIO_DIR": str(folder.parent / "database")},
        capture_output=True,
        text=True,
        check=True,
    )
    [rows] = json.loads(found.stdout.splitlines()[-1])  # one run, not two
    steps = [row["step"] for row in rows]
    assert len(set(steps)) == len(steps)
    return {row.pop("step"): {k: v for k, v in row.items() if "/" in k} for row in rows}


READERS = {"tensorboard": read_tensorboard, "wandb": read_wandb, "trackio": read_trackio}


def agree(name, found, records):
    assert sorted(found) == list(range(1, len(records) + 1))
    for step, line in enumerate(records, 1):
        close = {"rel": 1e-6} if name == "tensorboard" else {"abs": 0}  # its event files hold single precision
        assert found[step] == pytest.approx(figures_of(line), **close), step


@pytest.mark.parametrize("name", NAMES)
def test_a_killed_and_resumed_run_has_every_step_once(name, tmp_path):
    pytest.importorskip(name, reason=f"{name} is not installed")
    folder = tmp_path / "run"
    before = [record(step, "warm_start") for step in (1, 2, 3)] + [record(step) for step in (1, 2, 3)]
    after = before[:4] + [record(step, other=step) for step in (2, 3, 4)]  # a checkpoint stood behind the fourth
    tell(name, folder, 0, before, kill=True)
    tell(name, folder, 4, after)
    agree(name, READERS[name](folder), after)


def test_tensorboard_of_a_run_equals_its_metrics(mixture):
    pytest.importorskip("torch")
    pytest.importorskip("tensorboard")
    from gradarium.trainers.run import Run, train

    config = load_config(mixture, ["--trackers", '["tensorboard"]'])
    run = Run(config, resume=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run.trackers, "log", stop_at(run.trackers, 8))
        with pytest.raises(KeyboardInterrupt):
            run.finish()
    run.judge.close()  # not its trackers, as if it had been killed; what the system would then close is the lock
    run.lock.release()
    assert len(read_tensorboard(Path(config.out))) == 8
    train(config, resume=True)
    lines = [json.loads(line) for line in (Path(config.out) / "metrics.jsonl").read_text().splitlines()]
    assert len(lines) == 9 and {line["stage"] for line in lines} == {"warm_start", "grpo"}
    agree("tensorboard", read_tensorboard(Path(config.out)), lines)


def stop_at(running, step):
    log = running.log

    def stopped(line):
        log(line)
        if running.step == step:
            raise KeyboardInterrupt

    return stopped


def test_no_trackers_leave_no_file(mixture):
    pytest.importorskip("torch")
    from gradarium.trainers.run import Run

    run = Run(load_config(mixture, ["--trackers", "[]"]), resume=False)
    run.close()
    assert sorted(path.name for path in run.folder.iterdir()) == [
        ".lock",
        "config.json",
        "metrics.jsonl",
        "provenance.json",
        "samples.jsonl",
    ]
