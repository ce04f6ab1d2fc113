"""Success rates on fixed instances of a held-out split."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch

from gradarium.core import Split, Status, derive_seed
from gradarium.generators import get_task
from gradarium.trainers.data import Arm
from gradarium.trainers.engines import Engine, Sampling
from gradarium.trainers.models import decode, encode_prompt
from gradarium.trainers.verdicts import VerdictPool


@dataclass(frozen=True)
class ArmResult:
    """What one arm scored."""

    task: str
    level: int
    instances: int
    samples: int
    success: float
    """Mean score over all judged completions."""
    pass_at_k: float
    """Share of instances solved at least once in ``samples`` completions."""
    missing: float
    """Share of completions without an answer in the asked format."""
    truncated: float
    """Share of completions cut off at the token limit."""
    not_judged: int
    """Completions that the suite failed to judge; they count nowhere else."""

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return asdict(self)


def evaluate(
    engine: Engine,
    tokenizer: Any,
    arms: Sequence[Arm],
    *,
    count: int,
    samples: int,
    sampling: Sampling,
    judge: VerdictPool | None = None,
    split: Split = "test",
    style: str = "full",
    shots: int = 0,
    shots_seed: int = 0,
    answer_format: str = "",
    seed: int = 0,
    progress: Callable[[str], None] = lambda text: None,
) -> list[ArmResult]:
    """Return the result of every arm on instances 0 ... count - 1 of ``split``.

    Instances and sampling noise depend on ``seed`` and the arm alone, so two models meet the same questions.
    """
    judge = judge or VerdictPool(0)
    results = []
    for arm in arms:
        progress(f"evaluating {arm} on {split}")
        task = get_task(arm.task)
        instances = [task.pose(i, arm.level, split, answer_format=answer_format or None) for i in range(count)]
        generator = torch.Generator(engine.model.device).manual_seed(derive_seed("evaluate", seed, arm) % 2**63)
        prompts = [encode_prompt(tokenizer, instance, style, shots, shots_seed) for instance in instances]
        completions = engine.generate(prompts, samples, sampling, generator)
        texts = [decode(tokenizer, c.token_ids) for row in completions for c in row]
        payloads = [instance.payload for instance in instances for _ in range(samples)]
        n = len(texts)
        verdicts = judge.judge(texts, [arm.task] * n, payloads, [instances[0].answer_format] * n)
        rows = [verdicts[i * samples : (i + 1) * samples] for i in range(count)]
        judged = [v for v in verdicts if v.reward is not None]
        results.append(
            ArmResult(
                task=arm.task,
                level=arm.level,
                instances=count,
                samples=samples,
                success=sum(v.score for v in judged) / max(1, len(judged)),
                pass_at_k=sum(any(v.score == 1 for v in row) for row in rows) / count,
                missing=sum(v.status == Status.MISSING for v in judged) / max(1, len(judged)),
                truncated=sum(c.finish == "length" for row in completions for c in row) / len(texts),
                not_judged=len(verdicts) - len(judged),
            )
        )
    return results


def mean_success(results: Sequence[ArmResult]) -> float:
    """Return the mean over tasks of the mean over their levels."""
    by_task: dict[str, list[float]] = {}
    for result in results:
        by_task.setdefault(result.task, []).append(result.success)
    return sum(sum(rates) / len(rates) for rates in by_task.values()) / len(by_task)
