"""Dynamic sampling (DAPO, arXiv 2503.14476): which groups teach something, and a count of those that do not."""

import statistics
from collections.abc import Sequence
from typing import Any, Literal

from gradarium.trainers.data import Arm

Fate = Literal["useful", "too_easy", "too_hard", "masked"]
DROPS: tuple[Fate, ...] = ("too_easy", "too_hard", "masked")


def useful(rewards: Sequence[float | None], spread: float) -> bool:
    """Tell whether the population standard deviation of the rewards that are not None is above ``spread``.

    The mean is not looked at: a group in which all earn 0.4 teaches as little as one in which all fail. Fewer than two
    rewards are never useful.

    >>> useful([1.0, 0.0, None], 1e-6), useful([0.4, 0.4, 0.4], 1e-6)
    (True, False)
    """
    valid = [reward for reward in rewards if reward is not None]
    return len(valid) > 1 and statistics.pstdev(valid) > spread


def fate(rewards: Sequence[float | None], spread: float, success: float | None = None) -> Fate:
    """Return ``useful``, or why a group is dropped.

    ``masked``: fewer than two rewards are left. Otherwise all are about equal: ``too_easy`` if ``success``, the mean
    score of these rollouts, is above a half, else ``too_hard``. Without ``success`` the rewards are taken for scores:
    shaped rewards do not tell, for a right answer may be paid less than half of what others are, or a wrong one more.
    """
    if useful(rewards, spread):
        return "useful"
    valid = [reward for reward in rewards if reward is not None]
    if len(valid) < 2:
        return "masked"
    return "too_easy" if (statistics.fmean(valid) if success is None else success) > 0.5 else "too_hard"


class Drops:
    """Counts for each arm how many groups were drawn and how many of them dropped, by reason, since the start.

    Dropping moves a mixture towards arms of middling difficulty; these counts show by how much.
    """

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, int]] = {}

    def observe(self, arm: Arm, rewards: Sequence[float | None], spread: float, success: float | None = None) -> bool:
        """Count one group and return whether it is useful; arguments as for ``fate``."""
        row = self._counts.setdefault(str(arm), dict.fromkeys(("drawn", *DROPS), 0))
        found = fate(rewards, spread, success)
        row["drawn"] += 1
        if found != "useful":
            row[found] += 1
        return found == "useful"

    def metrics(self) -> dict[str, float]:
        """Return ``groups/drawn`` and the share of each reason, ``groups/too_easy``..., for all and for each arm.

        The names of an arm's figures go on with it: ``groups/drawn/sudoku/3``.
        """
        rows = list(self._counts.values())
        figures = _shares({name: sum(row[name] for row in rows) for name in ("drawn", *DROPS)}, "")
        for arm, row in sorted(self._counts.items()):
            figures.update(_shares(row, f"/{arm}"))
        return figures

    def state_dict(self) -> dict[str, Any]:
        """Return the counts as JSON-ready data."""
        return {arm: dict(row) for arm, row in self._counts.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self._counts = {arm: dict(row) for arm, row in state.items()}


def _shares(row: dict[str, int], suffix: str) -> dict[str, float]:
    return {
        f"groups/drawn{suffix}": float(row["drawn"]),
        **{f"groups/{name}{suffix}": row[name] / max(1, row["drawn"]) for name in DROPS},
    }
