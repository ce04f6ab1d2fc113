"""Write reports: the page of a folder, a comparison of several, pictures of all charts."""

from collections.abc import Sequence
from pathlib import Path

from gradarium.errors import BadFile, BadValue
from gradarium.trainers.records import write_bytes, write_text
from gradarium.trainers.reporting.chart import png
from gradarium.trainers.reporting.comparison import compare_runs, distinct_names
from gradarium.trainers.reporting.evaluation_comparison import compare_evaluations
from gradarium.trainers.reporting.evaluation_page import evaluation_report, read_evaluated
from gradarium.trainers.reporting.folders import kind_of, read_run
from gradarium.trainers.reporting.page import Report, render
from gradarium.trainers.reporting.run_page import run_report
from gradarium.trainers.reporting.summary import summary_png


def write_report(folder: Path, out: Path | None = None, pictures: Path | None = None) -> Path:
    """Write the page of a run or an evaluation, ``report.html`` in its folder unless ``out`` says where.

    In the folder of a run a summary, ``report.png``, is written beside it. ``pictures`` is a folder for every chart as
    PNG. Returns the path of the page; raises BadFile.
    """
    kind, path = kind_of(folder), out or folder / "report.html"
    _check_places(path, pictures)
    if kind == "run":
        run = read_run(folder)
        report = run_report(run)
        if out is None:
            write_bytes(folder / "report.png", summary_png(run))
    else:
        report = evaluation_report(read_evaluated(folder))
    return _write(report, path, pictures)


def write_comparison(folders: Sequence[Path], out: Path, pictures: Path | None = None) -> Path:
    """Write the page that compares several runs, or several evaluations; raises BadFile or BadValue."""
    kinds = [kind_of(folder) for folder in folders]
    for folder, kind in zip(folders, kinds, strict=True):
        if kind != kinds[0]:
            raise BadValue("FOLDER", str(folder), f"is no {kinds[0]} as {folders[0]} is: compare like with like")
    _check_places(out, pictures)
    names = distinct_names(folders)
    if kinds[0] == "run":
        report = compare_runs(names, [read_run(folder) for folder in folders])
    else:
        report = compare_evaluations(names, [read_evaluated(folder) for folder in folders])
    return _write(report, out, pictures)


def _check_places(path: Path, pictures: Path | None) -> None:
    """Raise BadFile, before any work, where a page or pictures would take the place of something else.

    A device or a pipe would be replaced by a file, for all that use it.
    """
    try:
        if path.is_dir():
            raise BadFile(path, f"is a folder; name a file, such as {path / 'report.html'}")
        if path.exists() and not path.is_file():
            raise BadFile(path, "is no regular file and is not replaced; name another place")
        if pictures is not None and pictures.exists() and not pictures.is_dir():
            raise BadFile(pictures, "is no folder, which the pictures need")
    except OSError as error:
        raise BadFile(path, f"cannot be written: {error.strerror}") from None


def _write(report: Report, path: Path, pictures: Path | None) -> Path:
    write_text(path, render(report))
    if pictures is not None:
        for chart in report.charts:
            write_bytes(pictures / f"{chart.name}.png", png(chart))
    return path
