"""Load or make the model and its tokenizer; turn instances into prompt tokens."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils.logging import disable_progress_bar

from gradarium.core import Instance
from gradarium.envs.prompts import messages, render_prompt
from gradarium.errors import BadValue
from gradarium.trainers.config import ModelConfig
from gradarium.trainers.embedded import byte_tokenizer, small_model

# Bars for single files would break the lines of our own progress.
disable_progress_bar()  # type: ignore[no-untyped-call]


def device_of(name: str) -> torch.device:
    """Return the device of that name; ``auto`` is CUDA where there is one. Raises BadValue."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise BadValue("model.device", name, "this machine has no CUDA device; use cpu")
    return torch.device(name)


def load_model(config: ModelConfig, seed: int) -> tuple[Any, Any]:
    """Return (model, tokenizer) for training, weights in fp32; raises BadValue when there is no such model."""
    torch.manual_seed(seed)
    if config.path == "embedded":
        tokenizer: Any = byte_tokenizer()
        model: Any = small_model(tokenizer, config.width, config.layers, config.heads, config.context)
        return model.to(device_of(config.device)), tokenizer
    return load_folder(config.path, config.device)


def load_folder(path: str | Path, device: str) -> tuple[Any, Any]:
    """Return (model, tokenizer) from a folder or hub name; raises BadValue when they cannot be loaded."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(path))
        model: Any = AutoModelForCausalLM.from_pretrained(str(path), dtype=torch.float32)
    except (OSError, ValueError) as error:
        first = str(error).strip().splitlines()[0][:160]
        raise BadValue("model.path", str(path), f"no model can be loaded from it ({first})") from None
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model.to(device_of(device)), tokenizer


def eos_ids(model: Any, tokenizer: Any) -> list[int]:
    """Return every token id that ends a completion."""
    configured = getattr(model.generation_config, "eos_token_id", None)
    ids = configured if isinstance(configured, list) else [configured]
    return sorted({i for i in [*ids, tokenizer.eos_token_id] if i is not None})


def encode_prompt(tokenizer: Any, instance: Instance, style: str) -> list[int]:
    """Return the prompt's token ids: through the chat template where there is one, else the plain text."""
    if tokenizer.chat_template:
        text = tokenizer.apply_chat_template(messages(instance, style), tokenize=False, add_generation_prompt=True)
    else:
        text = render_prompt(instance, style) + "\n\n"
    ids: list[int] = tokenizer(text, add_special_tokens=not tokenizer.chat_template).input_ids
    return ids


def encode_answer(tokenizer: Any, text: str) -> list[int]:
    """Return the token ids of a completion, the end token last."""
    ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
    return [*ids, tokenizer.eos_token_id]


def decode(tokenizer: Any, token_ids: list[int]) -> str:
    """Return the text of a completion without special tokens."""
    text: str = tokenizer.decode(token_ids, skip_special_tokens=True)
    return text
