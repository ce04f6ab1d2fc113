"""Completions as they were stored: by an evaluation, by a run, or beside their instances by anyone."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from gradarium.core import SPLITS, Instance, Status
from gradarium.errors import BadFile, GradariumError, UnknownName
from gradarium.generators import get_task
from gradarium.trainers.data_out.reading import Place, read_rows
from gradarium.trainers.evaluation.replies import FAILED
from gradarium.trainers.evaluation.settings import read_evaluation
from gradarium.verifiers import FORMATS, get_format

# Two of these are also named in evaluation.store, which needs more than the core to be imported.
COMPLETIONS, SETTINGS, SAMPLES = "completions.jsonl", "evaluation.json", "samples.jsonl"


class Stored(NamedTuple):
    """One stored completion."""

    place: Place
    row: dict[str, Any]
    """The line as it stands."""
    task: str
    level: int | None
    payload: dict[str, Any]
    answer_format: str
    text: str
    status: str | None
    """The stored verdict's; None where it was not stored."""
    score: float | None
    """The stored verdict's; None where it was not stored, or the suite failed to judge."""
    scored: bool
    """Whether a score was stored."""


_Reader = Callable[[Place, dict[str, Any]], Stored | None]


def read_stored(path: Path) -> Iterator[Stored]:
    """Yield the completions of an evaluation's or a run's folder or file, or of lines with ``instance``.

    Replies that an endpoint never gave are left out. Raises BadFile for what is damaged, and where the instances
    cannot be posed again because their task has changed.
    """
    if path.is_dir():
        found = [path / name for name in (COMPLETIONS, SAMPLES) if (path / name).is_file()]
        if not found:
            raise BadFile(path, f"holds neither {COMPLETIONS} (of an evaluation) nor {SAMPLES} (of a run)")
        path = found[0]
    reader: _Reader | None = None
    for place, row in read_rows(path):
        reader = reader or _reader_of(place, row)
        stored = reader(place, row)
        if stored is not None:
            yield stored


def _reader_of(place: Place, row: dict[str, Any]) -> _Reader:
    """Return what reads the lines of a file, by its first line."""
    if isinstance(row.get("instance"), dict) and "completion" in row:
        return _with_instance
    if {"arm", "index", "completion"} <= set(row):
        return _sample
    if {"task", "level", "index", "sample", "text"} <= set(row):
        return _of_evaluation(place.path.with_name(SETTINGS))
    raise BadFile(
        place,
        f"is no stored completion; give the {COMPLETIONS} of an evaluation, the {SAMPLES} of a run, or lines with "
        "'instance', 'completion' and 'score'",
    )


def _with_instance(place: Place, row: dict[str, Any]) -> Stored:
    try:
        instance = Instance.from_json(row["instance"])
        text = row["completion"]
        if not isinstance(instance.payload, dict) or not all(isinstance(v, str) for v in (text, instance.task)):
            raise TypeError
    except (KeyError, TypeError, GradariumError):
        raise BadFile(place, "needs an 'instance' as 'gradarium generate' writes it, and a text 'completion'") from None
    return _stored(place, row, instance, text)


def _sample(place: Place, row: dict[str, Any]) -> Stored:
    try:
        task, _, step = row["arm"].rpartition("/")
        version, answer_format = row["version"], row["answer_format"]
        level, index, text = int(step), row["index"], row["completion"]
        if not isinstance(text, str) or type(index) is not int:
            raise TypeError
    except KeyError as error:
        raise BadFile(place, f"lacks {error}: older runs did not store what it takes to judge again") from None
    except (AttributeError, TypeError, ValueError):
        raise BadFile(place, "is no sample of a run") from None
    _check_version(place, task, version)
    instance = _at(place, lambda: get_task(task).pose(index, level, "train", answer_format=str(answer_format)))
    if row.get("question") != instance.question:
        raise BadFile(place, f"{row['arm']} instance {row['index']} is posed otherwise today; its stream has changed")
    return _stored(place, row, instance, text)


def _of_evaluation(settings: Path) -> _Reader:
    if not settings.is_file():
        raise BadFile(settings, "is missing: it says which instances the completions beside it answer")
    evaluation = read_evaluation(settings)
    arms = {(arm.task, arm.level): arm for arm in evaluation.arms}
    if evaluation.split not in SPLITS:
        raise BadFile(settings, f"has the unknown split {evaluation.split!r}")
    posed = lru_cache(64)(evaluation.pose)  # the samples of an instance stand near each other

    def read(place: Place, row: dict[str, Any]) -> Stored | None:
        arm = arms.get((str(row.get("task")), row["level"])) if type(row.get("level")) is int else None
        if arm is None or not isinstance(row.get("text"), str) or type(row.get("index")) is not int:
            raise BadFile(place, f"is no completion of the evaluation in {settings.name}")
        if row.get("finish") == FAILED:
            return None
        _check_version(place, arm.task, arm.version)
        return _stored(place, row, _at(place, lambda: posed(arm, row["index"])), row["text"])

    return read


def _check_version(place: Place, task: str, version: object) -> None:
    try:
        today = get_task(task).version
    except GradariumError as error:
        raise BadFile(place, str(error)) from None
    if version != today:
        raise BadFile(
            place,
            f"{task} was version {version} and is version {today} today: its stream of instances changed, and what was "
            f"answered cannot be posed again; judge it with the release of gradarium that made it",
        )


def _at(place: Place, pose: Callable[[], Instance]) -> Instance:
    """Return the instance of a line; an error says which line."""
    try:
        return pose()
    except GradariumError as error:
        raise BadFile(place, str(error)) from None


def _stored(place: Place, row: dict[str, Any], instance: Instance, text: str) -> Stored:
    verdict = row["verdict"] if isinstance(row.get("verdict"), dict) else row
    status, score, scored = verdict.get("status"), verdict.get("score"), "score" in verdict
    if status is not None and status not in list(Status):
        raise BadFile(place, f"has the unknown status {json.dumps(status)}")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
        raise BadFile(place, f"has the score {json.dumps(score)}, which is no number")
    if status is None and not scored:
        raise BadFile(place, "has neither 'score' nor 'status', so there is nothing to compare with")
    try:
        if instance.answer_format is not None:
            get_format(instance.answer_format)
    except (UnknownName, TypeError):
        told = f"has the unknown answer format {json.dumps(instance.answer_format)}; known are {', '.join(FORMATS)}"
        raise BadFile(place, told) from None
    return Stored(
        place,
        row,
        instance.task,
        instance.level,
        instance.payload,
        instance.answer_format,
        text,
        status,
        score,
        scored,
    )
