"""Micro-batches keep to their budget; sequences in one row do not see each other."""

import pytest

torch = pytest.importorskip("torch")

from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402
from torch.utils._pytree import tree_leaves  # noqa: E402

from gradarium.errors import BadValue, UnknownName  # noqa: E402
from gradarium.trainers.packing import (  # noqa: E402
    ATTENTION,
    LAYOUTS,
    attention,
    micro_batches,
    pack,
    packed_attention,
    require_attention_only,
    tokens_of,
)

SIZES = [(5, [3, 1]), (2, [8, 8]), (9, [2, 2, 2]), (4, [3, 3]), (1, [0]), (30, [40])]


def test_tokens_by_hand():
    sizes = [(5, [3, 1]), (9, [2, 2, 2])]
    assert tokens_of(sizes, "shared") == 2 * 9 + 5 * 3
    assert tokens_of(sizes, "padded") == 5 * 11
    assert tokens_of(sizes, "packed") == 8 + 6 + 3 * 11
    assert tokens_of([], "packed") == 0
    with pytest.raises(UnknownName, match=r"'paked'.*did you mean 'packed'"):
        tokens_of(sizes, "paked")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("budget", [1, 20, 45, 60, 10_000])
def test_every_group_is_in_one_micro_batch_within_the_budget(layout, budget):
    batches = micro_batches(SIZES, budget, layout)
    assert sorted(p for batch in batches for p in batch) == list(range(len(SIZES)))
    for batch in batches:
        assert batch
        assert len(batch) == 1 or tokens_of([SIZES[p] for p in batch], layout) <= budget
    if budget == 10_000:
        assert len(batches) == 1


def test_groups_of_like_length_lie_together():
    sizes = [(4, [4, 4]), (4, [50, 50]), (4, [5, 5]), (4, [49, 49])]
    for layout in ("shared", "padded"):
        assert micro_batches(sizes, 220, layout) == [[0, 2], [3, 1]]


def test_packed_rows_are_filled_by_first_fit():
    sizes = [(1, [59]), (1, [29]), (1, [69]), (1, [39])]
    assert micro_batches(sizes, 100, "packed") == [[2, 1], [0, 3]]


def test_nothing_to_cut():
    assert micro_batches([], 10) == []
    with pytest.raises(UnknownName):
        micro_batches([], 10, "loose")


def test_pack_restarts_positions():
    ids, where = pack([[7, 8, 9], [5], [1, 2]], torch.device("cpu"))
    assert ids.tolist() == [[7, 8, 9, 5, 1, 2]]
    assert where["position_ids"].tolist() == [[0, 1, 2, 0, 0, 1]]
    assert where["cu_seq_lens_q"].tolist() == where["cu_seq_lens_k"].tolist() == [0, 3, 4, 6]
    assert where["cu_seq_lens_q"].dtype == torch.int32
    assert where["max_length_q"] == where["max_length_k"] == 3


class Module:
    """What an attention layer is asked for."""

    class config:
        model_type = "made_up"


def masked(query, key, value, lengths, window, scaling):
    """Attention over the whole row with a mask of total x total."""
    repeat = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(repeat, 1), value.repeat_interleave(repeat, 1)
    owner = torch.repeat_interleave(torch.arange(len(lengths)), torch.tensor(lengths)).to(query.device)
    at = torch.arange(sum(lengths), device=query.device)
    behind = at[:, None] - at
    allowed = (owner[:, None] == owner) & (behind >= 0) & (behind < (window or 10**9))
    scores = (query @ key.transpose(2, 3) * scaling).masked_fill(~allowed, -torch.inf)
    return (scores.softmax(-1) @ value).transpose(1, 2)


def tensors(lengths, heads, kv_heads, device="cpu", dtype=torch.float32):
    noise = torch.Generator().manual_seed(0)
    made = [torch.randn(1, n, sum(lengths), 16, generator=noise) for n in (heads, kv_heads, kv_heads)]
    return [t.to(device, dtype).requires_grad_() for t in made]


