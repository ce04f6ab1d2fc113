"""Rewards: verdict -> float, or None for a sample to be masked."""

from gradarium.core import Verdict
from gradarium.trainers.config import GRPOConfig


def reward(verdict: Verdict, finish: str, config: GRPOConfig) -> float | None:
    """Return the verdict's score; None where the suite failed, or where a truncated sample is to be left out."""
    if finish == "length" and config.mask_truncated:
        return None
    return verdict.reward
