"""The whole path learns: a warm start on reference answers, then GRPO lifts the held-out success rate."""

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.config_file import load_config  # noqa: E402
from gradarium.trainers.evaluate import mean_success  # noqa: E402
from gradarium.trainers.run import train  # noqa: E402

MARGIN = 0.1
"""GRPO alone must add this much to the success rate on the test split."""

CONFIG = """
out = "{out}"
seed = 3
style = "brief"
answer_format = "plain"
[model]
width = 64
layers = 2
[warm_start]
steps = 400
until = 0.3
[grpo]
steps = 60
prompts = 48
advantage = "maxrl"
max_new_tokens = 12
[step]
lr = 1e-3
[evaluation]
count = 100
samples = 4
[[task]]
name = "countdown"
"""


@pytest.mark.slow
def test_grpo_lifts_held_out_success(tmp_path):
    path = tmp_path / "mixture.toml"
    path.write_text(CONFIG.replace("{out}", (tmp_path / "run").as_posix()), encoding="utf-8")
    results = train(load_config(path))
    start, warm, final = (mean_success(results[name]) for name in ("start", "warm_start", "grpo"))
    assert start == 0
    assert 0.05 < warm < 0.7
    assert final - warm >= MARGIN
