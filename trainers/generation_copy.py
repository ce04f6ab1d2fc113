"""A copy of the weights for generation: 16 bit while the optimiser's stay fp32, and with adapters merged in.

Casting the live model back and forth would round what the optimiser has added: at learning rates of 1e-6 most of an
update is smaller than half a bf16 step.
"""

import copy
from typing import Any

import torch

from gradarium.trainers.lora import lora_layers, merged, weight_sources


class GenerationCopy:
    """``model`` generates; ``refresh`` makes it follow the weights it was made from.

    Where nothing differs (no adapters, all weights in ``dtype`` already) ``model`` is the training model itself and
    costs nothing. Otherwise it is a plain model without adapters, frozen and in evaluation mode, with one tensor for
    each weight whose place in memory never changes, so that recorded CUDA graphs stay good.
    """

    def __init__(self, model: Any, dtype: torch.dtype) -> None:
        self.model = model
        self._pairs: list[tuple[torch.Tensor, torch.Tensor, Any]] = []  # copy, base, adapter layer
        if lora_layers(model) or any(p.dtype != dtype for p in model.parameters()):
            self.model = _empty_twin(model, dtype)
            sources = weight_sources(model)
            self._pairs = [(target, *sources[name]) for name, target in self.model.named_parameters()]
            self.refresh()

    @torch.no_grad()
    def refresh(self) -> None:
        """Copy the weights of now: W + alpha / rank * B A in fp32, then rounded once. Call it after each step."""
        for target, base, layer in self._pairs:
            target.copy_(merged(base, layer))


def _empty_twin(model: Any, dtype: torch.dtype) -> Any:
    """Return a plain model of the same class on the same device, its weights not yet filled in."""
    with torch.device("meta"):
        twin = type(model)(copy.deepcopy(model.config))
    twin = twin.to(dtype).to_empty(device=model.device)
    twin.tie_weights()
    for name, buffer in model.named_buffers():  # rotary frequencies and their like keep their precision
        owner, _, leaf = name.replace(".base_layer.", ".").rpartition(".")
        setattr(twin.get_submodule(owner), leaf, buffer.detach().clone())
    twin.generation_config = copy.deepcopy(model.generation_config)
    return twin.eval().requires_grad_(False)
