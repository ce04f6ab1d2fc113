"""Log-probabilities of completions under the model, in one of three layouts with equal values and gradients.

``shared`` runs each prompt once for its whole group: least work where prompts are long against completions.
``padded`` runs every prompt with every completion in rows of one length: works for every model.
``packed`` runs them without padding, end to end in one row: least work where lengths differ much.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from gradarium.errors import BadValue, UnknownName
from gradarium.trainers.head import HEAD_BYTES, head_of, logprobs_and_entropy
from gradarium.trainers.packing import ATTENTION, attention, pack, require_attention_only
from gradarium.trainers.packing import LAYOUTS as LAYOUTS
from gradarium.trainers.shared_prompt import shared_hidden


class Scores(NamedTuple):
    """Per-token results for N completions of at most T tokens; differentiable."""

    logprobs: torch.Tensor  # [N, T] fp32, of the distribution at the sampling temperature
    entropy: torch.Tensor  # [N, T] fp32, nats, of the same distribution
    mask: torch.Tensor  # [N, T] fp32, 1 where the completion has a token; the others are 0 where this is 0


def score(
    model: Any,
    prompts: Sequence[Sequence[int]],
    completions: Sequence[Sequence[int]],
    pad_id: int,
    temperature: float = 1.0,
    *,
    layout: str = "shared",
    head_bytes: int = HEAD_BYTES,
    counts: Sequence[int] | None = None,
) -> Scores:
    """Return log-probabilities and entropies of ``completions`` after their prompts.

    Args:
        model: a ``transformers`` causal model; run under ``precision_of`` for bf16.
        prompts: P token lists, none empty.
        completions: N token lists, the completions of the first prompt first; they may be empty.
        pad_id: any token id; what stands there does not matter.
        temperature: above 0; divides the logits.
        layout: ``shared``, ``padded`` or ``packed``.
        head_bytes: most bytes of one chunk of logits (``head.logprobs_and_entropy``).
        counts: how many completions each prompt has; None: all the same number.

    The prompt's keys and values in ``shared`` carry gradients, so the result equals that of running prompt and
    completion together (tests/trainers/test_policy.py). Raises BadValue and UnknownName.
    """
    shares = _shares(prompts, completions, counts)
    head = head_of(model)
    device = model.device
    if layout == "shared":
        hidden = shared_hidden(head.decoder, prompts, completions, shares, pad_id, device)
    else:
        owners = [prompt for prompt, count in zip(prompts, shares, strict=True) for _ in range(count)]
        if layout == "padded":
            hidden = _padded_hidden(head.decoder, owners, completions, pad_id, device)
        elif layout == "packed":
            hidden = _packed_hidden(head.decoder, owners, completions, device)
        else:
            raise UnknownName("step.layout", layout, LAYOUTS)
    lengths = [len(completion) for completion in completions]
    width = max(1, *lengths)
    mask = torch.arange(width) < torch.tensor(lengths)[:, None]  # [N, T]
    targets = torch.tensor([token for completion in completions for token in completion], dtype=torch.int64)
    logprobs, entropy = logprobs_and_entropy(
        hidden, head.weight, head.bias, targets.to(device), temperature / head.scale, head_bytes
    )
    at = mask.flatten().nonzero()[:, 0].to(device)

    def spread(values: torch.Tensor) -> torch.Tensor:
        return values.new_zeros(mask.numel()).index_copy(0, at, values).view(mask.shape)

    return Scores(spread(logprobs), spread(entropy), mask.to(device, torch.float32))


def _shares(
    prompts: Sequence[Sequence[int]], completions: Sequence[Sequence[int]], counts: Sequence[int] | None
) -> list[int]:
    """Return the number of completions of each prompt."""
    if not completions or not all(prompts):
        raise BadValue("prompts", list(map(len, prompts)), "every prompt needs a token, and there must be a completion")
    shares = [len(completions) // len(prompts)] * len(prompts) if counts is None else list(counts)
    if len(shares) != len(prompts) or min(shares) < 0 or sum(shares) != len(completions):
        raise BadValue("counts", counts, f"must share {len(completions)} completions among {len(prompts)} prompts")
    return shares


def _padded_hidden(
    decoder: Any,
    owners: Sequence[Sequence[int]],
    completions: Sequence[Sequence[int]],
    pad_id: int,
    device: torch.device,
) -> torch.Tensor:
    """Return the hidden states [M, D] that predict the M tokens of all completions, from padded rows.

    Padding is on the right, where causal attention does not look, so that no mask is needed.
    """
    rows = [[*prompt, *completion] for prompt, completion in zip(owners, completions, strict=True)]
    width = max(map(len, rows))
    ids = torch.tensor([row + [pad_id] * (width - len(row)) for row in rows])
    hidden = decoder(input_ids=ids.to(device), use_cache=False).last_hidden_state  # [N, L, D]
    return _predicting(hidden.flatten(0, 1), owners, completions, [i * width for i in range(len(rows))])


def _packed_hidden(
    decoder: Any, owners: Sequence[Sequence[int]], completions: Sequence[Sequence[int]], device: torch.device
) -> torch.Tensor:
    """Return the hidden states [M, D] that predict the M tokens of all completions, from one packed row."""
    require_attention_only(decoder, "packed")
    rows = [[*prompt, *completion] for prompt, completion in zip(owners, completions, strict=True)]
    ids, where = pack(rows, device)
    with attention(decoder.config, ATTENTION):
        hidden = decoder(input_ids=ids, use_cache=False, **where).last_hidden_state[0]  # [total, D]
    begins, begin = [], 0
    for row in rows:
        begins.append(begin)
        begin += len(row)
    return _predicting(hidden, owners, completions, begins)


def _predicting(
    hidden: torch.Tensor,
    owners: Sequence[Sequence[int]],
    completions: Sequence[Sequence[int]],
    begins: Sequence[int],
) -> torch.Tensor:
    """Pick from hidden [L, D] those just before each token of the completions; sequence i starts at ``begins[i]``."""
    picked = [
        begin + len(prompt) - 1 + t
        for prompt, completion, begin in zip(owners, completions, begins, strict=True)
        for t in range(len(completion))
    ]
    return hidden.index_select(0, torch.tensor(picked, dtype=torch.int64, device=hidden.device))
