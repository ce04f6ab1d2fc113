"""Curricula choose the next arms: (task, level) pairs."""

from gradarium.trainers.curricula.weighted import Weighted

__all__ = ["Weighted"]
