"""Which groups share a forward pass, and the packed layout: many sequences in one row, without any padding."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from inspect import signature
from itertools import accumulate, pairwise
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

from gradarium.errors import BadValue, UnknownName

LAYOUTS = ("shared", "padded", "packed")
"""How prompts and completions lie in a forward pass; see ``policy.score``."""

ATTENTION = "gradarium_packed"
"""Name of the packed attention in ``transformers``' registry."""

try:
    _varlen_attn: Any = import_module("torch.nn.attention.varlen").varlen_attn
    _VARLEN_OPTIONS = frozenset(signature(_varlen_attn).parameters)
except ImportError:  # before torch 2.10
    _varlen_attn, _VARLEN_OPTIONS = None, frozenset()


def tokens_of(sizes: Sequence[tuple[int, Sequence[int]]], layout: str) -> int:
    """Return the tokens, padding included, that a forward pass over these groups computes.

    A size is (prompt length, lengths of its completions). ``shared``: prompts * longest prompt + completions * longest
    completion; ``padded``: completions * longest prompt with completion; ``packed``: the sum of all lengths.
    """
    if layout == "shared":
        longest = max(max(answers, default=0) for _, answers in sizes)
        return len(sizes) * max(prompt for prompt, _ in sizes) + sum(len(answers) for _, answers in sizes) * longest
    whole = [prompt + answer for prompt, answers in sizes for answer in answers]
    if layout == "padded":
        return len(whole) * max(whole, default=0)
    if layout == "packed":
        return sum(whole)
    raise UnknownName("layout", layout, LAYOUTS)


def micro_batches(sizes: Sequence[tuple[int, Sequence[int]]], budget: int, layout: str = "shared") -> list[list[int]]:
    """Cut groups into lists of positions whose ``tokens_of`` stays within the budget; at least one group each.

    Groups are whole and sorted by length, so that little is padded; without padding the longest go first, each into
    the first list with room. Every position is in exactly one list; the same sizes give the same lists.
    """
    if layout not in LAYOUTS:
        raise UnknownName("layout", layout, LAYOUTS)

    def length(position: int) -> tuple[int, int, int]:
        prompt, answers = sizes[position]
        longest = max(answers, default=0)
        return (prompt + longest, 0, position) if layout == "padded" else (longest, prompt, position)

    batches: list[list[int]] = []
    if layout == "packed":
        weights = [tokens_of([size], layout) for size in sizes]
        room: list[int] = []
        for position in sorted(range(len(sizes)), key=lambda p: (-weights[p], p)):
            fit = next((i for i, left in enumerate(room) if left >= weights[position]), None)
            if fit is None:
                batches.append([position])
                room.append(budget - weights[position])
            else:
                batches[fit].append(position)
                room[fit] -= weights[position]
        return batches
    for position in sorted(range(len(sizes)), key=length):
        if batches and tokens_of([sizes[p] for p in (*batches[-1], position)], layout) <= budget:
            batches[-1].append(position)
        else:
            batches.append([position])
    return batches


def pack(sequences: Sequence[Sequence[int]], device: torch.device) -> tuple[torch.Tensor, dict[str, Any]]:
    """Return ids [1, total] and the keyword arguments that tell a model where the sequences lie.

    These are position ids that restart with each sequence, and the cumulative lengths and longest length under the
    names that ``transformers`` gives them, so that models with state beside attention can honour them, too.
    """
    lengths = [len(sequence) for sequence in sequences]
    ids = torch.tensor([[token for sequence in sequences for token in sequence]])
    positions = torch.cat([torch.arange(length) for length in lengths])[None]
    bounds = torch.tensor([0, *accumulate(lengths)], dtype=torch.int32).to(device)
    return ids.to(device), {
        "position_ids": positions.to(device),
        "cu_seq_lens_q": bounds,
        "cu_seq_lens_k": bounds,
        "max_length_q": max(lengths),
        "max_length_k": max(lengths),
    }


