import json
from pathlib import Path

import pytest

from gradarium.envs.conformance.deterministic import COUNT
from gradarium.envs.conformance.dump import hashes
from gradarium.generators import all_tasks

FILE = Path(__file__).with_name("hashes.json")
RECORDED = json.loads(FILE.read_text(encoding="utf-8"))
TASKS = {task.name: task for task in all_tasks() if task.make.__module__.startswith("gradarium.")}
HOW = "then run `python tests/golden/record.py`"


def test_every_task_is_recorded():
    assert sorted(RECORDED) == sorted(TASKS), f"a task came or went: {HOW}"


@pytest.mark.parametrize("name", sorted(set(TASKS) & set(RECORDED)))
def test_the_stream_is_the_recorded_one(name):
    task, recorded = TASKS[name], RECORDED[name]
    assert task.version == recorded["version"], f"{name} has a new version: {HOW}"
    found = hashes(task, COUNT)
    changed = [place for place in found if found[place] != recorded["hashes"].get(place)]
    assert not changed, f"the stream of {name} changed at (level split) {changed}: give it a new version, {HOW}"
    assert sorted(found) == sorted(recorded["hashes"]), f"the levels of {name} changed: give it a new version, {HOW}"
