"""The number format of the forward pass."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from gradarium.errors import UnknownName


def precision_of(model: Any, precision: str) -> AbstractContextManager[Any]:
    """Return the context for forward passes: ``fp32`` (nothing changes) or ``bf16`` (autocast over the same weights).

    The backward pass belongs outside. Raises UnknownName.
    """
    if precision == "fp32":
        return nullcontext()
    if precision == "bf16":
        return torch.autocast(model.device.type, torch.bfloat16)
    raise UnknownName("precision", precision, ("fp32", "bf16"))
