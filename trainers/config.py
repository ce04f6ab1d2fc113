"""Run configuration: dataclasses with a string under each field, TOML on disk, dotted overrides on the command line."""

import dataclasses
import math
import tomllib
import typing
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile, BadValue, UnknownName


@dataclass(frozen=True)
class ModelConfig:
    """Which model learns."""

    path: str = "embedded"
    """``embedded`` (a small transformer made from a config, no download), or a model folder or hub name."""
    width: int = 128
    """Embedded model: hidden size."""
    layers: int = 4
    """Embedded model: number of layers."""
    heads: int = 4
    """Embedded model: attention heads."""
    context: int = 2048
    """Embedded model: longest sequence in tokens."""
    device: str = "auto"
    """``auto`` (CUDA if there is one), ``cpu``, ``cuda``."""
    threads: int = 2
    """CPU threads of torch; results are bit-equal only for one number of threads."""


@dataclass(frozen=True)
class WarmStartConfig:
    """Supervised learning on reference answers before GRPO."""

    steps: int = 0
    """Most optimiser steps; 0 leaves the stage out."""
    batch: int = 64
    """Instances in a step."""
    lr: float = 1e-3
    """AdamW learning rate."""
    until: float = 1.0
    """Stop as soon as the mean success rate on the dev split reaches this."""
    check_every: int = 25
    """Steps between two measurements on the dev split."""
    check_count: int = 40
    """Dev instances of each arm in a measurement."""


@dataclass(frozen=True)
class GRPOConfig:
    """Group-relative policy optimisation; defaults follow DAPO's clip-higher and token mean, without a KL term."""

    steps: int = 100
    """Optimiser steps (one for each batch of rollouts)."""
    prompts: int = 64
    """Prompts in a step."""
    group: int = 8
    """Rollouts of a prompt; at least 2."""
    lr: float = 1e-4
    """AdamW learning rate."""
    lr_warmup: int = 10
    """Steps over which the learning rate rises from 0: the first steps of a fresh AdamW are as long as lr allows,
    however small the gradient, and can wipe out what the warm start taught."""
    temperature: float = 1.0
    """Sampling temperature of rollouts."""
    max_new_tokens: int = 64
    """Longest completion in tokens."""
    advantage: str = "grpo"
    """``grpo``, ``dr_grpo``, ``rloo`` or ``maxrl``."""
    loss: str = "clip"
    """``clip``, ``reinforce`` or ``cispo``."""
    aggregation: str = "token_mean"
    """``token_mean``, ``seq_mean_token_mean`` or ``seq_mean_token_sum_norm``."""
    updates: int = 1
    """Optimiser steps on one batch of rollouts, each on its own share of the groups."""
    clip_low: float = 0.2
    """Lower clip range."""
    clip_high: float = 0.28
    """Upper clip range."""
    kl: float = 0.0
    """Weight of KL(policy || policy after the warm start), estimator k3; 0 keeps no reference model."""
    entropy: float = 0.0
    """Weight of an entropy bonus."""
    max_grad_norm: float = 1.0
    """Gradient clipping."""
    micro_tokens: int = 65536
    """Padded tokens (each prompt once, and its completions) in a forward and backward pass."""
    mask_truncated: bool = False
    """Leave out completions that were cut off at max_new_tokens."""
    max_error_rate: float = 0.05
    """Stop the run when more verdicts than this share of a step have status error or timeout."""


@dataclass(frozen=True)
class EvaluationConfig:
    """Held-out evaluation before and after, on fixed instances of the test split."""

    count: int = 100
    """Instances of each arm."""
    samples: int = 1
    """Completions of each instance."""
    temperature: float = 1.0
    """Sampling temperature; 0 is greedy."""


