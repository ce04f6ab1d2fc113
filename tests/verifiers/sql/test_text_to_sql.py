import importlib.util
import random
import sqlite3
from itertools import product
from pathlib import Path

import pytest

from gradarium.core import Redraw, Status
from gradarium.generators import get_task
from gradarium.generators.sql._draw import draw_problem
from gradarium.generators.sql._english import to_english
from gradarium.generators.sql._mutants import mutants
from gradarium.generators.sql._query import (
    Agg,
    Compare,
    Compound,
    Exists,
    InQuery,
    IsNull,
    Join,
    Junction,
    Key,
    Ref,
    Select,
    to_sql,
)
from gradarium.generators.sql.text_to_sql import LEVELS, telling_databases
from gradarium.sandbox import Outcome, Run, SandboxUnavailable
from gradarium.verifiers.sql import text_to_sql
from gradarium.verifiers.sql.text_to_sql import verify

_spec = importlib.util.spec_from_file_location("tiny_sql", Path(__file__).with_name("tiny_sql.py"))
tiny = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiny)

SCHEMA = ["CREATE TABLE pets (id INTEGER NOT NULL UNIQUE, name TEXT, age INTEGER, weight REAL)"]
DATABASES = [
    {"pets": [[2, "Ada", 3, 1.5], [1, "Bea", 5, 2.0], [4, None, 4, 2.5], [3, "Ada", 5, None]]},
    {"pets": []},
    {"pets": [[1, "Cem", 4, 3.0]]},
    {"pets": [[9, "Ivo", None, 3.0], [5, "Ivo", 7, 3.0], [6, "Ada", 7, 4.0]]},
]


def posed(expected, columns=1, ordered=False):
    return {
        "schema": SCHEMA,
        "request": "",
        "columns": columns,
        "ordered": ordered,
        "databases": DATABASES,
        "expected": expected,
    }


OLDER = posed([[["Ada"], ["Bea"]], [], [], [["Ada"], ["Ivo"]]])  # names of pets older than 4, in no order
AGES = posed([[[5], [5], [4], [3]], [], [[4]], [[7], [7], [None]]], ordered=True)  # ages, descending, NULL last
MEAN = posed([[[2.0]], [[None]], [[3.0]], [[10 / 3]]])
COUNT = posed([[["Ada", 2], ["Bea", 1], [None, 1]], [], [["Cem", 1]], [["Ada", 1], ["Ivo", 2]]], columns=2)

