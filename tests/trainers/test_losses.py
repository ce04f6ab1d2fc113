"""Golden values of the losses, their gradients, and what must not matter to them."""

import math

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.aggregation import AGGREGATIONS, token_weights  # noqa: E402
from gradarium.trainers.config import LossConfig  # noqa: E402
from gradarium.trainers.losses import LOSSES, TokenBatch, binary_kl  # noqa: E402

OPTIONS = LossConfig(clip_low=0.2, clip_high=0.28, two_sided=4.0, beta=0.1)


def make_batch(logprobs, old, advantages, mask=None, **fields):
    """Return a TokenBatch; what is not named does not matter to the loss in question."""
    logprobs, old = (torch.as_tensor(x, dtype=torch.float32) for x in (logprobs, old))
    advantages = torch.as_tensor(advantages, dtype=torch.float32)
    full = torch.ones_like(old) if mask is None else torch.as_tensor(mask, dtype=torch.float32)
    rows = torch.zeros(len(old))
    fields = {name: torch.as_tensor(value, dtype=torch.float32) for name, value in fields.items()}
    rest = {"rewards": rows, "success": rows, "divergence": rows, "selected": torch.zeros_like(old), **fields}
    return TokenBatch(logprobs, old, advantages, full, **rest)


def one(name, rho, advantage, options=OPTIONS, old=-0.7, **fields):
    """Return the loss of a single token and its derivative by log pi."""
    logprobs = torch.tensor([[old + math.log(rho)]], requires_grad=True)
    loss = LOSSES[name](make_batch(logprobs, [[old]], [advantage], **fields), options)
    (gradient,) = torch.autograd.grad(loss.sum(), logprobs)
    return loss.item(), gradient.item()


GOLDEN = {
    "clip: gain is clipped above": ("clip", 1.5, 1.0, -1.28, 0.0),
    "clip: loss is not clipped above": ("clip", 1.5, -1.0, 1.5, 1.5),
    "clip: gain is not clipped below": ("clip", 0.5, 1.0, -0.5, -0.5),
    "clip: loss is clipped below": ("clip", 0.5, -1.0, 0.8, 0.0),
    "dual_clip bounds the loss": ("dual_clip", 5.0, -1.0, 3.0, 0.0),
    "dual_clip below its bound": ("dual_clip", 2.0, -1.0, 2.0, 2.0),
    "dual_clip leaves gains alone": ("dual_clip", 5.0, 1.0, -1.28, 0.0),
    "two_sided bounds the loss": ("two_sided", 5.0, -1.0, 4.0, 0.0),
    "two_sided below its bound": ("two_sided", 1.5, -1.0, 1.5, 1.5),
    "two_sided clips gains": ("two_sided", 5.0, 1.0, -1.28, 0.0),
    "sapo at 1": ("sapo", 1.0, 1.0, -2.0, -1.0),
    "sapo, gain": ("sapo", 1.5, 1.0, -2.4898373, -4 * 1.5 * 0.62245933 * 0.37754067),
    "sapo, loss": ("sapo", 1.5, -1.0, 2.3935855, 4 * 1.5 * 0.62831619 * 0.37168381),
    "gmpo clips gains in logarithms": ("gmpo", 1.5, 1.0, -math.exp(0.28), 0.0),
    "gmpo clips losses in logarithms": ("gmpo", 0.5, -1.0, math.exp(-0.2), 0.0),
    "gmpo does not clip losses above": ("gmpo", 1.5, -1.0, 1.5, 1.5),
    "cispo keeps the gradient": ("cispo", 2.0, 2.0, -1.28 * 2 * (math.log(2) - 0.7), -1.28 * 2),
    "cispo clips below": ("cispo", 0.5, -1.0, 0.8 * (math.log(0.5) - 0.7), 0.8),
    "reinforce": ("reinforce", 1.0, 2.0, 1.4, -2.0),
    "vespo, gain": ("vespo", 2.0, 1.0, -4 * math.exp(-3) * (math.log(2) - 0.7), -4 * math.exp(-3)),
    "vespo, loss": ("vespo", 2.0, -1.0, 8 * math.exp(-2) * (math.log(2) - 0.7), 8 * math.exp(-2)),
}


