"""How strongly, and in which of three ways, the entropy of the policy is held up."""

import math
from typing import Any

from gradarium.trainers.config import EntropyConfig
from gradarium.trainers.divergence import AdaptiveEntropy, aepo_temperature


class EntropyControl:
    """Chooses weight and temperature of the next step from the entropy of the last one."""

    def __init__(self, options: EntropyConfig) -> None:
        self.options = options
        self.last = math.nan
        self.adaptive = AdaptiveEntropy(options.weight, options.target, options.delta, options.largest)

    @property
    def weight(self) -> float:
        """Weight of the entropy bonus; 0 in the mode ``aepo``, which has none."""
        if self.options.mode == "fixed":
            return self.options.weight
        if self.options.mode == "adaptive":
            return self.adaptive.weight(self.last)
        return 0.0

    @property
    def temperature(self) -> float | None:
        """Temperature of the samples that move the entropy; None outside the mode ``aepo`` and where none is known."""
        if self.options.mode != "aepo" or math.isnan(self.last):
            return None
        return aepo_temperature(self.last, self.options.target, self.options.hot, self.options.cold)

    def update(self, entropy: float) -> None:
        """Take in the mean entropy of a step, nats per token."""
        self.last = entropy
        if self.options.mode == "adaptive":
            self.adaptive.update(entropy)

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON-ready data."""
        return {"last": None if math.isnan(self.last) else self.last, **self.adaptive.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.last = math.nan if state["last"] is None else state["last"]
        self.adaptive.load_state_dict(state)
