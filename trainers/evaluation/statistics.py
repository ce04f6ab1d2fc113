"""Numbers out of completions: pass@k, pass^k, maj@k, and intervals from a bootstrap over instances.

An instance of an evaluation has ``n`` judged completions, of which ``c`` are right. All that is said of an arm (one
level of a task) is a mean over its instances of a value that each of them has; of a task, a family or a suite, a
weighted mean over arms. What is uncertain is which instances were posed and what was sampled for each, and both are
drawn anew when whole instances are drawn, so the bootstrap draws instances, each arm by itself.

Intervals are those of the studentised bootstrap (Efron, "Bootstrap-t"; Hall 1988), cut to a bound that no instances can
beat. ``docs/evaluation.md`` says why, and ``benchmarks/coverage.py`` measures how often they hold the truth.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradarium.errors import BadValue

Floats = NDArray[np.float64]

REPLICATES = 2000
"""Bootstrap draws; the limits move by about 2 % of the width of an interval from seed to seed."""

CONFIDENCE = 0.95

EXACT_MAJORITY = 64
"""Completions of an instance up to which maj@k is worked out, beyond which it is drawn."""

MAJORITY_DRAWS = 4000


def powers_of_two(most: int) -> list[int]:
    """Return 1, 2, 4, ... up to ``most``, and ``most`` itself.

    >>> powers_of_two(6)
    [1, 2, 4, 6]
    """
    return sorted({*(2**i for i in range(most.bit_length())), most}) if most > 0 else []


def _check(n: int, c: int, k: int) -> None:
    if not 0 <= c <= n:
        raise BadValue("c", c, f"right completions must be from 0 to n = {n}")
    if k < 1:
        raise BadValue("k", k, "must be at least 1")


def pass_at_k(n: int, c: int, k: int) -> float:
    """Return the chance that at least one of ``k`` completions is right: 1 - C(n - c, k) / C(n, k), arXiv 2107.03374.

    The unbiased estimate from ``n`` completions of which ``c`` are right; NaN for k > n, where there is none.

    >>> round(pass_at_k(16, 4, 4), 7)
    0.728022
    """
    _check(n, c, k)
    if k > n:
        return math.nan
    if n - c < k:
        return 1.0
    return 1.0 - math.prod(1.0 - k / j for j in range(n - c + 1, n + 1))


def pass_hat_k(n: int, c: int, k: int) -> float:
    """Return the chance that all of ``k`` completions are right, pass^k: C(c, k) / C(n, k), arXiv 2406.12045.

    Unbiased like ``pass_at_k``; NaN for k > n.

    >>> pass_hat_k(4, 3, 2)
    0.5
    """
    _check(n, c, k)
    if k > n:
        return math.nan
    if c < k:
        return 0.0
    return math.prod((c - j) / (n - j) for j in range(k))


def chance_corrected(success: float, chance: float) -> float:
    """Return (success - chance) / (1 - chance): 0 for guessing, 1 for all right; below 0 for worse than guessing."""
    if not 0 <= chance < 1:
        raise BadValue("chance", chance, "must be at least 0 and below 1")
    return (success - chance) / (1.0 - chance)


def canonical_answer(text: str) -> str:
    r"""Return the text by which votes are counted: Unicode form NFKC, runs of blanks and line ends made one blank.

    Case, order and signs stay, for in many tasks they make another answer. Two answers that mean the same and are
    written otherwise are two votes, so maj@k is never flattered.

    >>> canonical_answer(" 1  2\n3 ")
    '1 2 3'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


class Votes(NamedTuple):
    """The answers of one instance, equal ones put together."""

    sizes: tuple[int, ...]
    """How many completions gave each answer, falling."""
    scores: tuple[float, ...]
    """Mean score of each answer."""
    silent: int
    """Completions without an answer: they are drawn, but do not vote."""


def count_votes(answers: Sequence[str | None], scores: Sequence[float]) -> Votes:
    """Put equal answers together (``canonical_answer``); None and empty ones are no vote."""
    groups: dict[str, list[float]] = {}
    silent = 0
    for answer, score in zip(answers, scores, strict=True):
        text = canonical_answer(answer) if answer is not None else ""
        if text:
            groups.setdefault(text, []).append(score)
        else:
            silent += 1
    ranked = sorted((len(group), sum(group) / len(group)) for group in groups.values())[::-1]
    return Votes(tuple(size for size, _ in ranked), tuple(score for _, score in ranked), silent)


