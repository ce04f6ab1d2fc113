"""Settings: flat names for all of them, and what differs between runs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gradarium.trainers.reporting.tables import Cell, table


def flat(config: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return every setting under its dotted name, in order; the tasks of a mixture under their names.

    >>> flat({"seed": 1, "step": {"lr": 0.1}, "task": [{"name": "sudoku", "levels": [0, 1]}]})
    {'seed': '1', 'step.lr': '0.1', 'task.sudoku.levels': '[0, 1]'}
    """
    found: dict[str, str] = {}
    for name, value in config.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            found.update(flat(value, f"{path}."))
        elif isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
            for i, entry in enumerate(value):
                inner = {key: v for key, v in entry.items() if key != "name"}
                label = str(entry.get("name", i))
                taken = any(key.startswith(f"{path}.{label}.") for key in found)
                found.update(flat(inner, f"{path}.{label}{f'#{i}' if taken else ''}."))
        else:
            found[path] = value if isinstance(value, str) else json.dumps(value)
    return found


def settings_table(config: Mapping[str, Any]) -> str:
    """Return all settings, folded away."""
    rows: list[list[Cell | str]] = [[name, Cell(value, "text")] for name, value in flat(config).items()]
    if not rows:
        return ""
    inner = table(["setting", "value"], rows, kind="plain", tall=True)
    return f'<details class="fold"><summary>All {len(rows)} settings</summary>{inner}</details>'


def differences(names: Sequence[str], configs: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of the settings that are not the same everywhere; nothing where all are."""
    settings = [flat(config) for config in configs]
    every = list(dict.fromkeys(name for one in settings for name in one))
    rows: list[list[Cell | str]] = [
        [name, *(Cell(one.get(name, "-"), "text") for one in settings)]
        for name in every
        if name != "out" and len({one.get(name) for one in settings}) > 1
    ]
    return table(["setting", *names], rows, kind="plain", tall=len(rows) > 20) if rows else ""
