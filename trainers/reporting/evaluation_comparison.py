"""The report on several evaluations: scores side by side, paired differences to the first, settings that differ."""

from collections.abc import Sequence

from gradarium.errors import BadValue, GradariumError
from gradarium.trainers.evaluation.compare import PARTS, compare
from gradarium.trainers.evaluation.compare import differences as settings_apart
from gradarium.trainers.evaluation.results import Row
from gradarium.trainers.evaluation.statistics import powers_of_two
from gradarium.trainers.evaluation.tables import percent
from gradarium.trainers.reporting import palette
from gradarium.trainers.reporting.configuration import differences
from gradarium.trainers.reporting.drawing import Curve, intervals, lines
from gradarium.trainers.reporting.evaluation_page import Evaluated
from gradarium.trainers.reporting.page import Report, Section
from gradarium.trainers.reporting.series import Points
from gradarium.trainers.reporting.tables import Cell, change, table

MOST_ROWS = 240
"""Arms in the table."""


def compare_evaluations(names: Sequence[str], found: Sequence[Evaluated]) -> Report:
    """Return the comparison; differences are to the first evaluation."""
    notes = [f"{name}: {note}" for name, one in zip(names, found, strict=True) for note in one.results.notes]
    changes = [_change(i, names, found, notes) for i in range(1, len(found))]
    sections = [_overview(names, found), *changes, _rows(names, found, notes)]
    sections += [_curves(names, found), _settings(names, found)]
    return Report("comparison", f"{len(found)} evaluations", " · ".join(names), notes=notes, sections=sections)


def _overview(names: Sequence[str], found: Sequence[Evaluated]) -> Section:
    rows: list[list[Cell | str]] = []
    dots = []
    for i, (name, one) in enumerate(zip(names, found, strict=True)):
        suite, samples = one.results.suite, one.evaluation.samples
        success = suite.metrics["success"]
        more = percent(suite.metrics[f"pass@{samples}"], False)
        lost = [percent(suite.metrics[metric], False) for metric in ("missing", "unreadable", "truncated")]
        tokens = f"{suite.tokens.mean:.0f}" if suite.tokens else ""
        state = "finished" if one.results.finished else "unfinished"
        corrected = percent(suite.metrics["corrected"], False)
        scores = [percent(success), corrected, f"{more} (k={samples})"]
        rows.append([name, one.evaluation.model, state, *scores, *lost, tokens])
        if success.instances:
            dots.append((name, success.value, success.low, success.high, palette.series(i)))
    head = ["evaluation", "model", "state", "success", "above chance", "pass@k", "no answer", "unreadable", "cut off"]
    section = Section("overview", "Overview", above=table([*head, "mean tokens"], rows))
    section.intro = "Percent with 95 % intervals. Each interval is of one evaluation, not of a difference."
    if dots:
        section.charts = [intervals("success", "Success, all tasks", dots, axis="success")]
    return section


