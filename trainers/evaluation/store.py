"""The folder of an evaluation: what is asked, and an append-only list of completions that survives being killed."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from gradarium.errors import BadFile
from gradarium.trainers.evaluation.replies import FAILED
from gradarium.trainers.evaluation.settings import Evaluation, read_evaluation
from gradarium.trainers.folder_lock import lock_folder
from gradarium.trainers.records import write_text

SETTINGS, COMPLETIONS, RESULTS = "evaluation.json", "completions.jsonl", "results.json"


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """Which completion."""

    task: str
    level: int
    index: int
    sample: int


class Store:
    """The folder of an evaluation that is going on; use as a context manager, which keeps other processes out."""

    def __init__(self, folder: Path, evaluation: Evaluation, resume: bool = False) -> None:
        """Make the folder, or take up one that holds the same evaluation.

        What a kill left half-written is cut, and what could not be had is forgotten, so that it is asked again.

        Raises:
            MissingExtra: Neither the extra ``train`` nor ``endpoint`` is installed.
            BadFile: The folder is in use, holds an evaluation and ``resume`` is False, holds one with other settings,
                or is damaged; nothing in it is changed then.
        """
        self.folder, self.evaluation = folder, evaluation
        self.path = folder / COMPLETIONS
        if folder.exists() and not folder.is_dir():
            raise BadFile(folder, f"is a file; name a folder, the results are in its {RESULTS}")
        self._lock = lock_folder(folder)
        try:
            self._take_up(resume)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def __len__(self) -> int:
        """Number of completions that are there."""
        return len(self._there)

    def __contains__(self, key: object) -> bool:
        return key in self._there

    def append(self, lines: Iterable[dict[str, Any]]) -> None:
        """Write completions down; when this returns they are on the disk. Those that are there already are left out.

        Raises BadFile when the disk refuses; what was written before stays.
        """
        fresh = [line for line in lines if key_of(line) not in self._there]
        try:
            with self.path.open("ab") as file:
                file.write(b"".join(json.dumps(line).encode() + b"\n" for line in fresh))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise BadFile(self.path, f"cannot be written: {error}; make room and go on with --resume") from None
        self._there.update(key_of(line) for line in fresh if line["finish"] != FAILED)

    def _take_up(self, resume: bool) -> None:
        settings = self.folder / SETTINGS
        self._there: set[Key] = set()
        if not self.path.exists() or self.path.stat().st_size == 0:  # nothing was answered: nothing can be lost
            self._write_settings(settings)
            return
        if not settings.exists():
            raise BadFile(self.path, f"lies there without its {SETTINGS}; restore it, or choose another --out")
        if not resume:
            raise BadFile(self.folder, "already holds an evaluation; add --resume to go on, or choose another --out")
        earlier = read_evaluation(settings)
        differences = earlier.differences(self.evaluation)
        if differences:
            raise BadFile(settings, f"was made with other settings: {'; '.join(differences)}; choose another --out")
        lines, changed = _whole_lines(self.path)
        kept: dict[Key, dict[str, Any]] = {}
        known = {(arm.task, arm.level): arm for arm in self.evaluation.arms}
        for number, line in enumerate(lines, 1):
            key = key_of(line)
            arm = known.get((key.task, key.level))
            inside = arm is not None and arm.start <= key.index < arm.start + arm.count
            if not inside or not 0 <= key.sample < self.evaluation.samples:
                where = f"{key.task}/{key.level}, instance {key.index}, sample {key.sample}"
                raise BadFile(self.path, f"line {number} ({where}) is no part of this evaluation; take it out")
            if line["finish"] != FAILED:
                kept.setdefault(key, line)
        if changed or len(kept) < len(lines):
            write_text(self.path, "".join(json.dumps(line) + "\n" for line in kept.values()))
        self._there = set(kept)
        if earlier != self.evaluation:  # the server moved, say
            self._write_settings(settings)

    def _write_settings(self, path: Path) -> None:
        write_text(path, json.dumps(self.evaluation.to_json(), indent=1) + "\n")


def key_of(line: Mapping[str, Any]) -> Key:
    """Return which completion a line is."""
    return Key(line["task"], line["level"], line["index"], line["sample"])


def read_completions(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a ``completions.jsonl``, sorted; one that a kill left half-written, the last, is left out.

    Raises BadFile for any other that is damaged.
    """
    return sorted(_whole_lines(path)[0], key=key_of)  # replies of an endpoint arrive in any order


_FIELDS: dict[str, tuple[type, ...]] = {
    "task": (str,),
    "level": (int,),
    "index": (int,),
    "sample": (int,),
    "text": (str,),
    "answer": (str, type(None)),
    "tokens": (int, type(None)),
    "finish": (str,),
    "status": (str,),
    "score": (float, int, type(None)),
    "reason": (str,),
}


def _whole_lines(path: Path) -> tuple[list[dict[str, Any]], bool]:
    """Return the lines, and whether a torn one was left out at the end."""
    try:
        data = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise BadFile(path, f"cannot be read: {error}") from None
    *rows, torn = data.split(b"\n")
    lines = []
    for number, row in enumerate(rows, 1):
        try:
            line = json.loads(row)
            if not all(isinstance(line[name], kinds) for name, kinds in _FIELDS.items()):
                raise ValueError
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadFile(path, f"line {number} is damaged; take it out to have it asked again") from None
        lines.append(line)
    return lines, bool(torn)
