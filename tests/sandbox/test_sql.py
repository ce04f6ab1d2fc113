import pytest

from gradarium.sandbox import Limits, Outcome

SCHEMA = [
    "CREATE TABLE t (a INTEGER, b TEXT, c REAL)",
    'CREATE TABLE Odd ("x y" BLOB)',
    "CREATE VIEW v AS SELECT a FROM t",
]
DATA = {
    "schema": SCHEMA,
    "rows": {"t": [[1, "x", 0.5], [2, None, 1.0], [3, "é", None]], "Odd": [["1"], [1], [1.0], [None]]},
}
EMPTY = {"schema": SCHEMA, "rows": {}}


def rows(box, sql, **limits):
    run = box.query(sql, [DATA], Limits(**limits))
    assert run.outcome is Outcome.RAN, run.message
    return run.values[0]["rows"]


def test_each_database_has_its_own_answer(box):
    run = box.query("SELECT a, b AS name FROM t ORDER BY a DESC", [DATA, EMPTY])
    assert run.values == (
        {"columns": ["a", "name"], "rows": [[3, "é"], [2, None], [1, "x"]]},
        {"columns": ["a", "name"], "rows": []},
    )


ALLOWED = {
    "SELECT a FROM t WHERE c IS NULL": [[3]],
    "select A from T where B = 'x'": [[1]],
    "SELECT a FROM v WHERE a > 2": [[3]],
    'SELECT "x y", typeof("x y") FROM odd': [["1", "text"], [1, "integer"], [1.0, "real"], [None, "null"]],
    "WITH s AS (SELECT sum(a) AS n FROM t) SELECT n * 2 FROM s": [[12]],
    "SELECT count(*), avg(c), min(b), max(a), total(a), group_concat(a, '-') FROM t": [[3, 0.75, "x", 3, 6.0, "1-2-3"]],
    "SELECT a, row_number() OVER (ORDER BY a DESC), lag(a) OVER (ORDER BY a) FROM t ORDER BY a": [
        *([1, 3, None], [2, 2, 1], [3, 1, 2]),
    ],
    "SELECT p.a, q.a FROM t AS p LEFT JOIN t AS q ON q.a = p.a + 1 ORDER BY 1": [[1, 2], [2, 3], [3, None]],
    "SELECT a FROM t UNION SELECT 9 ORDER BY 1 DESC LIMIT 2 OFFSET 1": [[3], [2]],
    "SELECT upper(b) || substr('hello', 2, 3), coalesce(NULL, 1), iif(a > 1, 'y', 'n') FROM t WHERE a = 1": [
        ["Xell", 1, "n"]
    ],
    "SELECT a FROM t WHERE b LIKE '%x%' AND b GLOB 'x' AND a IN (SELECT a FROM t)": [[1]],
    "SELECT date('2024-02-28', '+2 days'), strftime('%Y', '2020-01-01'), julianday('2000-01-01')": [
        ["2024-03-01", "2020", 2451544.5],
    ],
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT sum(i) FROM n": [[5050]],
    " -- a remark\n/* and another */ SELECT 1;": [[1]],
    "WITH n(i) AS (SELECT 1 UNION ALL SELECT 2) SELECT count(*) FROM n": [[2]],
    "WITH n(i) AS (SELECT 1 UNION ALL SELECT 2) SELECT t.a FROM t, n WHERE t.a = 1": [[1], [1]],
    "SELECT count(*) FROM t": [[3]],
    "SELECT count(*) FROM (SELECT a FROM t WHERE a > 1)": [[2]],
    "SELECT count(*) FROM v": [[3]],
    "SELECT 1, '1', 1.0, x'31', NULL": [[1, "1", 1.0, b"1", None]],
    "SELECT 9e999, -9e999": [[float("inf"), float("-inf")]],
    "SELECT a AS n, a AS n FROM t WHERE a = 1": [[1, 1]],
    "SELECT round(2.567, 1), abs(-2), 7 % 3, 7 / 2, CAST('12' AS INTEGER)": [[2.6, 2, 1, 3, 12]],
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM t WHERE a = 2) THEN 'yes' ELSE 'no' END": [["yes"]],
}


