"""``gradarium verify``: judge a completion from a file."""

import json
import sys
from pathlib import Path

import typer

from gradarium.core import Instance
from gradarium.errors import BadFile, BadValue
from gradarium.verifiers.grading import grade, load_verifier


def run(name: str, instance: Path, completion: Path) -> None:
    """Print the verdict as JSON; raises UnknownName, BadFile or BadValue. Imports no generator."""
    load_verifier(name)
    posed = read_instance(instance)
    if posed.task != name:
        raise BadValue("instance", str(instance), f"is of task {posed.task!r}, not {name!r}")
    text = sys.stdin.read() if str(completion) == "-" else _read(completion)
    typer.echo(json.dumps(grade(text, name, posed.payload, posed.answer_format).to_json(), indent=2))


def read_instance(path: Path) -> Instance:
    """Return the instance of a JSON file, the output of ``show --json``, or the only line of a JSONL file."""
    text = _read(path)
    try:
        data = json.loads(text)
    except ValueError as error:
        lines = len(text.strip().splitlines())
        fix = (
            "has several lines; take one of them"
            if lines > 1 and text.lstrip().startswith("{")
            else f"no JSON: {error}"
        )
        raise BadFile(path, fix) from None
    if isinstance(data, dict) and isinstance(data.get("instance"), dict):
        data = data["instance"]
    if not isinstance(data, dict):
        raise BadFile(path, f"holds {type(data).__name__}, not an instance; write it with 'gradarium generate'")
    posed = Instance.from_json(data)
    if not isinstance(posed.payload, dict):
        raise BadFile(path, "its payload is no object; write it with 'gradarium generate'")
    return posed


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadFile(path, error.strerror or str(error)) from None