def _change(i: int, names: Sequence[str], found: Sequence[Evaluated], notes: list[str]) -> Section:
    """Return the paired difference of an evaluation to the first, where both asked the same."""
    section = Section(f"change-{i}", f"{names[i]} against {names[0]}")
    apart = settings_apart(found[0].evaluation, found[i].evaluation)
    try:
        if apart:
            raise BadValue("compare", names[i], "; ".join(apart.values()))
        comparison = compare(found[0].read, found[i].read)
    except GradariumError as error:
        notes.append(f"No paired difference of {names[i]} to {names[0]}: {error}")
        return section
    notes += [f"{names[i]} against {names[0]}: {note}" for note in comparison.notes]
    section.intro = (
        "Paired differences on the same instances, percentage points with 95 % intervals. New and lost: instances that "
        "only one of the two solved in its completions. Capability is gained where the first fails however often it "
        "tries, compression where it is right now and then."
    )
    families = comparison.families if len(comparison.families) > 1 else ()
    changes = [comparison.total, *families, *comparison.tasks]
    rows: list[list[Cell | str]] = []
    dots = []
    for one in changes:
        name = f"family {one.name}" if one.kind == "family" else one.name
        difference = one.difference["success"]
        parts = [percent(one.difference[part]) if part in one.difference else "" for part in PARTS[:2]]
        sign = "up" if difference.low > 0 else "down" if difference.high < 0 else ""
        rows.append([name, Cell(percent(difference), sign), *parts, str(one.new), str(one.lost), f"{one.p_value:.2g}"])
        if difference.instances:
            colour = {"up": "good", "down": "bad"}.get(sign, "muted")
            dots.append((name, difference.value, difference.low, difference.high, colour))
    head = ["task", "success", "capability", "compression", "new", "lost", "p of new = lost"]
    section.above = table(head, rows, tall=len(rows) > 20)
    if dots:
        reach = max(max(abs(low), abs(high)) for _, _, low, high, _ in dots) * 1.05 or 1.0
        chart = intervals(f"change-{i}-success", "Success", dots[:MOST_ROWS], axis="difference", low=-reach, high=reach)
        section.charts = [chart]
        section.pair = True
    return section


def _rows(names: Sequence[str], found: Sequence[Evaluated], notes: list[str]) -> Section:
    section = Section("tasks", "Tasks and levels")
    by_name = [_by_name(one) for one in found]
    every = list(dict.fromkeys(name for rows in by_name for name in rows))
    lines_: list[list[Cell | str]] = []
    for row in every[:MOST_ROWS]:
        values = [_success(rows.get(row)) for rows in by_name]
        cells: list[Cell | str] = ["" if values[0] is None else f"{values[0]:.3f}"]
        for value in values[1:]:
            cells.append("" if value is None else f"{value:.3f}")
            cells.append(change(value - values[0] if value is not None and values[0] is not None else None))
        lines_.append([row, *cells])
    if len(every) > MOST_ROWS:
        notes.append(f"{len(every) - MOST_ROWS} more rows are not in the table.")
    head = ["task", names[0]] + [cell for name in names[1:] for cell in (name, "difference")]
    section.intro = "Success; differences to the first evaluation."
    section.above = table(head, lines_, tall=len(lines_) > 20)
    return section


def _by_name(one: Evaluated) -> dict[str, Row]:
    return {row.name: row for row in (one.results.suite, *one.results.tasks, *one.results.arms)}


def _success(row: Row | None) -> float | None:
    return row.metrics["success"].value if row is not None and row.metrics["success"].instances else None


def _curves(names: Sequence[str], found: Sequence[Evaluated]) -> Section:
    """Return pass@k of all, the whole and each task that more than one has."""
    section = Section("curves", "pass@k")
    if max(one.evaluation.samples for one in found) == 1:
        return section
    tasks = list(dict.fromkeys(row.name for one in found for row in (one.results.suite, *one.results.tasks)))
    for i, task in enumerate(tasks[:60]):
        curves = []
        for j, (name, one) in enumerate(zip(names, found, strict=True)):
            row = _by_name(one).get(task)
            there = [
                (k, e)
                for k in powers_of_two(one.evaluation.samples)
                if row is not None and (e := row.metrics[f"pass@{k}"]).instances
            ]
            points = Points([float(k) for k, _ in there], [e.value for _, e in there])
            band = ([e.low for _, e in there], [e.high for _, e in there])
            curves.append(Curve(name, points, palette.series(j), band=band, key=name))
        if any(curve.points.xs for curve in curves):
            section.charts.append(lines(f"k-{i}", task, curves, low=0, high=1.03, axis="k", points=True, powers=True))
    return section


def _settings(names: Sequence[str], found: Sequence[Evaluated]) -> Section:
    settings = []
    for one in found:
        plain = one.evaluation.to_json()
        arms = plain.pop("arms")
        settings.append({**plain, "instances": sum(arm["count"] for arm in arms), "number of arms": len(arms)})
    return Section("settings", "Settings that differ", above=differences(names, settings))
