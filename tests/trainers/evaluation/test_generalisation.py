import dataclasses
import json
from pathlib import Path

import pytest

from gradarium.errors import BadFile, BadValue, UnknownName
from gradarium.trainers.data import Arm
from gradarium.trainers.evaluation.generalisation import (
    Entry,
    generalise,
    levels_text,
    parse_trained,
    read_entries,
    trained_in_run,
)
from gradarium.trainers.evaluation.results import sort_lines

ARMS = (("sudoku", 0), ("sudoku", 2), ("sudoku", 4), ("maze", 0), ("maze", 2))


@pytest.fixture
def folders(load_file):
    return load_file(Path(__file__).parent / "folders.py")


def entry(folders, name, trained, lift, seed=0, **changes):
    """Return an evaluation of a model that is better by ``lift`` where it was trained."""
    asked = folders.evaluation(ARMS, count=40, model=name, **changes)

    def rate(arm, index):
        return 0.3 + (lift if arm.level in trained.get(arm.task, ()) else 0)

    return Entry(name, sort_lines(asked, folders.drawn(asked, rate, seed)), trained)


def test_what_a_model_was_trained_on(folders):
    asked = folders.evaluation(ARMS)
    assert parse_trained("none", asked) == {}
    assert parse_trained("0,2", asked) == {"sudoku": {0, 2}, "maze": {0, 2}}
    assert parse_trained("sudoku:0-2+maze:2", asked) == {"sudoku": {0, 1, 2}, "maze": {2}}
    assert parse_trained("sudoku:all", asked) == {"sudoku": {0, 2, 4}}
    with pytest.raises(UnknownName, match="did you mean 'sudoku'"):
        parse_trained("sudku:0", asked)
    for text in ("", "0-x", "sudoku:", "sudoku:3-1"):
        with pytest.raises(BadValue):
            parse_trained(text, asked)


def test_groups_of_arms():
    found = Entry("a", None, {"sudoku": frozenset({0})})
    assert [found.group_of(Arm(*arm)) for arm in (("sudoku", 0), ("sudoku", 2), ("maze", 0))] == [
        "trained levels",
        "other levels",
        "unseen tasks",
    ]


def test_levels_as_text():
    assert [levels_text(levels) for levels in ((), (3,), (2, 0, 1, 4), (0, 2))] == ["-", "3", "0-2,4", "0,2"]


def test_the_configuration_of_the_run_tells(tmp_path, monkeypatch):
    run = tmp_path / "runs" / "one"
    for place in (run / "model", run / "checkpoints" / "3-done" / "model"):
        place.mkdir(parents=True)
        (place / "config.json").write_text(json.dumps({"model_type": "llama"}), encoding="utf-8")
    config = {"grpo": {"steps": 1}, "task": [{"name": "sudoku", "levels": [0, 1]}, {"name": "maze", "levels": [2]}]}
    (run / "config.json").write_text(json.dumps(config), encoding="utf-8")
    wanted = {"sudoku": {0, 1}, "maze": {2}}
    beside = tmp_path / "evals" / "a"
    assert trained_in_run(str(run / "model"), beside) == wanted
    assert trained_in_run(str(run / "checkpoints" / "3-done" / "model"), beside) == wanted
    assert trained_in_run("runs/one/model", beside) == wanted  # from a folder above the evaluation
    monkeypatch.chdir(tmp_path)
    assert trained_in_run("runs/one/model", Path("/")) == wanted
    assert trained_in_run("runs/two/model", beside) is None
    (tmp_path / "plain").mkdir()
    assert trained_in_run("plain", beside) is None
    (run / "config.json").write_text('{"grpo": {}', encoding="utf-8")
    with pytest.raises(BadFile, match="no configuration of a run"):
        trained_in_run("runs/one/model", beside)


def test_matrices_groups_and_gains(folders):
    low = entry(folders, "low", {"sudoku": frozenset({0, 2})}, 0.5, seed=1)
    base = entry(folders, "base", {}, 0.5, seed=2)
    high = entry(folders, "high", {"sudoku": frozenset({4}), "maze": frozenset({0})}, 0.4, seed=3)
    found = generalise([low, base, high])
    assert found.untrained == "base"
    lines = {line.name: line for line in found.matrices["sudoku"]}
    assert lines["low"].trained == (0, 2) and lines["base"].trained == () and lines["high"].trained == (4,)
    success = {name: {level: cell.value for level, cell in line.success.items()} for name, line in lines.items()}
    assert success["low"] == pytest.approx({0: 0.8, 2: 0.8, 4: 0.3}, abs=0.1)
    assert success["high"] == pytest.approx({0: 0.3, 2: 0.3, 4: 0.7}, abs=0.1)
    shares = {(share.name, share.group): share for share in found.shares}
    assert list(shares) == [
        ("low", "trained levels"),
        ("low", "other levels"),
        ("low", "unseen tasks"),
        ("base", "unseen tasks"),
        ("high", "trained levels"),
        ("high", "other levels"),
    ]
    assert [share.arms for share in found.shares] == [2, 1, 2, 5, 2, 3]
    trained = shares["low", "trained levels"]
    assert trained.gain.value == pytest.approx(0.5, abs=0.08) and trained.gain.low > 0.3
    base_there = next(line.success for line in found.matrices["sudoku"] if line.name == "base")
    wanted = (success["low"][0] + success["low"][2] - base_there[0].value - base_there[2].value) / 2
    assert trained.gain.value == pytest.approx(wanted)
    unseen = shares["low", "unseen tasks"]
    assert unseen.gain.low < 0 < unseen.gain.high
    assert shares["base", "unseen tasks"].gain.instances == 0
    # high: sudoku/4 and maze/0 count alike, for groups are means over tasks
    assert shares["high", "trained levels"].success.value == pytest.approx(
        (success["high"][4] + found.matrices["maze"][2].success[0].value) / 2
    )


