"""Variance decides what is trained on, and a bank of good instances fills the gaps (VCRL, arXiv 2509.19803).

A group of G rollouts with k successes has the variance ``k (G - k) / (G (G - 1))``; over the greatest that G allows,
``G / (4 (G - 1))`` for even G and ``(G + 1) / (4 G)`` for odd G, that is its value p in [0, 1]. Then

    a group is trained on          if p >= kappa
    an instance enters the bank    with priority p, if p >= kappa; seen again:  priority <- m priority + (1 - m) p
    places without a group         are filled from the bank, highest priority first

The places are those that the last look at groups left empty: with ``sampling.rounds`` above 1 they are filled in the
same step, as in the paper, otherwise in the next. An instance leaves the bank when it was replayed ``replays`` times or
when its priority fell below kappa.

Fresh instances have the priority of their arm, which starts at 1 and moves with the same momentum towards the mean p of
the arm's groups; they are drawn in proportion to it and to the weights of the mixture. The paper draws from a fixed set
of prompts alike. No official code was found and momentum, threshold and limits are not the paper's but ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback
from gradarium.trainers.curricula.signals import mean, paid_differently, variance_share


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    kappa: float = 0.3
    """Least value of a group that is trained on, as a share of the greatest variance."""
    momentum: float = 0.9
    """How much of a priority stays when the instance, or its arm, is seen again."""
    bank: int = 512
    """Most instances in the bank; those of least priority leave."""
    replays: int = 2
    """Most times that an instance is replayed."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, kappa=(0, 1), momentum=(0, 1), bank=(0, 1_000_000), replays=(0, 1000))


class VCRL(Curriculum):
    """Trains on groups of high variance and replays instances that had it."""

    Options = Options
    repeats = True

    def start(self) -> None:
        """Value every arm at most, with an empty bank."""
        self.priority = [1.0] * len(self.arms)
        self.bank: dict[tuple[int, int], tuple[float, int]] = {}
        """Priority and replays so far, by arm position and instance index."""
        self.lent: dict[tuple[int, int], tuple[float, int]] = {}
        """What was taken from the bank in this step."""
        self.empty = 0
        """Places that the last groups left empty."""

    def probabilities(self) -> list[float]:
        """Return the shares of fresh instances."""
        return self.by_weight(self.priority)

    def choose(self, n: int) -> list[tuple[int, int | None]]:
        """Replay for the empty places, as far as the bank goes; the rest is fresh."""
        best = sorted(self.bank, key=lambda key: (-self.bank[key][0], key))[: min(n, self.empty)]
        self.empty -= len(best)
        self.lent.update((key, self.bank.pop(key)) for key in best)
        return [*best, *super().choose(n - len(best))]

    def keep(self, seen: Sequence[Feedback], n: int) -> list[int]:
        """Return the first n groups of enough variance."""
        kept = [i for i, one in enumerate(seen) if _value(one) >= self.options.kappa][:n]
        self.empty = n - len(kept)
        return kept

    def learn(self, seen: Sequence[Feedback]) -> None:
        """Move priorities and fill the bank."""
        o = self.options
        values: dict[int, list[float]] = {}
        for one in seen:
            if len(one.scores) < 2:
                continue
            key, p = (self.position[one.arm], one.index), _value(one)
            values.setdefault(key[0], []).append(p)
            if key in self.lent:
                old, replays = self.lent.pop(key)
                entry = (o.momentum * old + (1 - o.momentum) * p, replays + 1)
            else:
                entry = (p, 0)
            if entry[0] >= o.kappa and entry[1] < o.replays:
                self.bank[key] = entry
        for i, row in values.items():
            self.priority[i] = o.momentum * self.priority[i] + (1 - o.momentum) * mean(row)
        self.bank.update(self.lent)  # nothing was learned about these
        self.lent = {}
        best = sorted(self.bank, key=lambda key: (-self.bank[key][0], key))[: o.bank]
        self.bank = {key: self.bank[key] for key in best}

    def state(self) -> dict[str, Any]:
        """Return priorities and bank."""
        rows = {name: [[*key, *entry] for key, entry in getattr(self, name).items()] for name in ("bank", "lent")}
        return {"priority": self.priority, "empty": self.empty, **rows}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from priorities and bank."""
        self.priority, self.empty = list(state["priority"]), state["empty"]
        self.bank = {(i, index): (p, replays) for i, index, p, replays in state["bank"]}
        self.lent = {(i, index): (p, replays) for i, index, p, replays in state["lent"]}

    def figures(self) -> dict[str, float]:
        """Return ``priority/<arm>``, the size of the bank and the places that were empty."""
        arms = {f"priority/{arm}": p for arm, p in zip(self.arms, self.priority, strict=True)}
        return {**arms, "bank": float(len(self.bank)), "empty": float(self.empty)}


def _value(one: Feedback) -> float:
    return variance_share(one.scores) if paid_differently(one) else 0.0
