"""A reply of a model, its verdict, and the line that is written down; the same for training, models and endpoints."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from gradarium.core import Instance, Payload, Verdict

FAILED = "error"
"""``finish`` of a completion that could not be had; it is asked again when the evaluation goes on."""


class Reply(NamedTuple):
    """What a model said."""

    text: str
    tokens: int | None
    """Sampled tokens, where the backend tells."""
    finish: str
    """``stop``, ``length``, or what an endpoint says."""
    error: str = ""
    """Why there is no reply; ``finish`` is then ``error``."""


class Asked(NamedTuple):
    """Which completion: one sample of an instance."""

    instance: Instance
    sample: int


class Judge(Protocol):
    """What judges; ``VerdictPool`` is one."""

    def judge(
        self,
        texts: Sequence[str],
        tasks: Sequence[str],
        payloads: Sequence[Payload],
        formats: Sequence[str | None],
    ) -> list[Verdict]:
        """Return the verdict of each completion, in order."""


def judge_replies(judge: Judge, asked: Sequence[Asked], replies: Sequence[Reply]) -> list[Verdict]:
    """Return the verdicts of replies, in order; what could not be had is an error without a reward."""
    there = [(a.instance, r) for a, r in zip(asked, replies, strict=True) if not r.error]
    instances = [instance for instance, _ in there]
    verdicts = iter(
        judge.judge(
            [reply.text for _, reply in there],
            [instance.task for instance in instances],
            [instance.payload for instance in instances],
            [instance.answer_format for instance in instances],
        )
        if there
        else ()
    )
    return [Verdict.error(reply.error) if reply.error else next(verdicts) for reply in replies]


def line(asked: Asked, reply: Reply, verdict: Verdict) -> dict[str, Any]:
    """Return the record of a completion."""
    return {
        "task": asked.instance.task,
        "level": asked.instance.level,
        "index": asked.instance.index,
        "sample": asked.sample,
        "text": reply.text,
        "answer": verdict.answer,
        "tokens": reply.tokens,
        "finish": reply.finish,
        "status": str(verdict.status),
        "score": verdict.reward,
        "reason": verdict.reason,
    }
