"""What a mixture means, as data: each arm's share and prompts, totals, and what one would want to know before a run."""

import dataclasses
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import track

from gradarium.core import Instance
from gradarium.envs.prompts import messages, render_text
from gradarium.envs.shots import answer_text
from gradarium.envs.templates import TEMPLATES, choose_template
from gradarium.errors import GradariumError
from gradarium.generators import get_task
from gradarium.generators.levels import levels_text
from gradarium.trainers.config import RunConfig
from gradarium.trainers.config_file import load_config, read_tables
from gradarium.trainers.curricula import make_curriculum
from gradarium.trainers.data import Arm
from gradarium.trainers.embedded import byte_tokenizer
from gradarium.trainers.mixture import Part, answer_format_of, expand
from gradarium.trainers.models import encode_for_run, encode_reference
from gradarium.trainers.rewards import options_of
from gradarium.trainers.rollouts import pose_batch

LOOKED_AT = 3
"""Training instances of each arm that are posed to measure prompts."""
FEW = 10
"""Prompts in a whole run below which an arm can hardly be learned."""


class Look(NamedTuple):
    """What a few instances of an arm show."""

    chars: int | None
    """Median length of a prompt in characters; None where no prompt could be made."""
    tokens: int | None
    """Embedded model: most tokens that one of these prompts has."""
    answer_tokens: int | None
    """Embedded model: fewest tokens that one of the reference answers has."""
    trouble: str
    """Why prompts or references cannot be as the file asks; empty if they can."""


def summary(path: Path, overrides: Sequence[str], prompts: int) -> tuple[RunConfig, dict[str, Any]]:
    """Return the configuration of a file, and what its mixture means as JSON-ready data.

    With ``prompts`` above 0 that many whole prompts stand under ``samples``. Raises BadFile, UnknownName or BadValue.
    """
    config = load_config(path, overrides)
    parts = expand(read_tables(path, overrides)["task"])
    arms, looks = _arms(config, parts)
    found = {
        "file": str(path),
        "curriculum": dataclasses.asdict(config.curriculum),
        "prompts": _prompt_settings(config),
        "reward": _not_default(config.reward),
        "totals": _totals(config, arms),
        "arms": arms,
        "warnings": _warnings(config, parts, arms, looks),
    }
    if prompts:
        found["samples"] = _samples(config, prompts)
    return config, found


def _arms(config: RunConfig, parts: Sequence[Part]) -> tuple[list[dict[str, Any]], list[Look]]:
    """Return a JSON-ready record of each arm, in the order of the curriculum's arms, and what its prompts show."""
    curriculum = make_curriculum(config)
    floor = config.curriculum.floor
    first = [(1 - floor) * p + floor * w for p, w in zip(curriculum.probabilities(), curriculum.weights, strict=True)]
    tables = {part.entry["name"]: part.table for part in parts}
    console = Console(stderr=True)
    arms, looks = [], []
    bar = track(curriculum.arms, "posing", console=console, disable=not console.is_terminal, transient=True)
    for arm, weight, start in zip(bar, curriculum.weights, first, strict=True):
        task = get_task(arm.task)
        looks.append(_look(config, arm))
        arms.append(
            {
                "task": arm.task,
                "family": task.family,
                "level": arm.level,
                "table": tables[arm.task],
                "share": weight,
                "share_at_start": start,
                "answer_format": answer_format_of(config, arm.task) or task.answer_format,
                "chance": task.chance,
                "prompt_chars": looks[-1].chars,
                "reward": _not_default(options_of(config, arm.task)),
            }
        )
    return arms, looks


