"""Gymnasium environments: importing this package registers ``gradarium/<task>-v<version>`` for every task.

``gym.make("gradarium.envs:gradarium/sudoku-v0", level=3)`` needs no import of its own.
"""

from gradarium.envs.registration import register, register_all
from gradarium.envs.try_again import TryAgain

__all__ = ["TryAgain", "register", "register_all"]

register_all()
