"""The native engine: each prompt's keys and values are kept once for all of its samples, and nothing is copied.

Rows lie in a grid of prompts x slots. A step writes one key and value per row into memory that was set aside, and its
attention multiplies the queries of a prompt's slots with the prompt's keys together (shared-prefix attention, as in
Hydragen, arXiv 2402.05099), so that long prompts cost one matrix product instead of a read for each sample. Slots of
finished rows are closed up when enough of them are idle.

It runs the unmodified ``transformers`` module of any model whose layers are plain causal attention; others are for
``hf``, which gives the same completions up to rounding.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from transformers import AttentionInterface
from transformers.cache_utils import Cache, DynamicLayer

from gradarium.errors import BadValue
from gradarium.trainers.engines.engine import Decoding, Engine, prefill
from gradarium.trainers.engines.hf import HFEngine
from gradarium.trainers.packing import attention, require_attention_only

ATTENTION = "gradarium_slots"
"""Name of the attention of one step in ``transformers``' registry."""

_TOLERANCE = {8: 1e-4, 4: 1e-3, 2: 5e-2}
"""By the size of a weight: how far logits may lie apart, as a share of the largest."""

_UNKNOWN_OPTIONS = ("sliding_window", "softcap", "s_aux", "position_bias")

IDLE = 0.25
"""Share of idle slots from which they are closed up."""


class _Slots(DynamicLayer):  # type: ignore[no-untyped-call]
    """Keys and values of one layer: those of the prompts [P, H, T, D], and those of the rows [P * S, H, N, D]."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor, slots: int, room: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.is_initialized = True
        self.prompt_keys, self.prompt_values = keys, values
        prompts, heads, _, width = keys.shape
        self.own_keys = keys.new_empty(prompts * slots, heads, room, width)
        self.own_values = values.new_empty(prompts * slots, heads, room, values.shape[-1])
        self.used = 0

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write the keys and values of one step; return views of all that the rows have."""
        at = self.used
        self.own_keys[:, :, at : at + 1] = key_states
        self.own_values[:, :, at : at + 1] = value_states
        self.used = at + 1
        return self.own_keys[:, :, : at + 1], self.own_values[:, :, : at + 1]

    def keep(self, prompts: torch.Tensor, rows: torch.Tensor) -> None:
        """Keep some prompts and rows; ``rows`` fills the new grid."""
        if len(prompts) < len(self.prompt_keys):
            self.prompt_keys, self.prompt_values = self.prompt_keys[prompts], self.prompt_values[prompts]
        room = self.own_keys.shape[2]
        for name in ("own_keys", "own_values"):
            old = getattr(self, name)
            new = old.new_empty(len(rows), old.shape[1], room, old.shape[3])
            new[:, :, : self.used] = old[rows, :, : self.used]
            setattr(self, name, new)


class _Grid:
    """The rows of a batch: ``prompts`` x ``slots``, with the layers that hold their keys and values."""

    running: "_Grid | None" = None
    """The grid of the step that is running: ``transformers`` hands no such thing down to attention."""

    def __init__(self, layers: list[_Slots], mask: torch.Tensor) -> None:
        self.layers = layers
        self.padded = mask == 0  # [P, T]
        self.hidden = self._hidden()

    def _hidden(self) -> torch.Tensor | None:
        return self.padded[:, None, None] if bool(self.padded.any()) else None

    def close_up(self, rows_busy: torch.Tensor) -> torch.Tensor | None:
        """Drop idle slots where there are enough of them; return the old row of each new one, or None."""
        busy = rows_busy.view(len(self.padded), -1)  # [P, S]
        prompts = busy.any(1).nonzero()[:, 0]
        slots = int(busy.sum(1).max())
        if len(prompts) * slots > (1 - IDLE) * len(rows_busy):
            return None
        first = (
            busy[prompts].to(torch.int8).argsort(dim=1, descending=True, stable=True)[:, :slots]
        )  # busy ones, in order
        rows = (prompts[:, None] * busy.shape[1] + first).flatten()
        device = self.padded.device
        self.padded = self.padded[prompts.to(device)]
        self.hidden = self._hidden()
        for layer in self.layers:
            layer.keep(prompts.to(device), rows.to(device))
        return rows

    @contextmanager
    def attending(self, config: Any) -> Iterator[None]:
        """Let the model with this config attend to this grid."""
        _Grid.running = self
        try:
            with attention(config, ATTENTION):
                yield
        finally:
            _Grid.running = None