def packed_attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    sliding_window: int | None = None,
    cu_seq_lens_q: torch.Tensor | None = None,
    max_length_q: int | None = None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Causal attention inside each sequence of one packed row; the call that ``transformers`` makes of attention.

    query [1, H, total, D], key and value [1, H_kv, total, D] give [1, total, H, D]. 16-bit tensors on a GPU go through
    torch's variable-length flash attention (torch >= 2.11); all else is one plain attention for each sequence, with
    the same numbers. No mask of total x total is ever made.

    Raises BadValue for attention with more to it than a window (soft caps, sinks), and where the model does not hand
    the lengths down.
    """
    kind = getattr(module.config, "model_type", type(module).__name__)
    if cu_seq_lens_q is None or max_length_q is None:
        raise BadValue("step.layout", "packed", f"{kind} does not pass sequence lengths to its attention; use padded")
    for name in ("softcap", "s_aux", "position_bias"):
        if options.get(name) is not None:
            raise BadValue("step.layout", "packed", f"the attention of {kind} has a {name}; use padded")
    device = query.device.type
    if torch.is_autocast_enabled(device):  # rotary embeddings leave queries and keys in fp32
        dtype = torch.get_autocast_dtype(device)
        query, key, value = query.to(dtype), key.to(dtype), value.to(dtype)
    same_shape = query.shape[-1] == value.shape[-1]
    if query.is_cuda and query.dtype.itemsize == 2 and same_shape and not dropout and "window_size" in _VARLEN_OPTIONS:
        return _flash(query, key, value, scaling, sliding_window, cu_seq_lens_q, max_length_q), None
    bounds = cu_seq_lens_q.tolist()
    out = [
        _one_sequence(query[:, :, a:b], key[:, :, a:b], value[:, :, a:b], dropout, scaling, sliding_window)
        for a, b in pairwise(bounds)
    ]
    return torch.cat(out, 2).transpose(1, 2), None


def _one_sequence(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    dropout: float,
    scaling: float | None,
    window: int | None,
) -> torch.Tensor:
    length = query.shape[2]
    mask = None
    if window is not None and length > window:
        at = torch.arange(length, device=query.device)
        behind = at[:, None] - at
        mask = (behind >= 0) & (behind < window)
    repeat = query.shape[1] // key.shape[1]
    return scaled_dot_product_attention(
        query,
        key.repeat_interleave(repeat, 1) if repeat > 1 else key,
        value.repeat_interleave(repeat, 1) if repeat > 1 else value,
        attn_mask=mask,
        dropout_p=dropout,
        is_causal=mask is None,
        scale=scaling,
    )


def _flash(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    scaling: float | None,
    window: int | None,
    bounds: torch.Tensor,
    longest: int,
) -> torch.Tensor:
    rows = [tensor[0].transpose(0, 1).contiguous() for tensor in (query, key, value)]  # [total, heads, D]
    repeat = query.shape[1] // key.shape[1]
    options: dict[str, Any] = {}
    if repeat > 1 and "enable_gqa" in _VARLEN_OPTIONS:
        options["enable_gqa"] = True
    elif repeat > 1:
        rows[1:] = [tensor.repeat_interleave(repeat, 1) for tensor in rows[1:]]
    # The kernel counts the tokens before the current one, transformers the current one as well.
    reach = (-1 if window is None else window - 1, 0)
    out: Any = _varlen_attn(*rows, bounds, bounds, longest, longest, scale=scaling, window_size=reach, **options)
    return out[None]  # type: ignore[no-any-return]


AttentionInterface.register(ATTENTION, packed_attention)


@contextmanager
def attention(config: Any, name: str) -> Iterator[None]:
    """Let every attention layer with this ``transformers`` config use the attention of that name, for a while."""
    before = config._attn_implementation
    config._attn_implementation = name
    try:
        yield
    finally:
        config._attn_implementation = before


def require_attention_only(decoder: Any, layout: str) -> None:
    """Raise BadValue unless all layers of a decoder are attention with a key-value cache."""
    config = decoder.config
    layers = set(getattr(config, "layer_types", None) or ())
    stateful = getattr(decoder, "_is_stateful", False) or not getattr(decoder, "_supports_attention_backend", True)
    if stateful or layers - {"full_attention", "sliding_attention"}:
        kind = getattr(config, "model_type", type(decoder).__name__)
        raise BadValue("step.layout", layout, f"{kind} has layers other than attention; use padded")
