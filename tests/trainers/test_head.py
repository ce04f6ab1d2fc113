"""The chunked head against plain logits: values, gradients, memory, and which models it understands."""

import pytest

torch = pytest.importorskip("torch")

from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402
from torch.utils._pytree import tree_leaves  # noqa: E402

from gradarium.errors import BadValue  # noqa: E402
from gradarium.trainers.head import HEAD_BYTES, head_of, logprobs_and_entropy  # noqa: E402


def naive(hidden, weight, bias, targets, temperature):
    logits = hidden @ weight.T / temperature if bias is None else (hidden @ weight.T + bias) / temperature
    logp = torch.log_softmax(logits, -1)
    return logp.gather(1, targets[:, None])[:, 0], -(logp.exp() * logp).sum(-1)


def case(n=7, v=11, d=5, dtype=torch.float32, device="cpu"):
    noise = torch.Generator().manual_seed(0)
    hidden = torch.randn(n, d, generator=noise, dtype=torch.float64).to(device, dtype).requires_grad_()
    weight = torch.randn(v, d, generator=noise, dtype=torch.float64).to(device, dtype).requires_grad_()
    bias = torch.randn(v, generator=noise, dtype=torch.float64).to(device, dtype).requires_grad_()
    return hidden, weight, bias, torch.randint(v, (n,), generator=noise).to(device)


def test_golden_values():
    # Logits 0 and ln 3: p = 1/4, 3/4; the entropy is ln 4 - (3/4) ln 3. At temperature 1/2 the odds are 1 : 9.
    weight = torch.tensor([[0.0], [1.0]])
    hidden, targets = torch.full((2, 1), 3.0).log(), torch.tensor([0, 1])
    logp, entropy = logprobs_and_entropy(hidden, weight, None, targets)
    assert logp.tolist() == pytest.approx([-1.3862944, -0.2876821])
    assert entropy.tolist() == pytest.approx([0.5623351, 0.5623351])
    logp, entropy = logprobs_and_entropy(hidden, weight, None, targets, temperature=0.5)
    assert logp.tolist() == pytest.approx([-2.3025851, -0.1053605])
    assert entropy.tolist() == pytest.approx([0.3250830, 0.3250830])


@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
@pytest.mark.parametrize("head_bytes", [1, 100, HEAD_BYTES])  # one token a chunk, two, all
def test_values_and_gradients_equal_those_of_plain_logits(with_bias, temperature, head_bytes):
    hidden, weight, bias, targets = case()
    inputs = [hidden, weight, bias] if with_bias else [hidden, weight]
    g, h = torch.randn(2, len(hidden), generator=torch.Generator().manual_seed(1))
    results = []
    for function, extra in ((naive, ()), (logprobs_and_entropy, (head_bytes,))):
        logp, entropy = function(hidden, weight, bias if with_bias else None, targets, temperature, *extra)
        grads = torch.autograd.grad((g * logp + h * entropy).sum(), inputs)
        results.append([logp, entropy, *grads])
    for expected, got in zip(*results, strict=True):
        assert got.dtype == torch.float32
        assert torch.allclose(got, expected, atol=1e-5)


def test_gradcheck_in_fp64():
    hidden, weight, bias, targets = case(n=4, v=6, d=3, dtype=torch.float64)

    def run(hidden, weight, bias):
        return logprobs_and_entropy(hidden, weight, bias, targets, 0.8, head_bytes=2 * 6 * 8)

    assert torch.autograd.gradcheck(run, (hidden, weight, bias))


@pytest.mark.parametrize("which", [0, 1])
def test_gradient_of_one_result_alone(which):
    hidden, weight, bias, targets = case()
    expected = torch.autograd.grad(naive(hidden, weight, bias, targets, 1.0)[which].sum(), [hidden, weight, bias])
    got = torch.autograd.grad(logprobs_and_entropy(hidden, weight, bias, targets)[which].sum(), [hidden, weight, bias])
    for a, b in zip(got, expected, strict=True):
        assert torch.allclose(a, b, atol=1e-5)


def test_frozen_weight_gets_no_gradient_and_the_hidden_states_the_same():
    hidden, weight, _, targets = case()
    expected = torch.autograd.grad(logprobs_and_entropy(hidden, weight, None, targets)[0].sum(), hidden)[0]
    logprobs_and_entropy(hidden, weight.detach(), None, targets)[0].sum().backward()
    assert torch.equal(hidden.grad, expected)


def test_no_tokens():
    hidden, weight, _, targets = case(n=0)
    logp, entropy = logprobs_and_entropy(hidden, weight, None, targets)
    assert logp.shape == entropy.shape == (0,)
    (logp.sum() + entropy.sum()).backward()
    assert not weight.grad.any()


def test_large_logits_neither_overflow_nor_lose_the_sum():
    hidden, weight = torch.tensor([[300.0]], requires_grad=True), torch.tensor([[1.0], [-1.0], [1.0]])
    logp, entropy = logprobs_and_entropy(hidden, weight, None, torch.tensor([1]))
    (logp + entropy).sum().backward()
    assert logp.item() == pytest.approx(-600.6931472)
    assert entropy.item() == pytest.approx(0.6931472)
    assert hidden.grad.item() == pytest.approx(-2.0)