def majority_at_k(votes: Votes, k: int, seed: int = 0) -> float:
    """Return the expected score of the answer that most of ``k`` completions give, maj@k.

    The mean over all choices of k of the n completions. Where answers tie, each of them is taken equally often; where
    none of the k has an answer, the score is 0. Exact up to ``EXACT_MAJORITY`` completions, beyond that the mean of
    ``MAJORITY_DRAWS`` choices drawn from ``seed``. NaN for k > n.
    """
    n = sum(votes.sizes) + votes.silent
    _check(n, 0, k)
    if k > n:
        return math.nan
    if n <= EXACT_MAJORITY:
        return math.fsum(map(_times, winning_shares(votes.sizes, votes.silent, k), votes.scores))
    return _drawn_majority(votes, k, seed)


def _times(a: float, b: float) -> float:
    return a * b


@lru_cache(maxsize=65536)
def winning_shares(sizes: tuple[int, ...], silent: int, k: int) -> tuple[float, ...]:
    """Return how likely each answer wins the vote of ``k`` completions; ties are shared, so the sum is at most 1.

    For an answer to win with t votes no other may have more. The ways to choose the rest are the coefficient of
    x^(k - t) in a product of one polynomial for each other answer, in which y counts those that also have t.
    """
    total = math.comb(sum(sizes) + silent, k)
    found = {size: 0 for size in sizes}
    shares: dict[int, float] = {}
    for size in found:
        others = list(sizes)
        others.remove(size)
        ways = 0.0
        for t in range(1, min(size, k) + 1):
            rest, most_ties = k - t, k // t
            table = np.zeros((rest + 1, most_ties))  # [votes given away, answers that tie]
            for s in range(min(silent, rest) + 1):
                table[s, 0] = math.comb(silent, s)
            for other in others:
                fresh = np.zeros_like(table)
                for s in range(min(other, t, rest) + 1):
                    piece = table[: rest + 1 - s] * math.comb(other, s)
                    if s < t:
                        fresh[s:] += piece
                    else:
                        fresh[s:, 1:] += piece[:, :-1]
                table = fresh
            ways += math.comb(size, t) * float(table[rest] @ (1.0 / np.arange(1, most_ties + 1)))
        shares[size] = ways / total
    return tuple(shares[size] for size in sizes)


def _drawn_majority(votes: Votes, k: int, seed: int) -> float:
    """Return maj@k from drawn choices."""
    rng = np.random.default_rng(seed)
    if not votes.sizes:
        return 0.0
    counts = rng.multivariate_hypergeometric([*votes.sizes, votes.silent], k, size=MAJORITY_DRAWS)[:, :-1]
    best = counts.max(axis=1, keepdims=True)
    winners = (counts == best) & (best > 0)
    return float((winners @ np.array(votes.scores) / np.maximum(winners.sum(axis=1), 1)).mean())


