"""Text to SQL: write the SELECT that a request asks for, judged on nine hidden databases.

Example (level 1)::

    CREATE TABLE pets (id INTEGER NOT NULL UNIQUE, name TEXT NOT NULL, age INTEGER)

    Take the rows of pets where age is at least 12. Return: name, age. Keep duplicate rows. The order of the rows does
    not matter.

Answer: ``SELECT name, age FROM pets WHERE age >= 12``.

What is right: every statement whose rows equal those of the gold query on all databases. The generator proves that the
gold result is not the same everywhere and that each near miss of the query (``>`` for ``>=``, a dropped DISTINCT, an
inner for an outer join, ...) differs on at least one database.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.sql._data import KINDS, Bench, Database, Rows, draw_database
from gradarium.generators.sql._draw import ALL_OPS, Shape, constants_of, draw_problem
from gradarium.generators.sql._english import to_english, to_short
from gradarium.generators.sql._mutants import mutants
from gradarium.generators.sql._query import Agg, Compare, Compound, Query, Select, to_sql, walk
from gradarium.generators.sql._schema import Schema
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params(Shape):
    """One step of the ladder; the fields are those of ``Shape``."""


LEVELS = [
    Params(0, 2, 0, "rows", 1, 0, False, "= < >"),
    Params(0, 3, 0, "rows distinct", 1, 0, False, ALL_OPS),
    Params(1, 4, 0, "rows distinct total", 2, 0, False, ALL_OPS),
    Params(1, 4, 0, "ordered groups", 2, 0, False, ALL_OPS),
    Params(2, 4, 1, "rows ordered groups", 2, 0, False, ALL_OPS),
    Params(2, 4, 1, "ordered groups having", 2, 1, False, ALL_OPS),
    Params(3, 4, 2, "ordered having", 2, 1, False, ALL_OPS),
    Params(3, 4, 1, "ordered groups having", 2, 1, True, ALL_OPS),
]

MORE = 12
"""Extra databases tried against near misses that the first ones do not tell apart."""

RULES = (
    "Rules: a comparison with NULL never holds. Sums, averages, smallest and largest values skip NULL and are NULL "
    "where nothing is left. NULL comes before all other values in ascending order, text is ordered by character code. "
    "Give the columns in the order named; their names do not matter. 3 and 3.0 count as equal, and so do numbers that "
    "differ by a billionth. The statement must be right for any content of the tables; it may not use the present date "
    "or time or random numbers."
)


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a problem by what is asked; the hidden databases do not make it another one."""
    return [payload["schema"], payload["request"]]


@task(
    levels=LEVELS,
    tags={"sql", "sandboxed"},
    chance=0.06,
    canonical=canonical,
    slow="every verdict runs the statement in the sandbox; posing proves that the databases tell it from near misses",
)
def make(rng: random.Random, params: Shape) -> Draft:
    """Draw a query, then databases that tell it from all its near misses."""
    schema, query = draw_problem(rng, params)
    ordered = bool(query.order)
    databases, expected = telling_databases(rng, schema, query, ordered)
    request = to_english(query).strip()
    columns = len((query.left if isinstance(query, Compound) else query).columns)
    return Draft(
        question=(
            "Write one SQLite SELECT statement.\n\nTables:\n"
            + "\n".join(schema.ddl)
            + f"\n\nRequest:\n{request}\n\n{RULES}"
        ),
        payload={
            "schema": schema.ddl,
            "request": request,
            "columns": columns,
            "ordered": ordered,
            "databases": databases,
            "expected": expected,
        },
        reference=to_sql(query),
        example="SELECT 1 AS one",
        brief=f"{schema.short} {to_short(query)}",
        certificate={"near_misses": len(mutants(query, schema)), "effort": effort_of(query, schema)},
    )


def telling_databases(
    rng: random.Random, schema: Schema, query: Query, ordered: bool
) -> tuple[list[Database], list[Rows]]:
    """Return databases that separate a query from constants and from every near miss, and its rows on each.

    One database of each kind, then more for near misses that are still alive; raises Redraw where these do not help.
    """
    constants = constants_of(query)
    databases = [draw_database(rng, schema, kind, constants=constants) for kind in KINDS]
    sql = to_sql(query)
    with Bench(schema, databases) as bench:
        expected = [bench.run(sql, i, ordered) for i in range(len(databases))]
        filled = [rows for rows in expected if rows]
        if len(filled) < 3 or len({repr(rows) for rows in filled}) < 3:
            raise Redraw
        alive = [to_sql(mutant) for mutant in mutants(query, schema)]
        for i, rows in enumerate(expected):
            alive = [other for other in alive if bench.run(other, i, ordered) == rows]
        for i in range(len(databases), len(databases) + MORE):
            if not alive or len(alive) > 5 or (len(alive) > 2 and i > len(KINDS) + 5):
                break  # nothing left to do, or no hope
            more = draw_database(rng, schema, rng.choice(["random", "edges", "edges", "large"]), constants=constants)
            bench.add(more)
            rows = bench.run(sql, i, ordered)
            still = [other for other in alive if bench.run(other, i, ordered) == rows]
            if len(still) < len(alive):
                databases.append(more)
                expected.append(rows)
                alive = still
    if alive:
        raise Redraw
    return databases, expected


def effort_of(query: Query, schema: Schema) -> int:
    """Return the number of parts of a query (columns, conditions, joins, keys, subqueries) and of further tables."""
    return 5 * (len(schema.tables) - 1) + sum(
        2 if isinstance(node, (Agg, Compare, Select)) else 1 for node in walk(query)
    )
