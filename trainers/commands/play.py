"""``gradarium play``: a person answers in the terminal until the answer is right or left blank."""

import secrets
import sys

import typer

from gradarium.core import Instance, Status, Verdict
from gradarium.envs.prompts import render_prompt
from gradarium.generators import Task, get_task
from gradarium.verifiers.answers import FORMATS
from gradarium.verifiers.grading import grade


def run(name: str, level: int, index: int | None) -> None:
    """Pose an instance and judge answers from standard input; raises UnknownName, BadValue or CannotPose."""
    task = get_task(name)
    instance = task.pose(secrets.randbelow(10**6) if index is None else index, level)
    typer.echo(render_prompt(instance))
    typer.echo(
        "\n(End your answer with a blank line; a blank answer gives up. The marks around the answer may be left out.)"
    )
    while answer := _read():
        verdict = judge(task, instance, answer)
        typer.echo(f"{verdict.status}: {verdict.reason}")
        if verdict.status is Status.CORRECT:
            return
    typer.echo(f"One right answer (instance {instance.index}):\n{instance.reference}")


def judge(task: Task, instance: Instance, answer: str) -> Verdict:
    """Judge an answer with or without the marks of its format."""
    marked = FORMATS[instance.answer_format].find(answer) is not None
    return task.grade(answer, instance) if marked else grade(answer, task.verify, instance.payload, "plain")


def _read() -> str:
    """Return the lines up to a blank one or the end of the input."""
    lines = []
    for line in iter(sys.stdin.readline, ""):
        if not line.strip():
            break
        lines.append(line.rstrip("\r\n"))
    return "\n".join(lines)
