"""Selection of tokens: rules by hand, and what must not matter."""

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.selection import SELECTIONS, covariance, kl_cov_tokens  # noqa: E402

MASK = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0]])
ENTROPY = torch.tensor([[0.1, 2.0, 0.3, 1.5], [0.2, 1.0, 9.0, 9.0]])
LOGPROBS = torch.tensor([[-0.1, -3.0, -0.3, -1.5], [-0.2, -1.0, -9.0, -9.0]])
ADVANTAGES = torch.tensor([1.0, -2.0])


def select(name, share, mask=MASK, seed=0, logprobs=LOGPROBS, advantages=ADVANTAGES, entropy=ENTROPY):
    generator = torch.Generator().manual_seed(seed)
    return SELECTIONS[name](logprobs, entropy, advantages, mask, share, generator)


def test_all_keeps_what_is_not_masked():
    assert torch.equal(select("all", 0.1), MASK)


@pytest.mark.parametrize(
    ("share", "kept"),
    [(1 / 6, {2.0}), (0.5, {2.0, 1.5, 1.0}), (0.0, {2.0}), (1.0, {0.1, 2.0, 0.3, 1.5, 0.2, 1.0})],
)
def test_top_entropy_takes_the_share_of_the_whole_batch(share, kept):
    found = select("top_entropy", share)
    assert {round(v, 3) for v in ENTROPY[found > 0].tolist()} == kept


def test_top_entropy_keeps_ties_so_that_order_does_not_matter():
    entropy = torch.tensor([[1.0, 0.5, 0.5, 0.5]])
    mask = torch.ones(1, 4)
    found = select("top_entropy", 0.5, mask, entropy=entropy, advantages=torch.ones(1))
    assert torch.equal(found, mask)


def test_covariance_by_hand():
    # means over the six tokens: A 0, log pi -6.1 / 6
    mean = -6.1 / 6
    expected = [a * (x - mean) for a, x in [(1, -0.1), (1, -3.0), (1, -0.3), (1, -1.5), (-2, -0.2), (-2, -1.0)]]
    found = covariance(LOGPROBS, ADVANTAGES, MASK)
    assert found[MASK > 0].tolist() == pytest.approx(expected, abs=1e-6)
    assert found[MASK == 0].abs().sum() == 0


def _high_covariance(n=100):
    """Return a batch in which tokens of the first row with log pi -0.1 have a covariance of about 1.45."""
    logprobs = torch.full((2, n), -0.1)
    logprobs[1] = -3.0
    return {"logprobs": logprobs, "advantages": torch.tensor([1.0, -1.0]), "entropy": torch.zeros(2, n)}


def test_clip_cov_drops_a_share_of_all_tokens_among_those_in_the_window():
    batch = _high_covariance()
    cov = covariance(batch["logprobs"], batch["advantages"], torch.ones(2, 100))
    assert cov.min().item() == pytest.approx(1.45, rel=1e-4)
    found = select("clip_cov", 0.05, torch.ones(2, 100), **batch)
    assert (found == 0).sum().item() == 10
    assert (select("clip_cov", 1e-6, torch.ones(2, 100), **batch) == 0).sum().item() == 1
    assert select("clip_cov", 0.9999, torch.ones(2, 100), **batch).sum().item() == 1


def test_clip_cov_drops_nothing_outside_the_window():
    mask = torch.ones(2, 100)
    for scale in (0.1, 10.0):  # covariance 0.145 and 14.5
        batch = _high_covariance()
        batch["advantages"] = batch["advantages"] * scale
        assert torch.equal(select("clip_cov", 0.5, mask, **batch), mask)


def test_clip_cov_depends_on_the_seed_alone_and_not_on_padding():
    batch = _high_covariance()
    mask = torch.ones(2, 100)
    first, again, other = (select("clip_cov", 0.1, mask, seed, **batch) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    wide = {
        name: torch.cat([value, torch.zeros(2, 7)], 1) if value.dim() == 2 else value for name, value in batch.items()
    }
    padded = select("clip_cov", 0.1, torch.cat([mask, torch.zeros(2, 7)], 1), 1, **wide)
    assert torch.equal(padded[:, :100], first)


def test_kl_cov_holds_the_largest_covariances():
    cov = covariance(LOGPROBS, ADVANTAGES, MASK)
    held = kl_cov_tokens(LOGPROBS, ADVANTAGES, MASK, 0.34)
    assert held.sum().item() == 2
    assert cov[held > 0].min() >= cov[(MASK > 0) & (held == 0)].max()
    assert kl_cov_tokens(LOGPROBS, ADVANTAGES, MASK, 2e-4).sum().item() == 1
    assert torch.equal(kl_cov_tokens(LOGPROBS, ADVANTAGES, MASK, 1.0), MASK)


def test_kl_cov_ignores_padding_and_order():
    held = kl_cov_tokens(LOGPROBS, ADVANTAGES, MASK, 0.5)
    wide = [torch.cat([x, torch.full((2, 3), fill)], 1) for x, fill in ((LOGPROBS, -40.0), (MASK, 0.0))]
    assert torch.equal(kl_cov_tokens(wide[0], ADVANTAGES, wide[1], 0.5)[:, :4], held)
    assert torch.equal(kl_cov_tokens(LOGPROBS.flip(0), ADVANTAGES.flip(0), MASK.flip(0), 0.5), held.flip(0))


@pytest.mark.parametrize("name", SELECTIONS)
def test_a_batch_without_tokens_selects_nothing(name):
    assert select(name, 0.5, torch.zeros(2, 4)).sum().item() == 0
    assert kl_cov_tokens(LOGPROBS, ADVANTAGES, torch.zeros(2, 4), 0.5).sum().item() == 0


@pytest.mark.parametrize("name", SELECTIONS)
def test_what_is_selected_is_0_or_1_and_within_the_mask(name):
    found = select(name, 0.5)
    assert set(found.unique().tolist()) <= {0.0, 1.0}
    assert bool((found <= MASK).all())
