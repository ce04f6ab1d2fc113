"""Curricula against each other on a simulated learner: rollouts until half of what can be learned is learned.

    python benchmarks/curricula.py                      # every rule in the baseline world, 20 seeds
    python benchmarks/curricula.py --worlds all --workers 2 --plot docs/curricula.png
    python benchmarks/curricula.py --rules sec mopps:target=0.6 --worlds forgetting --seeds 5
    python benchmarks/curricula.py --model              # the small embedded model instead, half an hour

The learner and its worlds are in ``trainers/simulation``; its constants come from a recorded run and were fixed before
any rule was tried. A seed is a world of its own and the luck in it, the same for all rules, so ratios are taken seed by
seed. All rollouts count, those of candidates and probes too.

* *way*: how far the mean success over all arms has come, 0 at the start, 1 when all is learned that can be.
* *rollouts*: until half of the way; geometric mean over seeds. A run that does not get there within the budget counts
  with the budget, which is about twice what ``uniform`` takes; that can only make a rule that beats it look worse.
* *times as fast*: rollouts of ``uniform`` over those of the rule. *area*: the area under the way, over that of
  ``uniform``. Both as geometric means; brackets are 95 % intervals, from 2,000 bootstrap samples of the seeds.
* *least share*: groups drawn of the arm with the fewest in the second half, 1 being an equal share; the least over
  seeds. *starved*: arms that were not drawn in the last third; the most over seeds.
* *forgotten*: success that was lost again by the end, mean over arms, in percentage points.

``oracle`` is no rule: it sees into the learner and draws the one arm whose groups raise the mean success most now.
"""

import argparse
import multiprocessing
import signal
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradarium.errors import BadFile, BadValue, GradariumError, MissingExtra, UnknownName
from gradarium.trainers.curricula import get_rule, rule_names
from gradarium.trainers.simulation.loop import Trace, run_rule
from gradarium.trainers.simulation.oracle import run_oracle
from gradarium.trainers.simulation.worlds import WORLDS

Floats = NDArray[np.float64]

VARIANTS = ("adarft:eta=10", "e2h:shape=classic", "e2h:shape=cosine", "modomodo:over=level", "plr:base=ladder")
"""Beside the defaults of every rule."""
BUDGETS = {
    "baseline": 280_000,
    "solved": 350_000,
    "prerequisites": 580_000,
    "forgetting": 350_000,
    "unlearnable": 175_000,
    "normalised": 225_000,
    "alike": 300_000,
    "even": 24_000,
}
"""Rollouts in each world: twice the median that ``uniform`` takes to half of the way in seeds 0 to 19."""
ORACLE = "oracle"
TARGET = 0.5
SAMPLES = 2000
GRID = 201
"""Points of the curves that are kept for the plot."""


class Outcome(NamedTuple):
    """What is kept of a run."""

    rollouts: float
    """To the target, or the budget."""
    reached: bool
    area: float
    end: float
    """Way at the end."""
    least: float
    starved: int
    forgotten: float
    curve: list[float]
    """Way at ``GRID`` evenly spaced numbers of rollouts."""


