import dataclasses
import typing

import pytest

pytest.importorskip("torch")

from gradarium.errors import UnknownName
from gradarium.trainers.advantages import ADVANTAGES
from gradarium.trainers.aggregation import AGGREGATIONS
from gradarium.trainers.config import RunConfig, TaskEntry
from gradarium.trainers.config_file import validate
from gradarium.trainers.losses import LOSSES
from gradarium.trainers.presets import PRESETS, preset

SETTINGS = [(name, dotted, value) for name, settings in PRESETS.items() for dotted, value in settings.items()]


@pytest.mark.parametrize(("name", "dotted", "value"), SETTINGS, ids=[f"{n}: {d}" for n, d, _ in SETTINGS])
def test_every_setting_exists_and_has_its_type(name, dotted, value):
    section, option = dotted.split(".")
    hints = typing.get_type_hints(typing.get_type_hints(RunConfig)[section])
    assert type(value) is hints[option]


@pytest.mark.parametrize("name", PRESETS)
def test_names_stand_in_their_tables(name):
    settings = preset(name)
    assert settings["grpo.advantage"] in ADVANTAGES
    assert settings["loss.name"] in LOSSES
    assert settings["loss.aggregation"] in AGGREGATIONS


@pytest.mark.parametrize("name", PRESETS)
def test_a_run_with_the_preset_and_nothing_else_is_valid(name):
    config = RunConfig(task=(TaskEntry("sudoku"),))
    for dotted, value in preset(name).items():
        section, option = dotted.split(".")
        table = dataclasses.replace(getattr(config, section), **{option: value})
        config = dataclasses.replace(config, **{section: table})
    validate(config)


def test_what_tells_the_recipes_apart():
    figures = {
        name: (s["grpo.advantage"], s["loss.aggregation"], s["loss.clip_low"], s["loss.clip_high"], s["kl.weight"])
        for name, s in PRESETS.items()
    }
    assert figures == {
        "grpo": ("grpo", "seq_mean_token_mean", 0.2, 0.2, 0.04),
        "dr_grpo": ("dr_grpo", "seq_mean_token_sum_norm", 0.2, 0.2, 0.0),
        "dapo": ("grpo", "token_mean", 0.2, 0.28, 0.0),
        "gspo": ("grpo", "seq_mean_token_mean", 3e-4, 4e-4, 0.0),
        "lite_ppo": ("batch_scaled", "token_mean", 0.2, 0.2, 0.0),
        "prorl": ("grpo", "token_mean", 0.2, 0.4, 1e-4),
    }
    assert [name for name, settings in PRESETS.items() if settings["sampling.rounds"] != 1] == ["dapo", "prorl"]


def test_a_preset_is_handed_out_as_a_copy():
    preset("dapo")["loss.clip_high"] = 9.0
    assert preset("dapo")["loss.clip_high"] == 0.28


def test_an_unknown_preset_is_named():
    with pytest.raises(UnknownName, match="did you mean 'dapo'"):
        preset("dappo")
