"""The files of a run: metrics and samples as JSON lines, results, configuration."""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile
from gradarium.trainers.checkpoint import STAGES
from gradarium.trainers.data import Group


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises BadFile when the disk refuses."""
    partial = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        if partial.is_file():
            partial.unlink()
        raise BadFile(path, f"cannot be written: {error}") from None


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a JSON-lines file; a last line that was cut off by a crash is dropped."""
    if not path.exists():
        return []
    records = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            records.append(json.loads(line))
        except ValueError:
            break
    return records


class Log:
    """An append-only JSON-lines file whose records carry ``stage`` and ``step``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, records: Iterable[dict[str, Any]]) -> None:
        """Append records; raises BadFile when the disk refuses."""
        try:
            with self.path.open("a", encoding="utf-8") as handle:
                handle.writelines(json.dumps(record) + "\n" for record in records)
        except OSError as error:
            raise BadFile(self.path, f"cannot be written: {error}") from None

    def rewind(self, stage: str, step: int) -> None:
        """Drop what was written after a checkpoint, so that a resumed run repeats no line."""
        limit = (STAGES.index(stage), step)
        kept = [r for r in read_lines(self.path) if (STAGES.index(r["stage"]), r["step"]) <= limit]
        write_text(self.path, "".join(json.dumps(record) + "\n" for record in kept))


def reward_by_arm(groups: Sequence[Group]) -> dict[str, float]:
    """Return the mean reward of each arm in a batch, masked samples and those that had help left out."""
    paid: dict[str, list[float]] = {}
    for group in groups:
        paid.setdefault(str(group.arm), []).extend(r.reward for r in group.rollouts if r.alone and r.reward is not None)
    return {arm: sum(values) / len(values) for arm, values in sorted(paid.items()) if values}


def samples_of(groups: Sequence[Group], stage: str, step: int) -> list[dict[str, Any]]:
    """Return one sample of each arm for the log."""
    first: dict[str, Group] = {}
    for group in groups:
        first.setdefault(str(group.arm), group)
    return [
        {
            "stage": stage,
            "step": step,
            "arm": arm,
            "index": group.instance.index,
            "question": group.instance.question,
            "brief": group.instance.brief,
            "completion": group.rollouts[0].text,
            "reward": group.rollouts[0].reward,
            "status": str(group.rollouts[0].verdict.status),
            "reason": group.rollouts[0].verdict.reason,
        }
        for arm, group in first.items()
    ]


def batch_of(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Return all there is to know of some groups as JSON-ready data, to look into a batch that gave NaN."""
    return [
        {
            "arm": str(group.arm),
            "index": group.instance.index,
            "prompt_ids": group.prompt_ids,
            "greedy": group.greedy,
            "rollouts": [
                {
                    "token_ids": r.token_ids,
                    "logprobs": [None if p != p else p for p in r.logprobs],
                    "text": r.text,
                    "reward": r.reward,
                    "parts": list(r.parts),
                    "finish": r.finish,
                    "status": str(r.verdict.status),
                    "given": r.given,
                    "guided": r.guided,
                    "tempered": r.tempered,
                }
                for r in group.rollouts
            ],
        }
        for group in groups
    ]
