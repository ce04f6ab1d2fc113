"""Policy losses of a token, before aggregation; pure functions, one per published variant, by name.

Every loss takes a TokenBatch and returns token losses [N, T]; what stands at masked places does not matter, as long as
log pi is finite there. rho = exp(d) with d = clamp(log pi - log pi_old, -20, 20), A the advantage of the completion, sg
the stop of the gradient. No loss looks at more than one row at a time, so micro-batches may be cut anywhere.

At pi = pi_old all have the gradient -A grad log pi, except ``luspo`` (times the length), ``nft`` (its advantages are
its own) and ``copg`` (the reference is part of its reward).

Losses of whole sequences (``gspo``, ``gmpo``, ``luspo``) return the sequence's value at each of its tokens, with that
token's share of the gradient: their mean over the tokens, then over sequences (aggregation ``seq_mean_token_mean``), is
the paper's loss and has the paper's gradient.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from gradarium.trainers.config import LossConfig
from gradarium.trainers.registry import register


class TokenBatch(NamedTuple):
    """N completions of at most T tokens; all but ``logprobs`` without gradient."""

    logprobs: Tensor  # [N, T] log pi of the sampled tokens, with gradient
    old: Tensor  # [N, T] log pi_old, of the policy before the first update on this batch
    advantages: Tensor  # [N]
    mask: Tensor  # [N, T] 1 where the policy sampled a token, else 0
    rewards: Tensor  # [N] NaN for masked samples
    success: Tensor  # [N] mean reward of the sample's group
    divergence: Tensor  # [N] sum over tokens of log pi_old - log pi_ref, minus its mean over the others of the group
    selected: Tensor  # [N, T] 1 for the tokens that ``kl_cov`` holds, else 0


Loss = Callable[[TokenBatch, LossConfig], Tensor]

LOSSES: dict[str, Loss] = {}


def log_ratio(batch: TokenBatch) -> Tensor:
    """Return d = clamp(log pi - log pi_old, -20, 20), [N, T]; 0 at masked places."""
    return torch.where(batch.mask > 0, batch.logprobs - batch.old, 0.0).clamp(-20, 20)


def _clipped(rho: Tensor, a: Tensor, options: LossConfig) -> Tensor:
    return -torch.minimum(rho * a, rho.clamp(1 - options.clip_low, 1 + options.clip_high) * a)


def _mean(values: Tensor, mask: Tensor) -> Tensor:
    """Return the mean over the tokens of each row, [N, 1]; 0 for a row without tokens."""
    return (values * mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True).clamp(min=1)


def _at_tokens(tokens: Tensor, sequence: Tensor) -> Tensor:
    """Return ``sequence`` [N, 1] at each token, with the gradient of ``tokens`` [N, T]."""
    return tokens - tokens.detach() + sequence.detach()


@register(LOSSES)
def clip(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return the negative of the smaller of rho A and rho A with rho clipped to 1 - clip_low ... 1 + clip_high.

    PPO, arXiv 1707.06347; the asymmetric range is DAPO's, arXiv 2503.14476.
    """
    return _clipped(log_ratio(batch).exp(), batch.advantages[:, None], options)


