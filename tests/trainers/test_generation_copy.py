"""The copy that generates follows the weights and never touches them."""

import copy

import pytest

torch = pytest.importorskip("torch")

from gradarium.trainers.generation_copy import GenerationCopy  # noqa: E402
from gradarium.trainers.lora import add_lora  # noqa: E402

IDS = torch.tensor([[1, 2, 3, 4]])


def small(kind="Llama", **options):
    import transformers

    torch.manual_seed(0)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        pad_token_id=0,
        eos_token_id=7,
        **options,
    )
    return getattr(transformers, f"{kind}ForCausalLM")(config)


def gpt2():
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    return GPT2LMHeadModel(GPT2Config(vocab_size=64, n_embd=32, n_layer=2, n_head=4, n_positions=64))


def with_adapters(model):
    """Adapters that say something."""
    pytest.importorskip("peft")
    add_lora(model, rank=2, alpha=8.0)
    noise = torch.Generator().manual_seed(1)
    for name, p in model.named_parameters():
        if "lora_B" in name:
            p.data.normal_(0, 0.1, generator=noise)
    return model


def merged_by_peft(model):
    """The weights after peft's own merge, in a copy."""
    model = copy.deepcopy(model)
    for module in model.modules():
        if hasattr(module, "merge") and hasattr(module, "base_layer"):
            module.merge()
    return {name.replace(".base_layer.", "."): p for name, p in model.named_parameters() if ".lora_" not in name}


def bits(model):
    return {name: p.detach().clone() for name, p in model.named_parameters()}


def step(model):
    """Change every trainable weight a little, as an optimiser would."""
    noise = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for p in model.parameters():
            if p.requires_grad:
                p.add_(torch.randn(p.shape, generator=noise) * 0.01)


def test_without_a_difference_the_model_itself_generates():
    model = small()
    made = GenerationCopy(model, torch.float32)
    assert made.model is model
    before = bits(model)
    made.refresh()
    assert all(torch.equal(before[name], p) for name, p in model.named_parameters())
    assert model.training and all(p.requires_grad for p in model.parameters())
    half = small().bfloat16()
    assert GenerationCopy(half, torch.bfloat16).model is half


@pytest.mark.parametrize("make", [small, lambda: small(tie_word_embeddings=True), lambda: small("Qwen2"), gpt2])
def test_a_16_bit_copy_is_the_model_rounded_once_and_follows(make):
    model = make().train()
    made = GenerationCopy(model, torch.bfloat16)
    places = {name: p.data_ptr() for name, p in made.model.named_parameters()}
    for _ in range(2):
        before = bits(model)
        expected = copy.deepcopy(model).eval()
        for p in expected.parameters():
            p.data = p.data.bfloat16()
        made.refresh()
        for name, p in made.model.named_parameters():
            assert p.dtype == torch.bfloat16
            assert torch.equal(p, dict(expected.named_parameters())[name])
        assert torch.equal(made.model(IDS).logits, expected(IDS).logits)  # buffers and ties are right, too
        assert {name: p.data_ptr() for name, p in made.model.named_parameters()} == places
        assert all(torch.equal(before[name], p) and p.dtype == torch.float32 for name, p in model.named_parameters())
        step(model)
        assert not torch.equal(made.model(IDS).logits, copy.deepcopy(model).bfloat16().eval()(IDS).logits)


def test_the_copy_is_frozen_and_the_model_goes_on_learning():
    model = small().train()
    made = GenerationCopy(model, torch.bfloat16)
    assert not made.model.training and model.training
    assert not any(p.requires_grad for p in made.model.parameters())
    assert all(p.requires_grad for p in model.parameters())
    assert made.model.generation_config.eos_token_id == 7
    assert made.model.config is not model.config
    frequencies = [b for name, b in made.model.named_buffers() if name.endswith("inv_freq")]
    assert frequencies and all(b.dtype == torch.float32 for b in frequencies)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("tied", [True, False])
def test_adapters_are_merged_as_peft_merges_them(dtype, tied):
    model = with_adapters(small(tie_word_embeddings=tied))
    made = GenerationCopy(model, dtype)
    for _ in range(2):
        made.refresh()
        before = bits(model)
        expected = merged_by_peft(model)
        got = dict(made.model.named_parameters())
        assert set(got) == set(expected)
        for name, p in got.items():
            assert torch.equal(p, expected[name].to(dtype)), name
        assert all(torch.equal(before[name], p) for name, p in model.named_parameters())
        if dtype == torch.float32:
            assert torch.allclose(made.model(IDS).logits, model.eval()(IDS).logits, atol=1e-5)
        step(model)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_copy_lives_where_the_model_lives():
    model = small().cuda()
    made = GenerationCopy(model, torch.bfloat16)
    assert all(t.is_cuda for t in (*made.model.parameters(), *made.model.buffers()))
    assert torch.allclose(made.model(IDS.cuda()).logits.float(), model(IDS.cuda()).logits, atol=0.05)
