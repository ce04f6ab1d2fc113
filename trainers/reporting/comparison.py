"""The report on several runs: their curves in one chart each, results side by side, settings that differ."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from gradarium.trainers.means import mean_over_tasks
from gradarium.trainers.reporting import palette
from gradarium.trainers.reporting.configuration import differences
from gradarium.trainers.reporting.drawing import Curve, lines
from gradarium.trainers.reporting.explain import explain
from gradarium.trainers.reporting.folders import Run
from gradarium.trainers.reporting.held_out import by_arm, stages_of
from gradarium.trainers.reporting.page import Report, Section
from gradarium.trainers.reporting.run_page import status
from gradarium.trainers.reporting.series import Points, mean_points, points
from gradarium.trainers.reporting.tables import Cell, change, rate, table
from gradarium.trainers.reporting.text import duration, short, slug

CURVES = (
    "dev_mean",
    "entropy",
    "grad_norm",
    "kl",
    "mismatch_k3",
    "groups_useful",
    "missing",
    "truncated",
    "tokens",
    "tokens_per_second",
    "seconds",
)
"""Fields of GRPO steps that are drawn beside the reward."""
MOST_ROWS = 240
"""Arms in the table; more are left to the reports of the runs."""


def distinct_names(folders: Sequence[Any]) -> list[str]:
    """Return the shortest ends of the paths that tell them apart.

    >>> from pathlib import Path
    >>> distinct_names([Path("/a/x/run"), Path("/a/y/run")])
    ['x/run', 'y/run']
    """
    parts = [folder.resolve().parts for folder in folders]
    for depth in range(1, max(map(len, parts)) + 1):
        names = ["/".join(p[-depth:]) for p in parts]
        if len(set(names)) == len(names):
            return names
    return [f"{p[-1]} ({i})" for i, p in enumerate(parts, 1)]


def compare_runs(names: Sequence[str], runs: Sequence[Run]) -> Report:
    """Return the comparison; differences are to the first run."""
    notes = [f"{name}: {note}" for name, run in zip(names, runs, strict=True) for note in run.notes]
    sections = [_overview(names, runs), _results(names, runs, notes), _curves(names, runs), _settings(names, runs)]
    return Report(
        "comparison", f"{len(runs)} runs", " · ".join(names), notes=notes, sections=[s for s in sections if not s.empty]
    )


def _overview(names: Sequence[str], runs: Sequence[Run]) -> Section:
    rows: list[list[Cell | str]] = []
    for name, run in zip(names, runs, strict=True):
        stages, grpo = stages_of(run.results), run.stage("grpo")
        success = [mean_over_tasks(by_arm(run.results[stage])) for stage in stages]
        first, last = (success[0], success[-1]) if success else (None, None)
        gain = last - first if len(success) > 1 and first is not None and last is not None else None
        seconds = sum(points(run.metrics, "seconds").ys)
        rates = sorted(points(grpo, "tokens_per_second").ys)
        alarms = sum(len(r["alarms"]) for r in grpo if isinstance(r.get("alarms"), list))
        rows.append(
            [
                name,
                status(run),
                rate(first),
                rate(last),
                change(gain),
                f"{grpo[-1]['step']:,}" if grpo else "0",
                short(sum(points(grpo, "tokens").ys)),
                short(rates[len(rates) // 2]) if rates else "",
                duration(seconds),
                Cell(str(alarms), "down" if alarms else ""),
            ]
        )
    head = ["run", "state", "held out, first", "held out, last", "change", "GRPO steps", "tokens", "tokens/s"]
    return Section("overview", "Overview", above=table([*head, "time", "alarms"], rows))


def _results(names: Sequence[str], runs: Sequence[Run], notes: list[str]) -> Section:
    """Put the last evaluation of each run side by side."""
    section = Section("held-out-results", "Held-out results")
    found = [by_arm(run.results[stages_of(run.results)[-1]]) if stages_of(run.results) else {} for run in runs]
    arms = list(dict.fromkeys(arm for one in found for arm in one))
    if not arms:
        return section
    section.intro = (
        "The last evaluation of each run on the test split, and its difference to the first run. The mean is over the "
        "arms that a run was measured on."
    )
    rows: list[list[Cell | str]] = []
    for task, level in arms[:MOST_ROWS]:
        values = [one.get((task, level)) for one in found]
        rows.append([f"{task} level {level}", *_beside(values)])
    if len(arms) > MOST_ROWS:
        notes.append(f"Held-out results of {len(arms) - MOST_ROWS} more arms are not in the table.")
    rows.append(["mean over tasks", *_beside([mean_over_tasks(one) for one in found])])
    head = ["task", names[0]] + [cell for name in names[1:] for cell in (name, "difference")]
    section.above = table(head, rows, last_is_mean=True, tall=len(rows) > 20)
    return section


def _beside(values: Sequence[float | None]) -> list[Cell | str]:
    first = values[0]
    cells: list[Cell | str] = [rate(first)]
    for value in values[1:]:
        cells += [rate(value), change(value - first if value is not None and first is not None else None)]
    return cells


def _curves(names: Sequence[str], runs: Sequence[Run]) -> Section:
    section = Section("curves", "Curves")
    reads: dict[str, Callable[[Run], Points]] = {
        "reward": lambda run: mean_points(run.stage("grpo"), "reward"),
        "length": lambda run: mean_points(run.stage("grpo"), "length"),
        **{field: partial(_of_grpo, field=field) for field in CURVES},
        "warm-loss": lambda run: points(run.stage("warm_start"), "loss"),
    }
    for name, read in reads.items():
        looks = name == "dev_mean"
        curves = [
            Curve(run, read(one), palette.series(i), not looks, run)
            for i, (run, one) in enumerate(zip(names, runs, strict=True))
        ]
        if not any(any(curve.points.ys) for curve in curves):
            continue
        said = explain(name.removeprefix("warm-"))
        missing = [curve.label for curve in curves if not curve.points.xs]
        note = f"{said.note} Not recorded in {', '.join(missing)}.".strip() if missing else said.note
        title = f"Warm start: {said.title}" if name == "warm-loss" else said.title
        section.charts.append(lines(slug(name), title, curves, note=note, hints=said.hints, points=looks))
    if section.charts:
        section.intro = "GRPO steps; smooth lines are moving averages. Tap a name to see that run alone."
    return section


def _of_grpo(run: Run, field: str) -> Points:
    return points(run.stage("grpo"), field)


def _settings(names: Sequence[str], runs: Sequence[Run]) -> Section:
    section = Section("settings", "Settings that differ")
    if any(run.config for run in runs):
        section.above = differences(names, [run.config for run in runs])
        section.intro = "'-' where a run has no such setting." if section.above else ""
    versions = [{k: v for k, v in run.provenance.items() if k != "command"} for run in runs]
    if any(versions):
        section.below = differences(names, versions)
    return section