@register(LOSSES)
def dual_clip(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return the loss of ``clip``, but at most -c A where A < 0, c = ``dual_clip`` (arXiv 1912.09729)."""
    a = batch.advantages[:, None]
    loss = _clipped(log_ratio(batch).exp(), a, options)
    return torch.where(a < 0, torch.minimum(loss, -options.dual_clip * a), loss)


@register(LOSSES)
def two_sided(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -min(min(rho, two_sided) A, clip(rho) A) (INTELLECT-2, arXiv 2505.07291)."""
    rho, a = log_ratio(batch).exp(), batch.advantages[:, None]
    bounded = rho.clamp(1 - options.clip_low, 1 + options.clip_high)
    return -torch.minimum(rho.clamp(max=options.two_sided) * a, bounded * a)


@register(LOSSES)
def gspo(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return the clipped loss of s, the geometric mean of rho over the sequence: s = exp(min(mean d, 10)).

    GSPO, arXiv 2507.18071, in its form per token (GSPO-token with one advantage for all tokens has the gradient of
    GSPO). Its clip range is far narrower than PPO's: clip_low = 3e-4, clip_high = 4e-4 in the paper.
    """
    log_s = _at_tokens(batch.logprobs, _mean(log_ratio(batch), batch.mask)).clamp(max=10)
    return _clipped(log_s.exp(), batch.advantages[:, None], options)


@register(LOSSES)
def luspo(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return the loss of ``gspo`` times the length of the sequence (LUSPO, arXiv 2602.05261, as in TRL)."""
    return gspo(batch, options) * batch.mask.sum(1, keepdim=True)


@register(LOSSES)
def gmpo(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -A times the geometric mean of the clipped ratios of the sequence (GMPO, arXiv 2507.20673).

    d is clipped token by token on the pessimistic side: to at most clip_high where A > 0, to at least -clip_low where
    A < 0; both are differences of logarithms (0.4 each in the paper), not of ratios.
    """
    d, a = log_ratio(batch), batch.advantages[:, None]
    sign = a.sign()
    held = sign * torch.minimum(sign * d, sign * d.clamp(-options.clip_low, options.clip_high))
    return -a * _at_tokens(held, _mean(held, batch.mask)).exp()


@register(LOSSES)
def cispo(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -sg(clip(rho, 1 - clip_low, 1 + clip_high)) A log pi (CISPO, arXiv 2506.13585).

    Clipped on both sides, as in verl; the paper in effect clips above only.
    """
    weight = log_ratio(batch).exp().clamp(1 - options.clip_low, 1 + options.clip_high).detach()
    return -weight * batch.advantages[:, None] * batch.logprobs


@register(LOSSES)
def reinforce(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -A log pi (Williams, 1992); on-policy only, for nothing corrects for an older policy."""
    return -batch.advantages[:, None] * batch.logprobs


@register(LOSSES)
def sapo(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -(4 / tau) sigmoid(tau (rho - 1)) A (SAPO, arXiv 2511.20347): a soft gate in place of the clip.

    tau is ``tau_positive`` where A > 0, else ``tau_negative``.
    """
    a = batch.advantages[:, None]
    tau = torch.where(a > 0, options.tau_positive, options.tau_negative)
    return -(4 / tau) * torch.sigmoid(tau * (log_ratio(batch).exp() - 1)) * a


@register(LOSSES)
def vespo(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -sg(phi(w)) A log pi with phi(w) = e^l w^k e^(-l w) (VESPO, arXiv 2602.10693, as in TRL).

    w = exp(clamp(sum of d, -20, 20)) is the ratio of the whole sequence, not its mean per token; (k, l) is (2, 3) where
    A > 0, else (3, 2): TRL's defaults. phi(1) = 1. TRL aggregates with ``token_mean``.
    """
    a = batch.advantages[:, None]
    log_w = (log_ratio(batch) * batch.mask).sum(1, keepdim=True).clamp(-20, 20).detach()
    k, decay = torch.where(a > 0, 2.0, 3.0), torch.where(a > 0, 3.0, 2.0)
    phi = (decay + k * log_w - decay * log_w.exp()).exp()
    return -phi * a * batch.logprobs


def _dppo(batch: TokenBatch, keep: Tensor, options: LossConfig) -> Tensor:
    weight = log_ratio(batch).exp().clamp(max=options.cap).detach() * keep
    return -weight * batch.advantages[:, None] * batch.logprobs


@register(LOSSES)
def dppo_tv(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -A sg(min(rho, cap)) log pi for tokens within the trust region, else 0 (DPPO, arXiv 2602.04879).

    A token is left out where its probability has already moved by more than ``trust`` the way that A pushes it.
    """
    with torch.no_grad():
        moved = batch.logprobs.exp() - batch.old.exp()
        keep = moved * batch.advantages[:, None].sign() <= options.trust
    return _dppo(batch, keep, options)


def binary_kl(logprobs: Tensor, old: Tensor) -> Tensor:
    """Return KL(pi_old || pi) of the choice between the sampled token and all others, [N, T].

    D = p_old log(p_old / p) + (1 - p_old) log((1 - p_old + 1e-8) / (1 - p + 1e-8)).
    """
    p, p_old = logprobs.exp(), old.exp()
    return p_old * (old - logprobs) + (1 - p_old) * ((1 - p_old + 1e-8) / (1 - p + 1e-8)).log()


@register(LOSSES)
def dppo_kl(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return the loss of ``dppo_tv`` with another trust region (DPPO-Binary-KL, arXiv 2602.04879).

    A token is left out where ``binary_kl`` is above ``trust`` and A pushes it further from pi_old.
    """
    with torch.no_grad():
        away = (batch.logprobs - batch.old) * batch.advantages[:, None] > 0
        keep = (binary_kl(batch.logprobs, batch.old) <= options.trust) | ~away
    return _dppo(batch, keep, options)


@register(LOSSES)
def kl_cov(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -A rho, plus |d| for the few tokens that ``selection.kl_cov_tokens`` holds (KL-Cov, arXiv 2505.22617).

    The weight of |d| is 1, as in the paper. With one update for a batch d is 0 and so is the gradient of |d|.
    """
    d = log_ratio(batch)
    return -batch.advantages[:, None] * d.exp() + batch.selected * d.abs()


@register(LOSSES)
def nft(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return the loss of negative-aware fine-tuning (arXiv 2505.18116) for rewards r in [0, 1].

    With p the mean reward of the group: w [-r log rho - (1 - r) log max_v((1 - p rho) / (1 - p), nft_floor)], where
    w = sqrt((1 - p) / p) and max_v has the value of max and the gradient of its first argument. Its second ratio is
    that of the policy of wrong answers which pi implies: the old policy is a mixture of right and wrong answers in
    shares p and 1 - p. At pi = pi_old the gradient is that of GRPO with the population's sigma, -(r - p) / sqrt(p (1 -
    p)) grad log pi. Groups with p of 0 or 1 give 0. ``advantages`` are not used; rewards outside [0, 1] count as the
    nearer bound, and those between as right in that share.
    """
    d = log_ratio(batch)
    r = batch.rewards.nan_to_num(0.0).clamp(0, 1)[:, None]
    p = batch.success.nan_to_num(0.0).clamp(0, 1)[:, None]
    mixed = (p > 0) & (p < 1)
    p = torch.where(mixed, p, 0.5)  # no 0 / 0 in what is thrown away
    weight = torch.where(mixed, ((1 - p) / p).sqrt(), 0.0)
    implicit = (1 - p * d.exp()) / (1 - p)
    floored = implicit + (implicit.clamp(min=options.nft_floor) - implicit).detach()
    return -weight * (r * d + (1 - r) * floored.log())


@register(LOSSES)
def copg(batch: TokenBatch, options: LossConfig) -> Tensor:
    """Return -(A - beta D) log pi (contrastive policy gradient, arXiv 2406.19185), D = ``divergence``.

    With RLOO's advantages A - beta D is R(y) minus the mean of R over the others of the group, R = r - beta log(pi_old
    / pi_ref), so the gradient is that of the paper's loss over all pairs of the group. It needs no importance weights:
    at pi proportional to pi_ref exp(r / beta) it is 0 for whatever samples. Where the paper takes R at the policy of
    now, we take it at pi_old: with one update for a batch they are the same. The paper sums over tokens: aggregation
    ``seq_mean_token_sum_norm``, up to the constant max_tokens.
    """
    return -(batch.advantages - options.beta * batch.divergence)[:, None] * batch.logprobs
