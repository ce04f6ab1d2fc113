"""DuckDB as it answers inside the sandbox, here in a plain process of limited memory."""

import json
import marshal
import subprocess
import sys

import pytest

from gradarium.sandbox.inside import duckdb_sql

DATA = {
    "schema": ["CREATE TABLE t (a INTEGER, b VARCHAR, c DOUBLE, d DATE)", "CREATE VIEW v AS SELECT a FROM t"],
    "rows": {"t": [[1, "x", 0.5, "2020-01-02"], [2, None, 1.0, None], [3, "é", None, "2021-03-04"]]},
}
ALLOWED = {
    "SELECT a FROM v WHERE a > 1 ORDER BY a": [[2], [3]],
    "SELECT * EXCLUDE (d) FROM t ORDER BY ALL": [[1, "x", 0.5], [2, None, 1.0], [3, "é", None]],
    "FROM t SELECT a, b WHERE b LIKE 'x%'": [[1, "x"]],
    "WITH q AS (SELECT sum(a) AS s FROM t) SELECT s * 2 FROM q": [[12]],
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT sum(i) FROM n": [[55]],
    "SELECT count(*), count(b), avg(c), string_agg(b, '-' ORDER BY a) FROM t": [[3, 2, 0.75, "x-é"]],
    "SELECT a, row_number() OVER (ORDER BY a DESC) FROM t QUALIFY row_number() OVER (ORDER BY a) = 1": [[1, 3]],
    "SELECT p.a, q.a FROM t AS p LEFT JOIN t AS q ON q.a = p.a + 1 ORDER BY 1": [[1, 2], [2, 3], [3, None]],
    "SELECT year(d), date_trunc('month', d) FROM t WHERE a = 3": [[2021, "2021-03-01 00:00:00"]],
    "SELECT d, d + INTERVAL 1 DAY FROM t WHERE a = 1": [["2020-01-02", "2020-01-03 00:00:00"]],
    "SELECT 1.50::DECIMAL(9, 2), 2::HUGEINT ** 3, sum(a), TRUE, 'x'::BLOB FROM t": [[1.5, 8.0, 6, True, {"b": "78"}]],
    "SELECT TIME '01:02:03', INTERVAL 90 SECOND, UUID '00000000-0000-0000-0000-000000000001'": [
        ["01:02:03", 90.0, "00000000-0000-0000-0000-000000000001"]
    ],
    "SELECT [1, 2], {'k': 'v'}": [[[1, 2], {"d": [["k", "v"]]}]],
    "SELECT a FROM t UNION SELECT 9 ORDER BY 1 DESC LIMIT 2 OFFSET 1": [[3], [2]],
    "SELECT CASE WHEN a > 1 THEN 'y' ELSE 'n' END, coalesce(b, '-'), a % 2, a // 2 FROM t WHERE a = 2": [
        ["y", "-", 0, 1]
    ],
    "SELECT upper(b) || 'z' FROM t WHERE a BETWEEN 1 AND 1 AND a IN (SELECT a FROM v) AND NOT (b IS NULL)": [["Xz"]],
    "SELECT i FROM range(3) AS r(i)": [[0], [1], [2]],
    "VALUES (1, 'x')": [[1, "x"]],
}
NO_SELECT = """
SELECT 1; SELECT 2
SELECT 1; DROP TABLE t
INSERT INTO t VALUES (1, 'a', 1, NULL)
DELETE FROM t
UPDATE t SET a = 0
WITH q AS (SELECT 1) DELETE FROM t
CREATE TABLE z (a INT)
CREATE TEMP TABLE t (a INT)
DROP TABLE t
TRUNCATE t
ATTACH ':memory:' AS m
ATTACH '/tmp/x.db'
DETACH memory
USE memory
COPY t TO '/tmp/duck.csv'
COPY (SELECT 1) TO '/tmp/duck.csv'
EXPORT DATABASE '/tmp/duck'
IMPORT DATABASE '/tmp/duck'
INSTALL httpfs
LOAD httpfs
SET threads = 4
RESET threads
SET lock_configuration = false
PRAGMA version
PRAGMA table_info('t')
CALL pragma_version()
EXPLAIN SELECT 1
EXPLAIN ANALYZE SELECT 1
PREPARE p AS SELECT 1
EXECUTE p
BEGIN
CHECKPOINT
VACUUM
CREATE MACRO m() AS 1
SELEC 1
SELECT
;
-- nothing
PIVOT t ON a USING sum(a)
"""
NOT_ALLOWED = """
DESCRIBE t
SHOW TABLES
SUMMARIZE t
SELECT now()
SELECT current_date
SELECT current_timestamp
SELECT today()
SELECT get_current_timestamp()
SELECT random()
SELECT uuid()
SELECT gen_random_uuid()
SELECT setseed(0.5)
SELECT pg_sleep(1)
SELECT sleep_ms(1)
SELECT current_setting('threads')
SELECT getenv('HOME')
SELECT version()
SELECT getvariable('x')
SELECT nextval('s')
SELECT txid_current()
SELECT user
SELECT current_schema()
SELECT repeat('x', 2000000000)
SELECT lpad('x', 2000000000, 'y')
SELECT format('{:9999999d}', 1)
SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_blob('/etc/passwd')
SELECT * FROM read_parquet('x')
SELECT * FROM read_json('x')
SELECT * FROM glob('*')
FROM '/etc/passwd'
SELECT * FROM 'x.parquet'
SELECT * FROM 'https://example.com/x.csv'
SELECT * FROM duckdb_settings()
FROM duckdb_tables
SELECT * FROM sqlite_master
SELECT * FROM information_schema.tables
SELECT * FROM pg_catalog.pg_class
SELECT * FROM query('SELECT 1')
SELECT * FROM query_table('t')
SELECT * FROM pragma_table_info('t')
SELECT * FROM t TABLESAMPLE 50%
SELECT * FROM t USING SAMPLE 1
SELECT ?
SELECT $x
SELECT * FROM system.main.sqlite_master
SELECT json_serialize_sql('SELECT 1')
SELECT system.main.now()
SELECT sum(random()) OVER () FROM t
SELECT a FROM t ORDER BY random()
SELECT a FROM t LIMIT (SELECT CAST(random() * 3 AS INTEGER))
WITH q AS (SELECT now()) SELECT 1
SELECT array_agg(a ORDER BY random()) FROM t
WITH duckdb_tables AS (SELECT 1) SELECT * FROM duckdb_tables
SELECT 'now'::TIMESTAMP
SELECT concat('to', 'day')::DATE
SELECT nothere FROM t
SELECT a FROM nothere
SELECT box
SELECT duckdb
SELECT * FROM sql
"""
REFUSED = {"": duckdb_sql.SYNTAX, " ": duckdb_sql.SYNTAX}
REFUSED |= dict.fromkeys(NO_SELECT.strip().splitlines(), duckdb_sql.SYNTAX)
REFUSED |= dict.fromkeys(NOT_ALLOWED.strip().splitlines(), duckdb_sql.RUNTIME)

