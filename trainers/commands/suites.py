"""``gradarium suites``: the suites of instances for ``gradarium eval``."""

import json

import typer

from gradarium.trainers.evaluation.suites import get_suite, suite_names


def run(as_json: bool) -> None:
    """Print the pinned suites; raises BadValue where an installed task is not of the version that one pins."""
    found = [get_suite(name) for name in suite_names()]
    if as_json:
        records = [
            {
                "name": suite.name,
                "version": suite.version,
                "summary": suite.summary,
                "tasks": suite.tasks,
                "levels": sorted({arm.level for arm in suite.arms}),
                "instances": suite.instances,
            }
            for suite in found
        ]
        typer.echo(json.dumps(records, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    heads = ("suite", "tasks", "instances")
    rows = [(f"{suite.name}@{suite.version}", str(suite.tasks), str(suite.instances)) for suite in found]
    for head, *cells in zip(heads, *rows, strict=True):
        width = max(map(len, (head, *cells)))
        table.add_column(head, no_wrap=True, min_width=width, justify="left" if head == "suite" else "right")
    table.add_column("what it holds")
    for suite, row in zip(found, rows, strict=True):
        table.add_row(*row, suite.summary)
    Console().print(table)
