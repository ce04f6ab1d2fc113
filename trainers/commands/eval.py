"""``gradarium eval``: success rates of a model on held-out instances."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gradarium.errors import BadValue, MissingExtra


def run(
    *,
    model: str,
    tasks: list[str],
    levels: list[int],
    samples: int,
    count: int,
    config: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Evaluate on the test split; the arms come from ``tasks`` x ``levels`` or from a training configuration."""
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise MissingExtra("evaluation", "train", error.name or str(error)) from None
    from gradarium.generators import get_task
    from gradarium.trainers.config import RunConfig
    from gradarium.trainers.config_file import load_config
    from gradarium.trainers.data import Arm
    from gradarium.trainers.engines import Sampling, make_engine
    from gradarium.trainers.evaluate import evaluate
    from gradarium.trainers.models import end_ids, load_folder
    from gradarium.trainers.progress import say
    from gradarium.trainers.records import write_text
    from gradarium.trainers.verdicts import VerdictPool

    settings = load_config(config) if config else RunConfig()
    arms = [Arm(entry.name, level) for entry in settings.task for level in entry.levels]
    if tasks:
        arms = [Arm(name, level) for name in tasks for level in levels or range(len(get_task(name).levels))]
    if not arms:
        raise BadValue("--task", [], "name at least one task, or pass --config with a mixture")
    for arm in arms:
        get_task(arm.task).params(arm.level)
    for name, value in (("--samples", samples), ("--count", count)):
        if value < 1:
            raise BadValue(name, value, "must be at least 1")
    net, tokenizer = load_folder(model, settings.model.device)
    if not settings.chat:
        tokenizer.chat_template = None
    engine = make_engine("auto", net, tokenizer.pad_token_id, end_ids(net, tokenizer, settings))
    sampling = Sampling(settings.grpo.max_new_tokens, settings.evaluation.temperature)
    with VerdictPool(settings.judge.workers, timeout_s=settings.judge.seconds) as judge:
        results = evaluate(
            engine,
            tokenizer,
            arms,
            count=count,
            samples=samples,
            sampling=sampling,
            judge=judge,
            style=settings.style,
            shots=settings.shots,
            shots_seed=settings.seed,
            answer_format=settings.answer_format,
            seed=settings.seed,
            progress=say,
        )
    text = json.dumps([r.to_json() for r in results], indent=1)
    if out is not None:
        write_text(out, text + "\n")
    if as_json:
        print(text)  # noqa: T201
        return
    table = Table(title=f"{model} on the test split")
    for column in ("task", "level", "success", f"pass@{samples}", "no answer", "truncated", "not judged"):
        table.add_column(column, justify="left" if column == "task" else "right", no_wrap=column == "task")
    for r in results:
        shares = (f"{value:.3f}" for value in (r.success, r.pass_at_k, r.missing, r.truncated))
        table.add_row(r.task, str(r.level), *shares, str(r.not_judged))
    Console().print(table)