ASK = """
import json, os, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (700 << 20,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (60,) * 2)
from gradarium.sandbox.inside import duckdb_sql as duck, values
import marshal
database, texts = marshal.loads(sys.stdin.buffer.read())
for text, rows, output in texts:
    reader, writer = os.pipe()
    payload = marshal.dumps(("query", text, [database, database], 1, rows, output, 64 << 20))
    status = duck.answer(payload, writer, values.encode, values.Malformed)
    os.close(writer)
    with open(reader) as pipe:
        print(json.dumps([status, pipe.read().splitlines()]), flush=True)
"""


def duck(texts, rows=1000, output=10_000):
    """Return the status and the lines for each text, all asked in one process that is as small as a run's."""
    pytest.importorskip("duckdb", reason="DuckDB is an extra: pip install duckdb")
    process = subprocess.run(
        [sys.executable, "-c", ASK],
        input=marshal.dumps((DATA, [(text, rows, output) for text in texts])),
        capture_output=True,
        timeout=300,
    )
    answers = [json.loads(line) for line in process.stdout.splitlines()]
    assert len(answers) == len(texts), process.stderr.decode()[-500:]
    return dict(zip(texts, answers, strict=True))


def test_answers():
    for text, (status, lines) in duck(list(ALLOWED)).items():
        assert status == 0 and lines[-1] == "END", (text, lines)
        first, second = (dict(json.loads(line)[1]["d"])["rows"] for line in lines[:2])
        assert repr(first) == repr(second) == repr(ALLOWED[text]), text