@dataclass(frozen=True)
class SandboxConfig:
    """Where programs and SQL of the model run; used only where a task of the mixture needs it."""

    tier: str = "auto"
    """``auto`` (the strongest local one), ``namespaces``, ``landlock``, ``docker`` or ``unsafe``."""
    min_isolation: str = "landlock"
    """Weakest level that will do: ``landlock``, ``namespaces``, ``container`` or ``gvisor``; else the run stops."""
    workers: int = 0
    """Runs at one time; 0: one for each processor."""
    allow_unsafe: bool = False
    """One of the two opt-ins that ``unsafe`` needs; every metrics line and sample then says isolation "none"."""


@dataclass(frozen=True)
class TaskEntry:
    """One task of the mixture."""

    name: str = ""
    """Task name, as in ``gradarium list``."""
    levels: tuple[int, ...] = (0,)
    """Levels of the dial; each is an arm."""
    weight: float = 1.0
    """Share of the prompts, relative to the other tasks; split evenly over the levels."""


@dataclass(frozen=True)
class RunConfig:
    """Everything about one run."""

    out: str = "runs/run"
    """Folder of the run: metrics, samples, checkpoints, report."""
    seed: int = 0
    """Seed of weights, draws and sampling."""
    style: str = "full"
    """``full`` prompts with rules and answer format, or ``brief``: task name and data alone."""
    answer_format: str = ""
    """Answer format for all tasks; empty: each task's own default."""
    checkpoint_every: int = 50
    """Steps between checkpoints, in both stages; the last step of a stage is always saved."""
    keep: int = 2
    """Checkpoints that stay on disk."""
    model: ModelConfig = field(default_factory=ModelConfig)
    warm_start: WarmStartConfig = field(default_factory=WarmStartConfig)
    grpo: GRPOConfig = field(default_factory=GRPOConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    sandbox: SandboxConfig = field(default_factory=SandboxConfig)
    task: tuple[TaskEntry, ...] = ()
    """The mixture: one ``[[task]]`` table for each task."""


def load_config(path: Path, overrides: Sequence[str] = ()) -> RunConfig:
    """Read a TOML file, apply ``--dotted.name value`` overrides and validate.

    Raises BadFile, UnknownName or BadValue, each with the fix.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadFile(path, "no such file; examples are in examples/") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(path, f"cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadFile(path, f"is not valid TOML: {error}") from None
    for name, text in _pairs(overrides):
        _place(data, name, _value(text))
    config: RunConfig = _build(RunConfig, data, "")
    validate(config)
    return config


def _pairs(overrides: Sequence[str]) -> list[tuple[str, str]]:
    pairs, rest = [], list(overrides)
    while rest:
        flag = rest.pop(0)
        if not flag.startswith("--"):
            raise BadValue("override", flag, "write --section.name VALUE, e.g. --grpo.steps 10")
        name, equals, text = flag[2:].partition("=")
        if not equals:
            if not rest:
                raise BadValue(f"--{name}", "", "needs a value")
            text = rest.pop(0)
        pairs.append((name.replace("-", "_"), text))
    return pairs


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _place(data: dict[str, Any], name: str, value: Any) -> None:
    *folders, last = name.split(".")
    for folder in folders:
        data = data.setdefault(folder, {})
        if not isinstance(data, dict):
            raise BadValue(f"--{name}", value, f"{folder!r} is no section; edit the file for lists of tables")
    data[last] = value


def _build(cls: type[Any], data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise BadValue(where or "config", data, "must be a table")
    hints = typing.get_type_hints(cls)
    values = {}
    for name, value in data.items():
        if name not in hints:
            raise UnknownName(f"option of {where[:-1]}" if where else "option", name, hints)
        values[name] = _convert(hints[name], value, f"{where}{name}")
    return cls(**values)


def _convert(hint: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _build(hint, value, f"{where}.")
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise BadValue(where, value, "must be a list")
        inner = typing.get_args(hint)[0]
        return tuple(_convert(inner, item, f"{where}[{i}]") for i, item in enumerate(value))
    if hint is float and type(value) is int:
        value = float(value)
    if type(value) is not hint:
        raise BadValue(where, value, f"must be {hint.__name__}")
    return value


_AT_LEAST: dict[str, dict[str, float]] = {
    "model": {"width": 8, "layers": 1, "heads": 1, "context": 16, "threads": 1},
    "warm_start": {"steps": 0, "batch": 1, "lr": 0.0, "check_every": 1, "check_count": 1, "until": 0.0},
    "grpo": {
        "steps": 0,
        "prompts": 1,
        "group": 2,
        "lr": 0.0,
        "lr_warmup": 0,
        "temperature": 0.01,
        "max_new_tokens": 1,
        "updates": 1,
        "clip_low": 0.0,
        "clip_high": 0.0,
        "kl": 0.0,
        "entropy": 0.0,
        "max_grad_norm": 1e-6,
        "micro_tokens": 1,
        "max_error_rate": 0.0,
    },
    "evaluation": {"count": 1, "samples": 1, "temperature": 0.0},
    "sandbox": {"workers": 0},
}


def validate(config: RunConfig) -> None:
    """Check values, names and the mixture; raises BadValue or UnknownName."""
    from gradarium.envs.prompts import STYLES
    from gradarium.generators import get_task
    from gradarium.sandbox.base import LEVELS, TIERS
    from gradarium.trainers.advantages import ADVANTAGES
    from gradarium.trainers.losses import AGGREGATIONS, LOSSES
    from gradarium.verifiers import get_format

    for section, rules in _AT_LEAST.items():
        for name, least in rules.items():
            value = getattr(getattr(config, section), name)
            if not math.isfinite(value) or value < least:
                raise BadValue(f"{section}.{name}", value, f"must be at least {least}")
    for name in ("checkpoint_every", "keep"):
        if getattr(config, name) < 1:
            raise BadValue(name, getattr(config, name), "must be at least 1")
    if config.grpo.clip_low >= 1:
        raise BadValue("grpo.clip_low", config.grpo.clip_low, "must be below 1")
    if config.model.path == "embedded" and config.model.width % (2 * config.model.heads):
        raise BadValue("model.width", config.model.width, "must be a multiple of 2 * model.heads")
    for kind, chosen, known in (
        ("advantage", config.grpo.advantage, ADVANTAGES),
        ("loss", config.grpo.loss, LOSSES),
        ("aggregation", config.grpo.aggregation, AGGREGATIONS),
        ("style", config.style, STYLES),
        ("sandbox", config.sandbox.tier, ("auto", *TIERS)),
        ("level of isolation", config.sandbox.min_isolation, LEVELS),
        ("device", config.model.device.split(":")[0], ("auto", "cpu", "cuda")),
    ):
        if chosen not in known:
            raise UnknownName(kind, chosen, known)
    if config.answer_format:
        get_format(config.answer_format)
    if not config.task:
        raise BadValue("task", [], "the mixture is empty; add a [[task]] table with a name")
    names = [entry.name for entry in config.task]
    for i, entry in enumerate(config.task):
        task = get_task(entry.name)
        if names.index(entry.name) != i:
            raise BadValue("task", entry.name, "stands twice in the mixture; list its levels in one table")
        if not math.isfinite(entry.weight) or entry.weight <= 0:
            raise BadValue(f"task {entry.name}: weight", entry.weight, "must be above 0; leave the task out instead")
        if not entry.levels or len(set(entry.levels)) < len(entry.levels):
            raise BadValue(f"task {entry.name}: levels", list(entry.levels), "must name each level once, at least one")
        for level in entry.levels:
            task.params(level)


def to_dict(config: Any) -> dict[str, Any]:
    """Return the configuration as plain JSON-ready data."""
    data: dict[str, Any] = dataclasses.asdict(config)
    data["task"] = [{**entry, "levels": list(entry["levels"])} for entry in data["task"]]
    return data
