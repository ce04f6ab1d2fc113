"""The conversion of GGUF files, on a small model that is written here."""

import pytest

pytest.importorskip("torch")
pytest.importorskip("gguf")

import gguf
import torch
from tokenizers import pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

from gradarium.trainers.from_gguf import convert

HEADS, WIDTH = 4, 64
ALPHABET = sorted(pre_tokenizers.ByteLevel.alphabet())
TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *ALPHABET, "ĊĊ", "ĠĠ"]
NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def small():
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(TOKENS),
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=2,
        num_attention_heads=HEADS,
        num_key_value_heads=HEADS,
        max_position_embeddings=128,
        tie_word_embeddings=True,
    )
    return LlamaForCausalLM(config).eval()


def write(path, model):
    """Write ``model`` as llama.cpp lays it out, matrices in 4 bits; round the model's weights in the same way."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(2)
    writer.add_context_length(128)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(2 * WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(TOKENS)
    writer.add_token_types([3, 3, 3] + [1] * (len(TOKENS) - 3))
    writer.add_token_merges(["Ċ Ċ", "Ġ Ġ"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template("{{ messages[0]['content'] }}")
    with torch.no_grad():
        for name, weight in model.named_parameters():
            layer, _, rest = name.removeprefix("model.layers.").partition(".")
            inner = layer.isdigit()
            label = NAMES[(rest if inner else name).removesuffix(".weight")]
            label = f"blk.{layer}.{label}.weight" if inner else f"{label}.weight"
            value, kind = weight.numpy(), None
            if weight.ndim == 2:
                kind = gguf.GGMLQuantizationType.Q4_1
                packed = gguf.quants.quantize(value, kind)
                weight.copy_(torch.from_numpy(gguf.quants.dequantize(packed, kind)))
                value = packed
                if label.endswith(("attn_q.weight", "attn_k.weight")):  # llama.cpp turns pairs, transformers halves
                    value = packed.reshape(HEADS, 2, -1, packed.shape[1]).swapaxes(1, 2).reshape(packed.shape)
            writer.add_tensor(label, value, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gguf")
    model = small()
    write(folder / "small.gguf", model)
    for name, split in (("split", True), ("whole", False)):
        convert(folder / "small.gguf", folder / name, split)
    return model, folder


def test_weights_are_those_of_the_file_in_bfloat16(converted):
    model, folder = converted
    loaded = AutoModelForCausalLM.from_pretrained(folder / "split")
    assert loaded.dtype == torch.bfloat16
    assert loaded.config.tie_word_embeddings
    assert getattr(loaded.config, "quantization_config", None) is None
    found = loaded.state_dict()
    assert found.keys() == model.state_dict().keys()
    for name, weight in model.state_dict().items():
        assert torch.equal(found[name], weight.to(torch.bfloat16)), name
    assert (folder / "split" / "model.safetensors").stat().st_size < 2.1 * model.num_parameters() + 10_000


def test_the_model_computes_the_same(converted):
    model, folder = converted
    loaded = AutoModelForCausalLM.from_pretrained(folder / "split", dtype=torch.float32).eval()
    ids = torch.arange(3, 40)[None]
    with torch.no_grad():
        assert torch.allclose(loaded(ids).logits, model.to(torch.bfloat16).float()(ids).logits, atol=1e-4)


def test_the_tokenizer(converted):
    tokenizer = AutoTokenizer.from_pretrained(converted[1] / "split")
    assert tokenizer.get_vocab() == {token: i for i, token in enumerate(TOKENS)}
    assert (tokenizer.bos_token, tokenizer.eos_token) == ("<|im_start|>", "<|im_end|>")
    assert tokenizer.chat_template == "{{ messages[0]['content'] }}"
    text = "  two\n\nx 12\n\n3  4<|im_end|>é"
    assert tokenizer.decode(tokenizer(text).input_ids) == text


@pytest.mark.parametrize(("name", "tokens"), [("split", ["ĊĊ", "5"]), ("whole", ["Ċ", "Ċ", "5"])])
def test_digits_are_split_before_the_white_space(converted, name, tokens):
    tokenizer = AutoTokenizer.from_pretrained(converted[1] / name)
    assert tokenizer.convert_ids_to_tokens(tokenizer("\n\n5").input_ids) == tokens
