"""How the reference moves, and when it is replaced."""

import math

import pytest

torch = pytest.importorskip("torch")

from gradarium.errors import BadValue  # noqa: E402
from gradarium.trainers.reference import ResetTrigger, ema_update  # noqa: E402


def layer(value, dtype=torch.float32):
    module = torch.nn.Linear(2, 2).to(dtype)
    for parameter in module.parameters():
        torch.nn.init.constant_(parameter, value)
    return module


@pytest.mark.parametrize(("alpha", "expected"), [(0.6, 2.2), (0.0, 1.0), (1.0, 3.0)])
def test_ema_moves_the_reference_and_only_it(alpha, expected):
    reference, policy = layer(1.0).requires_grad_(False), layer(3.0)
    weight = reference.weight
    ema_update(reference, policy, alpha)
    assert reference.weight is weight
    assert all(torch.allclose(p, torch.full_like(p, expected)) for p in reference.parameters())
    assert all(torch.equal(p, torch.full_like(p, 3.0)) for p in policy.parameters())
    assert not any(p.requires_grad for p in reference.parameters())


def test_ema_of_a_reference_in_bf16_is_rounded_once():
    reference, policy = layer(1.0, torch.bfloat16), layer(1.02)
    ema_update(reference, policy, 0.6)
    assert reference.weight.dtype == torch.bfloat16
    assert torch.equal(reference.weight, torch.full((2, 2), 1.012, dtype=torch.float32).bfloat16())


def test_ema_refuses_another_model():
    with pytest.raises(BadValue, match="LoRA"):
        ema_update(layer(1.0), torch.nn.Linear(2, 2, bias=False), 0.5)


def test_reset_after_patience_looks_without_a_rise():
    trigger = ResetTrigger(2)
    looks = [
        (0.1, False),
        (0.3, False),
        (0.3, False),
        (0.2, True),
        (0.2, False),
        (0.25, False),
        (0.2, False),
        (0.2, True),
    ]
    assert [trigger.update(success) for success, _ in looks] == [reset for _, reset in looks]


def test_a_reference_is_measured_by_the_success_at_its_reset():
    trigger = ResetTrigger(1)
    assert [trigger.update(s) for s in (0.5, 0.2, 0.3, 0.4, 0.35)] == [False, True, False, False, True]


def test_a_look_that_saw_nothing_is_no_look():
    trigger = ResetTrigger(2)
    assert [trigger.update(s) for s in (math.nan, 0.4, 0.4, math.nan, 0.4)] == [False, False, False, False, True]


def test_reset_goes_on_from_a_state():
    trigger = ResetTrigger(2)
    trigger.update(0.4)
    trigger.update(0.4)
    again = ResetTrigger(2)
    again.load_state_dict(trigger.state_dict())
    assert again.update(0.4) and trigger.update(0.4)
    assert again.state_dict() == trigger.state_dict()
