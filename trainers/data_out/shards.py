"""Where rows go: one file, or shards of it, as JSON lines or Parquet."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from gradarium.errors import BadValue, MissingExtra
from gradarium.trainers.data_out.columns import JSON_TEXT, Row

ROW_GROUP = 1_000
"""Rows that a Parquet file is written and read in."""


class Shard(NamedTuple):
    """A file and the rows that go into it."""

    path: Path
    first: int
    end: int
    """One after the last row."""


def cut(path: Path, shards: int, total: int) -> list[Shard]:
    """Return the shards of ``folder/name.ext``: ``folder/name-00003-of-00008.ext``; raises BadValue.

    Shards hold rows in the order of the one file that they make together; their lengths differ by one at most.
    """
    if not 1 <= shards <= min(total, 99_999):
        raise BadValue("--shards", shards, f"must be from 1 to {min(total, 99_999)}, one row in each at least")
    ending = ending_of(path)
    name = path.name.removesuffix(ending)
    edges = [total * i // shards for i in range(shards + 1)]
    return [
        Shard(path.with_name(f"{name}-{i:05d}-of-{shards:05d}{ending}"), edges[i], edges[i + 1]) for i in range(shards)
    ]


def ending_of(path: Path) -> str:
    """Return the ending that says how a file is written; raises BadValue where it is none of ours."""
    for ending in ENCODERS:
        if path.name.endswith(ending):
            return ending
    known = ", ".join(ENCODERS)
    raise BadValue("--out", str(path), f"must end in {known}, or be a folder: one that exists, or a name without a dot")


def lines(rows: list[Row]) -> bytes:
    """Return JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def flat(rows: list[Row]) -> list[Row]:
    """Return rows that fit into the columns of Parquet."""
    return [
        {name: json.dumps(v) if name in JSON_TEXT and not isinstance(v, str) else v for name, v in row.items()}
        for row in rows
    ]


def write_lines(file: BinaryIO, chunks: Iterator[bytes], columns: str) -> None:
    """Write JSON lines."""
    for chunk in chunks:
        file.write(chunk)


def write_gzip(file: BinaryIO, chunks: Iterator[bytes], columns: str) -> None:
    """Write JSON lines, compressed; no time and no name go in, so that equal rows are equal bytes."""
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as packed:
        write_lines(packed, chunks, columns)  # type: ignore[arg-type]


def write_parquet(file: BinaryIO, chunks: Iterator[list[Row]], columns: str) -> None:
    """Write Parquet in row groups of one size, however the rows come."""
    import pyarrow
    import pyarrow.parquet

    schema = _schema(columns)
    waiting: list[Row] = []
    with pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for chunk in chunks:
            waiting += chunk
            while len(waiting) >= ROW_GROUP:
                writer.write_table(pyarrow.Table.from_pylist(waiting[:ROW_GROUP], schema), ROW_GROUP)
                del waiting[:ROW_GROUP]
        if waiting:
            writer.write_table(pyarrow.Table.from_pylist(waiting, schema), ROW_GROUP)


class Encoder(NamedTuple):
    """How a kind of file is made: ``encode`` in the process that poses, ``write`` in the one that owns the file."""

    encode: Callable[[list[Row]], Any]
    write: Callable[[BinaryIO, Iterator[Any], str], None]


ENCODERS = {
    ".jsonl": Encoder(lines, write_lines),
    ".jsonl.gz": Encoder(lines, write_gzip),
    ".parquet": Encoder(flat, write_parquet),
}


def need_pyarrow(paths: Iterable[Path]) -> None:
    """Raise MissingExtra where a path needs pyarrow and it is not installed."""
    if any(path.name.endswith(".parquet") for path in paths):
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise MissingExtra("Parquet", "data", error.name or str(error)) from None


def _schema(columns: str) -> Any:
    """Return the Arrow schema; it is stated, since an inferred one would depend on the rows."""
    import pyarrow as pa

    text, number = pa.string(), pa.int64()
    chat = pa.list_(pa.struct([("role", text), ("content", text)]))
    place = [("version", number), ("split", text), ("level", number), ("index", number), ("key", text)]
    judge = [("answer_format", text), ("payload", text), ("reference", text)]
    rest = [("question", text), ("example", text), ("brief", text), ("payload", text), ("reference", text)]
    reward = pa.struct([("style", text), ("ground_truth", text)])
    return pa.schema(
        {
            "instance": [("task", text), *place, *rest, ("answer_format", text), ("certificate", text)],
            "prompt": [("prompt", text), ("task", text), *place, *judge],
            "chat": [("prompt", chat), ("task", text), *place, *judge],
            "verl": [
                ("data_source", text),
                ("prompt", chat),
                ("ability", text),
                ("reward_model", reward),
                ("extra_info", pa.struct([*place, ("answer_format", text), ("reference", text)])),
            ],
        }[columns]
    )
