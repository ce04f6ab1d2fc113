"""Two models on the same instances: paired differences, and capability gained apart from what was only compressed.

``docs/evaluation.md`` defines every figure in a sentence and a formula.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradarium.core import Status
from gradarium.errors import BadFile, GradariumError, UnknownName
from gradarium.trainers.data import Arm
from gradarium.trainers.evaluation.results import (
    NOTHING,
    Outcome,
    Read,
    family_of,
    means_over,
    read_folder,
    seed_of,
)
from gradarium.trainers.evaluation.settings import Evaluation
from gradarium.trainers.evaluation.statistics import (
    Estimate,
    Replicates,
    majority_at_k,
    pass_at_k,
    powers_of_two,
    resample,
    two_sided,
)
from gradarium.trainers.evaluation.tables import new_table, percent, signed

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

FORMAT = 1
"""Version of what ``Comparison.to_json`` writes."""

SAME = (
    "suite",
    "suite_version",
    "split",
    "seed",
    "style",
    "shots",
    "template",
    "answer_format",
    "chat",
    "temperature",
    "max_new_tokens",
)
"""What two evaluations must have in common; ``arms`` beside them."""


class NotAlike(GradariumError):
    """Two evaluations that did not ask the same; the message says in what they differ."""


def differences(a: Evaluation, b: Evaluation) -> dict[str, str]:
    """Return name -> what differs, of all that two evaluations must have in common to be compared."""
    found = {
        name: f"{name} is {getattr(a, name)!r} and {getattr(b, name)!r}"
        for name in SAME
        if getattr(a, name) != getattr(b, name)
    }
    mine, theirs = ({str(arm): arm for arm in evaluation.arms} for evaluation in (a, b))
    for arm in [*mine, *(name for name in theirs if name not in mine)]:
        if arm not in mine or arm not in theirs:
            found["arms"] = f"the arm {arm} is only in the {'second' if arm in theirs else 'first'}"
            break
        apart = [
            f"{field.name} of {arm} is {getattr(mine[arm], field.name)!r} and {getattr(theirs[arm], field.name)!r}"
            for field in dataclasses.fields(mine[arm])
            if getattr(mine[arm], field.name) != getattr(theirs[arm], field.name)
        ]
        if apart:
            found["arms"] = apart[0]
            break
    return found


def check_same(a: Read, b: Read, names: tuple[object, object], allow: Sequence[str] = ()) -> list[str]:
    """Return the differences that are allowed, in words.

    Raises:
        NotAlike: The evaluations differ in something that is not in ``allow``, or in the version of a task.
        UnknownName: ``allow`` names nothing that could differ.
    """
    for name in allow:
        if name not in (*SAME, "arms"):
            raise UnknownName("setting", name, (*SAME, "arms"))
    versions = {arm: plan.version for arm, plan in a.planned().items()}
    for arm, plan in b.planned().items():
        if versions.get(arm, plan.version) != plan.version:
            reason = (
                f"version {versions[arm]} and version {plan.version} of {arm.task} pose other problems; evaluate anew"
            )
            raise NotAlike(f"{names[0]} and {names[1]}: {reason}")
    found = differences(a.evaluation, b.evaluation)
    for name, what in found.items():
        if name not in allow:
            reason = f"{what}; evaluate both alike, or say --allow {name} if that is what you want to see"
            raise NotAlike(f"{names[0]} and {names[1]}: {reason}")
    return list(found.values())


def unsolved(outcome: Outcome, k: int) -> float:
    """Return the unbiased estimate of (1 - p)^k, the chance to miss a problem in k tries; NaN with too few samples."""
    return 1.0 - pass_at_k(outcome.judged, outcome.right, k) if k else 1.0


def unsolved_then_right(outcome: Outcome, k: int) -> float:
    """Return the unbiased estimate of (1 - p)^k p: of a try after k that all failed."""
    n, c = outcome.judged, outcome.right
    return unsolved(outcome, k) * c / (n - k) if k < n else math.nan


@dataclass(frozen=True)
class Pairs:
    """Instances that both models were judged on."""

    samples: int
    """K: completions of an instance, the smaller number of the two."""
    arms: dict[Arm, list[tuple[Outcome, Outcome]]]
    expected: dict[Arm, int]

    @property
    def half(self) -> int:
        """Tries in each of two rounds that K samples make."""
        return self.samples // 2

    def all(self) -> list[tuple[Outcome, Outcome]]:
        """Return all pairs."""
        return [pair for pairs in self.arms.values() for pair in pairs]


def pair(a: Read, b: Read) -> Pairs:
    """Return the instances on which both models have judged completions, the first K of each.

    Raises NotAlike where there are none.
    """
    samples = min(a.evaluation.samples, b.evaluation.samples)
    arms: dict[Arm, list[tuple[Outcome, Outcome]]] = {}
    for arm in a.planned():
        if arm in b.outcomes:
            shared = [index for index in a.outcomes[arm] if index in b.outcomes[arm]]
            both = [(a.outcomes[arm][index].first(samples), b.outcomes[arm][index].first(samples)) for index in shared]
            arms[arm] = [(mine, theirs) for mine, theirs in both if mine.judged and theirs.judged]
    if not any(arms.values()):
        raise NotAlike("no instance has judged completions in both evaluations: there is nothing to compare")
    return Pairs(samples, arms, {arm: a.planned()[arm].count for arm in arms})


def _shares(samples: int) -> list[str]:
    """Return what is told of each model by itself."""
    ks = powers_of_two(samples)
    majority = [f"maj@{samples}"] if samples > 1 else []
    return ["success", *(f"pass@{k}" for k in ks), *majority, "missing", "truncated"]


def _share_values(outcome: Outcome, samples: int, seed: int) -> list[float]:
    n, c = outcome.judged, outcome.right
    majority = [majority_at_k(outcome.votes, samples, seed)] if samples > 1 else []
    return [
        outcome.success,
        *(pass_at_k(n, c, k) for k in powers_of_two(samples)),
        *majority,
        outcome.share(Status.MISSING),
        outcome.cut,
    ]


def _values(base: Outcome, trained: Outcome, samples: int, seed: int) -> tuple[list[float], list[float]]:
    """Return what one instance counts: (``_shares`` of both models, new, lost), (their difference, ``PARTS``)."""
    a, b = (_share_values(outcome, samples, seed) for outcome in (base, trained))
    side = newly(base, trained)
    gain = [y - x for x, y in zip(a, b, strict=True)]
    return [*a, *b, side > 0, side < 0], [*gain, *(parts_of_gain(base, trained, samples) if samples > 1 else [])]


PARTS = ("capability", "compression", "beyond_noise")


def parts_of_gain(base: Outcome, trained: Outcome, samples: int) -> list[float]:
    """Return what one instance counts for ``PARTS``; NaN with fewer than K = ``samples`` completions.

    With p and q the success rates of base and trained model, unbiased estimates of

    * capability: (1 - p)^(K - 1) (q - p), the gain where K - 1 tries of the base model all fail;
    * compression: (1 - (1 - p)^(K - 1)) (q - p), the gain where one of them succeeds;
    * beyond_noise: (1 - p)^h ((1 - p)^h - (1 - q)^h) with h = K // 2: solved by the trained model in h tries after the
      base model failed in h, less what the base model solves in h further tries of its own.
    """
    half = samples // 2
    if base.judged < samples or trained.judged < samples:
        return [math.nan] * len(PARTS)
    q = trained.right / trained.judged
    capability = unsolved(base, samples - 1) * q - unsolved_then_right(base, samples - 1)
    compression = q - base.right / base.judged - capability
    again = unsolved(base, half) - unsolved(base, 2 * half)
    return [capability, compression, unsolved(base, half) * (1 - unsolved(trained, half)) - again]


def newly(base: Outcome, trained: Outcome) -> int:
    """Return 1 for an instance that only the trained model solved, -1 for one that only the base model did, else 0."""
    return int(base.right == 0 and trained.right > 0) - int(base.right > 0 and trained.right == 0)


def mcnemar(pairs: Sequence[tuple[Outcome, Outcome]]) -> float:
    """Return the exact two-sided p-value of "both models are as likely to solve each instance".

    Only instances that exactly one of them solved tell (McNemar 1947). If a model does not matter, c right completions
    that all fell to one side fell to the trained one with odds C(n_trained, c) : C(n_base, c), so 1 : 1 where both
    have as many completions; instances are independent.
    """
    chances, new = [], 0
    for base, trained in pairs:
        side = newly(base, trained)
        if side:
            right = base.right + trained.right
            mine, theirs = math.comb(trained.judged, right), math.comb(base.judged, right)
            chances.append(mine / (mine + theirs))
            new += side > 0
    return two_sided(chances, new)


@dataclass(frozen=True)
class Change:
    """What changed in an arm, a task, a family or the suite."""

    name: str
    kind: str
    """``arm``, ``task``, ``family`` or ``total``."""
    instances: int
    """Instances that both models were judged on."""
    expected: int
    base: dict[str, Estimate]
    trained: dict[str, Estimate]
    difference: dict[str, Estimate]
    """Trained less base, paired; the same names, and ``PARTS`` where K > 1."""
    new: int
    """Instances that only the trained model solved in its completions."""
    lost: int
    """Instances that only the base model solved."""
    new_share: Estimate
    lost_share: Estimate
    p_value: float
    """``mcnemar`` of new and lost."""
    again: float
    """Instances that the base model would solve in K // 2 tries after K // 2 that failed: noise alone."""
    new_at_half: float
    """Instances that the trained model solves in K // 2 tries where K // 2 of the base model failed."""

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; null where nothing is known."""
        data: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, dict):
                value = {metric: estimate.to_json() for metric, estimate in value.items()}
            elif isinstance(value, Estimate):
                value = value.to_json()
            elif isinstance(value, float) and math.isnan(value):
                value = None
            data[name] = value
        return data


@dataclass(frozen=True)
class Comparison:
    """Base versus trained."""

    base: Evaluation
    trained: Evaluation
    samples: int
    """K: the largest k."""
    total: Change
    families: tuple[Change, ...]
    tasks: tuple[Change, ...]
    arms: tuple[Change, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "format": FORMAT,
            "suite": self.base.suite,
            "suite_version": self.base.suite_version,
            "base": self.base.model,
            "trained": self.trained.model,
            "samples": self.samples,
            "notes": list(self.notes),
            "total": self.total.to_json(),
            "families": [change.to_json() for change in self.families],
            "tasks": [change.to_json() for change in self.tasks],
            "arms": [change.to_json() for change in self.arms],
        }


def compare_folders(base: Path, trained: Path, allow: Sequence[str] = ()) -> Comparison:
    """Return the comparison of two folders; raises BadFile, or NotAlike."""
    if base.resolve() == trained.resolve():
        raise BadFile(trained, "is compared with itself; name the folder of another evaluation")
    a, b = read_folder(base), read_folder(trained)
    notes = [f"Allowed: {what}" for what in check_same(a, b, (base, trained), allow)]
    return compare(a, b, notes)


def compare(base: Read, trained: Read, notes: Sequence[str] = ()) -> Comparison:
    """Return how the trained model differs from the base model on the instances that both were judged on.

    Raises NotAlike where there are none.
    """
    pairs = pair(base, trained)
    samples = pairs.samples
    names, more = _shares(samples), list(PARTS) if samples > 1 else []
    width = len(names)
    rows = {arm: [_values(*both, samples, seed_of(arm)) for both in own] for arm, own in pairs.arms.items()}

    def sides(arm: Arm) -> Replicates | None:
        return resample(np.array([shares for shares, _ in rows[arm]]), seed=seed_of(arm)) if rows[arm] else None

    def apart(arm: Arm) -> Replicates | None:
        gains = [gain for _, gain in rows[arm]]
        return resample(np.array(gains), "difference", seed=seed_of(arm)) if gains else None

    each, both = means_over(pairs.arms, sides), means_over(pairs.arms, apart)

    def change(
        name: str, kind: str, arms: Sequence[Arm], shares: list[Estimate] | None, gains: list[Estimate] | None
    ) -> Change:
        shares = shares or [NOTHING] * (2 * width + 2)
        own = [pair for arm in arms for pair in pairs.arms[arm]]
        signs = [newly(*pair) for pair in own]
        again, fresh = _rounds(own, pairs.half)
        return Change(
            name=name,
            kind=kind,
            instances=len(own),
            expected=sum(pairs.expected[arm] for arm in arms),
            base=dict(zip(names, shares[:width], strict=True)),
            trained=dict(zip(names, shares[width : 2 * width], strict=True)),
            difference=dict(zip([*names, *more], gains or [NOTHING] * (width + len(more)), strict=True)),
            new=signs.count(1),
            lost=signs.count(-1),
            new_share=shares[-2],
            lost_share=shares[-1],
            p_value=mcnemar(own),
            again=again,
            new_at_half=fresh,
        )

    planned = list(pairs.arms)
    families = {family: [arm for arm in planned if family_of(arm.task) == family] for family in each.families}
    return Comparison(
        base=base.evaluation,
        trained=trained.evaluation,
        samples=samples,
        total=change("all tasks", "total", planned, each.suite, both.suite),
        families=tuple(
            change(family, "family", arms, each.families[family], both.families[family])
            for family, arms in families.items()
        ),
        tasks=tuple(
            change(task, "task", [arm for arm in planned if arm.task == task], each.tasks[task], both.tasks[task])
            for task in each.tasks
        ),
        arms=tuple(change(str(arm), "arm", [arm], each.arms[arm], both.arms[arm]) for arm in planned),
        notes=(*notes, *_notes(base, trained, pairs)),
    )


def gain_in_success(base: Read, trained: Read, arms: Sequence[Arm]) -> Estimate:
    """Return the paired difference in success over some arms: mean over tasks of the mean over their levels."""
    found = pair(base, trained).arms

    def draw(arm: Arm) -> Replicates | None:
        rows = [[b.success - a.success] for a, b in found.get(arm, [])]
        return resample(np.array(rows), "difference", seed=seed_of(arm)) if rows else None

    mean = means_over(arms, draw).suite
    return mean[0] if mean else NOTHING


def _rounds(pairs: Sequence[tuple[Outcome, Outcome]], half: int) -> tuple[float, float]:
    """Return (instances solved by the base model in a second round, by the trained model in its place)."""
    whole = [(a, b) for a, b in pairs if half and a.judged >= 2 * half and b.judged >= half]
    if not whole:
        return math.nan, math.nan
    again = math.fsum(unsolved(a, half) - unsolved(a, 2 * half) for a, _ in whole)
    return again, math.fsum(unsolved(a, half) * (1 - unsolved(b, half)) for a, b in whole)


def _notes(base: Read, trained: Read, pairs: Pairs) -> list[str]:
    notes = []
    there, expected = len(pairs.all()), sum(pairs.expected.values())
    if there < expected:
        notes.append(
            f"{there:,} of {expected:,} instances have judged completions from both models; the rest is left out"
        )
    if base.evaluation.samples != trained.evaluation.samples:
        notes.append(
            f"{base.evaluation.samples} and {trained.evaluation.samples} samples: the first {pairs.samples} of each "
            "are compared"
        )
    if pairs.samples == 1:
        notes.append(
            "With 1 sample nothing can be said of capability and compression; evaluate with --samples 8 or more"
        )
    short = sum(min(a.judged, b.judged) < pairs.samples for a, b in pairs.all())
    if short and pairs.samples > 1:
        notes.append(
            f"{short:,} instances have fewer than {pairs.samples} judged completions: not in pass@{pairs.samples}"
        )
    return notes


def render(comparison: Comparison) -> "list[RenderableType]":
    """Return the tables for a terminal, notes first."""
    from rich.text import Text

    total, k = comparison.total, comparison.samples
    head = Text.assemble(
        (comparison.trained.model, "bold"),
        " less ",
        (comparison.base.model, "bold"),
        f" on {comparison.base.suite}: {total.instances:,} instances x {k}, points of 100 with 95 % intervals",
    )
    parts: list[RenderableType] = [head, *(Text(f"! {note}", style="bold yellow") for note in comparison.notes)]
    tables = [_metrics_table(total)]
    if k > 1:
        tables.append(_gain_table(total, k))
    tables.append(_tasks_table([*comparison.tasks, *([total] if len(comparison.tasks) > 1 else [])], k))
    tables.append(_levels_table(comparison))
    for table in tables:
        parts += [Text(), table]
    return parts


def _metrics_table(total: Change) -> "Table":
    table = new_table("All tasks", "", ["base", "trained", "difference"])
    for name, estimate in total.difference.items():
        if name not in PARTS:
            table.add_row(name, percent(total.base[name], False), percent(total.trained[name], False), signed(estimate))
    return table


def _gain_table(total: Change, k: int) -> "Table":
    """Return where the gain of pass@1 comes from, and what was solved at all."""
    half = k // 2
    table = new_table("Capability and compression", "", [""])
    gains = total.difference
    rows = [
        ("gain at k = 1", signed(gains["pass@1"])),
        (f"  compression: base solves it in {k - 1} tries", signed(gains["compression"])),
        (f"  capability: base does not in {k - 1} tries", signed(gains["capability"])),
        (f"gain at k = {k}", signed(gains[f"pass@{k}"])),
        (f"  newly solved in {k}, {total.new} instances", percent(total.new_share)),
        (f"  lost, {total.lost} instances", percent(total.lost_share)),
        ("  new and lost as likely (McNemar, exact)", f"p = {total.p_value:.2g}"),
        (f"solved in {half} after base failed in {half}", f"{total.new_at_half:.1f} instances"),
        ("  base itself, tried again: noise alone", f"{total.again:.1f} instances"),
        ("  beyond noise", signed(gains["beyond_noise"])),
    ]
    for label, figure in rows:
        table.add_row(label, figure)
    return table


def _tasks_table(changes: Sequence[Change], k: int) -> "Table":
    many = k > 1
    table = new_table(
        "Tasks", "task", ["base", "trained", "difference", *([f"pass@{k}", "new", "lost"] if many else [])]
    )
    for change in changes:
        cells = [percent(side["success"], False) for side in (change.base, change.trained)]
        cells.append(signed(change.difference["success"]))
        if many:
            cells += [signed(change.difference[f"pass@{k}"], False), str(change.new), str(change.lost)]
        table.add_row(change.name, *cells)
    return table


def _levels_table(comparison: Comparison) -> "Table":
    arms: Mapping[str, Change] = {change.name: change for change in comparison.arms}
    levels = sorted({arm.level for arm in comparison.base.arms})
    table = new_table("Difference in success, by level", "task", [str(level) for level in levels])
    for change in comparison.tasks:
        found = [arms.get(str(Arm(change.name, level))) for level in levels]
        table.add_row(change.name, *(signed(arm.difference["success"], False) if arm else "" for arm in found))
    return table
