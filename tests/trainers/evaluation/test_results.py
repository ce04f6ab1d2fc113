import json
import math
from pathlib import Path

import pytest
from rich.console import Console

from gradarium.errors import BadFile, BadValue
from gradarium.trainers.data import Arm
from gradarium.trainers.evaluation.results import (
    metric_names,
    read_folder,
    render,
    results_of,
    sort_lines,
    summarise,
)
from gradarium.trainers.evaluation.statistics import wilson
from gradarium.trainers.evaluation.tables import percent, signed


@pytest.fixture
def folders(load_file):
    return load_file(Path(__file__).parent / "folders.py")


def right(arm, index):
    """sudoku/0: 4 4 4 2 0 of 4 right, sudoku/1: 1 0 0 0 0, maze/0: 2 each."""
    return {"sudoku/0": [4, 4, 4, 2, 0], "sudoku/1": [1, 0, 0, 0, 0], "maze/0": [2] * 5}[str(arm)][index]


def metric(row, name):
    return row.metrics[name].value


def test_golden_values(folders):
    asked = folders.evaluation(chance=0.2)
    found = summarise(asked, folders.lines(asked, right))
    first, second, maze = found.arms
    assert metric(first, "success") == pytest.approx(14 / 20)
    assert metric(first, "corrected") == pytest.approx((0.7 - 0.2) / 0.8)
    assert [metric(first, f"pass@{k}") for k in (1, 2, 4)] == pytest.approx([0.7, (3 + 5 / 6) / 5, 0.8])
    assert [metric(first, f"pass^{k}") for k in (2, 4)] == pytest.approx([(3 + 1 / 6) / 5, 0.6])
    assert [metric(first, f"maj@{k}") for k in (2, 4)] == pytest.approx([0.7, 0.7])
    assert metric(second, "success") == pytest.approx(1 / 20) and metric(maze, "success") == 0.5
    assert maze.metrics["success"][1:3] == pytest.approx(wilson(0.5, 5))
    sudoku, maze_task = found.tasks
    assert metric(sudoku, "success") == pytest.approx((0.7 + 0.05) / 2) and metric(maze_task, "success") == 0.5
    assert metric(found.suite, "success") == pytest.approx((0.375 + 0.5) / 2)  # over tasks, not over arms
    assert [(row.family, row.name) for row in found.families] == [("graphs", "graphs"), ("puzzles", "puzzles")]
    assert metric(found.families[1], "success") == pytest.approx(0.375)
    assert found.finished and found.notes == ()
    assert (found.suite.instances, found.suite.expected, found.suite.completions) == (15, 15, 60)
    assert (found.suite.tokens.total, found.suite.tokens.mean, found.suite.tokens.known) == (600, 10, 60)
    for row in (*found.arms, *found.tasks, *found.families, found.suite):
        for estimate in row.metrics.values():
            assert estimate.low <= estimate.value <= estimate.high and estimate.low < estimate.high


def test_names_of_metrics():
    assert metric_names(1) == ["success", "corrected", "pass@1", "missing", "unreadable", "truncated"]
    assert metric_names(3)[2:9] == ["pass@1", "pass@2", "pass@3", "pass^2", "pass^3", "maj@2", "maj@3"]


def test_format_truncation_and_tokens(folders):
    asked = folders.evaluation(arms=[("sudoku", 0)], count=2, samples=4)
    records = folders.lines(asked, lambda arm, index: 2)
    records[2].update(status="missing", answer=None, finish="length", tokens=64)
    records[3].update(status="unreadable", finish="length", tokens=None)
    row = summarise(asked, records).suite
    assert [metric(row, name) for name in ("missing", "unreadable", "truncated")] == [0.125, 0.125, 0.25]
    assert (row.tokens.known, row.tokens.total, row.tokens.median) == (7, 124, 10)
    assert row.tokens.p95 == pytest.approx(10 + 0.7 * 54)
    notes = summarise(asked, records).notes
    assert any("25% of completions were cut off at 64 tokens" in note for note in notes)
    assert any("7 completions whose backend told" in note for note in notes)


