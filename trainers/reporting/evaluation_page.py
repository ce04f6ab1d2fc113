"""The report of an evaluation; all numbers are those of ``trainers/evaluation/results.py``."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile, BadValue, GradariumError
from gradarium.trainers.data import Arm
from gradarium.trainers.evaluation.replies import FAILED
from gradarium.trainers.evaluation.results import Read, Results, Row, results_of, sort_lines
from gradarium.trainers.evaluation.settings import Evaluation, read_evaluation
from gradarium.trainers.evaluation.statistics import Estimate, powers_of_two
from gradarium.trainers.evaluation.store import COMPLETIONS, SETTINGS, key_of, read_completions
from gradarium.trainers.evaluation.tables import percent
from gradarium.trainers.reporting.chart import Chart
from gradarium.trainers.reporting.configuration import settings_table
from gradarium.trainers.reporting.drawing import Curve, bars, columns, intervals, lines
from gradarium.trainers.reporting.held_out import choice
from gradarium.trainers.reporting.page import Report, Section, Tile
from gradarium.trainers.reporting.samples import Sample, browser, spread
from gradarium.trainers.reporting.series import Points
from gradarium.trainers.reporting.tables import Cell, grid, table
from gradarium.trainers.reporting.text import short

CURVES = (("pass@", "pass@k", "s0"), ("maj@", "maj@k", "s2"), ("pass^", "pass^k", "s1"))
"""Prefix of the metrics of a curve over k, its label, its colour."""
STATUSES = (
    ("correct", "good"),
    ("partial", "s2"),
    ("wrong", "s1"),
    ("unreadable", "s5"),
    ("missing", "rest"),
    ("timeout", "ink"),
    ("error", "l3"),
)
MOST_TASKS = 60
"""Charts of single tasks."""
MOST_ROWS = 120
"""Rows of a chart."""
MOST_POSED = 150
"""Samples; the question of each is posed anew."""
BINS = 24
"""Columns of the histogram of lengths."""


@dataclass(frozen=True)
class Evaluated:
    """The folder of an evaluation and its results."""

    name: str
    evaluation: Evaluation
    lines: list[dict[str, Any]]
    """Completions that could be had, in order of task, level, instance and sample."""
    read: Read
    results: Results


def read_evaluated(folder: Path) -> Evaluated:
    """Read an evaluation, finished or not; raises BadFile."""
    evaluation = read_evaluation(folder / SETTINGS)
    rows = read_completions(folder / COMPLETIONS)
    try:
        read = sort_lines(evaluation, rows)
    except BadValue as error:
        raise BadFile(folder / COMPLETIONS, str(error)) from None
    there = {key_of(line): line for line in reversed(rows) if line["finish"] != FAILED}  # the first one counts
    return Evaluated(folder.resolve().name, evaluation, [there[key] for key in sorted(there)], read, results_of(read))


def evaluation_report(found: Evaluated) -> Report:
    """Return all there is to show of an evaluation."""
    evaluation, results = found.evaluation, found.results
    version = f"@{evaluation.suite_version}" if evaluation.suite_version else ""
    about = (
        f"{evaluation.model} on {evaluation.suite}{version}, {evaluation.split} split · "
        f"{results.suite.instances:,} of {results.suite.expected:,} instances x {evaluation.samples} completions, "
        f"temperature {evaluation.temperature:g}, at most {evaluation.max_new_tokens} tokens"
    )
    return Report(
        "evaluation",
        found.name,
        about,
        "finished" if results.finished else "unfinished",
        tiles(results),
        list(results.notes),
        [_scores(results), _grids(results), _curves(results), _answers(found), _samples(found), _settings(evaluation)],
    )


def interval(estimate: Estimate) -> str:
    """Return the interval in percent."""
    return "" if math.isnan(estimate.value) else f"95 % interval {100 * estimate.low:.1f} to {100 * estimate.high:.1f}"


def tiles(results: Results) -> list[Tile]:
    """Return the headline figures."""
    suite, samples = results.suite, results.evaluation.samples
    metrics = suite.metrics
    names = [("success", "Success"), ("corrected", "Above chance")]
    if samples > 1:
        names += [(f"{kind}{samples}", f"{kind}{samples}") for kind in ("pass@", "maj@", "pass^")]
    found = [Tile(title, _unit(metrics[name]), interval(metrics[name])) for name, title in names]
    for name, title in (("missing", "No answer"), ("unreadable", "Unreadable"), ("truncated", "Cut off")):
        value = metrics[name].value
        found.append(Tile(title, _unit(metrics[name]), "of the completions", "bad" if value > 0.05 else ""))
    if suite.tokens is not None:
        t = suite.tokens
        found.append(Tile("Tokens", short(t.mean), f"mean; median {t.median:.0f}, 95 % below {t.p95:.0f}"))
    if suite.not_judged:
        found.append(Tile("Not judged", f"{suite.not_judged:,}", "the suite failed; in no score", "bad"))
    return found


def _unit(estimate: Estimate) -> str:
    text = percent(estimate, False)
    return text if math.isnan(estimate.value) else f"{text} %"


def _scores(results: Results) -> Section:
    """Success with intervals of families, tasks and the whole."""
    section = Section("scores", "Scores", pair=True)
    section.intro = (
        "Percent with 95 % intervals from a bootstrap over instances. The mean over all tasks is that of their means "
        "over levels. 'Above chance' is 0 for the best constant answer and 100 for all right."
    )
    samples = results.evaluation.samples
    extra = [f"pass@{samples}", f"maj@{samples}", f"pass^{samples}"] if samples > 1 else []
    groups = [*(results.families if len(results.families) > 1 else ()), *results.tasks]
    rows: list[list[Cell | str]] = []
    for row in [*groups, results.suite]:
        figures = [percent(row.metrics["success"]), percent(row.metrics["corrected"], False)]
        figures += [percent(row.metrics[name], False) for name in extra]
        name = row.name if row.task or not row.family else f"family {row.family}"
        rows.append([name, f"{row.instances:,}/{row.expected:,}", *figures])
    head = ["task", "instances", "success", "above chance", *extra]
    section.above = table(head, rows, last_is_mean=True, tall=len(rows) > 20)
    shown = [row for row in [*groups, results.suite] if row.metrics["success"].instances][:MOST_ROWS]
    if shown:
        section.charts = [intervals("success", "Success", [_interval_row(row) for row in shown], axis="success")]
    return section


def _interval_row(row: Row) -> tuple[str, float, float, float, str]:
    estimate = row.metrics["success"]
    colour = "s0" if row.task else "s2" if row.family else "ink"
    name = row.name if row.task or not row.family else f"family {row.family}"
    return name, estimate.value, estimate.low, estimate.high, colour


def _grids(results: Results) -> Section:
    """Return heat maps task x level with a choice of the metric."""
    section = Section("levels", "Tasks and levels")
    samples = results.evaluation.samples
    metrics = [("success", "success"), ("corrected", "above chance")]
    if samples > 1:
        metrics += [(f"pass@{samples}", f"pass@{samples}"), (f"maj@{samples}", f"maj@{samples}")]
    metrics += [("missing", "no answer"), ("unreadable", "unreadable"), ("truncated", "cut off")]
    views = []
    for name, title in metrics:
        values = {
            (row.task, row.level): row.metrics[name].value
            for row in results.arms
            if row.level is not None and row.metrics[name].instances
        }
        if values:
            views.append((title, grid(values)))
    if views:
        section.intro = (
            "Mean over the instances of each level, 1 is all; the stronger the colour, the larger the value."
        )
        section.above = choice(views)
    return section


def _curves(results: Results) -> Section:
    """Return pass@k, maj@k and pass^k of the whole and of each task."""
    section = Section("curves", "More than one try")
    if results.evaluation.samples == 1:
        return section
    section.intro = (
        "pass@k: at least one of k completions is right; maj@k: the answer that most of them give is right; "
        "pass^k: all of them are right. A wide gap between pass@k and pass@1 is what training can still make surer."
    )
    rows = [("k-all", "All tasks", results.suite)]
    if len(results.tasks) > 1:
        rows += [(f"k-{i}", row.task, row) for i, row in enumerate(results.tasks[:MOST_TASKS])]
    section.charts = [k_curves(*row, results.evaluation.samples) for row in rows if _metric(row[2], "pass@", 1)]
    return section


def k_curves(name: str, title: str, row: Row, samples: int) -> Chart:
    """Return pass@k, maj@k and pass^k of a row with their intervals."""
    curves = []
    for prefix, label, colour in CURVES:
        found = [(k, e) for k in powers_of_two(samples) if (e := _metric(row, prefix, k)) is not None]
        points = Points([float(k) for k, _ in found], [e.value for _, e in found])
        band = ([e.low for _, e in found], [e.high for _, e in found])
        curves.append(Curve(label, points, colour, band=band))
    return lines(name, title, curves, low=0, high=1.03, axis="k", points=True, powers=True)


def _metric(row: Row, prefix: str, k: int) -> Estimate | None:
    """Return a metric at k, None where nothing is known; with one try all three are success at full marks."""
    found = row.metrics.get(f"{prefix}{k}") if k > 1 else row.metrics.get("pass@1")
    return found if found is not None and found.instances and not math.isnan(found.value) else None


def _answers(found: Evaluated) -> Section:
    """Return verdicts of each task, and lengths."""
    section = Section("answers", "Answers and lengths")
    counts: dict[str, Counter[str]] = {}
    for line in found.lines:
        counts.setdefault(line["task"], Counter())[line["status"]] += 1
    tokens = [line["tokens"] for line in found.lines if line["tokens"] is not None]
    if not counts:
        return section
    section.charts = [_verdicts(counts)]
    limit = found.evaluation.max_new_tokens
    if tokens:
        edges, heights = _histogram(tokens, limit)
        note = f"Completions by their length; at {limit} they are cut off. Known for {len(tokens):,} completions."
        hints = "Bad: a high last column; raise --max-new-tokens, for what is cut off mostly counts as wrong."
        section.charts.append(
            columns("lengths", "Length in tokens", edges, heights, axis="tokens", note=note, hints=hints)
        )
        means = [(row.task, row.tokens.mean) for row in found.results.tasks if row.tokens is not None][:MOST_ROWS]
        parts = [("mean", "s0", [mean for _, mean in means])]
        section.charts.append(bars("length-tasks", "Mean length", [name for name, _ in means], parts, axis="tokens"))
    rows: list[list[Cell | str]] = []
    for row in [*found.results.tasks, found.results.suite]:
        t = row.tokens
        shares = [percent(row.metrics[name], False) for name in ("missing", "unreadable", "truncated")]
        lengths = [f"{t.mean:.0f}", f"{t.median:.0f}", f"{t.p95:.0f}", f"{t.total:,}"] if t else ["", "", "", ""]
        rows.append([row.name, *shares, f"{row.not_judged:,}", *lengths])
    head = ["task", "no answer", "unreadable", "cut off", "not judged", "mean tokens", "median", "95 % below", "sum"]
    section.below = table(head, rows, last_is_mean=True, tall=len(rows) > 20)
    return section


def _verdicts(counts: Mapping[str, Counter[str]]) -> Chart:
    tasks = list(counts)[:MOST_ROWS]
    known = [name for name, _ in STATUSES]
    strange = sorted({status for found in counts.values() for status in found} - set(known))
    parts = []
    for status, colour in [*STATUSES, *((name, "s6") for name in strange)]:
        values = [counts[task][status] / counts[task].total() for task in tasks]
        if any(values):
            parts.append((status, colour, values))
    note = "Share of the completions of each task by their verdict."
    hints = "Bad: much unreadable or missing; the model does not keep the answer format, whatever it knows."
    return bars("verdicts", "Verdicts", tasks, parts, axis="share", high=1.0, note=note, hints=hints)


def _histogram(tokens: Sequence[int], limit: int) -> tuple[list[float], list[float]]:
    """Return edges and counts; the last column ends at the longest completion."""
    most = max(0, *tokens)
    width = max(1, -(-min(most, max(limit, 1)) // BINS))
    number = most // width + 1
    heights = [0.0] * min(number, 4 * BINS)
    for count in tokens:
        heights[min(max(count, 0) // width, len(heights) - 1)] += 1
    return [float(i * width) for i in range(len(heights) + 1)], heights


def _samples(found: Evaluated) -> Section:
    section = Section("samples", "Samples")
    chosen = spread(found.lines, lambda s: f"{s['task']}/{s['level']}", lambda s: s["status"], MOST_POSED)
    samples = []
    for line in chosen:
        arm = Arm(line["task"], line["level"])
        texts = [("question", _question(found, arm, line["index"])), ("completion", line["text"])]
        if line["answer"] is not None:
            texts.append(("answer that was read", line["answer"]))
        length = f", {line['tokens']} tokens" if line["tokens"] is not None else ""
        cut = ", cut off" if line["finish"] == "length" else ""
        place = f"instance {line['index']}, sample {line['sample']}{length}{cut}"
        samples.append(Sample(str(arm), line["status"], line["reason"], place, tuple(texts)))
    section.below = browser(samples, len(found.lines))
    return section


def _question(found: Evaluated, arm: Arm, index: int) -> str:
    """Return the question of an instance, posed anew; where that cannot be done, why."""
    plan = found.read.planned()[arm]
    try:
        instance = found.evaluation.pose(plan, index)
    except GradariumError as error:
        return f"(cannot be posed here: {error})"
    if instance.version != plan.version:
        return f"(the task is version {instance.version} here, version {plan.version} was asked)"
    return instance.question


def _settings(evaluation: Evaluation) -> Section:
    return Section("settings", "Settings", below=settings_table(evaluation.to_json()))
