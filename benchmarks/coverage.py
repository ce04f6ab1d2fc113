"""How often the 95 % intervals of evaluations hold the truth, by simulation.

    python benchmarks/coverage.py
    python benchmarks/coverage.py --runs 1000

Success rates of instances are drawn from beta distributions, 8 completions from each rate, and the interval is made as
``gradarium eval`` makes it. The truth is known exactly (beta-binomial), so all that is counted is on which side it was
missed. A spread of 1 stands for instances that a model mostly either can or cannot solve, of 8 for instances of much
the same difficulty.
"""

import argparse
import math
import time
from collections.abc import Callable

import numpy as np

from gradarium.trainers.evaluation.statistics import Replicates, combine, intervals, pass_at_k, pass_hat_k, resample

SAMPLES = 8
METRICS = ("success", "pass@4", "pass@8", "pass^8")
VALUES = np.array(
    [
        [c / SAMPLES, pass_at_k(SAMPLES, c, 4), pass_at_k(SAMPLES, c, 8), pass_hat_k(SAMPLES, c, 8)]
        for c in range(SAMPLES + 1)
    ]
)
"""[c, metric]: what an instance counts with c of 8 right."""

RATES = (0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9)
SPREADS = (1.0, 8.0)

SUITES = {
    "10 arms x 100, easy to hard": [(r, 1.0, 100) for r in (0.98, 0.9, 0.7, 0.5, 0.5, 0.3, 0.3, 0.1, 0.05, 0.02)],
    "40 arms x 20, easy to hard": [(r, 1.0, 20) for r in np.linspace(0.01, 0.97, 40)],
    "60 arms x 5, easy to hard": [(r, 1.0, 5) for r in np.linspace(0.01, 0.97, 60)],
    "6 arms x 50, three out of reach": [(r, 1.0, 50) for r in (0.9, 0.5, 0.1, 0.002, 0.001, 0.001)],
    "4 arms x 20, one task": [(r, 1.0, 20) for r in (0.9, 0.5, 0.1, 0.02)],
    "4 arms x 100, all hard": [(r, 0.5, 100) for r in (0.05, 0.03, 0.02, 0.01)],
}

PAIRS = [(0.02, 0.5), (0.1, 0.0), (0.1, 0.3), (0.5, 0.0), (0.5, 0.5), (0.9, 0.0), (0.9, 0.3)]
"""(rate of the base model, lift): the trained one has p + lift sqrt(p) (1 - p) on the same instances."""


def distribution(rate: float, spread: float) -> np.ndarray:
    """Return the chance of c = 0 ... 8 right completions of an instance."""
    a, b = rate * spread, (1 - rate) * spread

    def beta(x: float, y: float) -> float:
        return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)

    chances = [math.comb(SAMPLES, c) * math.exp(beta(c + a, SAMPLES - c + b) - beta(a, b)) for c in range(SAMPLES + 1)]
    return np.array(chances)


Limits = Callable[[Replicates], tuple[np.ndarray, np.ndarray]]


class Tally:
    """Counts on which side the truth was missed."""

    def __init__(self, truth: np.ndarray) -> None:
        self.truth, self.runs = truth, 0
        self.above, self.below, self.width = np.zeros(len(truth)), np.zeros(len(truth)), np.zeros(len(truth))

    def add(self, low: np.ndarray, high: np.ndarray) -> None:
        """Count one interval of each metric."""
        self.runs += 1
        self.above += self.truth > high + 1e-12
        self.below += self.truth < low - 1e-12
        self.width += high - low

    @property
    def coverage(self) -> np.ndarray:
        """Share of intervals that held the truth."""
        return 1 - (self.above + self.below) / self.runs

    def cells(self) -> list[str]:
        """Return coverage and (missed above / missed below) of each metric in percent."""
        misses = zip(self.coverage, self.above / self.runs, self.below / self.runs, strict=True)
        return [f"{100 * c:.1f} ({100 * a:.1f}/{100 * b:.1f})" for c, a, b in misses]


def one_arm(
    rate: float, spread: float, count: int, runs: int, draws: int, rng: np.random.Generator, make: Limits = intervals
) -> Tally:
    """Return how the interval of one arm fares."""
    tally = Tally(distribution(rate, spread) @ VALUES)
    for run in range(runs):
        right = rng.binomial(SAMPLES, rng.beta(rate * spread, (1 - rate) * spread, count))
        tally.add(*make(resample(VALUES[right], seed=run, replicates=draws)))
    return tally


