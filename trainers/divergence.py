"""Distance from a reference policy and entropy: estimators per token, and the controllers of their weights.

Estimators: x = clamp(log pi - log pi_ref, -20, 20) of sampled tokens. E[k1] = E[k3] = KL(pi || pi_ref). As terms of a
loss only the gradient counts, and on-policy it is: k1 none in expectation; k2 that of KL(pi || pi_ref); k3 that of
KL(pi_ref || pi). ``k1+`` and ``k3+`` have the value of k1 and k3 and the gradient of k2, as in verl.
(J. Schulman, "Approximating KL divergence", 2020.)
"""

import math
from collections.abc import Callable

from torch import Tensor

Estimator = Callable[[Tensor, Tensor], Tensor]
"""(logprobs [N, T] with gradient, reference [N, T]) -> [N, T]."""


def k1(logprobs: Tensor, reference: Tensor) -> Tensor:
    """Return x."""
    return (logprobs - reference).clamp(-20, 20)


def absolute(logprobs: Tensor, reference: Tensor) -> Tensor:
    """Return |x|."""
    return k1(logprobs, reference).abs()


def k2(logprobs: Tensor, reference: Tensor) -> Tensor:
    """Return x^2 / 2."""
    return k1(logprobs, reference).square() / 2


def k3(logprobs: Tensor, reference: Tensor) -> Tensor:
    """Return exp(-x) + x - 1, never below 0 (GRPO, arXiv 2402.03300)."""
    x = k1(logprobs, reference)
    return (-x).exp() + x - 1


def _with_gradient_of_k2(value: Estimator) -> Estimator:
    def estimate(logprobs: Tensor, reference: Tensor) -> Tensor:
        gradient = k2(logprobs, reference)
        return gradient - gradient.detach() + value(logprobs, reference).detach()

    return estimate


KL_ESTIMATORS: dict[str, Estimator] = {
    "k1": k1,
    "abs": absolute,
    "k2": k2,
    "k3": k3,
    "k1+": _with_gradient_of_k2(k1),
    "k3+": _with_gradient_of_k2(k3),
}


class AdaptiveKL:
    """Steers the weight of the penalty so that the KL stays near ``target`` (arXiv 1909.08593).

    weight <- weight (1 + clip(kl / target - 1, -0.2, 0.2) n / horizon), with n / horizon at most 1 so that no batch
    moves it by more than a fifth. A target of 0 keeps the weight fixed; a weight of 0 stays 0.
    """

    def __init__(self, weight: float, target: float, horizon: float) -> None:
        self.weight = weight
        self.target = target
        self.horizon = horizon

    def update(self, kl: float, n: int) -> None:
        """Follow the mean KL per token that was measured on n completions; NaN changes nothing."""
        if self.target <= 0 or math.isnan(kl):
            return
        error = min(max(kl / self.target - 1, -0.2), 0.2)
        self.weight *= 1 + error * min(n / self.horizon, 1.0)

    def state_dict(self) -> dict[str, float]:
        """Return the state as JSON-ready data."""
        return {"weight": self.weight}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Go on from a state."""
        self.weight = state["weight"]


class AdaptiveEntropy:
    """Steers the weight of the entropy bonus towards a target entropy (Skywork-OR1, arXiv 2505.22312).

    The bonus of a step has the weight c where the entropy is at or below ``target``, else 0; then c rises by ``delta``
    where the entropy is below the target and falls by it where it is above, within 0 ... ``largest`` (TRL's bounds; the
    authors start at c = 0).
    """

    def __init__(self, weight: float, target: float, delta: float, largest: float) -> None:
        self.coefficient = weight
        self.target = target
        self.delta = delta
        self.largest = largest

    def weight(self, entropy: float) -> float:
        """Return the weight of the bonus at this mean entropy (nats per token); 0 for NaN, before anything is known."""
        return self.coefficient if entropy <= self.target else 0.0

    def update(self, entropy: float) -> None:
        """Move the coefficient by one step; NaN changes nothing."""
        if entropy < self.target:
            self.coefficient = min(self.coefficient + self.delta, self.largest)
        elif entropy > self.target:
            self.coefficient = max(self.coefficient - self.delta, 0.0)

    def state_dict(self) -> dict[str, float]:
        """Return the state as JSON-ready data."""
        return {"coefficient": self.coefficient}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Go on from a state."""
        self.coefficient = state["coefficient"]


def aepo_temperature(entropy: float, target: float, hot: float, cold: float) -> float:
    """Return the temperature for the regularising samples: ``hot`` below the target entropy, else ``cold``.

    AEPO, arXiv 2510.08141, holds the entropy without a bonus: it adds a REINFORCE term on samples drawn from the policy
    at another temperature. Learning from a flatter distribution raises the entropy, from a sharper one lowers it. Taken
    from it: the term in place of the bonus, the switch of the temperature about a target, and that right samples alone
    count. Ours: the samples are a share of each group, and that share, the two temperatures and the weight are settings
    (``config.EntropyConfig``) whose defaults are not the paper's numbers.
    """
    return hot if entropy < target else cold
