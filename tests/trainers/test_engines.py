"""The native engine must tell what the reference engine tells, whoever ends when."""

import pytest

torch = pytest.importorskip("torch")

from transformers import (  # noqa: E402
    FalconConfig,
    Gemma2Config,
    GPT2Config,
    LlamaConfig,
    MambaConfig,
    MistralConfig,
    Qwen2Config,
    Qwen3Config,
)
from transformers.models.auto.modeling_auto import AutoModelForCausalLM  # noqa: E402

from gradarium.errors import BadValue, UnknownName  # noqa: E402
from gradarium.trainers.engines import ENGINES, HFEngine, NativeEngine, Sampling, make_engine  # noqa: E402
from gradarium.trainers.engines.native import ATTENTION, usable  # noqa: E402

SIZES = {
    "vocab_size": 40,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 48,
    "max_position_embeddings": 128,
    "pad_token_id": 0,
    "bos_token_id": None,
    "eos_token_id": 1,
}
PROMPTS = [[5, 6, 7], [8], [9, 10, 11, 12, 13, 14, 15, 16], [17, 18]]
STOPS = (1, 2, 3, 4)


def model_of(config, dtype=torch.float64):
    torch.manual_seed(3)
    return AutoModelForCausalLM.from_config(config).to(dtype).eval()


@pytest.fixture(scope="module")
def llama():
    return model_of(LlamaConfig(**SIZES))


def both(model, prompts, samples, sampling, seed=0, stops=STOPS, rows=1024):
    return [
        engine(model, 0, stops, rows).generate(prompts, samples, sampling, torch.Generator().manual_seed(seed))
        for engine in (HFEngine, NativeEngine)
    ]


def same(expected, found):
    for row, other in zip(expected, found, strict=True):
        assert [c.token_ids for c in row] == [c.token_ids for c in other]
        assert [c.finish for c in row] == [c.finish for c in other]
        for one, two in zip(row, other, strict=True):
            assert one.logprobs == pytest.approx(two.logprobs, abs=1e-5)


@pytest.mark.parametrize("samples", [1, 6, [3, 0, 5, 1]], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_same_completions_whoever_ends_when(llama, samples, seed):
    expected, found = both(llama, PROMPTS, samples, Sampling(24, 1.3), seed)
    same(expected, found)
    lengths = {len(c.token_ids) for row in expected for c in row}
    assert len(lengths) > 1  # rows did end at different times
    assert [len(row) for row in found] == ([samples] * 4 if isinstance(samples, int) else samples)


def test_same_completions_in_several_batches_and_without_an_end(llama):
    same(*both(llama, PROMPTS, 4, Sampling(9), rows=5))
    same(*both(llama, PROMPTS, 4, Sampling(9), stops=()))
    same(*both(llama, PROMPTS, 2, Sampling(7, 0.0)))
    same(*both(llama, [[5]], 1, Sampling(1)))


@pytest.mark.parametrize("config", [Qwen2Config, Qwen3Config, MistralConfig], ids=lambda c: c.__name__)
def test_other_models_of_plain_attention(config):
    options = {"head_dim": 8} if config is not Qwen2Config else {}
    if config is MistralConfig:
        options["sliding_window"] = None
    model = model_of(config(**SIZES, **options))
    assert usable(model)
    same(*both(model, PROMPTS, 5, Sampling(12)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_other_precisions_are_close(dtype):
    model = model_of(LlamaConfig(**SIZES), dtype)
    expected, found = both(model, PROMPTS, 6, Sampling(8, 0.0), stops=())
    allowed = 1e-4 if dtype is torch.float32 else 5e-2
    for row, other in zip(expected, found, strict=True):
        for one, two in zip(row, other, strict=True):
            assert one.logprobs[0] == pytest.approx(two.logprobs[0], abs=allowed)
            assert one.logprobs[1] == pytest.approx(two.logprobs[1], abs=allowed) or one.token_ids != two.token_ids


REFUSED = {
    "soft caps": lambda: Gemma2Config(**SIZES, head_dim=8),
    "a window": lambda: MistralConfig(**SIZES, head_dim=8, sliding_window=2),
    "no attention": lambda: MambaConfig(vocab_size=40, hidden_size=32, num_hidden_layers=2, state_size=4),
}


@pytest.mark.parametrize("config", REFUSED.values(), ids=REFUSED)
def test_models_that_are_more_than_plain_attention_go_to_hf(config):
    model = model_of(config(), torch.float32)
    assert not usable(model)
    assert type(make_engine("auto", model, 0, STOPS)) is HFEngine
    with pytest.raises(BadValue, match="use hf"):
        make_engine("native", model, 0, STOPS)


@pytest.mark.parametrize(
    "config",
    [
        lambda: GPT2Config(vocab_size=40, n_embd=32, n_layer=2, n_head=4, n_positions=128),
        lambda: FalconConfig(vocab_size=40, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, alibi=True),
    ],
    ids=["learned positions", "alibi"],
)
def test_other_architectures_are_told_apart_by_what_they_say(config):
    model = model_of(config(), torch.float32)
    if usable(model):
        same(*both(model, PROMPTS, 3, Sampling(6, 0.0)))
    else:
        assert type(make_engine("auto", model, 0, STOPS)) is HFEngine


def test_a_model_that_tells_something_else_is_refused(llama, monkeypatch):
    from gradarium.trainers.engines import native

    assert usable(llama)
    real = native.slot_attention

    def wrong(*args, **options):
        out, rest = real(*args, **options)
        return out * 1.01, rest

    monkeypatch.setitem(native.AttentionInterface._global_mapping, ATTENTION, wrong)
    assert not usable(llama)


def test_names(llama):
    assert type(make_engine("auto", llama, 0, STOPS)) is NativeEngine
    assert type(make_engine("hf", llama, 0, STOPS)) is HFEngine
    assert set(ENGINES) == {"auto", "native", "hf"}
    with pytest.raises(UnknownName, match="native"):
        make_engine("nativ", llama, 0, STOPS)


def test_the_attention_alone_says_what_it_is_for(llama):
    llama.config._attn_implementation, before = ATTENTION, llama.config._attn_implementation
    try:
        with pytest.raises(BadValue, match="native engine alone"):
            llama(torch.tensor([[1, 2]]))
    finally:
        llama.config._attn_implementation = before


def test_a_model_in_training_stays_so(llama):
    llama.train()
    assert usable(llama)
    assert llama.training
    llama.eval()
