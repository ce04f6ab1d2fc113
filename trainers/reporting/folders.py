"""What lies in the folder of a run: read as far as it goes, with a note on all that is missing or damaged."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile
from gradarium.trainers.records import read_lines
from gradarium.trainers.reporting.series import not_finite, number
from gradarium.trainers.stages import STAGES

RUN_FILES = ("metrics.jsonl", "config.json")
"""A folder with one of these is a run."""
EVALUATION_FILE = "evaluation.json"
"""A folder with this is an evaluation."""

MOST_NOTES = 5
"""Fields that have a note of their own."""


@dataclass(frozen=True)
class Run:
    """A run, finished or not."""

    path: Path
    name: str
    config: dict[str, Any]
    metrics: list[dict[str, Any]]
    samples: list[dict[str, Any]]
    results: dict[str, list[dict[str, Any]]]
    """Held-out results: stage -> one dict for each arm, as ``ArmResult`` has it."""
    provenance: dict[str, Any]
    """Versions, machine and command; empty for runs that did not write them down."""
    finished: bool
    notes: list[str] = field(default_factory=list)

    def stage(self, name: str) -> list[dict[str, Any]]:
        """Return the records of a stage."""
        return [record for record in self.metrics if record["stage"] == name]

    def planned(self, stage: str) -> int | None:
        """Return how many steps the configuration asks for."""
        table = self.config.get(stage)
        value = table.get("rounds" if stage == "rejection" else "steps") if isinstance(table, Mapping) else None
        return value if isinstance(value, int) else None


def kind_of(folder: Path) -> str:
    """Return ``run`` or ``evaluation``; raises BadFile for a folder that is neither or cannot be opened."""
    try:
        return _kind_of(folder)
    except OSError as error:
        raise BadFile(folder, f"cannot be read: {error.strerror}") from None


def _kind_of(folder: Path) -> str:
    if not folder.exists():
        raise BadFile(folder, "does not exist; name the folder of a run (its 'out') or of an evaluation")
    if not folder.is_dir():
        raise BadFile(folder, f"is a file; name the folder it lies in, {folder.parent}")
    if (folder / EVALUATION_FILE).is_file():
        return "evaluation"
    if any((folder / name).is_file() for name in RUN_FILES):
        return "run"
    inside = sorted(p.name for p in folder.iterdir() if p.is_dir() and any((p / n).is_file() for n in RUN_FILES))
    hint = f"; it holds the folder of a run, {folder / inside[0]}" if inside else ""
    wanted = ", ".join((*RUN_FILES, EVALUATION_FILE))
    raise BadFile(folder, f"is neither a run nor an evaluation: none of {wanted} is in it{hint}")


def read_run(folder: Path) -> Run:
    """Read a run; only what cannot be opened at all raises BadFile."""
    notes: list[str] = []
    config = _config(folder, notes)
    metrics = _in_order(_records(folder / "metrics.jsonl", notes), notes)
    samples = _records(folder / "samples.jsonl", notes)
    results, finished = _results(folder, notes)
    notes += _not_finite(metrics)
    if not (folder / "metrics.jsonl").is_file():
        notes.append("No metrics.jsonl: no step was finished yet.")
    elif not _lines(folder / "metrics.jsonl"):
        notes.append("metrics.jsonl is empty: no step was finished yet.")
    provenance = _mapping(folder / "provenance.json", notes)
    name = folder.resolve().name
    return Run(folder, name, config, metrics, samples, results, provenance, finished, notes)


def _not_finite(metrics: list[dict[str, Any]]) -> list[str]:
    """Return a note on each field that has values which cannot be drawn, one on all where they are many."""
    found = {name: f"{count:,}" for name, count in not_finite(metrics).items()}
    if len(found) > MOST_NOTES:
        found = {f"{len(found)} fields of metrics.jsonl": ", ".join(f"{name} {n}" for name, n in found.items())}
    said = "values are not finite numbers (NaN, infinity or beyond 1e100); curves leave them out."
    return [f"{name}: {count} {said}" for name, count in found.items()]


def _config(folder: Path, notes: list[str]) -> dict[str, Any]:
    if (folder / "config.json").is_file():
        return _mapping(folder / "config.json", notes)
    path = folder / "config.toml"
    if not path.is_file():
        notes.append("No config.json: the settings of this run are not known.")
        return {}
    try:
        notes.append("Settings are those of config.toml, without defaults.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        notes[-1] = f"config.toml cannot be read: {error}"
        return {}


def _mapping(path: Path, notes: list[str]) -> dict[str, Any]:
    """Return the JSON object of a file; an empty one with a note where that cannot be had."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        notes.append(f"{path.name} cannot be read: {error}")
        return {}
    if not isinstance(found, dict):
        notes.append(f"{path.name} holds no JSON object and is left out.")
        return {}
    return found


def _records(path: Path, notes: list[str]) -> list[dict[str, Any]]:
    """Return the records that have a known stage and a step."""
    try:
        found = read_lines(path)
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise BadFile(path, f"cannot be read: {error}") from None
    good = [r for r in found if isinstance(r, dict) and r.get("stage") in STAGES and _is_step(r.get("step"))]
    if len(good) < len(found):
        notes.append(f"{path.name}: {len(found) - len(good):,} records without a stage and a step are left out.")
    if path.is_file() and len(found) < (lines := _lines(path)):
        notes.append(f"{path.name}: damaged after line {len(found):,} of {lines:,}; the rest is left out.")
    return good


def _in_order(records: list[dict[str, Any]], notes: list[str]) -> list[dict[str, Any]]:
    """Return one record of each stage and step, the last that was written, in their order."""
    found = {(STAGES.index(r["stage"]), float(r["step"])): r for r in records}
    ordered = [found[place] for place in sorted(found)]
    if len(ordered) < len(records):
        notes.append(f"metrics.jsonl: {len(records) - len(ordered):,} steps come twice; the last line of each counts.")
    return ordered


def _lines(path: Path) -> int:
    with path.open("rb") as handle:
        return sum(1 for line in handle if line.strip())


def _results(folder: Path, notes: list[str]) -> tuple[dict[str, list[dict[str, Any]]], bool]:
    """Return the held-out results, of the newest checkpoint where the run has not ended, and whether it has."""
    path = folder / "results.json"
    if path.is_file():
        return _arms(_mapping(path, notes), notes), True
    states = sorted(folder.glob("checkpoints/[0-9]-*-*/state.json"), reverse=True)
    for state in states:
        if state.parent.suffix != ".tmp" and (found := _arms(_mapping(state, notes).get("results"), notes)):
            notes.append(f"The run has not ended: held-out results are those of the checkpoint {state.parent.name}.")
            return found, False
    notes.append("The run has not ended, and no checkpoint holds held-out results.")
    return {}, False


def _arms(results: object, notes: list[str]) -> dict[str, list[dict[str, Any]]]:
    if not isinstance(results, Mapping):
        return {}
    lists = {str(name): arms for name, arms in results.items() if isinstance(arms, list)}
    rows = {name: list(filter(_is_result, arms)) for name, arms in lists.items()}
    if left := sum(map(len, lists.values())) - sum(map(len, rows.values())):
        notes.append(f"Held-out results: {left:,} rows without a task, a level and a success are left out.")
    return {name: arms for name, arms in rows.items() if arms}


def _is_step(value: object) -> bool:
    return (step := number(value)) is not None and abs(step) < 1e12


def _is_result(row: object) -> bool:
    if not isinstance(row, dict) or not isinstance(row.get("task"), str) or type(row.get("level")) is not int:
        return False
    return number(row.get("success")) is not None