def test_without_an_untrained_model_there_are_no_gains(folders):
    entries = [entry(folders, name, {"sudoku": frozenset({level})}, 0.3) for name, level in (("a", 0), ("b", 2))]
    found = generalise(entries)
    assert found.untrained == "" and all(share.gain.instances == 0 for share in found.shares)


def test_the_same_problems_in_another_phrasing(folders):
    trained = {"sudoku": frozenset({0, 2, 4})}
    plain = entry(folders, "model", trained, 0.5, seed=1)
    other = entry(folders, "model", trained, 0.1, seed=2, template=2)
    other = dataclasses.replace(other, name="other")
    base = entry(folders, "base", {}, 0.0)
    found = generalise([other, plain, base])
    assert [line.name for line in found.matrices["sudoku"]] == ["model", "base"]
    (row,) = found.reskinned
    assert (row.name, row.plain, row.template) == ("other", "model", 2)
    drop = row.comparison.tasks[0].difference["success"]
    assert drop.high < -0.2 and row.comparison.tasks[1].difference["success"].high > -0.1


def test_evaluations_must_ask_the_same(folders, tmp_path):
    a = entry(folders, "a", {}, 0.0)
    with pytest.raises(BadValue, match="name two or more"):
        generalise([a])
    from gradarium.trainers.evaluation.compare import NotAlike

    b = entry(folders, "b", {}, 0.0, temperature=0.5)
    with pytest.raises(NotAlike, match=r"a and b: temperature is 1\.0 and 0\.5"):
        generalise([a, b])
    assert generalise([a, b], ["temperature"]).notes == ("b: temperature is 1.0 and 0.5",)


def test_the_command(folders, tmp_path, run_cli, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, lift in (("base", 0.0), ("low", 0.4)):
        asked = folders.evaluation(ARMS, count=20, model=f"runs/{name}/model")
        records = folders.drawn(asked, lambda arm, i, lift=lift: 0.2 + lift * (arm.level == 0), 1)
        folders.write(tmp_path / "evals" / name, asked, records)
    code, out, err = run_cli("generalise", "evals/base", "evals/low")
    assert (code, out) == (2, "") and "say what it was trained on: --trained 0,1=evals/base" in err
    (tmp_path / "runs" / "low" / "model").mkdir(parents=True)
    config = {"grpo": {}, "task": [{"name": "sudoku", "levels": [0]}]}
    (tmp_path / "runs" / "low" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    args = ("generalise", "evals/low", "--trained", "none=evals/base")
    code, out, err = run_cli(*args, "--out", "found.json")
    assert (code, err) == (0, "")
    data = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert json.loads(run_cli(*args, "--json")[1]) == data
    assert data["untrained"] == "evals/base"
    assert [line["trained"] for line in data["matrices"]["sudoku"]] == [[0], []]
    cell = data["matrices"]["sudoku"][0]["success"]["0"]["value"]
    assert f"{100 * cell:.1f}*" in out and "gain over evals/base" in out
    (tmp_path / "evals" / "base").rename(tmp_path / "evals" / "[bold]:smile:[")  # names of folders are no markup
    args = ("generalise", "evals/low", "--trained", "none=evals/[bold]:smile:[")
    assert "gain over evals/[bold]:smile:[" in run_cli(*args)[1]
    long = "evals/" + "n" * 90
    (tmp_path / "evals" / "[bold]:smile:[").rename(tmp_path / long)
    monkeypatch.setenv("COLUMNS", "80")
    narrow = run_cli("generalise", "evals/low", "--trained", f"none={long}")[1]
    gain = next(share["gain"]["value"] for share in data["shares"] if share["gain"]["value"] is not None)
    assert f"{100 * gain:+.1f} [" in narrow and "\u2026" not in narrow  # no number is cut off
    assert "must be LEVELS=FOLDER" in run_cli("generalise", "evals/low", "--trained", "none")[2]
    assert "is named by two" in run_cli("generalise", "--trained", "0=evals/low", "--trained", "2=evals/low")[2]
    assert "name two or more" in run_cli("generalise")[2]


def test_a_tag_overrides_the_run(folders, tmp_path):
    asked = folders.evaluation(ARMS)
    path = folders.write(tmp_path / "a", asked, folders.lines(asked, lambda arm, i: 1))
    (found,) = read_entries([path], [f"sudoku:4={path}"])
    assert found.trained == {"sudoku": {4}} and found.name == str(path)
