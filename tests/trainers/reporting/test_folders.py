"""Runs that were killed, are damaged or old are shown as far as they go, and what is missing is said."""

import json
import math
import os
import subprocess
import sys

import pytest

pytest.importorskip("matplotlib")

from gradarium.errors import BadFile, BadValue
from gradarium.trainers.cli import run
from gradarium.trainers.records import read_lines
from gradarium.trainers.reporting.folders import read_run
from gradarium.trainers.reporting.run_page import run_report, status
from gradarium.trainers.reporting.write import write_comparison, write_report


def notes_of(folder):
    write_report(folder)
    return " ".join(read_run(folder).notes)


def test_a_run_that_was_killed_shows_the_results_of_its_checkpoint(folder):
    results = json.loads((folder / "results.json").read_text())
    (folder / "results.json").unlink()
    lines = read_lines(folder / "metrics.jsonl")
    grpo = [r for r in lines if r["stage"] == "grpo"]
    text = "".join(json.dumps(r) + "\n" for r in grpo[:17])
    (folder / "metrics.jsonl").write_text(text + json.dumps(grpo[17])[:100])
    for step, part in (
        (10, {"start": results["start"]}),
        (15, {name: results[name] for name in ("start", "warm_start")}),
    ):
        place = folder / "checkpoints" / f"2-grpo-{step:06d}"
        place.mkdir(parents=True)
        (place / "state.json").write_text(json.dumps({"stage": "grpo", "results": part}))
    (folder / "checkpoints" / "2-grpo-000020.tmp").mkdir()
    said = notes_of(folder)
    assert "held-out results are those of the checkpoint 2-grpo-000015" in said
    assert "metrics.jsonl: damaged after line 17 of 18" in said
    found = read_run(folder)
    assert status(found) == "unfinished: grpo, step 17 of 60"
    assert list(found.results) == ["start", "warm_start"]


@pytest.mark.parametrize("steps", [0, 1])
def test_few_steps(made_up, tmp_path, steps):
    folder = made_up.write_run(tmp_path / "run", max(steps, 1))
    if not steps:
        (folder / "metrics.jsonl").write_text("")
        (folder / "samples.jsonl").unlink()
        (folder / "results.json").unlink()
    page = write_report(folder).read_text(encoding="utf-8")
    assert ("metrics.jsonl is empty: no step was finished yet" in page) == (steps == 0)
    assert ("<b>1</b><small>of 1</small>" in page) == (steps == 1)
    assert (folder / "report.png").stat().st_size > 5000


def test_old_records_with_less_in_them(folder):
    keep = ("stage", "step", "tokens", "seconds", "reward", "entropy")
    lines = [{name: r[name] for name in keep if name in r} for r in read_lines(folder / "metrics.jsonl")]
    lines.insert(3, {"no": "stage"})
    lines.insert(4, {"stage": "grpo", "step": "seven"})
    (folder / "metrics.jsonl").write_text("".join(json.dumps(r) + "\n" for r in lines))
    (folder / "config.json").unlink()
    (folder / "provenance.json").unlink()
    said = notes_of(folder)
    assert "metrics.jsonl: 2 records without a stage and a step are left out" in said
    assert "No config.json" in said
    titles = [section.title for section in run_report(read_run(folder)).sections if not section.empty]
    assert titles == ["Held-out results", "Reward", "Policy", "Rollouts", "Speed", "Warm start", "Samples"]


def test_numbers_that_are_none_are_left_out_and_counted(folder):
    lines = read_lines(folder / "metrics.jsonl")
    grpo = [r for r in lines if r["stage"] == "grpo"]
    for record in grpo[:5]:
        record["entropy"] = math.nan
        record["reward"] = dict.fromkeys(record["reward"], math.inf)
    for record in grpo:
        record["kl"] = math.nan
        record["loss"] = 10**400
        record["grad_norm"] = "large"
        record["dev"] = [1]
        record["alarms"] = "none"
    (folder / "metrics.jsonl").write_text("".join(json.dumps(r) + "\n" for r in lines))
    said = notes_of(folder)
    assert "entropy: 5 values are not finite numbers" in said and "kl: 60 values" in said
    assert "reward: 30 values" in said
    charts = {chart.name for chart in run_report(read_run(folder)).charts}
    assert "entropy" in charts and not charts & {"kl", "loss", "grad_norm"}


@pytest.mark.parametrize("name", ["config.json", "results.json", "provenance.json"])
@pytest.mark.parametrize("text", ["{", "[1]", '"x"', "\x00"])
def test_damaged_files_are_named(folder, name, text):
    (folder / name).write_text(text)
    assert f"{name} " in " ".join(read_run(folder).notes)


