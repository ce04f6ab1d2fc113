"""Sections of a run on the update and the machine: policy, rollouts, speed, alarms, and whatever else was recorded."""

import re
from collections.abc import Sequence
from typing import Any

from gradarium.trainers.reporting import palette
from gradarium.trainers.reporting.chart import Chart
from gradarium.trainers.reporting.drawing import Curve, lines, stacked, timeline
from gradarium.trainers.reporting.explain import Said, explain
from gradarium.trainers.reporting.learning import per_arm
from gradarium.trainers.reporting.page import Section
from gradarium.trainers.reporting.series import Points, keys_of, mean_points, number, points
from gradarium.trainers.reporting.text import escape, slug

Records = Sequence[dict[str, Any]]

POLICY = (
    "entropy",
    "kl",
    "ratio_clipped",
    "grad_norm",
    "mismatch_k3",
    "mismatch_effective",
    "loss",
    "kl_weight",
    "entropy_weight",
    "relift_loss",
)
"""Fields of the section, in order."""
MORE_MISMATCH = ("mismatch_mean", "mismatch_absolute", "mismatch_largest")
GROUPS = (("groups_drawn", "drawn", "rest"), ("groups_useful", "rewards differ", "s0"), ("groups_kept", "kept", "s2"))
SHARES = (("missing", "no readable answer", "s1"), ("truncated", "cut off", "s2"))
PHASES = (("pose", "s4"), ("generate", "s0"), ("judge", "s1"), ("train", "s2"))
PARTS = "reward_parts"
"""Part -> arm -> mean."""
KNOWN = {
    *POLICY,
    *MORE_MISMATCH,
    *(name for name, *_ in (*GROUPS, *SHARES)),
    *(f"seconds_{name}" for name, _ in PHASES),
    *("stage", "step", "seconds", "tokens", "tokens_per_second", "not_judged", "dev_mean", "best", "kept"),
    *("reward", "dev", "drops", "curriculum", "length", PARTS),
}
"""Fields that have a chart elsewhere, or no meaning as a curve."""
MOST_OTHERS = 60
"""Charts of figures that have no place of their own."""


def policy(records: Records, stage: str = "") -> Section:
    """Entropy, divergence, clipping, mismatch, gradient."""
    section = Section(f"{stage}policy", "Policy")
    nothing = []
    for field in POLICY:
        curve = points(records, field)
        if curve.xs and not any(curve.ys):
            nothing.append(field)
        elif curve.xs:
            section.charts.append(one(f"{stage}{field}", curve, field))
    curves = [
        Curve(name.removeprefix("mismatch_"), points(records, name), palette.series(i), True)
        for i, name in enumerate(MORE_MISMATCH)
    ]
    if any(curve.points.xs for curve in curves):
        section.charts.append(_several(f"{stage}mismatch", "Mismatch, other figures", curves, MORE_MISMATCH))
    if nothing:
        section.intro = f"0 in every step, so not drawn: {', '.join(nothing)}."
    return section


def one(name: str, curve: Points, field: str, colour: str = "accent") -> Chart:
    """Return the chart of one field with its explanation."""
    said = explain(field)
    return lines(name, said.title, [Curve(field, curve, colour, True)], note=said.note, hints=said.hints)


def _several(name: str, title: str, curves: Sequence[Curve], fields: Sequence[str]) -> Chart:
    """Return a chart of several fields with what is said of each."""
    said = [(curve.label, explain(field)) for curve, field in zip(curves, fields, strict=True) if curve.points.xs]
    note = " ".join(f"{label}: {text.note}" for label, text in said if text.note)
    hints = "\n".join(line.replace(": ", f", {label}: ", 1) for label, text in said for line in text.hints.splitlines())
    return lines(name, title, curves, low=0 if "mean" not in dict(said) else None, note=note, hints=hints)


def rollouts(records: Records, stage: str = "") -> Section:
    """Groups, lost answers, lengths."""
    section = Section(f"{stage}rollouts", "Rollouts")
    groups = [Curve(label, points(records, name), colour, True) for name, label, colour in GROUPS]
    if any(curve.points.xs for curve in groups):
        fields = [name for name, *_ in GROUPS]
        section.charts.append(_several(f"{stage}groups", "Groups in a step", groups, fields))
    shares = [Curve(label, points(records, name), colour, True) for name, label, colour in SHARES]
    if any(curve.points.xs for curve in shares):
        fields = [name for name, *_ in SHARES]
        section.charts.append(_several(f"{stage}lost", "Answers missing, completions cut off", shares, fields))
    section.charts += by_arm(records, "length", stage)
    for field, colour in (("tokens", "accent"), ("not_judged", "bad"), ("kept", "accent")):
        curve = points(records, field)
        if curve.xs and (field != "not_judged" or any(curve.ys)):
            section.charts.append(one(f"{stage}{slug(field)}", curve, field, colour))
    return section


