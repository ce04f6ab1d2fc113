"""Stop a run whose answers the suite cannot judge: a limit on the rate of failed verdicts."""

from collections import deque
from collections.abc import Sequence

from gradarium.core import Status, Verdict
from gradarium.errors import BadValue, GradariumError

FAILED = (Status.ERROR, Status.TIMEOUT)
"""What counts as failed: the suite's own failures, whose reward is None."""


class TooManyErrors(GradariumError):
    """The suite failed to judge too many samples."""


class FailureRate:
    """The share of failed verdicts among the last ones; one failure in a small batch ends nothing.

    Too many are more than ``limit`` of the last ``window`` verdicts (of all so far, while there are fewer; of a whole
    batch, where that is larger) and at least ``least``. With ``limit`` 0 a single one is too many. A resumed run starts
    with an empty window.

    >>> rate = FailureRate(0.05)
    >>> rate.check([Verdict.correct()] * 15 + [Verdict.error("gone")], step=1)  # 6 %, but only one
    >>> rate.check([Verdict.error("gone")] * 16, step=2)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    TooManyErrors: step 2: 17 of 32 answers could not be judged; first: gone
    """

    def __init__(self, limit: float, window: int = 1000, least: int = 10) -> None:
        """Start with nothing seen.

        Args:
            limit: Largest share of failed verdicts, in [0, 1]; 1 never stops a run.
            window: How many of the last verdicts count.
            least: Failures below which nothing is said; more than one group that shares a spoilt instance has.

        Raises:
            BadValue: For a value out of its range.
        """
        if not 0 <= limit <= 1:
            raise BadValue("limit", limit, "must be a share from 0 to 1")
        for name, value in (("window", window), ("least", least)):
            if type(value) is not int or value < 1:
                raise BadValue(name, value, "must be a whole number of at least 1")
        self.limit, self.window = limit, window
        self.least = least if limit > 0 else 1
        self._failed: deque[bool] = deque()

    def check(self, verdicts: Sequence[Verdict], step: int) -> None:
        """Count the verdicts of a step; raises TooManyErrors with the first reason when too many of late failed."""
        self._failed.extend(v.status in FAILED for v in verdicts)
        while len(self._failed) > max(self.window, len(verdicts)):
            self._failed.popleft()
        failed = sum(self._failed)
        if failed >= self.least and failed > self.limit * len(self._failed):
            reasons = [v.reason for v in verdicts if v.status in FAILED]
            first = reasons[0] if reasons else "in an earlier step"
            raise TooManyErrors(
                f"step {step}: {failed} of {len(self._failed)} answers could not be judged; first: {first}"
            )
