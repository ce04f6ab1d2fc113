"""Random queries over a schema: what a level asks for is in ``Shape``."""

import random
from dataclasses import dataclass, replace
from itertools import pairwise

from gradarium.core import Redraw
from gradarium.generators.sql._query import (
    Agg,
    Compare,
    Compound,
    Condition,
    Exists,
    InQuery,
    IsNull,
    Join,
    Junction,
    Key,
    Query,
    Ref,
    Select,
    walk,
)
from gradarium.generators.sql._schema import Schema, Value, draw_letters, draw_schema


@dataclass(frozen=True)
class Shape:
    """One step of the ladder: how much schema and which clauses."""

    tables: int
    """Tables of the schema, 1 to 3; 0 means one table with one-letter names and digits."""
    columns: int
    """Columns of a table besides id and foreign key, 1 to 4."""
    joins: int
    """Joins of the query, less than ``tables``."""
    kinds: str
    """Words to draw from: rows, distinct, ordered, total, groups, having."""
    predicates: int
    """Conditions in WHERE."""
    nested: int
    """How many of the conditions are subqueries."""
    compound: bool
    """Two queries under UNION, UNION ALL, EXCEPT or INTERSECT."""
    ops: str
    """Comparison operators to draw from, separated by spaces."""


ALL_OPS = "= <> < <= > >="


def draw_problem(rng: random.Random, shape: Shape, wide: int = 9) -> tuple[Schema, Query]:
    """Return a schema and a query over it; raises Redraw where the shape does not fit the schema."""
    if shape.tables:
        schema = draw_schema(rng, shape.tables, shape.columns)
    else:
        schema = draw_letters(rng, shape.columns, wide)
    return schema, _Drawer(rng, schema, shape).query()


def constants_of(query: Query) -> dict[tuple[str, str], list[Value]]:
    """Return the constants that columns are compared with, by (table, column)."""
    found: dict[tuple[str, str], list[Value]] = {}
    for node in walk(query):
        if isinstance(node, Compare) and not isinstance(node.right, Select):
            ref = node.left if isinstance(node.left, Ref) else node.left.ref
            if ref and not (isinstance(node.left, Agg) and node.left.function in ("count", "distinct")):
                found.setdefault((ref.table, ref.column), []).append(node.right)
    return found


