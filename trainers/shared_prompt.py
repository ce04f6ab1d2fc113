"""The shared layout: each prompt is run once, and its completions read its keys and values."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers.cache_utils import Cache, DynamicLayer

from gradarium.errors import BadValue
from gradarium.trainers.engines.engine import left_pad
from gradarium.trainers.packing import require_attention_only


class _PromptLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """Keeps the keys and values of the first run; a second run, for the gradient, leaves them as they are."""

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self.is_initialized:
            self.dtype, self.device, self.is_initialized = key_states.dtype, key_states.device, True
            self.keys, self.values = key_states, value_states
        return key_states, value_states


class _GroupLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """Puts the prompt's keys and values before those of its completions; stores nothing, so it can be run again."""

    def __init__(self, prompt: _PromptLayer, counts: Sequence[int]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.is_initialized = True
        self.keys: Any = prompt.keys
        self.values: Any = prompt.values
        self.counts = counts

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return (
            torch.cat([repeat_rows(self.keys, self.counts), key_states], 2),
            torch.cat([repeat_rows(self.values, self.counts), value_states], 2),
        )


def repeat_rows(tensor: torch.Tensor, counts: Sequence[int]) -> torch.Tensor:
    """Return row i of a tensor ``counts[i]`` times; by views, so that the gradient is a plain sum."""
    if len(set(counts)) == 1:
        return tensor[:, None].expand(-1, counts[0], *tensor.shape[1:]).flatten(0, 1)
    parts = [row.expand(count, *row.shape[1:]) for row, count in zip(tensor[:, None], counts, strict=True)]
    return torch.cat(parts)


def shared_hidden(
    decoder: Any,
    prompts: Sequence[Sequence[int]],
    completions: Sequence[Sequence[int]],
    counts: Sequence[int],
    pad_id: int,
    device: torch.device,
) -> torch.Tensor:
    """Return the hidden states [M, D] that predict the M tokens of all completions, in order.

    Prompts are padded on the left, completions on the right. Prompt i has ``counts[i]`` completions. Raises BadValue
    for models whose layers are not all attention with a cache.
    """
    require_attention_only(decoder, "shared")
    ids, mask = left_pad(prompts, pad_id, device)  # [P, T_p]
    kept: list[Any] = [_PromptLayer() for _ in range(decoder.config.num_hidden_layers)]  # type: ignore[no-untyped-call]
    out = decoder(
        input_ids=ids,
        attention_mask=mask,
        position_ids=(mask.cumsum(1) - 1).clamp(min=0),
        past_key_values=Cache(layers=kept),
    )
    if not all(layer.is_initialized for layer in kept):
        kind = getattr(decoder.config, "model_type", type(decoder).__name__)
        reason = f"{kind} kept no keys and values (gradient checkpointing of transformers drops them); use padded"
        raise BadValue("step.layout", "shared", reason)
    first = repeat_rows(out.last_hidden_state[:, -1], counts)  # [N, D], predicts token 0
    lengths = [len(completion) for completion in completions]
    width = max(lengths, default=0) - 1  # the last token of a completion predicts nothing
    if width < 1:
        return first[[i for i, length in enumerate(lengths) if length]]
    later = torch.full((len(lengths), width), pad_id)
    seen = torch.zeros((len(lengths), width), dtype=torch.int64)
    for row, completion in enumerate(completions):
        inputs = completion[:-1]
        later[row, : len(inputs)] = torch.tensor(inputs, dtype=torch.int64)
        seen[row, : len(inputs)] = 1
    out = decoder(
        input_ids=later.to(device),
        attention_mask=torch.cat([repeat_rows(mask, counts), seen.to(device)], 1),
        position_ids=repeat_rows(mask.sum(1), counts)[:, None] + torch.arange(width, device=device),
        past_key_values=Cache(layers=[_GroupLayer(layer, counts) for layer in kept]),
    )
    rest = out.last_hidden_state  # [N, T - 1, D], predicts tokens 1 ... T - 1
    picked = [row if t == 0 else len(lengths) + row * width + t - 1 for row, n in enumerate(lengths) for t in range(n)]
    return torch.cat([first, rest.flatten(0, 1)]).index_select(0, torch.tensor(picked, device=device))
