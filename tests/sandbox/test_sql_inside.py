import json
import marshal
import random
import sqlite3
import subprocess
import sys

import pytest

from gradarium.sandbox import Outcome
from gradarium.sandbox.inside import sql

RUNTIME = Outcome.RUNTIME_ERROR


def image(*statements):
    link = sqlite3.connect(":memory:")
    for statement in statements:
        link.execute(statement)
    link.commit()
    return {"image": link.serialize()}


def test_a_database_may_be_an_image_of_a_file(box):
    database = image("CREATE TABLE z (q)", "INSERT INTO z VALUES (1), (x'ff00'), ('é'), (NULL)")
    assert box.query("SELECT q FROM z", [database]).values[0]["rows"] == [[1], [b"\xff\0"], ["é"], [None]]
    assert box.query("SELECT * FROM sqlite_master", [database]).outcome is RUNTIME
    run = box.modify("DELETE FROM z WHERE q IS NOT 1", [database])
    assert run.values == ({"tables": {"z": {"columns": ["q"], "rows": [[1]]}}},)


def test_an_image_with_virtual_tables_shows_none_of_them(box):
    database = image("CREATE TABLE z (q)", "CREATE VIRTUAL TABLE f USING fts4 (x)", "INSERT INTO f VALUES ('hidden')")
    assert box.query("SELECT q FROM z", [database]).outcome is Outcome.RAN
    assert box.query("SELECT x FROM f", [database]).outcome is RUNTIME
    assert box.query("SELECT * FROM f WHERE f MATCH 'hidden'", [database]).outcome is RUNTIME


BAD_DATABASES = {
    "no table for the rows": {"schema": [], "rows": {"t": [[1]]}},
    "bad statement": {"schema": ["CREATE NOTHING"], "rows": {}},
    "rows of two lengths": {"schema": ["CREATE TABLE t (a, b)"], "rows": {"t": [[1, 2], [1]]}},
    "a cell too long": {"schema": ["CREATE TABLE t (a)"], "rows": {"t": [["x" * 100_001]]}},
    "a number too large": {"schema": ["CREATE TABLE t (a)"], "rows": {"t": [[2**70]]}},
    "no rows": {"schema": []},
    "no schema": {"rows": {}},
    "image of something else": {"image": b"not a database" * 100},
    "image that is damaged": {"image": image("CREATE TABLE t (a)")["image"][:4096] + b"\1" * 4096},
    "image that is no bytes": {"image": 5},
}


def told(mode, text, databases, steps=1_000_000, rows=1_000, output=100_000, heap=64 << 20):
    """Return the status and the last line of a run of what answers inside the sandbox, and all lines."""
    process = subprocess.run(
        [sys.executable, "-c", ANSWER],
        input=marshal.dumps((mode, text, databases, steps, rows, output, heap)),
        capture_output=True,
        timeout=60,
    )
    lines = process.stdout.decode("ascii").splitlines()
    assert lines and not process.stderr, process.stderr.decode()[-500:]
    return process.returncode, json.loads(lines[-1]) if lines[-1] != "END" else "", lines


ANSWER = """
import sys
from gradarium.sandbox.inside import sql, values
sys.exit(sql.answer(sys.stdin.buffer.read(), 1, values.encode, values.Malformed))
"""


@pytest.mark.parametrize("name", BAD_DATABASES)
def test_a_database_that_cannot_be_built_is_not_the_query_s_fault(name):
    status, reason, _ = told("query", "SELECT 1", [BAD_DATABASES[name]])
    assert status == sql.REFUSED and "the database cannot be built" in reason[2]


