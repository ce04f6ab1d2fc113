"""``gradarium list``: the tasks as a table or as JSON."""

import json

import typer

from gradarium.generators import all_tasks


def run(family: str | None, tag: str | None, as_json: bool) -> None:
    """Print the tasks of a family or tag; raises UnknownName."""
    tasks = all_tasks(family, tag)
    if as_json:
        rows = [
            {
                "name": task.name,
                "family": task.family,
                "version": task.version,
                "levels": len(task.levels),
                "tags": sorted(task.tags),
                "answer_format": task.answer_format,
                "chance": task.chance,
            }
            for task in tasks
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("task", "family", "levels", "format", box=None, pad_edge=False)
    table.add_column("what is asked", no_wrap=True, overflow="ellipsis")
    for task in tasks:
        table.add_row(task.name, task.family, f"0-{len(task.levels) - 1}", task.answer_format, task.summary)
    Console().print(table)
