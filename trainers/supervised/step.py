"""One optimiser step of cross-entropy on given completions."""

from collections.abc import Sequence

import torch

from gradarium.trainers.learner import Learner
from gradarium.trainers.packing import micro_batches


def supervised_step(
    learner: Learner, prompts: Sequence[list[int]], completions: Sequence[list[int]]
) -> dict[str, float]:
    """Lower the mean cross-entropy per completion token (nats) of N pairs by one optimiser step; return metrics.

    The mean is over all tokens of the batch, however it is cut into micro-batches. Raises NotFinite.
    """
    config = learner.config.step
    learner.model.train()
    learner.optimizer.zero_grad(set_to_none=True)
    total = sum(map(len, completions))
    sizes = [(len(prompt), [len(c)]) for prompt, c in zip(prompts, completions, strict=True)]
    sums = {"loss": 0.0, "entropy": 0.0}
    for rows in micro_batches(sizes, config.micro_tokens, config.layout):
        scores = learner.score_pairs(learner.model, [prompts[i] for i in rows], [completions[i] for i in rows])
        loss = -scores.logprobs.sum() / total
        loss.backward()  # type: ignore[no-untyped-call]
        sums["loss"] += loss.item()
        with torch.no_grad():
            sums["entropy"] += float(scores.entropy.sum()) / total
    norm = learner.apply()
    return {**sums, "grad_norm": norm, "tokens": sum(map(len, prompts)) + total}
