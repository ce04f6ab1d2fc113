"""The folder of an evaluation: torn lines, duplicates, other settings, two processes."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gradarium.errors import BadFile
from gradarium.trainers.evaluation.settings import Evaluation, PlannedArm, read_evaluation
from gradarium.trainers.evaluation.store import Key, Store, read_completions

ARMS = (PlannedArm("maze", 0, 0, 0, 3, 0.1), PlannedArm("sudoku", 2, 0, 5, 2, 0.0))
ASKED = Evaluation("core", 1, "m", "local", 2, 1.0, 64, "full", 0, 0, "", 0, "test", ARMS)


def line(task="maze", level=0, index=0, sample=0, **more):
    found = {"task": task, "level": level, "index": index, "sample": sample, "text": "a\u2028b", "answer": None}
    return found | {"tokens": 3, "finish": "stop", "status": "wrong", "score": 0.0, "reason": "no"} | more


@pytest.fixture
def folder(tmp_path):
    """A folder with three completions."""
    with Store(tmp_path / "e", ASKED) as store:
        store.append([line(), line(sample=1)])
        store.append([line("sudoku", 2, 6)])
    return tmp_path / "e"


def test_settings_come_back(folder):
    assert read_evaluation(folder / "evaluation.json") == ASKED
    assert json.loads((folder / "evaluation.json").read_text())["arms"][1] == {
        "task": "sudoku",
        "level": 2,
        "version": 0,
        "start": 5,
        "count": 2,
        "chance": 0.0,
        "answer_format": "",
    }


def test_what_is_there_is_known_and_not_written_twice(folder):
    before = (folder / "completions.jsonl").read_bytes()
    with Store(folder, ASKED, resume=True) as store:
        assert len(store) == 3 and Key("maze", 0, 0, 1) in store and Key("maze", 0, 1, 0) not in store
        store.append([line(text="another")])
    assert (folder / "completions.jsonl").read_bytes() == before


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_a_torn_last_line_is_cut(folder, cut):
    path = folder / "completions.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    assert len(read_completions(path)) == 2
    with Store(folder, ASKED, resume=True) as store:
        assert len(store) == 2
        store.append([line("sudoku", 2, 6)])
    assert path.read_bytes() == whole


def test_duplicates_are_dropped_and_the_first_stays(folder):
    path = folder / "completions.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + json.dumps(line(text="later")).encode() + b"\n")
    with Store(folder, ASKED, resume=True) as store:
        assert len(store) == 3
    assert path.read_bytes() == whole


def test_what_could_not_be_had_is_asked_again(folder):
    path = folder / "completions.jsonl"
    whole = path.read_bytes()
    with Store(folder, ASKED, resume=True) as store:
        store.append([line(index=2, finish="error", status="error", score=None)])
        assert Key("maze", 0, 2, 0) not in store
    assert len(read_completions(path)) == 4
    with Store(folder, ASKED, resume=True):
        assert path.read_bytes() == whole


DAMAGE = {
    "no JSON": (b'{"task": "ma', "line 2 is damaged"),
    "another type": (json.dumps(line(text=3)).encode(), "line 2 is damaged"),
    "no object": (b"[]", "line 2 is damaged"),
    "brackets without end": (b"[" * 100_000, "line 2 is damaged"),
    "a field less": (json.dumps({k: v for k, v in line().items() if k != "score"}).encode(), "line 2 is damaged"),
    "another arm": (json.dumps(line("countdown")).encode(), "countdown/0, instance 0, sample 0) is no part"),
    "another instance": (json.dumps(line("sudoku", 2, 7)).encode(), "instance 7, sample 0) is no part"),
    "another sample": (json.dumps(line(sample=2)).encode(), "sample 2) is no part"),
}


@pytest.mark.parametrize(("row", "words"), DAMAGE.values(), ids=DAMAGE)
def test_damage_in_the_middle_is_named_and_nothing_is_changed(folder, row, words):
    path = folder / "completions.jsonl"
    rows = path.read_bytes().split(b"\n")
    rows[1] = row
    path.write_bytes(b"\n".join(rows))
    with pytest.raises(BadFile) as caught:
        Store(folder, ASKED, resume=True)
    assert words in str(caught.value)
    assert path.read_bytes() == b"\n".join(rows)


OTHERS = {
    "samples": ({"samples": 3}, "samples is 2 there and 3 here"),
    "model": ({"model": "n", "temperature": 0.5}, "model is 'm' there and 'n' here; temperature is 1.0 there and 0.5"),
    "less": ({"arms": ARMS[:1]}, "arms: 2 there and 1 here"),
    "other arm": ({"arms": (ARMS[0], dataclasses.replace(ARMS[1], level=3))}, "sudoku/2 there and sudoku/3 here"),
    "version": (
        {"arms": (dataclasses.replace(ARMS[0], version=1), ARMS[1])},
        "version of maze/0 is 0 there and 1 here",
    ),
}


@pytest.mark.parametrize(("change", "words"), OTHERS.values(), ids=OTHERS)
def test_a_folder_with_other_settings_is_refused(folder, change, words):
    with pytest.raises(BadFile) as caught:
        Store(folder, dataclasses.replace(ASKED, **change), resume=True)
    assert words in str(caught.value) and "choose another --out" in str(caught.value)


def test_a_server_may_move(folder):
    moved = dataclasses.replace(ASKED, base_url="http://elsewhere/v1")
    with Store(folder, moved, resume=True) as store:
        assert len(store) == 3
    assert read_evaluation(folder / "evaluation.json") == moved


def test_a_folder_without_a_completion_can_be_taken(tmp_path):
    """After a first try that reached nobody, the same command again needs no --resume."""
    with Store(tmp_path / "e", ASKED):
        pass
    other = dataclasses.replace(ASKED, samples=3)
    with Store(tmp_path / "e", other) as store:
        store.append([line(sample=2)])
    assert read_evaluation(tmp_path / "e" / "evaluation.json") == other


def test_without_resume_a_full_folder_is_refused(folder):
    with pytest.raises(BadFile, match="add --resume"):
        Store(folder, ASKED)


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "results.json").write_text("{}")
    with pytest.raises(BadFile, match="is a file; name a folder"):
        Store(tmp_path / "results.json", ASKED)


def test_completions_without_settings_are_not_touched(folder):
    (folder / "evaluation.json").unlink()
    with pytest.raises(BadFile, match=r"without its evaluation\.json"):
        Store(folder, ASKED, resume=True)
    assert len(read_completions(folder / "completions.jsonl")) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": 1, "sui', "is not whole JSON"),
        ('{"format": 2}', "has the format 2"),
        ("[]", "has the format 'list'"),
        ('{"format": 1}', "is no evaluation"),
        (json.dumps(ASKED.to_json() | {"samples": "2"}), "samples = '2' should be int"),
        (json.dumps(ASKED.to_json() | {"smaples": 2}), "smaples"),
    ],
)
def test_damaged_settings(folder, text, words):
    (folder / "evaluation.json").write_text(text)
    with pytest.raises(BadFile) as caught:
        Store(folder, ASKED, resume=True)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_second_process_is_kept_out_and_a_killed_one_is_not_in_the_way(folder):
    """The lock is the system's: it ends with its process, however that ends."""
    code = f"""
        import sys, time
        from pathlib import Path
        from gradarium.trainers.evaluation.settings import read_evaluation
        from gradarium.trainers.evaluation.store import Store
        folder = Path({str(folder)!r})
        with Store(folder, read_evaluation(folder / "evaluation.json"), resume=True):
            print("held", flush=True)
            time.sleep(60)
    """
    path = os.pathsep.join([str(Path(__file__).resolve().parents[3] / "src"), os.environ.get("PYTHONPATH", "")])
    other = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)},
    )
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BadFile, match="is in use by another process"):
            Store(folder, ASKED, resume=True)
    finally:
        other.send_signal(signal.SIGKILL)
        other.wait()
        other.stdout.close()
    with Store(folder, ASKED, resume=True) as store:
        assert len(store) == 3


def test_a_full_disk_is_told_and_what_was_written_stays(folder, monkeypatch):
    with Store(folder, ASKED, resume=True) as store:

        def refuse(descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(BadFile, match=r"No space left on device.*--resume"):
            store.append([line(index=1)])
    monkeypatch.undo()
    assert len(read_completions(folder / "completions.jsonl")) >= 3
