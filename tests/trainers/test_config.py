"""Every mistake in a configuration is one clear line."""

import pytest

pytest.importorskip("torch")

from gradarium.errors import GradariumError
from gradarium.trainers.config_file import load_config

MISTAKES = {
    "broken TOML": ("not toml [", [], "is not valid TOML"),
    "empty mixture": ("seed = 1", [], "the mixture is empty"),
    "unknown task": ('[[task]]\nname = "sudku"', [], "did you mean 'sudoku'"),
    "unknown option": ('sed = 1\n[[task]]\nname = "sudoku"', [], "did you mean 'seed'"),
    "unknown section option": ('[grpo]\nstpes = 1\n[[task]]\nname = "sudoku"', [], "did you mean 'steps'"),
    "negative weight": ('[[task]]\nname = "sudoku"\nweight = -1', [], "weight = -1.0"),
    "nan weight": ('[[task]]\nname = "sudoku"\nweight = nan', [], "weight = nan"),
    "unknown level": ('[[task]]\nname = "sudoku"\nlevels = [99]', [], "unknown level of sudoku '99'"),
    "no levels": ('[[task]]\nname = "sudoku"\nlevels = []', [], "at least one"),
    "task twice": ('[[task]]\nname = "sudoku"\n[[task]]\nname = "sudoku"', [], "stands twice"),
    "wrong type": ('seed = "one"\n[[task]]\nname = "sudoku"', [], "must be int"),
    "true is no integer": ('seed = true\n[[task]]\nname = "sudoku"', [], "must be int"),
    "group of one": ('[grpo]\ngroup = 1\n[[task]]\nname = "sudoku"', [], "at least 2"),
    "unknown loss": ('[loss]\nname = "clipp"\n[[task]]\nname = "sudoku"', [], "did you mean 'clip'"),
    "unknown advantage": ('[grpo]\nadvantage = "grop"\n[[task]]\nname = "sudoku"', [], "did you mean 'grpo'"),
    "unknown aggregation": ('[loss]\naggregation = "token_meen"\n[[task]]\nname = "sudoku"', [], "'token_mean'"),
    "unknown preset": ('[grpo]\npreset = "dappo"\n[[task]]\nname = "sudoku"', [], "did you mean 'dapo'"),
    "unknown layout": ('[step]\nlayout = "pakced"\n[[task]]\nname = "sudoku"', [], "did you mean 'packed'"),
    "more updates than prompts": ('[grpo]\nprompts = 2\nupdates = 3\n[[task]]\nname = "sudoku"', [], "only 2 prompts"),
    "overlong beyond the limit": (
        '[reward]\noverlong = 64\n[[task]]\nname = "sudoku"',
        [],
        "below grpo.max_new_tokens",
    ),
    "two-sided below the range": (
        '[loss]\nname = "two_sided"\ntwo_sided = 1.1\n[[task]]\nname = "sudoku"',
        [],
        "above 1 +",
    ),
    "group outside the allocation": (
        '[sampling]\nallocation = "gvm"\nleast = 9\n[[task]]\nname = "sudoku"',
        [],
        "must lie in [sampling.least, sampling.most]",
    ),
    "reset without looks": (
        '[kl]\nweight = 0.1\nreference = "reset"\n[[task]]\nname = "sudoku"',
        [],
        "evaluation.every",
    ),
    "reference without a weight": ('[kl]\nreference = "ema"\n[[task]]\nname = "sudoku"', [], "kl.weight above 0"),
    "one beta": ('[step]\nbetas = [0.9]\n[[task]]\nname = "sudoku"', [], "two numbers"),
    "share above one": ('[loss]\nselect_share = 1.5\n[[task]]\nname = "sudoku"', [], "at most 1.0"),
    "prefix of one rollout": ('[guidance]\nprefix = 0.1\n[[task]]\nname = "sudoku"', [], "less than two of 8"),
    "unknown sandbox": ('[sandbox]\ntier = "docked"\n[[task]]\nname = "sudoku"', [], "did you mean 'docker'"),
    "unknown isolation": (
        '[sandbox]\nmin_isolation = "namespace"\n[[task]]\nname = "sudoku"',
        [],
        "did you mean 'namespaces'",
    ),
    "negative workers": ('[sandbox]\nworkers = -1\n[[task]]\nname = "sudoku"', [], "sandbox.workers = -1"),
    "unknown format": ('answer_format = "tags"\n[[task]]\nname = "sudoku"', [], "did you mean 'tag'"),
    "unknown override": ('[[task]]\nname = "sudoku"', ["--grpo.stps", "3"], "did you mean 'steps'"),
    "override without value": ('[[task]]\nname = "sudoku"', ["--grpo.steps"], "needs a value"),
}


@pytest.mark.parametrize(("text", "overrides", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(tmp_path, text, overrides, words):
    path = tmp_path / "mixture.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GradariumError) as caught:
        load_config(path, overrides)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(GradariumError, match="no such file"):
        load_config(tmp_path / "none.toml")


def test_overrides(mixture):
    config = load_config(mixture, ["--grpo.steps", "9", "--step.lr=1e-3", "--out", "elsewhere", "--seed", "5"])
    assert (config.grpo.steps, config.step.lr, config.out, config.seed) == (9, 1e-3, "elsewhere", 5)
    assert config.task[0].levels == (0, 1)


def test_weighted_draws_by_weight_and_never_repeats(mixture):
    from gradarium.trainers.curricula.weighted import Weighted

    curriculum = Weighted(load_config(mixture).task, 0)
    drawn = [pair for _ in range(300) for pair in curriculum.draw(10)]
    counts = [sum(arm == wanted for arm, _ in drawn) for wanted in curriculum.arms]
    assert counts == pytest.approx([1000, 1000, 1000], abs=10)
    assert len(set(drawn)) == len(drawn) == 3000


def test_weighted_goes_on_from_its_state(mixture):
    import json

    from gradarium.trainers.curricula.weighted import Weighted

    first = Weighted(load_config(mixture).task, 0)
    first.draw(7)
    second = Weighted(load_config(mixture).task, 0)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert first.draw(20) == second.draw(20)


def test_a_preset_fills_what_the_file_leaves_open(mixture):
    config = load_config(mixture, ["--grpo.preset", "gspo", "--loss.clip_low", "0.001"])
    assert config.loss.name == "gspo" and config.loss.aggregation == "seq_mean_token_mean"
    assert config.loss.clip_low == 0.001
    assert config.loss.clip_high == 4e-4
    assert load_config(mixture).loss.name == "clip"


def test_model_by_its_short_name(mixture):
    assert load_config(mixture, ["--model", "smollm2-135m"]).model.path == "smollm2-135m"
    assert load_config(mixture, ["--model", "tiny", "--model.width", "16"]).model.width == 16
