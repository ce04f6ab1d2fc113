"""Text to SQL: write one SELECT that answers a request on every database, not only on the one you think of.

Correct is any SQL whose rows equal the expected ones on all hidden databases (empty, one row, many NULLs, duplicates,
ties, values at the limits of the conditions): as a bag, or as a sequence where the request names an order. Column names
do not count. Expected rows never enter the sandbox.

Example: payload ``{"schema": ["CREATE TABLE t (a INTEGER)"], "request": "...", "columns": 1, "ordered": false,
"databases": [{"t": [[1], [5]]}, {"t": []}], "expected": [[[5]], []]}``, answer ``SELECT a FROM t WHERE a > 3``.
"""

import re

from gradarium.core import Payload, Verdict
from gradarium.sandbox import Outcome, SandboxUnavailable, default_sandbox
from gradarium.verifiers.sql._rows import same_rows

ANSWER_FORMAT = "fence"
SANDBOXED = True

MAX_SQL = 5_000
"""Longer answers are unreadable (characters)."""

_START = re.compile(r"(?:SELECT|WITH)\b", re.IGNORECASE | re.ASCII)


def verify(answer: str, payload: Payload) -> Verdict:
    """Run a SELECT over all databases in one sandbox run and compare the rows."""
    sql = answer.strip()
    if len(sql) > MAX_SQL:
        return Verdict.unreadable(f"the statement has more than {MAX_SQL} characters")
    if not _START.match(_without_comments(sql)):
        return Verdict.unreadable("expected one SELECT statement (it may begin with WITH)")
    if "\0" in sql or any("\ud800" <= char <= "\udfff" for char in sql):
        return Verdict.unreadable("the statement holds characters that SQL text cannot hold")
    databases = [{"schema": payload["schema"], "rows": rows} for rows in payload["databases"]]
    try:
        run = default_sandbox().query(sql, databases)
    except SandboxUnavailable as error:
        return Verdict.error(f"no sandbox: {error}")
    if run.outcome is Outcome.NOT_JUDGED or (run.outcome is Outcome.RAN and len(run.values) != len(databases)):
        return Verdict.error(f"the sandbox did not judge the statement: {run.message}")
    if run.outcome is not Outcome.RAN:
        return Verdict.wrong(f"the statement does not run: {run.outcome}: {run.message}", str(run.outcome))
    right = 0
    first = ""
    for i, (value, wanted) in enumerate(zip(run.values, payload["expected"], strict=True)):
        given = len(value["columns"])
        if given != payload["columns"]:
            return Verdict.wrong(f"the result has {given} columns, the request names {payload['columns']}", "columns")
        problem = same_rows(value["rows"], wanted, payload["ordered"])
        right += not problem
        if problem and not first:
            first = f"on hidden database {i + 1} of {len(databases)}: {problem}"
    if first:
        return Verdict.wrong(first, "rows", databases=right / len(databases))
    return Verdict.correct(databases=1.0)


def _without_comments(sql: str) -> str:
    """Return ``sql`` from its first word on: comments and white space before it are skipped, in linear time."""
    at = 0
    while True:
        while at < len(sql) and sql[at].isspace():
            at += 1
        end = sql.find("\n", at) + 1 if sql.startswith("--", at) else 0
        if sql.startswith("/*", at):
            end = sql.find("*/", at + 2) + 2
            end = 0 if end == 1 else end
        if not end:
            return sql[at : at + 20]
        at = end