def test_temperature_zero_is_refused():
    hidden, weight, _, targets = case()
    with pytest.raises(BadValue, match=r"temperature = 0.*above 0"):
        logprobs_and_entropy(hidden, weight, None, targets, 0)


@pytest.mark.parametrize("how", ["inputs", "autocast"])
def test_bf16_products_with_fp32_sums(how):
    hidden, weight, bias, targets = case(n=9, v=50, d=16)
    expected = naive(hidden, weight, bias, targets, 1.0)
    wanted = torch.autograd.grad(sum(t.sum() for t in expected), [hidden, weight, bias])
    inputs = [hidden, weight, bias]
    if how == "inputs":
        inputs = [t.detach().bfloat16().requires_grad_() for t in inputs]
    with torch.autocast("cpu", torch.bfloat16, enabled=how == "autocast"):
        got = logprobs_and_entropy(*inputs, targets, head_bytes=600)
    grads = torch.autograd.grad(sum(t.sum() for t in got), inputs)
    for a, b in zip(got, expected, strict=True):
        assert a.dtype == torch.float32
        assert torch.allclose(a, b, atol=0.1)
        assert not torch.equal(a, b)  # the products did run in 16 bit
    for a, b, source in zip(grads, wanted, inputs, strict=True):
        assert a.dtype == source.dtype
        assert (a.float() - b).norm() < 0.03 * b.norm()


class Largest(TorchDispatchMode):
    """Remembers the size of the largest tensor that any operation gave, by shape class."""

    def __init__(self, weight):
        self.weight, self.other, self.of_weight = weight, 0, 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(out):
            if isinstance(leaf, torch.Tensor):
                if leaf.shape in (self.weight.shape, self.weight.T.shape):
                    self.of_weight = max(self.of_weight, leaf.nbytes)
                else:
                    self.other = max(self.other, leaf.nbytes)
        return out


@pytest.mark.parametrize("vocabulary", [100, 1000, 4000])
def test_no_tensor_is_larger_than_asked_for_except_the_gradient_of_the_weight(vocabulary):
    hidden, weight, bias, targets = case(n=300, v=vocabulary, d=8)
    with Largest(weight) as spy:
        logp, entropy = logprobs_and_entropy(hidden, weight, bias, targets, 0.9, head_bytes=20_000)
        (logp + entropy).sum().backward()
    assert 0 < spy.other <= 20_000
    assert spy.of_weight == weight.nbytes


def small(kind, **options):
    import transformers

    torch.manual_seed(0)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=16,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        **options,
    )
    return getattr(transformers, f"{kind}ForCausalLM")(config)


@pytest.mark.parametrize(
    ("kind", "options", "scale"),
    [
        ("Llama", {}, 1.0),
        ("Qwen2", {"tie_word_embeddings": True}, 1.0),
        ("Qwen3", {}, 1.0),
        ("Cohere", {"logit_scale": 0.0625}, 0.0625),
        ("Granite", {"logits_scaling": 8.0}, 0.125),
    ],
)
def test_head_of_gives_the_models_own_logits(kind, options, scale):
    model = small(kind, **options)
    head = head_of(model)
    ids = torch.tensor([[3, 4, 5, 6]])
    hidden = head.decoder(input_ids=ids).last_hidden_state
    assert head.scale == scale
    assert torch.allclose(scale * (hidden @ head.weight.T), model(input_ids=ids).logits, atol=1e-5)


def test_models_with_capped_logits_are_refused_by_name():
    with pytest.raises(BadValue, match="model = 'gemma2': caps its logits"):
        head_of(small("Gemma2"))


def test_a_model_that_changes_its_logits_unheard_of_is_refused():
    model = small("Llama")
    plain = model.forward
    model.forward = lambda **kwargs: (lambda out: (setattr(out, "logits", out.logits**2), out)[1])(plain(**kwargs))
    with pytest.raises(BadValue, match="'llama': its logits are not a scaled linear map"):
        head_of(model)


def test_asking_for_the_head_draws_no_random_numbers():
    model = small("Llama", attention_dropout=0.5).train()
    state = torch.get_rng_state()
    head_of(model)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_16_bit_on_a_gpu_is_close_to_fp32():
    hidden, weight, bias, targets = case(n=257, v=5000, d=128, device="cuda")
    small_weight = (weight / 8).detach().requires_grad_()
    expected = naive(hidden, small_weight, bias, targets, 1.0)
    wanted = torch.autograd.grad(sum(t.sum() for t in expected), [hidden, small_weight])
    with torch.autocast("cuda", torch.bfloat16):
        got = logprobs_and_entropy(hidden, small_weight, bias, targets, head_bytes=2**20)
    grads = torch.autograd.grad(sum(t.sum() for t in got), [hidden, small_weight])
    for a, b in zip(got, expected, strict=True):
        assert torch.allclose(a, b, atol=0.05)
    for a, b in zip(grads, wanted, strict=True):
        assert (a - b).norm() < 0.03 * b.norm()
