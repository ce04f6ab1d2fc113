"""What is asked in an evaluation, and how: the content of ``evaluation.json``."""

import dataclasses
import json
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradarium.core import Instance, Split
from gradarium.errors import BadFile, BadValue
from gradarium.generators import get_task

FORMAT = 1
"""Version of the folder's format."""


@dataclass(frozen=True)
class PlannedArm:
    """Instances ``start`` ... ``start + count - 1`` of one level of a task."""

    task: str
    level: int
    version: int
    """Version of the task: another version poses other instances."""
    start: int
    count: int
    chance: float
    """The most a constant answer may score."""
    answer_format: str = ""
    """Empty: the task's own."""

    def __str__(self) -> str:
        return f"{self.task}/{self.level}"


@dataclass(frozen=True)
class Evaluation:
    """Everything that a completion depends on, and what only says where it came from (``REMARKS``)."""

    suite: str
    """A name of ``gradarium suites``, ``family:...``, ``tag:...``, ``tasks``, or ``mixture`` (of a configuration)."""
    suite_version: int
    """0 for what is not pinned."""
    model: str
    backend: str
    """``local`` or ``endpoint``."""
    samples: int
    """Completions of each instance."""
    temperature: float
    """0 is greedy."""
    max_new_tokens: int
    style: str
    shots: int
    template: int
    answer_format: str
    """For all tasks; empty: each task's own."""
    seed: int
    split: Split
    arms: tuple[PlannedArm, ...]
    chat: bool = True
    """Prompts go through the chat template."""
    engine: str = ""
    """Local models: name in ``ENGINES``."""
    batch: int = 0
    """Local models: completions that are sampled together; their noise depends on it."""
    device: str = ""
    """Local models: cpu or cuda."""
    threads: int = 0
    """Local models: CPU threads; bytes are equal only for one number of them."""
    weights: str = ""
    """Local models: fingerprint of the weights."""
    base_url: str = ""
    """Endpoints: where it was first asked."""
    api_key_env: str = ""
    """Endpoints: name of the environment variable that holds the key; the key itself is written nowhere."""
    sandbox: str = ""
    """Tier in which programs and SQL of the model ran; empty where no task needs one."""
    isolation: str = ""
    """Level of isolation of that tier."""

    @property
    def total(self) -> int:
        """Number of completions."""
        return self.samples * sum(arm.count for arm in self.arms)

    def pose(self, arm: PlannedArm, index: int) -> Instance:
        """Return an instance of an arm; raises as ``Task.pose``."""
        chosen = arm.answer_format or self.answer_format or None
        return get_task(arm.task).pose(index, arm.level, self.split, answer_format=chosen)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"format": FORMAT, **json.loads(json.dumps(dataclasses.asdict(self)))}

    def differences(self, other: "Evaluation") -> list[str]:
        """Return ``name: own value, not the other's`` for all on which a completion depends."""
        found = []
        for field in dataclasses.fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if mine == theirs or field.name in REMARKS:
                continue
            if field.name == "arms":
                found.append(_arms_apart(mine, theirs))
            else:
                found.append(f"{field.name} is {mine!r} there and {theirs!r} here")
        return found


REMARKS = frozenset({"base_url", "api_key_env", "sandbox", "isolation"})
"""Fields that may differ when an evaluation goes on: a server may have moved."""


def _arms_apart(mine: Sequence[PlannedArm], theirs: Sequence[PlannedArm]) -> str:
    for a, b in zip(mine, theirs, strict=False):
        if str(a) != str(b):
            return f"arms: {a} there and {b} here"
        if a != b:
            names = [f.name for f in dataclasses.fields(a) if getattr(a, f.name) != getattr(b, f.name)]
            return f"arms: {names[0]} of {a} is {getattr(a, names[0])} there and {getattr(b, names[0])} here"
    return f"arms: {len(mine)} there and {len(theirs)} here"


def read_evaluation(path: Path) -> Evaluation:
    """Return what an ``evaluation.json`` holds; raises BadFile."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadFile(path, f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise BadFile(path, "is not whole JSON; the completions beside it need it: restore it, or start anew") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else type(data).__name__
        raise BadFile(path, f"has the format {found!r}; this version reads format {FORMAT}")
    try:
        arms = tuple(_build(PlannedArm, arm) for arm in data.pop("arms"))
        del data["format"]
        return _build(Evaluation, {**data, "arms": arms})
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadFile(path, f"is no evaluation: {error}") from None


_T = typing.TypeVar("_T")


def _build(cls: type[_T], data: Mapping[str, Any]) -> _T:
    """Return an instance after a look at the types; raises TypeError."""
    hints = typing.get_type_hints(cls)
    for name, value in data.items():
        wanted = hints.get(name)
        if wanted in (int, str, bool, float) and type(value) is not wanted and (wanted, type(value)) != (float, int):
            raise TypeError(f"{name} = {value!r} should be {wanted.__name__}")
    return cls(**data)


def check_versions(evaluation: Evaluation) -> None:
    """Raise BadValue where an installed task has another version than the one that was asked."""
    for arm in evaluation.arms:
        installed = get_task(arm.task).version
        if installed != arm.version:
            reason = f"is version {installed} here, the evaluation asks version {arm.version}: start a new one"
            raise BadValue("task", arm.task, reason)
