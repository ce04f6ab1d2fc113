"""Activation checkpointing: keep only the input of each layer and run the layer again for the gradient."""

from functools import partial
from typing import Any

import torch
from torch.utils.checkpoint import checkpoint
from transformers.modeling_layers import GradientCheckpointingLayer

from gradarium.errors import BadValue
from gradarium.trainers.packing import attention


def enable_checkpointing(model: Any) -> None:
    """Make every decoder layer forget its inner activations; for all layouts, in training and evaluation mode alike.

    The gradient is the same, memory falls to the layers' inputs and time rises by about a third (sublinear memory
    cost, arXiv 1604.06174). Without gradients nothing changes, so a model may generate between updates. The checkpoints
    of ``transformers`` cannot be used: they drop the cache on which the shared prompt rests. Calling twice is harmless.

    Raises BadValue for a model without layers that can be run again.
    """
    if hasattr(model, "get_base_model"):
        model = model.get_base_model()
    decoder = model.get_decoder()
    layers = [module for module in decoder.modules() if isinstance(module, GradientCheckpointingLayer)]
    if not layers:
        kind = getattr(model.config, "model_type", type(model).__name__)
        raise BadValue("step.checkpointing", True, f"the layers of {kind} cannot be run again; leave it out")
    inner = {module for layer in layers for module in layer.modules() if module is not layer}
    for layer in layers:
        if layer not in inner:
            # A partial, not a closure: copy.deepcopy of the model then binds the copied layer.
            layer.forward = partial(_forward, layer, decoder.config)


def _forward(layer: Any, config: Any, *args: Any, **kwargs: Any) -> Any:
    if not torch.is_grad_enabled():
        return type(layer).forward(layer, *args, **kwargs)
    return checkpoint(_run, layer, config, config._attn_implementation, args, kwargs, use_reentrant=False)


def _run(layer: Any, config: Any, implementation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run the layer; the second time the layout's attention is chosen again, as its context has long been left."""
    with attention(config, implementation):
        return type(layer).forward(layer, *args, **kwargs)
