"""The page around the parts of a report: one HTML file that asks for nothing from outside."""

from dataclasses import dataclass, field
from importlib.resources import files

from gradarium.trainers.reporting.chart import Chart, svg
from gradarium.trainers.reporting.palette import variables
from gradarium.trainers.reporting.text import escape


@dataclass
class Section:
    """A part of a report: text, charts in cards, and tables or lists below them."""

    name: str
    """Its place in the page."""
    title: str
    intro: str = ""
    """Plain text."""
    charts: list[Chart] = field(default_factory=list)
    above: str = ""
    """HTML before the charts."""
    below: str = ""
    """HTML after them."""
    pair: bool = False
    """Put what is above the charts beside them where there is room."""

    @property
    def empty(self) -> bool:
        """Is there nothing to show?"""
        return not (self.charts or self.above or self.below)


@dataclass(frozen=True)
class Tile:
    """One of the figures at the top."""

    label: str
    value: str
    detail: str = ""
    mood: str = ""
    """``good``, ``bad`` or nothing."""


@dataclass
class Report:
    """All that a page shows."""

    kind: str
    """``training run``, ``evaluation`` or ``comparison``."""
    title: str
    subtitle: str = ""
    status: str = ""
    tiles: list[Tile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is missing and why, in plain text."""
    sections: list[Section] = field(default_factory=list)

    @property
    def charts(self) -> list[Chart]:
        """Every chart, in order."""
        return [chart for section in self.sections for chart in section.charts]


def _data(name: str) -> str:
    return files("gradarium.trainers.reporting").joinpath("data", name).read_text(encoding="utf-8")


def render(report: Report) -> str:
    """Return the whole page."""
    sections = [section for section in report.sections if not section.empty]
    places = "".join(f'<a href="#{s.name}">{escape(s.title)}</a>' for s in sections)
    status = f'<span class="pill">{escape(report.status)}</span>' if report.status else ""
    notes = "".join(f"<li>{escape(note, 600)}</li>" for note in report.notes)
    body = [
        f'<header><p class="kind">gradarium · {escape(report.kind)} {status}</p><h1>{escape(report.title, 200)}</h1>',
        f'<p class="subtitle">{escape(report.subtitle, 600)}</p></header>' if report.subtitle else "</header>",
        f'<div class="tiles">{"".join(map(_tile, report.tiles))}</div>' if report.tiles else "",
        f'<ul class="notes">{notes}</ul>' if notes else "",
        *map(_section, sections),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(report.title, 100)} · gradarium {escape(report.kind)}</title>"
        '<link rel="icon" href="data:,">'  # else a browser asks the server for one
        f"<style>{variables()}{_data('page.css')}</style></head>\n"
        f'<body><nav aria-label="Contents"><b>Contents</b>{places}</nav>\n<main>{"".join(body)}</main>\n'
        f"<script>{_data('page.js')}</script></body></html>\n"
    )


def _tile(tile: Tile) -> str:
    detail = f"<small>{escape(tile.detail, 200)}</small>" if tile.detail else ""
    mood = f" {tile.mood}" if tile.mood else ""
    return f'<div class="tile{mood}"><span>{escape(tile.label)}</span><b>{escape(tile.value, 100)}</b>{detail}</div>'


def _section(section: Section) -> str:
    intro = f'<p class="intro">{escape(section.intro, 2000)}</p>' if section.intro else ""
    cards = "".join(map(card, section.charts))
    grid = f'<div class="cards">{cards}</div>' if cards else ""
    title = f"<h2>{escape(section.title)}</h2>"
    upper = f'<div class="pair">{section.above}{grid}</div>' if section.pair else section.above + grid
    return f'<section id="{section.name}">{title}{intro}{upper}{section.below}</section>\n'


def card(chart: Chart) -> str:
    """Return a chart in its card."""
    entries = "".join(
        f'<li data-key="{escape(entry.key or entry.label)}"><i style="background:var(--{entry.colour})"></i>'
        f"{escape(entry.label, 60)}</li>"
        for entry in chart.legend
    )
    legend = f'<ul class="legend">{entries}</ul>' if entries else ""
    note = f"<p>{escape(chart.note, 600)}</p>" if chart.note else ""
    hints = "".join(map(_hint, chart.hints.splitlines()))
    hints = f"<details><summary>How to read it</summary>{hints}</details>" if hints else ""
    said = f"<figcaption>{note}{hints}</figcaption>" if note or hints else ""
    title = f"<h3>{escape(chart.title, 80)}</h3>"
    return f'<figure class="card" id="{chart.name}">{title}{svg(chart)}{legend}{said}</figure>'


def _hint(line: str) -> str:
    name, _, text = line.partition(": ")
    return f"<p><b>{escape(name)}:</b> {escape(text, 600)}</p>"
