"""Log-probabilities and entropies of tokens straight from hidden states, without logits for all of them at once.

Logits of 16,000 tokens over 150,000 words are 10 GB in fp32, and a plain loss holds several such tensors. Here they
are made for a chunk of tokens at a time, forward and, once more, backward (chunked linear cross-entropy, as in Liger,
arXiv 2410.10989, with the entropy beside it).
"""

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import torch
from torch.autograd.function import once_differentiable

from gradarium.errors import BadValue

HEAD_BYTES = 64 * 2**20
"""Default size of one chunk of logits."""


class Head(NamedTuple):
    """The parts of a causal model: logits = ``scale`` * (``decoder``'s last hidden state @ ``weight``.T + ``bias``)."""

    decoder: Any
    weight: torch.Tensor  # [V, D]
    bias: torch.Tensor | None  # [V]
    scale: float


def logprobs_and_entropy(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    targets: torch.Tensor,
    temperature: float = 1.0,
    head_bytes: int = HEAD_BYTES,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return log p(target) and the entropy (nats) of softmax((hidden @ weight.T + bias) / temperature), both [N].

    Args:
        hidden: [N, D].
        weight: [V, D].
        bias: [V] or None.
        targets: [N] int64.
        temperature: above 0.
        head_bytes: most bytes of one chunk of fp32 logits (never less than one row); forward and backward hold two.

    Both results are fp32 and differentiable in hidden, weight and bias. With z the logits over the temperature, L
    their log-sum-exp and m = sum_k p_k z_k: log p(y) = z_y - L, H = L - m, and
    d/dz_k (g log p(y) + h H) = g [k = y] - p_k (g + h (z_k - m)).
    Only L and m are kept for the backward pass. Matrix products run in the dtype of ``hidden``, or in that of autocast
    where it is on; softmax, sums and the gradient of the weight are fp32 (fp64 for fp64 inputs).
    """
    if temperature <= 0:
        raise BadValue("temperature", temperature, "log-probabilities need one above 0")
    logprobs, entropy = _ChunkedHead.apply(  # type: ignore[no-untyped-call]
        hidden, weight, bias, targets, temperature, head_bytes
    )
    return logprobs, entropy


class _ChunkedHead(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        targets: torch.Tensor,
        temperature: float,
        head_bytes: int,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        device = hidden.device.type
        dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else hidden.dtype
        ctx.dtype, ctx.temperature = dtype, temperature
        ctx.rows = max(1, head_bytes // (_wide(dtype).itemsize * len(weight)))
        count = len(hidden)
        logprobs, entropy, norm, mean = hidden.new_empty(4, count, dtype=_wide(dtype))
        with torch.autocast(device, enabled=False):
            matrix = weight.to(dtype)
            for begin in range(0, count, ctx.rows):
                at = slice(begin, begin + ctx.rows)
                z = _logits(hidden[at].to(dtype), matrix, bias, temperature)  # [n, V]
                picked = z.gather(1, targets[at, None])[:, 0]
                top = z.amax(1, keepdim=True)
                e = z.sub_(top).exp()
                total = e.sum(1)
                centre = e.mul_(z).sum(1) / total  # mean logit, less the largest
                log_total = total.log()
                norm[at] = top[:, 0] + log_total
                mean[at] = top[:, 0] + centre
                logprobs[at] = picked - norm[at]
                entropy[at] = log_total - centre
        ctx.save_for_backward(hidden, weight, bias, targets, norm, mean)
        ctx.set_materialize_grads(False)
        return logprobs, entropy

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: torch.Tensor | None, h: torch.Tensor | None) -> tuple[torch.Tensor | None, ...]:
        hidden, weight, bias, targets, norm, mean = ctx.saved_tensors
        if g is None and h is None:
            return None, None, None, None, None, None
        if g is None:
            g = torch.zeros_like(norm)
        wide = _wide(ctx.dtype)
        wants_hidden, wants_weight, wants_bias = ctx.needs_input_grad[:3]
        grad_hidden = torch.empty_like(hidden) if wants_hidden else None
        grad_weight = torch.zeros_like(weight, dtype=wide) if wants_weight else None
        grad_bias = torch.zeros_like(bias, dtype=wide) if wants_bias else None
        with torch.autocast(hidden.device.type, enabled=False):
            matrix = weight.to(ctx.dtype)
            for begin in range(0, len(hidden), ctx.rows):
                at = slice(begin, begin + ctx.rows)
                inputs = hidden[at].to(ctx.dtype)
                z = _logits(inputs, matrix, bias, ctx.temperature)
                if h is None:
                    z = z.sub_(norm[at, None]).exp_().mul_(-g[at, None])
                else:
                    p = (z - norm[at, None]).exp_()
                    z = z.sub_(mean[at, None]).mul_(h[at, None]).add_(g[at, None]).neg_().mul_(p)
                    del p
                z.scatter_add_(1, targets[at, None], g[at, None]).div_(ctx.temperature)
                if grad_bias is not None:
                    grad_bias += z.sum(0)
                z = z.to(ctx.dtype)
                if grad_hidden is not None:
                    grad_hidden[at] = z @ matrix
                if grad_weight is not None:
                    _add_product(grad_weight, z.t(), inputs)
        return (
            grad_hidden,
            None if grad_weight is None else grad_weight.to(weight.dtype),
            None if grad_bias is None else grad_bias.to(bias.dtype),
            None,
            None,
            None,
        )


def _wide(dtype: torch.dtype) -> torch.dtype:
    return torch.float64 if dtype == torch.float64 else torch.float32


def _keeps_fp32(x: torch.Tensor) -> bool:
    """Whether the product of 16-bit matrices can be had in fp32, as the GPU computes it, without a rounding between."""
    return x.is_cuda and x.dtype.itemsize == 2 and hasattr(torch.ops.aten.mm, "dtype")


def _logits(inputs: torch.Tensor, matrix: torch.Tensor, bias: torch.Tensor | None, temperature: float) -> torch.Tensor:
    """Return (inputs @ matrix.T + bias) / temperature in the wide dtype; a fresh tensor."""
    if _keeps_fp32(inputs):
        z = torch.mm(inputs, matrix.t(), out_dtype=torch.float32)
    else:
        z = torch.mm(inputs, matrix.t()).to(_wide(inputs.dtype))
    if bias is not None:
        z.add_(bias)
    return z.div_(temperature)


def _add_product(total: torch.Tensor, left: torch.Tensor, right: torch.Tensor) -> None:
    """Add left @ right to a total in the wide dtype."""
    if left.dtype == total.dtype:
        total.addmm_(left, right)
    elif _keeps_fp32(left):
        total.add_(torch.mm(left, right, out_dtype=torch.float32))
    else:
        total.add_(torch.mm(left, right))


_scales: WeakKeyDictionary[torch.nn.Module, float] = WeakKeyDictionary()


def head_of(model: Any) -> Head:
    """Return the decoder and the head of a ``transformers`` causal model (or of a ``peft`` wrapper around one).

    Some models do more to their logits than a linear layer. A factor is understood (Cohere, Granite, Falcon-H1); the
    first call for a model runs two tokens through it and compares, so that nothing is overlooked.

    Raises BadValue, naming the model type, where the logits are not a scaled linear map of the last hidden state
    (Gemma 2's soft cap among others).
    """
    if hasattr(model, "get_base_model"):
        model = model.get_base_model()
    linear, decoder = model.get_output_embeddings(), model.get_decoder()
    kind = getattr(model.config, "model_type", type(model).__name__)
    if not isinstance(linear, torch.nn.Linear) or decoder is model:
        raise BadValue("model", kind, "has no linear output layer on top of a decoder; choose a causal language model")
    if model not in _scales:
        _scales[model] = _measured_scale(model, decoder, linear, kind)
    return Head(decoder, linear.weight, linear.bias, _scales[model])


@torch.no_grad()
def _measured_scale(model: Any, decoder: Any, linear: torch.nn.Linear, kind: str) -> float:
    """Return the factor, as configured, that turns the linear layer's output into the model's logits."""
    config = decoder.config
    if any(getattr(config, name, None) for name in ("final_logit_softcapping", "final_logit_soft_cap")):
        raise BadValue("model", kind, "caps its logits, which the trainer's head cannot do; choose another model")
    seen: dict[str, Any] = {}
    hooks = [
        decoder.register_forward_hook(lambda _m, _i, out: seen.update(hidden=out[0])),
        linear.register_forward_hook(lambda _m, given, out: seen.update(given=given[0], raw=out)),
    ]
    try:
        with torch.random.fork_rng([model.device] if model.device.type == "cuda" else []):  # dropout draws
            ids = torch.tensor([[0, 1]], device=model.device)
            logits = model(input_ids=ids, use_cache=False).logits
    finally:
        for hook in hooks:
            hook.remove()
    inverse = getattr(config, "logits_scaling", None)  # Granite divides by it, HyperCLOVA X multiplies
    asked = [1.0, getattr(config, "logit_scale", None), getattr(config, "lm_head_multiplier", None), inverse]
    if inverse:
        asked.append(1 / inverse)
    if "raw" in seen and seen["given"].shape == seen["hidden"].shape and torch.equal(seen["given"], seen["hidden"]):
        for scale in (float(s) for s in asked if s):
            if seen["raw"].shape == logits.shape and torch.allclose(logits, seen["raw"] * scale, rtol=1e-2, atol=1e-6):
                return scale
    raise BadValue("model", kind, "its logits are not a scaled linear map of the hidden states; choose another model")
