"""Write a request: to one file, to shards beside a manifest, or to a folder that ``datasets`` loads."""

import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile, BadValue
from gradarium.trainers.data_out.card import card
from gradarium.trainers.data_out.manifest import NAME, Manifest
from gradarium.trainers.data_out.posers import Chunks, pose_chunks
from gradarium.trainers.data_out.request import Request
from gradarium.trainers.data_out.shards import ENCODERS, Shard, cut, ending_of, lines, need_pyarrow
from gradarium.trainers.progress import Bar, say
from gradarium.trainers.records import write_text
from gradarium.trainers.whole_file import whole_file


def print_lines(request: Request, workers: int = 1) -> None:
    """Write JSON lines to standard output; raises CannotPose."""
    for text in pose_chunks(request, lines, iter(Chunks(0, request.total, workers)), workers):
        sys.stdout.write(text.decode())


def write(request: Request, out: Path, shards: int | None = None, workers: int = 1) -> list[Path]:
    """Write all rows and return the files, which hold the same bytes for any number of ``workers``.

    ``out`` is a file ending in ``.jsonl``, ``.jsonl.gz`` or ``.parquet``, which appears whole or not at all; with
    ``shards``, pieces of it beside ``manifest.json``; or a folder, for ``datasets.load_dataset``: Parquet shards, a
    manifest and a card. What has a manifest can be stopped at any point: the same call keeps finished shards.

    Raises BadValue, CannotPose, MissingExtra, or BadFile where nothing can be written or the folder holds other data.
    """
    if out.name in ENCODERS and not out.is_dir():
        raise BadValue("--out", str(out), f"is an ending without a name: say data{out.name}")
    if out.is_dir() or not out.suffix:
        return _write_folder(request, out, shards or 1, workers)
    ending_of(out)
    need_pyarrow([out])
    if shards is None:
        _write_shards(request, [Shard(out, 0, request.total)], request.total, None, workers)
        return [out]
    return _write_pieces(request, out, shards, out.parent, workers)


def _write_folder(request: Request, folder: Path, shards: int, workers: int) -> list[Path]:
    path = folder / "data" / f"{request.split}.parquet"
    need_pyarrow([path])
    if folder.is_dir() and any(folder.iterdir()) and not (folder / NAME).exists():
        raise BadFile(folder, "holds other files; choose another --out")
    cut(path, shards, request.total)
    try:
        for new in (folder, path.parent):  # a parent that is missing is more often a slip than a wish
            new.mkdir(exist_ok=True)
    except OSError as error:
        raise BadFile(folder, f"cannot be written: {error.strerror or error}") from None
    found = _write_pieces(request, path, shards, folder, workers)
    write_text(folder / "README.md", card(folder.resolve().name, request))
    return found


def _write_pieces(request: Request, path: Path, shards: int, folder: Path, workers: int) -> list[Path]:
    """Write the shards that are missing."""
    pieces = cut(path, shards, request.total)
    if not folder.is_dir():
        raise BadFile(folder, "cannot be written: the folder does not exist")
    settings = {**request.to_json(), "file": path.relative_to(folder).as_posix(), "shards": shards}
    fresh = not (folder / NAME).exists()
    manifest = Manifest(folder, settings)
    for piece in pieces:
        if fresh and piece.path.exists():
            raise BadFile(piece.path, "is there already, and no manifest says what it holds; choose another --out")
    missing = [piece for piece in pieces if not manifest.holds(piece.path)]
    if not fresh:
        say(f"{folder}: {len(pieces) - len(missing)} of {shards} shards are finished and kept")
    for piece in missing:
        manifest.shards.pop(piece.path.relative_to(folder).as_posix(), None)
    manifest.save()
    try:
        _write_shards(request, missing, request.total, manifest, workers)
    except KeyboardInterrupt:
        done = sum(manifest.holds(piece.path) for piece in pieces)
        say(f"{done} of {shards} shards are finished; the same command goes on with the others")
        raise
    return [piece.path for piece in pieces]


def _write_shards(request: Request, shards: list[Shard], total: int, manifest: Manifest | None, workers: int) -> None:
    if not shards:
        return
    encode, write_file = ENCODERS[ending_of(shards[0].path)]
    spans = [Chunks(shard.first, shard.end, workers) for shard in shards]
    chunks = pose_chunks(request, encode, chain.from_iterable(spans), workers)
    done = total - sum(shard.end - shard.first for shard in shards)
    with Bar("generate", total, done) as bar:

        def shown(here: Chunks, name: str) -> Iterator[Any]:
            for span, chunk in zip(here, islice(chunks, len(here)), strict=True):
                bar.update(done + span.end - here.first, name)
                yield chunk

        try:
            for shard, here in zip(shards, spans, strict=True):
                with whole_file(shard.path) as file:
                    write_file(file, shown(here, shard.path.name), request.columns)
                done += shard.end - shard.first
                if manifest is not None:
                    manifest.add(shard.path, shard.end - shard.first)
        finally:
            chunks.close()  # type: ignore[attr-defined]  # ends the processes