def test_folders_that_are_neither(made_up, folder, tmp_path, capsys):
    cases = {
        tmp_path / "nowhere": "does not exist",
        folder / "metrics.jsonl": f"is a file; name the folder it lies in, {folder}",
        tmp_path: "is neither a run nor an evaluation: none of metrics.jsonl, config.json, evaluation.json is in it; "
        f"it holds the folder of a run, {folder}",
    }
    for path, message in cases.items():
        assert run(["report", str(path)]) == 2
        assert message in capsys.readouterr().err
    evaluation = made_up.write_evaluation(tmp_path / "evaluation", {"countdown": 1}, count=2, samples=1)
    with pytest.raises(BadValue, match="compare like with like"):
        write_comparison([folder, evaluation], tmp_path / "c.html")
    (folder / "metrics.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile, match=r"metrics\.jsonl: cannot be read"):
        write_report(folder)


def test_command(made_up, tmp_path, capsys):
    folder = made_up.write_run(tmp_path / "made-up", 3, ["sudoku/0"])
    assert run(["report", str(folder), "--png", str(tmp_path / "png")]) == 0
    assert capsys.readouterr().out == f"report: {folder / 'report.html'}\npictures: {tmp_path / 'png'}\n"
    names = {path.name for path in (tmp_path / "png").iterdir()}
    assert {"held-out.png", "reward.png", "reward-0.png", "entropy.png", "curriculum-share.png", "phases.png"} <= names
    assert names == {f"{chart.name}.png" for chart in run_report(read_run(folder)).charts}
    assert run(["report", str(folder), str(folder), "--out", str(tmp_path / "c.html")]) == 0
    assert "made-up (1) · made-up (2)" in (tmp_path / "c.html").read_text(encoding="utf-8")


def test_torch_is_not_loaded():
    code = "import sys, gradarium.trainers.reporting.write; sys.exit('torch' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


def test_places_that_cannot_be_written_are_told_before_any_work(made_up, tmp_path, capsys):
    folder = made_up.write_run(tmp_path / "made-up", 3, ["sudoku/0"])
    pipe, page = tmp_path / "pipe", tmp_path / "page.html"
    os.mkfifo(pipe)
    page.write_text("mine")
    cases = {
        ("--out", str(tmp_path)): "is a folder; name a file, such as",
        ("--out", str(pipe)): "is no regular file and is not replaced",
        ("--out", str(page), "--png", str(page)): "is no folder, which the pictures need",
        ("--out", str(page / "below.html")): "cannot be written",
        ("--out", "x" * 300): "cannot be written: File name too long",
    }
    for arguments, message in cases.items():
        for folders in ([str(folder)], [str(folder), str(folder)]):
            assert run(["report", *folders, *arguments]) == 2
            assert message in capsys.readouterr().err
    assert pipe.is_fifo() and page.read_text() == "mine" and not list(folder.glob("report*"))
    assert run(["report", "x" * 5000]) == 2
    assert "cannot be read: File name too long" in capsys.readouterr().err


def test_rows_of_results_without_a_task_or_a_level_are_left_out(folder):
    good = {"task": "sudoku", "level": 1, "success": 0.5}
    odd = [{"success": 0.5}, good | {"level": None}, good | {"task": 3}, good | {"level": "1"}, 7]
    (folder / "results.json").write_text(json.dumps({"start": [good, *odd], "grpo": odd}))
    assert "Held-out results: 10 rows without a task, a level and a success are left out" in notes_of(folder)
    assert read_run(folder).results == {"start": [good]}


def test_records_out_of_order_or_twice(folder):
    lines = read_lines(folder / "metrics.jsonl")
    before = write_report(folder).read_text(encoding="utf-8")
    first = {name: -1.0 if isinstance(value, float) else value for name, value in lines[-1].items()}
    text = "".join(json.dumps(r) + "\n" for r in [first, *lines[::-1]])
    (folder / "metrics.jsonl").write_text(text)
    said = notes_of(folder)
    assert "metrics.jsonl: 1 steps come twice; the last line of each counts" in said
    after = (folder / "report.html").read_text(encoding="utf-8")
    assert after.count("<path") == before.count("<path") and read_run(folder).metrics == lines


def test_numbers_of_any_size(folder):
    lines = read_lines(folder / "metrics.jsonl")
    for record in lines:
        record["seconds"] = record["tokens"] = 1e308
    lines[0]["step"] = 1e300
    (folder / "metrics.jsonl").write_text("".join(json.dumps(r) + "\n" for r in lines))
    said = notes_of(folder)
    assert f"seconds: {len(lines) - 1} values are not finite" in said and "1 records without a stage and a step" in said


@pytest.mark.parametrize("name", ["config.json", "results.json", "metrics.jsonl"])
def test_json_that_goes_too_deep(folder, name):
    (folder / name).write_text("[" * 100_000)
    if name == "metrics.jsonl":
        with pytest.raises(BadFile, match="cannot be read: maximum recursion depth"):
            read_run(folder)
    else:
        assert f"{name} cannot be read: maximum recursion depth" in notes_of(folder)


def test_notes_do_not_hide_the_page(folder):
    lines = [
        dict.fromkeys(r, math.nan) | {"stage": r["stage"], "step": r["step"]}
        for r in read_lines(folder / "metrics.jsonl")
    ]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(r) + "\n" for r in lines))
    (said,) = read_run(folder).notes
    assert "fields of metrics.jsonl: loss 120, tokens 120, seconds 120" in said


def test_a_file_that_is_damaged_from_its_first_line_is_not_called_empty(folder):
    (folder / "metrics.jsonl").write_text("{\n{}\n")
    (said,) = read_run(folder).notes
    assert said == "metrics.jsonl: damaged after line 0 of 2; the rest is left out."
    (folder / "metrics.jsonl").unlink()
    assert "No metrics.jsonl: no step was finished yet." in read_run(folder).notes
