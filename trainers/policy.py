"""Log-probabilities of completions under the model; each prompt is run once and shared by its group."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from gradarium.trainers.engines.hf import left_pad


class Scores(NamedTuple):
    """Per-token results for N completions of at most T tokens."""

    logprobs: torch.Tensor  # [N, T] fp32, of the distribution at the sampling temperature
    entropy: torch.Tensor  # [N, T] fp32, nats, detached
    mask: torch.Tensor  # [N, T] fp32, 1 where the completion has a token


def score(
    model: Any,
    prompts: Sequence[Sequence[int]],
    completions: Sequence[Sequence[int]],
    pad_id: int,
    temperature: float = 1.0,
) -> Scores:
    """Return log-probabilities of ``completions``; completion i belongs to prompt i // (N / P).

    The prompt's keys and values are computed once and repeated for its completions; gradients flow through them, so
    the result equals that of running prompt and completion together (tests/trainers/test_policy.py).
    """
    device = model.device
    samples = len(completions) // len(prompts)
    prompt_ids, prompt_mask = left_pad(prompts, pad_id, device)
    out = model(
        input_ids=prompt_ids,
        attention_mask=prompt_mask,
        position_ids=(prompt_mask.cumsum(1) - 1).clamp(min=0),
        use_cache=True,
        logits_to_keep=1,
    )
    cache = out.past_key_values
    cache.batch_repeat_interleave(samples)
    width = max(1, *map(len, completions))
    ids = torch.full((len(completions), width), pad_id)
    mask = torch.zeros((len(completions), width), dtype=torch.int64)
    for row, completion in enumerate(completions):
        ids[row, : len(completion)] = torch.tensor(completion, dtype=torch.int64)
        mask[row, : len(completion)] = 1
    ids, mask = ids.to(device), mask.to(device)
    logits = out.logits[:, -1:].repeat_interleave(samples, 0)  # predicts token 0
    if width > 1:
        start = prompt_mask.sum(1).repeat_interleave(samples)[:, None]
        rest = model(
            input_ids=ids[:, :-1],
            attention_mask=torch.cat([prompt_mask.repeat_interleave(samples, 0), mask[:, :-1]], 1),
            position_ids=start + torch.arange(width - 1, device=device),
            past_key_values=cache,
            use_cache=True,
        ).logits  # [N, T - 1, V], predicts tokens 1 ... T - 1
        logits = torch.cat([logits, rest], 1)
    logp = torch.log_softmax(logits.float() / temperature, -1)
    chosen = logp.gather(2, ids[..., None])[..., 0]
    with torch.no_grad():
        entropy = -(logp.exp() * logp).sum(-1)
    weight = mask.float()
    return Scores(chosen * weight, entropy * weight, weight)