@pytest.mark.parametrize("sql", ALLOWED)
def test_allowed(box, sql):
    assert [list(map(repr, row)) for row in rows(box, sql)] == [list(map(repr, row)) for row in ALLOWED[sql]]


SYNTAX, RUNTIME = Outcome.SYNTAX_ERROR, Outcome.RUNTIME_ERROR
REFUSED = {
    "ATTACH DATABASE '/tmp/attached.db' AS d": SYNTAX,
    "VACUUM INTO '/tmp/copy.db'": SYNTAX,
    "PRAGMA query_only=0": SYNTAX,
    "PRAGMA writable_schema=1": SYNTAX,
    "CREATE TEMP TABLE t (a)": SYNTAX,
    "INSERT INTO t VALUES (1, 2, 3)": SYNTAX,
    "UPDATE t SET a = 0": SYNTAX,
    "DELETE FROM t": SYNTAX,
    "WITH s AS (SELECT 1) DELETE FROM t": RUNTIME,
    "WITH s AS (SELECT 1) INSERT INTO t SELECT 1, 2, 3": RUNTIME,
    "DROP TABLE t": SYNTAX,
    "EXPLAIN SELECT a FROM t": SYNTAX,
    "EXPLAIN QUERY PLAN SELECT a FROM t": SYNTAX,
    "BEGIN": SYNTAX,
    "": SYNTAX,
    ";": SYNTAX,
    "-- nothing": SYNTAX,
    "/* open": SYNTAX,
    "SELECT": SYNTAX,
    "SELEC a FROM t": SYNTAX,
    "SELECT a FROM t WHERE": SYNTAX,
    "SELECT 'open": SYNTAX,
    "SELECT 1; SELECT 2": SYNTAX,
    "SELECT 1; DROP TABLE t": SYNTAX,
    "SELECT a FROM t\0": SYNTAX,
    "SELECT '\ud800'": SYNTAX,
    "SELECT nowhere FROM t": RUNTIME,
    "SELECT a FROM nowhere": RUNTIME,
    "SELECT ? FROM t": RUNTIME,
    "SELECT load_extension('x')": RUNTIME,
    "SELECT readfile('/etc/passwd')": RUNTIME,
    "SELECT name FROM sqlite_master": RUNTIME,
    "SELECT count(*) FROM sqlite_master": RUNTIME,
    "SELECT sql FROM sqlite_schema": RUNTIME,
    "SELECT 1 FROM sqlite_temp_master": RUNTIME,
    "SELECT * FROM pragma_table_info('t')": RUNTIME,
    "SELECT count(*) FROM pragma_database_list": RUNTIME,
    "SELECT 1 FROM json_each('[1]')": RUNTIME,
    "SELECT count(*) FROM json_each('[1]')": RUNTIME,
    "SELECT count(*) FROM pragma_table_list": RUNTIME,
    "SELECT count(*) FROM sqlite_schema": RUNTIME,
    "SELECT count(*) FROM main.sqlite_master": RUNTIME,
    "SELECT count(*) FROM dbstat": RUNTIME,
    "SELECT count(*) FROM sqlite_stmt": RUNTIME,
    "SELECT count(*) FROM temp.sqlite_temp_master": RUNTIME,
    "SELECT value FROM json_tree('[[1]]')": RUNTIME,
    "SELECT * FROM dbstat": RUNTIME,
    "SELECT fts3_tokenizer('simple')": RUNTIME,
    "SELECT random()": RUNTIME,
    "SELECT randomblob(4)": RUNTIME,
    "SELECT zeroblob(900000000)": RUNTIME,
    "SELECT printf('%.*c', 900000000, 'x')": RUNTIME,
    "SELECT format('%d', 1)": RUNTIME,
    "SELECT sqlite_version()": RUNTIME,
    "SELECT last_insert_rowid()": RUNTIME,
    "SELECT changes()": RUNTIME,
    "SELECT CURRENT_TIMESTAMP": RUNTIME,
    "SELECT CURRENT_DATE": RUNTIME,
    "SELECT datetime('now')": RUNTIME,
    "SELECT date()": RUNTIME,
    "SELECT strftime('%s')": RUNTIME,
    "SELECT date('NOW ')": RUNTIME,
    "SELECT date(x'6e6f77')": RUNTIME,
    "SELECT datetime('2020-01-01', 'localtime')": RUNTIME,
    "SELECT " + ", ".join(["1"] * 101): RUNTIME,
    "SELECT " + "(" * 200 + "1" + ")" * 200: RUNTIME,
    "SELECT " + "1+" * 200 + "1": RUNTIME,
    " UNION ALL ".join(["SELECT 1"] * 11): RUNTIME,
    "SELECT a FROM t WHERE b LIKE '" + "%a" * 200 + "'": RUNTIME,
    "SELECT CAST(x'ff' AS TEXT)": RUNTIME,
    "SELECT date('now' || char(0) || 'x')": RUNTIME,
    "SELECT unixepoch('subsec')": RUNTIME,
    "SELECT CURRENT_TIME": RUNTIME,
    "PRAGMA database_list": SYNTAX,
    "PRAGMA hard_heap_limit = 0": SYNTAX,
    "SELECT file FROM pragma_database_list": RUNTIME,
    "SELECT length(randomblob(900000000))": RUNTIME,
    "SELECT editdist3('a', 'b')": RUNTIME,
    "SELECT edit('a')": RUNTIME,
    "SELECT writefile('/tmp/written-by-sql', 'x')": RUNTIME,
    "SELECT sqlite_compileoption_get(1)": RUNTIME,
    "SELECT total_changes()": RUNTIME,
    "SELECT json_array(1, 2)": RUNTIME,
    "SELECT '{}' -> 'a'": RUNTIME,
    "SELECT * FROM sqlite_sequence": RUNTIME,
    "SELECT * FROM sqlite_dbpage": RUNTIME,
    "SELECT * FROM generate_series(1, 3)": RUNTIME,
    "SELECT main.t.a FROM temp.t": RUNTIME,
    "REPLACE INTO t VALUES (1, 2, 3)": SYNTAX,
    "SELECT a FROM t; -- one\nSELECT 2": SYNTAX,
    "EXPLAIN INSERT INTO t VALUES (1, 2, 3)": SYNTAX,
    "ANALYZE": SYNTAX,
    "REINDEX": SYNTAX,
    "ALTER TABLE t RENAME TO z": SYNTAX,
    "SAVEPOINT s": SYNTAX,
    "SELECT abs(" + ", ".join("1" * 20) + ")": RUNTIME,
    "SELECT coalesce(" + ", ".join(["a"] * 17) + ") FROM t": RUNTIME,
    "SELECT 1 " + " " * 100_000: RUNTIME,
}


