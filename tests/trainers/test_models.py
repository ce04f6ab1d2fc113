"""Models and tokenizers: what is loaded, how prompts are encoded, which tokens end an answer."""

import copy
import dataclasses
from types import SimpleNamespace

import pytest

pytest.importorskip("torch")

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from gradarium.core import Status
from gradarium.envs.prompts import render_prompt
from gradarium.envs.shots import worked_examples
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.trainers.config import ModelConfig, RunConfig
from gradarium.trainers.engines import HFEngine, Sampling
from gradarium.trainers.models import (
    answer_end_ids,
    decode,
    encode_answer,
    encode_prompt,
    eos_ids,
    load_folder,
    load_model,
)

TASK = get_task("chain_arithmetic")
POSED = TASK.pose(0, 0, "test", answer_format="answer_line")
WORDS = ["\n", "\n\n", "\n\n\n", " \n", ".\n", ")\n\n", "\n}", "}\n}\n\n", "1", "12"]
"""Tokens of several bytes; what they may end is in ENDS."""
ENDS = {True: {"\n", "\n\n", "\n\n\n", " \n", ".\n", ")\n\n"}, False: {"\n\n", "\n\n\n", ")\n\n", "}\n}\n\n"}}


@pytest.fixture(scope="module")
def base():
    """A tokenizer as base models have: tokens for line breaks, no chat template."""
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    as_letters = ["".join(piece for piece, _ in level.pre_tokenize_str(word)) for word in WORDS]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: i for i, token in enumerate(["<end>", "<break>\n", *letters, *as_letters])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = level
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<end>", additional_special_tokens=["<break>\n"], pad_token="<end>"
    )


def model_with(eos):
    return SimpleNamespace(generation_config=SimpleNamespace(eos_token_id=eos))


@pytest.mark.parametrize("one_line", [True, False])
def test_tokens_that_end_an_answer(base, one_line):
    texts = [base.decode([i]) for i in answer_end_ids(base, one_line)]
    assert len(texts) == len(set(texts))
    assert set(texts) == ENDS[one_line]


@pytest.mark.parametrize("one_line", [True, False])
def test_an_answer_is_judged_the_same_with_the_token_that_ended_it(base, one_line):
    ends = answer_end_ids(base, one_line)
    answer = encode_answer(base, f"answer: {POSED.reference}")[:-1]
    for end in ends:
        if base.decode([end]).isspace():
            assert TASK.grade(decode(base, [*answer, end]), POSED).score == 1
    assert TASK.grade(decode(base, [*answer, base.convert_tokens_to_ids("1")]), POSED).status == Status.WRONG


def test_eos_ids(base, tiny):
    assert eos_ids(model_with(None), base) == [0]
    assert eos_ids(model_with(7), base) == [0, 7]
    assert eos_ids(model_with([7, 5]), base) == [0, 5, 7]
    assert eos_ids(model_with(None), base, shots=0, one_line=True) == [0]
    assert eos_ids(model_with(None), base, 2, one_line=True) == sorted([0, *answer_end_ids(base, True)])
    assert eos_ids(model_with(None), base, 2) == sorted([0, *answer_end_ids(base, False)])


def test_a_chat_ends_by_its_own_token(tiny):
    tokenizer = tiny[1]
    assert eos_ids(model_with(None), tokenizer, 2, one_line=True) == [tokenizer.eos_token_id]


@pytest.mark.parametrize("style", ["full", "brief"])
def test_prompts_without_examples(base, tiny, style):
    prompt = render_prompt(POSED, style)
    assert base.decode(encode_prompt(base, POSED, style)) == prompt + "\n\n"
    assert tiny[1].decode(encode_prompt(tiny[1], POSED, style)) == f"<user>{prompt}<assistant>"


def test_prompts_with_examples(base, tiny):
    (example,) = worked_examples(POSED, 1, seed=5)
    first, second = render_prompt(example, "brief"), render_prompt(POSED, "brief")
    answer = f"answer: {example.reference}"
    text = base.decode(encode_prompt(base, POSED, "brief", 1, 5))
    assert text == f"{first}\n{answer}\n\n\n{second}\n"
    chat = tiny[1].decode(encode_prompt(tiny[1], POSED, "brief", 1, 5))
    assert chat == f"<user>{first}<assistant>{answer}<end><user>{second}<assistant>"


def test_no_model(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # it would try for a minute
    with pytest.raises(BadValue, match="no model can be loaded"):
        load_folder("nowhere", "cpu")


def test_a_known_model_that_was_not_fetched(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADARIUM_CACHE", str(tmp_path))
    with pytest.raises(BadValue, match="run 'gradarium models fetch smollm2-135m' first"):
        load_folder("smollm2-135m", "cpu")


def test_a_known_model_is_loaded_by_its_name(monkeypatch, tmp_path, tiny):
    from gradarium.trainers.checkpoint import save_model

    monkeypatch.setenv("GRADARIUM_CACHE", str(tmp_path))
    save_model(tmp_path / "models" / "smollm2-135m", *tiny)
    model, tokenizer = load_folder("smollm2-135m", "cpu")
    assert model.num_parameters() == tiny[0].num_parameters()
    assert tokenizer.get_vocab() == tiny[1].get_vocab()


def test_a_tokenizer_of_another_model(tmp_path, tiny, base):
    model, tokenizer = tiny
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    base.save_pretrained(tmp_path)
    assert len(base) > len(tokenizer)
    with pytest.raises(BadValue, match=r"tokenizer has \d+ tokens and the model \d+; put the model's own"):
        load_folder(tmp_path, "cpu")


def test_training_by_chat_needs_a_chat_template(tmp_path, tiny):
    model, tokenizer = tiny
    model.save_pretrained(tmp_path)
    plain = copy.deepcopy(tokenizer)
    plain.chat_template = None
    plain.save_pretrained(tmp_path)
    asked = RunConfig(model=ModelConfig(path=str(tmp_path), device="cpu"))
    with pytest.raises(BadValue, match="has no chat template; set chat = false"):
        load_model(asked)
    assert load_model(dataclasses.replace(asked, chat=False))[1].chat_template is None


def test_without_chat_the_template_is_forgotten(tmp_path, tiny):
    model, tokenizer = tiny
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    asked = RunConfig(model=ModelConfig(path=str(tmp_path), device="cpu"), chat=False)
    assert load_model(asked)[1].chat_template is None


def test_a_prompt_that_the_model_cannot_read(tiny):
    model, tokenizer = tiny
    engine = HFEngine(model, tokenizer.pad_token_id, [tokenizer.eos_token_id])
    noise = torch.Generator().manual_seed(0)
    with pytest.raises(BadValue, match=r"prompt of 1018 tokens this is more than the 1024 that the model can read"):
        engine.generate([[7] * 1018, [7]], 2, Sampling(8), noise)
    assert len(engine.generate([[7] * 1016], 1, Sampling(8), noise)) == 1