ACCEPTED = {
    "plain": ("SELECT name FROM pets WHERE age > 4", OLDER),
    "semicolon, lower case, line breaks": ("select name\nfrom pets\nwhere age>4;\n", OLDER),
    "comment first": ("-- older\n/* pets */ SELECT name FROM pets WHERE age > 4", OLDER),
    "other words, same meaning": (
        "WITH p AS (SELECT * FROM pets) SELECT p.name AS who FROM p WHERE NOT p.age <= 4",
        OLDER,
    ),
    "subquery": ("SELECT name FROM pets WHERE id IN (SELECT id FROM pets WHERE age >= 5)", OLDER),
    "order where none was asked": ("SELECT name FROM pets WHERE age > 4 ORDER BY name DESC", OLDER),
    "ordered": ("SELECT age FROM pets ORDER BY age DESC", AGES),
    "float for integer": ("SELECT age * 1.0 FROM pets ORDER BY age DESC", AGES),
    "average": ("SELECT avg(weight) FROM pets", MEAN),
    "average by hand, other rounding": ("SELECT sum(weight * 0.1) / count(weight) * 10 FROM pets", MEAN),
    "window function": ("SELECT DISTINCT name, count(*) OVER (PARTITION BY name) FROM pets", COUNT),
    "groups": ("SELECT name, count(*) FROM pets GROUP BY 1", COUNT),
}
REJECTED = {
    "at least for greater": ("SELECT name FROM pets WHERE age >= 4", OLDER),
    "DISTINCT that drops rows": ("SELECT DISTINCT age FROM pets ORDER BY age DESC", AGES),
    "order forgotten": ("SELECT age FROM pets", AGES),
    "order turned": ("SELECT age FROM pets ORDER BY age", AGES),
    "NULL at the wrong end": ("SELECT age FROM pets ORDER BY age DESC NULLS FIRST", AGES),
    "limit": ("SELECT age FROM pets ORDER BY age DESC LIMIT 3", AGES),
    "columns swapped": ("SELECT count(*), name FROM pets GROUP BY name", COUNT),
    "column too many": ("SELECT name, age FROM pets WHERE age > 4", OLDER),
    "column too few": ("SELECT name FROM pets GROUP BY name", COUNT),
    "count of a column for count of rows": ("SELECT name, count(name) FROM pets GROUP BY name", COUNT),
    "sum over all rows for an average": ("SELECT sum(weight) / count(*) FROM pets", MEAN),
    "text for numbers": ("SELECT CAST(age AS TEXT) FROM pets ORDER BY age DESC", AGES),
    "blob for text": ("SELECT CAST(name AS BLOB) FROM pets WHERE age > 4", OLDER),
    "average rounded": ("SELECT round(avg(weight), 3) FROM pets", MEAN),
    "constant of the first database": ("SELECT 'Ada' UNION ALL SELECT 'Bea'", OLDER),
    "always empty": ("SELECT name FROM pets WHERE 0", OLDER),
    "no such column": ("SELECT nam FROM pets WHERE age > 4", OLDER),
    "syntax": ("SELECT name FROM pets WHERE", OLDER),
    "not SQL": ("the names of old pets", OLDER),
    "two statements": ("SELECT name FROM pets WHERE age > 4; SELECT 1", OLDER),
    "two statements, the second deletes": ("SELECT name FROM pets WHERE age > 4; DROP TABLE pets", OLDER),
    "insert": ("INSERT INTO pets VALUES (1, 'x', 9, 1.0)", OLDER),
    "insert behind WITH": ("WITH x AS (SELECT 1) INSERT INTO pets SELECT 7, 'x', 9, 1.0 FROM x RETURNING name", OLDER),
    "explain": ("EXPLAIN SELECT name FROM pets WHERE age > 4", OLDER),
    "pragma": ("PRAGMA database_list", OLDER),
    "pragma as a table": ("SELECT name FROM pragma_table_info('pets')", OLDER),
    "attach": ("ATTACH 'x.db' AS x", OLDER),
    "schema table": ("SELECT name FROM sqlite_master", OLDER),
    "random rows": ("SELECT name FROM pets WHERE age > 4 ORDER BY random()", OLDER),
    "endless recursion": ("WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x FROM r", OLDER),
    "cross join": (f"SELECT count(*) FROM {', '.join(f'pets p{i}' for i in range(18))}", MEAN),
    "huge value": ("SELECT zeroblob(900000000)", OLDER),
    "hundred columns too many": (f"SELECT {', '.join('1' * 1 for _ in range(150))}", OLDER),
    "brackets": ("SELECT " + "(" * 2000 + "1" + ")" * 2000, OLDER),
    "null character": ("SELECT name FROM pets WHERE age > 4\0", OLDER),
    "lone surrogate": ("SELECT name FROM pets WHERE age > 4 -- \ud800", OLDER),
    "comment without end": ("/* SELECT name FROM pets", OLDER),
    "empty": ("", OLDER),
    "long": ("SELECT name FROM pets WHERE age > 4" + " " * 10 + "-" * 6000, OLDER),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    verdict = verify(answer, payload)
    assert verdict.score == 1.0, verdict.reason


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    verdict = verify(answer, payload)
    assert verdict.score == 0.0
    assert verdict.reward == 0.0, verdict.reason  # a judgement, no failure of the sandbox


def oracle(answer, payload):
    """Judge with sqlite in this process behind an authorizer; compare by sorting; written apart from the verifier."""
    try:
        return all(_same(_rows(answer, payload, rows), rows_wanted, payload) for rows, rows_wanted in _cases(payload))
    except (sqlite3.Error, sqlite3.Warning, ValueError, UnicodeError, OverflowError, MemoryError):
        return False


def _cases(payload):
    return zip(payload["databases"], payload["expected"], strict=True)


def _rows(sql, payload, tables):
    if len(sql) > 5000:
        raise ValueError("long")
    connection = sqlite3.connect(":memory:")
    try:
        for ddl in payload["schema"]:
            connection.execute(ddl)
        for name, rows in tables.items():
            connection.executemany(
                f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows
            ) if rows else None
        connection.commit()
        allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000)
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY)
        connection.set_progress_handler(lambda: 1, 100_000)
        cursor = connection.execute(sql)
        if cursor.description is None or len(cursor.description) != payload["columns"]:
            raise ValueError("columns")
        return cursor.fetchmany(1000)
    finally:
        connection.close()


