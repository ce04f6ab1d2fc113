"""Sections of a run on what was learned: held-out results, reward curves, looks at the dev split, the curriculum."""

import math
from collections.abc import Sequence
from typing import Any

from gradarium.trainers.reporting import palette
from gradarium.trainers.reporting.chart import Chart
from gradarium.trainers.reporting.drawing import Curve, bars, heat_over_steps, lines, stacked
from gradarium.trainers.reporting.explain import Said, explain
from gradarium.trainers.reporting.folders import Run
from gradarium.trainers.reporting.held_out import results_chart, results_grids, results_table, stages_of
from gradarium.trainers.reporting.page import Section
from gradarium.trainers.reporting.series import arm_order, keys_of, mean_points, number, points, task_of, value_at
from gradarium.trainers.reporting.text import slug

Records = Sequence[dict[str, Any]]

MOST_TASKS = 60
"""Charts of single tasks; the tasks after them are in the tables alone."""
FEW = 8
"""Arms that still have lines or areas of their own; more become the rows of a heat map."""
MOST_ROWS = 120
"""Rows of a heat map or bar chart."""
FATES = (("too_easy", "all right", "s2"), ("too_hard", "all wrong", "s1"), ("masked", "not judged", "rest"))


def held_out(run: Run) -> Section:
    """Success on the test split, before and after."""
    section = Section("held-out-results", "Held-out results", pair=True)
    if not stages_of(run.results):
        return section
    rows = run.results[stages_of(run.results)[-1]]
    counts = sorted({f"{r.get('instances', '?')} x {r.get('samples', '?')}" for r in rows})
    section.intro = f"Success on the test split; instances x completions of each arm: {', '.join(counts[:4])}."
    least = min((n for r in rows if (n := number(r.get("instances"))) is not None), default=0.0)
    if least >= 1:  # of a rate of a half, where it is widest; completions of one instance are alike
        section.intro += f" The 95 % interval of one arm reaches up to ±{min(1.0, 0.98 / math.sqrt(least)):.2f}."
    section.charts = [results_chart(run.results)]
    section.above = results_table(run.results)
    section.below = results_grids(run.results)
    return section


def arm_colour(arm: str) -> str:
    """Return the colour of an arm where arms of one task stand side by side: that of its level."""
    return palette.level(max(0, arm_order(arm)[1]))


def rewards(records: Records, notes: list[str], stage: str = "") -> Section:
    """Mean reward of all arms, and of each task with a line for each level."""
    section = Section(f"{stage}rewards", "Reward")
    section.intro = (
        "Mean reward of the rollouts of each step on train problems; the smooth line is a moving average, the faint "
        "one the values themselves. One chart for each task, one line for each level; one level of one task is an arm."
    )
    arms = keys_of(records, "reward")
    if not arms:
        return section
    said = explain("reward")
    everything = [Curve("mean over the arms", mean_points(records, "reward"), "accent", smoothed=True)]
    section.charts = [lines(f"{stage}reward", "All arms", everything, note=said.note, hints=said.hints)]
    tasks: dict[str, list[str]] = {}
    for arm in arms:
        tasks.setdefault(task_of(arm), []).append(arm)
    found = {arm: points(records, "reward", arm) for arm in arms}
    as_rates = all(0 <= min(curve.ys) and max(curve.ys) <= 1 for curve in found.values() if curve.ys)
    low, high = (-0.03, 1.03) if as_rates else (None, None)
    for i, (task, mine) in enumerate(list(tasks.items())[:MOST_TASKS]):
        curves = [Curve(_level(arm), found[arm], arm_colour(arm), True, arm) for arm in mine]
        title = task if len(mine) > 1 else mine[0]
        section.charts.append(lines(f"{stage}reward-{i}", title, curves, low=low, high=high))
    if len(tasks) > MOST_TASKS:
        notes.append(f"Reward curves of {len(tasks) - MOST_TASKS} more tasks are not drawn.")
    return section


def _level(arm: str) -> str:
    level = arm_order(arm)[1]
    return f"level {level}" if level >= 0 else arm


