"""What every engine shares: batches of prompts, the sampling loop, and who has finished."""

from abc import ABC, abstractmethod
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


class Decoding(ABC):
    """A batch that is being written: its live rows are completions, in order, that have not ended."""

    logits: torch.Tensor
    """What follows each live row at first, [rows, V]."""

    @abstractmethod
    def advance(self, chosen: torch.Tensor, ended: torch.Tensor) -> torch.Tensor:
        """Drop the rows that ended, let the others read their token; return their logits [rows left, V].

        ``chosen`` [rows] int64 and ``ended`` [rows] bool speak of the live rows, of which at least one goes on.
        """


class Engine(ABC):
    """Samples completions: each prompt is read once for all of its samples, and finished rows take part no more."""

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

    @abstractmethod
    def _start(self, prompts: Sequence[Sequence[int]], counts: Sequence[int], room: int) -> Decoding:
        """Read the prompts, for ``counts[i]`` rows of prompt i with at most ``room`` new tokens each."""

    def _batch(
        self,
        prompts: Sequence[Sequence[int]],
        counts: Sequence[int],
        sampling: Sampling,
        generator: torch.Generator,
    ) -> list[Completion]:
        batch = self._start(prompts, counts, sampling.max_new_tokens)
        logits = batch.logits
        tokens: list[list[int]] = [[] for _ in range(sum(counts))]
        logprobs: list[list[float]] = [[] for _ in tokens]
        finish = ["length"] * len(tokens)
        live = list(range(len(tokens)))
        stops = torch.tensor(self.eos_ids, device=logits.device)
        for step in range(sampling.max_new_tokens):
            chosen, chosen_logprob = sample(logits, sampling.temperature, generator)
            ended = torch.isin(chosen, stops)
            going = []
            for row, token, logprob, end in zip(
                live, chosen.tolist(), chosen_logprob.tolist(), ended.tolist(), strict=True
            ):
                tokens[row].append(token)
                logprobs[row].append(logprob)
                if end:
                    finish[row] = "stop"
                else:
                    going.append(row)
            if step + 1 == sampling.max_new_tokens or not going:
                break
            live = going
            logits = batch.advance(chosen, ended)
        return [Completion(t, p, f) for t, p, f in zip(tokens, logprobs, finish, strict=True)]


@torch.no_grad()
def prefill(model: Any, prompts: Sequence[Sequence[int]], pad_id: int) -> tuple[Any, torch.Tensor, torch.Tensor]:
    """Run the prompts; return the cache, the logits of their last tokens [P, V] and the mask [P, T], left-padded."""
    ids, mask = left_pad(prompts, pad_id, model.device)
    out = model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=(mask.cumsum(1) - 1).clamp(min=0),
        use_cache=True,
        logits_to_keep=1,
    )
    return out.past_key_values, out.logits[:, -1], mask


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
