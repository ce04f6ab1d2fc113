"""``gradarium generate``: instances as JSONL."""

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from gradarium.core import SPLITS, Split
from gradarium.errors import BadFile, BadValue, UnknownName
from gradarium.generators import Task, get_task

MOST = 10_000_000
"""Instances of each task and level."""


def run(names: Sequence[str], count: int, levels: Sequence[str], split: str, start: int, out: Path) -> None:
    """Write ``count`` instances of each task and level; the file appears whole or not at all.

    Raises UnknownName, BadValue, CannotPose, or BadFile when ``out`` cannot be written.
    """
    if not 1 <= count <= MOST:
        raise BadValue("--count", count, f"must be from 1 to {MOST}")
    if start < 0:
        raise BadValue("--start", start, "must be 0 or more")
    if split not in SPLITS:
        raise UnknownName("split", split, SPLITS)
    jobs = [(task, level) for task in map(get_task, dict.fromkeys(names)) for level in read_levels(task, levels)]
    lines = _lines(jobs, count, split, start)
    if str(out) == "-":
        for line in lines:
            sys.stdout.write(line)
        return
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            _write(lines, len(jobs) * count, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, out)
    except OSError as error:
        raise BadFile(out, f"cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def read_levels(task: Task, texts: Sequence[str]) -> list[int]:
    """Return the levels that texts such as ``3``, ``0-2`` and ``0,4`` name, sorted; all if there is none."""
    if not texts:
        return list(range(len(task.levels)))
    levels: set[int] = set()
    for text in ",".join(texts).split(","):
        found = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", text.strip(), re.ASCII)
        if not found:
            raise BadValue("--level", text, "must be a number such as 3, a range such as 0-2, or a list such as 0,4")
        levels.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    for level in sorted(levels):
        task.params(level)
    return sorted(levels)


def _lines(jobs: Sequence[tuple[Task, int]], count: int, split: Split, start: int) -> Iterator[str]:
    for task, level in jobs:
        for index in range(start, start + count):
            yield json.dumps(task.pose(index, level, split).to_json()) + "\n"


def _write(lines: Iterator[str], total: int, file: TextIO) -> None:
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    for line in track(lines, "generating", total=total, console=console, disable=not console.is_terminal):
        file.write(line)
