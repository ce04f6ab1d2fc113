"""Optimisers by name, against AdamW worked out by hand."""

import math
import sys

import pytest

torch = pytest.importorskip("torch")

from gradarium.errors import MissingExtra, UnknownName  # noqa: E402
from gradarium.trainers.config import StepConfig  # noqa: E402
from gradarium.trainers.optimizers import OPTIMIZERS, make_optimizer, warmup_lr  # noqa: E402


def need(name):
    if name == "adamw8bit":
        pytest.importorskip("bitsandbytes", reason="bitsandbytes is not installed")


def adamw(w, gradients, lr, beta1, beta2, decay, eps=1e-8):
    """Decoupled weight decay (arXiv 1711.05101), for one number."""
    m = v = 0.0
    for t, g in enumerate(gradients, 1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        w -= lr * decay * w
        w -= lr * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
    return w


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_small_tensors_move_as_adamw_does(name):
    need(name)
    options = StepConfig(optimizer=name, betas=(0.8, 0.9), weight_decay=0.1)
    weight = torch.nn.Parameter(torch.tensor([2.0]))
    optimizer = make_optimizer([weight], options, lr=0.05)
    gradients = [1.0, -0.5, 3.0]
    for g in gradients:
        weight.grad = torch.tensor([g])
        optimizer.step()
    assert weight.item() == pytest.approx(adamw(2.0, gradients, 0.05, 0.8, 0.9, 0.1), abs=1e-5)


def test_8_bit_moments_are_small_and_close():
    need("adamw8bit")
    ends, sizes = [], []
    for name in OPTIMIZERS:
        noise = torch.Generator().manual_seed(0)
        start = torch.randn(64, 128, generator=noise)
        weight = torch.nn.Parameter(start.clone())
        optimizer = make_optimizer([weight], StepConfig(optimizer=name), lr=0.01)
        for _ in range(20):
            weight.grad = weight.detach() + 0.1 * torch.randn(64, 128, generator=noise)
            optimizer.step()
        ends.append(weight.detach() - start)
        state = optimizer.state[weight].values()
        sizes.append(sum(t.nbytes for t in state if torch.is_tensor(t) and t.numel() > 1000))
    assert sizes[1] < 0.3 * sizes[0]
    assert (ends[1] - ends[0]).norm() < 0.1 * ends[0].norm()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_state_goes_on_bit_by_bit(name, tmp_path):
    need(name)
    options = StepConfig(optimizer=name)
    noise = torch.Generator().manual_seed(0)
    gradients = [torch.randn(64, 128, generator=noise) for _ in range(6)]

    def run(weight, optimizer, these):
        for g in these:
            weight.grad = g.clone()
            optimizer.step()

    whole = torch.nn.Parameter(torch.ones(64, 128))
    run(whole, make_optimizer([whole], options, 0.01), gradients)
    part = torch.nn.Parameter(torch.ones(64, 128))
    optimizer = make_optimizer([part], options, 0.01)
    run(part, optimizer, gradients[:3])
    torch.save(optimizer.state_dict(), tmp_path / "optimizer.pt")
    resumed = torch.nn.Parameter(part.detach().clone())
    optimizer = make_optimizer([resumed], options, 0.01)
    optimizer.load_state_dict(torch.load(tmp_path / "optimizer.pt", weights_only=True))
    run(resumed, optimizer, gradients[3:])
    assert torch.equal(resumed, whole)


def test_frozen_parameters_are_left_out():
    weights = [torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(3), requires_grad=False)]
    optimizer = make_optimizer(iter(weights), StepConfig(), 0.5)
    assert [p.numel() for group in optimizer.param_groups for p in group["params"]] == [2]
    assert optimizer.param_groups[0]["lr"] == 0.5


def test_errors(monkeypatch):
    weights = [torch.nn.Parameter(torch.ones(2))]
    with pytest.raises(UnknownName, match="unknown optimizer 'adam8'"):
        make_optimizer(weights, StepConfig(optimizer="adam8"), 0.1)
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    monkeypatch.setitem(sys.modules, "bitsandbytes.optim", None)
    with pytest.raises(MissingExtra, match=r"adamw8bit needs .*pip install 'gradarium\[adamw8bit\]'"):
        make_optimizer(weights, StepConfig(optimizer="adamw8bit"), 0.1)


def test_warmup_rises_to_lr_and_stays():
    options = StepConfig(lr=1.0, lr_warmup=3)
    assert [warmup_lr(step, options) for step in range(6)] == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    assert warmup_lr(0, StepConfig(lr=0.2, lr_warmup=0)) == 0.2


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_adamw_is_fused_on_a_gpu():
    weight = torch.nn.Parameter(torch.ones(2, device="cuda"))
    assert make_optimizer([weight], StepConfig(), 0.1).defaults["fused"]
