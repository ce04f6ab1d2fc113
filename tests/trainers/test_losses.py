"""Golden values of the losses and the invariances of their aggregation."""

import math

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.losses import AGGREGATIONS, LOSSES, kl_k3, token_weights  # noqa: E402

CLIP = {
    "gain is clipped above": (1.5, 1.0, -1.28),
    "loss is not clipped above": (1.5, -1.0, 1.5),
    "gain is not clipped below": (0.5, 1.0, -0.5),
    "loss is clipped below": (0.5, -1.0, 0.8),
}


@pytest.mark.parametrize(("rho", "advantage", "expected"), CLIP.values(), ids=CLIP)
def test_clip_golden(rho, advantage, expected):
    logprobs = torch.tensor([[math.log(rho)]])
    found = LOSSES["clip"](logprobs, torch.zeros(1, 1), torch.tensor([advantage]), 0.2, 0.28)
    assert found.item() == pytest.approx(expected, abs=1e-6)


def test_cispo_weights_the_log_probability_by_the_clipped_ratio():
    logprobs = torch.tensor([[math.log(0.5)]], requires_grad=True)
    loss = LOSSES["cispo"](logprobs, torch.tensor([[math.log(0.25)]]), torch.tensor([2.0]), 0.2, 0.28)
    loss.backward()
    assert loss.item() == pytest.approx(-1.28 * 2 * math.log(0.5))
    assert logprobs.grad.item() == pytest.approx(-1.28 * 2)


def test_all_losses_have_the_same_gradient_on_policy():
    gradients = []
    for loss in LOSSES.values():
        logprobs = torch.tensor([[-0.3, -1.2], [-0.5, -0.1]], requires_grad=True)
        loss(logprobs, logprobs.detach(), torch.tensor([0.7, -0.4]), 0.2, 0.28).sum().backward()
        gradients.append(logprobs.grad)
    assert all(torch.allclose(gradients[0], g) for g in gradients)


@pytest.mark.parametrize(("x", "expected"), [(0.5, 0.1065307), (-0.5, 0.1487213), (0.0, 0.0)])
def test_k3_golden(x, expected):
    assert kl_k3(torch.tensor([x]), torch.tensor([0.0])).item() == pytest.approx(expected, abs=1e-6)


def test_aggregations_by_hand():
    mask = torch.tensor([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    loss = torch.tensor([[1.0, 2.0, 3.0], [10.0, 0.0, 0.0], [9.0, 9.0, 9.0]])
    total = {name: (token_weights(mask, name, 4) * loss).sum().item() for name in AGGREGATIONS}
    assert total["token_mean"] == pytest.approx(16 / 4)
    assert total["seq_mean_token_mean"] == pytest.approx((2 + 10) / 2)
    assert total["seq_mean_token_sum_norm"] == pytest.approx(16 / (2 * 4))


@pytest.mark.parametrize("name", AGGREGATIONS)
def test_aggregation_ignores_padding(name):
    mask = torch.tensor([[1.0, 1.0], [1.0, 0.0]])
    wide = torch.cat([mask, torch.zeros(2, 5)], 1)
    assert torch.equal(token_weights(wide, name, 8)[:, :2], token_weights(mask, name, 8))
