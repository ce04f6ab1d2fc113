import pytest

from gradarium.sandbox import Limits, Outcome

SYNTAX, RUNTIME = Outcome.SYNTAX_ERROR, Outcome.RUNTIME_ERROR
CHANGING = {
    "schema": [
        "CREATE TABLE t (a INTEGER, b TEXT, c REAL CHECK (c IS NULL OR c < 100))",
        "CREATE TABLE log (n INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT DEFAULT 'none')",
        "CREATE TABLE k (id INTEGER PRIMARY KEY, v UNIQUE)",
        "CREATE VIEW v AS SELECT a FROM t WHERE b LIKE 'x%'",
        "CREATE TRIGGER g AFTER DELETE ON t BEGIN INSERT INTO log (what) VALUES ('t ' || old.a); END",
    ],
    "rows": {"t": [[1, "x", 0.5], [2, None, 1.0], [3, "é", None]], "k": [[1, "a"], [2, "b"]]},
}
BEFORE = {"t": [[1, "x", 0.5], [2, None, 1.0], [3, "é", None]], "k": [[1, "a"], [2, "b"]], "log": []}

CHANGES = {
    "INSERT INTO t VALUES (4, 'y', 2)": {"t": [*BEFORE["t"], [4, "y", 2.0]]},
    "insert into t (b, a) values ('p', 5), (x'00', NULL)": {"t": [*BEFORE["t"], [5, "p", None], [None, b"\0", None]]},
    "INSERT INTO t SELECT a + 10, upper(b), c FROM t WHERE a = 1": {"t": [*BEFORE["t"], [11, "X", 0.5]]},
    "INSERT INTO log DEFAULT VALUES": {"log": [[1, "none"]]},
    "INSERT INTO t SELECT a, '', NULL FROM v": {"t": [*BEFORE["t"], [1, "", None]]},
    "WITH m AS (SELECT max(a) AS top FROM t) INSERT INTO t SELECT top + 1, 'z', NULL FROM m": {
        "t": [*BEFORE["t"], [4, "z", None]]
    },
    "/* so */ -- and so\n UPDATE t SET b = 'q' WHERE a > 1;": {"t": [[1, "x", 0.5], [2, "q", 1.0], [3, "q", None]]},
    "UPDATE k SET v = t.b FROM t WHERE t.a = k.id AND t.b IS NOT NULL": {"k": [[1, "x"], [2, "b"]]},
    "UPDATE t SET (a, b) = (SELECT id, v FROM k WHERE id = a)": {
        "t": [[1, "a", 0.5], [2, "b", 1.0], [None, None, None]],
    },
    "DELETE FROM t WHERE b IS NULL": {"t": [[1, "x", 0.5], [3, "é", None]], "log": [[1, "t 2"]]},
    "DELETE FROM t WHERE a IN (SELECT id FROM k) RETURNING a": {
        "t": [[3, "é", None]],
        "log": [[1, "t 1"], [2, "t 2"]],
    },
    "DELETE FROM k": {"k": []},
    "DELETE FROM t WHERE 0": {},
    "REPLACE INTO k VALUES (1, 'z')": {"k": [[1, "z"], [2, "b"]]},
    "INSERT OR IGNORE INTO k VALUES (1, 'z')": {},
    "INSERT INTO k VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET v = excluded.v || v": {"k": [[1, "za"], [2, "b"]]},
    "UPDATE t SET b = NULL RETURNING a, b": {"t": [[1, None, 0.5], [2, None, 1.0], [3, None, None]]},
}


@pytest.mark.parametrize("text", CHANGES)
def test_changes(box, text):
    run = box.modify(text, [CHANGING, CHANGING])
    assert run.outcome is Outcome.RAN, run.message
    for value in run.values:
        tables = value["tables"]
        assert {name: repr(table["rows"]) for name, table in tables.items()} == {
            name: repr(table) for name, table in {**BEFORE, **CHANGES[text]}.items()
        }
        assert tables["t"]["columns"] == ["a", "b", "c"] and tables["k"]["columns"] == ["id", "v"]


