import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradarium.core import Instance
from gradarium.generators import Task, get_task, task_names
from gradarium.trainers import cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def posed(tmp_path):
    """Return (instance, path of its JSON file)."""
    instance = get_task("sudoku").pose(0, 1)
    path = tmp_path / "instance.json"
    path.write_text(json.dumps(instance.to_json()), encoding="utf-8")
    return instance, path


def test_help_and_version(run_cli):
    code, out, _ = run_cli("--help")
    assert code == 0
    for name in ("list", "show", "play", "verify", "generate", "check", "train", "eval", "suites"):
        assert name in out
    assert run_cli()[0] == 0
    assert run_cli("--version") == (0, "gradarium 0.1.0\n", "")


def test_help_loads_nothing_heavy():
    heavy = {"torch", "transformers", "numpy", "sympy", "gymnasium", "pysat", "matplotlib"}
    code = (
        "import sys; from gradarium.trainers.cli import run; run(['--help']); "
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True, text=True)
    assert "generate" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_list(run_cli):
    code, out, _ = run_cli("list", "--json")
    rows = json.loads(out)
    assert code == 0
    assert sorted(row["name"] for row in rows) == task_names()
    assert set(rows[0]) == {"name", "family", "version", "levels", "tags", "answer_format", "chance"}
    puzzles = json.loads(run_cli("list", "--json", "--family", "puzzles")[1])
    assert {row["family"] for row in puzzles} == {"puzzles"}
    assert "sudoku" in [row["name"] for row in json.loads(run_cli("list", "--json", "--tag", "grid")[1])]
    table = run_cli("list")[1]
    assert all(name in table for name in task_names())


def test_show(run_cli):
    code, out, _ = run_cli("show", "sudoku", "--level", 1, "--index", 3, "--split", "dev")
    instance = get_task("sudoku").pose(3, 1, "dev")
    assert code == 0
    assert instance.question in out and instance.reference in out and "correct" in out
    shown = json.loads(run_cli("show", "sudoku", "--level", 1, "--index", 3, "--split", "dev", "--json")[1])
    assert Instance.from_json(shown["instance"]) == instance
    assert shown["prompt"].startswith(instance.question)
    assert (shown["reference"], shown["certificate"]) == (instance.reference, instance.certificate)
    assert shown["verdict"]["status"] == "correct" and shown["verdict"]["reward"] == 1.0


@pytest.mark.parametrize("marks", ["{}", "<answer>\n{}\n</answer>"])
def test_play_until_right(run_cli, monkeypatch, marks):
    instance = get_task("sudoku").pose(0, 0)
    monkeypatch.setattr("sys.stdin", io.StringIO("banana\n\n" + marks.format(instance.reference) + "\n\n"))
    code, out, _ = run_cli("play", "sudoku", "--index", 0)
    assert code == 0
    assert "unreadable: expected 4 lines" in out and out.rstrip().endswith("correct: correct")


def test_play_and_give_up(run_cli, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    code, out, _ = run_cli("play", "sudoku", "--index", 0)
    assert code == 0
    assert get_task("sudoku").pose(0, 0).reference in out


def test_verify(run_cli, posed, tmp_path, monkeypatch):
    instance, path = posed
    reply = tmp_path / "reply.txt"
    reply.write_text(f"So:\n<answer>\n{instance.reference}\n</answer>", encoding="utf-8")
    code, out, _ = run_cli("verify", "sudoku", "--instance", path, "--completion", reply)
    assert (code, json.loads(out)["status"], json.loads(out)["reward"]) == (0, "correct", 1.0)
    monkeypatch.setattr("sys.stdin", io.StringIO("no idea"))
    code, out, _ = run_cli("verify", "sudoku", "--instance", path, "--completion", "-")
    assert (code, json.loads(out)["status"]) == (0, "missing")


def test_verify_reads_what_show_and_generate_write(run_cli, tmp_path):
    shown, made, reply = tmp_path / "shown.json", tmp_path / "made.jsonl", tmp_path / "reply.txt"
    shown.write_text(run_cli("show", "sudoku", "--json")[1], encoding="utf-8")
    run_cli("generate", "sudoku", "--count", 1, "--level", 0, "--out", made)
    reply.write_text("<answer>1</answer>", encoding="utf-8")
    for path in (shown, made):
        code, out, _ = run_cli("verify", "sudoku", "--instance", path, "--completion", reply)
        assert (code, json.loads(out)["status"]) == (0, "unreadable")


def test_generate(run_cli, tmp_path):
    out = tmp_path / "data.jsonl"
    which = ["--count", 3, "--levels", "0-1", "--split", "test", "--start", 5]
    code, said, _ = run_cli("generate", "sudoku", "chain_arithmetic", *which, "--out", out)
    assert (code, said) == (0, "")
    found = [Instance.from_json(json.loads(line)) for line in out.read_text(encoding="utf-8").splitlines()]
    wanted = [
        get_task(name).pose(index, level, "test")
        for name in ("sudoku", "chain_arithmetic")
        for level in (0, 1)
        for index in (5, 6, 7)
    ]
    assert found == wanted
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]
    assert len(run_cli("generate", "sudoku", "--count", 2, "--level", "0,1", "--out", "-")[1].splitlines()) == 4


