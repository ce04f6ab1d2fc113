"""Completions -> results: what is told of each arm, task, family and the suite, and its tables for a terminal."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gradarium.core import Status, derive_seed
from gradarium.errors import BadFile, BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.trainers.data import Arm
from gradarium.trainers.evaluation.replies import FAILED
from gradarium.trainers.evaluation.settings import Evaluation, PlannedArm, read_evaluation
from gradarium.trainers.evaluation.statistics import (
    Estimate,
    Replicates,
    chance_corrected,
    combine,
    count_votes,
    estimates,
    majority_at_k,
    pass_at_k,
    pass_hat_k,
    powers_of_two,
    resample,
)
from gradarium.trainers.evaluation.store import COMPLETIONS, SETTINGS, Key, key_of, read_completions
from gradarium.trainers.evaluation.tables import new_table, percent

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

FORMAT = 1
"""Version of what ``Results.to_json`` writes."""

NOTHING = Estimate(math.nan, math.nan, math.nan, 0)

UNKNOWN_FAMILY = "unknown"
"""Family of a task that is not installed here."""


class Sample(NamedTuple):
    """One completion, without its text."""

    number: int
    """From 0, as in ``completions.jsonl``."""
    status: str
    score: float | None
    """None: not judged."""
    answer: str | None
    cut: bool
    """Ran into the token limit."""
    tokens: int | None
    reason: str


class Outcome:
    """What became of the completions of one instance; those that could not be had are not among them."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.samples = tuple(samples)
        judged = [sample for sample in samples if sample.score is not None]
        self.scores = [float(sample.score) for sample in judged if sample.score is not None]
        self.judged = len(judged)
        """Completions with a verdict."""
        self.right = self.scores.count(1.0)
        """Completions with full marks."""
        self.votes = count_votes([sample.answer for sample in judged], self.scores)
        self._statuses = Counter(sample.status for sample in judged)

    @property
    def success(self) -> float:
        """Mean score of the judged completions; NaN without any."""
        return sum(self.scores) / self.judged if self.judged else math.nan

    @property
    def cut(self) -> float:
        """Share of completions that ran into the token limit."""
        return sum(sample.cut for sample in self.samples) / len(self.samples) if self.samples else math.nan

    def share(self, status: Status) -> float:
        """Return the share of judged completions with this status."""
        return self._statuses[status] / self.judged if self.judged else math.nan

    def first(self, count: int) -> "Outcome":
        """Return what became of the first ``count`` completions that were asked for."""
        return Outcome([sample for sample in self.samples if sample.number < count])


class Read(NamedTuple):
    """The folder of an evaluation, read."""

    evaluation: Evaluation
    outcomes: dict[Arm, dict[int, Outcome]]
    """Arm -> index of an instance -> what became of it; instances without a completion are not there."""
    failed: Counter[Arm]
    """Completions that could not be had."""

    def planned(self) -> dict[Arm, PlannedArm]:
        """Return the arms that were asked for."""
        return {Arm(arm.task, arm.level): arm for arm in self.evaluation.arms}


def sort_lines(evaluation: Evaluation, lines: Iterable[Mapping[str, Any]]) -> Read:
    """Put the lines of ``completions.jsonl`` to their instances, in any order.

    Of several lines for one completion the first that is no failure counts. Raises BadValue for a line that is no part
    of the evaluation.
    """
    planned = {Arm(arm.task, arm.level): arm for arm in evaluation.arms}
    found: dict[Arm, dict[int, dict[int, Sample]]] = {arm: {} for arm in planned}
    failed: dict[Key, Arm] = {}
    for line in lines:
        key = key_of(dict(line))
        arm = Arm(key.task, key.level)
        plan = planned.get(arm)
        if plan is None or not 0 <= key.index - plan.start < plan.count or not 0 <= key.sample < evaluation.samples:
            raise BadValue("completion", f"{arm}, instance {key.index}, sample {key.sample}", f"is not in {SETTINGS}")
        if line["finish"] == FAILED:
            failed[key] = arm
        else:
            found[arm].setdefault(key.index, {}).setdefault(key.sample, _sample(line))
    outcomes = {
        arm: {index: Outcome([samples[n] for n in sorted(samples)]) for index, samples in sorted(indices.items())}
        for arm, indices in found.items()
    }
    lost = (arm for key, arm in failed.items() if key.sample not in found[arm].get(key.index, {}))
    return Read(evaluation, outcomes, Counter(lost))


