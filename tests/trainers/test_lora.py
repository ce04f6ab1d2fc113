"""Adapters: what they change, what they leave, and how they go to disk and back."""

import sys

import pytest

torch = pytest.importorskip("torch")

from transformers import AutoModelForCausalLM  # noqa: E402

from gradarium.errors import BadValue, MissingExtra  # noqa: E402
from gradarium.trainers.lora import (  # noqa: E402
    add_lora,
    load_lora_state,
    lora_layers,
    lora_state,
    save_merged,
)
from gradarium.trainers.policy import score  # noqa: E402

IDS = torch.tensor([[1, 2, 3, 4]])


def small(**options):
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    return LlamaForCausalLM(LlamaConfig(vocab_size=64, num_key_value_heads=2, pad_token_id=0, **sizes, **options))


def test_without_peft_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(MissingExtra, match=r"step.lora_rank needs .*pip install 'gradarium\[lora\]'"):
        add_lora(small(), 2, 4.0)


def test_rank_zero_is_refused():
    with pytest.raises(BadValue, match=r"step.lora_rank = 0: must be at least 1"):
        add_lora(small(), 0, 4.0)


class TestWithPeft:
    """All that needs adapters."""

    @pytest.fixture(autouse=True)
    def _peft(self):
        pytest.importorskip("peft")

    def trained(self, seed=1, **options):
        model = add_lora(small(**options), 2, 8.0)
        noise = torch.Generator().manual_seed(seed)
        for name, p in model.named_parameters():
            if ".lora_" in name:
                p.data.normal_(0, 0.1, generator=noise)
        return model

    def test_all_linear_layers_of_the_decoder_and_nothing_else_learns(self):
        model = small()
        before = model(IDS).logits
        assert add_lora(model, 2, 8.0) is model
        kinds = {name.rsplit(".", 1)[1] for name in lora_layers(model)}
        assert kinds == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
        assert len(lora_layers(model)) == 14
        learned = {name for name, p in model.named_parameters() if p.requires_grad}
        assert learned and all(".lora_" in name for name in learned)
        assert torch.equal(model(IDS).logits, before)  # B is 0
        with pytest.raises(BadValue, match="has adapters already"):
            add_lora(model, 2, 8.0)

    def test_adapters_of_a_16_bit_model_are_fp32(self):
        model = add_lora(small().bfloat16(), 2, 8.0)
        assert {p.dtype for p in model.parameters() if p.requires_grad} == {torch.float32}
        score(model, [[1, 2]], [[3]], 0).logprobs.sum().backward()
        assert all(p.grad is None for p in model.parameters() if not p.requires_grad)
        assert any(p.grad.any() for p in model.parameters() if p.requires_grad)

    def test_update_is_alpha_over_rank_times_b_a(self):
        model = self.trained()
        name, layer = next(iter(lora_layers(model).items()))
        a, b = layer.lora_A["default"].weight, layer.lora_B["default"].weight
        x = torch.randn(3, 32, generator=torch.Generator().manual_seed(0))
        assert torch.allclose(layer(x), layer.base_layer(x) + 8.0 / 2 * x @ a.T @ b.T, atol=1e-6), name

    @pytest.mark.parametrize("layout", ["shared", "padded", "packed"])
    def test_layouts_agree(self, layout):
        model = self.trained()
        expected = torch.log_softmax(model(torch.tensor([[1, 2, 3, 4]])).logits[0], -1)[[1, 2], [3, 4]]
        scores = score(model, [[1, 2]], [[3, 4], [5]], 0, layout=layout)
        assert torch.allclose(scores.logprobs[0], expected, atol=1e-5)

    def test_adapters_change_what_is_said_and_alone_are_trained(self):
        model = self.trained()
        assert not torch.allclose(model(IDS).logits, small()(IDS).logits, atol=1e-4)
        assert all(p.requires_grad == (".lora_" in name) for name, p in model.named_parameters())

    @pytest.mark.parametrize("tied", [True, False])
    def test_the_saved_model_is_plain_and_says_the_same(self, tied, tmp_path):
        model = self.trained(tie_word_embeddings=tied)
        save_merged(model, tmp_path)
        loaded = AutoModelForCausalLM.from_pretrained(tmp_path)
        assert not lora_layers(loaded)
        assert set(loaded.state_dict()) == set(small(tie_word_embeddings=tied).state_dict())
        assert torch.allclose(loaded(IDS).logits, model(IDS).logits, atol=1e-5)
        assert lora_layers(model)  # saving merges nothing in place
        assert torch.equal(next(iter(lora_layers(model).values())).base_layer.weight, next(self.weights(tied)))

    def weights(self, tied):
        yield small(tie_word_embeddings=tied).model.layers[0].self_attn.q_proj.weight

    def test_without_adapters_the_model_is_saved_as_it_is(self, tmp_path):
        model = small()
        save_merged(model, tmp_path)
        assert torch.equal(AutoModelForCausalLM.from_pretrained(tmp_path)(IDS).logits, model(IDS).logits)
        assert lora_state(model) == {}

    def test_state_comes_back_bit_by_bit(self, tmp_path):
        model = self.trained()
        torch.save(lora_state(model), tmp_path / "lora.pt")
        again = self.trained(seed=5)
        assert not torch.equal(again(IDS).logits, model(IDS).logits)
        load_lora_state(again, torch.load(tmp_path / "lora.pt", weights_only=True))
        assert torch.equal(again(IDS).logits, model(IDS).logits)

    def test_state_is_a_copy(self):
        model = self.trained()
        state = lora_state(model)
        kept = {name: tensor.clone() for name, tensor in state.items()}
        with torch.no_grad():
            for p in model.parameters():
                p.zero_()
        assert all(torch.equal(state[name], kept[name]) for name in kept)

    def test_state_of_another_rank_is_refused(self):
        with pytest.raises(BadValue, match="another model or rank"):
            load_lora_state(self.trained(), lora_state(add_lora(small(), 3, 8.0)))
        with pytest.raises(BadValue, match="another model or rank"):
            load_lora_state(small(), lora_state(self.trained()))
