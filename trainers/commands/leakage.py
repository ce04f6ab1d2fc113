"""``gradarium leakage``: rows of one file that are in another."""

import json
from pathlib import Path

import typer

from gradarium.errors import BadValue
from gradarium.trainers.leakage import Report, compare


def run(a: Path, b: Path, *, n: int, overlap: float, column: str | None, worst: int, as_json: bool) -> bool:
    """Print what of B is in A; return whether there is any. Raises BadValue or BadFile."""
    if not 1 <= n <= 1_000:
        raise BadValue("--n", n, "must be from 1 to 1000 words")
    if not 0 < overlap <= 1:
        raise BadValue("--overlap", overlap, "is a share, above 0 and at most 1")
    if worst < 0:
        raise BadValue("--worst", worst, "must be 0 or more")
    report = compare(a, b, n=n, overlap=overlap, column=column, worst=worst)
    if as_json:
        typer.echo(json.dumps(report.to_json(), indent=1))
    else:
        _print(report)
    return report.leaks > 0


def _print(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    rows = report.b.rows
    least = f"{report.threshold:.0%}"
    table = Table(box=None, pad_edge=False, title=f"{report.b.path} in {report.a.path}", title_justify="left")
    for head in ("rows of B", "share", ""):
        table.add_column(head, justify="left" if not head else "right", overflow="fold")
    for count, what in (
        (report.leaks, "are in A"),
        (report.key, "by key: the same problem"),
        (report.overlap, f"by n-grams: a row of A holds {least} of their own {report.n}-grams"),
        (report.order, "no leak: the same words in another order (look at them)"),
        (report.near, "no leak: as many n-grams, but another problem by key"),
        (report.unmeasured, "have no n-grams of their own to compare"),
        (rows, f"in all; A has {report.a.rows}"),
    ):
        table.add_row(str(count), f"{count / rows:.2%}", what)
    console = Console(highlight=False, markup=False)
    console.print(table, soft_wrap=True)
    for name, side in (("A", report.a), ("B", report.b)):
        said = [f"{side.keys} of {side.rows} keys computed"]
        said += [f"{side.trusted} taken as they stand"] * bool(side.trusted)
        said += [f"{side.wrong} rows state another key than theirs"] * bool(side.wrong)
        console.print(f"{name}: {', '.join(said)}")
    if report.by_task:
        console.print("leaks by task: " + ", ".join(f"{task or '?'} {n}" for task, n in report.by_task.items()))
    if report.worst:
        pairs = Table(box=None, pad_edge=False, title="worst pairs", title_justify="left")
        for head in ("why", "task", "level", "overlap", "B", "A"):
            pairs.add_column(head, justify="right" if head in ("level", "overlap") else "left", overflow="fold")
        for p in report.worst:
            level = "" if p.level is None else str(p.level)
            pairs.add_row(p.why, p.task, level, f"{p.overlap:.2f}", p.b, p.a)
        console.print(pairs, soft_wrap=True)