@pytest.mark.parametrize("kv_heads", [4, 2, 1])
@pytest.mark.parametrize("window", [None, 3])
def test_packed_attention_equals_attention_with_a_mask(kv_heads, window):
    lengths = [5, 1, 8, 2]
    inputs = tensors(lengths, 4, kv_heads)
    bounds = torch.tensor([0, 5, 6, 14, 16], dtype=torch.int32)
    got, _ = packed_attention(
        Module, *inputs, None, scaling=0.3, sliding_window=window, cu_seq_lens_q=bounds, max_length_q=8
    )
    expected = masked(*inputs, lengths, window, 0.3)
    assert got.shape == (1, 16, 4, 16)
    assert torch.allclose(got, expected, atol=1e-5)
    weight = torch.randn(expected.shape, generator=torch.Generator().manual_seed(1))
    for a, b in zip(
        torch.autograd.grad((got * weight).sum(), inputs),
        torch.autograd.grad((expected * weight).sum(), inputs),
        strict=True,
    ):
        assert torch.allclose(a, b, atol=1e-5)


def test_no_mask_over_the_whole_row_is_made():
    lengths = [20] * 40
    inputs = tensors(lengths, 2, 2)
    bounds = torch.arange(0, 801, 20, dtype=torch.int32)
    seen = []

    class Spy(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            out = func(*args, **(kwargs or {}))
            seen.extend(leaf.numel() for leaf in tree_leaves(out) if isinstance(leaf, torch.Tensor))
            return out

    with Spy():
        packed_attention(Module, *inputs, None, cu_seq_lens_q=bounds, max_length_q=20)[0].sum().backward()
    assert 0 < max(seen) <= inputs[0].numel() < 800 * 800


@pytest.mark.parametrize("name", ["softcap", "s_aux", "position_bias"])
def test_attention_with_more_to_it_is_refused(name):
    bounds = torch.tensor([0, 2], dtype=torch.int32)
    with pytest.raises(BadValue, match=rf"made_up has a {name}; use padded"):
        packed_attention(Module, *tensors([2], 1, 1), None, cu_seq_lens_q=bounds, max_length_q=2, **{name: 1.0})


def test_a_model_that_hands_no_lengths_down_is_refused():
    with pytest.raises(BadValue, match="made_up does not pass sequence lengths"):
        packed_attention(Module, *tensors([2], 1, 1), None)


def test_attention_is_chosen_for_a_while_only(tiny):
    config = tiny[0].config
    before = config._attn_implementation
    with pytest.raises(KeyError), attention(config, ATTENTION):
        assert config._attn_implementation == ATTENTION
        raise KeyError
    assert config._attn_implementation == before


def test_layers_with_state_are_refused(tiny):
    from transformers import MambaConfig, MambaForCausalLM

    require_attention_only(tiny[0].get_decoder(), "packed")
    model = MambaForCausalLM(MambaConfig(vocab_size=16, hidden_size=8, num_hidden_layers=1, state_size=4))
    with pytest.raises(BadValue, match=r"step.layout = 'packed': mamba has layers other than attention; use padded"):
        require_attention_only(model.get_decoder(), "packed")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("kv_heads", [4, 2])
@pytest.mark.parametrize("window", [None, 3])
def test_flash_attention_over_a_row_equals_attention_with_a_mask(kv_heads, window):
    lengths = [5, 1, 80, 2]
    inputs = tensors(lengths, 4, kv_heads, "cuda", torch.bfloat16)
    bounds = torch.tensor([0, 5, 6, 86, 88], dtype=torch.int32, device="cuda")
    got, _ = packed_attention(
        Module, *inputs, None, scaling=0.3, sliding_window=window, cu_seq_lens_q=bounds, max_length_q=80
    )
    expected = masked(*[t.float() for t in inputs], lengths, window, 0.3)
    assert torch.allclose(got.float(), expected, atol=0.03)
    weight = torch.randn(expected.shape, generator=torch.Generator().manual_seed(1)).cuda()
    for a, b in zip(
        torch.autograd.grad((got.float() * weight).sum(), inputs),
        torch.autograd.grad((expected * weight).sum(), inputs),
        strict=True,
    ):
        assert (a.float() - b.float()).norm() < 0.03 * b.float().norm()