def _not_default(options: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that differ from their defaults."""
    plain = type(options)()
    pairs = {field.name: getattr(options, field.name) for field in dataclasses.fields(options)}
    return {name: value for name, value in pairs.items() if value != getattr(plain, name)}


def _look(config: RunConfig, arm: Arm) -> Look:
    """Pose a few training instances of an arm as a run does, and try what the run will do with them."""
    tokenizer = byte_tokenizer() if config.model.path == "tiny" else None
    if tokenizer and not config.chat:
        tokenizer.chat_template = None
    chars, tokens, answer_tokens, trouble = [], [], [], ""
    try:
        for instance in pose_batch([(arm, i) for i in range(LOOKED_AT)], config):
            chars.append(sum(len(text) for _, text in _texts(instance, config)))
            answer_text(instance)
            if tokenizer:
                tokens.append(len(encode_for_run(tokenizer, instance, config)))
                answer_tokens.append(len(encode_reference(tokenizer, instance)))
    except GradariumError as error:
        trouble = str(error)
    median = round(statistics.median(chars)) if chars else None
    return Look(median, max(tokens, default=None), min(answer_tokens, default=None), trouble)


def _texts(instance: Instance, config: RunConfig) -> list[tuple[str, str]]:
    """Return the prompt as pairs of role and text; plain text has one, without a role."""
    template = choose_template(instance, range(config.prompts.templates), config.seed)
    if not config.chat:
        return [("", render_text(instance, config.style, config.shots, config.seed, template))]
    chat = messages(instance, config.style, shots=config.shots, seed=config.seed, template=template)
    return [(message["role"], message["content"]) for message in chat]


def _samples(config: RunConfig, count: int) -> list[dict[str, Any]]:
    """Return the prompts of the first instances that the curriculum draws."""
    drawn = make_curriculum(config).draw(count)
    return [
        {
            "task": arm.task,
            "level": arm.level,
            "index": index,
            "template": choose_template(instance, range(config.prompts.templates), config.seed),
            "texts": [{"role": role, "text": text} for role, text in _texts(instance, config)],
        }
        for (arm, index), instance in zip(drawn, pose_batch(drawn, config), strict=True)
    ]


def _prompt_settings(config: RunConfig) -> dict[str, Any]:

    return {
        "style": config.style,
        "shots": config.shots,
        "chat": config.chat,
        "templates": config.prompts.templates,
        "held_out_templates": list(range(config.prompts.templates, TEMPLATES)) if config.style == "full" else [],
    }


def _totals(config: RunConfig, arms: Sequence[dict[str, Any]]) -> dict[str, Any]:
    grpo, held_out = config.grpo, config.evaluation
    return {
        "tasks": len({arm["task"] for arm in arms}),
        "arms": len(arms),
        "steps": grpo.steps,
        "prompts_a_step": grpo.prompts,
        "completions_a_step": grpo.prompts * grpo.group,
        "completions_an_evaluation": len(arms) * held_out.count * held_out.samples,
    }


def _warnings(
    config: RunConfig, parts: Sequence[Part], arms: Sequence[dict[str, Any]], looks: Sequence[Look]
) -> list[str]:
    """Return what a person would want to know before the run."""
    found = []
    shares = by_task(arms, "share")
    for task, share in shares.items():
        if share > 0.5 and len(shares) > 1:
            found.append(f"{task} has {share:.0%} of the prompts, more than all other tasks together")
    cut: dict[str, list[str]] = {}
    for part in parts:
        if part.cut:
            cut.setdefault(part.table, []).append(part.entry["name"])
    for table, names in cut.items():
        found.append(f"{table}: drawn at the levels that there are, for not all ladders are so long: {_few(names)}")
    planned = config.grpo.steps * config.grpo.prompts
    rare = [f"{arm['task']}/{arm['level']}" for arm in arms if 0 < arm["share"] * planned < FEW]
    if planned and rare:
        found.append(f"fewer than {FEW} of {planned} prompts each, by weight: {_few(rare)}")
    troubles: dict[tuple[str, str], list[int]] = {}
    for arm, look in zip(arms, looks, strict=True):
        if look.trouble:
            troubles.setdefault((arm["task"], _without_value(look.trouble)), []).append(arm["level"])
    for (task, why), levels in troubles.items():
        found.append(f"{task} at level {levels_text(levels)}: cannot be posed like this: {why}")
    limit = config.grpo.max_new_tokens
    room = config.model.context - limit
    names = [f"{arm['task']}/{arm['level']}" for arm in arms]
    long = [f"{n} ({k.tokens})" for n, k in zip(names, looks, strict=True) if (k.tokens or 0) > room]
    if long:
        found.append(f"prompts of more tokens than model.context - grpo.max_new_tokens = {room}: {_few(long)}")
    wordy = [f"{n} ({k.answer_tokens})" for n, k in zip(names, looks, strict=True) if (k.answer_tokens or 0) > limit]
    if wordy:
        found.append(f"right answers take more tokens than grpo.max_new_tokens = {limit}: {_few(wordy)}")
    sandboxed = [task for task in shares if get_task(task).sandboxed]
    if sandboxed:
        found.append(f"programs or SQL of the model run in the sandbox ({config.sandbox.tier}): {_few(sandboxed)}")
    return found


def _without_value(message: str) -> str:
    """Return an error's message without the value that it quotes: that is another one for each instance."""
    return message.rpartition(": ")[2]


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def by_task(arms: Sequence[dict[str, Any]], value: str) -> dict[str, float]:
    """Return the sum of a value over the arms of each task."""
    sums: dict[str, float] = {}
    for arm in arms:
        sums[arm["task"]] = sums.get(arm["task"], 0.0) + arm[value]
    return sums
