"""What commands do with a result: tables on the screen or JSON, and JSON in a file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType


def show(parts: "Sequence[RenderableType]", data: dict[str, Any], out: Path | None, as_json: bool) -> None:
    """Write ``data`` to ``out`` if there is one, and print it as JSON or ``parts`` as they are; raises BadFile."""
    from rich.console import Console

    from gradarium.trainers.records import write_text

    text = json.dumps(data, indent=1, allow_nan=False)
    if out is not None:
        write_text(out, text + "\n")
    if as_json:
        typer.echo(text)
        return
    console = Console(markup=False, emoji=False)  # names of folders and models are no markup
    for part in parts:
        console.print(part)
