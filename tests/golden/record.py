"""Write ``hashes.json``: the first instances of every task; run it after a new task or a new version."""

import json
from pathlib import Path

from gradarium.envs.conformance.deterministic import COUNT
from gradarium.envs.conformance.dump import hashes
from gradarium.generators import all_tasks

FILE = Path(__file__).with_name("hashes.json")


def record():
    tasks = [task for task in all_tasks() if task.make.__module__.startswith("gradarium.")]
    return {task.name: {"version": task.version, "hashes": hashes(task, COUNT)} for task in tasks}


if __name__ == "__main__":
    found = record()
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{FILE}: {len(found)} tasks")