def test_everything_is_set_before_the_statement_runs():
    link, plain = sql.build({"schema": ["CREATE TABLE t (a)"], "rows": {}}), sqlite3.connect(":memory:")
    sql.harden(link, "query", sql.Meter(100_000), plain, 1 << 40)  # the heap limit stays with this process
    limits = {name: link.getlimit(getattr(sqlite3, f"SQLITE_LIMIT_{name}")) for name in sql.LIMITS}
    assert limits == sql.LIMITS
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        link.execute("PRAGMA mmap_size")
    link.set_authorizer(None)
    found = {
        name: link.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("query_only", "hard_heap_limit", "temp_store", "max_page_count", "cell_size_check")
    }
    wanted = {"query_only": 1, "temp_store": 2, "max_page_count": 20_000, "cell_size_check": 1}
    assert found == {**wanted, "hard_heap_limit": 1 << 40}
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        link.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")


def test_functions_of_the_schema_work_in_views_checks_and_triggers():
    schema = [
        "CREATE TABLE t (a TEXT CHECK (a LIKE 'x%'), b TEXT AS (replace(a, 'x', 'y')))",
        "CREATE VIEW v AS SELECT date(a), instr(a, 'x') FROM t",
        "CREATE TRIGGER g AFTER INSERT ON t WHEN new.a GLOB '*1' "
        "BEGIN INSERT INTO t (a) VALUES (trim(new.a, '1')); END",
    ]
    database = {"schema": schema, "rows": {}}
    assert told("query", "SELECT * FROM v", [database])[0] == 0
    status, _, lines = told("modify", "INSERT INTO t (a) VALUES ('x1')", [database])
    assert status == 0 and '["x1","y1"],["x","y"]' in lines[0]
    assert told("modify", "INSERT INTO t (a) VALUES ('1')", [database])[1][2] == "IntegrityError: " + CHECK


CHECK = "CHECK constraint failed: a LIKE 'x%'"


def test_a_database_too_large_for_the_heap_is_not_the_query_s_fault():
    rows = [["x" * 1000] for _ in range(9_000)]
    database = {"schema": ["CREATE TABLE t (a)"], "rows": {"t": rows}}
    small = {"schema": ["CREATE TABLE t (a)"], "rows": {}}
    status, reason, _ = told("query", "SELECT 1", [small, database], heap=4 << 20)
    assert status == sql.REFUSED and "memory limit" in reason[2]


def test_tables_of_the_system_are_not_among_the_state():
    database = {"schema": ["CREATE TABLE n (i INTEGER PRIMARY KEY AUTOINCREMENT)"], "rows": {"n": [[5]]}}
    _, _, lines = told("modify", "INSERT INTO n VALUES (NULL)", [database])
    assert json.loads(lines[0])[1] == {
        "d": [["tables", {"d": [["n", {"d": [["columns", ["i"]], ["rows", [[5], [6]]]]}]]}]]
    }


def test_functions_that_we_put_in_place_of_sqlite_s_give_the_same():
    rng = random.Random(4)
    cells = [
        None,
        0,
        12,
        -1.5,
        "",
        "a",
        "ab%",
        "xaax",
        "é日",
        "A\\%",
        b"",
        b"ab",
        b"\xffa",
        "[a-c]*",
        "2024-02-30",
        "12:30",
    ]
    names = {"instr": [2], "replace": [3], "trim": [1, 2], "ltrim": [2], "rtrim": [2], "like": [2], "glob": [2]}
    names |= {name: [1, 2] for name in ("date", "time", "datetime", "julianday", "unixepoch")} | {"strftime": [2, 3]}
    own, theirs = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    plain = sqlite3.connect(":memory:")
    sql.replace_functions(own, plain, sql.Meter(10**9))
    seen = 0
    for _ in range(4_000):
        name = rng.choice(list(names))
        args = [rng.choice(cells) for _ in range(rng.choice(names[name]))]
        if name not in ("instr", "replace", "trim", "ltrim", "rtrim", "like", "glob") and any(
            isinstance(arg, bytes) for arg in args
        ):
            continue
        text = f"SELECT {name}({', '.join('?' * len(args))})"
        try:
            wanted = theirs.execute(text, args).fetchone()
        except sqlite3.Error:
            continue
        assert own.execute(text, args).fetchone() == wanted, (name, args)
        seen += wanted != (None,)
    assert seen > 1_000
