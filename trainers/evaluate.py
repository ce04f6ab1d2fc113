"""Success rates of a model in training, on fixed instances of a held-out split; ``gradarium eval`` samples alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gradarium.core import Instance, Split, Status
from gradarium.generators import get_task
from gradarium.trainers.data import Arm
from gradarium.trainers.engines import Engine, Sampling
from gradarium.trainers.evaluation.local import Local, chunks
from gradarium.trainers.evaluation.replies import Asked, Reply, judge_replies
from gradarium.trainers.means import mean_over_tasks
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
    answer_format: str | Mapping[str, str | None] = "",
    templates: Sequence[int] = (0,),
    told: Callable[[Instance], Instance] = lambda instance: instance,
    seed: int = 0,
    progress: Callable[[str], None] = lambda text: None,
) -> list[ArmResult]:
    """Return the result of every arm on instances 0 ... count - 1 of ``split``.

    Instances and sampling noise depend on ``seed`` and the arm alone, so two models meet the same questions.
    ``answer_format`` is one for all tasks, or that of each; empty or None is the task's own. Each instance is put in
    one of ``templates``: ``held_out(n)`` of ``envs/templates.py`` are those that a run with n templates never saw.
    ``told`` adds what the model was told in training beside the question.
    """
    judge = judge or VerdictPool(0)
    model = Local(engine, tokenizer, sampling, style, shots, shots_seed, tuple(templates), seed)
    results = []
    for arm in arms:
        progress(f"evaluating {arm} on {split}")
        task = get_task(arm.task)
        form = answer_format if isinstance(answer_format, str) else answer_format.get(arm.task)
        asked: list[Asked] = []
        replies: list[Reply] = []
        for chunk, part in enumerate(chunks(range(count), samples, model.batch)):
            instances = [told(task.pose(i, arm.level, split, answer_format=form or None)) for i in part]
            asked += [Asked(instance, k) for instance in instances for k in range(samples)]
            replies += [reply for row in model.answers(arm, instances, samples, chunk) for reply in row]
        verdicts = judge_replies(judge, asked, replies)
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
                truncated=sum(reply.finish == "length" for reply in replies) / len(replies),
                not_judged=len(verdicts) - len(judged),
            )
        )
    return results


def mean_success(results: Sequence[ArmResult]) -> float:
    """Return the mean over tasks of the mean success over their levels; 0 for no result."""
    return mean_over_tasks({(result.task, result.level): result.success for result in results}) or 0.0
