"""``gradarium show``: one instance with its prompt, reference, certificate and the verdict on the reference."""

import json
from typing import cast

import typer

from gradarium.core import Split
from gradarium.envs.prompts import render_prompt
from gradarium.generators import get_task
from gradarium.verifiers.answers import FORMATS


def run(name: str, level: int, index: int, split: str, as_json: bool) -> None:
    """Print the instance; raises UnknownName, BadValue or CannotPose."""
    task = get_task(name)
    instance = task.pose(index, level, cast(Split, split))
    prompt = render_prompt(instance)
    verdict = task.grade(FORMATS[instance.answer_format].render(instance.reference), instance)
    if as_json:
        shown = {
            "prompt": prompt,
            "reference": instance.reference,
            "certificate": instance.certificate,
            "verdict": verdict.to_json(),
            "instance": instance.to_json(),
        }
        typer.echo(json.dumps(shown, indent=2))
        return
    head = f"{name} level {level} {split} {index} (key {instance.key})"
    parts = {
        head: prompt,
        "reference": instance.reference,
        "certificate": json.dumps(instance.certificate),
        "verdict on the reference": f"{verdict.status}, score {verdict.score:g}: {verdict.reason}",
    }
    typer.echo("\n\n".join(f"{typer.style(f'# {title}', bold=True)}\n{text}" for title, text in parts.items()))
