"""ReLIFT: now and then a supervised step on the problems that no rollout could solve (arXiv 2506.07527).

Problems whose rollouts all failed are kept until there are enough for a batch; then one supervised step is taken on
their reference answers. Deviations: the demonstrations are the generators' references, not a stronger model's; and of
more problems than a batch holds the rest is forgotten, for a generator's supply of problems has no end.
"""

from collections.abc import Sequence
from typing import Any

from gradarium.trainers.config import GuidanceConfig
from gradarium.trainers.data import Arm, Group


class HardProblems:
    """Problems that wait for a supervised step, oldest first."""

    def __init__(self, options: GuidanceConfig) -> None:
        self.options = options
        self.waiting: list[tuple[Arm, int]] = []

    def observe(self, groups: Sequence[Group]) -> None:
        """Keep the problems of groups in which no judged rollout earned anything by itself.

        Rollouts with a hint or a given prefix do not count, cut-off ones do, also where their reward is masked. Pass
        all groups that were drawn: those that dynamic sampling drops are the ones to keep here.
        """
        if self.options.sft_lr <= 0:
            return
        for group in groups:
            alone = [r.verdict.reward for r in group.rollouts if not r.guided and not r.given]
            judged = [reward for reward in alone if reward is not None]
            if judged and not any(judged):
                self.waiting.append((group.arm, group.instance.index))

    def take(self) -> list[tuple[Arm, int]]:
        """Return a batch of (arm, index) if there are enough, else nothing; after a batch no problem waits any more.

        Of more than ``sft_batch`` problems it is every n-th one. A step's groups lie arm by arm, so each arm keeps its
        share of the batch.
        """
        size, found = self.options.sft_batch, len(self.waiting)
        if found < size:
            return []
        taken = [self.waiting[k * found // size] for k in range(size)]
        self.waiting = []
        return taken

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON-ready data."""
        return {"waiting": [[arm.task, arm.level, index] for arm, index in self.waiting]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.waiting = [(Arm(task, level), index) for task, level, index in state["waiting"]]
