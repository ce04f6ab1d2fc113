"""How far training carries: train level x test level of each task, tasks that were never trained, other phrasings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradarium.errors import BadFile, BadValue, UnknownName
from gradarium.generators.levels import parse_levels
from gradarium.trainers.data import Arm
from gradarium.trainers.evaluation.compare import Comparison, check_same, compare, gain_in_success
from gradarium.trainers.evaluation.results import (
    NOTHING,
    Read,
    Results,
    means_over,
    read_folder,
    results_of,
    seed_of,
)
from gradarium.trainers.evaluation.settings import Evaluation
from gradarium.trainers.evaluation.statistics import Estimate, Replicates, resample
from gradarium.trainers.evaluation.tables import new_table, percent, signed

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

FORMAT = 1
"""Version of what ``Generalisation.to_json`` writes."""

Trained = Mapping[str, frozenset[int]]
"""Task -> levels that a model was trained on; a task that is not there was not trained."""

GROUPS = ("trained levels", "other levels", "unseen tasks")

PARENTS = 4
"""Folders above a model's in which the configuration of its run is looked for."""


@dataclass(frozen=True)
class Entry:
    """One evaluation, with what its model was trained on."""

    name: str
    read: Read
    trained: Trained

    @property
    def evaluation(self) -> Evaluation:
        """What was asked."""
        return self.read.evaluation

    def group_of(self, arm: Arm) -> str:
        """Return which of ``GROUPS`` an arm is in."""
        levels = self.trained.get(arm.task)
        if not levels:
            return GROUPS[2]
        return GROUPS[0] if arm.level in levels else GROUPS[1]


