"""Held-out results of a run: success of each arm before and after each stage."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradarium.trainers.means import mean_over_tasks
from gradarium.trainers.reporting.chart import Chart
from gradarium.trainers.reporting.drawing import before_after
from gradarium.trainers.reporting.series import number
from gradarium.trainers.reporting.tables import Cell, change, grid, rate, table

Results = Mapping[str, Sequence[Mapping[str, Any]]]
"""Stage -> one dict for each arm."""

COLUMNS = {
    "start": "untrained",
    "warm_start": "after warm start",
    "rejection": "after rejection fine-tuning",
    "grpo": "after GRPO",
}
COLOURS = {"start": "rest", "warm_start": "s2", "rejection": "s1", "grpo": "accent"}
MOST_ROWS = 48
"""Arms in a chart; with more, tasks are shown."""


def stages_of(results: Results) -> list[str]:
    """Return the evaluations that there are, in order."""
    return [name for name in COLUMNS if results.get(name)]


def by_arm(rows: Iterable[Mapping[str, Any]], field: str = "success") -> dict[tuple[str, int], float]:
    """Return a figure of each (task, level)."""
    return {(str(r["task"]), int(r["level"])): v for r in rows if (v := number(r.get(field))) is not None}


def result_rows(results: Results) -> list[tuple[str, list[float | None]]]:
    """Return (arm, success in each evaluation); the last row is the mean over tasks."""
    found = [by_arm(results[name]) for name in stages_of(results)]
    arms = list(dict.fromkeys(arm for one in found for arm in one))
    rows = [(f"{task} level {level}", [one.get((task, level)) for one in found]) for task, level in arms]
    return [*rows, ("mean over tasks", [mean_over_tasks(one) for one in found])]


def lift(values: Sequence[float | None]) -> float | None:
    """Return the last value minus the one before it."""
    if len(values) < 2 or values[-1] is None or values[-2] is None:
        return None
    return values[-1] - values[-2]


def results_table(results: Results) -> str:
    """Return the before-and-after table as HTML."""
    stages = stages_of(results)
    with_lift = "grpo" in stages and len(stages) > 1
    rows: list[list[Cell | str]] = []
    for label, values in result_rows(results):
        rows.append([label, *(rate(v) for v in values), *([change(lift(values))] if with_lift else [])])
    head = ["task", *(COLUMNS[name] for name in stages), *(["lift by GRPO"] if with_lift else [])]
    return table(head, rows, last_is_mean=True, tall=len(rows) > 20)


def results_grids(results: Results) -> str:
    """Return heat maps task x level: success at the end and the change since the start, with a choice between them."""
    stages = stages_of(results)
    last = by_arm(results[stages[-1]])
    if len({level for _, level in last}) < 2:
        return ""  # the table says it all
    first = by_arm(results[stages[0]])
    gained = {arm: value - first[arm] for arm, value in last.items() if arm in first}
    views = [(COLUMNS[stages[-1]], grid(last))]
    if len(stages) > 1:
        strongest = max((abs(v) for v in gained.values()), default=1.0)
        views += [("change since the start", grid(gained, signed=True, strongest=strongest))]
        views += [(COLUMNS[stages[0]], grid(first))]
    return choice(views)


def choice(views: Sequence[tuple[str, str]]) -> str:
    """Return several views of one thing, HTML each, between which a list chooses; without scripts, all of them."""
    options = "".join(f"<option>{name}</option>" for name, _ in views)
    inner = "".join(f'<div data-view="{name}"><h3>{name}</h3>{view}</div>' for name, view in views)
    select = f'<select class="choice" aria-label="View" hidden>{options}</select>'
    return f'<div class="views"><div class="bar">{select}</div>{inner}</div>'


def results_chart(results: Results) -> Chart:
    """Return a dot for each arm and evaluation; where there are too many arms, for each task."""
    stages = stages_of(results)
    found = [by_arm(results[name]) for name in stages]
    arms = list(dict.fromkeys(arm for one in found for arm in one))  # in the order of the table
    if len(arms) <= MOST_ROWS:
        rows = [f"{task}/{level}" for task, level in arms]
        values = [[one.get(arm) for arm in arms] for one in found]
    else:
        tasks = list(dict.fromkeys(task for task, _ in arms))
        rows = tasks
        values = [
            [mean_over_tasks({arm: v for arm, v in one.items() if arm[0] == task}) for task in tasks] for one in found
        ]
    columns = [(COLUMNS[name], COLOURS[name], row) for name, row in zip(stages, values, strict=True)]
    return before_after("held-out", "Held-out success", rows, columns, axis="success")
