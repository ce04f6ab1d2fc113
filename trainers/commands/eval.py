"""``gradarium eval``: a model, local or behind an endpoint, on held-out instances."""

import dataclasses
import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from gradarium.core import SPLITS
from gradarium.envs.prompts import check_style
from gradarium.envs.shots import MAX_SHOTS
from gradarium.errors import BadFile, BadValue, MissingExtra, UnknownName
from gradarium.generators import get_task
from gradarium.generators.levels import read_levels
from gradarium.trainers.config import RunConfig
from gradarium.trainers.evaluation.results import render
from gradarium.trainers.evaluation.runner import Backend, run_evaluation
from gradarium.trainers.evaluation.settings import Evaluation, PlannedArm, check_versions, read_evaluation
from gradarium.trainers.evaluation.store import SETTINGS
from gradarium.trainers.evaluation.suites import get_suite, plan
from gradarium.trainers.isolation import isolate
from gradarium.trainers.progress import say
from gradarium.trainers.verdicts import VerdictPool
from gradarium.verifiers import get_format

MAX_NEW_TOKENS = 512
TASK_COUNT = 100
"""Instances of each arm where tasks are named one by one."""


def run(
    *,
    model: str | None,
    endpoint: str | None,
    suite: str | None,
    tasks: Sequence[str],
    levels: Sequence[str],
    count: int | None,
    config: Path | None,
    out: Path | None,
    resume: bool,
    as_json: bool,
    asked: Mapping[str, Any],
    concurrency: int,
    timeout_s: float,
    retries: int,
) -> None:
    """Evaluate, print the results, and leave everything in the folder ``out``.

    ``asked`` holds options by their name in ``Evaluation``, None for those that were not given. What was not given is
    taken from the configuration, else, with ``resume``, from the folder, else a default. Raises the errors of what is
    asked for, BadFile for a folder that cannot be used, and Unfinished when it stops on the way.
    """
    settings = _read_config(config)
    earlier = _earlier(out, resume)
    if resume and earlier is None and not (suite or tasks or config):
        raise BadFile(out, f"holds no {SETTINGS} to go on with; name another folder, or what to ask: --suite, --task")
    arms = _choose(settings if config else None, suite, tasks, levels, count, earlier)
    values = _values(asked, settings if config else None, earlier)
    url = endpoint or (earlier.base_url if earlier and not model else "")
    name = model or (earlier.model if earlier else None)
    if name is None:
        hint = "its name at the endpoint" if endpoint else "a folder or hub name, or add --endpoint"
        raise BadValue("--model", None, f"name the model: {hint}")
    if url and out is None:
        raise BadValue("--out", None, "name a folder, in which what the endpoint answers is kept")
    given = {name for name in ("engine", "batch", "device") if asked[name] is not None}
    if url and given:
        raise BadValue(f"--{min(given)}", asked[min(given)], "is for models on this machine, not for an endpoint")
    evaluation = Evaluation(
        suite=arms[0],
        suite_version=arms[1],
        arms=arms[2],
        model=name,
        backend="endpoint" if url else "local",
        base_url=url,
        **values,
    )
    _check(evaluation)
    said, places = isolate({arm.task for arm in evaluation.arms}, settings.sandbox)
    evaluation = dataclasses.replace(evaluation, sandbox=said.get("sandbox", ""), isolation=said.get("isolation", ""))
    backend: Backend
    if url:
        evaluation, backend = _at_endpoint(evaluation, concurrency, timeout_s, retries)
    else:
        evaluation, backend = _on_this_machine(evaluation)
    judge = VerdictPool(
        settings.judge.workers,
        timeout_s=settings.judge.seconds,
        memory_mb=settings.judge.memory_mb,
        sandbox=places,
    )
    with judge, tempfile.TemporaryDirectory() as unkept:
        results = run_evaluation(evaluation, backend, judge, out or Path(unkept), resume)
    if as_json:
        typer.echo(json.dumps(results.to_json(), indent=1))
        return
    from rich.console import Console

    console = Console(markup=False, emoji=False)  # names of models are no markup
    for part in render(results):
        console.print(part)
    if out is not None:
        say(f"completions and results are in {out}")


def _read_config(path: Path | None) -> RunConfig:
    if path is None:
        return RunConfig()
    try:
        from gradarium.trainers.config_file import load_config

        config = load_config(path)
    except ModuleNotFoundError as error:
        raise MissingExtra("reading a training configuration", "train", error.name or str(error)) from None
    paid = [config.reward, *(entry.reward for entry in config.task if entry.reward is not None)]
    if any(options.ternary or options.length == "lcpo_max" for options in paid):
        say("note: in training, prompts also offer to abstain or name a budget of tokens; here they do not")
    return config


def _earlier(out: Path | None, resume: bool) -> Evaluation | None:
    """Return what the folder asks that is gone on with, if it is there."""
    if not resume:
        return None
    if out is None:
        raise BadValue("--resume", True, "name the folder of the evaluation with --out")
    path = out / SETTINGS
    if not path.exists():
        return None
    earlier = read_evaluation(path)
    check_versions(earlier)
    return earlier


