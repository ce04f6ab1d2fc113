"""The reference engine: batched sampling with any ``transformers`` causal model and its own key-value cache."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from gradarium.errors import BadValue
from gradarium.trainers.data import Completion


@dataclass(frozen=True)
class Sampling:
    """How to sample."""

    max_new_tokens: int
    temperature: float = 1.0
    """0 is greedy."""


class HFEngine:
    """Each prompt is prefilled once and its cache copied to its samples; finished rows leave the batch."""

    def __init__(self, model: Any, pad_id: int, eos_ids: Sequence[int], max_rows: int = 1024) -> None:
        self.model = model
        self.pad_id = pad_id
        self.eos_ids = tuple(eos_ids)
        self.max_rows = max_rows

    @torch.no_grad()
    def generate(
        self,
        prompts: Sequence[Sequence[int]],
        samples: int | Sequence[int],
        sampling: Sampling,
        generator: torch.Generator,
    ) -> list[list[Completion]]:
        """Return ``samples`` completions for each prompt, or each prompt's own number of them, in order.

        The same prompts, weights and generator state give the same completions. ``generator`` lives on the model's
        device.
        """
        self.model.eval()
        self._check_context(max(map(len, prompts), default=0), sampling.max_new_tokens)
        counts = [samples] * len(prompts) if isinstance(samples, int) else list(samples)
        results: list[list[Completion]] = [[] for _ in prompts]
        chunk: list[int] = []
        for i in [*sorted((i for i, n in enumerate(counts) if n), key=lambda i: len(prompts[i])), -1]:
            if chunk and (i < 0 or sum(counts[j] for j in chunk) + counts[i] > self.max_rows):
                sizes = [counts[j] for j in chunk]
                completions = iter(self._batch([prompts[j] for j in chunk], sizes, sampling, generator))
                for j in chunk:
                    results[j] = [next(completions) for _ in range(counts[j])]
                chunk = []
            chunk.append(i)
        return results

    def _check_context(self, prompt: int, answer: int) -> None:
        limit = getattr(self.model.config, "max_position_embeddings", None)
        if limit is not None and prompt + answer > limit:
            reason = (
                f"with a prompt of {prompt} tokens this is more than the {limit} that the model can read; take a lower "
                "level, fewer shots, or style = 'brief'"
            )
            raise BadValue("grpo.max_new_tokens", answer, reason)

    def _batch(
        self,
        prompts: Sequence[Sequence[int]],
        counts: Sequence[int],
        sampling: Sampling,
        generator: torch.Generator,
    ) -> list[Completion]:
        device = self.model.device
        samples = torch.tensor(counts, device=device)
        ids, mask = left_pad(prompts, self.pad_id, device)  # [P, T]
        lengths = mask.sum(1)
        out = self.model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=(mask.cumsum(1) - 1).clamp(min=0),
            use_cache=True,
            logits_to_keep=1,
        )
        cache = out.past_key_values
        cache.batch_repeat_interleave(samples)
        rows = sum(counts)
        logits = out.logits[:, -1].repeat_interleave(samples, 0)  # [R, V]
        mask = mask.repeat_interleave(samples, 0)
        position = lengths.repeat_interleave(samples)
        tokens: list[list[int]] = [[] for _ in range(rows)]
        logprobs: list[list[float]] = [[] for _ in range(rows)]
        finish = ["length"] * rows
        alive = torch.arange(rows, device=device)  # rows of the answer that are still being written
        stops = torch.tensor(self.eos_ids, device=device)
        for step in range(sampling.max_new_tokens):
            chosen, chosen_logprob = sample(logits, sampling.temperature, generator)
            ended = torch.isin(chosen, stops)
            for row, token, logprob, end in zip(
                alive.tolist(), chosen.tolist(), chosen_logprob.tolist(), ended.tolist(), strict=True
            ):
                tokens[row].append(token)
                logprobs[row].append(logprob)
                if end:
                    finish[row] = "stop"
            if step + 1 == sampling.max_new_tokens or bool(ended.all()):
                break
            if bool(ended.any()):
                keep = (~ended).nonzero()[:, 0]
                cache.batch_select_indices(keep)
                alive, chosen, mask, position = alive[keep], chosen[keep], mask[keep], position[keep]
            mask = torch.cat([mask, mask.new_ones(len(mask), 1)], 1)
            out = self.model(
                input_ids=chosen[:, None],
                attention_mask=mask,
                position_ids=position[:, None],
                past_key_values=cache,
                use_cache=True,
            )
            position = position + 1
            logits = out.logits[:, -1]
        return [Completion(t, p, f) for t, p, f in zip(tokens, logprobs, finish, strict=True)]


def left_pad(
    sequences: Sequence[Sequence[int]], pad_id: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and mask, both [N, T] int64, padded on the left."""
    width = max(map(len, sequences))
    ids = torch.full((len(sequences), width), pad_id)
    mask = torch.zeros((len(sequences), width), dtype=torch.int64)
    for row, sequence in enumerate(sequences):
        ids[row, width - len(sequence) :] = torch.tensor(sequence)
        mask[row, width - len(sequence) :] = 1
    return ids.to(device), mask.to(device)


def sample(logits: torch.Tensor, temperature: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw one token from each row of logits [R, V]; return ids [R] and their log-probabilities [R] in fp32.

    At temperature 0 the log-probability is that of the distribution at temperature 1.
    """
    scaled = logits.float() / (temperature or 1.0)
    logp = torch.log_softmax(scaled, -1)
    if temperature == 0:
        chosen = scaled.argmax(-1)
    else:
        chosen = torch.multinomial(logp.exp(), 1, generator=generator)[:, 0]
    return chosen, logp.gather(1, chosen[:, None])[:, 0]
