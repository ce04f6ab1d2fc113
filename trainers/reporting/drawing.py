"""The kinds of charts that reports use."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradarium.trainers.reporting.chart import PLOT, Chart, Entry, Margins
from gradarium.trainers.reporting.palette import DAY
from gradarium.trainers.reporting.series import Points, binned, smooth, thin
from gradarium.trainers.reporting.text import label, short

ROW = 17.0
"""Height of one row of a bar chart or heat map, in units."""
NAMES = 124.0
"""Room for the names of rows, in units."""
DASH = 5.0
"""Length of the dashes of lines that lie on each other, in widths of a line."""
PALEST = 0.07
"""How strong the colour of the lowest value of a heat map is, so that it does not look like no value."""
BINS = 120
"""Most columns of a heat map and of stacked areas."""


@dataclass(frozen=True)
class Curve:
    """One line of a chart."""

    label: str
    points: Points
    colour: str
    """Name from ``palette``."""
    smoothed: bool = False
    """Draw a smooth line, and the values themselves faintly."""
    key: str = ""
    band: tuple[Sequence[float], Sequence[float]] | None = None
    """Lower and upper ends of an interval at each point."""

    @property
    def entry(self) -> Entry:
        """Its place in a legend."""
        return Entry(self.label, self.colour, _key(self.key or self.label))


def lines(
    name: str,
    title: str,
    curves: Sequence[Curve],
    *,
    low: float | None = None,
    high: float | None = None,
    marks: Sequence[tuple[float, str]] = (),
    axis: str = "step",
    note: str = "",
    hints: str = "",
    legend: bool = True,
    points: bool = False,
    powers: bool = False,
) -> Chart:
    """Return a chart of curves over steps.

    Args:
        name: Name of the chart.
        title: What stands above it.
        curves: The lines; those without points are left out of the drawing and of the legend.
        low: Lower end of the vertical axis; None: from the data.
        high: Upper end, in the same way.
        marks: Places on the horizontal axis that get a vertical line, each with the name of its colour.
        axis: What the horizontal axis counts.
        note: One line: what is shown.
        hints: What a healthy one and a bad one look like.
        legend: Say what the lines stand for, unless there is only one.
        points: Mark each point, for curves with few of them.
        powers: The horizontal axis goes in powers of two and has its ticks at the points.
    """
    shown = [curve for curve in curves if curve.points.xs]

    def draw(axes: Any) -> None:
        for x, colour in marks:
            axes.axvline(x, color=DAY[colour], linewidth=1, linestyle=(0, (2, 2)))
        for curve in shown:
            values = thin(curve.points)
            colour = DAY[curve.colour]
            if curve.band is not None:
                axes.fill_between(curve.points.xs, *curve.band, color=colour, alpha=0.14, linewidth=0)
            few = len(values.xs) == 1 or points
            if curve.smoothed and len(values.xs) > 2:
                axes.plot(*values, color=colour, linewidth=0.8, alpha=0.34 if len(shown) < 3 else 0.2)
                values = thin(Points(curve.points.xs, smooth(curve.points.ys)))
            same = [other for other in shown if other.points == curve.points]
            style = _turn(same.index(curve), len(same))
            (line,) = axes.plot(*values, color=colour, linestyle=style, marker="o" if few else None, markersize=3.2)
            line.set_gid(f"key:{curve.entry.key}")
        _number_axes(axes, axis, [y for c in shown for y in c.points.ys], low, high)
        if powers:
            _power_axis(axes, sorted({x for c in shown for x in c.points.xs}))

    entries = tuple(c.entry for c in shown) if legend and len(shown) > 1 else ()
    return Chart(name, title, draw, entries, note, hints)


def _turn(i: int, number: int) -> Any:
    """Return the style of the i-th of several lines that lie on each other: dashes, so that each is seen in turn."""
    return (DASH * i, (DASH, DASH * (number - 1))) if number > 1 else "-"


def stacked(
    name: str, title: str, layers: Sequence[Curve], *, high: float | None = None, note: str = "", hints: str = ""
) -> Chart:
    """Return areas on top of each other; a layer without a value keeps its last one."""
    layers = [layer for layer in layers if layer.points.xs]

    def draw(axes: Any) -> None:
        first, last = _span(layers)
        bins = min(BINS, int(last - first) + 1)
        xs = [first + (last - first) * i / max(1, bins - 1) for i in range(bins)]
        below = [0.0] * bins
        for layer in layers:
            values = [0.0 if math.isnan(v) else v for v in binned(layer.points, first, last, bins)]
            top = [b + v for b, v in zip(below, values, strict=True)]
            area = {"color": DAY[layer.colour], "alpha": 0.85, "linewidth": 0}
            if bins == 1:  # an area needs a width
                drawn = axes.fill_between([first - 0.3, first + 0.3], below * 2, top * 2, **area)
            else:
                drawn = axes.fill_between(xs, below, top, **area)
            drawn.set_gid(f"key:{layer.entry.key}")
            below = top
        _number_axes(axes, "step", [0.0, *below], 0.0, high)

    return Chart(name, title, draw, tuple(c.entry for c in layers), note, hints)


def heat_over_steps(
    name: str, title: str, rows: Sequence[Curve], *, high: float | None = None, note: str = "", hints: str = ""
) -> Chart:
    """Return a row for each curve, the darker the larger its value.

    ``high`` is the darkest, None: the largest value; the palest is 0, or the lowest value where that is below 0. What
    has no value has no colour.
    """
    rows = [row for row in rows if row.points.xs]
    first, last = _span(rows)
    bins = min(BINS, int(last - first) + 1)
    values = [binned(row.points, first, last, bins) for row in rows]
    there = [v for row in values for v in row if not math.isnan(v)]
    low = min(0.0, *there)
    high = max(there) if high is None else high

    def draw(axes: Any) -> None:
        import numpy as np
        from matplotlib.colors import to_rgb

        image = np.zeros((len(rows), bins, 4))
        image[..., :3] = to_rgb(DAY["s0"])
        strength = np.clip((np.array(values) - low) / ((high - low) or 1.0), 0, 1)
        image[..., 3] = np.nan_to_num(PALEST + (1 - PALEST) * strength)  # see-through: fit for light and dark
        edges = (first - 0.5, last + 0.5, len(rows) - 0.5, -0.5)
        axes.imshow((image * 255).round().astype(np.uint8), aspect="auto", extent=edges, interpolation="nearest")
        _row_names(axes, [row.label for row in rows])
        _step_axis(axes, "step", first, last)

    empty = ", no colour nothing yet" if len(there) < bins * len(rows) else ""
    said = f"{note} Palest is {short(low)}, full colour {short(high)}{empty}.".strip()
    return Chart(name, title, draw, (), said, hints, _height(len(rows)), Margins(left=NAMES))


def bars(
    name: str,
    title: str,
    rows: Sequence[str],
    parts: Sequence[tuple[str, str, Sequence[float]]],
    *,
    axis: str = "",
    high: float | None = None,
    note: str = "",
    hints: str = "",
) -> Chart:
    """Return stacked bars from left to right; ``parts`` are (label, colour, one value for each row)."""

    def draw(axes: Any) -> None:
        left = [0.0] * len(rows)
        for part, colour, values in parts:
            drawn = axes.barh(range(len(rows)), values, left=left, height=0.66, color=DAY[colour], linewidth=0)
            for patch in drawn:
                patch.set_gid(f"key:{_key(part)}")
            left = [a + b for a, b in zip(left, values, strict=True)]
        _row_names(axes, rows)
        _value_axis(axes, axis, high if high is not None else max(left, default=0.0) * 1.04 or 1.0)

    entries = tuple(Entry(part, colour, _key(part)) for part, colour, _ in parts) if len(parts) > 1 else ()
    return Chart(name, title, draw, entries, note, hints, _height(len(rows)), Margins(left=NAMES, right=14))


def before_after(
    name: str,
    title: str,
    rows: Sequence[str],
    stages: Sequence[tuple[str, str, Sequence[float | None]]],
    *,
    axis: str,
    note: str = "",
) -> Chart:
    """Return a dot for each stage of a row, joined by a line; ``stages`` are (label, colour, values in 0 to 1)."""

    def draw(axes: Any) -> None:
        for y in range(len(rows)):
            there = [v for _, _, values in stages if (v := values[y]) is not None]
            if len(there) > 1:
                axes.plot([min(there), max(there)], [y, y], color=DAY["rule"], linewidth=3)
        size = 5.4 + 1.8 * (len(stages) - 1)
        for stage, colour, values in stages:
            dots = [(v, y) for y, v in enumerate(values) if v is not None]
            xs, ys = [v for v, _ in dots], [y for _, y in dots]
            # smaller and smaller, so that a later one never hides an earlier one
            (drawn,) = axes.plot(xs, ys, "o", color=DAY[colour], markersize=size, clip_on=False)
            drawn.set_gid(f"key:{_key(stage)}")
            size -= 1.8
        _row_names(axes, rows)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        _value_axis(axes, axis, 1.0, -0.03)

    entries = tuple(Entry(stage, colour, _key(stage)) for stage, colour, _ in stages)
    return Chart(name, title, draw, entries, note, "", _height(len(rows)), Margins(left=NAMES, right=14))


def intervals(
    name: str,
    title: str,
    rows: Sequence[tuple[str, float, float, float, str]],
    *,
    axis: str,
    low: float = 0.0,
    high: float = 1.0,
    note: str = "",
) -> Chart:
    """Return a dot with its interval for each row: (label, value, lower end, upper end, colour)."""

    def draw(axes: Any) -> None:
        for y, (_, value, lower, upper, colour) in enumerate(rows):
            axes.plot([lower, upper], [y, y], color=DAY[colour], linewidth=2.4, alpha=0.45)
            axes.plot([value], [y], "o", color=DAY[colour], markersize=6, clip_on=False)
        _row_names(axes, [row[0] for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        _value_axis(axes, axis, high, low - 0.03 * (high - low))

    return Chart(name, title, draw, (), note, "", _height(len(rows)), Margins(left=NAMES, right=14))


def columns(
    name: str,
    title: str,
    edges: Sequence[float],
    counts: Sequence[float],
    *,
    axis: str,
    note: str = "",
    hints: str = "",
) -> Chart:
    """Return a histogram: ``counts[i]`` lies between ``edges[i]`` and ``edges[i + 1]``."""

    def draw(axes: Any) -> None:
        widths = [b - a for a, b in pairwise(edges)]
        axes.bar(edges[:-1], counts, widths, align="edge", color=DAY["s0"], linewidth=0.6, edgecolor=DAY["card"])
        _number_axes(axes, axis, [0.0, *counts], 0.0, None)

    return Chart(name, title, draw, (), note, hints)


def timeline(name: str, title: str, rows: Sequence[tuple[str, Sequence[float]]], last: float, note: str = "") -> Chart:
    """Return a row for each kind of event with a mark at every step at which it came."""

    def draw(axes: Any) -> None:
        for y, (_, steps) in enumerate(rows):
            axes.plot(list(steps), [y] * len(steps), "|", color=DAY["bad"], markersize=11, markeredgewidth=2)
        _row_names(axes, [row for row, _ in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        _step_axis(axes, "step", 1, max(last, 2))

    return Chart(name, title, draw, (), note, "", _height(len(rows)), Margins(left=NAMES))


def _key(name: str) -> str:
    """Return what a thing is called inside a page."""
    return label(name, 60)


def _span(curves: Sequence[Curve]) -> tuple[float, float]:
    return min(c.points.xs[0] for c in curves), max(c.points.xs[-1] for c in curves)


def _height(rows: int) -> float:
    return max(PLOT / 2, ROW * rows + 46)


def _number_axes(axes: Any, axis: str, values: Sequence[float], low: float | None, high: float | None) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    least, most = min(values, default=0.0), max(values, default=1.0)
    # what hardly moves is drawn as a flat line, not as noise in its last digits
    room = max(0.06 * (most - least), 0.02 * max(abs(least), abs(most))) or 1.0
    high = most + room if high is None else high
    if low is None:
        low = least - room
        if least >= 0 > low:  # a line at 0 stands clear of the edge
            low = -0.03 * high if least < room else 0.0
    axes.set_ylim(low, high if high > low else low + 1)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: short(v)))
    axes.tick_params(axis="y", pad=4)
    first, last = axes.dataLim.x0, axes.dataLim.x1
    if math.isfinite(first) and math.isfinite(last):
        _step_axis(axes, axis, first, last)


def _step_axis(axes: Any, axis: str, first: float, last: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    room = 0.015 * (last - first) or 0.5
    axes.set_xlim(first - room, last + room)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: short(v)))
    axes.set_xlabel(axis, loc="right", labelpad=2)
    axes.tick_params(axis="x", pad=4)


def _power_axis(axes: Any, places: Sequence[float]) -> None:
    from matplotlib.ticker import NullLocator

    axes.set_xscale("log", base=2)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(places, [short(place) for place in places])
    axes.set_xlim(places[0] / 1.08, places[-1] * 1.08)


def _value_axis(axes: Any, axis: str, high: float, low: float = 0.0) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(low, high)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: short(v)))
    axes.set_xlabel(axis, loc="right", labelpad=2)


def _row_names(axes: Any, rows: Sequence[str]) -> None:
    axes.set_yticks(range(len(rows)), [label(row, 20) for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
