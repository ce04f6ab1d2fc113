"""``gradarium eval`` as a user meets it: options, folders, resuming, mistakes."""

import json

import pytest

from gradarium.trainers.evaluation.store import read_completions

TASK = ("--task", "chain_arithmetic", "--level", "0", "--style", "brief")


@pytest.fixture(scope="module")
def saved(tiny, tmp_path_factory):
    from gradarium.trainers.checkpoint import save_model

    folder = tmp_path_factory.mktemp("models") / "model"
    save_model(folder, *tiny)
    return str(folder)


@pytest.fixture
def config(tmp_path):
    """A configuration that judges in this process, which is quicker to start."""
    text = 'style = "brief"\nanswer_format = "plain"\nseed = 5\n[judge]\nworkers = 0\n[grpo]\nmax_new_tokens = 4\n'
    text += (
        '[[task]]\nname = "chain_arithmetic"\nlevels = [0, 2]\n[[task]]\nname = "countdown"\nanswer_format = "tag"\n'
    )
    path = tmp_path / "c.toml"
    path.write_text(text)
    return path


def test_a_mixture_is_measured_and_kept(run_cli, saved, config, tmp_path):
    out = tmp_path / "e"
    code, printed, told = run_cli(
        "eval", "--model", saved, "--config", config, "--count", 3, "--samples", 2, "--out", out, "--json"
    )
    assert code == 0, told
    assert json.loads(printed) == json.loads((out / "results.json").read_text())
    asked = json.loads((out / "evaluation.json").read_text())
    assert [(a["task"], a["level"], a["count"], a["answer_format"]) for a in asked["arms"]] == [
        ("chain_arithmetic", 0, 3, ""),
        ("chain_arithmetic", 2, 3, ""),
        ("countdown", 0, 3, "tag"),
    ]
    told = {"suite": "mixture", "suite_version": 0, "backend": "local", "samples": 2, "max_new_tokens": 4, "seed": 5}
    told |= {
        "style": "brief",
        "answer_format": "plain",
        "split": "test",
        "engine": "auto",
        "device": "cpu",
        "batch": 256,
    }
    assert {name: asked[name] for name in told} == told
    assert len(read_completions(out / "completions.jsonl")) == 18
    assert json.loads(printed)["total"]["completions"] == 18


def test_what_training_adds_to_prompts_and_this_does_not_is_told(run_cli, saved, config):
    asked = ("eval", "--model", saved, "--config", config, "--count", 1)
    assert "offer to abstain" not in run_cli(*asked)[2]
    config.write_text(config.read_text().replace("[judge]", "[reward]\nternary = true\n[judge]"))
    code, _, told = run_cli(*asked)
    assert code == 0 and "offer to abstain" in told


def test_going_on_needs_the_folder_alone(run_cli, saved, config, tmp_path):
    out = tmp_path / "e"
    args = ("eval", "--model", saved, "--config", config, "--count", 4, "--out", out)
    assert run_cli(*args)[0] == 0
    whole = {path.name: path.read_bytes() for path in out.iterdir()}
    path = out / "completions.jsonl"
    path.write_bytes(path.read_bytes()[:-500])
    (out / "results.json").unlink()
    code, printed, told = run_cli("eval", "--resume", "--out", out)
    assert code == 0, told
    assert {path.name: path.read_bytes() for path in out.iterdir()} == whole
    assert "chain_arithmetic" in printed and f"completions and results are in {out}" in told
    assert run_cli(*args, "--resume")[0] == 0  # the same command again, with nothing left to do


def test_what_is_asked_otherwise_is_refused(run_cli, saved, config, tmp_path):
    out = tmp_path / "e"
    args = ("eval", "--model", saved, "--config", config, "--count", 2, "--out", out)
    assert run_cli(*args)[0] == 0
    before = (out / "completions.jsonl").read_bytes()
    for more, words in (
        ((), "already holds an evaluation; add --resume"),
        (("--resume", "--samples", 2), "samples is 1 there and 2 here"),
        (("--resume", "--temperature", 0), "temperature is 1.0 there and 0.0 here"),
        (("--resume", "--batch", 8), "batch is 256 there and 8 here"),
        (("--resume", "--task", "sudoku"), "suite is 'mixture' there and 'tasks' here"),
    ):
        code, printed, told = run_cli(*args, *more)
        assert (code, printed) == (2, "") and words in told and told.count("\n") == 1
    assert (out / "completions.jsonl").read_bytes() == before


def test_other_weights_in_the_same_place_are_refused(run_cli, tiny, config, tmp_path):
    torch = pytest.importorskip("torch")
    from gradarium.trainers.checkpoint import save_model

    save_model(tmp_path / "m", *tiny)
    args = ("eval", "--model", tmp_path / "m", "--config", config, "--count", 1, "--out", tmp_path / "e")
    assert run_cli(*args)[0] == 0
    model, tokenizer = tiny
    weight = model.get_input_embeddings().weight
    with torch.no_grad():
        weight += 0.01
        save_model(tmp_path / "m", model, tokenizer)
        weight -= 0.01
    code, _, told = run_cli(*args, "--resume")
    assert code == 2 and "weights is " in told


