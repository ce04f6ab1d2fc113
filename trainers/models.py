"""Load or make the model and its tokenizer; turn instances into prompt tokens."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils.logging import disable_progress_bar

from gradarium.core import Instance
from gradarium.envs.prompts import messages, render_text
from gradarium.envs.templates import choose_template
from gradarium.errors import BadValue
from gradarium.trainers.config import RunConfig
from gradarium.trainers.embedded import byte_tokenizer, small_model
from gradarium.trainers.zoo import resolve
from gradarium.verifiers import get_format

# Bars for single files would break the lines of our own progress.
disable_progress_bar()  # type: ignore[no-untyped-call]


def device_of(name: str) -> torch.device:
    """Return the device of that name; ``auto`` is CUDA where there is one. Raises BadValue."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise BadValue("model.device", name, "this machine has no CUDA device; use cpu")
    return torch.device(name)


def load_model(config: RunConfig) -> tuple[Any, Any]:
    """Return (model, tokenizer) to begin a run with, weights in fp32; raises BadValue when there is no such model.

    Without ``chat`` the tokenizer loses its chat template, also in what is saved later; with it, it must have one.
    """
    torch.manual_seed(config.seed)
    m = config.model
    if m.path == "tiny":
        tokenizer: Any = byte_tokenizer()
        model: Any = small_model(tokenizer, m.width, m.layers, m.heads, m.context)
        model = model.to(device_of(m.device))
    else:
        model, tokenizer = load_folder(m.path, m.device)
    if not config.chat:
        tokenizer.chat_template = None
    elif not tokenizer.chat_template:
        raise BadValue("model.path", m.path, "its tokenizer has no chat template; set chat = false, shots = 2")
    return model, tokenizer


def load_folder(path: str | Path, device: str) -> tuple[Any, Any]:
    """Return (model, tokenizer) from a folder, hub name or name of a known model; raises BadValue if there is none."""
    place = resolve(str(path))
    try:
        tokenizer = AutoTokenizer.from_pretrained(place)
        model: Any = AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32)
    except (OSError, ValueError) as error:
        first = str(error).strip().splitlines()[0][:160]
        raise BadValue("model.path", str(path), f"no model can be loaded from it ({first})") from None
    rows = model.get_input_embeddings().num_embeddings
    if len(tokenizer) > rows:
        reason = f"its tokenizer has {len(tokenizer)} tokens and the model {rows}; put the model's own tokenizer there"
        raise BadValue("model.path", str(path), reason)
    if tokenizer.eos_token_id is None:
        raise BadValue("model.path", str(path), "its tokenizer has no end token; set eos_token in its tokenizer_config")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model.to(device_of(device)), tokenizer


def eos_ids(model: Any, tokenizer: Any, shots: int = 0, one_line: bool = False) -> list[int]:
    """Return every token id that ends a completion.

    With worked examples in plain text (``shots`` above 0, no chat template) these are also the ids of
    ``answer_end_ids``: a base model goes on with the next problem, and its last answer would be the one that counts.
    """
    configured = getattr(model.generation_config, "eos_token_id", None)
    ids = configured if isinstance(configured, list) else [configured]
    ends = {i for i in [*ids, tokenizer.eos_token_id] if i is not None}
    if shots and not tokenizer.chat_template:
        ends.update(answer_end_ids(tokenizer, one_line))
    return sorted(ends)


def end_ids(model: Any, tokenizer: Any, config: RunConfig) -> list[int]:
    """Return every token id that ends a completion in a run with this configuration."""
    formats = {entry.answer_format or config.answer_format for entry in config.task} or {config.answer_format}
    return eos_ids(model, tokenizer, config.shots, one_line=formats == {"answer_line"})


def answer_end_ids(tokenizer: Any, one_line: bool) -> list[int]:
    """Return the ids of the tokens that end an answer in plain text with worked examples.

    Where answers are ``one_line``, every token with a line break; else those with a blank line, which ``render_text``
    puts after each answer. Tokens with visible text behind the break are left out, so that a completion, the last token
    included, holds the answer and white space and is judged as if it had stopped by itself. A tokenizer without blank
    lines in one token (one for each byte, say) has no such ids: longer answers then run to the token limit.
    """
    ids = [i for i in range(len(tokenizer)) if i not in tokenizer.all_special_ids]
    texts: list[str] = tokenizer.batch_decode([[i] for i in ids])
    mark = "\n" if one_line else "\n\n"
    return [i for i, text in zip(ids, texts, strict=True) if mark in text and not text[text.index(mark) :].strip()]


def encode_prompt(
    tokenizer: Any, instance: Instance, style: str, shots: int = 0, seed: int = 0, template: int = 0
) -> list[int]:
    """Return the prompt's token ids: through the chat template where there is one, else the plain text.

    ``shots`` worked examples, drawn by ``seed``, come before it; ``template`` says how the question is put. Raises as
    ``gradarium.envs.prompts.messages``.
    """
    if tokenizer.chat_template:
        chat = messages(instance, style, shots=shots, seed=seed, template=template)
        text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    else:
        text = render_text(instance, style, shots, seed, template)
    ids: list[int] = tokenizer(text, add_special_tokens=not tokenizer.chat_template).input_ids
    return ids


def encode_for_run(tokenizer: Any, instance: Instance, config: RunConfig) -> list[int]:
    """Return the token ids of a prompt as a run puts it, in one of the templates that it uses."""
    template = choose_template(instance, range(config.prompts.templates), config.seed)
    return encode_prompt(tokenizer, instance, config.style, config.shots, config.seed, template)


def encode_answer(tokenizer: Any, text: str) -> list[int]:
    """Return the token ids of a completion, the end token last."""
    ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
    return [*ids, tokenizer.eos_token_id]


def encode_reference(tokenizer: Any, instance: Instance) -> list[int]:
    """Return the token ids of the completion that states the instance's reference answer."""
    return encode_answer(tokenizer, get_format(instance.answer_format).render(instance.reference))


def decode(tokenizer: Any, token_ids: list[int]) -> str:
    """Return the text of a completion without special tokens."""
    text: str = tokenizer.decode(token_ids, skip_special_tokens=True)
    return text
