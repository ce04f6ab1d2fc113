"""``gradarium list``: the tasks as a table or as JSON."""

import json

import typer

from gradarium.generators import all_tasks


def run(family: str | None, tag: str | None, as_json: bool) -> None:
    """Print the tasks of a family or tag; raises UnknownName."""
    tasks = all_tasks(family, tag)
    if as_json:
        records = [
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
        typer.echo(json.dumps(records, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    heads = ("task", "family", "levels", "format")
    rows = [(task.name, task.family, f"0-{len(task.levels) - 1}", task.answer_format) for task in tasks]
    table = Table(box=None, pad_edge=False)
    for head, *cells in zip(heads, *rows, strict=True):
        table.add_column(head, no_wrap=True, min_width=max(map(len, (head, *cells))))
    table.add_column("what is asked", no_wrap=True, overflow="ellipsis")
    for task, row in zip(tasks, rows, strict=True):
        table.add_row(*row, task.summary)
    Console().print(table)