def test_what_the_suite_failed_to_judge_is_in_no_score_and_told_loudly(folders):
    asked = folders.evaluation(arms=[("sudoku", 0)], count=2, samples=4)
    records = folders.lines(asked, lambda arm, index: 2)
    records[0].update(status="timeout", score=None, answer=None, reason="took too long")
    for record in records[4:]:
        record.update(status="error", score=None, answer=None, reason="broke")
    found = summarise(asked, records)
    row = found.suite
    assert (row.not_judged, row.instances, row.whole) == (5, 1, 2)
    assert metric(row, "success") == pytest.approx(1 / 3)  # one right of three judged
    assert metric(row, "pass@2") == pytest.approx(2 / 3) and math.isnan(metric(row, "pass@4"))
    assert "5 of 8 completions" in found.notes[0] and "took too long" in found.notes[0]


def test_a_half_finished_evaluation_says_so_and_takes_nothing_as_wrong(folders):
    asked = folders.evaluation()
    records = folders.lines(asked, right)
    part = summarise(asked, [r for r in records if r["task"] == "sudoku" and r["level"] == 0 and r["index"] < 3])
    assert metric(part.arms[0], "success") == 1 and part.arms[0].instances == 3 and part.arms[0].expected == 5
    assert not part.finished and "12 of 60 completions" in part.notes[0] and "3 of 15 instances" in part.notes[0]
    assert "2 of 3 arms" in part.notes[1] and "sudoku/1" in part.notes[1]
    # The level that is missing is harder, so its task has no mean.
    assert math.isnan(metric(part.tasks[0], "success")) and math.isnan(metric(part.suite, "success"))
    most = summarise(asked, [r for r in records if (r["task"], r["level"]) != ("sudoku", 1)])
    assert math.isnan(metric(most.tasks[0], "success")) and metric(most.suite, "success") == 0.5
    nothing = summarise(asked, [])
    assert nothing.suite.instances == 0 and math.isnan(metric(nothing.suite, "success"))
    assert "0 of 60 completions" in nothing.notes[0]
    assert json.loads(json.dumps(nothing.to_json(), allow_nan=False))["total"]["metrics"]["success"]["value"] is None
    for results in (part, most, nothing):
        assert "NOT FINISHED" in text_of(results)


def test_order_and_repeated_lines_change_nothing(folders):
    asked = folders.evaluation()
    records = folders.lines(asked, right)
    wanted = summarise(asked, records).to_json()
    assert summarise(asked, records[::-1]).to_json() == wanted
    again = {**records[0], "score": 0.0, "status": "wrong"}
    assert summarise(asked, [*records, again]).to_json() == wanted


def test_a_completion_that_could_not_be_had_is_missing_until_it_comes(folders):
    asked = folders.evaluation()
    records = folders.lines(asked, right)
    failed = {**records[0], "finish": "error", "status": "error", "score": None, "answer": None, "reason": "no route"}
    found = summarise(asked, [failed, *records[1:]])
    assert (found.suite.failed, found.suite.completions, found.suite.not_judged) == (1, 59, 0)
    assert not found.finished and any("1 completions could not be had" in note for note in found.notes)
    assert summarise(asked, [failed, *records]).to_json() == summarise(asked, records).to_json()


@pytest.mark.parametrize(
    "change", [{"index": 5}, {"index": -1}, {"sample": 4}, {"sample": -1}, {"level": 7}, {"task": "countdown"}]
)
def test_a_line_that_was_not_asked_for_is_an_error(folders, change):
    asked = folders.evaluation()
    with pytest.raises(BadValue, match=r"is not in evaluation\.json"):
        sort_lines(asked, [{**folders.line("sudoku", 0, 0, 0, 1), **change}])


def test_instances_may_start_anywhere(folders):
    asked = folders.evaluation(arms=[("sudoku", 0)], count=2)
    asked = type(asked)(**{**vars(asked), "arms": tuple(type(a)(**{**vars(a), "start": 30}) for a in asked.arms)})
    records = folders.lines(asked, lambda arm, index: index - 29)
    read = sort_lines(asked, records)
    assert [read.outcomes[Arm("sudoku", 0)][index].right for index in (30, 31)] == [1, 2]