@pytest.mark.parametrize(("name", "rho", "advantage", "value", "gradient"), GOLDEN.values(), ids=GOLDEN)
def test_golden(name, rho, advantage, value, gradient):
    assert one(name, rho, advantage) == pytest.approx((value, gradient), abs=1e-6)


def test_gspo_golden():
    options = LossConfig(clip_low=3e-4, clip_high=4e-4)
    d = [0.1, -0.2, 0.4]
    unclipped = LOSSES["gspo"](make_batch([d], [[0.0] * 3], [-1.0]), options)
    assert unclipped[0].tolist() == pytest.approx([1.1051709] * 3)
    clipped = LOSSES["gspo"](make_batch([d], [[0.0] * 3], [1.0]), options)
    assert clipped[0].tolist() == pytest.approx([-1.0004] * 3)
    largest = LOSSES["gspo"](make_batch([[18.0]], [[0.0]], [-1.0]), options)
    assert largest.item() == pytest.approx(math.exp(10), rel=1e-5)


def _whole_sequence(name, d, advantages, mask, options):
    """Return the papers' losses of whole sequences, without the form per token."""
    a = torch.tensor(advantages)
    lengths = mask.sum(1)
    if name == "gmpo":
        low, high = torch.tensor(-options.clip_low), torch.tensor(options.clip_high)
        held = torch.stack([torch.minimum(d[i], high) if a[i] > 0 else torch.maximum(d[i], low) for i in range(len(a))])
        return (-a * ((held * mask).sum(1) / lengths).exp()).mean()
    s = ((d * mask).sum(1) / lengths).exp()
    loss = -torch.minimum(s * a, s.clamp(1 - options.clip_low, 1 + options.clip_high) * a)
    return (loss * lengths if name == "luspo" else loss).mean()


@pytest.mark.parametrize("name", ["gspo", "gmpo", "luspo"])
def test_losses_of_sequences_are_the_papers_under_seq_mean_token_mean(name):
    mask = torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    d = torch.tensor([[0.1, -0.2, 0.4], [0.5, 0.1, 9.0], [-0.1, 9.0, 9.0], [-0.6, 0.1, -0.4]])
    advantages = [1.0, 0.5, -2.0, -1.0]
    plain = d.clone().requires_grad_()
    value = _whole_sequence(name, plain, advantages, mask, OPTIONS)
    (expected,) = torch.autograd.grad(value, plain)
    logprobs = (d - 1.5).requires_grad_()
    loss = LOSSES[name](make_batch(logprobs, torch.full((4, 3), -1.5), advantages, mask), OPTIONS)
    ids = torch.arange(4)
    total = (loss * token_weights(mask, "seq_mean_token_mean", max_tokens=3, prompts=ids, tasks=ids)).sum()
    (found,) = torch.autograd.grad(total, logprobs)
    assert total.item() == pytest.approx(value.item(), rel=1e-5)
    assert torch.allclose(found, expected, atol=1e-6)


