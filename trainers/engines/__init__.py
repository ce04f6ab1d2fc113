"""Engines turn prompts into completions with token ids and log-probabilities."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradarium.errors import BadValue, UnknownName
from gradarium.trainers.engines.engine import Engine, Sampling
from gradarium.trainers.engines.hf import HFEngine
from gradarium.trainers.engines.native import NativeEngine, usable

__all__ = ["ENGINES", "Engine", "HFEngine", "NativeEngine", "Sampling", "make_engine"]

_Make = Callable[[Any, int, Sequence[int]], Engine]

ENGINES: Mapping[str, _Make] = {
    "auto": lambda model, pad, ends: (NativeEngine if usable(model) else HFEngine)(model, pad, ends),
    "native": NativeEngine,
    "hf": HFEngine,
}
"""By the name in ``sampling.engine``; ``auto`` is ``native`` where it tells the same as ``hf``."""


def make_engine(name: str, model: Any, pad_id: int, eos_ids: Sequence[int]) -> Engine:
    """Return an engine for a model; raises UnknownName, and BadValue where the native one cannot serve the model."""
    if name not in ENGINES:
        raise UnknownName("sampling.engine", name, ENGINES)
    if name == "native" and not usable(model):
        kind = getattr(model.config, "model_type", type(model).__name__)
        raise BadValue("sampling.engine", name, f"does not tell the same as hf for a model of type {kind}; use hf")
    return ENGINES[name](model, pad_id, eos_ids)
