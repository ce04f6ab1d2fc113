"""Queries as trees of frozen dataclasses, and their SQL.

Example: ``Select("pets", (Ref("pets", "name"),), where=Compare(Ref("pets", "age"), ">", 3))`` is
``SELECT name FROM pets WHERE age > 3``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from gradarium.generators.sql._schema import Value


@dataclass(frozen=True)
class Ref:
    """A column of a table."""

    table: str
    column: str


@dataclass(frozen=True)
class Agg:
    """An aggregate; ``ref`` is None for ``count(*)``."""

    function: str
    """count, distinct (count of different values), sum, avg, min or max."""
    ref: Ref | None


@dataclass(frozen=True)
class Compare:
    """A comparison with a constant or with a scalar subquery."""

    left: Ref | Agg
    op: str
    right: Value | Select


@dataclass(frozen=True)
class IsNull:
    """``IS NULL`` or, negated, ``IS NOT NULL``."""

    ref: Ref
    negated: bool


@dataclass(frozen=True)
class InQuery:
    """Membership in a column of a subquery."""

    ref: Ref
    query: Select
    negated: bool = False


@dataclass(frozen=True)
class Exists:
    """Whether a row of another table points at this row: ``inner = outer`` and ``where``."""

    inner: Ref
    outer: Ref
    where: Condition | None
    negated: bool


@dataclass(frozen=True)
class Junction:
    """``AND`` or ``OR`` of two or more conditions."""

    op: str
    items: tuple[Condition, ...]


Condition = Compare | IsNull | InQuery | Exists | Junction


@dataclass(frozen=True)
class Join:
    """``JOIN table ON right = left``, or LEFT JOIN when ``outer``; ``right`` is a column of ``table``."""

    table: str
    left: Ref
    right: Ref
    outer: bool


@dataclass(frozen=True)
class Key:
    """A sort key."""

    term: Ref | Agg
    descending: bool


@dataclass(frozen=True)
class Select:
    """One SELECT; ``limit`` 0 is none."""

    table: str
    columns: tuple[Ref | Agg, ...]
    joins: tuple[Join, ...] = ()
    where: Condition | None = None
    group: tuple[Ref, ...] = ()
    having: Condition | None = None
    distinct: bool = False
    order: tuple[Key, ...] = ()
    limit: int = 0


@dataclass(frozen=True)
class Compound:
    """Two SELECTs under UNION, UNION ALL, EXCEPT or INTERSECT; ``order`` is (position from 1, descending)."""

    op: str
    left: Select
    right: Select
    order: tuple[tuple[int, bool], ...] = ()
    limit: int = 0


Query = Select | Compound


def walk(node: object) -> Iterator[Any]:
    """Yield every dataclass node of a tree, parents first."""
    if is_dataclass(node):
        yield node
        for field in fields(node):
            yield from walk(getattr(node, field.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from walk(item)


def is_wide(select: Select) -> bool:
    """Return whether columns need their table's name: several tables are in sight."""
    return bool(select.joins) or any(isinstance(node, Exists) for node in walk((select.where, select.having)))


def to_sql(query: Query) -> str:
    """Return the SQL text of a query."""
    if isinstance(query, Compound):
        keys = ", ".join(f"{position}{' DESC' if down else ''}" for position, down in query.order)
        order = f" ORDER BY {keys}" if keys else ""
        limit = f" LIMIT {query.limit}" if query.limit else ""
        return f"{to_sql(query.left)} {query.op} {to_sql(query.right)}{order}{limit}"
    wide = is_wide(query)
    distinct = "DISTINCT " if query.distinct else ""
    parts = [f"SELECT {distinct}{', '.join(term_sql(term, wide) for term in query.columns)} FROM {query.table}"]
    for join in query.joins:
        kind = "LEFT JOIN" if join.outer else "JOIN"
        parts.append(f"{kind} {join.table} ON {term_sql(join.right, True)} = {term_sql(join.left, True)}")
    if query.where:
        parts.append(f"WHERE {condition_sql(query.where, wide)}")
    if query.group:
        parts.append(f"GROUP BY {', '.join(term_sql(ref, wide) for ref in query.group)}")
    if query.having:
        parts.append(f"HAVING {condition_sql(query.having, wide)}")
    if query.order:
        keys = ", ".join(term_sql(key.term, wide) + (" DESC" if key.descending else "") for key in query.order)
        parts.append(f"ORDER BY {keys}")
    if query.limit:
        parts.append(f"LIMIT {query.limit}")
    return " ".join(parts)


def term_sql(term: Ref | Agg, wide: bool) -> str:
    """Return the SQL of a column or aggregate."""
    if isinstance(term, Ref):
        return f"{term.table}.{term.column}" if wide else term.column
    if term.ref is None:
        return "count(*)"
    inner = term_sql(term.ref, wide)
    return f"count(DISTINCT {inner})" if term.function == "distinct" else f"{term.function}({inner})"


def value_text(value: Value) -> str:
    """Return a constant as SQL and English write it; texts hold no quotes."""
    return f"'{value}'" if isinstance(value, str) else str(value)


def condition_sql(node: Condition, wide: bool) -> str:
    """Return the SQL of a condition; junctions inside junctions stand in brackets."""
    if isinstance(node, Compare):
        right = f"({to_sql(node.right)})" if isinstance(node.right, Select) else value_text(node.right)
        return f"{term_sql(node.left, wide)} {node.op} {right}"
    if isinstance(node, IsNull):
        return f"{term_sql(node.ref, wide)} IS {'NOT ' if node.negated else ''}NULL"
    if isinstance(node, InQuery):
        return f"{term_sql(node.ref, wide)} {'NOT ' if node.negated else ''}IN ({to_sql(node.query)})"
    if isinstance(node, Exists):
        link = f"{term_sql(node.inner, True)} = {term_sql(node.outer, True)}"
        more = f" AND {condition_sql(node.where, True)}" if node.where else ""
        return f"{'NOT ' if node.negated else ''}EXISTS (SELECT 1 FROM {node.inner.table} WHERE {link}{more})"
    return f" {node.op} ".join(
        f"({condition_sql(item, wide)})" if isinstance(item, Junction) else condition_sql(item, wide)
        for item in node.items
    )
