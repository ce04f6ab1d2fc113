"""``gradarium train``: a run over a mixture of tasks."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from gradarium.errors import BadValue, MissingExtra


def run(config_path: Path | None, overrides: list[str], resume: bool) -> None:
    """Train, evaluate and report; raises the errors of ``load_config`` and ``train``."""
    if config_path is None:
        raise BadValue("CONFIG.toml", None, "name a configuration, e.g. gradarium train examples/embedded.toml")
    try:
        import matplotlib  # noqa: F401
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise MissingExtra("training", "train", error.name or str(error)) from None
    from gradarium.trainers.config_file import load_config
    from gradarium.trainers.reporting.held_out import COLUMNS, lift, result_rows, stages_of
    from gradarium.trainers.reporting.tables import change, rate
    from gradarium.trainers.reporting.write import write_report
    from gradarium.trainers.run import train

    config = load_config(config_path, overrides)
    results = {name: [arm.to_json() for arm in arms] for name, arms in train(config, resume).items()}
    report = write_report(Path(config.out))
    stages = stages_of(results)
    with_lift = "grpo" in stages and len(stages) > 1
    table = Table(title="held-out success (test split)")
    for column in ["task", *(COLUMNS[name] for name in stages), *(["lift by GRPO"] if with_lift else [])]:
        table.add_column(column, justify="left" if column == "task" else "right", no_wrap=column == "task")
    for label, values in result_rows(results):
        table.add_row(label, *map(rate, values), *([change(lift(values)).text] if with_lift else []))
    console = Console()
    console.print(table)
    console.print(f"report: {report}", soft_wrap=True)
