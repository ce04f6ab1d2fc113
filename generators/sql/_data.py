"""Databases for a schema: random ones and those that tell near-miss queries apart; and a runner for trusted SQL."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradarium.generators.sql._schema import Cell, Column, Schema, Value

if TYPE_CHECKING:
    import sqlite3

Rows = list[list[Cell]]
Database = dict[str, Rows]

KINDS = ("random", "edges", "nulls", "duplicates", "ties", "orphans", "large", "one row", "empty")
"""What text_to_sql judges on: most telling first, so that a wrong query is found out early."""

_SIZES = {"one row": 1, "empty": 0, "large": 18}


def draw_database(
    rng: random.Random,
    schema: Schema,
    kind: str = "random",
    rows: int = 9,
    constants: Mapping[tuple[str, str], Sequence[Value]] | None = None,
) -> Database:
    """Return rows for every table; ``constants`` are the values that a query compares columns with.

    The rows of a table are in random order of id, so that no order comes for free.
    """
    size = _SIZES.get(kind, rows)
    database: Database = {}
    ids: dict[str, list[int]] = {}
    for depth, table in enumerate(schema.tables):
        n = size + (depth * 2 if size > 1 else 0)  # more rows below: one-to-many links
        ids[table.name] = rng.sample(range(1, max(n + 4, 3)), n)
        known = {c.name: (constants or {}).get((table.name, c.name), ()) for c in table.columns}
        columns = [_column(rng, c, kind, ids, n, known[c.name]) for c in table.columns]
        if table.columns[0].name == "id":
            columns[0] = list(ids[table.name])
        rows_of: Rows = [list(row) for row in zip(*columns, strict=True)]
        if kind == "duplicates" and n > 2:
            keys = 1 if table.columns[0].name == "id" else 0
            for row in rows_of[n // 2 :]:
                row[keys:] = rng.choice(rows_of[: n // 2])[keys:]
        database[table.name] = rows_of
    return database


def _column(
    rng: random.Random, column: Column, kind: str, ids: Mapping[str, list[int]], n: int, constants: Sequence[Value]
) -> list[Cell]:
    if column.points_at:
        parents = ids[column.points_at]
        if kind == "orphans" or kind == "ties":
            parents = parents[: max(1, len(parents) // 3)]
        missing = {"orphans": 0.4, "nulls": 0.4, "one row": 0.0}.get(kind, 0.12)
        return [None if not parents or rng.random() < missing else rng.choice(parents) for _ in range(n)]
    if column.key:
        return [None] * n
    pool: Sequence[Value] = column.pool
    if kind == "ties":
        pool = rng.sample(column.pool, 2)
    if kind in ("edges", "one row") and constants:
        pool = [*constants, *constants, *(v + d for v in constants if not isinstance(v, str) for d in _steps(column))]
        pool = [*pool, rng.choice(column.pool)]
    null = 0.0 if not column.nullable else {"nulls": 0.5, "one row": 0.0, "edges": 0.1}.get(kind, 0.15)
    return [None if rng.random() < null else rng.choice(pool) for _ in range(n)]


def _steps(column: Column) -> tuple[float, ...]:
    return (-1, 1) if column.type == "INTEGER" else (-0.5, 0.5)


class Bench:
    """In-process sqlite over some databases, for SQL that this package wrote itself."""

    def __init__(self, schema: Schema, databases: Iterable[Database]) -> None:
        import sqlite3

        self._connect = sqlite3.connect
        self._ddl = schema.ddl
        self._connections: list[sqlite3.Connection] = []
        for database in databases:
            self.add(database)

    def add(self, database: Database) -> None:
        """Load one more database."""
        connection = self._connect(":memory:", isolation_level=None)
        connection.execute("BEGIN")
        for statement in self._ddl:
            connection.execute(statement)
        for name, rows in database.items():
            if rows:
                connection.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows)
        self._connections.append(connection)

    def run(self, sql: str, index: int, ordered: bool) -> Rows:
        """Return the rows of ``sql`` over one database; sorted where the query leaves the order open."""
        rows = [list(row) for row in self._connections[index].execute(sql)]
        return rows if ordered else sort_rows(rows)

    def close(self) -> None:
        """Free the memory of all databases."""
        for connection in self._connections:
            connection.close()

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sort_rows(rows: Rows) -> Rows:
    """Return rows in one order that does not depend on how sqlite found them: NULL, numbers, text."""

    def key(row: list[Cell]) -> list[tuple[int, Any]]:
        return [(0, 0) if c is None else (2, c) if isinstance(c, str) else (1, c) for c in row]

    return sorted(rows, key=key)
