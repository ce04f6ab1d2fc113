"""The page of an evaluation says what ``results.json`` says."""

import json
import re

import pytest

pytest.importorskip("matplotlib")

from gradarium.generators import get_task
from gradarium.trainers.evaluation.compare import compare_folders
from gradarium.trainers.evaluation.results import read_folder, results_of
from gradarium.trainers.evaluation.tables import percent
from gradarium.trainers.reporting.evaluation_page import _histogram
from gradarium.trainers.reporting.write import write_comparison, write_report

TASKS = {"countdown": 3, "sudoku": 2}


@pytest.fixture
def evaluation(made_up, tmp_path):
    return made_up.write_evaluation(tmp_path / "base", TASKS)


def test_its_numbers_are_those_of_the_results(evaluation):
    page = write_report(evaluation).read_text(encoding="utf-8")
    results = results_of(read_folder(evaluation))
    assert re.findall(r"<h2>(.*?)</h2>", page) == [
        "Scores",
        "Tasks and levels",
        "More than one try",
        "Answers and lengths",
        "Samples",
        "Settings",
    ]
    for row in (results.suite, *results.tasks):
        figures = (percent(row.metrics["success"]), percent(row.metrics["corrected"], False))
        assert "".join(f"<td>{figure}</td>" for figure in figures) in page
    for row in results.arms:
        assert f">{row.metrics['success'].value:.2f}</td>" in page
    found = results.suite.metrics["pass@4"]
    limits = f"<small>95 % interval {100 * found.low:.1f} to {100 * found.high:.1f}</small>"
    assert f"<b>{percent(found, False)} %</b>{limits}" in page
    names = set(re.findall(r'<figure class="card" id="(.*?)"', page))
    assert names == {"success", "k-all", "k-0", "k-1", "verdicts", "lengths", "length-tasks"}


def test_samples_stand_beside_their_question(evaluation):
    page = write_report(evaluation).read_text(encoding="utf-8")
    samples = re.findall(r'<details class="sample" data-arm="(.*?)" data-status="(.*?)">', page)
    assert len(samples) == 150  # of 200
    for arm in ("countdown/0", "countdown/2", "sudoku/1"):
        assert {status for found, status in samples if found == arm} == {"correct", "wrong", "missing", "unreadable"}
    question = get_task("sudoku").pose(0, 1, "test").question
    assert question.split("\n")[-1] in page


def test_unfinished_or_with_strange_tasks(evaluation):
    lines = (evaluation / "completions.jsonl").read_text().splitlines(keepends=True)
    (evaluation / "completions.jsonl").write_text("".join(lines[:83]) + lines[83][:40])
    settings = json.loads((evaluation / "evaluation.json").read_text())
    for arm in settings["arms"]:
        arm["task"] = arm["task"].replace("countdown", "no_such_task")
        arm["version"] += 1
    (evaluation / "evaluation.json").write_text(json.dumps(settings))
    text = (evaluation / "completions.jsonl").read_text().replace('"countdown"', '"no_such_task"')
    (evaluation / "completions.jsonl").write_text(text)
    page = write_report(evaluation).read_text(encoding="utf-8")
    assert "NOT FINISHED: 83 of 200 completions are there" in page
    assert "(cannot be posed here: unknown task" in page
    (evaluation / "completions.jsonl").unlink()
    page = write_report(evaluation).read_text(encoding="utf-8")
    assert "NOT FINISHED: 0 of 200" in page


def test_comparison_is_paired_where_both_asked_the_same(made_up, evaluation, tmp_path):
    better = made_up.write_evaluation(tmp_path / "trained", TASKS, skill=0.9)
    other = made_up.write_evaluation(tmp_path / "other", {"countdown": 1}, samples=1)
    page = write_comparison([evaluation, better, other], tmp_path / "c.html").read_text(encoding="utf-8")
    paired = compare_folders(evaluation, better)
    assert f'<td class="up">{percent(paired.total.difference["success"])}</td>' in page
    assert f"<td>{percent(paired.total.difference['capability'])}</td>" in page
    assert "trained against base" in page
    assert "No paired difference of other to base: " in page and "is only in the first" in page


def test_evaluations_with_nothing_in_common_yet_are_compared_as_far_as_it_goes(made_up, tmp_path):
    one, other = (made_up.write_evaluation(tmp_path / name, {"countdown": 1}, count=2, samples=2) for name in "ab")
    (other / "completions.jsonl").write_text("")
    page = write_comparison([one, other], tmp_path / "c.html").read_text(encoding="utf-8")
    assert "No paired difference of b to a: no instance has judged completions in both evaluations" in page


def test_lengths_below_zero_are_in_the_first_column():
    assert _histogram([-5, 3], 64) == ([0.0, 1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 0.0, 1.0])
    assert _histogram([-5], 64) == ([0.0, 1.0], [1.0])