class _Drawer:
    """Draws one query; holds what all its parts need."""

    def __init__(self, rng: random.Random, schema: Schema, shape: Shape) -> None:
        self.rng, self.schema, self.shape = rng, schema, shape
        names = [table.name for table in schema.tables]
        start = rng.randrange(len(names) - shape.joins)
        path = names[start : start + shape.joins + 1]
        self.down = rng.random() < 0.5
        """True where the path goes from the top of the chain to the bottom: one row meets many."""
        self.path = path if self.down else path[::-1]
        outer_from = rng.randrange(shape.joins + 1) if rng.random() < 0.6 else shape.joins
        self.sure = self.path[: outer_from + 1]
        """Tables whose columns are never NULL for want of a partner."""
        self.joins = tuple(self._join(i, i >= outer_from) for i in range(shape.joins))

    def _parent_key(self, child: str) -> Ref:
        return Ref(child, next(c.name for c in self.schema.table(child).columns if c.points_at))

    def _join(self, i: int, outer: bool) -> Join:
        here, there = self.path[i], self.path[i + 1]
        if self.down:
            return Join(there, Ref(here, "id"), self._parent_key(there), outer)
        return Join(there, self._parent_key(here), Ref(there, "id"), outer)

    def _refs(self, tables: list[str], types: str = "INTEGER REAL TEXT") -> list[Ref]:
        return [Ref(t, c.name) for t in tables for c in self.schema.table(t).columns if c.pool and c.type in types]

    def query(self) -> Query:
        kind = self.rng.choice(self.shape.kinds.split())
        left = self._select(kind)
        if not self.shape.compound:
            return left
        bare = replace(left, order=(), limit=0)
        right = replace(bare, where=self._where())
        if right == bare:
            raise Redraw
        op = self.rng.choice(["UNION", "UNION ALL", "EXCEPT", "INTERSECT"])
        places = self.rng.sample(range(1, len(left.columns) + 1), len(left.columns))
        order = tuple((place, i == 0 or self.rng.random() < 0.5) for i, place in enumerate(places))
        if op == "UNION ALL" or left.order or self.rng.random() < 0.5:
            return Compound(op, bare, right, order, self.rng.choice([0, 0, 4]))
        return Compound(op, bare, right)

    def _select(self, kind: str) -> Select:
        rng = self.rng
        base = Select(self.path[0], (), self.joins, self._where())
        if kind in ("groups", "having"):
            return self._grouped(base, kind == "having")
        if kind == "total":
            return replace(base, columns=self._aggregates(rng.choice([1, 2])))
        columns = self._columns(rng.choice([1, 2, 2, 3]))
        if kind == "distinct":
            return replace(base, columns=columns[:2], distinct=True)
        if kind == "rows":
            return replace(base, columns=columns)
        first = Key(rng.choice(self._refs(self.path)), rng.random() < 0.5)
        if self.joins and self.down and len(self.sure) < len(self.path):
            ids = self.path
        else:
            ids = self.path[-1:] if self.down else self.path[:1]
        ties = [Key(Ref(name, "id"), rng.random() < 0.5) for name in ids]
        return replace(base, columns=columns, order=(first, *ties), limit=rng.choice([0, 0, 3, 5]))

    def _columns(self, count: int) -> tuple[Ref, ...]:
        refs = self._refs(self.path)
        if not self.shape.tables:
            return tuple(refs[1:])
        chosen = self.rng.sample(refs, min(count, len(refs)))
        last = self._refs(self.path[-1:])
        if self.joins and not any(ref in last for ref in chosen):
            chosen[0] = self.rng.choice(last)  # else the join may be idle
        return tuple(chosen)

    def _grouped(self, base: Select, having: bool) -> Select:
        rng = self.rng
        texts = self._refs(self.path, "TEXT") or self._refs(self.path, "INTEGER")
        if not texts:
            raise Redraw
        group = tuple(rng.sample(texts, 2 if len(texts) > 1 and rng.random() < 0.2 else 1))
        aggregates = tuple(a for a in self._aggregates(rng.choice([1, 2])) if a.ref not in group)
        if not aggregates:
            raise Redraw
        select = replace(base, columns=(*group, *aggregates), group=group)
        if having:
            select = replace(select, having=self._having())
        if rng.random() < 0.6:
            keys = tuple(Key(ref, rng.random() < 0.8) for ref in group)  # ascending would come by itself
            if rng.random() < 0.7 or not any(key.descending for key in keys):
                keys = (Key(rng.choice(aggregates), rng.random() < 0.5), *keys)
            select = replace(select, order=keys, limit=rng.choice([0, 0, 2, 3]))
        return select

    def _aggregates(self, count: int) -> tuple[Agg, ...]:
        loose = [name for name in self.path if name not in self.sure]
        tables = loose or self.path
        numbers = self._refs(tables, "INTEGER REAL")
        options = [Agg("count", None)]
        options += [Agg("count", ref) for ref in self._refs(tables) if loose or self._nullable(ref)]
        options += [Agg("count", Ref(name, "id")) for name in loose]
        options += [Agg("distinct", ref) for ref in self._refs(self.path)]
        options += [Agg(name, ref) for ref in numbers for name in ("sum", "avg", "min", "max")]
        return tuple(self.rng.sample(options, count))

    def _nullable(self, ref: Ref) -> bool:
        return next(c.nullable for c in self.schema.table(ref.table).columns if c.name == ref.column)

    def _having(self) -> Condition:
        rng = self.rng
        numbers = self._refs(self.path, "INTEGER REAL")
        if numbers and rng.random() < 0.5:
            ref = rng.choice(numbers)
            op = rng.choice(["<", "<=", ">", ">="])
            return Compare(Agg(rng.choice(["min", "max"]), ref), op, self._constant(ref, op))
        return Compare(Agg("count", None), rng.choice(["=", ">", ">=", "<", "<="]), rng.choice([2, 2, 3]))

    def _constant(self, ref: Ref, op: str) -> Value:
        pool = next(c.pool for c in self.schema.table(ref.table).columns if c.name == ref.column)
        inner = pool[1:-1] if len(pool) > 3 and op not in ("=", "<>") else pool
        return self.rng.choice(inner)

    def _where(self) -> Condition | None:
        rng, shape = self.rng, self.shape
        refs = self._refs(self.sure)
        if not self.shape.tables:
            refs = refs[:1]  # the others are what a query of letters returns
        plain = [self._simple(ref) for ref in rng.sample(refs, min(shape.predicates - shape.nested, len(refs)))]
        items = [*plain, *(self._nested() for _ in range(shape.nested))]
        if len(items) < 2:
            return items[0] if items else None
        rng.shuffle(items)
        if len(items) == 2:
            return Junction(rng.choice(["AND", "OR"]), tuple(items))
        op, inner = rng.choice([("AND", "OR"), ("OR", "AND")])
        return Junction(op, (*items[:-2], Junction(inner, tuple(items[-2:]))))

    def _simple(self, ref: Ref) -> Condition:
        rng = self.rng
        if self._nullable(ref) and rng.random() < 0.25:
            return IsNull(ref, rng.random() < 0.5)
        column = next(c for c in self.schema.table(ref.table).columns if c.name == ref.column)
        ops = self.shape.ops.split()
        op = rng.choice([op for op in ops if op in ("=", "<>")] if column.type == "TEXT" else ops)
        return Compare(ref, op, self._constant(ref, op))

    def _nested(self) -> Condition:
        rng = self.rng
        names = [table.name for table in self.schema.tables]
        pairs = [(a, b) for a, b in pairwise(names) if a in self.sure]
        free = [(a, b) for a, b in pairs if b not in self.path]
        way = rng.choice(["scalar", *(["exists", "exists", "in"] if free else ["in"] if pairs else [])])
        if way == "exists":
            parent, child = rng.choice(free)
            where = self._simple(rng.choice(self._refs([child]))) if rng.random() < 0.6 else None
            return Exists(self._parent_key(child), Ref(parent, "id"), where, rng.random() < 0.6)
        if way == "in":
            parent, child = rng.choice(free or pairs)
            where = self._simple(rng.choice(self._refs([child])))
            return InQuery(Ref(parent, "id"), Select(child, (self._parent_key(child),), where=where))
        numbers = self._refs(self.sure, "INTEGER REAL")
        if not numbers:
            raise Redraw
        ref = rng.choice(numbers)
        others = [other for other in self._refs([ref.table]) if other != ref]
        condition = self._simple(rng.choice(others)) if others and rng.random() < 0.5 else None
        function, ops = rng.choice([("avg", "< <= > >="), ("min", "> ="), ("max", "< =")])
        inner = Select(ref.table, (Agg(function, ref),), where=condition)
        return Compare(ref, rng.choice(ops.split()), inner)
