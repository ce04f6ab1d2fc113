"""``gradarium compare``: two evaluations of the same instances."""

from pathlib import Path

from gradarium.trainers.commands.showing import show


def run(base: Path, trained: Path, *, allow: list[str], out: Path | None, as_json: bool) -> None:
    """Print how the second model differs from the first; raises BadFile, BadValue or UnknownName."""
    from gradarium.trainers.evaluation.compare import compare_folders, render

    found = compare_folders(base, trained, allow)
    show(render(found), found.to_json(), out, as_json)
