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
    """As sampled; NaN for tokens that were given."""
    finish: str
    text: str
    verdict: Verdict
    reward: float | None
    """None: masked, since the suite failed or for another reason; or not yet paid (``rewards.pay``)."""
    parts: tuple[float, ...] = ()
    """The parts that the reward is made of, see ``rewards.Parts``."""
    given: int = 0
    """Leading tokens that come from the reference answer (Prefix-RFT)."""
    guided: bool = False
    """Sampled with a hint that the group's prompt does not have (Guide-GRPO)."""
    tempered: bool = False
    """Sampled at another temperature, to move the entropy (AEPO); not compared with its group."""
    abstained: bool = False
    """Said that it does not know, where that is an answer (``reward.ternary``)."""

    @property
    def alone(self) -> bool:
        """Sampled as the policy answers by itself: no given tokens, no hint, no other temperature."""
        return not (self.given or self.guided or self.tempered)


@dataclass(frozen=True)
class Group:
    """All rollouts of one prompt."""

    arm: Arm
    instance: Instance
    prompt_ids: list[int]
    rollouts: list[Rollout]
    greedy: float | None = None
    """Reward of the greedy completion, where the advantage needs it."""

    @property
    def rewards(self) -> list[float | None]:
        """Rewards of the rollouts that are compared with each other."""
        return [rollout.reward for rollout in self.rollouts if not rollout.tempered]

    @property
    def success(self) -> float | None:
        """Mean score of the rollouts whose rewards are compared; None where all are masked."""
        scores = [r.verdict.score for r in self.rollouts if r.reward is not None and not r.tempered]
        return sum(scores) / len(scores) if scores else None