def _same(given, wanted, payload):
    def key(row):
        return [
            (0, 0) if c is None else (1, c) if isinstance(c, (int, float)) else (2 + isinstance(c, bytes), c)
            for c in row
        ]

    given, wanted = [key(row) for row in given], [key(row) for row in wanted]
    if not payload["ordered"]:
        given, wanted = sorted(given), sorted(wanted)
    return len(given) == len(wanted) and all(
        a == b or (a[0] == b[0] == 1 and abs(a[1] - b[1]) <= 1e-9 * max(1, abs(b[1])))
        for row, other in zip(given, wanted, strict=True)
        for a, b in zip(row, other, strict=True)
    )


def by_hand(sql, payload):
    """Return the rows of a query on each database by the evaluator that knows no sqlite."""
    return [tiny.rows_of(sql, tiny.tables_of(payload["schema"], rows)) for rows in payload["databases"]]


def agree(payload, results):
    return all(_same(rows, wanted, payload) for rows, wanted in zip(results, payload["expected"], strict=True))


@pytest.mark.parametrize("table", [ACCEPTED, REJECTED])
def test_oracle_agrees_with_the_tables(table):
    for name, (answer, payload) in table.items():
        if name not in ("random rows",):  # the sandbox refuses what the oracle has no list for
            assert oracle(answer, payload) == (table is ACCEPTED), name


def test_all_queries_of_a_small_grammar_agree_with_an_evaluator_by_hand():
    payload = get_task("text_to_sql").pose(3, 0).payload
    table = payload["schema"][0].split()[2]
    columns = [part.split()[0] for part in payload["schema"][0].split("(")[1].split(", ")]
    outputs = [columns[0], columns[1], ", ".join(columns)]
    right = 0
    for shown, column, op, value in product(outputs, columns, ("=", "<>", "<", "<=", ">", ">="), range(1, 10, 2)):
        sql = f"SELECT {shown} FROM {table} WHERE {column} {op} {value}"
        width_fits = shown.count(",") + 1 == payload["columns"]
        truth = width_fits and agree(payload, by_hand(sql, payload))
        assert (verify(sql, payload).score == 1.0) == truth, sql
        right += truth
    reference = get_task("text_to_sql").pose(3, 0).reference
    assert right <= 2 and agree(payload, by_hand(reference, payload))


@pytest.mark.parametrize("level", range(len(LEVELS)))
def test_expected_rows_by_hand(level):
    for index in range(12):
        instance = get_task("text_to_sql").pose(index, level)
        payload = instance.payload
        assert agree(payload, by_hand(instance.reference, payload)), instance.reference
        assert len(payload["databases"]) >= 9 and [] in [rows for d in payload["databases"] for rows in d.values()]
        assert len({repr(rows) for rows in payload["expected"]}) >= 3  # no constant is right
        assert oracle(instance.reference, payload) and not oracle(instance.example, payload)


