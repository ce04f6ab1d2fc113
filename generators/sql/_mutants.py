"""Near misses of a query: one slip each, as people and models make them. The data must tell every one apart.

A mutant that must mean the same as the query (an outer join whose extra rows WHERE drops again) is left out where
that can be seen from the query alone. All mutants of an ordered query have a total order themselves, so that no
verdict rests on how sqlite happens to order ties.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gradarium.generators.sql._query import (
    Agg,
    Compare,
    Compound,
    Condition,
    Exists,
    InQuery,
    IsNull,
    Junction,
    Key,
    Query,
    Ref,
    Select,
)
from gradarium.generators.sql._schema import Schema

_OPS = {"=": ["<>"], "<>": ["="], ">": [">=", "<"], ">=": [">", "<="], "<": ["<=", ">"], "<=": ["<", ">="]}
_AGGREGATES = {"sum": "avg", "avg": "sum", "min": "max", "max": "min", "distinct": "count"}
_COMPOUNDS = {"UNION": ["UNION ALL"], "UNION ALL": ["UNION"], "EXCEPT": ["INTERSECT"], "INTERSECT": ["EXCEPT", "UNION"]}


def mutants(query: Query, schema: Schema) -> list[Query]:
    """Return the near misses of a query, without repeats, in a fixed order."""
    found = dict.fromkeys(_variants(query, schema))
    found.pop(query, None)
    return list(found)


def _variants(node: Any, schema: Schema) -> Iterator[Any]:
    yield from _own(node, schema)
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(node, Select) and field.name in ("group", "joins"):
            continue
        if is_dataclass(value):
            for changed in _variants(value, schema):
                yield replace(node, **{field.name: changed})
        elif isinstance(value, tuple):
            for i, item in enumerate(value):
                if is_dataclass(item):
                    for changed in _variants(item, schema):
                        yield replace(node, **{field.name: (*value[:i], changed, *value[i + 1 :])})


def _own(node: Any, schema: Schema) -> Iterator[Any]:
    if isinstance(node, Compare):
        for op in _OPS[node.op]:
            yield replace(node, op=op)
        if not isinstance(node.right, (Select, str)) and node.op not in ("=", "<>"):
            yield replace(node, right=node.right + (1 if isinstance(node.right, int) else 0.5))
            yield replace(node, right=node.right - (1 if isinstance(node.right, int) else 0.5))
    elif isinstance(node, (IsNull, InQuery)):
        yield replace(node, negated=not node.negated)
    elif isinstance(node, Exists):
        yield replace(node, negated=not node.negated)
        if node.where:
            yield replace(node, where=None)
    elif isinstance(node, Junction):
        yield replace(node, op="OR" if node.op == "AND" else "AND")
        for i in range(len(node.items)):
            rest = (*node.items[:i], *node.items[i + 1 :])
            yield rest[0] if len(rest) == 1 else replace(node, items=rest)
    elif isinstance(node, Key):
        yield replace(node, descending=not node.descending)
    elif isinstance(node, Select):
        yield from _select(node, schema)
    elif isinstance(node, Compound):
        for name in _COMPOUNDS[node.op]:
            yield replace(node, op=name)
        if node.op == "EXCEPT":
            yield replace(node, left=node.right, right=node.left)
        for i, (place, down) in enumerate(node.order):
            yield replace(node, order=(*node.order[:i], (place, not down), *node.order[i + 1 :]))
        if node.limit:
            yield replace(node, limit=0)
            yield replace(node, limit=node.limit + 1)


def _select(node: Select, schema: Schema) -> Iterator[Select]:
    if node.where:
        yield replace(node, where=None)
    if node.having:
        yield replace(node, having=None)
    if node.distinct:
        yield replace(node, distinct=False)
    if len(node.columns) > 1:
        yield replace(node, columns=node.columns[::-1])
    if node.limit:
        yield replace(node, limit=0)
        yield replace(node, limit=node.limit + 1)
    if len(node.order) > 1 and is_total(node, node.order[1:]):
        yield replace(node, order=node.order[1:])
    for i, join in enumerate(node.joins):
        if not _idle_flip(node, i):
            yield replace(node, joins=(*node.joins[:i], replace(join, outer=not join.outer), *node.joins[i + 1 :]))
    for i, column in enumerate(node.columns):
        for other in _columns_like(column, node, schema):
            if other not in node.columns:
                yield replace(node, columns=(*node.columns[:i], other, *node.columns[i + 1 :]))
    if len(node.group) > 1 and not node.order:
        for ref in node.group:
            columns = tuple(Agg("min", ref) if column == ref else column for column in node.columns)
            yield replace(node, group=tuple(kept for kept in node.group if kept != ref), columns=columns)


def _columns_like(column: Ref | Agg, node: Select, schema: Schema) -> Iterator[Ref | Agg]:
    """Yield what is easily mistaken for an output column."""
    if isinstance(column, Ref):
        if not node.group:
            table = schema.table(column.table)
            kind = next(c.type for c in table.columns if c.name == column.column)
            yield from (Ref(table.name, c.name) for c in table.columns if c.pool and c.type == kind)
    elif column.function in _AGGREGATES:
        yield Agg(_AGGREGATES[column.function], column.ref)
    elif column.ref:
        yield Agg("count", None)


def is_total(node: Select, order: tuple[Key, ...]) -> bool:
    """Return whether sort keys leave no ties between different rows."""
    terms = {key.term for key in order}
    if node.group:
        return terms.issuperset(node.group)
    if node.distinct:
        return terms.issuperset(node.columns)
    tables = [node.table, *(join.table for join in node.joins)]
    up = all(join.right.column == "id" for join in node.joins)
    if up:
        return Ref(tables[0], "id") in terms
    if any(join.outer for join in node.joins):
        return terms.issuperset(Ref(table, "id") for table in tables)
    return Ref(tables[-1], "id") in terms


def _idle_flip(node: Select, i: int) -> bool:
    """Return whether an outer and an inner join mean the same here: something else drops rows without a partner."""
    table = node.joins[i].table
    if any(later.left.table == table and not later.outer for later in node.joins[i + 1 :]):
        return True
    where = node.where
    conditions: tuple[Condition, ...] = where.items if isinstance(where, Junction) and where.op == "AND" else ()
    if where and not conditions:
        conditions = (where,)
    return any(_drops_nulls(condition, table) for condition in conditions)


def _drops_nulls(condition: Condition, table: str) -> bool:
    """Return whether a condition cannot hold where all columns of ``table`` are NULL."""
    if isinstance(condition, Compare):
        return isinstance(condition.left, Ref) and condition.left.table == table
    if isinstance(condition, IsNull):
        return condition.negated and condition.ref.table == table
    if isinstance(condition, InQuery):
        return not condition.negated and condition.ref.table == table
    if isinstance(condition, Junction):
        combine = any if condition.op == "AND" else all
        return combine(_drops_nulls(item, table) for item in condition.items)
    return isinstance(condition, Exists) and not condition.negated and condition.outer.table == table
