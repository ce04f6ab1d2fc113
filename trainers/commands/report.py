"""``gradarium report``: the page of a run or an evaluation, or a comparison of several."""

from pathlib import Path

import typer

from gradarium.errors import MissingExtra


def run(folders: list[Path], out: Path | None, pictures: Path | None) -> None:
    """Write the page and say where it is; raises BadFile, BadValue or MissingExtra."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise MissingExtra("a report", "train", error.name or str(error)) from None
    from gradarium.trainers.reporting.write import write_comparison, write_report

    if len(folders) == 1:
        path = write_report(folders[0], out, pictures)
    else:
        path = write_comparison(folders, out or Path("comparison.html"), pictures)
    typer.echo(f"report: {path}")
    if pictures is not None:
        typer.echo(f"pictures: {pictures}")