def test_refuses():
    assert len(REFUSED) > 90
    for text, (status, lines) in duck(list(REFUSED)).items():
        assert status == REFUSED[text], (text, status, lines)
        assert len(lines) == 1 and json.loads(lines[0])[0] == "!", (text, lines)


def test_ends_at_a_limit():
    wide = "SELECT list(i) FROM range(100000000) AS r(i)"
    rows = "SELECT i FROM range(100000000) AS r(i)"
    growing = "WITH RECURSIVE n(s) AS (SELECT 'xxxx' UNION ALL SELECT s || s FROM n) SELECT max(length(s)) FROM n"
    deep = "SELECT " + "(" * 5_000 + "1" + ")" * 5_000
    long = "SELECT '" + "x" * 100_000 + "'"
    text = "SELECT '" + "x" * 20_000 + "'"
    answers = duck([wide, rows, growing, deep, long, text])
    assert [answers[t][0] for t in (wide, rows, growing, deep, long, text)] == [
        *(
            duckdb_sql.MEMORY,
            duckdb_sql.OUTPUT,
            duckdb_sql.MEMORY,
            duckdb_sql.SYNTAX,
            duckdb_sql.SYNTAX,
            duckdb_sql.OUTPUT,
        )
    ]


def test_cannot_be_reconfigured():
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is an extra: pip install duckdb")
    link = duckdb_sql.connect(duckdb, 64 << 20)
    shut = [
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET memory_limit",
        "SET threads = 8",
    ]
    shut += ["SELECT * FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/duck.csv'", "ATTACH '/tmp/duck.db'"]
    shut += [
        "FROM '/etc/passwd'",
        "LOAD httpfs",
        "INSTALL httpfs",
        "SELECT * FROM DATA",
        "SELECT * FROM glob('*')",
    ]
    for text in shut:
        with pytest.raises(duckdb.Error):
            link.execute(text).fetchall()


def test_where_it_would_abort_it_says_so(monkeypatch, tmp_path):
    assert duckdb_sql.cannot_start() == ""
    monkeypatch.setattr(duckdb_sql, "_CGROUP", str(tmp_path / "nothing"))
    assert duckdb_sql.cannot_start() == ""
    monkeypatch.setattr(duckdb_sql, "_CGROUP", str(tmp_path))  # there, but no file to read
    assert "use the sandbox 'namespaces'" in duckdb_sql.cannot_start()


def test_without_the_package_or_for_changes_it_is_not_the_answer_s_fault():
    for mode, hide, words in (("query", "None", "pip install duckdb"), ("modify", "sys", "offers query alone")):
        payload = marshal.dumps((mode, "SELECT 1", [DATA], 1, 10, 1000, 64 << 20))
        program = f"""
import sys
sys.modules["duckdb"] = {hide}
from gradarium.sandbox.inside import duckdb_sql, values
sys.exit(duckdb_sql.answer(sys.stdin.buffer.read(), 1, values.encode, values.Malformed))
"""
        process = subprocess.run([sys.executable, "-c", program], input=payload, capture_output=True, timeout=60)
        assert process.returncode == duckdb_sql.REFUSED and words in process.stdout.decode()
