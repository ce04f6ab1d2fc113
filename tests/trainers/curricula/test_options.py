"""Rules in a configuration file: options beside the name, usual shares, one clear line for each mistake."""

import pytest

from gradarium.errors import GradariumError
from gradarium.trainers.config_file import load_config
from gradarium.trainers.curricula import make_curriculum

TASKS = '[[task]]\nname = "sudoku"\nlevels = [0, 1, 2]\n'


def load(tmp_path, text, *overrides):
    path = tmp_path / "run.toml"
    path.write_text(f"{text}\n{TASKS}", encoding="utf-8")
    return load_config(path, overrides)


def test_options_reach_the_rule(tmp_path):
    config = load(tmp_path, '[curriculum]\nname = "mopps"\nlam = 0.8\nfloor = 0.2\n[grpo]\nsteps = 7')
    rule = make_curriculum(config)
    assert (rule.name, rule.options.lam, rule.options.target, rule.floor, rule.steps) == ("mopps", 0.8, 0.5, 0.2, 7)


def test_lists_and_overrides_reach_the_rule(tmp_path):
    stages = '--curriculum.stages=[["sudoku/0"], ["sudoku/1-2"]]'
    config = load(tmp_path, "", "--curriculum.name", "stages", stages, "--curriculum.lengths", "[1, 3]")
    assert config.curriculum.options.stages == (("sudoku/0",), ("sudoku/1-2",))
    assert make_curriculum(config).ends == [0.25, 1.0]


@pytest.mark.parametrize(
    ("name", "shares"), [("weighted", (0, 0)), ("uniform", (0, 0)), ("sec", (0.1, 0.05)), ("ladder", (0.1, 0.05))]
)
def test_rules_that_choose_have_a_floor_and_a_rehearsal_unless_told_otherwise(tmp_path, name, shares):
    rule = make_curriculum(load(tmp_path, "", "--curriculum.name", name))
    assert (rule.floor, rule.rehearsal) == shares
    rule = make_curriculum(load(tmp_path, "", "--curriculum.name", name, "--curriculum.floor", "0"))
    assert (rule.floor, rule.rehearsal) == (0.0, shares[1])


MISTAKES = {
    "unknown rule": ('name = "mops"', "unknown curriculum 'mops': did you mean 'mopps'"),
    "no name": ("name = 3", "unknown curriculum '3'"),
    "unknown option": ('name = "sec"\nalfa = 0.1', "unknown option of curriculum 'sec' 'alfa': did you mean 'alpha'"),
    "option of another rule": ('name = "sec"\nlam = 0.1', "unknown option of curriculum 'sec' 'lam'"),
    "option without a rule": ("tau = 0.1", "unknown option of curriculum 'weighted' 'tau'"),
    "bound": ('name = "dump"\ntau = 0', "curriculum.tau = 0.0: must be in [0.001, 1000]"),
    "infinite": ('name = "pcl"\nlr = inf', "curriculum.lr = inf: must be in [0, 4]"),
    "no number": ('name = "sec"\nalpha = "high"', "curriculum.alpha = 'high': must be float"),
    "no whole number": ('name = "lilo"\nprobe = 2.5', "curriculum.probe = 2.5: must be int"),
    "shape": ('name = "e2h"\nshape = "cosin"', "did you mean 'cosine'"),
    "more than the levels bear": ('name = "e2h"\np_min = 0.5', "a task has 3 levels"),
    "task in a stage": ('name = "stages"\nstages = [["sudku"]]', "did you mean 'sudoku'"),
    "arm in no stage": ('name = "stages"\nstages = [["sudoku/0"]]', "sudoku/1, sudoku/2 in the mixture but in no"),
    "stage that is no list": (
        'name = "stages"\nstages = ["sudoku"]',
        "curriculum.stages[0] = 'sudoku': must be a list: write ['sudoku']",
    ),
    "base": ('name = "plr"\nbase = "plr"', "must be a rule that does not itself pose instances again"),
    "shares": ('name = "sec"\nfloor = 0.88', "curriculum.rehearsal must sum to 0.9 at most"),
}


@pytest.mark.parametrize(("text", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(tmp_path, text, words):
    with pytest.raises(GradariumError) as caught:
        load(tmp_path, f"[curriculum]\n{text}")
    assert words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"[curriculum]\nname = 'sec'\ntau = {'9' * 400}", "curriculum.tau = '99999999999999999999...': is too large"),
        (
            f"[curriculum]\nname = 'ladder'\nlast_k = {'9' * 400}",
            "curriculum.last_k = '99999999999999999999...': is too",
        ),
        (f"[grpo]\nsteps = {'9' * 400}", "grpo.steps = '99999999999999999999...': is too large"),
        (f"[grpo]\nsteps = {'9' * 5000}", "is not valid TOML: Exceeds the limit"),
        (f"trackers = {'[' * 3000}{']' * 3000}", "is not valid TOML: maximum recursion"),
        ("[grpo]\npreset = ['dapo']", "grpo.preset = ['dapo']: must be str"),
        ("[curriculum]\nname = 'mopps'\na0 = 1e308", "curriculum.a0 = 1e+308: must be in [0.001, 1e+06]"),
        (
            "[curriculum]\nname = 'lilo'\nprobe = 6\n[grpo]\ngroup = 8\n[guidance]\nprefix = 0.5",
            "probe of curriculum 'lilo' = 6: of 8 rollouts 4 are prefixed or tempered, 4 are left for a probe",
        ),
    ],
)
def test_values_that_would_break_the_run(tmp_path, text, words):
    with pytest.raises(GradariumError) as error:
        load(tmp_path, text)
    assert words in str(error.value)


def test_stages_whose_lengths_overflow(tmp_path):
    with pytest.raises(GradariumError, match="must all be above 0, and at most 1e9"):
        load(tmp_path, "[curriculum]\nname = 'stages'\nlengths = [1e308, 1e308, 1e308]")
