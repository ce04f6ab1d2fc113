"""Installed packages that a pool lets in: those asked for, nothing beside them."""

import importlib.util

import pytest

from gradarium.sandbox import Limits, Outcome, make_sandbox

DATABASE = {"schema": ["CREATE TABLE t (a INTEGER, b TEXT)"], "rows": {"t": [[2, "x"], [1, None]]}}


def test_asked_package_can_be_imported_and_no_other(box):
    with make_sandbox(box.name, packages=["numpy"], workers=1) as pool:
        code = "import numpy as np\ndef f(n): return float(np.trace(np.eye(n)))"
        assert pool.call(code, "f", [[3]]).values == (3.0,)
        assert "ModuleNotFoundError" in pool.call("import pytest\ndef f(): return 1", "f", [[]]).message
        assert pool.capabilities()["packages"] == ["numpy"]
    assert "ModuleNotFoundError" in box.call("import numpy\ndef f(): return 1", "f", [[]]).message


@pytest.mark.skipif(importlib.util.find_spec("duckdb") is None, reason="duckdb is not installed")
def test_duckdb_is_a_second_dialect(namespaces):
    with make_sandbox("namespaces", packages=["duckdb"], workers=1) as pool:
        limits = Limits(memory_mb=1024)
        run = pool.query("SELECT b, a FROM t ORDER BY a", [DATABASE], limits, dialect="duckdb")
        assert run.values == ({"columns": ["b", "a"], "rows": [[None, 1], ["x", 2]]},)
        for refused in ("SELECT * FROM read_csv('/etc/passwd')", "SELECT 1; DROP TABLE t", "ATTACH ':memory:' AS m"):
            got = pool.query(refused, [DATABASE], limits, dialect="duckdb")
            assert got.outcome in (Outcome.RUNTIME_ERROR, Outcome.SYNTAX_ERROR), refused
        bomb = pool.query("SELECT length(repeat('x', 2000000000))", [DATABASE], limits, dialect="duckdb")
        assert bomb.outcome is not Outcome.RAN and bomb.outcome is not Outcome.NOT_JUDGED
        assert pool.query("SELECT a FROM t", [DATABASE]).outcome is Outcome.RAN


@pytest.mark.skipif(importlib.util.find_spec("duckdb") is None, reason="duckdb is not installed")
def test_duckdb_says_where_it_cannot_run(landlock):
    with make_sandbox("landlock", packages=["duckdb"], workers=1) as pool:
        run = pool.query("SELECT a FROM t", [DATABASE], Limits(memory_mb=1024), dialect="duckdb")
    assert run.outcome is Outcome.NOT_JUDGED and "use the sandbox 'namespaces'" in run.message