def test_a_task_that_is_not_installed_still_has_numbers(folders):
    asked = folders.evaluation(arms=[("sudoku", 0), ("of_another_machine", 0)])
    found = summarise(asked, folders.lines(asked, lambda arm, index: 4 if arm.task == "sudoku" else 0))
    assert [row.family for row in found.families] == ["puzzles", "unknown"]
    assert metric(found.suite, "success") == 0.5


def test_greedy_samples_are_alike(folders):
    asked = folders.evaluation(temperature=0.0)
    assert "At temperature 0" in summarise(asked, folders.lines(asked, right)).notes[0]


def test_folders(folders, tmp_path):
    asked = folders.evaluation()
    folder = folders.write(tmp_path / "a", asked, folders.lines(asked, right))
    with (folder / "completions.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"task": "sud')  # what a kill leaves
    assert results_of(read_folder(folder)).to_json() == summarise(asked, folders.lines(asked, right)).to_json()
    with pytest.raises(BadFile, match="is no folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(BadFile, match=r"holds no evaluation\.json"):
        read_folder(tmp_path)
    folders.write(folder, asked, [folders.line("maze", 3, 0, 0, 1)])
    with pytest.raises(BadFile, match="maze/3, instance 0"):
        read_folder(folder)


def text_of(results, width=80):
    console = Console(width=width, record=True, file=open("/dev/null", "w"))
    for part in render(results):
        console.print(part)
    return console.export_text()


def test_tables(folders):
    asked = folders.evaluation()
    results = summarise(asked, folders.lines(asked, right))
    shown = text_of(results)
    rows = [line.split() for line in shown.splitlines()]
    assert "tiny on core@1, test split: 15 of 15 instances x 4" in shown
    low, high = (f"{100 * limit:.1f}" for limit in wilson(0.5, 5))
    assert ["sudoku", "70.0", "5.0"] in rows
    assert ["maze", "50.0", f"[{low},", f"{high}]", "50.0", "100.0", "0.0", "50.0"] in rows
    assert max(map(len, shown.splitlines())) <= 80
    assert any(row[:2] == ["all", "tasks"] for row in rows) and "Families" in shown
    family = folders.evaluation(arms=[("sudoku", 0), ("countdown", 0)])
    shown = text_of(summarise(family, folders.lines(family, lambda arm, index: index % 3)))
    assert "Families" not in shown and "all tasks" in shown.partition("Tasks")[2].partition("Success, by level")[0]
    single = folders.evaluation(arms=[("sudoku", 0)], samples=1)
    shown = text_of(summarise(single, folders.lines(single, lambda arm, index: index % 2)))
    assert "Families" not in shown and "pass@1" not in shown.splitlines()[-1]


def test_numbers_as_text():
    from gradarium.trainers.evaluation.statistics import Estimate

    assert percent(Estimate(0.612, 0.55, 0.671, 9)) == "61.2 [55.0, 67.1]"
    assert signed(Estimate(-0.061, -0.1, 0.02, 9)) == "-6.1 [-10.0, +2.0]"
    assert percent(Estimate(math.nan, math.nan, math.nan, 0)) == signed(Estimate(math.nan, 0, 0, 0)) == "-"


def test_json_holds_what_the_format_promises(folders):
    asked = folders.evaluation()
    data = json.loads(json.dumps(summarise(asked, folders.lines(asked, right)).to_json(), allow_nan=False))
    assert (data["format"], data["suite"], data["samples"], data["finished"]) == (1, "core", 4, True)
    assert [(row["task"], row["level"]) for row in data["arms"]] == [("sudoku", 0), ("sudoku", 1), ("maze", 0)]
    assert data["total"]["metrics"]["pass@4"].keys() == {"value", "low", "high", "instances"}
    assert data["total"]["tokens"] == {"known": 60, "mean": 10, "median": 10, "p95": 10, "total": 600}