def by_arm(records: Records, field: str, stage: str = "") -> list[Chart]:
    """Return the mean over the arms of a field that has a figure for each, and the figures themselves."""
    said, mean, arms = explain(field), mean_points(records, field), keys_of(records, field)
    if not mean.xs:
        return []
    curves = [Curve("mean over the arms", mean, "accent", True)]
    charts = [lines(f"{stage}{slug(field)}", said.title, curves, note=said.note, hints=said.hints)]
    if len(arms) > 1:
        title = f"{said.title}, each arm"
        charts.append(per_arm(f"{stage}{slug(field)}-arms", title, records, (field,), arms, Said("")))
    return charts


def speed(records: Records, stage: str = "") -> Section:
    """Tokens a second, and where the time goes."""
    section = Section(f"{stage}speed", "Speed")
    rate = points(records, "tokens_per_second")
    if rate.xs:
        section.charts.append(one(f"{stage}tokens-per-second", rate, "tokens_per_second"))
    phases = [Curve(name, points(records, f"seconds_{name}"), colour) for name, colour in PHASES]
    phases = [phase for phase in phases if phase.points.xs]
    whole = points(records, "seconds")
    if phases:
        spent: dict[float, float] = {}
        for phase in phases:
            for x, y in zip(*phase.points, strict=True):
                spent[x] = spent.get(x, 0.0) + y
        rest = [max(0.0, y - spent.get(x, 0.0)) for x, y in zip(*whole, strict=True)]
        said = [(phase.label, explain(f"seconds_{phase.label}")) for phase in phases]
        hints = "\n".join(
            line.replace(": ", f", {name}: ", 1) for name, text in said for line in text.hints.splitlines()
        )
        phases.append(Curve("other", Points(whole.xs, rest), "rest"))
        note = "Seconds of a step, by what they went into."
        section.charts.append(stacked(f"{stage}phases", "Where the time goes", phases, note=note, hints=hints))
    elif whole.xs:
        section.charts.append(one(f"{stage}seconds", whole, "seconds"))
    return section


def parts(records: Records) -> Section:
    """What the reward is made of: the mean of each part over the arms, and each part by arm."""
    section = Section("parts", "Parts of the reward")
    names = keys_of(records, PARTS)
    if not names:
        return section
    said = explain(PARTS)
    curves = [Curve(name, mean_points(records, PARTS, name), palette.series(i), True) for i, name in enumerate(names)]
    section.charts = [lines("parts-all", "Mean over the arms", curves, note=said.note, hints=said.hints)]
    for name in names[:MOST_OTHERS]:
        arms = keys_of(records, PARTS, name)
        if len(arms) > 1:
            section.charts.append(per_arm(f"parts-{slug(name)}", name, records, (PARTS, name), arms, Said("")))
    return section


def others(records: Records, stage: str = "") -> Section:
    """All figures that no other section shows: nothing that was recorded is left out."""
    section = Section(f"{stage}others", "Other figures")
    plain = sorted({name for r in records for name, value in r.items() if number(value) is not None} - KNOWN)
    tables = sorted({name for r in records for name, value in r.items() if isinstance(value, dict)} - KNOWN)
    for i, field in enumerate(plain[:MOST_OTHERS]):
        section.charts.append(one(f"{stage}other-{i}-{slug(field)}", points(records, field), field))
    for i, field in enumerate(tables[:MOST_OTHERS]):
        section.charts += by_arm(records, field, f"{stage}table-{i}-")
    left = max(0, len(plain) - MOST_OTHERS) + max(0, len(tables) - MOST_OTHERS)
    if left:
        section.intro = f"{left} more figures are in metrics.jsonl."
    return section


def alarms(records: Records, last: float) -> Section:
    """What the run said aloud, when."""
    section = Section("alarms", "Alarms")
    said = [(float(r["step"]), str(text)) for r in records for text in _texts(r.get("alarms"))]
    if not said:
        return section
    kinds: dict[str, list[float]] = {}
    for step, text in said:
        kinds.setdefault(" ".join(re.sub(r"[\d.,]+%?", "", text[:200]).split()[:4]), []).append(step)
    section.charts = [timeline("alarms-steps", "When", list(kinds.items())[:20], last, note=explain("alarms").note)]
    shown = "".join(f"<li><b>step {step:.0f}</b> {escape(text, 400)}</li>" for step, text in said[:100])
    more = f"<p>{len(said) - 100} more.</p>" if len(said) > 100 else ""
    section.below = f'<ul class="alarms">{shown}</ul>{more}'
    return section


def _texts(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
