"""Rows of files, one at a time: JSON lines (also compressed), Parquet, plain text, and folders of these."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from gradarium.errors import BadFile
from gradarium.trainers.data_out.shards import ROW_GROUP, need_pyarrow
from gradarium.trainers.progress import say

ENDINGS = (".jsonl", ".jsonl.gz", ".parquet", ".txt")
"""What is read in a folder; a file that is named may end in anything and holds JSON lines then."""


class Place(NamedTuple):
    """Where a row stands."""

    path: Path
    number: int
    """Line, or row of a Parquet file, from 1."""

    def __str__(self) -> str:
        return f"{self.path}:{self.number}"


def read_rows(path: Path, told: bool = True) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the rows of a file, or of all files in a folder by name; memory does not grow with the file.

    A line of a text file is a row with one column, ``text``. A last line that is half-written is left out, which is
    told on standard error unless ``told`` is False. Raises BadFile for what is missing, empty or damaged.
    """
    empty = True
    for file in files_of(path):
        rows = _parquet_rows(file) if file.name.endswith(".parquet") else _line_rows(file, told)
        for number, row in rows:
            empty = False
            yield Place(file, number), row
    if empty:
        raise BadFile(path, "holds no rows")


def files_of(path: Path) -> list[Path]:
    """Return the file, or the files of a folder; raises BadFile."""
    if not path.is_dir():
        return [path]
    found = [file for file in path.rglob("*") if file.name.endswith(ENDINGS) and not file.name.startswith(".")]
    if not found:
        raise BadFile(path, f"holds no file that ends in {', '.join(ENDINGS)}")
    return sorted(found)


def _line_rows(path: Path, told: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    plain = path.name.endswith(".txt")
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                if plain:
                    yield number, {"text": line.decode("utf-8", errors="replace").strip()}
                    continue
                try:
                    row = json.loads(line)
                except (ValueError, RecursionError) as error:
                    if not line.endswith(b"\n"):
                        if told:
                            say(f"{path}: line {number}, the last, is half-written and left out")
                        return
                    raise BadFile(
                        path, f"line {number} is no JSON ({error}); plain text goes into a .txt file"
                    ) from None
                if not isinstance(row, dict):
                    raise BadFile(path, f"line {number} holds {type(row).__name__}, not an object")
                yield number, row
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile(path, getattr(error, "strerror", None) or str(error)) from None


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path) if path.name.endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    need_pyarrow([path])
    import pyarrow
    import pyarrow.parquet

    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(ROW_GROUP):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except FileNotFoundError:
        raise BadFile(path, "No such file or directory") from None
    except (OSError, pyarrow.ArrowException) as error:
        raise BadFile(path, f"is no whole Parquet file: {error}") from None
