"""Random schemas: a chain of one to three tables of a theme, each table pointing at the one before it.

Example: ``shelters(id, city)`` and ``pets(id, shelter_id, name)``; ``pets.shelter_id`` holds an id of shelters or NULL.
"""

import random
from dataclasses import dataclass

Value = int | float | str
Cell = Value | None

_WORDS = {
    "name": "Ada Bea Cem Dov Eva Finn Gus Hana Ivo Jun Kai Lea Mia Noor Otto Pia Rosa Sam Tess Uma".split(),
    "city": "Bern Cork Dakar Essen Fes Graz Hilo Izmir Kyoto Lima Malmo Nice Oslo Porto Quito Riga".split(),
    "color": "amber black blue brown coral gold gray green pink red teal white".split(),
    "kind": "alpha basic classic deluxe extra fancy large medium plain small".split(),
    "state": "closed done late lost new open ready sold".split(),
}


@dataclass(frozen=True)
class Column:
    """A column and the values its data are drawn from."""

    name: str
    type: str
    """INTEGER, REAL or TEXT."""
    nullable: bool
    pool: tuple[Value, ...]
    """Few values, so that ties, duplicates and boundary cases are common; empty for keys."""
    points_at: str = ""
    """The table whose id a foreign key holds."""

    @property
    def key(self) -> bool:
        """True for ids and foreign keys."""
        return not self.pool


@dataclass(frozen=True)
class Table:
    """A table; the first column is ``id`` where the table has keys."""

    name: str
    columns: tuple[Column, ...]

    @property
    def ddl(self) -> str:
        """The CREATE TABLE statement."""
        lines = []
        for c in self.columns:
            words = [c.name, c.type]
            if c.name == "id":
                words.append("NOT NULL UNIQUE")
            elif c.points_at:
                words.append(f"REFERENCES {c.points_at}(id)")
            elif not c.nullable:
                words.append("NOT NULL")
            lines.append(" ".join(words))
        return f"CREATE TABLE {self.name} ({', '.join(lines)})"


@dataclass(frozen=True)
class Schema:
    """Tables in a chain: each but the first has a foreign key to the one before it."""

    tables: tuple[Table, ...]

    @property
    def ddl(self) -> list[str]:
        """The CREATE TABLE statements in order."""
        return [table.ddl for table in self.tables]

    @property
    def short(self) -> str:
        """Names alone: ``pets(id,name,age) visits(id,pet_id,cost)``."""
        return " ".join(f"{t.name}({','.join(c.name for c in t.columns)})" for t in self.tables)

    def table(self, name: str) -> Table:
        """Return the table of that name."""
        return next(table for table in self.tables if table.name == name)

    def column(self, table: str, column: str) -> Column:
        """Return a column by table and name."""
        return next(c for c in self.table(table).columns if c.name == column)


# Each theme: three tables from the top of the chain down, as (plural, singular, columns); a column is name:type.
_THEMES = (
    (
        ("shelters", "shelter", "name:name city:city rooms:int rent:real"),
        ("pets", "pet", "name:name color:color age:int weight:real"),
        ("visits", "visit", "day:int state:state cost:real doctor:name"),
    ),
    (
        ("schools", "school", "city:city pupils:int kind:kind budget:real"),
        ("teachers", "teacher", "name:name age:int salary:real city:city"),
        ("courses", "course", "hours:int fee:real level:kind state:state"),
    ),
    (
        ("makers", "maker", "name:name city:city founded:int rating:real"),
        ("bikes", "bike", "color:color kind:kind gears:int price:real"),
        ("repairs", "repair", "day:int cost:real state:state worker:name"),
    ),
    (
        ("farms", "farm", "owner:name city:city workers:int area:real"),
        ("fields", "field", "kind:kind slope:int size:real state:state"),
        ("harvests", "harvest", "year:int tons:real state:state driver:name"),
    ),
    (
        ("clubs", "club", "city:city members:int dues:real color:color"),
        ("players", "player", "name:name age:int height:real state:state"),
        ("games", "game", "day:int goals:int minutes:real place:city"),
    ),
    (
        ("shops", "shop", "city:city floors:int rent:real kind:kind"),
        ("clerks", "clerk", "name:name age:int wage:real state:state"),
        ("sales", "sale", "items:int total:real color:color day:int"),
    ),
    (
        ("ports", "port", "city:city docks:int depth:real state:state"),
        ("ships", "ship", "name:name color:color crew:int length:real"),
        ("trips", "trip", "days:int cargo:real target:city captain:name"),
    ),
)


def _pool(rng: random.Random, kind: str) -> tuple[Value, ...]:
    if kind == "int":
        return tuple(sorted(rng.sample(range(2, 60), 6)))
    if kind == "real":
        return tuple(sorted(k / 2 for k in rng.sample(range(3, 80), 6)))  # exact in binary: sums have no rounding
    return tuple(sorted(rng.sample(_WORDS[kind], 5)))


def draw_schema(rng: random.Random, tables: int, columns: int) -> Schema:
    """Return a chain of ``tables`` (1 to 3) neighbouring tables of a theme with ``columns`` (1 to 4) columns each.

    Ids and foreign keys come on top of ``columns``.
    """
    theme = rng.choice(_THEMES)
    start = rng.randrange(4 - tables)
    made: list[Table] = []
    above = ("", "")
    for name, singular, text in theme[start : start + tables]:
        keys = [Column("id", "INTEGER", False, ())]
        if above[0]:
            keys.append(Column(f"{above[1]}_id", "INTEGER", True, (), above[0]))
        specs = text.split()
        chosen = [specs[i].split(":") for i in sorted(rng.sample(range(len(specs)), columns))]
        types = {"int": "INTEGER", "real": "REAL"}
        data = [Column(c, types.get(k, "TEXT"), rng.random() < 0.6, _pool(rng, k)) for c, k in chosen]
        made.append(Table(name, (*keys, *data)))
        above = (name, singular)
    return Schema(tuple(made))


def draw_letters(rng: random.Random, columns: int, wide: int = 9) -> Schema:
    """Return one table with a one-letter name and ``columns`` one-letter columns of integers, without keys.

    The first column holds digits, the others values from 1 to ``wide``.
    """
    names = rng.sample("abcdefgh", columns)
    most = [9] + [wide] * (columns - 1)
    data = tuple(Column(c, "INTEGER", False, tuple(range(1, top + 1))) for c, top in zip(names, most, strict=True))
    return Schema((Table(rng.choice("pqrstuvw"), data),))
