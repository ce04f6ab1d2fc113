"""A run that was really trained: its page says what its files and the command say."""

import html
import json
import re
import sys

import pytest

pytest.importorskip("torch")

from gradarium.trainers.cli import run
from gradarium.trainers.records import read_lines
from gradarium.trainers.reporting.held_out import result_rows


def test_the_page_of_a_trained_run(mixture, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["gradarium", "train", str(mixture)])
    assert run(["train", str(mixture)]) == 0
    printed = capsys.readouterr()
    folder = tmp_path / "run"
    page = (folder / "report.html").read_text(encoding="utf-8")
    rows = result_rows(json.loads((folder / "results.json").read_text()))
    labels = ["chain_arithmetic level 0", "chain_arithmetic level 1", "countdown level 0", "mean over tasks"]
    assert [label for label, _ in rows] == labels
    for label, values in rows:
        assert label in page and label in printed.out
        assert "".join(f"<td>{value:.3f}</td>" for value in values) in page
    for sample in read_lines(folder / "samples.jsonl"):
        assert html.escape(sample["question"]) in page
    assert f"report: {folder / 'report.html'}" in printed.out
    assert (folder / "report.png").read_bytes().startswith(b"\x89PNG")
    provenance = json.loads((folder / "provenance.json").read_text())
    assert provenance["versions"]["torch"] and "train" in provenance["command"]
    assert html.escape(provenance["versions"]["transformers"]) in page
    # nothing else in the folder speaks of the page, so that writing it again changes nothing
    assert run(["report", str(folder)]) == 0
    assert (folder / "report.html").read_text(encoding="utf-8") == page

    last = [line for line in printed.err.splitlines() if line.startswith("grpo 5/5")]
    assert len(last) == 1
    assert re.search(r"chain_arithmetic \d\.\d\d  countdown \d\.\d\d  \d+ tokens/s  ETA 0 s", last[0])


def test_a_line_cut_off_by_a_crash_is_dropped(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"stage": "grpo", "step": 1}\n{"stage": "gr')
    assert read_lines(path) == [{"stage": "grpo", "step": 1}]