def test_luspo_is_gspo_times_the_length():
    mask = [[1.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
    batch = make_batch(torch.full((2, 4), -0.4), torch.full((2, 4), -0.5), [1.0, -1.0], mask)
    ratio = LOSSES["luspo"](batch, OPTIONS) / LOSSES["gspo"](batch, OPTIONS)
    assert ratio[:, 0].tolist() == pytest.approx([3.0, 1.0])


def test_vespo_weighs_by_the_ratio_of_the_whole_sequence():
    logprobs = torch.tensor([[-0.1, -0.6, -5.0]], requires_grad=True)
    loss = LOSSES["vespo"](make_batch(logprobs, [[-0.2, -0.8, -9.0]], [1.0], [[1.0, 1.0, 0.0]]), OPTIONS)
    loss[0, :2].sum().backward()
    w = math.exp(0.3)
    assert logprobs.grad[0].tolist() == pytest.approx([-math.exp(3) * w**2 * math.exp(-3 * w)] * 2 + [0.0])


@pytest.mark.parametrize(
    ("p", "p_old", "advantage", "kept"),
    [(0.75, 0.5, 1.0, False), (0.65, 0.5, 1.0, True), (0.75, 0.5, -1.0, True), (0.2, 0.5, -1.0, False)],
)
def test_dppo_tv_leaves_out_what_went_too_far(p, p_old, advantage, kept):
    rho = p / p_old
    value, gradient = one("dppo_tv", rho, advantage, LossConfig(trust=0.2), old=math.log(p_old))
    expected = -advantage * rho if kept else 0.0
    assert gradient == pytest.approx(expected)
    assert value == pytest.approx(expected * math.log(p))


def test_binary_kl_golden():
    found = binary_kl(torch.tensor(0.3).log(), torch.tensor(0.2).log())
    assert found.item() == pytest.approx(0.0257321, abs=1e-6)


@pytest.mark.parametrize(("advantage", "trust", "kept"), [(1.0, 0.026, True), (1.0, 0.025, False), (-1.0, 0.025, True)])
def test_dppo_kl_keeps_small_moves_and_moves_back(advantage, trust, kept):
    _, gradient = one("dppo_kl", 1.5, advantage, LossConfig(trust=trust), old=math.log(0.2))
    assert gradient == pytest.approx(-advantage * 1.5 if kept else 0.0)


@pytest.mark.parametrize("name", ["dppo_tv", "dppo_kl"])
def test_dppo_caps_the_weight(name):
    _, gradient = one(name, 8.0, 1.0, LossConfig(trust=10.0, cap=3.0), old=math.log(0.01))
    assert gradient == pytest.approx(-3.0)


@pytest.mark.parametrize(("rho", "pull"), [(1.5, 1.0), (0.5, -1.0)])
def test_kl_cov_holds_the_selected_tokens(rho, pull):
    free = one("kl_cov", rho, 2.0, selected=[[0.0]])
    held = one("kl_cov", rho, 2.0, selected=[[1.0]])
    assert free == pytest.approx((-2 * rho, -2 * rho))
    assert held == pytest.approx((-2 * rho + abs(math.log(rho)), -2 * rho + pull))


NFT = {  # p = 1/4: weight sqrt(3); the derivative of -log(x) with x = (1 - p rho) / (1 - p) is rho p / (1 - p) / x
    "right": (2.0, 1.0, 1.0, -math.sqrt(3) * math.log(2), -math.sqrt(3)),
    "wrong, ratio below the floor": (2.0, 0.0, 1.0, 0.0, math.sqrt(3) * (2 / 3)),
    "wrong, lower floor": (2.0, 0.0, 0.1, -math.sqrt(3) * math.log(2 / 3), math.sqrt(3) * (2 / 3) / (2 / 3)),
    "wrong, made rarer": (0.5, 0.0, 1.0, -math.sqrt(3) * math.log(7 / 6), math.sqrt(3) * (1 / 6) / (7 / 6)),
    "wrong, beyond 1 / p": (5.0, 0.0, 1.0, 0.0, math.sqrt(3) * (5 / 3)),
}


@pytest.mark.parametrize(("rho", "reward", "floor", "value", "gradient"), NFT.values(), ids=NFT)
def test_nft_golden(rho, reward, floor, value, gradient):
    found = one("nft", rho, 9.0, LossConfig(nft_floor=floor), rewards=[reward], success=[0.25])
    assert found == pytest.approx((value, gradient), abs=1e-6)


@pytest.mark.parametrize("rewards", [[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0], [1.0] * 7 + [0.0]])
def test_nft_on_policy_is_grpo_with_the_sigma_of_the_population(rewards):
    rewards = torch.tensor(rewards)
    n = len(rewards)
    gradients = {}
    sigma = rewards.std(correction=0)
    for name in ("nft", "clip"):
        logprobs = -torch.rand(n, 3, generator=torch.Generator().manual_seed(0))
        logprobs.requires_grad_()
        success = rewards.mean().expand(n)
        advantages = (rewards - rewards.mean()) / sigma
        batch = make_batch(logprobs, logprobs.detach(), advantages, rewards=rewards, success=success)
        LOSSES[name](batch, OPTIONS).sum().backward()
        gradients[name] = logprobs.grad
    assert torch.allclose(gradients["nft"], gradients["clip"], atol=1e-6)


@pytest.mark.parametrize(("reward", "success"), [(0.0, 0.0), (1.0, 1.0), (math.nan, 0.0), (math.nan, 0.5)])
def test_nft_is_finite_for_masked_samples_and_uniform_groups(reward, success):
    value, gradient = one("nft", 1.3, 0.0, rewards=[reward], success=[success])
    assert math.isfinite(value) and math.isfinite(gradient)
    if success in (0.0, 1.0):
        assert (value, gradient) == (0.0, 0.0)


def test_nft_counts_a_half_right_answer_as_half_of_each():
    right, wrong, half = (one("nft", 1.1, 0.0, rewards=[r], success=[0.5]) for r in (1.0, 0.0, 0.5))
    assert half == pytest.approx([(a + b) / 2 for a, b in zip(right, wrong, strict=True)])


def _pairwise(log_ratio, rewards, beta):
    """Return CoPG's loss over all pairs of a group, x being the log-ratio of a sequence to the reference.

    A pair's ascent (R - R') (grad x - grad x') with R = r - beta x is that of -(R - R')^2 / (2 beta).
    """
    n = len(rewards)
    total = torch.zeros(())
    for i in range(n):
        for j in range(i):
            gap = rewards[i] - rewards[j] - beta * (log_ratio[i] - log_ratio[j])
            total = total + gap.square() / (2 * beta)
    return total / (n - 1)


def test_copg_has_the_gradient_of_all_pairs():
    noise = torch.Generator().manual_seed(3)
    rewards = torch.tensor([1.0, 0.0, 0.3, 0.0])
    logprobs = -torch.rand(4, 5, generator=noise)
    reference = -torch.rand(4, 5, generator=noise)
    others = (torch.ones(4, 4) - torch.eye(4)) / 3
    beta = OPTIONS.beta

    plain = logprobs.clone().requires_grad_()
    _pairwise((plain - reference).sum(1), rewards, beta).backward()

    x = (logprobs - reference).sum(1)
    learned = logprobs.clone().requires_grad_()
    batch = make_batch(learned, logprobs, rewards - others @ rewards, divergence=x - others @ x)
    LOSSES["copg"](batch, OPTIONS).sum().backward()
    assert torch.allclose(learned.grad, plain.grad, atol=1e-5)


def test_copg_is_at_rest_at_the_optimal_policy_whatever_is_sampled():
    beta, rewards = OPTIONS.beta, torch.tensor([0.0, 0.05, 0.1, 0.3])
    reference = torch.log_softmax(torch.tensor([0.3, -1.0, 0.5, 0.0]), 0)
    optimal = torch.log_softmax(reference + rewards / beta, 0)
    sampled = torch.tensor([3, 0, 0, 1, 2])  # far from the policy's own frequencies
    others = (torch.ones(5, 5) - torch.eye(5)) / 4
    r, x = rewards[sampled], (optimal - reference)[sampled]
    logprobs = optimal[sampled][:, None].requires_grad_()
    batch = make_batch(logprobs, logprobs.detach(), r - others @ r, divergence=x - others @ x)
    LOSSES["copg"](batch, OPTIONS).sum().backward()
    assert logprobs.grad.abs().max().item() < 1e-5


OWN_GRADIENT = {"luspo", "nft", "copg"}


@pytest.mark.parametrize("name", sorted(set(LOSSES) - OWN_GRADIENT))
def test_on_policy_the_gradient_is_that_of_reinforce(name):
    logprobs = torch.tensor([[-0.3, -1.2, -2.0], [-0.5, -0.1, -3.0]], requires_grad=True)
    mask = torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    batch = make_batch(logprobs, logprobs.detach(), [0.7, -0.4], mask, selected=[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    (LOSSES[name](batch, OPTIONS) * mask).sum().backward()
    assert torch.allclose(logprobs.grad, -torch.tensor([[0.7], [-0.4]]) * mask, atol=1e-6)


def test_on_policy_the_three_others_have_gradients_of_their_own():
    for name, factor in (("luspo", 2.0), ("nft", 1 / 0.7), ("copg", (0.7 - 0.1 * 3) / 0.7)):
        logprobs = torch.tensor([[-0.3, -1.2]], requires_grad=True)
        batch = make_batch(logprobs, logprobs.detach(), [0.7], rewards=[1.0], success=[0.5], divergence=[3.0])
        LOSSES[name](batch, OPTIONS).sum().backward()
        assert logprobs.grad[0].tolist() == pytest.approx([-0.7 * factor] * 2)


def _random(rows=9, width=6):
    """Return the fields of a batch of three groups in two tasks, one row of it fully masked, and its group ids."""
    noise = torch.Generator().manual_seed(11)
    lengths = torch.tensor([6, 1, 3, 0, 5, 2, 4, 6, 2])
    mask = (torch.arange(width) < lengths[:, None]).float()
    old = -3 * torch.rand(rows, width, generator=noise)
    logprobs = (old + 0.3 * torch.randn(rows, width, generator=noise)).clamp(max=0)
    rewards = torch.tensor([1.0, 0.0, 1.0, math.nan, 0.0, 0.5, 1.0, 1.0, 0.0])
    prompts = torch.tensor([0, 0, 0, 1, 1, 1, 2, 2, 2])
    fields = {
        "logprobs": logprobs,
        "old": old,
        "advantages": torch.randn(rows, generator=noise),
        "mask": mask,
        "rewards": rewards,
        "success": torch.tensor([2 / 3] * 3 + [0.25] * 3 + [2 / 3] * 3),
        "divergence": torch.randn(rows, generator=noise),
        "selected": (torch.rand(rows, width, generator=noise) < 0.3).float() * mask,
    }
    return fields, prompts, torch.tensor([7, 7, 7, 7, 7, 7, 3, 3, 3])


def _run(name, fields, weights, pieces):
    """Return the loss and its gradient [N, T], added up over micro-batches of the given rows."""
    logprobs = fields["logprobs"].clone().requires_grad_()
    total = 0.0
    for rows in pieces:
        piece = {key: value[rows] for key, value in {**fields, "logprobs": logprobs}.items()}
        loss = (LOSSES[name](TokenBatch(**piece), OPTIONS) * weights[rows]).sum()
        loss.backward()
        total += loss.item()
    return total, logprobs.grad


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@pytest.mark.parametrize("name", LOSSES)
def test_micro_batches_padding_and_order_do_not_matter(name, aggregation):
    fields, prompts, tasks = _random()

    def weigh(mask, rows):
        return token_weights(mask, aggregation, max_tokens=8, prompts=prompts[rows], tasks=tasks[rows])

    rows = torch.arange(9)
    value, gradient = _run(name, fields, weigh(fields["mask"], rows), [rows])
    assert gradient.abs().max() > 0
    assert (gradient * (1 - fields["mask"])).abs().max() == 0

    cut = _run(name, fields, weigh(fields["mask"], rows), [rows[:1], rows[1:5], rows[5:8], rows[8:]])
    assert cut[0] == pytest.approx(value, rel=1e-5, abs=1e-6)
    assert torch.allclose(cut[1], gradient, atol=1e-7)

    garbage = {"logprobs": -7.0, "old": math.nan, "mask": 0.0, "selected": 1.0}
    wide = {k: torch.cat([v, torch.full((9, 4), garbage[k])], 1) if v.dim() == 2 else v for k, v in fields.items()}
    padded = _run(name, wide, weigh(wide["mask"], rows), [rows])
    assert padded[0] == pytest.approx(value, rel=1e-5, abs=1e-6)
    assert torch.allclose(padded[1][:, :6], gradient, atol=1e-7)
    assert padded[1][:, 6:].abs().max() == 0

    order = torch.tensor([4, 8, 0, 3, 7, 1, 5, 2, 6])
    mixed = {key: field[order] for key, field in fields.items()}
    moved = _run(name, mixed, weigh(mixed["mask"], order), [rows[:4], rows[4:]])
    assert moved[0] == pytest.approx(value, rel=1e-5, abs=1e-6)
    assert torch.allclose(moved[1], gradient[order], atol=1e-7)
