"""Alarms: what a run says loudly, since a run that learns nothing looks like one that does."""

from collections.abc import Mapping
from typing import Any

from gradarium.errors import GradariumError
from gradarium.trainers.config import DiagnosticsConfig

WINDOW = 20
"""Steps over which the share of missing answers is averaged."""


class Alarm(GradariumError):
    """An alarm in a run that stops at them (``diagnostics.stop``)."""


class Alarms:
    """Watches the metrics of GRPO steps and the looks at the dev split; its state is in checkpoints.

    Each alarm sounds once, and again only after its cause was away in between.
    """

    def __init__(self, options: DiagnosticsConfig) -> None:
        self.options = options
        self.silent_steps = 0
        self.missing: list[float] = []
        self.least_missing = 1.0
        self.looks: list[tuple[float, float]] = []
        self.rewards = (0.0, 0)
        self.sounding: list[str] = []

    def after_step(self, metrics: Mapping[str, float], reward: float | None, stalled: bool) -> list[str]:
        """Take in a step; return the alarms that begin with it.

        ``metrics`` holds ``groups_useful`` and ``missing`` (share of completions without a readable answer),
        ``reward`` is the mean training reward, ``stalled`` says that an optimiser step moved nothing.
        """
        self.silent_steps = 0 if metrics["groups_useful"] else self.silent_steps + 1
        self.missing = [*self.missing, metrics["missing"]][-WINDOW:]
        if reward is not None:
            self.rewards = (self.rewards[0] + reward, self.rewards[1] + 1)
        missing = sum(self.missing) / len(self.missing)
        found = {}
        if self.silent_steps >= self.options.no_signal:
            found["no signal"] = (
                f"no group had different rewards in {self.silent_steps} steps, so comparing them teaches nothing; take "
                "easier or harder levels, larger groups, or a warm start"
            )
        if stalled:
            found["stalled"] = "an optimiser step changed no weight although there was a gradient: raise step.lr"
        if len(self.missing) == WINDOW:
            if missing > self.options.missing > 2 * self.least_missing:
                found["format"] = (
                    f"{missing:.0%} of the completions hold no readable answer, {self.least_missing:.0%} did before: "
                    "the format has collapsed; look at samples.jsonl, lower step.lr or raise reward.format"
                )
            self.least_missing = min(self.least_missing, missing)
        return self._new(found, ("no signal", "stalled", "format"))

    def after_look(self, held_out: float) -> list[str]:
        """Take in the mean success on the dev split; return the alarms that begin with it.

        It is compared with the mean training reward since the look before; where nothing was paid since, that one is
        taken to have stayed.
        """
        total, steps = self.rewards
        reward = total / steps if steps else self.looks[-1][0] if self.looks else 0.0
        self.rewards = (0.0, 0)
        self.looks = [*self.looks, (reward, held_out)][-(self.options.overfit + 1) :]
        found = {}
        pairs = list(zip(self.looks, self.looks[1:], strict=False))
        if len(pairs) == self.options.overfit and all(b[0] > a[0] and b[1] < a[1] for a, b in pairs):
            found["overfit"] = (
                f"held-out success fell from {self.looks[0][1]:.3f} to {held_out:.3f} while the training reward rose "
                f"from {self.looks[0][0]:.3f} to {reward:.3f}: the policy learns the problems or a hole in a verifier"
            )
        return self._new(found, ("overfit",))

    def _new(self, found: Mapping[str, str], watched: tuple[str, ...]) -> list[str]:
        """Return the texts of alarms that were not sounding; raises Alarm where the run is to stop."""
        begun = [text for name, text in found.items() if name not in self.sounding]
        self.sounding = [name for name in self.sounding if name not in watched] + list(found)
        if begun and self.options.stop:
            raise Alarm(f"{'; '.join(begun)} (the run ends here because diagnostics.stop is set)")
        return begun

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON-ready data."""
        return {
            "silent_steps": self.silent_steps,
            "missing": self.missing,
            "least_missing": self.least_missing,
            "looks": self.looks,
            "rewards": self.rewards,
            "sounding": self.sounding,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.silent_steps = state["silent_steps"]
        self.missing, self.least_missing = state["missing"], state["least_missing"]
        self.looks = [(reward, held_out) for reward, held_out in state["looks"]]
        self.rewards = (state["rewards"][0], state["rewards"][1])
        self.sounding = state["sounding"]