def test_an_interrupt_says_how_to_go_on(run_cli, saved, config, tmp_path, monkeypatch):
    from gradarium.trainers.evaluation.local import Local

    answers, calls = Local.answers, []

    def stopping(self, *args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return answers(self, *args)

    out = tmp_path / "my folder"
    monkeypatch.setattr(Local, "answers", stopping)
    code, _, told = run_cli("eval", "--model", saved, "--config", config, "--count", 2, "--out", out)
    assert code == 130
    assert f"2 of 6 completions are kept; go on with: gradarium eval --out '{out}' --resume\n" in told
    assert len(read_completions(out / "completions.jsonl")) == 2


def test_without_a_folder_nothing_is_kept(run_cli, saved, config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, printed, told = run_cli("eval", "--model", saved, "--config", config, "--task", "countdown", "--count", 1)
    assert code == 0 and "countdown" in printed and "are in" not in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.toml"]


def test_a_suite_may_be_cut_down_and_says_so(run_cli, saved, tmp_path):
    out = tmp_path / "e"
    args = ("--suite", "sat", "--level", "0", "--count", 1, "--max-new-tokens", 2, "--style", "brief", "--out", out)
    code, _, told = run_cli("eval", "--model", saved, *args)
    assert code == 0, told
    asked = json.loads((out / "evaluation.json").read_text())
    assert (asked["suite"], asked["suite_version"], len(asked["arms"])) == ("sat, changed", 1, 2)


def test_an_endpoint(run_cli, fake, config, tmp_path):
    out = tmp_path / "e"
    args = ("--endpoint", fake.url, "--model", "gpt", "--config", config, "--count", 2, "--samples", 2)
    fake.reply = lambda number, body: fake.chat("1") if number < 5 else fake.fault(500, "on fire")
    code, printed, told = run_cli("eval", *args, "--out", out, "--concurrency", 1, "--retries", 0)
    assert (code, printed) == (2, "")
    last = told.splitlines()[-1]
    assert last == (
        f"error: {fake.url}: 5 failures in a row, at last: endpoint: HTTP 500: on fire; 5 of 12 completions are kept; "
        f"go on with: gradarium eval --out {out} --resume"
    )
    fake.reply = lambda number, body: fake.fault(400, "too long") if number == 10 else fake.chat("1")
    code, printed, told = run_cli("eval", "--out", out, "--resume", "--json")
    assert code == 0 and len(fake.asked) == 10 + 7
    assert "1 of 12 completions could not be had (endpoint: HTTP 400: too long); ask again with: gradarium eval" in told
    assert json.loads(printed)["total"]["failed"] == 1
    code, printed, told = run_cli("eval", "--out", out, "--resume", "--json")
    assert code == 0 and len(fake.asked) == 18 and json.loads(printed)["total"]["failed"] == 0
    asked = json.loads((out / "evaluation.json").read_text())
    assert (asked["backend"], asked["model"], asked["base_url"]) == ("endpoint", "gpt", fake.url)


MISTAKES = {
    "no model": (["--task", "sudoku"], "--model = None: name the model"),
    "unknown model": (["--model", "no/such/model", "--task", "sudoku"], "no model can be loaded"),
    "nothing to ask": (["--model", "m"], "name a suite (gradarium suites lists them)"),
    "unknown task": (["--model", "m", "--task", "sudku"], "did you mean 'sudoku'"),
    "unknown suite": (["--model", "m", "--suite", "enigmatta"], "did you mean 'enigmata'"),
    "unknown level": (["--model", "m", "--task", "sudoku", "--level", "99"], "unknown level of sudoku '99'"),
    "no level": (["--model", "m", "--suite", "sat", "--level", "1"], "the suite has none of them, only [0, 2, 4, 6]"),
    "both": (["--model", "m", "--suite", "sat", "--task", "maze"], "either name tasks or a suite"),
    "no samples": (["--model", "m", "--task", "sudoku", "--samples", "0"], "--samples = 0: must be at least 1"),
    "no count": (["--model", "m", "--task", "sudoku", "--count", "0"], "--count = 0: must be at least 1"),
    "no tokens": (["--model", "m", "--task", "sudoku", "--max-new-tokens", "0"], "--max-new-tokens = 0"),
    "cold": (["--model", "m", "--task", "sudoku", "--temperature", "-1"], "--temperature = -1.0"),
    "hot": (["--model", "m", "--task", "sudoku", "--temperature", "nan"], "--temperature = nan"),
    "style": (["--model", "m", "--task", "sudoku", "--style", "breef"], "did you mean 'brief'"),
    "template": (["--model", "m", "--task", "sudoku", "--template", "99"], "template = 99"),
    "shots": (["--model", "m", "--task", "sudoku", "--shots", "999"], "--shots = 999: must be from 0 to 64"),
    "split": (["--model", "m", "--task", "sudoku", "--split", "tset"], "did you mean 'test'"),
    "engine": (["--model", "m", "--task", "sudoku", "--engine", "vllm"], "unknown --engine 'vllm'"),
    "device": (["--model", "m", "--task", "sudoku", "--device", "tpu"], "unknown device 'tpu'"),
    "format": (["--model", "m", "--task", "sudoku", "--answer-format", "boxd"], "did you mean 'boxed'"),
    "resume nowhere": (
        ["--model", "m", "--task", "sudoku", "--resume"],
        "name the folder of the evaluation with --out",
    ),
    "resume nothing": (["--out", "new", "--resume"], "new: holds no evaluation.json to go on with"),
    "endpoint without a folder": (
        ["--endpoint", "http://h/v1", "--model", "m", "--task", "sudoku"],
        "--out = None: name a folder",
    ),
    "endpoint without a name": (["--endpoint", "http://h/v1", "--task", "sudoku", "--out", "o"], "its name at the"),
    "endpoint with an engine": (
        ["--endpoint", "http://h/v1", "--model", "m", "--task", "sudoku", "--out", "o", "--engine", "hf"],
        "is for models on this machine",
    ),
    "no address": (["--endpoint", "h", "--model", "m", "--task", "sudoku", "--out", "o"], "must be an address"),
}


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(run_cli, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, printed, told = run_cli("eval", *arguments)
    assert (code, printed) == (2, "")
    assert words in told and told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
