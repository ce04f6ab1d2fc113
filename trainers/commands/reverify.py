"""``gradarium reverify``: stored completions judged with today's verifiers."""

import json
from pathlib import Path

import typer

from gradarium.errors import BadValue
from gradarium.trainers.reverify import Report, reverify


def run(file: Path, *, out: Path | None, workers: int, seconds: float, show: int, as_json: bool) -> bool:
    """Print every verdict that changed; return whether there is one. Raises BadValue or BadFile."""
    if show < 0:
        raise BadValue("--show", show, "must be 0 or more")
    report = reverify(file, out=out, workers=workers, seconds=seconds)
    if as_json:
        typer.echo(json.dumps(report.to_json(), indent=1))
    else:
        _print(report, show or len(report.changes))
    return bool(report.changes)


def _print(report: Report, show: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in ("task", "completions", "changed"):
        table.add_column(head, justify="left" if head == "task" else "right")
    for task, (count, changed) in sorted(report.by_task.items()):
        table.add_row(task, str(count), str(changed))
    Console(highlight=False).print(table, soft_wrap=True)
    for change in report.changes[:show]:
        level = "" if change.level is None else f"/{change.level}"
        typer.echo(f"{change.where}  {change.task}{level}: {change.old} -> {change.new}: {change.reason}")
    if len(report.changes) > show:
        typer.echo(f"... and {len(report.changes) - show} more; --show 0 shows all")
    failed = f", {report.not_judged} of them could not be judged" if report.not_judged else ""
    typer.echo(f"{len(report.changes)} of {report.judged} verdicts changed{failed}")