def percentile(drawn: Replicates) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of the plain percentile bootstrap, which is not what we use."""
    low, high = np.quantile(drawn.means, [0.025, 0.975], axis=0)
    return low, high


def suite(arms: list[tuple[float, float, int]], runs: int, draws: int, rng: np.random.Generator) -> Tally:
    """Return how the interval of a mean over arms fares."""
    tally = Tally(np.mean([distribution(rate, spread) @ VALUES for rate, spread, _ in arms], axis=0))
    for run in range(runs):
        parts = []
        for number, (rate, spread, count) in enumerate(arms):
            right = rng.binomial(SAMPLES, rng.beta(rate * spread, (1 - rate) * spread, count))
            parts.append(resample(VALUES[right], seed=run * len(arms) + number, replicates=draws))
        tally.add(*intervals(combine(parts)))
    return tally


def lifted(p: np.ndarray, lift: float) -> np.ndarray:
    """Return the success rates of the trained model."""
    return p + lift * np.sqrt(p) * (1 - p)


def true_gain(rate: float, lift: float, rng: np.random.Generator) -> np.ndarray:
    """Return the difference of each metric between trained and base model: the mean over a million instances."""
    before = rng.beta(rate, 1 - rate, 1_000_000)
    after = lifted(before, lift)
    gain = np.zeros(len(METRICS))
    for c in range(SAMPLES + 1):
        chances = (p**c * (1 - p) ** (SAMPLES - c) for p in (after, before))
        trained, base = (math.comb(SAMPLES, c) * chance.mean() for chance in chances)
        gain += (trained - base) * VALUES[c]
    return gain


def gains(rate: float, lift: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return the differences [count, metric] of instances that both models were drawn on."""
    p = rng.beta(rate, 1 - rate, count)
    base, trained = rng.binomial(SAMPLES, p), rng.binomial(SAMPLES, lifted(p, lift))
    return VALUES[trained] - VALUES[base]


def paired(rate: float, lift: float, count: int, runs: int, draws: int, rng: np.random.Generator) -> Tally:
    """Return how the interval of a paired difference fares."""
    tally = Tally(true_gain(rate, lift, rng))
    for run in range(runs):
        drawn = resample(gains(rate, lift, count, rng), "difference", seed=run, replicates=draws)
        tally.add(*intervals(drawn))
    return tally


def paired_suite(
    rates: tuple[float, ...], lift: float, count: int, runs: int, draws: int, rng: np.random.Generator
) -> Tally:
    """Return how the interval of a mean over arms of paired differences fares."""
    tally = Tally(np.mean([true_gain(rate, lift, rng) for rate in rates], axis=0))
    for run in range(runs):
        parts = [
            resample(gains(rate, lift, count, rng), "difference", seed=run * len(rates) + number, replicates=draws)
            for number, rate in enumerate(rates)
        ]
        tally.add(*intervals(combine(parts)))
    return tally


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=600, help="simulated evaluations of each row")
    parser.add_argument("--draws", type=int, default=1000, help="bootstrap draws of each")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng, start = np.random.default_rng(args.seed), time.perf_counter()
    print("Share of intervals that hold the truth, in percent (truth above / below the interval).\n")
    seen: dict[str, list[float]] = {}
    header = f"| {' | '.join(METRICS)} |\n|{'---|' * (len(METRICS) + 1)}"

    def row(kind: str, name: str, tally: Tally) -> None:
        print(f"| {name} | {' | '.join(tally.cells())} |", flush=True)
        seen.setdefault(kind, []).append(float(tally.coverage[0]))

    print(f"| one arm: instances, mean success, spread {header}")
    for count in (100, 250):
        for rate in RATES:
            for spread in SPREADS:
                tally = one_arm(rate, spread, count, args.runs, args.draws, rng)
                row("one arm", f"{count}, {rate:g}, {spread:g}", tally)
    print(f"\n| mean over arms {header}")
    for name, arms in SUITES.items():
        row("mean over arms", name, suite(arms, max(1, args.runs // 2), args.draws // 2, rng))
    print(f"\n| paired difference: instances, base, lift {header}")
    for count in (100, 250):
        for rate, lift in PAIRS:
            row("difference", f"{count}, {rate:g}, {lift:g}", paired(rate, lift, count, args.runs, args.draws, rng))
    print(f"\n| paired difference of a mean over seven arms: instances of each, lift {header}")
    rng = np.random.default_rng(args.seed + 1)
    for count, lift in ((20, 0.0), (20, 0.3), (100, 0.0), (100, 0.3)):
        tally = paired_suite(RATES, lift, count, max(1, args.runs // 2), args.draws // 2, rng)
        row("difference of a mean over arms", f"{count}, {lift:g}", tally)
    print(f"\n| for comparison, one arm by the plain percentile bootstrap {header}")
    rng = np.random.default_rng(args.seed + 2)
    for rate in (0.02, 0.05, 0.9):
        for spread in (0.5, *SPREADS):
            tally = one_arm(rate, spread, 100, args.runs, args.draws, rng, percentile)
            print(f"| 100, {rate:g}, {spread:g} | {' | '.join(tally.cells())} |", flush=True)
    print()
    for kind, values in seen.items():
        shown = [f"{100 * v:.1f}" for v in (min(values), sum(values) / len(values), max(values))]
        print(f"success, {kind}: lowest {shown[0]}, mean {shown[1]}, highest {shown[2]} over {len(values)} rows")
    print(f"{args.runs} runs a row (half for means over arms), {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
