"""Golden values: computed by hand from the formulas of the papers."""

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.advantages import ADVANTAGES  # noqa: E402

GOLDEN = {
    "grpo, half right": ("grpo", [1, 0, 0, 1], [0.86587543, -0.86587543, -0.86587543, 0.86587543]),
    "dr_grpo": ("dr_grpo", [1, 0, 0, 0], [0.75, -0.25, -0.25, -0.25]),
    "rloo": ("rloo", [1, 0, 0, 0], [1, -1 / 3, -1 / 3, -1 / 3]),
    "maxrl": ("maxrl", [1, 0, 0, 0], [3, -1, -1, -1]),
}


@pytest.mark.parametrize(("name", "rewards", "expected"), GOLDEN.values(), ids=GOLDEN)
def test_golden(name, rewards, expected):
    found = ADVANTAGES[name](torch.tensor([rewards], dtype=torch.float32))
    assert found[0].tolist() == pytest.approx(expected, abs=1e-6)


def test_grpo_of_one_success_in_four():
    found = ADVANTAGES["grpo"](torch.tensor([[1.0, 0.0, 0.0, 0.0]]))[0].tolist()
    assert found == pytest.approx([0.75 / (0.5 + 1e-4), *[-0.25 / (0.5 + 1e-4)] * 3])


@pytest.mark.parametrize("name", ADVANTAGES)
def test_equal_rewards_and_masked_groups_give_zero(name):
    nan = float("nan")
    rewards = torch.tensor([[1.0] * 4, [0.0] * 4, [nan] * 4, [nan, nan, nan, 1.0]])
    assert ADVANTAGES[name](rewards).abs().max().item() == 0


@pytest.mark.parametrize("name", ADVANTAGES)
def test_a_masked_sample_is_as_if_it_had_not_been_drawn(name):
    nan = float("nan")
    masked = ADVANTAGES[name](torch.tensor([[1.0, nan, 0.0, 0.0]]))[0]
    without = ADVANTAGES[name](torch.tensor([[1.0, 0.0, 0.0]]))[0]
    assert masked[1] == 0
    assert torch.allclose(masked[[0, 2, 3]], without)


@pytest.mark.parametrize("name", ADVANTAGES)
def test_order_of_a_group_does_not_matter(name):
    rewards = torch.tensor([[1.0, 0.0, 0.25, 0.0]])
    order = [2, 0, 3, 1]
    assert torch.allclose(ADVANTAGES[name](rewards)[:, order], ADVANTAGES[name](rewards[:, order]))
