"""The picture of a run: held-out success before and after beside the reward curves."""

import io
from typing import Any

from gradarium.trainers.means import mean_over_tasks
from gradarium.trainers.reporting.chart import drawing_style
from gradarium.trainers.reporting.folders import Run
from gradarium.trainers.reporting.held_out import COLOURS, COLUMNS, MOST_ROWS, by_arm, stages_of
from gradarium.trainers.reporting.palette import DAY, series
from gradarium.trainers.reporting.series import Points, keys_of, mean_points, points, smooth, thin
from gradarium.trainers.reporting.text import label

MOST_CURVES = 10
"""Arms that get a curve of their own."""


def summary_png(run: Run) -> bytes:
    """Return the picture as PNG; without results or steps, with the half that there is."""
    from matplotlib.figure import Figure

    with drawing_style():
        rows = _rows(run)
        tall = max(4.2, 0.34 * len(rows) + 1.2)
        figure = Figure(figsize=(12, tall), layout="constrained", facecolor=DAY["card"])
        left, right = figure.subplots(1, 2, width_ratios=[1, 1.3])
        _bars(left, run, rows)
        _curves(right, run)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=110, metadata={"Software": None})
    return out.getvalue()


def _rows(run: Run) -> list[tuple[str, list[float | None]]]:
    """Return (arm or task, success in each evaluation), the mean last."""
    found = [by_arm(run.results[name]) for name in stages_of(run.results)]
    arms = list(dict.fromkeys(arm for one in found for arm in one))
    if len(arms) <= MOST_ROWS:
        rows = [(f"{task} level {level}", [one.get((task, level)) for one in found]) for task, level in arms]
    else:
        tasks = list(dict.fromkeys(task for task, _ in arms))[: 2 * MOST_ROWS]
        rows = [
            (task, [mean_over_tasks({arm: v for arm, v in one.items() if arm[0] == task}) for one in found])
            for task in tasks
        ]
    return [*rows, ("mean over tasks", [mean_over_tasks(one) for one in found])] if rows else []


def _bars(axes: Any, run: Run, rows: list[tuple[str, list[float | None]]]) -> None:
    stages = stages_of(run.results)
    if not stages:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "no held-out results yet", ha="center", color=DAY["muted"])
        return
    thick = 0.78 / len(stages)
    for k, name in enumerate(stages):
        places = [i + (k - (len(stages) - 1) / 2) * thick for i in range(len(rows))]
        values = [values[k] or 0.0 for _, values in rows]
        axes.barh(places, values, height=thick * 0.92, color=DAY[COLOURS[name]], label=COLUMNS[name])
    axes.set(yticks=range(len(rows)), xlim=(0, 1), xlabel="held-out success")
    axes.set_yticklabels([label(name, 32) for name, _ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(stages), fontsize=9.5)


def _curves(axes: Any, run: Run) -> None:
    records = run.stage("grpo")
    arms = keys_of(records, "reward")
    if not arms:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "no GRPO step yet", ha="center", color=DAY["muted"])
        return
    curves = {"mean over the arms": mean_points(records, "reward")}
    if len(arms) <= MOST_CURVES:
        curves = {arm: points(records, "reward", arm) for arm in arms}
    for i, (name, curve) in enumerate(curves.items()):
        if not curve.xs:
            continue
        colour = DAY[series(i)]
        dotted = "--" if i >= 8 else "-"
        marker = "o" if len(curve.xs) == 1 else None
        axes.plot(*thin(curve), color=colour, alpha=0.2 if len(curves) < 4 else 0.08, linewidth=0.8)
        smoothed = thin(Points(curve.xs, smooth(curve.ys)))
        axes.plot(*smoothed, color=colour, linestyle=dotted, linewidth=2, marker=marker, label=label(name, 28))
    axes.set(xlabel="GRPO step", ylabel="mean reward (train)")
    axes.set_ylim(min(0.0, axes.get_ylim()[0]), max(1.0, axes.get_ylim()[1]))
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), fontsize=9.5)  # beside: curves may be anywhere
