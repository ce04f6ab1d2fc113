"""``gradarium generate``: instances as JSON lines, Parquet, or a folder for ``datasets``."""

from collections.abc import Sequence
from pathlib import Path

from gradarium.core import SPLITS
from gradarium.envs.prompts import check_style
from gradarium.errors import BadValue, UnknownName
from gradarium.generators.levels import read_levels
from gradarium.trainers.data_out import COLUMNS, Request, print_lines, write
from gradarium.trainers.mixture import expand, tasks_of
from gradarium.trainers.progress import say
from gradarium.verifiers import get_format

MOST = 10_000_000
"""Instances of each task and level."""
LAST = 2**62
"""Highest start: indices are 64-bit numbers in Parquet."""


def run(
    names: Sequence[str],
    *,
    count: int,
    levels: Sequence[str],
    split: str,
    start: int,
    out: Path,
    shards: int | None,
    workers: int,
    columns: str,
    style: str,
    answer_format: str,
) -> None:
    """Write ``count`` instances of each task and level, to standard output where ``out`` is ``-``.

    Raises UnknownName, BadValue, CannotPose, MissingExtra, or BadFile when ``out`` cannot be written.
    """
    if not 1 <= count <= MOST:
        raise BadValue("--count", count, f"must be from 1 to {MOST}")
    if not 0 <= start <= LAST:
        raise BadValue("--start", start, f"must be from 0 to {LAST}")
    if workers < 1:
        raise BadValue("--workers", workers, "must be at least 1")
    if split not in SPLITS:
        raise UnknownName("split", split, SPLITS)
    if columns not in COLUMNS:
        raise UnknownName("format", columns, COLUMNS)
    if answer_format:
        get_format(answer_format)
    request = Request(_arms(names, levels), count, split, start, columns, check_style(style), answer_format)
    if str(out) == "-":
        if shards is not None:
            raise BadValue("--shards", shards, "standard output is one stream; name a file with --out")
        print_lines(request, workers)
        return
    try:
        files = write(request, out, shards, workers)
    except KeyboardInterrupt:
        if shards is None and out.suffix:
            say(f"nothing was written to {out}; with --shards, finished shards are kept")
        raise
    say(f"{out}: {request.total} instances in {len(files)} file{'s' if len(files) > 1 else ''}")


def _arms(names: Sequence[str], levels: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return task and level of each arm; over a group, as in a mixture, levels that a task lacks are left out."""
    arms: dict[tuple[str, int], None] = {}
    for name in names:
        found = tasks_of(name)
        if [task.name for task in found] == [name]:
            arms |= dict.fromkeys((name, level) for level in read_levels(found[0], levels))
            continue
        for part in expand([{"name": name, "levels": ",".join(levels) or "all"}]):
            arms |= dict.fromkeys((part.entry["name"], level) for level in part.entry["levels"])
    return tuple(arms)
