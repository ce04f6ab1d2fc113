"""A chart: drawn once, shown as SVG inside a page or saved as PNG."""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradarium.trainers.reporting.palette import DAY, NAME_OF
from gradarium.trainers.reporting.text import escape, label

WIDTH = 320.0
"""Width of a chart in units of its SVG, which are about pixels in a card."""
PLOT = 180.0
"""Height of the plot of most charts, in the same units."""
TEXT = 11.0
"""Size of letters in the same units."""
PNG_SCALE = 2.0
"""Pixels of a PNG for each unit."""


class Entry(NamedTuple):
    """One line of a legend."""

    label: str
    colour: str
    """Name from ``palette``."""
    key: str = ""
    """What it stands for in all charts of the page, such as an arm; empty: the label."""


class Margins(NamedTuple):
    """Room around the plot, in units."""

    left: float = 40
    right: float = 10
    top: float = 10
    bottom: float = 34


_MARGINS = Margins()


@dataclass(frozen=True)
class Chart:
    """What to draw, and what is said about it."""

    name: str
    """Name of its file, and of its place in the page; unique there."""
    title: str
    draw: Callable[[Any], None]
    """Draws onto matplotlib axes; a curve's gid is ``key:`` and what it stands for."""
    legend: tuple[Entry, ...] = ()
    note: str = ""
    """One line: what is shown."""
    hints: str = ""
    """What a healthy one and a bad one look like, each on a line ``Healthy: ...``."""
    height: float = PLOT
    margins: Margins = _MARGINS


@contextmanager
def drawing_style() -> Iterator[None]:
    """Set matplotlib up, whatever its user has set; SVG without dates or random names."""
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")  # the browser has more letters than matplotlib
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "svg.fonttype": "none",
                "svg.hashsalt": "gradarium",
                "text.parse_math": False,  # a name may hold a dollar sign
                "text.usetex": False,
                "path.simplify": False,  # curves are thinned before
                "font.size": TEXT,
                "axes.linewidth": 0.8,
                "axes.unicode_minus": False,
                "axes.edgecolor": DAY["rule"],
                "axes.facecolor": "none",
                "axes.labelcolor": DAY["muted"],
                "axes.labelsize": TEXT,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.spines.left": False,
                "axes.grid": True,
                "axes.grid.axis": "y",
                "axes.axisbelow": True,
                "grid.color": DAY["grid"],
                "grid.linewidth": 0.8,
                "text.color": DAY["ink"],
                "xtick.color": DAY["rule"],
                "ytick.color": DAY["rule"],
                "xtick.labelcolor": DAY["muted"],
                "ytick.labelcolor": DAY["muted"],
                "xtick.labelsize": TEXT,
                "ytick.labelsize": TEXT,
                "xtick.major.size": 0,
                "ytick.major.size": 0,
                "xtick.minor.size": 0,
                "ytick.minor.size": 0,
                "lines.linewidth": 1.6,
                "lines.solid_capstyle": "round",
                "lines.solid_joinstyle": "round",
            }
        )
        yield


def _figure(chart: Chart, head: float = 0) -> Any:
    """Return a figure of the chart with ``head`` units left free above it."""
    from matplotlib.figure import Figure

    height = chart.height + head
    figure = Figure(figsize=(WIDTH / 72, height / 72))
    m = chart.margins
    wide, tall = WIDTH - m.left - m.right, chart.height - m.top - m.bottom
    axes = figure.add_axes((m.left / WIDTH, m.bottom / height, wide / WIDTH, tall / height))
    chart.draw(axes)
    return figure


_NEEDLESS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\s*font-family: [^;\"]*;",
        r" transform=\"rotate\(0 [^\"]*\"",
        r"<path d=\"[^\"]*\"[^>]* style=\"fill: none\"/>\s*",
        r"<g/>\s*",
        r"(?<=>)\s*\n\s*(?=<)",
    )
)
"""Parts of matplotlib's SVG that change nothing: fonts (the page has its own), turns by nothing, empty shapes."""


def svg(chart: Chart) -> str:
    """Return the chart as an SVG element for HTML, in the colours of the page; equal charts give equal text."""
    with drawing_style():
        figure = _figure(chart)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.S)
    # HTML needs no namespaces; ids would meet those of other charts
    text = text.replace("xlink:href", "href")
    text = re.sub(r'<g id="([^"]*)"', _group, text)
    text = re.sub(r"<style.*?</style>\s*", "", text, flags=re.S)  # the page has its rules
    text = re.sub(r'(?<= id=")(?=[^"]+")|(?<=url\(#)|(?<= href="#)', f"{chart.name}-", text)
    text = re.sub(r'(?<= (?:d|x|y)=")[^"]*|(?<= transform=")[^"]*', _shorter, text)
    text = re.sub(r'(?<= style=")[^"]*', _themed, text)
    for needless in _NEEDLESS:
        text = needless.sub("", text)
    head = f'<svg class="chart" viewBox="0 0 {WIDTH:g} {chart.height:g}" role="img" aria-label="{escape(chart.title)}">'
    return head + text[text.index(">") + 1 :].strip()


def _themed(style: re.Match[str]) -> str:
    """Put the variables of the page in the place of colours."""
    return re.sub(r"#[0-9a-f]{6}\b", lambda c: f"var(--{NAME_OF[c[0]]})" if c[0] in NAME_OF else c[0], style[0])


def _group(found: re.Match[str]) -> str:
    key = found[1].removeprefix("key:")
    return f'<g class="curve" data-key="{key}"' if key != found[1] else "<g"


def _shorter(found: re.Match[str]) -> str:
    """Round the numbers of a path to a tenth of a unit."""
    text = re.sub(r"-?\d+\.\d+", lambda n: f"{float(n[0]):.1f}".removesuffix(".0"), found[0])
    return re.sub(r"\s*\n\s*", "", text).replace("-0 ", "0 ").strip()


def png(chart: Chart) -> bytes:
    """Return the chart with its title and legend as a PNG."""
    with drawing_style():
        rows = _rows(chart.legend)
        figure = _figure(chart, head=26 + 15 * len(rows))
        height = figure.get_figheight() * 72
        figure.set_facecolor(DAY["card"])
        figure.text(10 / WIDTH, 1 - 17 / height, label(chart.title, 52), fontsize=12.5, weight="bold")
        for i, row in enumerate(rows):
            for x, entry in row:
                y = 1 - (34 + 15 * i) / height
                figure.text(x / WIDTH, y, "●", color=DAY[entry.colour], fontsize=9)
                figure.text((x + 10) / WIDTH, y, label(entry.label, 40), fontsize=9.5, color=DAY["muted"])
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=72 * PNG_SCALE, metadata={"Software": None})
    return out.getvalue()


def _rows(legend: tuple[Entry, ...]) -> list[list[tuple[float, Entry]]]:
    """Return the lines of a legend, each entry with the place where it begins."""
    rows: list[list[tuple[float, Entry]]] = []
    x = WIDTH
    for entry in legend:
        width = 22 + 5.4 * len(label(entry.label, 40))
        if x + width > WIDTH - 8:
            rows.append([])
            x = 10.0
        rows[-1].append((x, entry))
        x += width
    return rows
