"""Levels of a dial written as text: ``3``, ``0-2``, ``0,4``, ``all``."""

import re
from collections.abc import Sequence

from gradarium.errors import BadValue
from gradarium.generators.task import Task

MOST = 1_000
"""Levels from here on are no levels: a slip such as 0-99999 is told before anything counts up to it."""


def parse_levels(text: str, option: str = "--level") -> tuple[int, ...] | None:
    """Return the levels that a text names, sorted, each once; None for ``all``. Raises BadValue naming ``option``.

    >>> parse_levels("0-2,4")
    (0, 1, 2, 4)
    """
    if text.strip() == "all":
        return None
    levels: set[int] = set()
    for part in text.split(","):
        found = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", part.strip(), re.ASCII)
        if not found:
            raise BadValue(option, text, "must be a number such as 3, a range such as 0-2, a list such as 0,4, or all")
        first, last = int(found[1]), int(found[2] or found[1])
        if first > last:
            raise BadValue(option, text, f"the range {part.strip()} runs backwards; write {last}-{first}")
        if last >= MOST:
            raise BadValue(option, text, f"no ladder has a level {last}; levels are below {MOST}")
        levels.update(range(first, last + 1))
    return tuple(sorted(levels))


def read_levels(task: Task, texts: Sequence[str], option: str = "--level") -> list[int]:
    """Return the levels of a task that some texts name, sorted; all of them where there is no text.

    Raises BadValue, or UnknownName for a level that the task does not have.
    """
    levels: set[int] = set()
    for text in texts or ("all",):
        found = parse_levels(text, option)
        levels.update(range(len(task.levels)) if found is None else found)
    for level in sorted(levels):
        task.params(level)
    return sorted(levels)


def levels_text(levels: Sequence[int]) -> str:
    """Return sorted levels in the way in which files write them.

    >>> levels_text([0, 1, 2, 5])
    '0-2,5'
    """
    runs: list[list[int]] = []
    for level in sorted(levels):
        if runs and runs[-1][-1] == level - 1:
            runs[-1].append(level)
        else:
            runs.append([level])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
