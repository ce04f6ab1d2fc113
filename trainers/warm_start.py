"""Supervised steps on reference answers: generators know the answer, so demonstrations cost nothing."""

from collections.abc import Sequence
from typing import Any

import torch

from gradarium.core import Instance
from gradarium.trainers.models import encode_answer, encode_prompt
from gradarium.trainers.policy import score
from gradarium.verifiers import get_format


def warm_start_step(
    model: Any, tokenizer: Any, optimizer: torch.optim.Optimizer, instances: Sequence[Instance], style: str
) -> dict[str, float]:
    """Take one optimiser step of mean cross-entropy per token on the rendered references; return metrics."""
    prompts = [encode_prompt(tokenizer, instance, style) for instance in instances]
    answers = [
        encode_answer(tokenizer, get_format(instance.answer_format).render(instance.reference))
        for instance in instances
    ]
    model.train()
    scores = score(model, prompts, answers, tokenizer.pad_token_id)
    loss = -scores.logprobs.sum() / scores.mask.sum()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    tokens = sum(map(len, prompts)) + sum(map(len, answers))
    return {"loss": loss.item(), "entropy": (scores.entropy.sum() / scores.mask.sum()).item(), "tokens": tokens}