def _sample(line: Mapping[str, Any]) -> Sample:
    cut = line["finish"] == "length"
    return Sample(line["sample"], line["status"], line["score"], line["answer"], cut, line["tokens"], line["reason"])


def read_folder(folder: Path) -> Read:
    """Return the content of an evaluation's folder, finished or not; raises BadFile."""
    if not (folder / SETTINGS).is_file():
        what = "is no folder" if not folder.is_dir() else f"holds no {SETTINGS}"
        raise BadFile(folder, f"{what}; name a folder that 'gradarium eval --out' wrote")
    evaluation = read_evaluation(folder / SETTINGS)
    try:
        return sort_lines(evaluation, read_completions(folder / COMPLETIONS))
    except BadValue as error:
        raise BadFile(folder / COMPLETIONS, str(error)) from None


def metric_names(samples: int) -> list[str]:
    """Return the metrics of an evaluation with so many completions of each instance, in the order of ``values_of``."""
    ks = powers_of_two(samples)
    many = [k for k in ks if k > 1]
    return [
        "success",
        "corrected",
        *(f"pass@{k}" for k in ks),
        *(f"pass^{k}" for k in many),
        *(f"maj@{k}" for k in many),
        "missing",
        "unreadable",
        "truncated",
    ]


def values_of(outcome: Outcome, samples: int, chance: float, seed: int) -> list[float]:
    """Return what one instance counts for each metric; NaN where its completions are too few to tell."""
    n, c, votes = outcome.judged, outcome.right, outcome.votes
    ks = powers_of_two(samples)
    many = [k for k in ks if k > 1]
    return [
        outcome.success,
        chance_corrected(outcome.success, chance),
        *(pass_at_k(n, c, k) for k in ks),
        *(pass_hat_k(n, c, k) for k in many),
        *(majority_at_k(votes, k, seed) for k in many),
        outcome.share(Status.MISSING),
        outcome.share(Status.UNREADABLE),
        outcome.cut,
    ]


def seed_of(arm: Arm, what: object = "") -> int:
    """Return the seed of the bootstrap of an arm, the same in every evaluation."""
    return derive_seed("results", arm, what) % 2**63


@dataclass(frozen=True)
class Tokens:
    """Lengths of completions, as far as the backend told."""

    known: int
    """Completions whose length is known."""
    mean: float
    median: float
    p95: float
    total: int

    @classmethod
    def of(cls, counts: Sequence[int]) -> "Tokens | None":
        """Return the figures of some counts; None without any."""
        if not counts:
            return None
        median, p95 = np.quantile(counts, [0.5, 0.95], method="linear").tolist()
        return cls(len(counts), float(np.mean(counts)), median, p95, int(np.sum(counts)))


