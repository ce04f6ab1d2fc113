"""Completions of a local model, in fixed chunks that have noise of their own.

The noise of a chunk depends on seed, task, level and the chunk alone, so an evaluation that was killed and goes on
writes the same bytes as one that was not.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from gradarium.core import Instance, derive_seed
from gradarium.envs.templates import choose_template
from gradarium.trainers.engines import Engine, Sampling
from gradarium.trainers.evaluation.replies import Asked, Judge, Reply, judge_replies, line
from gradarium.trainers.evaluation.settings import Evaluation
from gradarium.trainers.evaluation.store import Key, Store
from gradarium.trainers.models import decode, encode_prompt
from gradarium.trainers.progress import Bar

BATCH = 256
"""Completions that are sampled together, where nothing else is said."""


@dataclass(frozen=True)
class Local:
    """A model that answers on this machine."""

    engine: Engine
    tokenizer: Any
    sampling: Sampling
    style: str = "full"
    shots: int = 0
    shots_seed: int = 0
    templates: tuple[int, ...] = (0,)
    """Each instance is put in one of these."""
    seed: int = 0
    batch: int = BATCH

    def answers(self, arm: object, instances: Sequence[Instance], samples: int, chunk: int) -> list[list[Reply]]:
        """Return ``samples`` replies to each instance of a chunk of an arm.

        The noise of the first chunk depends on seed and arm, that of others on their number too. Raises BadValue for a
        prompt that leaves no room for the answer.
        """
        parts = ("evaluate", self.seed, arm, chunk) if chunk else ("evaluate", self.seed, arm)
        noise = torch.Generator(self.engine.model.device).manual_seed(derive_seed(*parts) % 2**63)
        prompts = [self._encode(instance) for instance in instances]
        rows = self.engine.generate(prompts, samples, self.sampling, noise)
        return [[Reply(decode(self.tokenizer, c.token_ids), len(c.token_ids), c.finish) for c in row] for row in rows]

    def _encode(self, instance: Instance) -> list[int]:
        template = choose_template(instance, self.templates, self.shots_seed)
        return encode_prompt(self.tokenizer, instance, self.style, self.shots, self.shots_seed, template)

    def run(self, evaluation: Evaluation, store: Store, judge: Judge, bar: Bar) -> None:
        """Ask what the store does not have yet, chunk by chunk."""
        for arm in evaluation.arms:
            indices = range(arm.start, arm.start + arm.count)
            for chunk, part in enumerate(chunks(indices, evaluation.samples, self.batch)):
                wanted = [Key(arm.task, arm.level, i, k) for i in part for k in range(evaluation.samples)]
                if all(key in store for key in wanted):
                    continue
                instances = [evaluation.pose(arm, i) for i in part]
                rows = self.answers(arm, instances, evaluation.samples, chunk)
                asked = [Asked(instance, k) for instance in instances for k in range(evaluation.samples)]
                replies = [reply for row in rows for reply in row]
                verdicts = judge_replies(judge, asked, replies)
                store.append(map(line, asked, replies, verdicts))
                bar.update(len(store), str(arm))


def chunks(indices: range, samples: int, batch: int) -> Iterator[range]:
    """Cut the instances of an arm into parts of at most ``batch`` completions, and at least one instance."""
    size = max(1, batch // samples)
    for start in range(0, len(indices), size):
        yield indices[start : start + size]


def fingerprint(model: Any) -> str:
    """Return 16 digits that tell one set of weights from another: a hash over 64 numbers of each tensor.

    >>> fingerprint(torch.nn.Linear(2, 2)) == fingerprint(torch.nn.Linear(2, 2))
    False
    """
    digest = hashlib.sha256()
    for name, weight in sorted(model.named_parameters()):
        flat = weight.detach().flatten()
        step = max(1, len(flat) // 64)
        digest.update(f"{name} {tuple(weight.shape)} ".encode())
        digest.update(flat[::step][:64].float().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def set_threads(threads: int) -> int:
    """Have torch use that many CPU threads, 0 leaves it as it is; return how many it uses."""
    if threads:
        torch.set_num_threads(threads)
    return torch.get_num_threads()
