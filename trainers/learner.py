"""What learns: the model with its optimiser, its copy for sampling, its reference and the controllers."""

import copy
import math
from collections.abc import Sequence
from typing import Any

import torch

from gradarium.errors import GradariumError
from gradarium.trainers.config import RunConfig
from gradarium.trainers.data import Group
from gradarium.trainers.divergence import AdaptiveKL
from gradarium.trainers.engines import make_engine
from gradarium.trainers.entropy import EntropyControl
from gradarium.trainers.generation_copy import GenerationCopy
from gradarium.trainers.models import end_ids
from gradarium.trainers.optimizers import make_optimizer, warmup_lr
from gradarium.trainers.policy import Scores, score
from gradarium.trainers.precision import precision_of
from gradarium.trainers.reference import ResetTrigger, ema_update


class NotFinite(GradariumError):
    """A loss or gradient is NaN or infinite."""

    groups: Sequence[Group] = ()
    """What was learned from."""


class Learner:
    """The policy and all that moves it."""

    def __init__(self, model: Any, tokenizer: Any, config: RunConfig, lr: float) -> None:
        self.model, self.tokenizer, self.config = model, tokenizer, config
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = make_optimizer(self.parameters, config.step, lr)
        self.copy = GenerationCopy(model, torch.bfloat16 if config.step.precision == "bf16" else torch.float32)
        ends = end_ids(model, tokenizer, config)
        self.engine = make_engine(config.sampling.engine, self.copy.model, tokenizer.pad_token_id, ends)
        self.reference: Any = None
        self.kl = AdaptiveKL(config.kl.weight, config.kl.target, config.kl.horizon)
        self.entropy = EntropyControl(config.entropy)
        self.reset = ResetTrigger(config.kl.patience)
        self.stalled = False
        """True where the last step moved nothing although it had a gradient."""

    def score(self, model: Any, groups: Sequence[Group]) -> Scores:
        """Return the log-probabilities of all rollouts of some groups under the policy or the reference."""
        completions = [rollout.token_ids for group in groups for rollout in group.rollouts]
        counts = [len(group.rollouts) for group in groups]
        return self._score(model, [group.prompt_ids for group in groups], completions, counts)

    def score_pairs(self, model: Any, prompts: Sequence[list[int]], completions: Sequence[list[int]]) -> Scores:
        """Return the log-probabilities of completions, one for each prompt, at temperature 1."""
        return self._score(model, prompts, completions, [1] * len(prompts), 1.0)

    def _score(
        self,
        model: Any,
        prompts: Sequence[list[int]],
        completions: Sequence[list[int]],
        counts: Sequence[int],
        temperature: float | None = None,
    ) -> Scores:
        step = self.config.step
        with precision_of(model, step.precision):
            return score(
                model,
                prompts,
                completions,
                self.tokenizer.pad_token_id,
                self.config.grpo.temperature if temperature is None else temperature,
                layout=step.layout,
                head_bytes=step.head_bytes,
                counts=counts,
            )

    def update_kl(self, kl: float, completions: int) -> None:
        """Steer the weight of the penalty, where it has a target."""
        if self.config.kl.target > 0:
            self.kl.update(kl, completions)

    def restart_optimizer(self, lr: float) -> None:
        """Forget the optimiser's moments."""
        self.optimizer = make_optimizer(self.parameters, self.config.step, lr)

    def set_lr(self, step: int, lr: float | None = None) -> None:
        """Set the learning rate of a GRPO step, or another one."""
        for group in self.optimizer.param_groups:
            group["lr"] = warmup_lr(step, self.config.step) if lr is None else lr

    def apply(self) -> float:
        """Clip the gradient and take an optimiser step; return the norm before clipping.

        Raises NotFinite, with the weights as they were, where the gradient is NaN or infinite.
        """
        norm = float(torch.nn.utils.clip_grad_norm_(self.parameters, self.config.step.max_grad_norm))
        if not math.isfinite(norm):
            raise NotFinite(f"the gradient is {norm}; lower the learning rate")
        probe = next((p for p in self.parameters if p.grad is not None and bool(p.grad.any())), self.parameters[0])
        place = 0 if probe.grad is None else int(probe.grad.abs().argmax())
        before = probe.detach().flatten()[place].clone()
        self.optimizer.step()
        self.stalled = norm > 0 and bool(probe.detach().flatten()[place] == before)
        self.copy.refresh()
        return norm

    def freeze_reference(self) -> None:
        """Make the policy of now the reference; adapters are merged, as they are in a checkpoint."""
        merged = GenerationCopy(self.model, next(self.model.parameters()).dtype).model
        frozen = copy.deepcopy(self.model) if merged is self.model else merged
        self.reference = frozen.eval().requires_grad_(False)

    def move_reference(self, step: int, held_out: float | None) -> None:
        """Let the reference follow after GRPO step ``step``, as ``kl.reference`` says.

        ``held_out`` is the success on the dev split where it was looked at. A reset also forgets the optimiser's
        moments (ProRL).
        """
        kl = self.config.kl
        if self.reference is None:
            return
        if kl.reference == "ema" and step % kl.every == 0:
            ema_update(self.reference, self.model, kl.alpha)
        elif kl.reference == "reset" and held_out is not None and self.reset.update(held_out):
            self.freeze_reference()
            self.restart_optimizer(self.config.step.lr)

    def state_dict(self) -> dict[str, Any]:
        """Return the controllers' state as JSON-ready data; weights and moments are saved beside it."""
        return {"kl": self.kl.state_dict(), "entropy": self.entropy.state_dict(), "reset": self.reset.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.kl.load_state_dict(state["kl"])
        self.entropy.load_state_dict(state["entropy"])
        self.reset.load_state_dict(state["reset"])