def wilson(share: Any, n: Any, confidence: float = CONFIDENCE) -> tuple[Any, Any]:
    """Return Wilson's interval for a share of ``n`` instances; numbers or arrays, never of width 0 (JASA 22, 1927)."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, n = np.clip(np.asarray(share, float), 0.0, 1.0), np.asarray(n, float)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


class Estimate(NamedTuple):
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float
    instances: int
    """Instances that it is the mean of."""

    def to_json(self) -> dict[str, float | int | None]:
        """Return a JSON-ready dict; null where nothing is known."""
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        known = {name: None if math.isnan(number) else number for name, number in numbers.items()}
        return {**known, "instances": self.instances}


Kind = Literal["share", "difference"]


@dataclass(frozen=True)
class Replicates:
    """Means of M quantities over the instances of one arm, or a weighted sum of such means, with bootstrap draws."""

    kind: Kind
    """``share``: every value lies in [low, 1]; ``difference``: in [-1, 1]."""
    mean: Floats
    """[M]; NaN where no instance has a value."""
    variance: Floats
    """[M], of the mean."""
    means: Floats
    """[B, M], of resampled instances."""
    variances: Floats
    """[B, M], of those means, each from its own resample."""
    instances: NDArray[np.int64]
    """[M] instances with a value."""
    size: Floats
    """[M] instances that count: fewer than there are where weights differ; 1 / max(weight / instances)."""
    low: Floats
    """[M] least value of a ``share``."""
    up: Floats
    """[M] mean of the positive parts of a ``difference``."""
    down: Floats
    """[M] mean of the negative parts."""
    below: Floats
    """[M] squared distance of the mean from the lower bound of ``_bound``, summed over arms."""
    above: Floats
    """[M] the same for the upper one."""
    arms: int
    """Arms that went in."""
    two_valued: NDArray[np.bool_]
    """[M] whether all values are ``low`` or 1."""
    lone: NDArray[np.bool_]
    """[M] whether an arm has but one instance, so that its spread is unknown."""


def resample(
    values: Floats, kind: Kind = "share", seed: int = 0, low: Floats | float = 0.0, replicates: int = REPLICATES
) -> Replicates:
    """Draw the instances of one arm again and again; equal seeds give equal draws.

    Args:
        values: [n, M], a row for each instance; NaN where an instance has no value.
        kind: What the values are.
        seed: Seed of the draws.
        low: [M] or one number, the least possible value of a share.
        replicates: B.
    """
    values = np.asarray(values, float)
    count, width = values.shape
    low = np.broadcast_to(np.asarray(low, float), (width,)).copy()
    nothing = -9.0  # no value is as small, and unlike NaN it equals itself
    marked = np.where(np.isnan(values), nothing, values)
    rows, counts = np.unique(marked, axis=0, return_counts=True) if count else (values, np.ones(0))
    known = rows != nothing
    filled = np.where(known, rows, 0.0)
    n, mean, variance = (a[0] for a in _moments(counts[None].astype(float), filled, known))
    if count:
        draws = np.random.default_rng(seed).multinomial(count, counts / count, size=replicates).astype(float)
        _, means, variances = _moments(draws, filled, known)
    else:
        means = variances = np.full((replicates, width), np.nan)
    whole = np.maximum(n, 1.0)
    up, down = counts @ np.maximum(filled, 0.0) / whole, counts @ np.maximum(-filled, 0.0) / whole
    bound = _bound(kind, mean, np.where(n > 0, n, np.nan), low, up, down)
    return Replicates(
        kind=kind,
        mean=mean,
        variance=variance,
        means=means,
        variances=variances,
        instances=n.astype(np.int64),
        size=n,
        low=low,
        up=up,
        down=down,
        below=(mean - bound[0]) ** 2,
        above=(bound[1] - mean) ** 2,
        arms=1,
        two_valued=(~known | np.isclose(rows, low, atol=1e-12) | np.isclose(rows, 1.0, atol=1e-12)).all(axis=0),
        lone=n == 1,
    )


def _moments(draws: Floats, filled: Floats, known: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return (instances, mean, variance of the mean) [B, M] of resamples that hold row d ``draws[b, d]`` times."""
    n = draws @ known
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = draws @ filled / n
        spread = np.maximum(draws @ filled**2 / n - mean**2, 0.0)
        spread = np.where(spread < 1e-14, 0.0, spread)  # what is left of equal values after rounding
        return n, mean, np.where(n > 1, spread / np.maximum(n - 1, 1), np.where(n == 1, 0.0, np.nan))


def combine(parts: Sequence[Replicates], weights: Sequence[float] | None = None) -> Replicates:
    """Return the weighted mean of arms, or of such means; without weights, the plain mean."""
    if not parts:
        raise BadValue("parts", [], "nothing to take the mean of")
    shares = np.full(len(parts), 1 / len(parts)) if weights is None else np.asarray(weights, float)
    pairs = list(zip(shares, parts, strict=True))
    with np.errstate(divide="ignore"):
        size = 1.0 / np.max([w / np.maximum(p.size, 1e-9) for w, p in pairs], axis=0)
    return Replicates(
        kind=parts[0].kind,
        mean=_sum(w * p.mean for w, p in pairs),
        variance=_sum(w * w * p.variance for w, p in pairs),
        means=_sum(w * p.means for w, p in pairs),
        variances=_sum(w * w * p.variances for w, p in pairs),
        instances=np.sum([p.instances for p in parts], axis=0),
        size=size,
        low=_sum(w * p.low for w, p in pairs),
        up=_sum(w * p.up for w, p in pairs),
        down=_sum(w * p.down for w, p in pairs),
        below=_sum(w * w * p.below for w, p in pairs),
        above=_sum(w * w * p.above for w, p in pairs),
        arms=sum(p.arms for p in parts),
        two_valued=np.all([p.two_valued for p in parts], axis=0),
        lone=np.any([p.lone for p in parts], axis=0),
    )


def _sum(arrays: Any) -> Floats:
    first, *rest = arrays
    total: Floats = first.copy()
    for array in rest:
        total += array
    return total


