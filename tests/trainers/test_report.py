"""The report is one file that needs nothing else, and says what the results file says."""

import html
import json
import re
from pathlib import Path

import pytest

pytest.importorskip("torch")

from gradarium.trainers.cli import run
from gradarium.trainers.evaluate import ArmResult
from gradarium.trainers.records import read_lines
from gradarium.trainers.report import _smooth, result_rows


@pytest.fixture
def finished(mixture, tmp_path, capsys):
    assert run(["train", str(mixture)]) == 0
    return tmp_path / "run", capsys.readouterr()


def test_everything_is_in_the_page(finished):
    folder, printed = finished
    page = (folder / "report.html").read_text(encoding="utf-8")
    outside = [url for url in re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)""", page) if url[0] != "#"]
    assert outside == []
    assert "<script" not in page
    assert page.count("<svg") == 5
    results = json.loads((folder / "results.json").read_text())
    rows = result_rows({name: [ArmResult(**r) for r in rows] for name, rows in results.items()})
    assert [label for label, _ in rows] == [
        "chain_arithmetic level 0",
        "chain_arithmetic level 1",
        "countdown level 0",
        "mean over tasks",
    ]
    for label, values in rows:
        assert label in page and label in printed.out
        assert all(f"{value:.3f}" in page for value in values)
    for sample in read_lines(folder / "samples.jsonl"):
        assert html.escape(sample["completion"]) in page
    assert (folder / "report.png").read_bytes().startswith(b"\x89PNG")


def test_progress_names_step_reward_speed_and_time_left(finished):
    _, printed = finished
    last = [line for line in printed.err.splitlines() if line.startswith("grpo 5/5")]
    assert len(last) == 1
    assert re.search(r"chain_arithmetic \d\.\d\d  countdown \d\.\d\d  \d+ tokens/s  ETA 0 s", last[0])


def test_completions_are_escaped(finished):
    from gradarium.trainers.report import write_report

    folder, _ = finished
    samples = read_lines(folder / "samples.jsonl")
    samples[0]["completion"] = "<script>alert(1)</script>"
    (folder / "samples.jsonl").write_text("".join(json.dumps(s) + "\n" for s in samples))
    results = json.loads((folder / "results.json").read_text())
    page = write_report(folder, {name: [ArmResult(**r) for r in rows] for name, rows in results.items()}).read_text()
    assert "<script" not in page


def test_smoothing_keeps_a_constant_and_starts_at_the_first_value():
    assert _smooth([2.0] * 5) == pytest.approx([2.0] * 5)
    assert _smooth([1.0, 0.0])[0] == 1.0


def test_a_line_cut_off_by_a_crash_is_dropped(tmp_path):
    path = Path(tmp_path / "metrics.jsonl")
    path.write_text('{"stage": "grpo", "step": 1}\n{"stage": "gr')
    assert read_lines(path) == [{"stage": "grpo", "step": 1}]
