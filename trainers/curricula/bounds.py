"""Bounds of rules' options, checked where the options are made."""

import math
from typing import Any

from gradarium.errors import BadValue


def within(options: Any, **bounds: tuple[float, float]) -> None:
    """Raise BadValue unless each named option is a finite number in [low, high]; ``math.inf`` is no bound."""
    for name, (low, high) in bounds.items():
        value = getattr(options, name)
        if not (math.isfinite(value) and low <= value <= high):
            limits = f"must be at least {low:g}" if math.isinf(high) else f"must be in [{low:g}, {high:g}]"
            raise BadValue(f"curriculum.{name}", value, limits)
