"""The reference engine: any ``transformers`` causal model with its own cache, which grows and is copied as rows end."""

from collections.abc import Sequence
from typing import Any

import torch

from gradarium.trainers.engines.engine import Decoding, Engine, prefill


class HFEngine(Engine):
    """Each prompt's cache is copied to its samples; rows that ended are taken out of it."""

    def _start(self, prompts: Sequence[Sequence[int]], counts: Sequence[int], room: int) -> Decoding:
        return _Growing(self.model, prompts, counts, self.pad_id)


class _Growing(Decoding):
    def __init__(self, model: Any, prompts: Sequence[Sequence[int]], counts: Sequence[int], pad_id: int) -> None:
        self.model = model
        samples = torch.tensor(counts, device=model.device)
        self.cache, logits, mask = prefill(model, prompts, pad_id)
        self.cache.batch_repeat_interleave(samples)
        self.logits = logits.repeat_interleave(samples, 0)
        self.mask = mask.repeat_interleave(samples, 0)
        self.position = mask.sum(1).repeat_interleave(samples)

    def advance(self, chosen: torch.Tensor, ended: torch.Tensor) -> torch.Tensor:
        if bool(ended.any()):
            keep = (~ended).nonzero()[:, 0]
            self.cache.batch_select_indices(keep)
            chosen, self.mask, self.position = chosen[keep], self.mask[keep], self.position[keep]
        self.mask = torch.cat([self.mask, self.mask.new_ones(len(self.mask), 1)], 1)
        out = self.model(
            input_ids=chosen[:, None],
            attention_mask=self.mask,
            position_ids=self.position[:, None],
            past_key_values=self.cache,
            use_cache=True,
        )
        self.position = self.position + 1
        return out.logits[:, -1]  # type: ignore[no-any-return]
