"""KL estimators in value and gradient, and the controllers."""

import math

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.divergence import KL_ESTIMATORS, AdaptiveEntropy, AdaptiveKL, aepo_temperature  # noqa: E402

K3 = {0.5: 0.1065307, -0.5: 0.1487213, 0.0: 0.0}
VALUES = {
    "k1": lambda x: x,
    "abs": abs,
    "k2": lambda x: x * x / 2,
    "k3": K3.get,
    "k1+": lambda x: x,
    "k3+": K3.get,
}
SLOPES = {
    "k1": lambda x: 1.0,
    "abs": lambda x: math.copysign(1.0, x),
    "k2": lambda x: x,
    "k3": lambda x: 1 - math.exp(-x),
    "k1+": lambda x: x,
    "k3+": lambda x: x,
}


def test_every_estimator_has_its_values():
    assert set(VALUES) == set(SLOPES) == set(KL_ESTIMATORS)


@pytest.mark.parametrize("x", [0.5, -0.5])
@pytest.mark.parametrize("name", KL_ESTIMATORS)
def test_values_and_gradients(name, x):
    logprobs = torch.tensor([[x - 1.0]], requires_grad=True)
    value = KL_ESTIMATORS[name](logprobs, torch.tensor([[-1.0]]))
    value.sum().backward()
    assert value.item() == pytest.approx(VALUES[name](x), abs=1e-6)
    assert logprobs.grad.item() == pytest.approx(SLOPES[name](x), abs=1e-6)


@pytest.mark.parametrize("name", KL_ESTIMATORS)
def test_no_divergence_from_oneself_and_finite_far_away(name):
    logprobs = torch.tensor([[-1.0, -90.0, 0.0]], requires_grad=True)
    value = KL_ESTIMATORS[name](logprobs, torch.tensor([[-1.0, 0.0, -90.0]]))
    value.sum().backward()
    assert value[0, 0].item() == 0
    assert value.isfinite().all() and logprobs.grad.isfinite().all()


def _expected(name):
    """Return E[estimator] over a policy of four actions, the KL, and gradients: of E, of the KL, of the other KL."""
    logits = torch.tensor([0.2, -0.7, 1.1, 0.0], dtype=torch.float64, requires_grad=True)
    reference = torch.log_softmax(torch.tensor([0.5, 0.4, -0.3, 0.1], dtype=torch.float64), 0)
    logprobs = torch.log_softmax(logits, 0)
    value = (logprobs.exp().detach() * KL_ESTIMATORS[name](logprobs, reference)).sum()
    (gradient,) = torch.autograd.grad(value, logits, retain_graph=True)
    exact = (logprobs.exp() * (logprobs - reference)).sum()
    backward = (reference.exp() * (reference - logprobs)).sum()
    (of_exact,) = torch.autograd.grad(exact, logits, retain_graph=True)
    (of_backward,) = torch.autograd.grad(backward, logits)
    return value.item(), exact.item(), gradient, of_exact, of_backward


@pytest.mark.parametrize("name", ["k1", "k3", "k1+", "k3+"])
def test_unbiased_values(name):
    value, exact, *_ = _expected(name)
    assert value == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("name", ["k2", "k1+", "k3+"])
def test_gradient_of_the_kl(name):
    _, _, gradient, of_exact, _ = _expected(name)
    assert torch.allclose(gradient, of_exact, atol=1e-9)


def test_gradient_of_k1_is_none_and_that_of_k3_is_the_other_kl():
    assert _expected("k1")[2].abs().max().item() < 1e-12
    _, _, gradient, of_exact, of_backward = _expected("k3")
    assert torch.allclose(gradient, of_backward, atol=1e-9)
    assert not torch.allclose(gradient, of_exact, atol=1e-3)


@pytest.mark.parametrize(
    ("kl", "n", "factor"),
    [
        (0.2, 100, 1.02),  # twice the target: clipped to + 0.2, times 100 / 1000
        (0.11, 100, 1.01),
        (0.1, 100, 1.0),
        (0.0, 100, 0.98),
        (math.inf, 1000, 1.2),
        (0.0, 10**9, 0.8),  # never more than a fifth
        (math.nan, 100, 1.0),
    ],
)
def test_adaptive_kl(kl, n, factor):
    control = AdaptiveKL(0.5, 0.1, 1000)
    control.update(kl, n)
    assert control.weight == pytest.approx(0.5 * factor)


def test_adaptive_kl_without_a_target_stays_put():
    control = AdaptiveKL(0.5, 0.0, 1000)
    control.update(3.0, 1000)
    assert control.weight == 0.5


def test_adaptive_entropy_moves_towards_the_target_and_pays_only_below_it():
    control = AdaptiveEntropy(0.0, target=0.2, delta=0.005, largest=0.012)
    for expected in (0.005, 0.010, 0.012, 0.012):
        control.update(0.1)
        assert control.coefficient == pytest.approx(expected)
    assert control.weight(0.2) == pytest.approx(0.012)
    assert control.weight(0.2001) == control.weight(math.nan) == 0
    for expected in (0.007, 0.002, 0.0, 0.0):
        control.update(0.3)
        assert control.coefficient == pytest.approx(expected)
    control.update(0.1)
    for entropy in (0.2, math.nan):
        control.update(entropy)
        assert control.coefficient == pytest.approx(0.005)


def test_controllers_go_on_from_a_state():
    kl, entropy = AdaptiveKL(0.5, 0.1, 1000), AdaptiveEntropy(0.1, 0.2, 0.005, 1.0)
    kl.update(0.2, 100)
    entropy.update(0.1)
    kl_again, entropy_again = AdaptiveKL(9.0, 0.1, 1000), AdaptiveEntropy(9.0, 0.2, 0.005, 1.0)
    kl_again.load_state_dict(kl.state_dict())
    entropy_again.load_state_dict(entropy.state_dict())
    assert kl_again.weight == kl.weight
    assert entropy_again.coefficient == entropy.coefficient


@pytest.mark.parametrize(("entropy", "expected"), [(0.1, 1.2), (0.2, 0.8), (0.3, 0.8)])
def test_aepo_draws_hot_below_the_target(entropy, expected):
    assert aepo_temperature(entropy, 0.2, 1.2, 0.8) == expected


@pytest.mark.parametrize(("temperature", "sign"), [(1.2, 1), (0.8, -1)])
def test_reinforce_on_hot_samples_raises_the_entropy_and_on_cold_ones_lowers_it(temperature, sign):
    logits = torch.tensor([1.0, 0.0, -1.0], dtype=torch.float64, requires_grad=True)
    logprobs = torch.log_softmax(logits, 0)
    drawn = torch.softmax(logits.detach() / temperature, 0)
    (step,) = torch.autograd.grad((drawn * logprobs).sum(), logits, retain_graph=True)  # ascent on log pi
    (rise,) = torch.autograd.grad(-(logprobs.exp() * logprobs).sum(), logits)
    assert sign * (step * rise).sum().item() > 0
