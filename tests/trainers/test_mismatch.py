"""Weights against a mismatch of engine and trainer, and its metrics."""

import math

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.mismatch import MISMATCH, merge_metrics, mismatch_metrics, mismatch_summary  # noqa: E402

RATIOS = torch.tensor([[1.0, 4.0, 0.25, 8.0], [2.0, 0.5, 99.0, 99.0]])
MASK = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0]])
SAMPLED = torch.full((2, 4), -5.0)
OLD = SAMPLED + RATIOS.log()

EXPECTED = {  # low 0.5, high 5; the ratios of the sequences are 8 and 1
    "token_tis": [[1, 4, 0.25, 5], [2, 0.5, 0, 0]],
    "token_mis": [[1, 4, 0, 0], [2, 0.5, 0, 0]],
    "icepop": [[1, 4, 0, 0], [2, 0.5, 0, 0]],
    "sequence_tis": [[5, 5, 5, 5], [1, 1, 0, 0]],
    "sequence_mis": [[0, 0, 0, 0], [1, 1, 0, 0]],
    "geometric_mis": [[8**0.25] * 4, [1, 1, 0, 0]],
}


def test_every_correction_has_its_values():
    assert set(EXPECTED) == set(MISMATCH)


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items())
def test_values_by_hand(name, expected):
    found = MISMATCH[name](OLD, SAMPLED, MASK, 0.5, 5.0)
    assert torch.allclose(found, torch.tensor(expected, dtype=torch.float32), atol=1e-5)


def test_bounds_are_kept_and_geometric_has_both():
    d = torch.tensor([[0.5, 5.0]]).log()
    kept = MISMATCH["icepop"](d, torch.zeros(1, 2), torch.ones(1, 2), 0.4999999, 5.000001)
    assert kept[0].tolist() == pytest.approx([0.5, 5.0])
    for ratio in (0.4, 6.0):
        d = torch.full((1, 3), math.log(ratio))
        assert MISMATCH["geometric_mis"](d, torch.zeros(1, 3), torch.ones(1, 3), 0.5, 5.0).abs().sum() == 0


@pytest.mark.parametrize("name", MISMATCH)
def test_without_a_mismatch_the_weight_is_one(name):
    assert torch.equal(MISMATCH[name](OLD, OLD.clone(), MASK, 0.5, 5.0), MASK)


@pytest.mark.parametrize("name", MISMATCH)
def test_masked_places_and_padding_do_not_matter_and_nan_counts_as_no_difference(name):
    clean = MISMATCH[name](OLD, SAMPLED, MASK, 0.5, 5.0)
    dirty = torch.where(MASK > 0, OLD, math.nan)
    assert torch.equal(MISMATCH[name](dirty, SAMPLED, MASK, 0.5, 5.0), clean)
    wide = [torch.cat([x, torch.full((2, 3), fill)], 1) for x, fill in ((OLD, -1.0), (SAMPLED, -30.0), (MASK, 0.0))]
    assert torch.allclose(MISMATCH[name](*wide, 0.5, 5.0)[:, :4], clean)
    unknown = MISMATCH[name](torch.tensor([[-1.0, -2.0]]), torch.full((1, 2), math.nan), torch.ones(1, 2), 0.5, 5.0)
    assert unknown.tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("name", MISMATCH)
@pytest.mark.parametrize("far", [-1e4, 1e4, -math.inf])
def test_weights_are_finite_and_without_gradient(name, far):
    old = torch.tensor([[far, -1.0]], requires_grad=True)
    found = MISMATCH[name](old, torch.tensor([[-1.0, -1.0]]), torch.ones(1, 2), 0.5, 5.0)
    assert found.isfinite().all() and not found.requires_grad


def test_metrics_by_hand():
    found = mismatch_summary(mismatch_metrics(OLD, SAMPLED, MASK))
    ratios = [1.0, 4.0, 0.25, 8.0, 2.0, 0.5]
    d = [math.log(r) for r in ratios]
    assert found["mean"] == pytest.approx(sum(d) / 6, abs=1e-6)
    assert found["absolute"] == pytest.approx(sum(map(abs, d)) / 6, abs=1e-6)
    assert found["k3"] == pytest.approx(sum(r - 1 - x for r, x in zip(ratios, d, strict=True)) / 6, rel=1e-5)
    assert found["largest"] == pytest.approx(7 * math.exp(-5), rel=1e-5)
    assert found["effective"] == pytest.approx(sum(ratios) ** 2 / (6 * sum(r * r for r in ratios)), rel=1e-5)


def test_metrics_of_micro_batches_add_up():
    parts = [mismatch_metrics(OLD[i : i + 1], SAMPLED[i : i + 1], MASK[i : i + 1]) for i in range(2)]
    assert merge_metrics(*parts) == pytest.approx(mismatch_metrics(OLD, SAMPLED, MASK))


def test_metrics_pass_over_nan_and_masked_places():
    sampled = torch.tensor([[math.nan, -1.0, -1.0]])
    old = torch.tensor([[-0.5, -1.0, math.nan]])
    found = mismatch_summary(mismatch_metrics(old, sampled, torch.tensor([[1.0, 1.0, 0.0]])))
    assert found == {"mean": 0.0, "absolute": 0.0, "k3": 0.0, "largest": 0.0, "effective": 1.0}
    empty = mismatch_summary(mismatch_metrics(OLD, SAMPLED, torch.zeros(2, 4)))
    assert empty["effective"] == 1.0 and empty["mean"] == 0.0


def test_boolean_masks_will_do():
    assert mismatch_metrics(OLD, SAMPLED, MASK > 0) == mismatch_metrics(OLD, SAMPLED, MASK)