def dev_looks(records: Records, stage: str = "") -> Section:
    """Success on the dev split during training."""
    section = Section(f"{stage}dev", "Looks at the dev split")
    arms = keys_of(records, "dev")
    looks = [r for r in records if isinstance(r.get("dev"), dict)]
    if not looks:
        return section
    said = explain("dev_mean")
    mean = points(records, "dev_mean")
    if mean.xs:
        best = [(float(r["step"]), "accent") for r in records if r.get("best") is True][-1:]
        curves = [Curve("mean over tasks", mean, "accent")]
        note = f"{said.note} The dotted line is the best look." if best else said.note
        section.charts.append(
            lines(f"{stage}dev-mean", "All tasks", curves, marks=best, note=note, hints=said.hints, points=True)
        )
    said = explain("dev")
    section.charts.append(per_arm(f"{stage}dev-arms", "Each arm", looks, ("dev",), arms, said, high=1.0))
    return section


def per_arm(
    name: str,
    title: str,
    records: Records,
    path: Sequence[str],
    keys: Sequence[str],
    said: Said,
    *,
    prefix: str = "",
    high: float | None = None,
    whole: bool = False,
) -> Chart:
    """Return lines for a few arms and a heat map for many; with ``whole``, the few are areas of a whole."""
    ordered = sorted(keys, key=lambda key: arm_order(key.removeprefix(prefix)))[:MOST_ROWS]
    curves = [
        Curve(arm, points(records, *path, key), palette.series(i), key=arm)
        for i, key in enumerate(ordered)
        for arm in [key.removeprefix(prefix)]
    ]
    curves = [curve for curve in curves if curve.points.xs]
    if len(curves) > FEW:
        return heat_over_steps(name, title, curves, note=said.note, hints=said.hints, high=None if whole else high)
    if whole:
        return stacked(name, title, curves, high=high, note=said.note, hints=said.hints)
    few = all(len(curve.points.xs) < 30 for curve in curves)
    top = None if high is None else high + 0.03
    return lines(name, title, curves, note=said.note, hints=said.hints, high=top, points=few)


def curriculum(records: Records) -> Section:
    """What the curriculum chose and why, and what became of the groups of each arm."""
    section = Section("curriculum", "Curriculum")
    families: dict[str, list[str]] = {}
    for key in keys_of(records, "curriculum"):
        family, _, _ = key.partition("/")
        families.setdefault(family, []).append(key)
    for i, (family, keys) in enumerate(sorted(families.items(), key=lambda item: item[0] != "share")):
        keys = [key for key in keys if points(records, "curriculum", key).xs]
        if not keys:
            continue
        said, prefix = explain(f"curriculum.{family}"), f"{family}/"
        share = family == "share"
        known = explain("curriculum").title != said.title
        title = said.title if known else family.replace("_", " ")
        name = f"curriculum-{slug(family)}" if known else f"curriculum-{i}-{slug(family)}"
        high = 1.0 if share else None
        section.charts.append(
            per_arm(name, title, records, ("curriculum",), keys, said, prefix=prefix, high=high, whole=share)
        )
    section.charts += _fates(records)
    if section.charts:
        section.intro = "Which arms the prompts came from, and how many of their groups could teach anything."
    return section


def _fates(records: Records) -> list[Chart]:
    """Return bars of the groups that were drawn from each arm; the counts of the last record are of the whole run."""
    drops: dict[str, Any] = next((r["drops"] for r in reversed(records) if isinstance(r.get("drops"), dict)), {})
    prefix = "groups/drawn/"
    drawn = {k.removeprefix(prefix): v for k in drops if k.startswith(prefix) and (v := value_at(drops, k)) is not None}
    if not drawn:
        return []
    arms = sorted(drawn, key=arm_order)[:MOST_ROWS]
    parts = []
    useful = [drawn[arm] for arm in arms]
    for name, label, colour in FATES:
        counts = [(value_at(drops, f"groups/{name}/{arm}") or 0.0) * drawn[arm] for arm in arms]
        useful = [u - c for u, c in zip(useful, counts, strict=True)]
        parts.append((label, colour, counts))
    said = explain("drops")
    note = "Groups drawn from each arm since the start, by the rewards of their rollouts."
    parts = [("rewards differ", "s0", [max(0.0, u) for u in useful]), *parts]
    return [bars("curriculum-groups", "Groups drawn", arms, parts, axis="groups", note=note, hints=said.hints)]
