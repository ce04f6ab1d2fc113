"""The report of a run: one HTML file with its plots inside, readable offline; the summary plot also as PNG."""

import html
import io
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gradarium.trainers.checkpoint import STAGES
from gradarium.trainers.evaluate import ArmResult, mean_success
from gradarium.trainers.records import read_lines, write_text

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2733}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid #d5dde5}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;text-align:right;border-bottom:1px solid #e5eaef}
td:first-child,th:first-child{text-align:left}tr.mean{font-weight:600;background:#f3f6f9}
svg{max-width:100%;height:auto}pre{background:#f3f6f9;padding:.6rem;overflow-x:auto;white-space:pre-wrap;margin:.3rem 0}
.ok{color:#0a7d32}.bad{color:#b3261e}details{margin:.3rem 0}.scroll{overflow-x:auto}
"""


def write_report(folder: Path, results: dict[str, list[ArmResult]]) -> Path:
    """Write ``report.html`` and ``report.png`` into the folder of a run; return the path of the page."""
    metrics = read_lines(folder / "metrics.jsonl")
    samples = read_lines(folder / "samples.jsonl")
    config = (folder / "config.json").read_text(encoding="utf-8")
    grpo = [r for r in metrics if r["stage"] == "grpo"]
    warm = [r for r in metrics if r["stage"] == "warm_start"]
    body = ["<h1>gradarium run</h1>", f"<p>{html.escape(str(folder))}</p>", "<h2>Held-out success (test split)</h2>"]
    body.append(results_table(results))
    if grpo:
        body += ["<h2>Reward of each task during GRPO</h2>", _svg(partial(_rewards, grpo=grpo))]
        for title, names in (
            ("Entropy and mismatch", ["entropy", "mismatch_k3"]),
            ("Gradient norm and groups with a signal", ["grad_norm", "groups_useful"]),
            ("Tokens a second", ["tokens_per_second"]),
        ):
            body += [f"<h2>{title}</h2>", _svg(partial(_lines, records=grpo, names=names))]
    if warm:
        body += ["<h2>Warm start: loss on reference answers</h2>", _svg(partial(_lines, records=warm, names=["loss"]))]
    body += ["<h2>Samples</h2>", _samples(samples)]
    body += [
        "<h2>Configuration</h2>",
        f"<details><summary>config.json</summary><pre>{html.escape(config)}</pre></details>",
    ]
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>gradarium run</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{''.join(body)}</body></html>"
    )
    path = folder / "report.html"
    write_text(path, page)
    _summary(results, grpo, folder / "report.png")
    return path


COLUMNS = {
    "start": "untrained",
    "warm_start": "after warm start",
    "rejection": "after rejection fine-tuning",
    "grpo": "after GRPO",
}


def result_rows(results: dict[str, list[ArmResult]]) -> list[tuple[str, list[float]]]:
    """Return (arm, success in each evaluation); the last row is the mean over tasks."""
    stages = [name for name in COLUMNS if name in results]
    rows = [
        (f"{first.task} level {first.level}", [results[name][i].success for name in stages])
        for i, first in enumerate(results[stages[0]])
    ]
    return [*rows, ("mean over tasks", [mean_success(results[name]) for name in stages])]


def results_table(results: dict[str, list[ArmResult]]) -> str:
    """Return the before-and-after table as HTML."""
    stages = [name for name in COLUMNS if name in results]
    head = "".join(f"<th>{COLUMNS[name]}</th>" for name in stages)
    lift = "grpo" in results and len(stages) > 1
    lines = []
    rows = result_rows(results)
    for label, values in rows:
        cells = "".join(f"<td>{value:.3f}</td>" for value in values)
        gain = f"<td>{values[-1] - values[-2]:+.3f}</td>" if lift else ""
        kind = ' class="mean"' if label == rows[-1][0] else ""
        lines.append(f"<tr{kind}><td>{html.escape(label)}</td>{cells}{gain}</tr>")
    end = "<th>lift by GRPO</th>" if lift else ""
    return f'<div class="scroll"><table><tr><th>task</th>{head}{end}</tr>{"".join(lines)}</table></div>'


def _smooth(values: Sequence[float], weight: float = 0.9) -> list[float]:
    """Return the exponential moving average, corrected for its start."""
    smooth, total, mass = [], 0.0, 0.0
    for value in values:
        total, mass = weight * total + value, weight * mass + 1
        smooth.append(total / mass)
    return smooth


def _rewards(axes: Any, grpo: Sequence[dict[str, Any]]) -> None:
    for arm in sorted({arm for r in grpo for arm in r["reward"]}):
        points = [(r["step"], r["reward"][arm]) for r in grpo if arm in r["reward"]]
        steps, values = [p[0] for p in points], [p[1] for p in points]
        (line,) = axes.plot(steps, _smooth(values), label=arm, linewidth=2)
        axes.plot(steps, values, color=line.get_color(), alpha=0.2, linewidth=0.8)
    axes.set(xlabel="GRPO step", ylabel="mean reward (train)", ylim=(0, 1))
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)  # beside: curves may be anywhere


def _lines(axes: Any, records: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    for i, name in enumerate(names):
        target = axes if i == 0 else axes.twinx()
        points = [(r["step"], r[name]) for r in records if name in r]
        target.plot(*zip(*points, strict=True), color=f"C{i}", linewidth=1.2)
        target.set_ylabel(name, color=f"C{i}")
    axes.set_xlabel("step")


def _svg(draw: Callable[[Any], None]) -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.4), layout="constrained")
    draw(figure.subplots())
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()[out.getvalue().index("<svg") :]


def _summary(results: dict[str, list[ArmResult]], grpo: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw bars before and after beside the reward curves."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.3])
    rows = result_rows(results)
    stages = [name for name in COLUMNS if name in results]
    for k, name in enumerate(stages):
        places = [i + (k - (len(stages) - 1) / 2) * 0.26 for i in range(len(rows))]
        left.barh(places, [values[k] for _, values in rows], height=0.25, label=COLUMNS[name])
    left.set(yticks=range(len(rows)), yticklabels=[label for label, _ in rows], xlim=(0, 1), xlabel="held-out success")
    left.invert_yaxis()
    left.legend(frameon=False, fontsize=8)
    if grpo:
        _rewards(right, grpo)
    figure.savefig(path, dpi=110)


def _samples(samples: Sequence[dict[str, Any]]) -> str:
    if not samples:
        return "<p>None were logged.</p>"
    latest = max((STAGES.index(s["stage"]), s["step"]) for s in samples)
    shown = []
    for s in samples:
        mark = "ok" if s["reward"] == 1 else "bad"
        body = "".join(
            f"<b>{label}</b><pre>{html.escape(str(s[name]))}</pre>"
            for label, name in (("question", "question"), ("short form", "brief"), ("completion", "completion"))
        )
        opened = " open" if (STAGES.index(s["stage"]), s["step"]) == latest else ""
        verdict = f'<span class="{mark}">{html.escape(s["status"])}</span>: {html.escape(s["reason"])}'
        head = f"<summary>step {s['step']} · {html.escape(s['arm'])} · {verdict}</summary>"
        shown.append(f"<details{opened}>{head}{body}</details>")
    return "".join(reversed(shown[-60:]))


def results_json(results: dict[str, list[ArmResult]]) -> str:
    """Return all results as JSON text."""
    return json.dumps({name: [r.to_json() for r in rows] for name, rows in results.items()}, indent=1)
