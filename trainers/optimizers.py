"""Optimisers by name, and the warmup of the learning rate."""

from collections.abc import Iterable
from importlib import import_module

import torch

from gradarium.errors import MissingExtra, UnknownName
from gradarium.trainers.config import StepConfig

OPTIMIZERS = ("adamw", "adamw8bit")
"""``adamw`` (arXiv 1711.05101; two fp32 moments, 8 bytes a weight) and ``adamw8bit`` (arXiv 2110.02861; block-wise
8-bit moments, 2 bytes a weight; tensors below 4,096 elements keep fp32 ones)."""


def make_optimizer(parameters: Iterable[torch.nn.Parameter], options: StepConfig, lr: float) -> torch.optim.Optimizer:
    """Return the optimiser ``options.optimizer`` over those parameters that need a gradient.

    AdamW is fused on CUDA and the CPU, and plain elsewhere. Raises UnknownName, and MissingExtra where bitsandbytes is
    missing.
    """
    learned = [parameter for parameter in parameters if parameter.requires_grad]
    first, second = options.betas
    if options.optimizer == "adamw":
        fused = all(parameter.device.type in ("cuda", "cpu") for parameter in learned) or None
        return torch.optim.AdamW(learned, lr, (first, second), weight_decay=options.weight_decay, fused=fused)
    if options.optimizer == "adamw8bit":
        try:
            found = import_module("bitsandbytes.optim")
        except ImportError as error:
            raise MissingExtra("step.optimizer = adamw8bit", "adamw8bit", str(error)) from None
        made: torch.optim.Optimizer = found.AdamW8bit(learned, lr, (first, second), weight_decay=options.weight_decay)
        return made
    raise UnknownName("optimizer", options.optimizer, OPTIMIZERS)


def warmup_lr(step: int, options: StepConfig) -> float:
    """Return the learning rate of a step, counted from 0: lr * min(1, (step + 1) / (lr_warmup + 1))."""
    return options.lr * min(1.0, (step + 1) / (options.lr_warmup + 1))
