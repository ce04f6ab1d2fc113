r"""SQL result: say which rows a query gives on tables shown in the prompt.

Example (level 0)::

    w
    c | e
    1 | 24
    3 | 47
    3 | 60

    SELECT e FROM w WHERE c = 3

Answer: ``47`` and ``60`` on two lines, in any order.

What is right: exactly the rows of the query, as a bag or, under ORDER BY, as a sequence. No result depends
on the SQL engine: every ORDER BY is total, sums are exact, no result is empty.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.sql._data import Bench, Database, draw_database
from gradarium.generators.sql._draw import ALL_OPS, Shape, constants_of, draw_problem
from gradarium.generators.sql._query import Compound, Query, to_sql, walk
from gradarium.generators.sql._schema import Cell, Schema
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params(Shape):
    """One step of the ladder: the shape of the query and the size of the tables."""

    rows: int
    """Rows of the first table; tables below it have two more each."""
    most: int
    """Rows of the result, at most."""


LEVELS = [
    Params(0, 2, 0, "rows", 1, 0, False, "=", 3, 2),
    Params(0, 3, 0, "rows", 1, 0, False, "= < >", 4, 3),
    Params(1, 3, 0, "rows distinct", 1, 0, False, ALL_OPS, 5, 4),
    Params(1, 4, 0, "rows distinct ordered", 2, 0, False, ALL_OPS, 7, 6),
    Params(1, 4, 0, "groups having", 2, 0, False, ALL_OPS, 10, 8),
    Params(2, 3, 1, "rows ordered groups", 2, 0, False, ALL_OPS, 8, 10),
    Params(3, 3, 2, "ordered groups having", 2, 1, False, ALL_OPS, 8, 12),
    Params(3, 4, 2, "ordered groups having", 3, 1, True, ALL_OPS, 12, 16),
]


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a problem up to the order of the rows in its tables."""
    rows = {name: sorted(rows, key=repr) for name, rows in payload["database"]["rows"].items()}
    return [payload["database"]["schema"], rows, payload["sql"]]


@task(
    levels=LEVELS,
    tags={"sql", "sandboxed"},
    chance=0.06,
    canonical=canonical,
    slow="the first verdict on an instance runs its query in the sandbox; the rows are kept for later ones",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a query and one database on which WHERE matters and the result is short and not empty."""
    schema, query = draw_problem(rng, params, wide=99)
    sql, ordered = to_sql(query), bool(query.order)
    looser: Query
    if isinstance(query, Compound):
        looser = replace(query, left=replace(query.left, where=None))
    else:
        looser = replace(query, where=None)
    for _ in range(4):
        kind = rng.choice(["random", "edges", "nulls", "ties"]) if params.tables else "edges"
        database = draw_database(rng, schema, kind, params.rows, constants_of(query))
        with Bench(schema, [database]) as bench:
            rows = bench.run(sql, 0, ordered)
            if 0 < len(rows) <= params.most and bench.run(to_sql(looser), 0, ordered) != rows:
                break
    else:
        raise Redraw
    answer = "\n".join(" | ".join(map(show, row)) for row in rows)
    if (params.tables and len(rows) * len(rows[0]) < 2) or all(cell is None for row in rows for cell in row):
        raise Redraw  # too easy to guess
    line = " | ".join(["17", "Zoe", "NULL", "2.5"][: len(rows[0])])
    example = f"{line}\n{line}" if params.tables else line
    if example == answer:
        raise Redraw
    size = sum(len(row) for table in database.values() for row in table)
    return Draft(
        question=(
            "What does this SQLite query return?\n\n"
            + "\n\n".join(f"Table {t.name}:\n{_table(schema, database, i)}" for i, t in enumerate(schema.tables))
            + f"\n\nQuery:\n{sql}\n\n"
            "Answer with the rows of the result, one row a line, cells separated by ' | ', without column names. Write "
            "NULL for NULL and text without quotes; a number with more than four decimals may be rounded to four. "
            + ("Keep the order of the rows." if ordered else "The order of the rows does not matter; repeated rows do.")
        ),
        payload={"database": {"schema": schema.ddl, "rows": database}, "sql": sql, "ordered": ordered},
        reference=answer,
        example=example,
        brief=_brief(schema, database, sql),
        certificate={"rows": len(rows), "effort": size + 3 * sum(1 for _ in walk(query))},
    )


def show(cell: Cell) -> str:
    """Return a cell as the answer states it."""
    return "NULL" if cell is None else str(round(cell, 4)) if isinstance(cell, float) else str(cell)


def _table(schema: Schema, database: Database, i: int, gap: str = " | ") -> str:
    table = schema.tables[i]
    lines = [gap.join(c.name for c in table.columns)]
    return "\n".join(lines + [gap.join(map(show, row)) for row in database[table.name]])


def _brief(schema: Schema, database: Database, sql: str) -> str:
    if len(schema.tables) == 1:
        text = _table(schema, database, 0, " ")
        sql = sql.replace(f" FROM {schema.tables[0].name}", "")
    else:
        text = "\n".join(f"{t.name} {_table(schema, database, i, ' ')}" for i, t in enumerate(schema.tables))
    for op in (" = ", " <> ", " < ", " <= ", " > ", " >= "):
        sql = sql.replace(op, op.strip())
    return f"{text}|{sql}"