NO_CHANGES = {
    "SELECT 1": SYNTAX,
    "WITH q AS (SELECT 1) SELECT * FROM q": SYNTAX,
    "VALUES (1)": SYNTAX,
    "": SYNTAX,
    "DELETE FROM t; DELETE FROM k": SYNTAX,
    "DELETE FROM t; --": Outcome.RAN,
    "INSERT INTO": SYNTAX,
    "INSERT INTO t VALUES (1, 2, 3) -- \0": SYNTAX,
    "EXPLAIN DELETE FROM t": SYNTAX,
    "DROP TABLE t": SYNTAX,
    "CREATE TABLE z (a)": SYNTAX,
    "CREATE TEMP TABLE t (a)": SYNTAX,
    "ALTER TABLE t ADD COLUMN z": SYNTAX,
    "PRAGMA writable_schema = 1": SYNTAX,
    "BEGIN": SYNTAX,
    "VACUUM": SYNTAX,
    "ATTACH ':memory:' AS m": SYNTAX,
    "INSERT INTO sqlite_master VALUES ('table', 'z', 'z', 1, 'CREATE TABLE z (a)')": RUNTIME,
    "UPDATE sqlite_schema SET sql = ''": RUNTIME,
    "UPDATE sqlite_sequence SET seq = 9": RUNTIME,
    "DELETE FROM sqlite_sequence": RUNTIME,
    "INSERT INTO v VALUES (1)": RUNTIME,
    "DELETE FROM nothere": RUNTIME,
    "INSERT INTO t VALUES (1, 2)": RUNTIME,
    "INSERT INTO t VALUES (1, 'a', 100)": RUNTIME,  # the check
    "INSERT INTO k VALUES (1, 'a')": RUNTIME,
    "UPDATE k SET v = 'a'": RUNTIME,
    "INSERT INTO t VALUES (random(), 'a', 1)": RUNTIME,
    "INSERT INTO t VALUES (1, CURRENT_TIMESTAMP, 1)": RUNTIME,
    "UPDATE t SET b = datetime('now')": RUNTIME,
    "INSERT INTO t VALUES (last_insert_rowid(), 'a', 1)": RUNTIME,
    "INSERT INTO t SELECT 1, name, 1 FROM sqlite_master": RUNTIME,
    "INSERT INTO t SELECT 1, name, 1 FROM pragma_table_info('t')": RUNTIME,
    "INSERT INTO log (what) VALUES (CAST(x'ff' AS TEXT))": RUNTIME,
    "INSERT INTO t VALUES (1, zeroblob(100), 1)": RUNTIME,
    "UPDATE t SET b = hex(" + "hex(" * 20 + "'abc'" + ")" * 20 + ")": RUNTIME,
}


@pytest.mark.parametrize("text", NO_CHANGES, ids=lambda text: repr(text[:50]))
def test_changes_refused(box, text):
    run = box.modify(text, [CHANGING])
    assert run.outcome is NO_CHANGES[text], run
    assert bool(run.values) is bool(run.outcome is Outcome.RAN)


def test_changes_end_at_a_limit(box):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO t SELECT i, i, NULL FROM n"
    assert box.modify(endless, [CHANGING]).outcome in (Outcome.CPU_LIMIT, Outcome.MEM_LIMIT)
    assert box.modify(endless, [CHANGING], Limits(steps=20_000)).outcome is Outcome.CPU_LIMIT
    some = endless.replace("FROM n)", "FROM n WHERE i < 500)")
    assert box.modify(some, [CHANGING], Limits(rows=503)).outcome is Outcome.RAN
    assert box.modify(some, [CHANGING], Limits(rows=502)).outcome is Outcome.OUTPUT_LIMIT
    assert box.modify(some, [CHANGING], Limits(output_bytes=2_000)).outcome is Outcome.OUTPUT_LIMIT
    wide = f"UPDATE t SET b = '{'x' * 900}'"
    assert box.modify(wide, [CHANGING], Limits(output_bytes=2_000)).outcome is Outcome.OUTPUT_LIMIT


def test_changes_do_not_reach_the_next_database(box):
    run = box.modify("DELETE FROM t WHERE a = (SELECT min(a) FROM t)", [CHANGING, CHANGING, CHANGING])
    assert run.values[0] == run.values[1] == run.values[2] and len(run.values[0]["tables"]["t"]["rows"]) == 2