@dataclass(frozen=True)
class Row:
    """What is told of an arm, a task, a family or the suite."""

    task: str
    """Empty for a family and the suite."""
    family: str
    """Empty for the suite."""
    level: int | None
    """None for all but arms."""
    instances: int
    """Instances with at least one judged completion."""
    whole: int
    """Instances with all their completions."""
    expected: int
    """Instances that were asked for."""
    completions: int
    """Completions that are there."""
    expected_completions: int
    failed: int
    """Completions that could not be had; asked again when the evaluation goes on."""
    not_judged: int
    """Completions that the suite failed to judge: in no score."""
    metrics: dict[str, Estimate]
    """``metric_names`` -> estimate; NaN where nothing is known."""
    tokens: Tokens | None

    @property
    def name(self) -> str:
        """How the row is called in tables."""
        if self.level is not None:
            return str(Arm(self.task, self.level))
        return self.task or self.family or "all tasks"

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; null where nothing is known."""
        plain = {name: value for name, value in vars(self).items() if name not in ("metrics", "tokens")}
        metrics = {name: estimate.to_json() for name, estimate in self.metrics.items()}
        return {**plain, "metrics": metrics, "tokens": vars(self.tokens) if self.tokens else None}


@dataclass(frozen=True)
class Results:
    """Results of an evaluation, finished or not."""

    evaluation: Evaluation
    suite: Row
    """Mean over tasks of the mean over their levels."""
    families: tuple[Row, ...]
    tasks: tuple[Row, ...]
    arms: tuple[Row, ...]
    notes: tuple[str, ...]
    """What a reader has to know before the numbers."""

    @property
    def finished(self) -> bool:
        """Whether all completions are there."""
        return self.suite.completions == self.suite.expected_completions

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict, the content of ``results.json``."""
        told = ("suite", "suite_version", "model", "backend", "samples", "temperature", "max_new_tokens", "split")
        return {
            "format": FORMAT,
            **{name: getattr(self.evaluation, name) for name in told},
            "finished": self.finished,
            "notes": list(self.notes),
            "total": self.suite.to_json(),
            "families": [row.to_json() for row in self.families],
            "tasks": [row.to_json() for row in self.tasks],
            "arms": [row.to_json() for row in self.arms],
        }


def family_of(task: str) -> str:
    """Return the family of a task, ``unknown`` where the task is not installed."""
    try:
        return get_task(task).family
    except UnknownName:
        return UNKNOWN_FAMILY


def summarise(evaluation: Evaluation, lines: Iterable[Mapping[str, Any]]) -> Results:
    """Return the results of completions; raises BadValue for a line that is no part of the evaluation."""
    return results_of(sort_lines(evaluation, lines))


def results_of(read: Read) -> Results:
    """Return the results of a folder that was read.

    Missing completions are never wrong ones: an instance counts with the completions that it has, one without any is
    left out. Where an arm has none at all, its task has no mean and is in none, for the mean of its other levels would
    be that of easier ones. The counts in every row and the notes tell.
    """
    samples, planned = read.evaluation.samples, read.planned()
    names = metric_names(samples)

    def draw(arm: Arm) -> Replicates | None:
        chance = planned[arm].chance
        low = np.array([chance_corrected(0, chance) if name == "corrected" else 0.0 for name in names])
        values = [
            values_of(outcome, samples, chance, seed_of(arm, index))
            for index, outcome in read.outcomes[arm].items()
            if outcome.judged
        ]
        return resample(np.array(values), seed=seed_of(arm), low=low) if values else None

    means = means_over(planned, draw)
    arms = [_row(read, [arm], names, means.arms[arm], arm.task, family_of(arm.task), arm.level) for arm in planned]
    tasks, families = [], []
    for task, found in means.tasks.items():
        members = [arm for arm in planned if arm.task == task]
        tasks.append(_row(read, members, names, found, task, family_of(task)))
    for family, found in means.families.items():
        members = [arm for arm in planned if family_of(arm.task) == family]
        families.append(_row(read, members, names, found, "", family))
    suite = _row(read, list(planned), names, means.suite, "", "")
    return Results(read.evaluation, suite, tuple(families), tuple(tasks), tuple(arms), tuple(_notes(read, suite, arms)))


@dataclass(frozen=True)
class Means:
    """Estimates of some quantities: of arms, of tasks (mean over levels), of families and the suite (over tasks).

    None where an arm below has nothing; families and the suite are then means over the other tasks.
    """

    arms: dict[Arm, list[Estimate] | None]
    tasks: dict[str, list[Estimate] | None]
    families: dict[str, list[Estimate] | None]
    suite: list[Estimate] | None