def trained_in_run(model: str, beside: Path) -> Trained | None:
    """Return what the run that a model folder lies in was trained on, from its ``config.json``; None outside of runs.

    A relative path is looked for from here and from the folders above ``beside``. Raises BadFile for a damaged file.
    """
    places = [Path(model), *(parent / model for parent in beside.resolve().parents)]
    folder = next((place.resolve() for place in places if place.is_dir()), None)
    if folder is None:
        return None
    for place in [folder, *folder.parents][: PARENTS + 1]:
        path = place / "config.json"
        if not path.is_file():
            continue
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if "grpo" in data:  # a model has a config.json of its own
                return {entry["name"]: frozenset(entry["levels"]) for entry in data["task"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadFile(path, f"is no configuration of a run: {error}") from None
    return None


def parse_trained(text: str, evaluation: Evaluation, option: str = "--trained") -> Trained:
    """Return what a text such as ``0,1``, ``sudoku:0-2+countdown:0`` or ``none`` says a model was trained on.

    Levels without a task mean every task of the evaluation. Raises BadValue, or UnknownName for a task that the
    evaluation does not have.
    """
    levels: dict[str, set[int]] = {}
    for arm in evaluation.arms:
        levels.setdefault(arm.task, set()).add(arm.level)
    if text.strip() == "none":
        return {}
    found: dict[str, frozenset[int]] = {}
    for part in text.split("+"):
        task, colon, numbers = part.rpartition(":")
        if colon and task.strip() not in levels:
            raise UnknownName("task of the evaluation", task.strip(), levels)
        wanted = parse_levels(numbers, option)
        for name in [task.strip()] if colon else levels:
            found[name] = frozenset(levels[name] if wanted is None else wanted)
    return found


def read_entries(folders: Sequence[Path], tagged: Sequence[str]) -> list[Entry]:
    """Return the evaluations of some folders.

    Args:
        folders: Evaluations of models that lie in runs.
        tagged: ``LEVELS=FOLDER``, for what no run tells, or to say it otherwise.

    Raises:
        BadFile: A folder holds no evaluation, is named twice, or nothing tells what its model was trained on.
        BadValue: A tag is malformed.
    """
    said: dict[Path, str] = {}
    for text in tagged:
        levels, equals, folder = text.partition("=")
        if not equals or not folder:
            raise BadValue("--trained", text, "must be LEVELS=FOLDER, such as 0,1=evals/a or none=evals/base")
        if Path(folder) in said:
            raise BadFile(folder, "is named by two --trained; give it one")
        said[Path(folder)] = levels
    paths = list(dict.fromkeys([*folders, *said]))
    entries = []
    for path in paths:
        read = read_folder(path)
        if path in said:
            trained: Trained | None = parse_trained(said[path], read.evaluation)
        else:
            trained = trained_in_run(read.evaluation.model, path)
        if trained is None:
            reason = f"its model {read.evaluation.model} lies in no run here, so say what it was trained on"
            raise BadFile(path, f"{reason}: --trained 0,1={path} (or sudoku:0-2+countdown:0=, or none=)")
        entries.append(Entry(str(path), read, trained))
    return entries


@dataclass(frozen=True)
class Line:
    """A line of the matrix of a task: one model at every test level."""

    name: str
    trained: tuple[int, ...]
    """Levels of this task that the model was trained on."""
    success: dict[int, Estimate]
    """Test level -> success."""


@dataclass(frozen=True)
class Share:
    """How a model does on one of ``GROUPS``."""

    name: str
    group: str
    arms: int
    success: Estimate
    gain: Estimate
    """Paired difference to the untrained model; NaN where no folder is of one."""


@dataclass(frozen=True)
class Reskinned:
    """A model on the same instances in another phrasing."""

    name: str
    plain: str
    """The evaluation with the lower number of the phrasing."""
    template: int
    comparison: Comparison


@dataclass(frozen=True)
class Generalisation:
    """All that some evaluations tell of how far training carries."""

    matrices: dict[str, tuple[Line, ...]]
    """Task -> a line for each model."""
    shares: tuple[Share, ...]
    reskinned: tuple[Reskinned, ...]
    untrained: str
    """The folder that gains are measured from; empty where there is none."""
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; null where nothing is known."""
        return {
            "format": FORMAT,
            "untrained": self.untrained or None,
            "notes": list(self.notes),
            "matrices": {
                task: [
                    {
                        "name": line.name,
                        "trained": list(line.trained),
                        "success": {str(level): cell.to_json() for level, cell in line.success.items()},
                    }
                    for line in lines
                ]
                for task, lines in self.matrices.items()
            },
            "shares": [
                {**vars(share), "success": share.success.to_json(), "gain": share.gain.to_json()}
                for share in self.shares
            ],
            "reskinned": [
                {
                    "name": found.name,
                    "plain": found.plain,
                    "template": found.template,
                    "total": found.comparison.total.to_json(),
                    "tasks": [change.to_json() for change in found.comparison.tasks],
                }
                for found in self.reskinned
            ],
        }


def generalise(entries: Sequence[Entry], allow: Sequence[str] = ()) -> Generalisation:
    """Return how far training carries; raises NotAlike where the evaluations did not ask the same.

    Phrasings (``template``) may differ: the matrix takes the evaluations with the lowest, and those of the same model
    with another one are compared with it.
    """
    if len(entries) < 2:
        raise BadValue("folders", [entry.name for entry in entries], "one evaluation says nothing; name two or more")
    first, notes = entries[0], []
    for entry in entries[1:]:
        told = check_same(first.read, entry.read, (first.name, entry.name), [*allow, "template"])
        notes += [f"{entry.name}: {what}" for what in told if not what.startswith("template ")]
    lowest = min(entry.evaluation.template for entry in entries)
    plain = [entry for entry in entries if entry.evaluation.template == lowest]
    results = {entry.name: results_of(entry.read) for entry in plain}
    notes += [f"{name}: {note}" for name, result in results.items() for note in result.notes if not result.finished]
    untrained = next((entry for entry in plain if not any(entry.trained.values())), None)
    tasks = dict.fromkeys(arm.task for entry in plain for arm in entry.evaluation.arms)
    return Generalisation(
        matrices={task: tuple(_line(entry, results[entry.name], task) for entry in plain) for task in tasks},
        shares=tuple(share for entry in plain for share in _shares(entry, untrained)),
        reskinned=tuple(_reskinned(entries, allow)),
        untrained=untrained.name if untrained else "",
        notes=tuple(notes),
    )


def _line(entry: Entry, results: Results, task: str) -> Line:
    cells = {row.level: row.metrics["success"] for row in results.arms if row.task == task and row.level is not None}
    return Line(entry.name, tuple(sorted(entry.trained.get(task, ()))), cells)


def _shares(entry: Entry, untrained: Entry | None) -> list[Share]:
    """Return how a model does on each group of arms that there is; for the untrained one, on all."""
    arms = list(entry.read.planned())
    grouped = {group: [arm for arm in arms if entry.group_of(arm) == group] for group in GROUPS}
    found = []
    for group, members in grouped.items():
        if members:
            base = untrained if untrained not in (None, entry) else None
            gain = gain_in_success(base.read, entry.read, members) if base else NOTHING
            found.append(Share(entry.name, group, len(members), _success(entry.read, members), gain))
    return found


def _success(read: Read, arms: Sequence[Arm]) -> Estimate:
    def draw(arm: Arm) -> Replicates | None:
        values = [[outcome.success] for outcome in read.outcomes[arm].values() if outcome.judged]
        return resample(np.array(values), seed=seed_of(arm)) if values else None

    mean = means_over(arms, draw).suite
    return mean[0] if mean else NOTHING


def _reskinned(entries: Sequence[Entry], allow: Sequence[str]) -> list[Reskinned]:
    models: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        models.setdefault((entry.evaluation.model, entry.evaluation.weights), []).append(entry)
    found = []
    for same in models.values():
        plain, *others = sorted(same, key=lambda entry: entry.evaluation.template)
        for other in others:
            if other.evaluation.template != plain.evaluation.template:
                comparison = compare(plain.read, other.read)
                found.append(Reskinned(other.name, plain.name, other.evaluation.template, comparison))
    return found


def levels_text(levels: Sequence[int]) -> str:
    """Return levels as they are written on the command line.

    >>> levels_text([0, 1, 2, 4])
    '0-2,4'
    """
    runs: list[list[int]] = []
    for level in sorted(levels):
        if runs and level == runs[-1][-1] + 1:
            runs[-1].append(level)
        else:
            runs.append([level])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs) or "-"


def render(found: Generalisation) -> "list[RenderableType]":
    """Return the tables for a terminal, notes first."""
    from rich.text import Text

    parts: list[RenderableType] = [Text(f"! {note}", style="bold yellow") for note in found.notes]
    tables = [_shares_table(found), *(_matrix_table(task, lines) for task, lines in found.matrices.items())]
    if found.reskinned:
        tables.append(_reskinned_table(found.reskinned))
    for table in tables:
        parts += [table, Text()]
    return parts


def _shares_table(found: Generalisation) -> "Table":
    # A folder's name is no head of a column of numbers, which would be squeezed beside a long one.
    title = "How far training carries (success in percent"
    title += f", gain over {found.untrained})" if found.untrained else ")"
    columns = ["on", "arms", "success", *(["gain"] if found.untrained else [])]
    table = new_table(title, "evaluation", columns)
    last = ""
    for share in found.shares:
        gain = signed(share.gain) if share.gain.instances else ""
        cells = [share.name if share.name != last else "", share.group, str(share.arms), percent(share.success)]
        table.add_row(*cells, *([gain] if found.untrained else []))
        last = share.name
    return table


def _matrix_table(task: str, lines: Sequence[Line]) -> "Table":
    """Return trained levels x test levels; what was trained has a star."""
    levels = sorted({level for line in lines for level in line.success})
    table = new_table(f"{task}: trained on x tested on", "evaluation", ["trained", *(str(level) for level in levels)])
    for line in lines:
        cells = [
            (percent(line.success[level], False) if level in line.success else "")
            + ("*" if level in line.trained else " ")
            for level in levels
        ]
        table.add_row(line.name, levels_text(line.trained), *cells)
    return table


def _reskinned_table(found: Sequence[Reskinned]) -> "Table":
    table = new_table(
        "The same problems in another phrasing", "evaluation", ["template", "plain", "other", "difference"]
    )
    for row in found:
        total = row.comparison.total
        sides = [percent(side["success"], False) for side in (total.base, total.trained)]
        table.add_row(row.name, str(row.template), *sides, signed(total.difference["success"]))
    return table
