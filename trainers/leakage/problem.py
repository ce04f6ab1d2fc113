"""What two rows are compared by: the key of the problem, and the text of the prompt."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from gradarium.core import content_key
from gradarium.errors import BadFile, UnknownName
from gradarium.generators import get_task, task_names
from gradarium.trainers.data_out.reading import Place, read_rows
from gradarium.verifiers import get_format

TEXTS = ("prompt", "question", "messages", "text", "problem", "content")
"""Columns that are looked for, in this order, where none is named."""


class Problem(NamedTuple):
    """One row."""

    place: Place
    task: str
    """Empty where the row does not say."""
    level: int | None
    key: str
    """Recomputed from the payload where the task is known, as stated where it is not, empty where there is none."""
    stated: str
    """The key that stands in the row, if any."""
    trusted: bool
    """The key could not be recomputed: the task is not installed, or the row has no payload."""
    text: str
    """Empty where there is none."""


def read_problems(path: Path, column: str | None, keys: bool = True, told: bool = True) -> Iterator[Problem]:
    """Yield the problems of a file or folder; without keys where ``keys`` is False, which is faster.

    Raises BadFile for a damaged file, and for a row with neither text nor payload.
    """
    for place, row in read_rows(path, told):
        inner = row.get("instance")
        yield _problem(place, inner if isinstance(inner, dict) else row, column, keys)


def _problem(place: Place, row: dict[str, Any], column: str | None, keys: bool) -> Problem:
    extra = row.get("extra_info")
    rest = extra if isinstance(extra, dict) else {}
    task = row.get("task", row.get("data_source"))
    task = task if isinstance(task, str) else ""
    level = row.get("level", rest.get("level"))
    stated = row.get("key", rest.get("key"))
    stated = stated if isinstance(stated, str) else ""
    payload = _payload(place, row)
    text = _text(place, row, column)
    if not text and payload is None and not stated:
        looked = column or ", ".join(TEXTS)
        raise BadFile(place, f"has neither a text (columns looked for: {looked}) nor a payload; name it with --column")
    key, trusted = (_key(place, task, payload, stated)) if keys else ("", False)
    return Problem(place, task, level if type(level) is int else None, key, stated, trusted, text)


def _payload(place: Place, row: dict[str, Any]) -> Any:
    model = row.get("reward_model")
    payload = row.get("payload", model.get("ground_truth") if isinstance(model, dict) else None)
    if isinstance(payload, str):
        try:
            return json.loads(payload)
        except (ValueError, RecursionError):
            if "payload" in row:
                raise BadFile(place, "its payload is no JSON") from None
            return None  # the ground truth of somebody else's data
    return payload


def _key(place: Place, task: str, payload: Any, stated: str) -> tuple[str, bool]:
    """Return the key, and whether it is the stated one."""
    if payload is None or task not in _known():
        return stated, bool(stated)
    try:
        return content_key(task, get_task(task).canonical(payload)), False
    except Exception as error:  # whatever a payload that is none of the task's makes of its code
        told = f"{type(error).__name__}: {error}"
        raise BadFile(place, f"its payload is none of the task {task!r} ({told[:100]})") from None


_names: set[str] = set()


def _known() -> set[str]:
    _names.update(_names or task_names())
    return _names


def _text(place: Place, row: dict[str, Any], column: str | None) -> str:
    if column is not None:
        if column not in row:
            raise BadFile(place, f"has no column {column!r}, only {', '.join(map(str, row))}")
        return _spoken(row[column])
    if isinstance(row.get("question"), str) and isinstance(row.get("example"), str) and "answer_format" in row:
        # An instance: the prompt that other files hold in full.
        try:
            return f"{row['question']}\n\n{get_format(row['answer_format']).ask(row['example'])}"
        except UnknownName:
            return str(row["question"])
    for name in TEXTS:
        if found := _spoken(row.get(name)):
            return found
    return ""


def _spoken(value: Any) -> str:
    """Return a text, or what the user says in chat messages."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    said = [m for m in value if isinstance(m, dict) and isinstance(m.get("content"), str)]
    users = [m["content"] for m in said if m.get("role") == "user"]
    return users[-1] if users else ""