def means_over(arms: Iterable[Arm], draw: Callable[[Arm], Replicates | None]) -> Means:
    """Return all means of what ``draw`` gives for each arm; None stands for an arm without data."""
    members: dict[str, list[Arm]] = {}
    for arm in arms:
        members.setdefault(arm.task, []).append(arm)
    found: dict[Arm, list[Estimate] | None] = {}
    tasks: dict[str, Replicates | None] = {}
    for task, own in members.items():  # draws are large: those of arms go when their task has its mean
        parts = [draw(arm) for arm in own]
        found.update((arm, estimates(part) if part else None) for arm, part in zip(own, parts, strict=True))
        whole = [part for part in parts if part]
        tasks[task] = combine(whole) if len(whole) == len(parts) else None
    families = {
        family: _mean(part for task, part in tasks.items() if family_of(task) == family)
        for family in sorted({family_of(task) for task in tasks})
    }
    told = {task: estimates(part) if part else None for task, part in tasks.items()}
    return Means(found, told, families, _mean(tasks.values()))


def _mean(parts: Iterable[Replicates | None]) -> list[Estimate] | None:
    there = [part for part in parts if part]
    return estimates(combine(there)) if there else None


def _row(
    read: Read,
    arms: Sequence[Arm],
    names: Sequence[str],
    found: list[Estimate] | None,
    task: str,
    family: str,
    level: int | None = None,
) -> Row:
    samples, planned = read.evaluation.samples, read.planned()
    outcomes = [outcome for arm in arms for outcome in read.outcomes[arm].values()]
    expected = sum(planned[arm].count for arm in arms)
    return Row(
        task=task,
        family=family,
        level=level,
        instances=sum(outcome.judged > 0 for outcome in outcomes),
        whole=sum(len(outcome.samples) == samples for outcome in outcomes),
        expected=expected,
        completions=sum(len(outcome.samples) for outcome in outcomes),
        expected_completions=expected * samples,
        failed=sum(read.failed[arm] for arm in arms),
        not_judged=sum(len(outcome.samples) - outcome.judged for outcome in outcomes),
        metrics=dict(zip(names, found or [NOTHING] * len(names), strict=True)),
        tokens=Tokens.of([s.tokens for outcome in outcomes for s in outcome.samples if s.tokens is not None]),
    )


def _notes(read: Read, suite: Row, arms: Sequence[Row]) -> list[str]:
    """Return what a reader has to know before the numbers."""
    evaluation, notes = read.evaluation, []
    if suite.completions < suite.expected_completions:
        notes.append(
            f"NOT FINISHED: {suite.completions:,} of {suite.expected_completions:,} completions are there, "
            f"{suite.whole:,} of {suite.expected:,} instances are whole. What is missing is left out, not counted as "
            "wrong; long replies come last, so scores may still move"
        )
    empty = [row.name for row in arms if not row.instances]
    if empty:
        named = ", ".join(empty[:3]) + (", ..." if len(empty) > 3 else "")
        notes.append(
            f"{len(empty)} of {len(arms)} arms have no judged completion ({named}): their tasks are in no mean"
        )
    if suite.failed:
        notes.append(f"{suite.failed:,} completions could not be had; --resume asks again")
    if suite.not_judged:
        samples = (s for found in read.outcomes.values() for outcome in found.values() for s in outcome.samples)
        reason = next(sample.reason for sample in samples if sample.score is None)
        notes.append(
            f"NOT JUDGED: the suite failed on {suite.not_judged:,} of {suite.completions:,} completions, which are in "
            f"no score; the first: {reason or 'no reason given'}"
        )
    cut = suite.metrics["truncated"].value
    if cut >= 0.05:
        notes.append(
            f"{cut:.0%} of completions were cut off at {evaluation.max_new_tokens} tokens; most of them count as wrong"
        )
    if evaluation.temperature == 0 and evaluation.samples > 1:
        notes.append(
            "At temperature 0 all samples of an instance are alike: pass@k and maj@k tell no more than success"
        )
    if suite.completions and suite.tokens is not None and suite.tokens.known < suite.completions:
        notes.append(f"Token counts are of the {suite.tokens.known:,} completions whose backend told them")
    return notes


