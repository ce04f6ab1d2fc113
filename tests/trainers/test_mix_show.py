"""``gradarium mix show``: what it prints is what a run would do, and mistakes are one line."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

from gradarium.envs.prompts import render_prompt, render_text
from gradarium.generators import all_tasks, get_task
from gradarium.generators.levels import levels_text
from gradarium.trainers.cli import run

MIXTURE = """
seed = 1
style = "full"
[prompts]
templates = 3
[grpo]
steps = 10
prompts = 8
group = 4
max_new_tokens = 64
[evaluation]
count = 5
samples = 2
[[task]]
name = "tag:walk"
weight = 1
[[task]]
name = "chain_arithmetic"
levels = "0-1"
weight = 3
answer_format = "answer_line"
[[task]]
name = "sudoku"
levels = [0, 2]
weight = 6
reward = { format = 0.5 }
"""

OTHERS = json.dumps([task.name for task in all_tasks("puzzles") if task.name not in ("nine_puzzle", "sudoku")])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mixture.toml"
    path.write_text(MIXTURE, encoding="utf-8")
    return path


def shown(capsys, *args):
    assert run(["mix", "show", *map(str, args)]) == 0
    return capsys.readouterr().out


def test_each_arm_as_json(file, capsys):
    found = json.loads(shown(capsys, file, "--json"))
    arms = {(arm["task"], arm["level"]): arm for arm in found["arms"]}
    assert len(found["arms"]) == 5 and len(arms) == 5
    shares = {name: 0.1 for name in arms if name[0] not in ("chain_arithmetic", "sudoku")}
    wanted = {("chain_arithmetic", 0): 0.15, ("chain_arithmetic", 1): 0.15, ("sudoku", 0): 0.3, ("sudoku", 2): 0.3}
    assert {name: arm["share"] for name, arm in arms.items()} == pytest.approx(shares | wanted)
    line, grid = arms["chain_arithmetic", 1], arms["sudoku", 2]
    assert (line["answer_format"], line["table"], line["family"]) == ("answer_line", "chain_arithmetic", "mathematics")
    assert (grid["answer_format"], grid["chance"], grid["reward"]) == (
        "tag",
        get_task("sudoku").chance,
        {"format": 0.5},
    )
    assert line["reward"] == {}
    [walk] = [arm for arm in found["arms"] if arm["table"] == "tag:walk"]
    assert "walk" in get_task(walk["task"]).tags
    assert found["totals"] == {
        "tasks": 3,
        "arms": 5,
        "steps": 10,
        "prompts_a_step": 8,
        "completions_a_step": 32,
        "completions_an_evaluation": 50,
    }
    assert found["prompts"]["held_out_templates"] == list(range(3, 12))
    assert found["curriculum"]["name"] == "weighted"


def test_sizes_are_those_of_the_prompts(file, capsys):
    found = json.loads(shown(capsys, file, "--json", "--prompts.templates", "1", "--shots", "1", "--chat", "false"))
    [arm] = [arm for arm in found["arms"] if (arm["task"], arm["level"]) == ("sudoku", 2)]
    sizes = sorted(len(render_text(get_task("sudoku").pose(i, 2), shots=1, seed=1)) for i in range(3))
    assert arm["prompt_chars"] == sizes[1]


def test_sample_prompts_are_those_of_the_first_draw(file, capsys):
    found = json.loads(shown(capsys, file, "--json", "--prompts", "8"))
    tasks = [sample["task"] for sample in found["samples"]]
    assert len(tasks) == 8 and tasks.count("sudoku") in (4, 5) and tasks.count("chain_arithmetic") in (2, 3)
    for sample in found["samples"]:
        form = "answer_line" if sample["task"] == "chain_arithmetic" else None
        instance = get_task(sample["task"]).pose(sample["index"], sample["level"], answer_format=form)
        [text] = sample["texts"]
        assert text == {"role": "user", "text": render_prompt(instance, template=sample["template"])}
    assert len({sample["template"] for sample in found["samples"]}) > 1
    printed = shown(capsys, file, "--prompts", "8")
    assert all(sample["texts"][0]["text"] in printed for sample in found["samples"])


def test_the_table_says_it_in_words(file, capsys):
    lines = shown(capsys, file).splitlines()
    assert lines[0] == f"{file}: 3 tasks, 5 arms (task x level)"
    assert "prompts     style full, chat, 3 templates (held out: 3-11)" in lines
    assert "training    10 steps of 8 prompts, 32 completions of at most 64 tokens" in lines
    [row] = [line for line in lines if line.startswith("sudoku")]
    assert row.split()[:6] == ["sudoku", "puzzles", "0,2", "60.0%", "tag", "0.01"]
    assert "format = 0.5" in row
    assert any("sudoku has 60% of the prompts" in line for line in lines)
    assert any("fewer than 10 of 80 prompts each" in line for line in lines)


def test_overrides_count(file, capsys):
    out = shown(capsys, file, "--curriculum.name", "uniform", "--curriculum.floor=0.5", "--prompts.templates", "12")
    assert "curriculum  uniform (floor 50%)" in out and "12 templates (none held out)" in out
    [row] = [line for line in out.splitlines() if line.startswith("sudoku")]
    assert row.split()[3:5] == ["60.0%", "50.0%"], "half by weight, half of it two arms of five"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            'name = "zebra_logic"\nanswer_format = "answer_line"',
            "zebra_logic at level 0: cannot be posed like this: it",
        ),
        (
            f'name = "family:puzzles"\nlevels = "6-7"\nexclude = {OTHERS}',
            "family:puzzles: drawn at the levels that there are, for not all ladders are so long: nine_puzzle\n",
        ),
        ('name = "sql_result"', "run in the sandbox (auto): sql_result"),
        ('name = "color_cube_rotation"\nlevels = [7]', "model.context - grpo.max_new_tokens = 1984: color_cube_"),
        ('name = "binario"\nlevels = [7]', "right answers take more tokens than grpo.max_new_tokens = 64: binario/7 ("),
    ],
)
def test_notes(tmp_path, capsys, line, words):
    path = tmp_path / "mixture.toml"
    path.write_text(f"[[task]]\n{line}\n", encoding="utf-8")
    assert words in shown(capsys, path)
    path.write_text('[[task]]\nname = "chain_arithmetic"\n', encoding="utf-8")
    assert "\nnote: " not in shown(capsys, path)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nowhere.toml"], "nowhere.toml: no such file"),
        (["FILE", "--grpo.stps", "3"], "did you mean 'steps'?"),
        (["FILE", "--curriculum.name", "ladders"], "did you mean 'ladder'?"),
        (["FILE", "--prompts", "-1"], "--prompts = -1: must be from 0 to 1000"),
        (["FILE", "--task.name", "sudoku"], "edit the file for lists of tables"),
    ],
)
def test_mistakes(file, capsys, args, words):
    assert run(["mix", "show", *(str(file) if arg == "FILE" else arg for arg in args)]) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_unknown_command(capsys):
    assert run(["mix", "shw"]) == 2
    assert "did you mean 'show'?" in capsys.readouterr().err


def test_the_shipped_mixture_is_what_the_page_shows(capsys):
    root = Path(__file__).parents[2]
    path = root / "examples" / "mixture.toml"
    out = shown(capsys, path).replace(str(path), "examples/mixture.toml")
    page = (root / "docs" / "mixtures.md").read_text(encoding="utf-8")
    assert "\n".join(line.rstrip() for line in out.splitlines()) in page, "run the command of docs/mixtures.md again"


@pytest.mark.parametrize(
    ("levels", "text"), [([0], "0"), ([0, 1, 2, 5], "0-2,5"), ([3, 1], "1,3"), ([2, 1, 7, 6], "1-2,6-7")]
)
def test_levels_are_written_as_files_write_them(levels, text):
    assert levels_text(levels) == text
