"""When and how the frozen reference policy moves."""

import math
from typing import Any

import torch

from gradarium.errors import BadValue


@torch.no_grad()
def ema_update(reference: torch.nn.Module, policy: torch.nn.Module, alpha: float) -> None:
    """Move the reference towards the policy, in place: ref <- alpha policy + (1 - alpha) ref.

    TR-DPO, arXiv 2404.09656. Buffers stay as they are. Raises BadValue where the two have not the same parameters, as
    with LoRA.
    """
    sources = dict(policy.named_parameters())
    targets = dict(reference.named_parameters())
    if sources.keys() != targets.keys():
        raise BadValue("kl.reference", "ema", "policy and reference have different parameters; use 'fixed' with LoRA")
    for name, target in targets.items():
        source = sources[name].detach().to(target.device)
        target.copy_(target.to(source.dtype).lerp(source, alpha))  # in the policy's precision, rounded once


class ResetTrigger:
    """Says when the reference is to be replaced by the policy, with a fresh optimiser (ProRL, arXiv 2505.24864).

    That is when held-out success has not risen above its best for ``patience`` looks in a row. After a reset the best
    is the success at that reset, so each reference gets its own chance. ProRL resets where validation stalls or the KL
    term dominates, and gives no rule; this one is ours.
    """

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.best: float | None = None
        self.waited = 0

    def update(self, success: float) -> bool:
        """Take a look's held-out success; return whether to reset now. NaN (nothing could be judged) is no look."""
        if math.isnan(success):
            return False
        if self.best is None or success > self.best:
            self.best, self.waited = success, 0
            return False
        self.waited += 1
        if self.waited < self.patience:
            return False
        self.best, self.waited = success, 0
        return True

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON-ready data."""
        return {"best": self.best, "waited": self.waited}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.best, self.waited = state["best"], state["waited"]