def render(results: Results) -> "list[RenderableType]":
    """Return the tables for a terminal, notes first; print them one after the other."""
    from rich.text import Text

    evaluation, suite = results.evaluation, results.suite
    samples = evaluation.samples
    version = f"@{evaluation.suite_version}" if evaluation.suite_version else ""
    head = Text.assemble(
        (f"{evaluation.model}", "bold"),
        f" on {evaluation.suite}{version}, {evaluation.split} split: {suite.instances:,} of {suite.expected:,} "
        f"instances x {samples}, percent with 95 % intervals",
    )
    parts: list[RenderableType] = [head, *(Text(f"! {note}", style="bold yellow") for note in results.notes)]
    tables, total = [_curve(suite, samples)], [suite] if len(results.tasks) > 1 else []
    if len(results.families) > 1:
        tables.append(_scores("Families", "family", [*results.families, suite], samples))
        tables.append(_scores("Tasks", "task", results.tasks, samples))
    else:
        tables.append(_scores("Tasks", "task", [*results.tasks, *total], samples))
    tables += [_grid(results), _answers([*results.tasks, *total], results.finished)]
    for table in tables:
        parts += [Text(), table]
    return parts


def _curve(suite: Row, samples: int) -> "Table":
    """Return pass@k, pass^k and maj@k of the suite by k."""
    table = new_table("All tasks, by k", "k", ["pass@k", "pass^k", "maj@k"])
    for k in powers_of_two(samples):
        names = (f"pass@{k}", f"pass^{k}", f"maj@{k}")
        table.add_row(str(k), *(percent(suite.metrics.get(name, NOTHING)) for name in names))
    return table


def _scores(title: str, first: str, rows: Sequence[Row], samples: int) -> "Table":
    extra = [f"pass@{samples}", f"pass^{samples}", f"maj@{samples}"] if samples > 1 else []
    table = new_table(title, first, ["success", "-chance", *extra])
    for row in rows:
        figures = [percent(row.metrics["success"]), percent(row.metrics["corrected"], interval=False)]
        figures += [percent(row.metrics[name], interval=False) for name in extra]
        table.add_row(row.name, *figures)
    return table


def _grid(results: Results) -> "Table":
    levels = sorted({row.level for row in results.arms if row.level is not None})
    table = new_table("Success, by level", "task", [str(level) for level in levels])
    found = {(row.task, row.level): row.metrics["success"] for row in results.arms}
    for row in results.tasks:
        cells = [found.get((row.task, level)) for level in levels]
        table.add_row(row.name, *(percent(cell, interval=False) if cell else "" for cell in cells))
    return table


def _answers(rows: Sequence[Row], finished: bool) -> "Table":
    """Return what is told of answers and lengths; of an unfinished evaluation, also how much of it is there."""
    there = [] if finished else ["instances"]
    columns = [*there, "no\nanswer", "un-\nreadable", "cut\noff", "not\njudged", "mean\ntokens", "median", "p95"]
    table = new_table("Answers and tokens", "task", columns)
    for row in rows:
        cells = [] if finished else [f"{row.instances}/{row.expected}"]
        cells += [percent(row.metrics[name], interval=False) for name in ("missing", "unreadable", "truncated")]
        t = row.tokens
        lengths = [f"{t.mean:.0f}", f"{t.median:.0f}", f"{t.p95:.0f}"] if t else ["-", "-", "-"]
        table.add_row(row.name, *cells, str(row.not_judged), *lengths)
    return table