def _choose(
    config: RunConfig | None,
    suite: str | None,
    tasks: Sequence[str],
    levels: Sequence[str],
    count: int | None,
    earlier: Evaluation | None,
) -> tuple[str, int, tuple[PlannedArm, ...]]:
    """Return (name of the suite, its version, arms)."""
    if count is not None and count < 1:
        raise BadValue("--count", count, "must be at least 1")
    if suite and tasks:
        raise BadValue("--task", tasks[0], "either name tasks or a suite, not both")
    if suite:
        found = get_suite(suite)
        arms = found.arms
        if levels:
            arms = tuple(arm for arm in arms if arm.level in read_levels(get_task(arm.task), levels))
            if not arms:
                has = sorted({arm.level for arm in found.arms})
                raise BadValue("--level", " ".join(levels), f"the suite has none of them, only {has}")
        if count:
            arms = tuple(dataclasses.replace(arm, count=count) for arm in arms)
        return found.name if arms == found.arms else f"{found.name}, changed", found.version, arms
    if tasks:
        chosen = [get_task(name) for name in dict.fromkeys(tasks)]
        parts = [plan([task], read_levels(task, levels), count or TASK_COUNT) for task in chosen]
        return "tasks", 0, tuple(arm for part in parts for arm in part)
    if config is not None:
        parts = [plan([get_task(entry.name)], entry.levels, count or TASK_COUNT) for entry in config.task]
        formats = {entry.name: entry.answer_format for entry in config.task}
        every = (arm for part in parts for arm in part)
        return "mixture", 0, tuple(dataclasses.replace(arm, answer_format=formats[arm.task]) for arm in every)
    if earlier is not None:
        if levels or count:
            raise BadValue(
                "--resume", True, "an evaluation that goes on asks what it asked; leave out --level, --count"
            )
        return earlier.suite, earlier.suite_version, earlier.arms
    raise BadValue("--suite", None, "name a suite (gradarium suites lists them), tasks with --task, or a --config")


def _values(asked: Mapping[str, Any], config: RunConfig | None, earlier: Evaluation | None) -> dict[str, Any]:
    """Return the value of every option: what was given, of the configuration, of the folder, or the default."""
    values: dict[str, Any] = {
        "samples": 1,
        "temperature": 1.0,
        "max_new_tokens": MAX_NEW_TOKENS,
        "style": "full",
        "shots": 0,
        "template": 0,
        "answer_format": "",
        "seed": 0,
        "split": "test",
        "engine": "",
        "batch": 0,
        "device": "",
        "threads": 0,
        "chat": True,
        "api_key_env": "",
    }
    if earlier is not None:
        values = {name: getattr(earlier, name) for name in values}
    if config is not None:
        values |= {
            "temperature": config.evaluation.temperature,
            "max_new_tokens": config.grpo.max_new_tokens,
            "style": config.style,
            "shots": config.shots,
            "answer_format": config.answer_format,
            "seed": config.seed,
            "threads": config.model.threads,
            "chat": config.chat,
            "device": values["device"] or config.model.device,
            "engine": config.sampling.engine,
        }
    return values | {name: value for name, value in asked.items() if value is not None}


def _check(evaluation: Evaluation) -> None:
    """Raise BadValue or UnknownName before a model is loaded."""
    e = evaluation
    for name, value in (("--samples", e.samples), ("--max-new-tokens", e.max_new_tokens)):
        if value < 1:
            raise BadValue(name, value, "must be at least 1")
    if not 0 <= e.temperature < math.inf:
        raise BadValue("--temperature", e.temperature, "must be 0 (greedy) or more")
    if not 0 <= e.shots <= MAX_SHOTS:
        raise BadValue("--shots", e.shots, f"must be from 0 to {MAX_SHOTS}")
    check_style(e.style, e.template)
    if e.answer_format:
        get_format(e.answer_format)
    if e.split not in SPLITS:
        raise UnknownName("split", e.split, SPLITS)
    if e.batch < 0:
        raise BadValue("--batch", e.batch, "must be at least 1")
    if e.device.split(":")[0] not in ("", "auto", "cpu", "cuda"):
        raise UnknownName("device", e.device, ("auto", "cpu", "cuda"))


def _at_endpoint(e: Evaluation, concurrency: int, timeout_s: float, retries: int) -> tuple[Evaluation, Backend]:
    from gradarium.trainers.evaluation.endpoint import KEY_VARIABLE, Connection, Endpoint

    if not e.chat:
        raise BadValue("chat", False, "an endpoint is asked in chat messages; set chat = true")
    key = e.api_key_env or KEY_VARIABLE
    connection = Connection(e.base_url, concurrency, timeout_s, retries, key)
    # Nothing of the machine matters here.
    e = dataclasses.replace(e, engine="", batch=0, device="", threads=0, api_key_env=key)
    return e, Endpoint(connection)


def _on_this_machine(e: Evaluation) -> tuple[Evaluation, Backend]:
    """Load the model; raises BadValue, UnknownName or MissingExtra."""
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise MissingExtra("evaluation of a local model", "train", error.name or str(error)) from None
    from gradarium.trainers.engines import ENGINES, Sampling, make_engine
    from gradarium.trainers.evaluation.local import BATCH, Local, fingerprint, set_threads
    from gradarium.trainers.models import eos_ids, load_folder

    name = e.engine or "auto"
    if name not in ENGINES:
        raise UnknownName("--engine", name, ENGINES)
    threads = set_threads(e.threads)
    net, tokenizer = load_folder(e.model, e.device or "auto")
    if not e.chat:
        tokenizer.chat_template = None
    formats = {arm.answer_format or e.answer_format or get_task(arm.task).answer_format for arm in e.arms}
    ends = eos_ids(net, tokenizer, e.shots, one_line=formats == {"answer_line"})
    engine = make_engine(name, net, tokenizer.pad_token_id, ends)
    e = dataclasses.replace(
        e,
        engine=name,
        batch=e.batch or BATCH,
        device=net.device.type,
        threads=threads,
        weights=fingerprint(net),
        chat=bool(tokenizer.chat_template),
        api_key_env="",
    )
    sampling = Sampling(e.max_new_tokens, e.temperature)
    return e, Local(engine, tokenizer, sampling, e.style, e.shots, e.seed, (e.template,), e.seed, e.batch)
