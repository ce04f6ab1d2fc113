"""Aggregation of token losses: values by hand, and what must not matter."""

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.aggregation import AGGREGATIONS, token_weights  # noqa: E402

MASK = torch.tensor([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
LOSS = torch.tensor([[1.0, 2.0, 3.0], [10.0, 99.0, 99.0], [99.0, 99.0, 99.0], [4.0, 6.0, 99.0]])
PROMPTS = torch.tensor([5, 5, 8, 2])  # prompt 8 has no token left
TASKS = torch.tensor([1, 1, 4, 4])

BY_HAND = {
    "token_mean": (1 + 2 + 3 + 10 + 4 + 6) / 6,
    "seq_mean_token_mean": (2 + 10 + 5) / 3,
    "seq_mean_token_sum_norm": 26 / (3 * 4),
    "prompt_mean": (16 / 4 + 10 / 2) / 2,
    "task_mean": (16 / 4 + 10 / 2) / 2,
}


def weigh(name, mask=MASK, prompts=PROMPTS, tasks=TASKS):
    return token_weights(mask, name, max_tokens=4, prompts=prompts, tasks=tasks)


def test_every_aggregation_has_a_value_by_hand():
    assert set(BY_HAND) == set(AGGREGATIONS)


@pytest.mark.parametrize(("name", "expected"), BY_HAND.items())
def test_values_by_hand(name, expected):
    assert (weigh(name) * LOSS).sum().item() == pytest.approx(expected)


def test_task_mean_and_prompt_mean_part_where_a_task_has_several_prompts():
    mask = torch.ones(3, 2)
    prompts, tasks = torch.tensor([0, 1, 2]), torch.tensor([0, 0, 1])
    assert weigh("prompt_mean", mask, prompts, tasks).sum(1).tolist() == pytest.approx([1 / 3] * 3)
    assert weigh("task_mean", mask, prompts, tasks).sum(1).tolist() == pytest.approx([1 / 4, 1 / 4, 1 / 2])


@pytest.mark.parametrize("name", sorted(set(AGGREGATIONS) - {"seq_mean_token_sum_norm"}))
def test_a_constant_loss_is_its_own_mean(name):
    assert weigh(name).sum().item() == pytest.approx(1.0)


@pytest.mark.parametrize("name", AGGREGATIONS)
def test_padding_and_masked_sequences_do_not_matter(name):
    wide = torch.cat([MASK, torch.zeros(4, 5)], 1)
    assert torch.equal(weigh(name, wide)[:, :3], weigh(name))
    rows = [0, 1, 3]
    assert torch.equal(weigh(name, MASK[rows], PROMPTS[rows], TASKS[rows]), weigh(name)[rows])


@pytest.mark.parametrize("name", AGGREGATIONS)
def test_order_does_not_matter(name):
    order = [3, 0, 2, 1]
    assert torch.allclose(weigh(name, MASK[order], PROMPTS[order], TASKS[order]), weigh(name)[order])


@pytest.mark.parametrize("name", AGGREGATIONS)
@pytest.mark.parametrize("rows", [0, 2])
def test_a_batch_without_tokens_weighs_nothing(name, rows):
    ids = torch.zeros(rows, dtype=torch.int64)
    found = weigh(name, torch.zeros(rows, 3), ids, ids)
    assert found.shape == (rows, 3) and found.sum().item() == 0