def intervals(drawn: Replicates, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the lower and upper limits [M] of the interval of each quantity.

    * Studentised bootstrap: quantiles of t* = (mean* - mean) / error* instead of those of the normal distribution. One
      arm takes the two tails by themselves, for its values are often skewed; sums of arms and differences take the
      quantile of abs(t*), whose error is of higher order.
    * Cut to ``_bound``, which holds for any values in the range: with few instances that differ, t* has no end.
    * All instances of an arm are 0 or 1: Wilson's interval, which is what the bound is then.
    * All instances of each arm alike, so that nothing varies: the bounds of the arms put together (square-and-add,
      Zou and Donner 2008), within the bound of the whole. Never of width 0.
    """
    bottom, top = _bound(drawn.kind, drawn.mean, drawn.size, drawn.low, drawn.up, drawn.down, confidence)
    error = np.sqrt(drawn.variance)
    shift, spread = drawn.means - drawn.mean, np.sqrt(drawn.variances)
    alone = drawn.kind == "share" and drawn.arms == 1
    with np.errstate(invalid="ignore"):
        if alone:
            t = np.sort(_studentised(shift, spread), axis=0)
            below = _quantile(t, (1 + confidence) / 2) * error
            above = -_quantile(t, (1 - confidence) / 2) * error
        else:
            t = np.sort(np.abs(_studentised(shift, spread)), axis=0)
            below = above = _quantile(t, confidence) * error
    still = error == 0
    below, above = np.where(still, np.sqrt(drawn.below), below), np.where(still, np.sqrt(drawn.above), above)
    bound_alone = drawn.lone | (drawn.two_valued if alone else False)
    below, above = np.where(bound_alone, np.inf, below), np.where(bound_alone, np.inf, above)
    low, high = np.maximum(drawn.mean - below, bottom), np.minimum(drawn.mean + above, top)
    return np.minimum(low, drawn.mean), np.maximum(high, drawn.mean)


def estimates(drawn: Replicates, confidence: float = CONFIDENCE) -> list[Estimate]:
    """Return each of the M means with its interval."""
    low, high = intervals(drawn, confidence)
    columns = (drawn.mean.tolist(), low.tolist(), high.tolist(), drawn.instances.tolist())
    return [Estimate(*row) for row in zip(*columns, strict=True)]


def _studentised(shift: Floats, error: Floats) -> Floats:
    """Return shift / error; infinite where a resample shows no spread though its mean moved."""
    shift = np.where(np.abs(shift) < 1e-12, 0.0, shift)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.where(np.isnan(shift), np.nan, np.where(shift == 0, 0.0, np.copysign(np.inf, shift)))
        return np.where(error > 0, shift / error, ends)


def _quantile(rising: Floats, share: float) -> Floats:
    """Return [M] values out of sorted columns [B, M], NaN last; between infinite ones nothing can be interpolated."""
    known = (~np.isnan(rising)).sum(axis=0)
    places = np.rint(share * np.maximum(known - 1, 0)).astype(int)
    found: Floats = rising[places, np.arange(rising.shape[1])]
    return found


def _bound(
    kind: Kind, mean: Any, size: Any, low: Any, up: Any, down: Any, confidence: float = CONFIDENCE
) -> tuple[Any, Any]:
    """Return limits that are wide enough whatever the values in the range are.

    Of all values in [0, 1] with a given mean, 0s and 1s vary most; so Wilson's interval for ``size`` instances that are
    right or wrong as a whole holds for every other kind. Arms add to that: mean p(1 - p) is at most p(1 - p) of the
    mean. A difference is the positive part less the negative one, with a Wilson interval each, put together as
    for paired shares (Newcombe 1998, method 10 without his correction).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        if kind == "share":
            a, b = wilson((mean - low) / (1 - low), size, confidence)
            return low + a * (1 - low), low + b * (1 - low)
        (a, b), (c, d) = wilson(up, size, confidence), wilson(down, size, confidence)
        room = (1 - up) * (1 - down)
        r = -np.sqrt(np.where(room > 0, up * down / np.where(room > 0, room, 1.0), 0.0))
        lower = (up - a) ** 2 + (d - down) ** 2 - 2 * r * (up - a) * (d - down)
        upper = (b - up) ** 2 + (down - c) ** 2 - 2 * r * (b - up) * (down - c)
        return np.maximum(mean - np.sqrt(lower), -1.0), np.minimum(mean + np.sqrt(upper), 1.0)


def at_least(chances: Sequence[float], seen: int) -> float:
    """Return how likely at least ``seen`` of independent events happen (Poisson binomial, by convolution)."""
    table = np.zeros(len(chances) + 1)
    table[0] = 1.0
    for chance in chances:
        table[1:] = table[1:] * (1 - chance) + table[:-1] * chance
        table[0] *= 1 - chance
    return float(min(1.0, table[seen:].sum())) if seen > 0 else 1.0


def two_sided(chances: Sequence[float], seen: int) -> float:
    """Return the exact two-sided p-value of ``seen`` events: twice the smaller tail, at most 1."""
    upper = at_least(chances, seen)
    lower = at_least([1 - chance for chance in chances], len(chances) - seen)
    return min(1.0, 2 * min(upper, lower))