def test_generate_leaves_an_old_file_alone_when_it_fails(run_cli, tmp_path, monkeypatch):
    out = tmp_path / "data.jsonl"
    out.write_text("old", encoding="utf-8")

    def fail(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(Task, "pose", fail)
    assert run_cli("generate", "sudoku", "--out", out)[0] == 130
    assert out.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


def test_check(run_cli, monkeypatch):
    monkeypatch.setattr("gradarium.envs.conformance.PROPERTIES", {"dial": lambda task, settings: []})
    code, out, _ = run_cli("check", "sudoku", "--quick")
    assert (code, "sudoku: passes" in out) == (0, True)
    code, out, _ = run_cli("check", "sudoku", "chain_arithmetic", "--json", "--seeds", 3)
    assert [report["passed"] for report in json.loads(out)] == [True, True]


def test_check_fails_with_exit_code_1(run_cli, monkeypatch):
    from gradarium.envs.conformance import Finding

    broken = {"dial": lambda task, settings: [Finding("stands still", 3)]}
    monkeypatch.setattr("gradarium.envs.conformance.PROPERTIES", broken)
    code, out, _ = run_cli("check", "sudoku", "countdown", "--quick")
    assert code == 1
    assert "sudoku: FAILS" in out and "level 3: stands still" in out
    assert "0 of 2 tasks pass: sudoku, countdown" in out


MISTAKES = {
    "command": (["lsit"], "did you mean 'list'"),
    "task": (["show", "sudku"], "did you mean 'sudoku'"),
    "task to verify": (["verify", "sudku", "--instance", "a", "--completion", "b"], "did you mean 'sudoku'"),
    "task to check": (["check", "sudku"], "did you mean 'sudoku'"),
    "task to generate": (["generate", "sudku", "--out", "-"], "did you mean 'sudoku'"),
    "level": (["show", "sudoku", "--level", "99"], "unknown level of sudoku '99'"),
    "level to generate": (["generate", "sudoku", "--level", "0-99", "--out", "-"], "unknown level of sudoku"),
    "level in letters": (["generate", "sudoku", "--level", "two", "--out", "-"], "a range such as 0-2"),
    "level that is no number": (["show", "sudoku", "--level", "x"], "--level"),
    "split": (["show", "sudoku", "--split", "tset"], "did you mean 'test'"),
    "split to generate": (["generate", "sudoku", "--split", "trian", "--out", "-"], "did you mean 'train'"),
    "index": (["show", "sudoku", "--index", "-1"], "integer of at least 0"),
    "option": (["list", "--famly", "x"], "did you mean '--family'"),
    "option of show": (["show", "sudoku", "--lvel", "1"], "did you mean '--level'"),
    "family": (["list", "--family", "puzzle"], "did you mean 'puzzles'"),
    "tag": (["list", "--tag", "gird"], "did you mean 'grid'"),
    "count": (["generate", "sudoku", "--count", "0", "--out", "-"], "must be from 1"),
    "folder that is not there": (["generate", "sudoku", "--count", "1", "--out", "/no/x"], "cannot be written"),
    "no task": (["show"], "TASK"),
    "no out": (["generate", "sudoku"], "--out"),
    "nothing to check": (["check"], "--all"),
    "instance that is not there": (["verify", "sudoku", "--instance", "/no", "--completion", "-"], "/no: No such file"),
    "value missing": (["show", "sudoku", "--level"], "--level"),
    "oracle that is not there": (["check", "sudoku", "--oracle", "/no.py"], "cannot be loaded"),
}


@pytest.mark.parametrize(("args", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_and_exit_code_2(run_cli, args, message):
    code, out, err = run_cli(*args)
    assert (code, out) == (2, "")
    assert err.startswith("error: ") and err.count("\n") == 1
    assert message in err


BROKEN = {
    "no JSON": ("{", "no JSON"),
    "a list": ("[]", "not an instance"),
    "an empty object": ("{}", "fields missing"),
    "lines": ('{"a": 1}\n{"b": 2}\n', "take one of them"),
    "nothing": ("", "no JSON"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_instance_file_is_one_line_and_exit_code_2(run_cli, tmp_path, text, message):
    path = tmp_path / "instance.json"
    path.write_text(text, encoding="utf-8")
    code, out, err = run_cli("verify", "sudoku", "--instance", path, "--completion", path)
    assert (code, out) == (2, "")
    assert message in err and err.count("\n") == 1


def test_an_instance_of_another_task_is_refused(run_cli, posed):
    code, _, err = run_cli("verify", "countdown", "--instance", posed[1], "--completion", posed[1])
    assert code == 2 and "is of task 'sudoku'" in err


@pytest.fixture
def calls(monkeypatch):
    """Collect the calls of the commands train and eval, whose bodies are tested elsewhere."""
    found = []
    for name in ("train", "eval"):
        module = type(sys)(f"gradarium.trainers.commands.{name}")
        module.run = lambda *args, **kwargs: found.append((args, kwargs))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(f"gradarium.trainers.commands.{name}", module, raising=False)
    return found


def test_train_hands_overrides_through(run_cli, calls):
    assert run_cli("train", "mix.toml", "--optimizer.lr", "1e-3", "--steps=5")[0] == 0
    assert run_cli("train", "mix.toml", "--resume", "--out", "runs/a")[0] == 0
    assert run_cli("train", "--steps", "5")[0] == 0
    assert run_cli("train")[0] == 0
    assert calls == [
        ((Path("mix.toml"), ["--optimizer.lr", "1e-3", "--steps=5"], False), {}),
        ((Path("mix.toml"), ["--out", "runs/a"], True), {}),
        ((None, ["--steps", "5"], False), {}),
        ((None, [], False), {}),
    ]


def test_eval_hands_options_through(run_cli, calls):
    args = ["--model", "m", "--task", "sudoku", "--task", "countdown", "--level", "1", "--level", "2-3", "--samples", 4]
    more = ["--count", 9, "--config", "c.toml", "--out", "o", "--json", "--temperature", 0, "--api-key-env", "K"]
    assert run_cli("eval", *args, *more)[0] == 0
    full = {"tasks": ["sudoku", "countdown"], "levels": ["1", "2-3"], "count": 9, "as_json": True, "resume": False}
    places = {"model": "m", "config": Path("c.toml"), "out": Path("o"), "endpoint": None, "suite": None}
    connection = {"concurrency": 8, "timeout_s": 600.0, "retries": 5}
    [((), found)] = calls
    asked = found.pop("asked")
    assert found == {**full, **places, **connection}
    given = {"samples": 4, "temperature": 0.0, "api_key_env": "K"}
    assert {name: value for name, value in asked.items() if value is not None} == given
    assert run_cli("eval", "--endpoint", "u", "--suite", "core", "--resume", "--concurrency", 2)[0] == 0
    found = calls[1][1]
    assert (found["endpoint"], found["suite"], found["tasks"], found["config"]) == ("u", "core", [], None)
    assert (found["resume"], found["concurrency"]) == (True, 2) and set(found["asked"].values()) == {None}


def test_an_interrupt_is_quiet(monkeypatch, capsys, calls):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["gradarium.trainers.commands.train"], "run", interrupt)
    assert cli.run(["train"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error():
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = f"{sys.executable} -m gradarium generate chain_arithmetic --count 20000 --level 0 --out - | head -n 1"
    done = subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_main_ends_the_process():
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert stop.value.code == 0
