"""All layouts, the engine and the plain forward pass must tell the same log-probabilities, with the same gradient."""

import copy

import pytest

torch = pytest.importorskip("torch")

from gradarium.errors import BadValue, UnknownName  # noqa: E402
from gradarium.trainers.activation_checkpointing import enable_checkpointing  # noqa: E402
from gradarium.trainers.engines import HFEngine, Sampling  # noqa: E402
from gradarium.trainers.packing import LAYOUTS  # noqa: E402
from gradarium.trainers.policy import score  # noqa: E402
from gradarium.trainers.precision import precision_of  # noqa: E402

PROMPTS = ["3+4", "a much longer prompt: 12", "7"]
COMPLETIONS = ["7", "12 or so", "x", "", "9", "long completion here"]


def encode(tokenizer, text):
    return tokenizer(text, add_special_tokens=False).input_ids


def plain(model, prompt, completion, temperature=1.0):
    """Log-probabilities of one completion, alone and without a cache."""
    logits = model(torch.tensor([prompt + completion])).logits[0].float() / temperature
    logp = torch.log_softmax(logits, -1)
    return torch.stack([logp[len(prompt) - 1 + i, token] for i, token in enumerate(completion)])


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_shared_prompt_equals_plain_forward(tiny, temperature):
    model, tokenizer = tiny
    prompts = [encode(tokenizer, p) for p in PROMPTS]
    completions = [[*encode(tokenizer, c), tokenizer.eos_token_id] for c in COMPLETIONS]
    scores = score(model, prompts, completions, tokenizer.pad_token_id, temperature)
    for i, completion in enumerate(completions):
        expected = plain(model, prompts[i // 2], completion, temperature)
        assert torch.allclose(scores.logprobs[i, : len(completion)], expected, atol=1e-5)
        assert scores.mask[i].sum() == len(completion)
        assert scores.logprobs[i, len(completion) :].abs().sum() == 0


def test_gradient_through_the_shared_prompt_equals_plain_gradient(tiny):
    model, tokenizer = tiny
    prompts = [encode(tokenizer, p) for p in PROMPTS]
    completions = [[*encode(tokenizer, c), tokenizer.eos_token_id] for c in COMPLETIONS]
    model.zero_grad()
    score(model, prompts, completions, tokenizer.pad_token_id).logprobs.sum().backward()
    shared = [p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    sum(plain(model, prompts[i // 2], c).sum() for i, c in enumerate(completions)).backward()
    for got, p in zip(shared, model.parameters(), strict=True):
        assert torch.allclose(got, p.grad, atol=1e-4)
    model.zero_grad()


def test_engine_returns_the_log_probabilities_of_what_it_sampled(tiny):
    model, tokenizer = tiny
    engine = HFEngine(model, tokenizer.pad_token_id, [tokenizer.eos_token_id], max_rows=5)
    prompts = [encode(tokenizer, p) for p in PROMPTS]
    rows = engine.generate(prompts, 3, Sampling(12, 0.8), torch.Generator().manual_seed(0))
    for prompt, row in zip(prompts, rows, strict=True):
        assert len(row) == 3
        for c in row:
            assert len(c.token_ids) == len(c.logprobs) <= 12
            assert (c.token_ids[-1] == tokenizer.eos_token_id) == (c.finish == "stop")
            expected = plain(model, prompt, c.token_ids, 0.8).tolist()
            assert c.logprobs == pytest.approx(expected, abs=1e-4)


def test_engine_repeats_itself_and_greedy_needs_no_noise(tiny):
    model, tokenizer = tiny
    engine = HFEngine(model, tokenizer.pad_token_id, [tokenizer.eos_token_id])
    prompts = [encode(tokenizer, p) for p in PROMPTS]

    def draw(seed, temperature):
        return engine.generate(prompts, 2, Sampling(8, temperature), torch.Generator().manual_seed(seed))

    assert draw(1, 1.0) == draw(1, 1.0) != draw(2, 1.0)
    assert draw(1, 0.0) == draw(2, 0.0)


def test_sampling_frequencies_follow_the_distribution():
    from gradarium.trainers.engines.engine import sample

    logits = torch.tensor([[0.0, 1.0, 2.0]]).expand(20_000, 3)
    chosen, logp = sample(logits, 0.5, torch.Generator().manual_seed(0))
    expected = torch.softmax(logits[0] / 0.5, 0)
    found = torch.bincount(chosen, minlength=3) / len(chosen)
    assert torch.allclose(found, expected, atol=0.01)
    assert torch.allclose(logp, expected.log()[chosen], atol=1e-5)


UNEVEN = [[3, 1, 4], [1, 5, 9, 2, 6], [5]]
COUNTS = [3, 0, 2]
ANSWERS = [[7, 7, 8], [], [9], [1, 2, 3, 4, 5], [6, 6]]


def reference(model, temperature):
    """Log-probabilities and entropies of ANSWERS, each alone."""
    owners = [prompt for prompt, count in zip(UNEVEN, COUNTS, strict=True) for _ in range(count)]
    logprobs, entropies = [], []
    for prompt, answer in zip(owners, ANSWERS, strict=True):
        logits = model(torch.tensor([prompt + answer])).logits[0].float() / temperature
        logp = torch.log_softmax(logits, -1)[len(prompt) - 1 : len(prompt) - 1 + len(answer)]
        logprobs.append(logp[torch.arange(len(answer)), answer] if answer else logp.new_zeros(0))
        entropies.append(-(logp.exp() * logp).sum(-1))
    return torch.cat(logprobs), torch.cat(entropies)


def gradients(model, logprobs, entropy):
    """Gradients of a sum in which every token has its own weight."""
    g, h = torch.randn(2, len(logprobs), generator=torch.Generator().manual_seed(3))
    model.zero_grad()
    (g * logprobs + h * entropy).sum().backward()
    found = {name: p.grad.clone() for name, p in model.named_parameters()}
    model.zero_grad()
    return found


def small(kind, **options):
    """A model with 2 layers and 4 heads over 2 key-value heads."""
    import transformers

    torch.manual_seed(0)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        pad_token_id=0,
        **options,
    )
    return getattr(transformers, f"{kind}ForCausalLM")(config)


def gpt2():
    """A model with learned positions and another kind of linear layer."""
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    rates = dict.fromkeys(("attn_pdrop", "resid_pdrop", "embd_pdrop"), 0.0)
    return GPT2LMHeadModel(GPT2Config(vocab_size=64, n_embd=32, n_layer=2, n_head=4, n_positions=64, **rates))


def gemma3():
    """A model whose layers differ in what they see."""
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    torch.manual_seed(0)
    return Gemma3ForCausalLM(
        Gemma3TextConfig(
            vocab_size=64,
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=8,
            sliding_window=3,
            layer_types=["sliding_attention", "full_attention"],
        )
    )


MODELS = {
    "llama": lambda: small("Llama", tie_word_embeddings=True),
    "qwen2": lambda: small("Qwen2"),
    "qwen3": lambda: small("Qwen3"),
    "mistral with a window": lambda: small("Mistral", sliding_window=3),
    "gemma3, windows and full": gemma3,
    "cohere, scaled logits": lambda: small("Cohere"),
    "gpt2": gpt2,
}


@pytest.mark.parametrize("checkpointing", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", MODELS)
def test_every_layout_equals_the_plain_forward_pass(kind, layout, checkpointing):
    model = MODELS[kind]()
    expected = reference(model, 0.7)
    wanted = gradients(model, *expected)
    if checkpointing:
        enable_checkpointing(model)
    scores = score(model, UNEVEN, ANSWERS, 0, 0.7, layout=layout, counts=COUNTS, head_bytes=600)
    assert scores.mask.tolist() == [[float(t < len(answer)) for t in range(5)] for answer in ANSWERS]
    chosen = scores.mask.bool()
    assert not scores.logprobs[~chosen].any() and not scores.entropy[~chosen].any()
    got = scores.logprobs[chosen], scores.entropy[chosen]
    for a, b in zip(got, expected, strict=True):
        assert torch.allclose(a, b, atol=1e-5)
    for name, gradient in gradients(model, *got).items():
        assert torch.allclose(gradient, wanted[name], atol=1e-4), name


@pytest.mark.parametrize("layout", LAYOUTS)
def test_neither_the_pad_token_nor_the_company_matters(layout):
    model = small("Llama")
    with torch.no_grad():
        first = score(model, UNEVEN, ANSWERS, 0, layout=layout, counts=COUNTS).logprobs
        other = score(model, UNEVEN, ANSWERS, 9, layout=layout, counts=COUNTS).logprobs
        alone = score(model, UNEVEN[:1], ANSWERS[:1], 0, layout=layout).logprobs
        turned = score(model, UNEVEN[::-1], ANSWERS[3:] + ANSWERS[:3], 0, layout=layout, counts=COUNTS[::-1]).logprobs
    assert torch.allclose(first, other, atol=1e-6)
    assert torch.allclose(first[:1, :3], alone, atol=1e-6)
    assert torch.allclose(torch.cat([first[3:], first[:3]]), turned, atol=1e-6)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("answers", [[[], []], [[], [5]]])
def test_empty_completions(layout, answers):
    model = small("Llama")
    scores = score(model, [[1, 2]], answers, 0, layout=layout)
    (scores.logprobs.sum() + scores.entropy.sum()).backward()
    assert scores.logprobs.shape == (2, 1)
    assert scores.mask.sum() == sum(map(len, answers))
    assert torch.isfinite(model.lm_head.weight.grad).all()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("checkpointing", [False, True])
def test_bf16_runs_over_the_same_fp32_weights(layout, checkpointing):
    model = small("Llama")
    exact = score(model, UNEVEN, ANSWERS, 0, layout=layout, counts=COUNTS)
    wanted = gradients(model, exact.logprobs.flatten(), exact.entropy.flatten())
    if checkpointing:
        enable_checkpointing(model)
    with precision_of(model, "bf16"):
        rough = score(model, UNEVEN, ANSWERS, 0, layout=layout, counts=COUNTS)
    got = gradients(model, rough.logprobs.flatten(), rough.entropy.flatten())
    assert rough.logprobs.dtype == torch.float32
    assert not torch.equal(rough.logprobs, exact.logprobs)
    assert torch.allclose(rough.logprobs, exact.logprobs, atol=0.02)
    for name, gradient in got.items():
        assert gradient.dtype == torch.float32
        assert (gradient - wanted[name]).norm() < 0.1 * wanted[name].norm(), name


def test_precision_is_fp32_or_bf16(tiny):
    with precision_of(tiny[0], "fp32"):
        assert not torch.is_autocast_enabled("cpu")
    with pytest.raises(UnknownName, match="'fp16'"):
        precision_of(tiny[0], "fp16")


def test_scoring_leaves_the_model_as_it_was():
    model = small("Llama")
    chosen = model.config._attn_implementation
    state = torch.get_rng_state()
    for layout in LAYOUTS:
        score(model, UNEVEN, ANSWERS, 0, layout=layout, counts=COUNTS)
    assert model.config._attn_implementation == chosen
    assert torch.equal(torch.get_rng_state(), state)


def test_what_cannot_be_scored_is_refused():
    model = small("Llama")
    with pytest.raises(UnknownName, match=r"'paded'.*'padded'"):
        score(model, [[1]], [[2]], 0, layout="paded")
    with pytest.raises(BadValue, match=r"prompts = \[1, 0\]"):
        score(model, [[1], []], [[2], [3]], 0)
    for counts in ([1, 1], [2, 2, -1], [3], None):
        with pytest.raises(BadValue, match="must share 3 completions among 2 prompts"):
            score(model, [[1], [1]], [[2], [3], [4]], 0, counts=counts)


@pytest.mark.parametrize("layout", ["shared", "packed"])
def test_a_model_with_state_is_sent_to_the_padded_layout(layout):
    from transformers import MambaConfig, MambaForCausalLM

    model = MambaForCausalLM(MambaConfig(vocab_size=16, hidden_size=8, num_hidden_layers=1, state_size=4))
    with pytest.raises(BadValue, match="mamba has layers other than attention; use padded"):
        score(model, [[1]], [[2]], 0, layout=layout)
    assert score(model, [[1, 3]], [[2], [4, 5]], 0, layout="padded").mask.sum() == 3


@pytest.mark.filterwarnings("ignore:.*gradient_checkpointing_enable:FutureWarning")
def test_checkpoints_of_transformers_are_refused_for_the_shared_prompt():
    model = small("Llama").train()
    model.gradient_checkpointing_enable()
    with pytest.raises(BadValue, match="gradient checkpointing of transformers drops them"):
        score(model, [[1]], [[2]], 0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_checkpointing_keeps_less(layout):
    kept = []
    for checkpointing in (False, True):
        model = small("Llama")
        if checkpointing:
            enable_checkpointing(model)
            enable_checkpointing(model)  # harmless
        weights = {p.data_ptr() for p in model.parameters()}
        saved = {}

        def pack(tensor, weights=weights, saved=saved):
            if tensor.data_ptr() not in weights:
                saved[tensor.data_ptr()] = tensor.nbytes
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            score(model, [[3] * 20] * 3, [[5] * 20] * 12, 0, layout=layout)
        kept.append(sum(saved.values()))
    assert kept[1] < 0.5 * kept[0]


def test_a_copied_model_runs_its_own_layers_again():
    model = small("Llama")
    enable_checkpointing(model)
    twin = copy.deepcopy(model)
    with torch.no_grad():
        for p in model.parameters():
            p.zero_()
    before = [p.clone() for p in twin.parameters()]
    scores = score(twin, UNEVEN, ANSWERS, 0, counts=COUNTS)
    scores.logprobs.sum().backward()
    assert all(p.grad is None for p in model.parameters())
    assert all(p.grad is not None for p in twin.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, twin.parameters(), strict=True))
    fresh = score(small("Llama"), UNEVEN, ANSWERS, 0, counts=COUNTS)
    assert torch.equal(scores.logprobs, fresh.logprobs)


def test_a_checkpointed_model_still_generates():
    model = small("Llama")
    engine = HFEngine(model, 0, [63])
    draw = Sampling(6, 1.0)
    plain_rows = engine.generate(UNEVEN, 2, draw, torch.Generator().manual_seed(0))
    enable_checkpointing(model)
    assert engine.generate(UNEVEN, 2, draw, torch.Generator().manual_seed(0)) == plain_rows


def test_layers_that_cannot_be_run_again_are_refused():
    model = small("Llama")
    model.model.layers = torch.nn.ModuleList()
    with pytest.raises(BadValue, match="the layers of llama cannot be run again"):
        enable_checkpointing(model)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("checkpointing", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_in_bf16_on_a_gpu(layout, checkpointing):
    model = small("Llama")
    exact = score(model, UNEVEN, ANSWERS, 0, counts=COUNTS)
    wanted = gradients(model, exact.logprobs.flatten(), exact.entropy.flatten())
    model = model.cuda()
    if checkpointing:
        enable_checkpointing(model)
    with precision_of(model, "bf16"):
        rough = score(model, UNEVEN, ANSWERS, 0, layout=layout, counts=COUNTS)
    got = gradients(model, rough.logprobs.flatten().cpu(), rough.entropy.flatten().cpu())
    assert torch.allclose(rough.logprobs.cpu(), exact.logprobs, atol=0.02)
    for name, gradient in got.items():
        assert (gradient.cpu() - wanted[name]).norm() < 0.1 * wanted[name].norm(), name