def main() -> int:
    """Run, print the tables, draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", nargs="+", help="rule, or rule:option=value,...; default: all, uniform always")
    parser.add_argument("--worlds", nargs="+", default=["baseline"], help=f"all, or some of {', '.join(WORLDS)}")
    parser.add_argument("--seeds", type=int, help="default: 20, with --model 3")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--floor", type=float, help="default: what the rule has in a configuration that does not say")
    parser.add_argument("--rehearsal", type=float, help="the same")
    parser.add_argument("--plot", type=Path, help="write curves and ratios to this PNG")
    parser.add_argument("--model", action="store_true", help="train the embedded model, not the simulated learner")
    parser.add_argument("--budget", type=int, help="rollouts of a run with --model")
    arguments = parser.parse_args()
    try:
        if arguments.model:
            import curricula_model

            budget = curricula_model.BUDGET if arguments.budget is None else arguments.budget
            return curricula_model.main(arguments.rules, 3 if arguments.seeds is None else arguments.seeds, budget)
        compare(arguments)
    except GradariumError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def compare(arguments: argparse.Namespace) -> None:
    """Run every rule in every world; raises UnknownName for those that there are not."""
    worlds = list(WORLDS) if arguments.worlds == ["all"] else arguments.worlds
    for world in worlds:
        if world not in WORLDS:
            raise UnknownName("world", world, WORLDS)
    seeds = 20 if arguments.seeds is None else arguments.seeds
    if seeds < 2:
        raise BadValue("--seeds", seeds, "must be at least 2: intervals are taken over seeds")
    if arguments.workers < 1:
        raise BadValue("--workers", arguments.workers, "must be at least 1")
    if arguments.plot:
        check_plot(arguments.plot)
    asked = arguments.rules or [*rule_names(), *VARIANTS]
    rules = ["uniform", *(rule for rule in dict.fromkeys(asked) if rule != "uniform")]
    for rule in rules:
        parse_rule(rule)
    rules.append(ORACLE)
    shares = (arguments.floor, arguments.rehearsal)
    jobs = [(world, rule, seed, *shares) for world in worlds for rule in rules for seed in range(seeds)]
    began = time.perf_counter()
    with multiprocessing.Pool(arguments.workers, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        outcomes = pool.starmap(outcome, jobs, chunksize=1)
    found: dict[str, dict[str, list[Outcome]]] = {world: {rule: [] for rule in rules} for world in worlds}
    for (world, rule, *_), one in zip(jobs, outcomes, strict=True):
        found[world][rule].append(one)
    print(f"{seeds} seeds, {time.perf_counter() - began:.0f} s with {arguments.workers} processes\n")
    show(found)
    if arguments.plot:
        plot(found, arguments.plot)


def check_plot(path: Path) -> None:
    """Raise BadFile or MissingExtra before the work where its plot could not be drawn after it."""
    if not path.parent.is_dir() or path.is_dir():
        raise BadFile(path, "cannot be written: name a file in a folder that exists")
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise MissingExtra("--plot", "train", str(error)) from None


def show(found: dict[str, dict[str, list[Outcome]]]) -> None:
    """Print the tables: for several worlds their ratios side by side, then the figures of each."""
    if len(found) > 1:
        print("Times as fast as `uniform`:\n")
        print(table(["rule", *found], summary(found)), end="\n\n")
    for world, rows in found.items():
        print(f"World `{world}`, {BUDGETS[world]:,} rollouts:\n")
        print(table(HEAD, details(rows)), end="\n\n")


def parse_rule(text: str) -> tuple[str, Any]:
    """Return name and options of ``rule:option=value,...``; raises UnknownName, or what the rule says of a value."""
    name, _, rest = text.partition(":")
    rule = get_rule(name)
    values: dict[str, Any] = {}
    for pair in filter(None, rest.split(",")):
        option, _, value = pair.partition("=")
        known = list(rule.Options.__dataclass_fields__)
        if option not in known:
            raise UnknownName(f"option of curriculum {name!r}", option, known)
        try:
            values[option] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            values[option] = value
    return name, rule.Options(**values)


def outcome(world: str, rule: str, seed: int, floor: float | None = None, rehearsal: float | None = None) -> Outcome:
    """Run one rule in one world; shares that are None are the rule's usual ones."""
    budget = BUDGETS[world]
    if rule == ORACLE:
        return judge(run_oracle(WORLDS[world](seed), seed, budget=budget), budget)
    name, options = parse_rule(rule)
    trace = run_rule(name, WORLDS[world](seed), seed, budget=budget, floor=floor, rehearsal=rehearsal, options=options)
    return judge(trace, budget)