def slot_attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Attention of one new token in each row to its prompt and to what its row has written.

    query [P * S, H, 1, D]; key and value [P * S, H_kv, t, D] are the row's own. Returns [P * S, 1, H, D].
    """
    grid = _Grid.running
    if grid is None:
        raise BadValue("attn_implementation", ATTENTION, "serves the native engine alone")
    for name in _UNKNOWN_OPTIONS:
        if options.get(name) is not None:
            raise BadValue("sampling.engine", "native", f"the attention of this model has a {name}; use hf")
    layer = grid.layers[module.layer_idx]
    rows, heads, _, width = query.shape
    kv, prompts = key.shape[1], len(grid.padded)
    slots, share = rows // prompts, heads // kv
    query = query * (width**-0.5 if scaling is None else scaling)
    alone = query.view(rows, kv, share, width)
    together = query.view(prompts, slots, kv, share, width).transpose(1, 2).reshape(prompts, kv, slots * share, width)
    common = together.to(layer.prompt_keys.dtype) @ layer.prompt_keys.transpose(2, 3)  # [P, H_kv, S * G, T]
    if grid.hidden is not None:
        common = common.masked_fill(grid.hidden, float("-inf"))
    length = common.shape[-1]
    common = common.view(prompts, kv, slots, share, length).transpose(1, 2).reshape(rows, kv, share, length)
    own = alone.to(key.dtype) @ key.transpose(2, 3)  # [R, H_kv, G, t]
    scores = torch.cat([common, own], -1)
    weights = scores.softmax(-1, dtype=torch.promote_types(scores.dtype, torch.float32)).to(value.dtype)
    first = weights[..., :length].reshape(prompts, slots, kv, share, length).transpose(1, 2)
    read = first.reshape(prompts, kv, slots * share, length) @ layer.prompt_values
    read = read.view(prompts, kv, slots, share, -1).transpose(1, 2).reshape(rows, kv, share, -1)
    out = read + weights[..., length:] @ value
    return out.reshape(rows, 1, heads, -1), None


AttentionInterface.register(ATTENTION, slot_attention)


class NativeEngine(Engine):
    """Prompts are shared, rows have slots; for models whose layers are plain causal attention (``usable``)."""

    def _start(self, prompts: Sequence[Sequence[int]], counts: Sequence[int], room: int) -> Decoding:
        return _Slotted(self.model, prompts, counts, room, self.pad_id)


class _Slotted(Decoding):
    def __init__(
        self, model: Any, prompts: Sequence[Sequence[int]], counts: Sequence[int], room: int, pad_id: int
    ) -> None:
        self.model = model
        cache, logits, mask = prefill(model, prompts, pad_id)
        samples, slots = torch.tensor(counts), max(counts)
        layers = [_Slots(layer.keys, layer.values, slots, room) for layer in cache.layers]
        self.grid, self.cache = _Grid(layers, mask), Cache(layers=list(layers))
        self.busy = (torch.arange(slots) < samples[:, None]).flatten()  # [P * S]: the live rows, in order
        self.live = self.busy.nonzero()[:, 0].to(model.device)
        self.logits = logits.repeat_interleave(samples.to(model.device), 0)
        self.position = mask.sum(1).repeat_interleave(slots)

    def advance(self, chosen: torch.Tensor, ended: torch.Tensor) -> torch.Tensor:
        tokens = torch.zeros(len(self.busy), dtype=chosen.dtype, device=chosen.device)
        tokens[self.live] = chosen
        if bool(ended.any()):
            self.busy[self.live[ended].cpu()] = False
            rows = self.grid.close_up(self.busy)
            if rows is not None:
                self.busy, there = self.busy[rows], rows.to(chosen.device)
                tokens, self.position = tokens[there], self.position[there]
            self.live = self.busy.nonzero()[:, 0].to(chosen.device)
        with self.grid.attending(self.model.config):
            out = self.model(
                input_ids=tokens[:, None],
                position_ids=self.position[:, None],
                past_key_values=self.cache,
                use_cache=True,
            )
        self.position = self.position + 1
        logits: torch.Tensor = out.logits[:, -1]
        return logits if len(self.live) == len(self.busy) else logits[self.live]


@torch.no_grad()
def usable(model: Any) -> bool:
    """Return whether the engine can serve a model: on three short prompts it must give the logits of ``hf``.

    Windows, soft caps, sinks and layers other than attention are refused beforehand; what else a model may do shows in
    its logits.
    """
    prompts, counts, device = [[1, 2, 3, 4], [5], [6, 7]], [2, 1, 1], model.device
    was_training = model.training
    model.eval()
    try:
        require_attention_only(model.get_decoder(), "shared")
        reference = HFEngine(model, 0, ())._start(prompts, counts, 3)
        slots = NativeEngine(model, 0, ())._start(prompts, counts, 3)
        for ended in ([False, False, False, False], [False, True, False, True]):
            tokens = torch.arange(3, 3 + len(ended), device=device)
            over = torch.tensor(ended, device=device)
            expected, found = reference.advance(tokens, over).float(), slots.advance(tokens, over).float()
            if not torch.allclose(found, expected, atol=_TOLERANCE[model.dtype.itemsize] * float(expected.abs().max())):
                return False
    except (BadValue, AttributeError, RuntimeError, TypeError, ValueError):  # what a foreign module may do with ours
        return False
    finally:
        model.train(was_training)
    return True
