"""``gradarium check``: the property table over tasks."""

import importlib.util
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

import gradarium
from gradarium.envs.conformance import QUICK, Oracle, Report, Settings, check_task, faults
from gradarium.errors import BadFile, BadValue
from gradarium.generators import Task, all_tasks, get_task


def run(
    names: Sequence[str], everything: bool, quick: bool, seeds: int | None, oracle: Path | None, as_json: bool
) -> bool:
    """Check tasks, print what was found, and return True if all keep every property.

    Raises UnknownName, BadValue, or BadFile for an oracle that cannot be loaded.
    """
    if everything == bool(names):
        raise BadValue("TASK", list(names), "name tasks, or give --all")
    if seeds is not None and not 1 <= seeds <= 100_000:
        raise BadValue("--seeds", seeds, "must be from 1 to 100000")
    settings = QUICK if quick else Settings()
    settings = replace(settings, instances=seeds) if seeds else settings
    tasks = all_tasks() if everything else [get_task(name) for name in dict.fromkeys(names)]
    if oracle is not None and len(tasks) != 1:
        raise BadValue("--oracle", str(oracle), "is for one task")
    reports = []
    for task in tasks:
        judge = load_oracle(oracle) if oracle else _own_oracle(task)
        reports.append(check_task(task, settings, judge, progress=_progress(task)))
        if not as_json:
            _print(task, reports[-1])
    if as_json:
        typer.echo(json.dumps([report.to_json() for report in reports], indent=2))
    elif len(reports) > 1:
        failed = [report.task for report in reports if not report.passed]
        typer.echo(
            f"{len(reports) - len(failed)} of {len(reports)} tasks pass" + ", ".join(["", *failed]).replace(",", ":", 1)
        )
    return all(report.passed for report in reports)


def load_oracle(path: Path) -> Oracle:
    """Return ``oracle`` of a Python file; raises BadFile."""
    try:
        spec = importlib.util.spec_from_file_location(f"_oracle_{path.stem}", path)
        if spec is None or spec.loader is None:
            raise BadFile(path, "is no Python file")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        oracle: Oracle = module.oracle
    except AttributeError:
        raise BadFile(path, "defines no function oracle(answer, payload)") from None
    except (OSError, SyntaxError, ImportError) as error:
        raise BadFile(path, f"cannot be loaded: {error}") from None
    return oracle


def _own_oracle(task: Task) -> Oracle | None:
    """Return the oracle of a checkout's test file; None where gradarium is installed without its tests."""
    root = Path(str(gradarium.__file__)).resolve().parents[2]
    path = root / "tests" / "verifiers" / task.family / f"test_{task.name}.py"
    try:
        return load_oracle(path) if path.is_file() else None
    except BadFile:
        return None


def _progress(task: Task) -> "_Line | None":
    return _Line(task.name) if sys.stderr.isatty() else None


class _Line:
    """One line on stderr that says what is being checked."""

    def __init__(self, task: str) -> None:
        self.task = task

    def __call__(self, name: str) -> None:
        sys.stderr.write(f"\r\033[K{self.task}: {name} ...\r")
        sys.stderr.flush()


def _print(task: Task, report: Report) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    if sys.stderr.isatty():
        sys.stderr.write("\033[K")
    title = f"{task.name}: {'passes' if report.passed else 'FAILS'}"
    table = Table("property", "holds", "s", "remarks", title=title, title_justify="left", box=None, pad_edge=False)
    for name, found in report.findings.items():
        holds = "[red]no[/red]" if faults(found) else "[green]yes[/green]"
        table.add_row(name, holds, f"{report.seconds[name]:.1f}", escape("\n".join(str(finding) for finding in found)))
    Console().print(table, "")
