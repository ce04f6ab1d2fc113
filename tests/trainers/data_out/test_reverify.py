import dataclasses
import json
import sys

import pytest

from gradarium.generators import get_task
from gradarium.trainers.data import Arm, Group, Rollout
from gradarium.trainers.evaluation.replies import Asked, Reply, line
from gradarium.trainers.evaluation.settings import Evaluation, PlannedArm
from gradarium.trainers.records import samples_of
from gradarium.verifiers import get_format

FAST = ("--workers", 0)


def replies(name, level, indices, split, answer_format=None):
    """Yield instance, text and verdict: the reference at even indices, the example at odd ones."""
    task = get_task(name)
    for index in indices:
        instance = task.pose(index, level, split, answer_format=answer_format)
        answer = instance.example if index % 2 else instance.reference
        text = get_format(instance.answer_format).render(answer)
        yield instance, text, task.grade(text, instance)


def evaluation(folder, names=("sudoku", "countdown"), answer_format=""):
    """Write the folder of an evaluation as it is kept today."""
    folder.mkdir()
    arms = tuple(PlannedArm(name, 1, get_task(name).version, 4, 6, 0.0, answer_format) for name in names)
    settings = {
        "suite": "tasks", "suite_version": 0, "model": "m", "backend": "local", "samples": 1, "temperature": 0.0,
        "max_new_tokens": 9, "style": "full", "shots": 0, "template": 0, "answer_format": "", "seed": 0,
        "split": "test", "arms": arms,
    }  # fmt: skip
    (folder / "evaluation.json").write_text(json.dumps(Evaluation(**settings).to_json()))
    lines = [
        line(Asked(instance, 0), Reply(text, 3, "stop"), verdict)
        for name in names
        for instance, text, verdict in replies(name, 1, range(4, 10), "test", answer_format or None)
    ]
    (folder / "completions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return lines


def rewrite(path, change):
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize("answer_format", ["", "boxed"])
def test_an_evaluation_judged_again_is_the_same(run_cli, tmp_path, answer_format):
    evaluation(tmp_path / "e", answer_format=answer_format)
    code, out, err = run_cli("reverify", tmp_path / "e", *FAST)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "0 of 12 verdicts changed"


def test_every_changed_verdict_is_shown(run_cli, tmp_path):
    evaluation(tmp_path / "e")
    path = tmp_path / "e" / "completions.jsonl"

    def change(rows):
        rows[0] |= {"score": 0.0, "status": "wrong", "reason": "once refused"}
        rows[9] |= {"score": 1.0, "status": "correct"}
        rows[10] |= {"score": None, "status": "timeout"}
        rows[3] |= {"finish": "error", "text": "", "score": None, "status": "error"}

    rewrite(path, change)
    code, out, _ = run_cli("reverify", path, *FAST, "--out", tmp_path / "new.jsonl")
    told = out.splitlines()
    assert code == 1 and told[-1] == "3 of 11 verdicts changed"
    assert f"{path}:1  sudoku/1: wrong 0 -> correct 1: correct" in told
    assert any(line.startswith(f"{path}:10  countdown/1: correct 1 -> wrong 0: ") for line in told)
    assert f"{path}:11  countdown/1: timeout -> correct 1: correct" in told
    assert told[1].split() == ["countdown", "6", "2"] and told[2].split() == ["sudoku", "5", "1"]
    fresh = [json.loads(line) for line in (tmp_path / "new.jsonl").read_text().splitlines()]
    assert fresh[0]["stored"] == {
        "status": "wrong",
        "score": 0.0,
        "reason": "once refused",
        "answer": fresh[0]["answer"],
    }
    assert (fresh[0]["status"], fresh[0]["score"], len(fresh)) == ("correct", 1.0, 11)
    code, out, _ = run_cli("reverify", path, *FAST, "--json")
    assert code == 1 and json.loads(out)["by_task"] == {"sudoku": [5, 1], "countdown": [6, 2]}
    assert json.loads(out)["changes"][0]["old_reason"] == "once refused"
    assert "... and 2 more" in run_cli("reverify", path, *FAST, "--show", 1)[1]


def test_today_means_the_verifier_of_today(run_cli, tmp_path, monkeypatch):
    evaluation(tmp_path / "e", ["countdown"])
    module = sys.modules["gradarium.verifiers.puzzles.countdown"]
    before = module.verify

    def stricter(answer, payload):
        verdict = before(answer, payload)
        return (
            dataclasses.replace(verdict, score=0.0, status="wrong", reason="too long") if len(answer) > 3 else verdict
        )

    stricter.__module__ = module.__name__
    monkeypatch.setattr(module, "verify", stricter)
    from gradarium.verifiers import load_verifier

    load_verifier.cache_clear()
    try:
        code, out, _ = run_cli("reverify", tmp_path / "e", *FAST)
    finally:
        load_verifier.cache_clear()
    assert code == 1 and out.count("correct 1 -> wrong 0: too long") == 3
    assert out.splitlines()[-1] == "3 of 6 verdicts changed"


def test_a_moved_version_says_that_the_stream_changed(run_cli, tmp_path):
    evaluation(tmp_path / "e")
    settings = tmp_path / "e" / "evaluation.json"
    data = json.loads(settings.read_text())
    data["arms"][1]["version"] = 7
    settings.write_text(json.dumps(data))
    code, out, err = run_cli("reverify", tmp_path / "e", *FAST)
    assert (code, out) == (2, "")
    assert "completions.jsonl:7: countdown was version 7 and is version 0 today: its stream of instances changed" in err


def test_samples_of_a_run(run_cli, tmp_path, write_rows):
    groups = [
        Group(Arm(i.task, i.level), i, [], [Rollout([], [], "stop", text, verdict, verdict.reward)])
        for name, level in (("sudoku", 0), ("sudoku", 1), ("countdown", 3))
        for i, text, verdict in list(replies(name, level, [level], "train", "boxed"))
    ]
    path = write_rows(tmp_path / "samples.jsonl", samples_of(groups, "grpo", 1))
    code, out, _ = run_cli("reverify", tmp_path, *FAST)
    assert (code, out.splitlines()[-1]) == (0, "0 of 3 verdicts changed")
    rewrite(path, lambda rows: rows[1].update(status="correct"))
    assert "sudoku/1: correct -> wrong 0" in run_cli("reverify", path, *FAST)[1]
    rewrite(path, lambda rows: rows[2].update(question="another"))
    assert "countdown/3 instance 3 is posed otherwise today" in run_cli("reverify", path, *FAST)[2]
    rewrite(path, lambda rows: rows[2].pop("answer_format"))
    assert "lacks 'answer_format'" in run_cli("reverify", path, *FAST)[2]


def test_files_of_instances_and_completions(run_cli, tmp_path, write_rows):
    rows = [
        {"instance": i.to_json(), "completion": text, "score": verdict.score, "mine": 5}
        for i, text, verdict in replies("sudoku", 0, range(6), "dev")
    ]
    path = write_rows(tmp_path / "x.jsonl", rows)
    assert run_cli("reverify", path, *FAST)[0] == 0
    path.write_text(path.read_text() + '{"instance": {')
    code, out, err = run_cli("reverify", path, *FAST, "--out", tmp_path / "y.jsonl")
    assert (code, out.splitlines()[-1]) == (0, "0 of 6 verdicts changed")
    assert err == f"{path}: line 7, the last, is half-written and left out\n"
    assert json.loads((tmp_path / "y.jsonl").read_text().splitlines()[5])["mine"] == 5
    rows[2]["score"] = 0.5
    assert "sudoku/0: 0.5 -> correct 1: correct" in run_cli("reverify", write_rows(path, rows), *FAST)[1]


def test_verdicts_come_from_processes_with_a_time_limit(run_cli, tmp_path, write_rows):
    rows = [
        {"instance": i.to_json(), "completion": t, "score": v.score} for i, t, v in replies("sudoku", 0, [0], "dev")
    ]
    path = write_rows(tmp_path / "x.jsonl", rows)
    code, out, _ = run_cli("reverify", path, "--workers", 1, "--seconds", 60)
    assert (code, out.splitlines()[-1]) == (0, "0 of 1 verdicts changed")
    assert run_cli("reverify", path, "--seconds", 0)[0] == 2
    assert run_cli("reverify", path, "--workers", -1)[0] == 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the sandbox")
def test_programs_are_judged_in_the_sandbox(run_cli, tmp_path, write_rows):
    right = [get_task(name).pose(0, 1) for name in ("program_synthesis", "sudoku")]
    rows = [
        {"instance": i.to_json(), "completion": get_format(i.answer_format).render(i.reference), "status": "correct"}
        for i in right
    ]
    code, out, err = run_cli("reverify", write_rows(tmp_path / "x.jsonl", rows), "--workers", 1)
    assert (code, err, out.splitlines()[-1]) == (0, "", "0 of 2 verdicts changed")


BROKEN = {
    "no file": (None, "No such file"),
    "nothing": ("", "holds no rows"),
    "something else": ('{"a": 1}\n', "is no stored completion"),
    "broken in the middle": ('{"instance": {\n{}\n', "line 1 is no JSON"),
    "no instance": ('{"instance": {"task": "x"}, "completion": "y", "score": 1}\n', "needs an 'instance'"),
    "brackets without end": ("[" * 100_000 + "\n", "line 1 is no JSON"),
    "an endless index": (
        '{"arm": "sudoku/0", "index": 1e999, "completion": "x", "version": 0, "answer_format": "tag"}\n',
        "is no sample of a run",
    ),
    "no settings": (
        '{"task": "sudoku", "level": 0, "index": 0, "sample": 0, "text": "x"}\n',
        "evaluation.json: is missing",
    ),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_line_and_exit_code_2(run_cli, tmp_path, text, told):
    path = tmp_path / "x.jsonl"
    if text is not None:
        path.write_text(text)
    code, out, err = run_cli("reverify", path, *FAST, "--out", tmp_path / "y.jsonl")
    assert (code, out) == (2, "") and told in err and err.count("\n") == 1
    assert not (tmp_path / "y.jsonl").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"score": "high"}, "has the score"),
        ({"score": 1.0, "status": "fine"}, "unknown status"),
        ({}, "neither 'score' nor 'status'"),
    ],
)
def test_a_row_without_a_verdict_is_refused(run_cli, tmp_path, write_rows, change, told):
    [(instance, text, _)] = replies("sudoku", 0, [0], "dev")
    path = write_rows(tmp_path / "x.jsonl", [{"instance": instance.to_json(), "completion": text, **change}])
    code, _, err = run_cli("reverify", path, *FAST)
    assert code == 2 and told in err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"task": ["sudoku"]}, "x.jsonl:1: needs an 'instance'"),
        ({"answer_format": ["tag"]}, 'x.jsonl:1: has the unknown answer format ["tag"]'),
        ({"answer_format": "tga"}, 'x.jsonl:1: has the unknown answer format "tga"; known are tag'),
    ],
)
def test_an_instance_of_another_make_is_refused(run_cli, tmp_path, write_rows, change, told):
    [(instance, text, _)] = replies("sudoku", 0, [0], "dev")
    row = {"instance": instance.to_json() | change, "completion": text, "score": 1}
    code, _, err = run_cli("reverify", write_rows(tmp_path / "x.jsonl", [row]), *FAST)
    assert code == 2 and told in err and err.count("\n") == 1


def test_a_folder_without_completions(run_cli, tmp_path):
    assert "holds neither completions.jsonl" in run_cli("reverify", tmp_path, *FAST)[2]