@pytest.mark.parametrize("sql", REFUSED, ids=lambda sql: repr(sql[:50]))
def test_refused(box, sql):
    run = box.query(sql, [DATA])
    outcomes = {REFUSED[sql]} if len(sql) < 100 else {SYNTAX, RUNTIME}
    assert run.outcome in outcomes and run.values == (), run
    assert run.message and len(run.message) <= 300


BOMBS = {
    "endless recursion": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "18 tables across": "SELECT count(*) FROM " + ", ".join(f"t AS t{i}" for i in range(18)),
    "replace doubling": "SELECT length(" + "replace(" * 12 + "'xxxxxxxxxx'" + ", 'x', 'xxxxxxxxxx')" * 12 + ")",
    "hex doubling": "SELECT length(" + "hex(" * 30 + "'x'" + ")" * 30 + ")",
    "rows without end": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "wide rows": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "
    + ", ".join([f"'{'x' * 800}'"] * 100)
    + " FROM n",
    "distinct of much": """
        WITH RECURSIVE n(i, s) AS (SELECT 1, '' UNION ALL SELECT i + 1, substr(s || 'xxxxxxxxxxxx', 1, 2000) FROM n)
        SELECT count(*) FROM (SELECT DISTINCT i, s FROM n)""",
    "trim of much by much": """
        WITH RECURSIVE g(s, i) AS (SELECT 'x', 1 UNION ALL SELECT s || s, i + 1 FROM g WHERE i < 17)
        SELECT sum(length(trim(s, 'y' || s || 'z'))) FROM g, g AS h, g AS k""",
    "like that fails late": """
        WITH RECURSIVE g(s, i) AS (SELECT 'x', 1 UNION ALL SELECT s || s, i + 1 FROM g WHERE i < 17)
        SELECT sum(s LIKE '%' || substr(s, 1, 150) || 'y%') FROM g, g AS h, g AS k""",
    "references that double": "WITH c0(x) AS (SELECT 1), "
    + ", ".join(f"c{i}(x) AS (SELECT p.x FROM c{i - 1} AS p, c{i - 1} AS q)" for i in range(1, 40))
    + " SELECT count(*) FROM c39",
    "sort without regard to case": """
        WITH RECURSIVE g(s, i) AS (SELECT 'x', 1 UNION ALL SELECT s || s, i + 1 FROM g WHERE i < 16),
        n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
        SELECT s || n.i FROM g, n WHERE g.i = 16 ORDER BY 1 COLLATE NOCASE""",
    "text of a megabyte over and over": """
        WITH RECURSIVE g(s, i) AS (SELECT 'x', 1 UNION ALL SELECT s || s, i + 1 FROM g WHERE i < 19),
        n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        SELECT sum(instr(s || i, s || 'y')) FROM g, n WHERE g.i = 19""",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_end_at_a_limit(box, name):
    run = box.query(BOMBS[name], [DATA], Limits(cpu_s=1.0, wall_s=20.0))
    failing = (Outcome.CPU_LIMIT, Outcome.MEM_LIMIT, Outcome.OUTPUT_LIMIT, Outcome.RUNTIME_ERROR)
    assert run.outcome in failing and run.values == (), run
    assert run.cpu_s < 4


def test_step_limit_does_not_depend_on_load(box):
    sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT sum(i) FROM n"
    assert box.query(sql, [DATA], Limits(steps=500_000)).outcome is Outcome.RAN
    few = box.query(sql, [DATA], Limits(steps=20_000))
    assert few.outcome is Outcome.CPU_LIMIT and "steps" in few.message


def test_row_and_byte_limits(box):
    assert len(rows(box, "SELECT a FROM t", rows=3)) == 3
    assert box.query("SELECT a FROM t", [DATA], Limits(rows=2)).outcome is Outcome.OUTPUT_LIMIT
    assert box.query("SELECT 'xxxxxxxxxxxxxxxxxxxxx'", [DATA], Limits(output_bytes=10)).outcome is Outcome.OUTPUT_LIMIT


def test_no_database_sees_another(box):
    other = {"schema": ["CREATE TABLE t (z)"], "rows": {"t": [[7]]}}
    run = box.query("SELECT * FROM t ORDER BY 1 LIMIT 1", [DATA, other, DATA])
    assert [v["rows"] for v in run.values] == [[[1, "x", 0.5]], [[7]], [[1, "x", 0.5]]]


def test_fails_on_one_database_leaves_no_values(box):
    other = {"schema": ["CREATE TABLE u (a)"], "rows": {}}
    run = box.query("SELECT a FROM t", [DATA, other])
    assert run.outcome is RUNTIME and "no such table" in run.message and run.values == ()


def test_steps_are_the_same_on_every_run_and_grow_with_the_length_of_text(box):
    def steps(query):
        low, high = 1_000, 5_000_000
        while high - low > 2_000:
            middle = (low + high) // 2
            enough = box.query(query, [DATA], Limits(steps=middle)).outcome is Outcome.RAN
            low, high = (low, middle) if enough else (middle, high)
        return high

    short = "SELECT sum(instr(a.b || 'x', 'y')) FROM t AS a, t AS b, t AS c, t AS d"
    long = short.replace("'x'", f"'{'x' * 4000}'").replace("'y'", f"'{'x' * 2000}y'")
    assert steps(short) == steps(short) and steps(long) > 20 * steps(short)
