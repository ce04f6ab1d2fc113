"""Checkpoints: a folder written whole or not at all, with a hash of every file."""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from gradarium.errors import BadFile
from gradarium.trainers.learner import Learner
from gradarium.trainers.lora import load_lora_state, lora_state, save_merged
from gradarium.trainers.stages import STAGES


@contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """Give a folder to write into; it takes the place of ``final`` when the block ends, or vanishes if it fails.

    Raises BadFile when the disk refuses.
    """
    partial = final.with_suffix(".tmp")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        for path in partial.rglob("*"):
            if path.is_file():
                with path.open("rb") as handle:
                    os.fsync(handle.fileno())
        shutil.rmtree(final, ignore_errors=True)
        os.replace(partial, final)
    except (OSError, SafetensorError) as error:  # safetensors wraps the errors of the disk
        shutil.rmtree(partial, ignore_errors=True)
        raise BadFile(final, f"cannot be written: {error}") from None


def save_model(final: Path, model: Any, tokenizer: Any) -> None:
    """Write a model folder that ``from_pretrained`` reads; raises BadFile."""
    with whole_folder(final) as folder:
        save_merged(model, folder)
        tokenizer.save_pretrained(folder)


def save(folder: Path, stage: str, step: int, learner: Learner, state: dict[str, Any]) -> Path:
    """Write ``<folder>/<stage number>-<stage>-<step>`` and return it; a crash leaves at most a folder ending in .tmp.

    Holds the weights, the reference where there is one, the optimiser, torch's random state, and ``state``. Raises
    BadFile when the disk refuses.
    """
    final = folder / f"{STAGES.index(stage)}-{stage}-{step:06d}"
    with whole_folder(final) as partial:
        save_merged(learner.model, partial / "model")
        if adapters := lora_state(learner.model):
            save_file(adapters, partial / "adapters.safetensors")
        learner.tokenizer.save_pretrained(partial / "model")
        if learner.reference is not None:
            save_merged(learner.reference, partial / "reference")
        memory = io.BytesIO()  # torch reports a full disk in ways of its own, a plain write does not
        torch.save({"optimizer": learner.optimizer.state_dict(), "rng": torch.get_rng_state()}, memory)
        (partial / "optimizer.pt").write_bytes(memory.getbuffer())
        (partial / "state.json").write_text(json.dumps({"stage": stage, "step": step, **state}), encoding="utf-8")
        files = sorted(path for path in partial.rglob("*") if path.is_file())
        manifest = {str(path.relative_to(partial)): _digest(path) for path in files}
        (partial / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return final


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def listing(folder: Path) -> list[Path]:
    """Return the complete checkpoints of a run, oldest first."""
    return sorted(p for p in folder.glob("[0-9]-*-*") if p.is_dir() and p.suffix != ".tmp")


def prune(folder: Path, keep: int, best: str = "") -> None:
    """Delete all but the newest ``keep`` checkpoints and the one named ``best``."""
    for path in listing(folder)[:-keep]:
        if path.name != best:
            shutil.rmtree(path)


def latest(folder: Path) -> Path | None:
    """Return the newest checkpoint after checking its hashes; None if there is none; raises BadFile if damaged."""
    found = listing(folder)
    if not found:
        return None
    damage = _damage(found[-1])
    if damage:
        spare = f"; delete that folder to go on from {found[-2].name}" if len(found) > 1 else "; start again with --out"
        raise BadFile(found[-1], f"the checkpoint is damaged ({damage}){spare}")
    return found[-1]


def _damage(path: Path) -> str:
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        for name, digest in manifest.items():
            if _digest(path / name) != digest:
                return f"{name} has changed"
    except (OSError, ValueError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def read_state(path: Path) -> dict[str, Any]:
    """Return the state that was saved beside the weights."""
    state: dict[str, Any] = json.loads((path / "state.json").read_text(encoding="utf-8"))
    return state


def restore(path: Path, learner: Learner) -> None:
    """Load adapters, the reference, the optimiser's and torch's random state; plain weights are loaded before."""
    if (path / "adapters.safetensors").exists():
        load_lora_state(learner.model, load_file(path / "adapters.safetensors"))
        learner.copy.refresh()
    saved = torch.load(path / "optimizer.pt", weights_only=True)
    learner.optimizer.load_state_dict(saved["optimizer"])
    torch.set_rng_state(saved["rng"])
    if (path / "reference").is_dir():
        learner.reference = AutoModelForCausalLM.from_pretrained(path / "reference", dtype=torch.float32)
        learner.reference.to(learner.model.device).eval().requires_grad_(False)
