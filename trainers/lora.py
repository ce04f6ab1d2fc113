"""LoRA (arXiv 2106.09685): learn W + alpha / rank * B A with small A and B instead of W; needs peft.

The adapters live inside the model itself, so that scoring, engines and optimisers see the model they know.

A checkpoint holds ``lora_state`` and the merged model. To go on, load the base model as the run first did, call
``add_lora`` and then ``load_lora_state``: W itself cannot be had back from the merged weights bit by bit.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from gradarium.errors import BadValue, MissingExtra

ADAPTER = "default"


def add_lora(model: Any, rank: int, alpha: float) -> Any:
    """Put adapters into all linear layers of the decoder, freeze everything else, and return the same model.

    A is random (torch's global generator), B is 0, so the model says what it said before. Adapters are fp32 whatever
    the model is. The head and the embeddings stay as they are.

    Raises MissingExtra without peft, BadValue for a rank below 1 or a model that has adapters already.
    """
    if rank < 1:
        raise BadValue("step.lora_rank", rank, "must be at least 1")
    if lora_layers(model):
        raise BadValue("step.lora_rank", rank, "the model has adapters already")
    try:
        peft = import_module("peft")
    except ImportError as error:
        raise MissingExtra("step.lora_rank", "lora", str(error)) from None
    decoder = model.get_decoder()
    inside = {module for module in decoder.modules() if isinstance(module, torch.nn.Linear)}
    names = [name for name, module in model.named_modules() if module in inside]
    if not names:
        raise BadValue("step.lora_rank", rank, f"{model.config.model_type} has no linear layers in its decoder")
    options = peft.LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=0.0, target_modules=names)
    peft.inject_adapter_in_model(options, model, ADAPTER)
    for parameter in _adapters(model).values():
        parameter.data = parameter.data.float()
    return model


def lora_layers(model: Any) -> dict[str, Any]:
    """Return the layers with adapters by name; empty for a model without LoRA."""
    return {name: module for name, module in model.named_modules() if hasattr(module, "get_delta_weight")}


def weight_sources(model: Any) -> dict[str, tuple[torch.Tensor, Any]]:
    """Return, for each parameter of the plain model, the tensor that is its base and its adapter layer or None.

    Tied parameters appear once, under their first name.
    """
    layers = lora_layers(model)
    adapters = _adapters(model)
    sources = {}
    for name, parameter in model.named_parameters():
        if name not in adapters:
            owner = name.removesuffix(".base_layer.weight")
            sources[name.replace(".base_layer.", ".")] = (parameter, layers.get(owner))
    return sources


@torch.no_grad()
def merged(base: torch.Tensor, layer: Any) -> torch.Tensor:
    """Return W + alpha / rank * B A in fp32; the base itself where there is no adapter. Nothing is changed."""
    return base if layer is None else base.float() + layer.get_delta_weight(ADAPTER)


def save_merged(model: Any, folder: str | Path) -> None:
    """Write a plain model folder that ``from_pretrained`` reads, adapters merged into the weights."""
    if not lora_layers(model):
        model.save_pretrained(folder)
        return
    state = {name: merged(*source).detach().to(source[0].dtype) for name, source in weight_sources(model).items()}
    kept = {name.replace(".base_layer.", "."): tensor for name, tensor in model.state_dict().items()}
    buffers = {name for name, _ in model.named_buffers()}
    model.save_pretrained(folder, state_dict={**state, **{name: kept[name] for name in buffers if name in kept}})


def lora_state(model: Any) -> dict[str, torch.Tensor]:
    """Return copies of all adapters on the CPU; empty for a model without LoRA."""
    return {name: parameter.detach().cpu().clone() for name, parameter in _adapters(model).items()}


def load_lora_state(model: Any, state: Mapping[str, torch.Tensor]) -> None:
    """Copy saved adapters into the model; raises BadValue where they do not fit it."""
    adapters = _adapters(model)
    if {n: p.shape for n, p in adapters.items()} != {n: t.shape for n, t in state.items()}:
        raise BadValue("step.lora_rank", len(state), "the saved adapters are those of another model or rank")
    with torch.no_grad():
        for name, parameter in adapters.items():
            parameter.copy_(state[name])


def _adapters(model: Any) -> dict[str, torch.nn.Parameter]:
    """Return the parameters A and B of all layers by name."""
    return {
        f"{name}.{inner}": parameter
        for name, layer in lora_layers(model).items()
        for inner, parameter in layer.named_parameters()
        if inner.startswith("lora_")
    }
