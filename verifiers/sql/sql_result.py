"""SQL result: say which rows a query gives on the database in the prompt.

Correct are exactly the rows of the query: as a bag, or as a sequence where the query has an ORDER BY. The verifier
runs the query itself; no result is stored.

Example: payload ``{"database": {"schema": ["CREATE TABLE t (a INT, b TEXT)"], "rows": {"t": [[1, "x"], [2, null]]}},
"sql": "SELECT b, a FROM t", "ordered": false}``, answer ``x | 1`` and ``NULL | 2`` on two lines.
"""

import json
import re
from functools import lru_cache
from typing import Any

from gradarium.core import Payload, Verdict, canonical_json
from gradarium.sandbox import Outcome, SandboxUnavailable, default_sandbox
from gradarium.verifiers.reading import ascii_minus
from gradarium.verifiers.sql._rows import same_rows

SANDBOXED = True

MAX_ANSWER = 20_000
"""Longer answers are unreadable (characters)."""
MAX_ROWS = 500
"""Answers with more lines are unreadable."""
MAX_CELL = 60
"""Answers with a longer cell are unreadable (characters)."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}\.[0-9]{1,20}", re.ASCII)


class _NotJudged(Exception):
    """The sandbox did not give the rows; raised so that the cache keeps nothing."""


def verify(answer: str, payload: Payload) -> Verdict:
    """Compare the rows of an answer with the rows of the query; unreadable answers start no run."""
    rows = read_rows(answer)
    if isinstance(rows, str):
        return Verdict.unreadable(rows)
    try:
        columns, wanted = _expected(canonical_json([payload["database"], payload["sql"]]))
    except _NotJudged as error:
        return Verdict.error(f"the sandbox did not run the query: {error}")
    if len(rows[0]) != columns:
        return Verdict.wrong(f"a row has {len(rows[0])} cells, the query selects {columns} columns", "columns")
    problem = same_rows(rows, wanted, payload["ordered"], rounded)
    return Verdict.wrong(problem, "rows") if problem else Verdict.correct()


def read_rows(answer: str) -> list[list[Any]] | str:
    r"""Return the rows of an answer, or why it has none: one row a line, cells separated by bars.

    Bars around a line are dropped. A cell is NULL, a number, or else text.

    >>> read_rows("Ada | 3\nNULL | -2.50"), read_rows("1 |  | 2")
    ([['Ada', 3], [None, -2.5]], 'row 1 has an empty cell')
    """
    if len(answer) > MAX_ANSWER:
        return f"the answer has more than {MAX_ANSWER} characters"
    lines = [line.strip() for line in answer.split("\n") if line.strip()]
    if not lines:
        return "there is no row"
    if len(lines) > MAX_ROWS:
        return f"there are more than {MAX_ROWS} rows"
    rows: list[list[Any]] = []
    for i, line in enumerate(lines):
        if len(line) > 1 and line[0] == line[-1] == "|":
            line = line[1:-1]
        cells = [cell.strip() for cell in line.split("|")]
        if not all(cells):
            return f"row {i + 1} has an empty cell"
        if max(map(len, cells)) > MAX_CELL:
            return f"row {i + 1} has a cell of more than {MAX_CELL} characters"
        if rows and len(cells) != len(rows[0]):
            return f"row {i + 1} has {len(cells)} cells, row 1 has {len(rows[0])}"
        rows.append([_cell(cell) for cell in cells])
    return rows


def rounded(given: float, wanted: float) -> bool:
    """Return whether a stated number is the wanted one; one with more than four decimals may be rounded to four.

    >>> rounded(3.3333, 10 / 3), rounded(3.333, 10 / 3), rounded(2.5001, 2.5)
    (True, False, False)
    """
    slack = 5.0001e-5 if round(wanted, 4) != wanted else 0.0
    return abs(given - wanted) <= max(slack, 1e-9)


def _cell(text: str) -> Any:
    if text == "NULL":
        return None
    number = ascii_minus(text)
    if _INTEGER.fullmatch(number):
        return int(number)
    return float(number) if _DECIMAL.fullmatch(number) else text


@lru_cache(maxsize=4096)
def _expected(key: str) -> tuple[int, list[list[Any]]]:
    database, sql = json.loads(key)
    try:
        run = default_sandbox().query(sql, [database])
    except SandboxUnavailable as error:
        raise _NotJudged(str(error)) from None
    if run.outcome is not Outcome.RAN or len(run.values) != 1:
        raise _NotJudged(f"{run.outcome}: {run.message}")
    return len(run.values[0]["columns"]), run.values[0]["rows"]
