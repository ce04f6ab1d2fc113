"""What flows through the loop: arms, rollouts, groups."""

from dataclasses import dataclass
from typing import NamedTuple

from gradarium.core import Instance, Verdict


class Arm(NamedTuple):
    """The unit a curriculum chooses: one level of one task."""

    task: str
    level: int

    def __str__(self) -> str:
        return f"{self.task}/{self.level}"


class Completion(NamedTuple):
    """What an engine returns for one sample."""

    token_ids: list[int]
    """Sampled tokens, the end token included where it was sampled."""
    logprobs: list[float]
    """fp32 log-probability of each sampled token under the distribution it was drawn from."""
    finish: str
    """``stop`` (end token) or ``length`` (cut off)."""


@dataclass(frozen=True)
class Rollout:
    """A judged completion."""

    token_ids: list[int]
    logprobs: list[float]
    finish: str
    text: str
    verdict: Verdict
    reward: float | None
    """None: the suite failed, the sample is masked."""


@dataclass(frozen=True)
class Group:
    """All rollouts of one prompt."""

    arm: Arm
    instance: Instance
    prompt_ids: list[int]
    rollouts: list[Rollout]
