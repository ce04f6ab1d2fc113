"""``gradarium mix show``: what a mixture file means, arm by arm, before anything is trained."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gradarium.errors import BadValue, MissingExtra
from gradarium.generators.levels import levels_text

if TYPE_CHECKING:
    from gradarium.trainers.config import RunConfig

MOST_PROMPTS = 1_000
"""Sample prompts that can be asked for."""


def show(path: Path, overrides: Sequence[str], prompts: int, as_json: bool) -> None:
    """Print the mixture of a configuration; raises BadFile, UnknownName, BadValue or MissingExtra."""
    if not 0 <= prompts <= MOST_PROMPTS:
        raise BadValue("--prompts", prompts, f"must be from 0 to {MOST_PROMPTS}")
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise MissingExtra("reading a mixture", "train", error.name or str(error)) from None
    from gradarium.trainers.mixture_summary import summary

    config, found = summary(path, overrides, prompts)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        _print(config, found)


def _print(config: "RunConfig", shown: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from gradarium.trainers.mixture_summary import by_task

    totals, prompts, arms = shown["totals"], shown["prompts"], shown["arms"]
    typer.echo(f"{shown['file']}: {_count(totals['tasks'], 'task')}, {_count(totals['arms'], 'arm')} (task x level)")
    typer.echo(_curriculum_line(config))
    typer.echo(_prompts_line(prompts))
    common = shown["reward"]
    typer.echo(f"reward      {_options(common) or 'the score of the verdict'}")
    typer.echo(
        f"training    {totals['steps']} steps of {totals['prompts_a_step']} prompts, "
        f"{totals['completions_a_step']} completions of at most {config.grpo.max_new_tokens} tokens"
    )
    typer.echo(f"held out    {totals['completions_an_evaluation']} completions an evaluation\n")
    moved = any(abs(arm["share"] - arm["share_at_start"]) > 1e-6 for arm in arms)
    own_reward = any(arm["reward"] != common for arm in arms)
    grouped = any(arm["table"] != arm["task"] for arm in arms)
    heads = ["task", "family", "levels", "share", "format", "chance", "prompt characters"]
    heads[4:4] = ["at start"] if moved else []
    heads += (["reward"] if own_reward else []) + (["from"] if grouped else [])
    table = Table(box=None, pad_edge=False)
    for head in heads:
        right = head in ("share", "at start", "chance", "prompt characters")
        table.add_column(head, no_wrap=True, justify="right" if right else "left")
    at_start = by_task(arms, "share_at_start")
    for task, share in by_task(arms, "share").items():
        mine = [arm for arm in arms if arm["task"] == task]
        one = mine[0]
        row = [task, one["family"], levels_text([arm["level"] for arm in mine]), f"{share:.1%}"]
        row += [_start(mine, at_start[task])] if moved else []
        row += [one["answer_format"], f"{one['chance']:.3g}", _sizes(mine)]
        row += [_options(one["reward"]) if one["reward"] != common else ""] if own_reward else []
        row += [one["table"] if one["table"] != task else ""] if grouped else []
        table.add_row(*row)
    widest = Console(width=1_000).measure(table).maximum  # lines break on a narrow terminal, no cell is cut
    Console(width=widest).print(table)
    for text in shown["warnings"]:
        typer.echo(f"\n{typer.style('note', bold=True)}: {text}")
    for sample in shown.get("samples", ()):
        head = f"# {sample['task']}/{sample['level']}, train {sample['index']}, template {sample['template']}"
        typer.echo(f"\n{typer.style(head, bold=True)}")
        for text in sample["texts"]:
            if text["role"]:
                typer.echo(typer.style(f"[{text['role']}]", dim=True))
            typer.echo(text["text"])


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _curriculum_line(config: "RunConfig") -> str:
    rule = config.curriculum
    parts = [
        text
        for text, share in (("floor", rule.floor), ("rehearsal", rule.rehearsal))
        if share
        for text in [f"{text} {share:.0%}"]
    ]
    if rule.options is not None:
        parts += [f"{name} = {value!r}" for name, value in dataclasses.asdict(rule.options).items()]
    return f"curriculum  {rule.name}" + (f" ({', '.join(parts)})" if parts else "")


def _prompts_line(prompts: dict[str, Any]) -> str:
    parts = [f"style {prompts['style']}", "chat" if prompts["chat"] else "plain text"]
    if prompts["shots"]:
        parts.append(_count(prompts["shots"], "worked example"))
    if prompts["style"] == "full":
        held_out = prompts["held_out_templates"]
        told = f" (held out: {levels_text(held_out)})" if held_out else " (none held out)"
        parts.append(_count(prompts["templates"], "template") + told)
    return f"prompts     {', '.join(parts)}"


def _options(options: dict[str, Any]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in options.items())


def _start(arms: Sequence[dict[str, Any]], share: float) -> str:
    """Return a task's share of the first draws, with its commonest level where levels are not drawn alike."""
    top = max(arms, key=lambda arm: arm["share_at_start"])
    even = top["share_at_start"] * len(arms) - share < 1e-6
    return f"{share:.1%}" if even else f"{share:.1%} (level {top['level']} {top['share_at_start']:.1%})"


def _sizes(arms: Sequence[dict[str, Any]]) -> str:
    """Return the medians of a task's levels as a range."""
    chars = [arm["prompt_chars"] for arm in arms if arm["prompt_chars"] is not None]
    if not chars:
        return "?"
    return f"{min(chars)}-{max(chars)}" if min(chars) < max(chars) else str(chars[0])
