"""Disjoint: no problem stands in two splits, whatever the level."""

import json

from gradarium.core import SPLITS, Split, content_key, split_of
from gradarium.envs.conformance.report import Finding, Settings, shorten
from gradarium.envs.conformance.samples import samples
from gradarium.generators.task import Task


def disjoint(task: Task, settings: Settings) -> list[Finding]:
    """Compare keys and questions of the splits over all levels; check that keys follow from the payload."""
    findings: list[Finding] = []
    keys: dict[str, Split] = {}
    questions: dict[str, Split] = {}
    for level in range(len(task.levels)):
        for split in SPLITS:
            count = settings.draws if split == "train" else settings.draws // 10
            seconds = settings.seconds if split == "train" else settings.seconds / 2
            for instance in samples(task).get(level, count, split, seconds, fewest=2):
                payload = json.loads(json.dumps(instance.payload))
                if content_key(task.name, task.canonical(payload)) != instance.key or split_of(instance.key) != split:
                    findings.append(
                        Finding(f"the key of {split} {instance.index} does not follow from its payload", level)
                    )
                if keys.setdefault(instance.key, split) != split:
                    findings.append(Finding(f"a key of {split} is in {keys[instance.key]} too", level))
                elif questions.setdefault(instance.question, split) != split:
                    where = questions[instance.question]
                    findings.append(
                        Finding(
                            f"a question of {split} is in {where} too, with another payload: "
                            f"{shorten(instance.brief)}; leave out of canonical= what the question does not show",
                            level,
                        )
                    )
                if len(findings) >= 5:
                    return findings
    return findings
