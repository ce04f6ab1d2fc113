"""The report of a run."""

from typing import Any

from gradarium.trainers.means import mean_over_tasks
from gradarium.trainers.reporting import learning, machinery
from gradarium.trainers.reporting.configuration import settings_table
from gradarium.trainers.reporting.folders import Run
from gradarium.trainers.reporting.held_out import COLUMNS, by_arm, stages_of
from gradarium.trainers.reporting.page import Report, Section, Tile
from gradarium.trainers.reporting.samples import Sample, browser, spread
from gradarium.trainers.reporting.series import number, points
from gradarium.trainers.reporting.tables import Cell, table
from gradarium.trainers.reporting.text import duration, short
from gradarium.trainers.stages import STAGES

MOST_NAMES = 12
"""Tasks that are named under the title."""


def run_report(run: Run) -> Report:
    """Return all there is to show of a run; what is not there is left out."""
    notes = list(run.notes)
    grpo, warm, rejection = run.stage("grpo"), run.stage("warm_start"), run.stage("rejection")
    last = max((r["step"] for r in grpo), default=0)
    sections = [
        learning.held_out(run),
        learning.rewards(grpo, notes),
        learning.dev_looks(grpo),
        learning.curriculum(grpo),
        machinery.parts(grpo),
        machinery.policy(grpo),
        machinery.rollouts(grpo),
        machinery.speed(grpo),
        machinery.alarms(grpo, last),
        machinery.others(grpo),
        _merged("warm-start", "Warm start", _warm_start(warm)),
        _merged("rejection", "Rejection fine-tuning", _rejection(rejection, notes)),
        _samples(run),
        _settings(run),
    ]
    model = run.config.get("model")
    path = model.get("path") if isinstance(model, dict) else None
    tasks = run.config.get("task")
    names = [str(t.get("name")) for t in tasks if isinstance(t, dict)] if isinstance(tasks, list) else []
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    listed = f"{len(names)} tasks: {', '.join(names[:MOST_NAMES])}{more}" if names else ""
    about = [f"model {path}" if path else "", listed]
    return Report(
        "training run",
        run.name,
        " · ".join(filter(None, about)),
        status(run),
        tiles(run),
        notes,
        sections,
    )


def status(run: Run) -> str:
    """Return in a few words how far a run came."""
    if run.finished:
        return "finished"
    if not run.metrics:
        return "no step yet"
    stage = run.metrics[-1]["stage"]
    planned = run.planned(stage)
    done = f"{run.metrics[-1]['step']} of {planned}" if planned else f"{run.metrics[-1]['step']}"
    return f"unfinished: {stage.replace('_', ' ')}, step {done}"


def tiles(run: Run) -> list[Tile]:
    """Return the headline figures."""
    found: list[Tile] = []
    stages = stages_of(run.results)
    grpo = run.stage("grpo")
    if stages:
        found.append(_success(run, stages))
    if grpo:
        planned = run.planned("grpo")
        best = [value for r in grpo if (value := number(r.get("dev_mean"))) is not None]
        found.append(Tile("GRPO steps", f"{grpo[-1]['step']:,}", f"of {planned:,}" if planned else ""))
        tokens = sum(points(grpo, "tokens").ys)
        found.append(Tile("Sampled tokens", short(tokens), "in GRPO"))
        rates = sorted(points(grpo, "tokens_per_second").ys)
        if rates:
            found.append(Tile("Tokens a second", short(rates[len(rates) // 2]), "median of the steps"))
        if best:
            found.append(Tile("Best look at dev", f"{max(best):.3f}", f"last one {best[-1]:.3f}"))
    seconds = {stage: sum(points(run.stage(stage), "seconds").ys) for stage in STAGES}
    if total := sum(seconds.values()):
        parts = [f"{stage.replace('_', ' ')} {duration(s)}" for stage, s in seconds.items() if s]
        found.append(Tile("Time in steps", duration(total), ", ".join(parts) if len(parts) > 1 else ""))
    if run.metrics:
        steps = [r["step"] for r in grpo if isinstance(r.get("alarms"), list) for _ in r["alarms"]]
        first_at = f"first at step {min(steps):g}" if steps else ""
        found.append(Tile("Alarms", str(len(steps)), first_at, "bad" if steps else "good"))
    return found


def _success(run: Run, stages: list[str]) -> Tile:
    """Return the success at the end, and what it was before; the mood is that of the last stage."""
    values = [mean_over_tasks(by_arm(run.results[stage])) or 0.0 for stage in stages]
    last, detail = values[-1], COLUMNS[stages[-1]]
    if len(stages) == 1:
        return Tile("Held-out success", f"{last:.3f}", detail)
    gain = last - values[-2]
    before = [f"{value:.3f} {COLUMNS[stage]}" for stage, value in zip(stages[:-1], values[:-1], strict=True)]
    mood = "good" if gain > 0.0005 else "bad" if gain < -0.0005 else ""
    return Tile("Held-out success", f"{last:.3f}", f"{detail} ({gain:+.3f}); {', '.join(reversed(before))}", mood)


def _merged(name: str, title: str, parts: list[Section]) -> Section:
    """Return the charts of several sections as one."""
    intro = " ".join(part.intro for part in parts if part.intro and part.charts)
    return Section(name, title, intro, [chart for part in parts for chart in part.charts])


def _warm_start(records: list[dict[str, Any]]) -> list[Section]:
    if not records:
        return []
    loss = points(records, "loss")
    return [
        Section("", "", charts=[machinery.one("warm-loss", loss, "loss")] if loss.xs else []),
        learning.dev_looks(records, "warm-"),
        machinery.speed(records, "warm-"),
    ]


def _rejection(records: list[dict[str, Any]], notes: list[str]) -> list[Section]:
    if not records:
        return []
    return [
        machinery.rollouts(records, "rejection-"),
        machinery.policy(records, "rejection-"),
        learning.rewards(records, notes, "rejection-"),
        machinery.speed(records, "rejection-"),
    ]


def _samples(run: Run) -> Section:
    section = Section("samples", "Samples")
    newest = list(reversed(run.samples))
    chosen = spread(newest, lambda s: str(s.get("arm")), lambda s: str(s.get("status")))
    brief = run.config.get("style") == "brief"
    samples = []
    for s in chosen:
        texts = [("question", s.get("question"))]
        if s.get("brief") and brief:
            texts.append(("what the model saw of it", s["brief"]))
        texts.append(("completion", s.get("completion")))
        reward = number(s.get("reward"))
        place = f"step {s['step']}" + (f", reward {short(reward)}" if reward is not None else "")
        known = tuple((title, str(text)) for title, text in texts if text is not None)
        samples.append(Sample(str(s.get("arm")), str(s.get("status")), str(s.get("reason") or ""), place, known))
    section.below = browser(samples, len(run.samples))
    if samples:
        section.intro = "Completions of training with the verdict and its reason, the newest first."
    return section


def _settings(run: Run) -> Section:
    section = Section("settings", "Settings and versions")
    rows: list[list[Cell | str]] = []
    for name, value in run.provenance.items():
        if isinstance(value, dict):
            rows += [[str(key), Cell(str(v), "text")] for key, v in value.items()]
        else:
            rows.append([str(name), Cell(str(value), "text")])
    section.above = table([], rows) if rows else ""
    section.below = settings_table(run.config)
    return section
