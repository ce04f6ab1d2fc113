"""Deterministic: the same index, level and split give the same bytes, here and in any other process."""

import json
import random

from gradarium.core import Instance
from gradarium.envs.conformance.dump import hashes
from gradarium.envs.conformance.report import Finding, Settings
from gradarium.generators import task_names
from gradarium.generators.task import Task
from gradarium.sandbox.trusted import run_python

COUNT = 3
"""Instances of each level; the golden hashes hold as many."""


def deterministic(task: Task, settings: Settings) -> list[Finding]:
    """Pose twice here and once each in fresh processes with other hash seeds; check the JSON round trip."""
    count = 1 if settings.quick else COUNT
    state = random.getstate()
    first = hashes(task, count)
    findings = []
    if random.getstate() != state:
        findings.append(Finding("make() uses the global random generator; use the rng it is given"))
    findings += _differences("posed again in one process", first, hashes(task, count))
    for level in range(len(task.levels)):
        instance = task.pose(0, level)
        if Instance.from_json(json.loads(json.dumps(instance.to_json()))) != instance:
            findings.append(Finding("a JSON round trip changes the instance: use lists and string keys", level))
    if task.name not in task_names():
        return [*findings, Finding("not registered: fresh processes were not compared", note=True)]
    for seed in ("1", "2")[: 1 if settings.quick else 2]:
        arguments = ["-m", "gradarium.envs.conformance.dump", task.name, str(count)]
        printed = run_python(arguments, {"PYTHONHASHSEED": seed}, 300.0)
        findings += _differences(f"posed in a fresh process with PYTHONHASHSEED={seed}", first, json.loads(printed))
    return findings


def _differences(where: str, first: dict[str, list[str]], second: dict[str, list[str]]) -> list[Finding]:
    places = [place for place in first if first[place] != second.get(place)]
    return [Finding(f"{where}, other bytes come out at (level split) {', '.join(places)}")] if places else []