@pytest.mark.parametrize("level", [1, 3, 4, 6, 7])
def test_every_near_miss_is_told_apart_by_hand(level):
    rng = random.Random(level)
    done = 0
    while done < 3:
        try:
            schema, query = draw_problem(rng, LEVELS[level])
            databases, expected = telling_databases(rng, schema, query, bool(query.order))
        except Redraw:
            continue
        done += 1
        near = mutants(query, schema)
        assert len(near) >= 5
        for mutant in near:
            ordered = bool(query.order)
            tables = (
                (tiny.tables_of(schema.ddl, rows), wanted) for rows, wanted in zip(databases, expected, strict=True)
            )
            results = (_same(tiny.rows_of(to_sql(mutant), t), w, {"ordered": ordered}) for t, w in tables)
            assert not all(results), (to_sql(query), to_sql(mutant))


@pytest.mark.parametrize("level", [0, 3, 7])
def test_references_are_correct_and_examples_wrong(level):
    for index in range(3):
        instance = get_task("text_to_sql").pose(index, level, "test")
        assert verify(instance.reference, instance.payload).status is Status.CORRECT
        assert verify(instance.example, instance.payload).status is Status.WRONG


def test_a_sandbox_that_fails_gives_no_reward(monkeypatch):
    class Broken:
        def query(self, sql, databases):
            return Run(Outcome.NOT_JUDGED, message="no room")

    def missing():
        raise SandboxUnavailable("none here")

    for sandbox in (Broken, missing):
        monkeypatch.setattr(text_to_sql, "default_sandbox", sandbox)
        assert verify("SELECT name FROM pets WHERE age > 4", OLDER).reward is None


NAME, AGE = Ref("pets", "name"), Ref("pets", "age")
UP = Join("owners", Ref("pets", "owner_id"), Ref("owners", "id"), outer=False)
ENGLISH = {
    "Take the rows of pets where age is at most 3 OR name is NULL. Return: name. Keep duplicate rows. "
    "The order of the rows does not matter.": Select(
        "pets", (NAME,), where=Junction("OR", (Compare(AGE, "<=", 3), IsNull(NAME, False)))
    ),
    "Take all rows of pets. Return: name. Give each different result row only once. Order by name (descending). "
    "Return only the first 2 rows in this order.": Select(
        "pets", (NAME,), distinct=True, order=(Key(NAME, True),), limit=2
    ),
    "Combine each row of pets with every row of owners whose id equals pets.owner_id; where there is none, leave the "
    "row out. Group them by pets.name, where NULL counts as a value like any other. Keep only groups where the number "
    "of rows is greater than 1. Return for each group: pets.name, the average of pets.age. "
    "The order of the rows does not matter.": Select(
        "pets",
        (NAME, Agg("avg", AGE)),
        joins=(UP,),
        group=(NAME,),
        having=Compare(Agg("count", None), ">", 1),
    ),
    "Take the rows of owners where there is no row of pets with pets.owner_id equal to owners.id and pets.age is 3. "
    "Return one row about all of them: the number of rows. ": Select(
        "owners",
        (Agg("count", None),),
        where=Exists(Ref("pets", "owner_id"), Ref("owners", "id"), Compare(AGE, "=", 3), negated=True),
    ),
    "Take the rows of pets where (id is equal to pet_id in at least one row of visits where cost is less than 2.5). "
    "Return: name. Keep duplicate rows. The order of the rows does not matter.": Select(
        "pets",
        (NAME,),
        where=InQuery(
            Ref("pets", "id"),
            Select("visits", (Ref("visits", "pet_id"),), where=Compare(Ref("visits", "cost"), "<", 2.5)),
        ),
    ),
    "First result: Take the rows of pets where age is greater than (the average of age over all rows of pets). "
    "Return: name. Keep duplicate rows.\nSecond result: Take all rows of pets. Return: name. Keep duplicate rows.\n"
    "Return every row that is in both results, each different row once. Order by column 1 (ascending).": Compound(
        "INTERSECT",
        Select("pets", (NAME,), where=Compare(AGE, ">", Select("pets", (Agg("avg", AGE),)))),
        Select("pets", (NAME,)),
        order=((1, False),),
    ),
}


@pytest.mark.parametrize(("text", "query"), ENGLISH.items(), ids=range(len(ENGLISH)))
def test_requests_in_english(text, query):
    assert to_english(query) == text
