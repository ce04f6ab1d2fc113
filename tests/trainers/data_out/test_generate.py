import errno
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from gradarium.core import Instance
from gradarium.errors import CannotPose, GradariumError
from gradarium.generators import all_tasks, get_task
from gradarium.trainers.data_out import Request, write
from gradarium.trainers.data_out.manifest import differences
from gradarium.trainers.data_out.posers import Chunks
from gradarium.verifiers import FORMATS, grade

ROOT = Path(__file__).resolve().parents[3]
ASKED = ("chain_arithmetic", "countdown", "--count", 30, "--level", "0-1")


def digests(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_any_number_of_workers_writes_the_same_bytes(run_cli, tmp_path):
    for workers in (1, 3):
        (tmp_path / str(workers)).mkdir()
        for name in ("x.jsonl", "x.jsonl.gz", "x.parquet"):
            if workers == 1 or name != "x.jsonl.gz":
                out = tmp_path / str(workers) / name
                shards = ["--shards", 4] if name == "x.jsonl" else []
                assert run_cli("generate", *ASKED, "--out", out, "--workers", workers, *shards)[0] == 0
    one, three = digests(tmp_path / "1"), digests(tmp_path / "3")
    assert len(three) == 6 and three == {name: one[name] for name in three}
    joined = b"".join(one[f"x-{i:05d}-of-00004.jsonl"] for i in range(4))
    wanted = [
        json.dumps(get_task(name).pose(i, level).to_json()) + "\n"
        for name in ASKED[:2]
        for level in (0, 1)
        for i in range(30)
    ]
    assert joined.decode() == "".join(wanted) == gzip.decompress(one["x.jsonl.gz"]).decode()


def test_parquet_reads_back_as_the_json_lines(run_cli, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    for columns in ("instance", "prompt", "chat", "verl"):
        for name in ("x.jsonl", "x.parquet"):
            assert run_cli("generate", "sudoku", *ASKED, "--format", columns, "--out", tmp_path / name)[0] == 0
        rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
        if columns == "instance":
            rows = [row | {name: json.loads(row[name]) for name in ("payload", "certificate")} for row in rows]
            assert [Instance.from_json(row).task for row in rows[::60]] == ["sudoku", "chain_arithmetic", "countdown"]
        assert rows == [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
        assert len(rows) == 180


def test_datasets_loads_a_folder_without_a_network(run_cli, tmp_path, monkeypatch):
    pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    code, _, err = run_cli("generate", *ASKED, "--split", "dev", "--format", "chat", "--out", tmp_path / "d")
    assert (code, err.splitlines()[-1]) == (0, f"{tmp_path / 'd'}: 120 instances in 1 file")
    code = (
        "import sys; from datasets import load_dataset\n"
        "d = load_dataset(sys.argv[1], cache_dir=sys.argv[2])\n"
        "print(list(d), d['dev'].num_rows, d['dev'][7]['prompt'][0]['content'])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "d"), str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    instance = get_task("chain_arithmetic").pose(7, 0, "dev")
    assert done.stdout.startswith(f"['dev'] 120 {instance.question}")
    card = (tmp_path / "d" / "README.md").read_text(encoding="utf-8")
    assert "| `countdown` | 0 | 0, 1 | 60 |" in card


def test_rows_of_every_format_hold_what_it_takes_to_judge():
    from gradarium.trainers.data_out.columns import COLUMNS

    instance = get_task("sudoku").pose(3, 1, answer_format="boxed")
    reply = FORMATS["boxed"].render(instance.reference)
    for name in ("prompt", "chat"):
        row = COLUMNS[name](instance, "full")
        assert grade(reply, row["task"], json.loads(row["payload"]), row["answer_format"]).score == 1.0
        assert instance.question in str(row["prompt"] if name == "prompt" else row["prompt"][0]["content"])
    row = json.loads(json.dumps(COLUMNS["verl"](instance, "brief")))
    told = json.loads(row["reward_model"]["ground_truth"])
    assert grade(reply, row["data_source"], told, row["extra_info"]["answer_format"]).score == 1.0
    assert row["prompt"] == [{"role": "user", "content": f"sudoku\n{instance.brief}"}]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the shards of an unbroken run, by the end of their name."""
    folder = tmp_path_factory.mktemp("whole")
    files = write(Request(tuple(("sudoku", level) for level in range(8)), 40), folder / "whole.jsonl", shards=10)
    return {path.name.removeprefix("whole"): path.read_bytes() for path in files}


def start(out, *more):
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    args = ["generate", "sudoku", "--count", "40", "--level", "0-7", "--shards", "10", "--out", str(out), *more]
    return subprocess.Popen([sys.executable, "-m", "gradarium", *args], env=env, stderr=subprocess.PIPE, text=True)


def wait_for(condition, child):
    while not condition():
        assert child.poll() is None, child.stderr.read()
        time.sleep(0.005)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_in_the_middle_it_goes_on_to_the_same_bytes(tmp_path, whole, workers):
    folder = tmp_path / "killed"
    folder.mkdir()
    child = start(folder / "k.jsonl", "--workers", workers)
    wait_for(lambda: len(list(folder.glob("k-*"))) >= 3, child)
    child.send_signal(signal.SIGKILL)
    child.communicate()  # ends when the processes that pose have ended too: they hold its standard error
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("k-*")}
    noted = json.loads((folder / "manifest.json").read_text())["shards"]
    assert 3 <= len(kept) < 10 and len(kept) - 1 <= len(noted) <= len(kept)
    again = start(folder / "k.jsonl")
    _, err = again.communicate()
    assert again.returncode == 0 and f"{len(noted)} of 10 shards are finished and kept" in err
    found = digests(folder)
    assert set(found) == {"manifest.json", *(f"k{name}" for name in whole)}
    assert {name.removeprefix("k"): data for name, data in found.items() if name != "manifest.json"} == whole
    assert all((folder / name).stat().st_mtime_ns == kept[folder / name] for name in noted)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_says_how_to_go_on(tmp_path, workers, interrupts):
    child = start(tmp_path / "k.jsonl", "--workers", workers)
    wait_for(lambda: len(list(tmp_path.glob("k-*"))) >= 2, child)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate()
    assert child.returncode == 130
    assert "of 10 shards are finished; the same command goes on with the others" in err
    assert "Traceback" not in err and not list(tmp_path.glob(".*"))


def test_a_shard_that_was_changed_is_made_again(run_cli, tmp_path):
    asked = ("generate", *ASKED, "--out", tmp_path / "x.jsonl", "--shards", 3)
    assert run_cli(*asked)[0] == 0
    before = digests(tmp_path)
    middle = tmp_path / "x-00001-of-00003.jsonl"
    middle.write_bytes(middle.read_bytes().replace(b"1", b"2", 1))
    (tmp_path / "x-00002-of-00003.jsonl").unlink()
    code, _, err = run_cli(*asked)
    assert code == 0 and "1 of 3 shards are finished and kept" in err
    assert digests(tmp_path) == before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--count", 31], "count is 30 there and 31 here"),
        (["--split", "dev"], 'split is "train" there and "dev" here'),
        (["--level", "0-2"], "tasks.countdown.levels is [0, 1] there and [0, 1, 2] here"),
        (["--format", "chat"], 'format is "instance" there and "chat" here'),
        (["--shards", 4], "shards is 3 there and 4 here"),
        (["--answer-format", "boxed"], 'answer_format is "" there and "boxed" here'),
    ],
)
def test_other_settings_in_the_folder_are_refused(run_cli, tmp_path, more, told):
    asked = ["generate", *ASKED, "--out", tmp_path / "x.jsonl", "--shards", 3]
    assert run_cli(*asked)[0] == 0
    before = digests(tmp_path)
    code, _, err = run_cli(*asked, *more)
    assert code == 2 and told in err and err.count("\n") == 1
    assert digests(tmp_path) == before


def test_differences_tell_the_order_of_tasks():
    assert differences({"tasks": {"a": 1, "b": 1}}, {"tasks": {"b": 1, "a": 1}}) == ["tasks stand in another order"]
    assert differences({"a": {"b": 1}}, {"a": {"c": 1}}) == ["a.b is only there", "a.c is only here"]


def test_files_that_are_no_shards_are_left_alone(run_cli, tmp_path):
    foreign = tmp_path / "x-00001-of-00003.jsonl"
    foreign.write_text("mine")
    code, _, err = run_cli("generate", *ASKED, "--out", tmp_path / "x.jsonl", "--shards", 3)
    assert code == 2 and "is there already" in err
    code, _, err = run_cli("generate", *ASKED, "--out", tmp_path)
    assert code == 2 and "holds other files" in err
    (tmp_path / "manifest.json").write_text("{}")
    code, _, err = run_cli("generate", *ASKED, "--out", tmp_path / "y.jsonl", "--shards", 3)
    assert code == 2 and "is no manifest" in err
    assert foreign.read_text() == "mine" and len(list(tmp_path.iterdir())) == 2


def test_groups_are_those_of_mixtures(run_cli):
    code, out, _ = run_cli("generate", "tag:satquest", "sudoku", "--count", 1, "--level", 0, "--out", "-")
    found = [json.loads(line)["task"] for line in out.splitlines()]
    assert code == 0
    assert found == [*(task.name for task in all_tasks(tag="satquest") if task.name != "sudoku"), "sudoku"]
    assert len(found) == 3


def test_a_full_disk_is_one_line_and_leaves_nothing(run_cli, tmp_path, monkeypatch):
    out = tmp_path / "x.jsonl"
    out.write_text("old")

    def full(file, chunks, columns):
        file.write(next(chunks))
        raise OSError(28, "No space left on device")

    from gradarium.trainers.data_out import shards

    monkeypatch.setitem(shards.ENCODERS, ".jsonl", shards.Encoder(shards.lines, full))
    code, _, err = run_cli("generate", *ASKED, "--out", out)
    assert (code, err) == (2, f"error: {out}: cannot be written: No space left on device\n")
    assert out.read_text() == "old" and list(tmp_path.iterdir()) == [out]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_real_full_device_is_one_line(tmp_path):
    from gradarium.trainers.data_out.shards import write_lines, write_parquet

    for how, rows in ((write_lines, [b"x" * 100_000]), (write_parquet, [[{"prompt": "x" * 100_000}] * 50])):
        with open("/dev/full", "wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
            how(file, iter(rows), "prompt")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("count", [1, 200])  # what is written at the end, and on the way
def test_a_full_standard_output_is_one_line(count):
    args = ["generate", "chain_arithmetic", "--count", str(count), "--level", "0", "--out", "-"]
    command = [sys.executable, "-c", "from gradarium.trainers.cli import main; main()", *args]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "error: standard output: No space left on device\n")


def test_a_worker_that_cannot_pose_ends_the_command(tmp_path):
    arms = (("chain_arithmetic", 0), ("no_such_task", 0))
    with pytest.raises(GradariumError, match="unknown task 'no_such_task'"):
        write(Request(arms, 40), tmp_path / "x.jsonl", workers=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("started", [0, 1])
def test_processes_that_do_not_start_end_the_command(run_cli, tmp_path, monkeypatch, started):
    start, there = ProcessPoolExecutor._spawn_process, []

    def spawn(pool):
        if len(there) == started:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        there.append(start(pool))

    monkeypatch.setattr(ProcessPoolExecutor, "_spawn_process", spawn)
    code, out, err = run_cli("generate", *ASKED, "--out", tmp_path / "x.jsonl", "--workers", 3)
    assert (code, out) == (2, "") and "Resource temporarily unavailable; take fewer --workers" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("shards", [[1], {"x-00000-of-00001.jsonl": 5}, {"x-00000-of-00001.jsonl": {"rows": 1}}])
def test_a_manifest_of_another_make_is_refused(run_cli, tmp_path, shards):
    args = ("generate", "chain_arithmetic", "--count", 2, "--level", 0, "--out", tmp_path / "x.jsonl", "--shards", 1)
    assert run_cli(*args)[0] == 0
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "shards": shards}))
    code, _, err = run_cli(*args)
    assert code == 2 and "is no manifest of 'gradarium generate'" in err


def test_what_one_process_cannot_pose_is_told_as_it_is(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise CannotPose("sudoku", 0, "train", 2000)

    monkeypatch.setattr("gradarium.generators.Task.pose", fail)
    with pytest.raises(CannotPose, match="no instance for split"):
        write(Request((("sudoku", 0),), 1), tmp_path / "x.jsonl")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--out", ".jsonl"], "is an ending without a name: say data.jsonl"),
        (["--out", "x.parquet", "--start", "9" * 20], "must be from 0 to 4611686018427387904"),
        (["--out", "x.csv"], "must end in .jsonl, .jsonl.gz, .parquet"),
        (["--out", "x.jsonl", "--shards", "0"], "must be from 1 to 8"),
        (["--out", "x.jsonl", "--shards", "9"], "must be from 1 to 8"),
        (["--out", "-", "--shards", "2"], "standard output is one stream"),
        (["--out", "x.jsonl", "--workers", "0"], "must be at least 1"),
        (["--out", "x.jsonl", "--format", "caht"], "did you mean 'chat'"),
        (["--out", "x.jsonl", "--style", "breif"], "did you mean 'brief'"),
        (["--out", "x.jsonl", "--answer-format", "boxd"], "did you mean 'boxed'"),
        (["--out", "no/x.jsonl", "--shards", "2"], "no: cannot be written: the folder does not exist"),
        (["--out", "no/folder"], "no/folder: cannot be written: No such file or directory"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(run_cli, tmp_path, monkeypatch, more, told):
    monkeypatch.chdir(tmp_path)
    code, out, err = run_cli("generate", "sudoku", "--count", 1, *more)
    assert (code, out) == (2, "") and told in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_group_that_is_none_is_told_with_the_nearest_name(run_cli):
    code, _, err = run_cli("generate", "family:puzzle", "--out", "-")
    assert code == 2 and "did you mean 'puzzles'" in err


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_chunks_cover_all_rows_in_order(workers):
    chunks = Chunks(5, 905, workers)
    spans = list(chunks)
    assert len(chunks) == len(spans)
    assert [row for span in spans for row in range(*span)] == list(range(5, 905))
    assert max(span.end - span.first for span in spans) <= 64
