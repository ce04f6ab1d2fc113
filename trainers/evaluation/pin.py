"""``python -m gradarium.trainers.evaluation.pin``: write the suites down as the tasks are today.

A suite that changed gets the next version; one that did not keeps its own.
"""

import json
import sys
from typing import Any

from gradarium.trainers.evaluation.suites import PINS, define, pinned
from gradarium.trainers.records import write_text


def renew(old: dict[str, Any]) -> dict[str, Any]:
    """Return the pins of today, with versions that follow from the pins before."""
    fresh: dict[str, Any] = {}
    for name, (summary, arms) in define().items():
        before, tasks = old.get(name), pinned(arms)
        version = 1 if before is None else before["version"] + (before["tasks"] != tasks)
        fresh[name] = {"version": version, "summary": summary, "tasks": tasks}
    return fresh


def dump(pins: dict[str, Any]) -> str:
    """Return pins as text, one task a line."""
    blocks = []
    for name, pin in pins.items():
        rows = ",\n".join(f"   {json.dumps(task)}: {json.dumps(told)}" for task, told in pin["tasks"].items())
        head = f' {json.dumps(name)}: {{\n  "version": {pin["version"]},\n  "summary": {json.dumps(pin["summary"])},\n'
        blocks.append(f'{head}  "tasks": {{\n{rows}\n  }}\n }}')
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def main() -> None:
    """Write ``data/suites.json`` and say what changed."""
    old = json.loads(PINS.read_text(encoding="utf-8")) if PINS.exists() else {}
    fresh = renew(old)
    write_text(PINS, dump(fresh))
    moved = [f"{name}@{pin['version']}" for name, pin in fresh.items() if pin != old.get(name)]
    sys.stdout.write(f"changed: {', '.join(moved) or 'nothing'}\n")


if __name__ == "__main__":
    main()
