"""Read a run configuration: TOML on disk, a preset under it, dotted overrides over it, then every value is checked."""

import dataclasses
import itertools
import math
import tomllib
import types
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile, BadValue, UnknownName
from gradarium.trainers.config import CurriculumConfig, RewardConfig, RunConfig


def load_config(path: Path, overrides: Sequence[str] = ()) -> RunConfig:
    """Read a TOML file, apply ``--dotted.name value`` overrides, expand the groups of its mixture and validate.

    Raises BadFile, UnknownName or BadValue, each with the fix.
    """
    from gradarium.trainers.mixture import expand

    data = read_tables(path, overrides)
    if "task" in data:
        data["task"] = [part.entry for part in expand(data["task"])]
        _fill_rewards(data)
    config: RunConfig = _build(RunConfig, data, "")
    validate(config)
    return config


def read_tables(path: Path, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Return the tables of a TOML file with ``--dotted.name value`` overrides and its preset, not yet checked.

    Raises BadFile, UnknownName or BadValue.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadFile(path, "no such file; examples are in examples/") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(path, f"cannot be read: {error}") from None
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, thousands of brackets
        raise BadFile(path, f"is not valid TOML: {error}") from None
    for name, text in _pairs(overrides):
        _place(data, name, _value(text))
    _fill_preset(data)
    return data


def _fill_preset(data: dict[str, Any]) -> None:
    """Put the settings of a preset under those that are given."""
    grpo = data.get("grpo")
    name = grpo.get("preset") if isinstance(grpo, dict) else None
    if not isinstance(name, str) or not name:
        return  # another type is told with the other values
    from gradarium.trainers.presets import preset

    for dotted, value in preset(name).items():
        section, _, option = dotted.partition(".")
        table = data.setdefault(section, {})
        if isinstance(table, dict):
            table.setdefault(option, value)


def _fill_rewards(data: dict[str, Any]) -> None:
    """Put the options of ``[reward]`` under those of each task's own ``reward`` table."""
    for entry in data["task"]:
        if isinstance(entry.get("reward"), dict) and isinstance(data.get("reward", {}), dict):
            entry["reward"] = {**data.get("reward", {}), **entry["reward"]}


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
    except (ValueError, RecursionError):
        return text


def _place(data: dict[str, Any], name: str, value: Any) -> None:
    name = "model.path" if name == "model" else name  # --model NAME, as other commands have it
    *folders, last = name.split(".")
    for folder in folders:
        data = data.setdefault(folder, {})
        if not isinstance(data, dict):
            raise BadValue(f"--{name}", value, f"{folder!r} is no section; edit the file for lists of tables")
    data[last] = value


def _build(cls: type[Any], data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise BadValue(where.rstrip(".") or "config", data, "must be a table")
    if cls is CurriculumConfig:
        data = _with_options(data)
    hints = typing.get_type_hints(cls)
    values = {}
    for name, value in data.items():
        if name not in hints:
            raise UnknownName(f"option of {where[:-1]}" if where else "option", name, hints)
        values[name] = _convert(hints[name], value, f"{where}{name}")
    return cls(**values)


def _with_options(data: dict[str, Any]) -> dict[str, Any]:
    """Return the table ``[curriculum]`` with what belongs to the rule as its ``options``; raises UnknownName.

    Floor and rehearsal are the rule's usual ones where they are not given.
    """
    from gradarium.trainers.curricula import get_rule

    common = {field.name for field in dataclasses.fields(CurriculumConfig)} - {"options"}
    name = data.get("name", CurriculumConfig.name)
    rule = get_rule(name if isinstance(name, str) else repr(name))
    own = {option: value for option, value in data.items() if option not in common}
    known = {field.name for field in dataclasses.fields(rule.Options)}
    for option in own:
        if option not in known:
            raise UnknownName(f"option of curriculum {name!r}", option, common | known)
    shares = {"floor": rule.usual_floor, "rehearsal": rule.usual_rehearsal}
    given = {option: value for option, value in data.items() if option in common}
    return {**shares, **given, "options": _build(rule.Options, own, "curriculum.")}


def _convert(hint: Any, value: Any, where: str) -> Any:
    if hint is Any:
        return value
    if type(value) is int and abs(value) >= 2**63:
        raise BadValue(where, f"{str(value)[:20]}...", "is too large for a whole number of TOML (64 bits)")
    if typing.get_origin(hint) is types.UnionType:  # X | None: what stands in a file is an X
        hint = typing.get_args(hint)[0]
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _build(hint, value, f"{where}.")
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise BadValue(where, value, f"must be a list{f': write [{value!r}]' if isinstance(value, str) else ''}")
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
    "rejection": {"rounds": 0, "prompts": 1, "samples": 1, "keep": 1, "epochs": 1, "batch": 1, "lr": 0.0},
    "grpo": {
        "steps": 0,
        "prompts": 1,
        "group": 2,
        "temperature": 0.01,
        "max_new_tokens": 1,
        "updates": 1,
        "max_error_rate": 0.0,
    },
    "sampling": {"rounds": 1, "oversample": 1.0, "spread": 0.0, "least": 2, "most": 2},
    "curriculum": {"floor": 0.0, "rehearsal": 0.0},
    "reward": {
        "score": 0.0,
        "partial": 0.0,
        "format": 0.0,
        "overlong": 0,
        "length_weight": 0.0,
        "cosine_right_short": -100.0,
        "cosine_right_long": -100.0,
        "cosine_wrong_short": -100.0,
        "cosine_wrong_long": -100.0,
        "cosine_cut": -100.0,
        "effort_slope": 0.0,
        "effort_margin": 0.0,
    },
    "loss": {
        "clip_low": 0.0,
        "clip_high": 0.0,
        "dual_clip": 1.0,
        "two_sided": 1.0,
        "tau_positive": 1e-6,
        "tau_negative": 1e-6,
        "trust": 0.0,
        "cap": 0.0,
        "beta": 0.0,
        "nft_floor": 1e-6,
        "select_share": 0.0,
        "mismatch_low": 0.0,
        "mismatch_high": 0.0,
    },
    "kl": {"weight": 0.0, "target": 0.0, "horizon": 1.0, "every": 1, "alpha": 0.0, "patience": 1},
    "entropy": {
        "weight": 0.0,
        "target": 0.0,
        "delta": 0.0,
        "largest": 0.0,
        "hot": 0.01,
        "cold": 0.01,
        "share": 0.0,
    },
    "guidance": {"sft_lr": 0.0, "sft_batch": 1, "prefix": 0.0, "prefix_start": 0.0, "prefix_end": 0.0},
    "step": {
        "lr": 0.0,
        "lr_warmup": 0,
        "weight_decay": 0.0,
        "max_grad_norm": 1e-6,
        "micro_tokens": 1,
        "head_bytes": 1,
        "lora_rank": 0,
        "lora_alpha": 1e-6,
    },
    "evaluation": {"count": 1, "samples": 1, "temperature": 0.0, "every": 0, "dev_count": 1},
    "diagnostics": {"no_signal": 1, "missing": 0.0, "overfit": 1},
    "judge": {"workers": 0, "seconds": 0.1, "memory_mb": 256},
    "sandbox": {"workers": 0},
    "prompts": {"templates": 1},
}
_AT_MOST: dict[str, dict[str, float]] = {
    "loss": {"clip_low": 0.999999, "select_share": 1.0, "nft_floor": 1.0},
    "reward": {
        "score": 100.0,
        "partial": 1.0,
        "format": 100.0,
        "length_weight": 100.0,
        "effort_slope": 100.0,
        "cosine_right_short": 100.0,
        "cosine_right_long": 100.0,
        "cosine_wrong_short": 100.0,
        "cosine_wrong_long": 100.0,
        "cosine_cut": 100.0,
        "effort_margin": 1.0,
    },
    "kl": {"alpha": 1.0},
    "entropy": {"share": 0.9},
    "guidance": {"prefix": 0.9, "prefix_start": 1.0, "prefix_end": 1.0},
    "diagnostics": {"missing": 1.0},
}


def validate(config: RunConfig) -> None:
    """Check values, names and the mixture; raises BadValue or UnknownName."""
    from gradarium.trainers.curricula import make_curriculum
    from gradarium.trainers.mixture import check_mixture

    own = [(f"task {entry.name}: reward", entry.reward) for entry in config.task if entry.reward is not None]
    for rules, sign, word in ((_AT_LEAST, 1, "at least"), (_AT_MOST, -1, "at most")):
        for section, bounds in rules.items():
            tables = [(section, getattr(config, section)), *(own if section == "reward" else [])]
            for (where, table), (name, bound) in itertools.product(tables, bounds.items()):
                value = getattr(table, name)
                if not math.isfinite(value) or sign * value < sign * bound:
                    raise BadValue(f"{where}.{name}", value, f"must be {word} {bound}")
    for name, least in (("checkpoint_every", 1), ("keep", 1), ("shots", 0)):
        if getattr(config, name) < least:
            raise BadValue(name, getattr(config, name), f"must be at least {least}")
    _check_names(config)
    _check_together(config)
    check_mixture(config.task)
    _check_probe(make_curriculum(config).probe, config)  # making it, too: a rule's options may not fit the mixture
    for where, reward in (("reward", config.reward), *own):
        _check_reward(where, reward, config)


def _check_names(config: RunConfig) -> None:
    """Raise UnknownName for a choice that does not exist."""
    from gradarium.envs.prompts import STYLES
    from gradarium.sandbox.base import LEVELS, TIERS
    from gradarium.trainers.advantages import ADVANTAGES
    from gradarium.trainers.aggregation import AGGREGATIONS
    from gradarium.trainers.divergence import KL_ESTIMATORS
    from gradarium.trainers.losses import LOSSES
    from gradarium.trainers.mismatch import MISMATCH
    from gradarium.trainers.optimizers import OPTIMIZERS
    from gradarium.trainers.policy import LAYOUTS
    from gradarium.trainers.selection import SELECTIONS
    from gradarium.trainers.trackers import tracker_names
    from gradarium.verifiers import get_format

    for kind, chosen, known in (
        ("advantage", config.grpo.advantage, ADVANTAGES),
        ("loss", config.loss.name, LOSSES),
        ("aggregation", config.loss.aggregation, AGGREGATIONS),
        ("selection", config.loss.select, SELECTIONS),
        ("mismatch correction", config.loss.mismatch, ("none", *MISMATCH)),
        ("KL estimator", config.kl.estimator, KL_ESTIMATORS),
        ("kind of reference", config.kl.reference, ("fixed", "ema", "reset")),
        ("entropy mode", config.entropy.mode, ("fixed", "adaptive", "aepo")),
        ("allocation", config.sampling.allocation, ("equal", "gvm")),
        ("optimizer", config.step.optimizer, OPTIMIZERS),
        ("layout", config.step.layout, LAYOUTS),
        ("precision", config.step.precision, ("fp32", "bf16")),
        ("style", config.style, STYLES),
        ("sandbox", config.sandbox.tier, ("auto", *TIERS)),
        ("level of isolation", config.sandbox.min_isolation, LEVELS),
        ("device", config.model.device.split(":")[0], ("auto", "cpu", "cuda")),
    ):
        if chosen not in known:
            raise UnknownName(kind, chosen, known)
    for name in config.trackers:
        if name != "auto" and name not in tracker_names():
            raise UnknownName("tracker", name, ("auto", *tracker_names()))
    if config.answer_format:
        get_format(config.answer_format)


def _check_together(config: RunConfig) -> None:
    """Raise BadValue for settings that make no sense beside each other."""
    from gradarium.envs.templates import TEMPLATES

    templates = config.prompts.templates
    if templates > TEMPLATES:
        raise BadValue("prompts.templates", templates, f"must be at most {TEMPLATES}, so many there are")
    if templates > 1 and config.style != "full":
        raise BadValue("prompts.templates", templates, f'the style {config.style!r} has one form; set style = "full"')
    grpo, sampling, loss, step = config.grpo, config.sampling, config.loss, config.step
    if config.model.path == "tiny" and config.model.width % (2 * config.model.heads):
        raise BadValue("model.width", config.model.width, "must be a multiple of 2 * model.heads")
    if grpo.updates > grpo.prompts:
        raise BadValue("grpo.updates", grpo.updates, f"there are only {grpo.prompts} prompts to share out")
    if sampling.allocation == "gvm" and not sampling.least <= grpo.group <= sampling.most:
        raise BadValue("grpo.group", grpo.group, "the mean group size must lie in [sampling.least, sampling.most]")
    if loss.name == "two_sided" and loss.two_sided <= 1 + loss.clip_high:
        raise BadValue("loss.two_sided", loss.two_sided, "must be above 1 + loss.clip_high")
    if loss.mismatch_low >= loss.mismatch_high:
        raise BadValue("loss.mismatch_low", loss.mismatch_low, "must be below loss.mismatch_high")
    if config.kl.reference != "fixed" and config.kl.weight == 0:
        raise BadValue("kl.reference", config.kl.reference, "needs a reference: set kl.weight above 0")
    if config.kl.reference == "reset" and config.evaluation.every == 0:
        raise BadValue("kl.reference", "reset", "looks at the dev split: set evaluation.every above 0")
    if len(step.betas) != 2 or not all(0 <= beta < 1 for beta in step.betas):
        raise BadValue("step.betas", list(step.betas), "must be two numbers in [0, 1)")
    curriculum = config.curriculum
    if curriculum.floor + curriculum.rehearsal > 0.9:
        raise BadValue("curriculum.floor", curriculum.floor, "and curriculum.rehearsal must sum to 0.9 at most")
    entropy = config.entropy
    if entropy.mode == "aepo":
        if entropy.weight == 0:
            raise BadValue("entropy.weight", 0.0, "is the weight of AEPO's term: set it above 0")
        if not entropy.cold < grpo.temperature < entropy.hot:
            raise BadValue(
                "entropy.hot", entropy.hot, "entropy.cold and it must lie on either side of grpo.temperature"
            )
        if loss.name in ("nft", "copg"):
            raise BadValue("loss.name", loss.name, "learns from more than advantages; entropy.mode aepo cannot use it")
    if any(helped >= n for n, helped in _helped(config)):
        raise BadValue(
            "guidance.prefix", config.guidance.prefix, "with entropy.share it leaves a group no plain rollout"
        )
    if config.guidance.prefix and config.grpo.group < 2 / config.guidance.prefix:
        raise BadValue("guidance.prefix", config.guidance.prefix, f"is less than two of {grpo.group} rollouts")


def _helped(config: RunConfig) -> list[tuple[int, int]]:
    """Return the sizes that groups can have, each with how many rollouts are prefixed or tempered."""
    sampling = config.sampling
    tempered = config.entropy.share if config.entropy.mode == "aepo" else 0.0
    sizes = range(sampling.least, sampling.most + 1) if sampling.allocation == "gvm" else (config.grpo.group,)
    return [(n, round(config.guidance.prefix * n) + round(tempered * n)) for n in sizes]


def _check_probe(probe: int, config: RunConfig) -> None:
    """Raise BadValue where a probe leaves a group no room for the rollouts that are prefixed or tempered."""
    for n, helped in _helped(config):
        if probe and helped and min(probe, n) + helped > n:
            name = config.curriculum.name
            reason = f"of {n} rollouts {helped} are prefixed or tempered, {n - helped} are left for a probe"
            raise BadValue(f"probe of curriculum {name!r}", probe, reason)


def _check_reward(where: str, options: RewardConfig, config: RunConfig) -> None:
    """Raise BadValue or UnknownName for a reward that cannot be paid or contradicts itself."""
    from gradarium.trainers.lengths import EFFORTS, LENGTHS

    for kind, chosen, known in (
        ("reward for length", options.length, ("none", *LENGTHS)),
        ("effort", options.effort, (*EFFORTS, "mixed")),
    ):
        if chosen not in known:
            raise UnknownName(kind, chosen, known)
    if options.overlong >= config.grpo.max_new_tokens:
        raise BadValue(f"{where}.overlong", options.overlong, "must be below grpo.max_new_tokens")
    if options.ternary:
        for name, clashes, why in (
            ("partial", options.partial > 0, "a wrong answer is paid -1 under ternary; leave one of them out"),
            ("chance_corrected", options.chance_corrected, "guessing costs -1 under ternary; leave one of them out"),
            ("length", options.length == "cosine", "both it and ternary say what a wrong answer costs; use kimi"),
        ):
            if clashes:
                raise BadValue(f"{where}.{name}", getattr(options, name), why)
    for name, negative in (
        ("ternary", options.ternary),
        ("chance_corrected", options.chance_corrected),
        ("length", options.length in ("kimi", "cosine")),
        ("overlong", options.overlong > 0),
    ):
        if negative and config.loss.name == "nft" and name != "overlong":  # there 0 is the bound that was meant
            raise BadValue("loss.name", "nft", f"takes rewards from 0 to 1, so {where}.{name} would lose its meaning")
        if negative and config.grpo.advantage == "maxrl":
            reason = f"divides by the mean reward, which {where}.{name} can bring to 0 or below; use dr_grpo or grpo"
            raise BadValue("grpo.advantage", "maxrl", reason)
    if options.length != "none":
        _check_order(where, options, config.grpo.max_new_tokens)


def _check_order(where: str, options: RewardConfig, max_tokens: int) -> None:
    """Raise BadValue where the length can make a wrong answer worth more than a right one."""
    from gradarium.trainers.lengths import LENGTHS, Written, budget

    limit = max_tokens
    if options.length == "lcpo_max":
        limit = budget("low" if options.effort == "mixed" else options.effort, max_tokens)
    for right, wrong in itertools.product((1, max_tokens), repeat=2):
        group = [Written(right, True), Written(wrong, False)]
        gains = LENGTHS[options.length](group, limit, options)
        pays = [
            options.score * score + options.length_weight * gain
            for score, gain in zip((1.0, options.partial), gains, strict=True)
        ]
        if pays[0] < pays[1] - 1e-9:
            reason = (
                f"with {options.length} a right answer of {right} tokens would be paid {pays[0]:.4g}, a wrong one of "
                f"{wrong} up to {pays[1]:.4g}; lower it{', or partial' if options.partial else ''}"
            )
            raise BadValue(f"{where}.length_weight", options.length_weight, reason)


def to_dict(config: Any) -> dict[str, Any]:
    """Return the configuration as plain JSON-ready data."""
    data: dict[str, Any] = dataclasses.asdict(config)
    data["task"] = [{**entry, "levels": list(entry["levels"])} for entry in data["task"]]
    return data
