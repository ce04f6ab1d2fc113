"""``gradarium generalise``: how far training carries, from evaluations of several models."""

from pathlib import Path

from gradarium.trainers.commands.showing import show


def run(folders: list[Path], *, trained: list[str], allow: list[str], out: Path | None, as_json: bool) -> None:
    """Print the matrices and what is beside them; raises BadFile, BadValue or UnknownName."""
    from gradarium.trainers.evaluation.generalisation import generalise, read_entries, render

    found = generalise(read_entries(folders, trained), allow)
    show(render(found), found.to_json(), out, as_json)
