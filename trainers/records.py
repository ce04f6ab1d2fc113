"""The files of a run: metrics and samples as JSON lines, results, configuration."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile
from gradarium.trainers.config import RunConfig
from gradarium.trainers.data import Group, Rollout
from gradarium.trainers.rewards import Parts, options_of, parts_paid
from gradarium.trainers.stages import STAGES
from gradarium.trainers.whole_file import whole_file


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises BadFile when the disk refuses."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raises BadFile when the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadFile(path, f"cannot be written: {error}") from None
    with whole_file(path) as file:
        file.write(content)


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

    def until(self, stage: str, step: int) -> list[dict[str, Any]]:
        """Return the records up to a checkpoint; raises BadFile for a damaged line that is not the last."""
        limit = (STAGES.index(stage), step)
        return [r for r in self._all() if (STAGES.index(r["stage"]), r["step"]) <= limit]

    def _all(self) -> list[dict[str, Any]]:
        try:
            records = read_lines(self.path)
            whole = self.path.read_bytes().count(b"\n") if self.path.exists() else 0
        except (OSError, ValueError, RecursionError) as error:
            raise BadFile(self.path, f"cannot be read: {error}") from None
        odd = (i for i, r in enumerate(records) if not isinstance(r, dict) or not {"stage", "step"} <= set(r))
        damaged = next(odd, len(records))
        if damaged < whole:
            raise BadFile(self.path, f"line {damaged + 1} is damaged; take it out, and what stands behind it is kept")
        return records[:damaged]

    def rewind(self, stage: str, step: int) -> None:
        """Drop what was written after a checkpoint, so that a resumed run repeats no line; raises BadFile."""
        kept = self.until(stage, step)
        write_text(self.path, "".join(json.dumps(record) + "\n" for record in kept))


def reward_by_arm(groups: Sequence[Group]) -> dict[str, float]:
    """Return the mean reward of each arm in a batch, masked samples and those that had help left out."""
    return _mean_by_arm(groups, lambda rollout: rollout.reward)


def shaping_by_arm(groups: Sequence[Group], config: RunConfig) -> dict[str, dict[str, Any]]:
    """Return what shaping does to each arm: figures by name and arm.

    ``length`` is the mean number of tokens. Where more than the score is paid, ``reward_parts`` has the mean of each
    part before weighting; where abstention is offered, ``abstained`` is the share that took it. Samples that had help
    are left out, and masked ones except for ``length``.
    """
    options = {group.arm.task: options_of(config, group.arm.task) for group in groups}
    figures: dict[str, dict[str, Any]] = {"length": _mean_by_arm(groups, lambda rollout: len(rollout.token_ids))}
    parts: dict[str, Any] = {}
    for i, name in enumerate(Parts._fields):
        where = [g for g in groups if name in (paid := parts_paid(options[g.arm.task])) and paid != ("score",)]
        if where:
            parts[name] = _mean_by_arm(where, _part(i))
    offered = [group for group in groups if options[group.arm.task].ternary]
    share = _mean_by_arm(offered, lambda rollout: None if rollout.reward is None else float(rollout.abstained))
    return figures | ({"reward_parts": parts} if parts else {}) | ({"abstained": share} if offered else {})


def _part(i: int) -> Callable[[Rollout], float | None]:
    return lambda rollout: None if rollout.reward is None else rollout.parts[i]


def _mean_by_arm(groups: Sequence[Group], value: Callable[[Rollout], float | None]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for group in groups:
        values = [value(rollout) for rollout in group.rollouts if rollout.alone]
        found.setdefault(str(group.arm), []).extend(v for v in values if v is not None)
    return {arm: sum(values) / len(values) for arm, values in sorted(found.items()) if values}


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
            "version": group.instance.version,
            "index": group.instance.index,
            "answer_format": group.instance.answer_format,
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
                    "abstained": r.abstained,
                }
                for r in group.rollouts
            ],
        }
        for group in groups
    ]