def judge(trace: Trace, budget: int) -> Outcome:
    """Return the figures of a run."""
    mean = trace.success.mean(axis=1)
    way = (mean - mean[0]) / (trace.best.mean() - mean[0])
    there = np.flatnonzero(way >= TARGET)
    rollouts = float(budget)
    if there.size:
        last, first = there[0] - 1, there[0]
        rollouts = float(np.interp(TARGET, way[[last, first]], trace.rollouts[[last, first]]))
    curve = np.interp(np.linspace(0, budget, GRID), trace.rollouts, way)
    steps, arms = trace.drawn.shape
    half, third = trace.drawn[steps // 2 :].sum(axis=0), trace.drawn[-(steps // 3) :].sum(axis=0)
    lost = trace.success.max(axis=0) - trace.success[-1]
    return Outcome(
        rollouts,
        bool(there.size),
        float(curve.mean()),
        float(way[-1]),
        float(half.min() / half.sum() * arms),
        int((third == 0).sum()),
        float(100 * lost.mean()),
        curve.tolist(),
    )


class Estimate(NamedTuple):
    """A geometric mean over seeds with its 95 % interval."""

    value: float
    low: float
    high: float

    def text(self, scale: float = 1.0, digits: int = 2) -> str:
        """Return it for a table."""
        value, low, high = (f"{x * scale:.{digits}f}" for x in self)
        return f"{value} [{low}, {high}]"


def estimate(values: Sequence[float]) -> Estimate:
    """Return the geometric mean over seeds and its bootstrap interval; the resamples are always the same."""
    logs = np.log(np.maximum(values, 1e-9))
    resampled = logs[np.random.default_rng(0).integers(len(logs), size=(SAMPLES, len(logs)))].mean(axis=1)
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Estimate(float(np.exp(logs.mean())), float(np.exp(low)), float(np.exp(high)))


def times_as_fast(rows: Sequence[Outcome], uniform: Sequence[Outcome]) -> Estimate:
    """Return rollouts of uniform over those of the rule, seed by seed."""
    return estimate([u.rollouts / r.rollouts for r, u in zip(rows, uniform, strict=True)])


HEAD = [
    "rule",
    "thousand rollouts",
    "times as fast",
    "got there",
    "area",
    "way at the end",
    "least share",
    "starved",
    "forgotten",
]


def details(rows: dict[str, list[Outcome]]) -> list[list[str]]:
    """Return the lines of one world, fastest first; ``*``: 1.5 times as fast, and both intervals of time disjoint."""
    uniform = rows["uniform"]
    base = estimate([u.rollouts for u in uniform])
    lines = []
    for rule in sorted(rows, key=lambda rule: -times_as_fast(rows[rule], uniform).value):
        one = rows[rule]
        taken, faster = estimate([o.rollouts for o in one]), times_as_fast(one, uniform)
        area = estimate([max(o.area, 1e-9) / max(u.area, 1e-9) for o, u in zip(one, uniform, strict=True)])
        star = " *" if faster.value >= 1.5 and taken.high < base.low else ""
        lines.append(
            [
                f"`{rule}`",
                taken.text(1e-3, 0),
                faster.text() + star,
                f"{sum(o.reached for o in one)}/{len(one)}",
                area.text(),
                f"{np.mean([o.end for o in one]):.2f}",
                f"{min(o.least for o in one):.2f}",
                str(max(o.starved for o in one)),
                f"{np.mean([o.forgotten for o in one]):.1f}",
            ]
        )
    return lines


def summary(found: dict[str, dict[str, list[Outcome]]]) -> list[list[str]]:
    """Return one line for each rule, one column for each world."""
    first = next(iter(found.values()))
    order = sorted(first, key=lambda rule: -times_as_fast(first[rule], first["uniform"]).value)
    return [[f"`{r}`", *(times_as_fast(rows[r], rows["uniform"]).text() for rows in found.values())] for r in order]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def plot(found: dict[str, dict[str, list[Outcome]]], path: Path) -> None:
    """Draw the curves of the first world, and every ratio of every world."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    world, rows = next(iter(found.items()))
    speed = {rule: times_as_fast(one, rows["uniform"]) for rule, one in rows.items()}
    order = sorted(rows, key=lambda rule: speed[rule].value)
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 6.5), width_ratios=[1, 1.15], layout="constrained")
    x = np.linspace(0, BUDGETS[world] / 1000, GRID)
    best = [rule for rule in reversed(order) if rule not in ("uniform", ORACLE)][:5]
    for rule in order:
        mean = np.mean([one.curve for one in rows[rule]], axis=0)
        if rule == "uniform":
            left.plot(x, mean, color="black", linewidth=2, label=rule, zorder=3)
        elif rule == ORACLE:
            left.plot(x, mean, color="black", linewidth=1, linestyle="--", label=rule, zorder=2)
        elif rule in best:
            left.plot(x, mean, color=f"C{best.index(rule)}", linewidth=1.6, label=rule, zorder=2)
        else:
            left.plot(x, mean, color="0.8", linewidth=0.8, zorder=1)
    left.axhline(TARGET, color="0.5", linestyle=":", linewidth=1)
    left.set(xlabel="thousand rollouts, all that were sampled", ylabel="way from the start to all that can be learned")
    left.set(title=f"World “{world}”, mean of {len(rows['uniform'])} seeds; grey: the other rules", ylim=(0, None))
    handles, labels = left.get_legend_handles_labels()
    by_speed = sorted(zip(labels, handles, strict=True), key=lambda pair: -speed[pair[0]].value)
    left.legend([handle for _, handle in by_speed], [label for label, _ in by_speed], loc="lower right")
    shown = [rule for rule in order if rule != "uniform"]
    for k, (name, others) in enumerate(found.items()):
        estimates = [times_as_fast(others[rule], others["uniform"]) for rule in shown]
        y = np.arange(len(shown)) + 0.32 - 0.64 * (k + 0.5) / len(found)
        values = np.array([e.value for e in estimates])
        reach = np.array([[e.value - e.low for e in estimates], [e.high - e.value for e in estimates]])
        right.errorbar(values, y, xerr=reach, fmt="o", markersize=3.5, linewidth=1, color=f"C{k}", label=name)
    for edge in range(1, len(shown)):
        right.axhline(edge - 0.5, color="0.92", linewidth=0.8, zorder=0)
    right.axvline(1, color="black", linewidth=1)
    right.axvline(1.5, color="0.5", linestyle=":", linewidth=1)
    right.set_xscale("log")
    ticks = [0.5, 0.7, 1, 1.5, 2, 3, 4, 6]
    right.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    right.minorticks_off()
    right.set_yticks(range(len(shown)), shown)
    right.set_ylim(-0.6, len(shown) - 0.4)
    right.set(title="Times as fast as uniform to half of the way, with 95 % intervals")
    right.legend(loc="lower right", fontsize="small")
    figure.savefig(path, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(main())
