"""Runs inside the sandbox: build each database in memory and run one SELECT on it under SQLite's locks (stand-alone).

SQLite's limits stop most of what a query can do; the process around it stops the rest (one call of ``replace`` on long
text never reaches the step counter).
"""

import marshal
import os
import re
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

RUNTIME, SYNTAX, MALFORMED, MEMORY, LEFT, REFUSED, STEPS, OUTPUT = range(10, 18)

FUNCTIONS = frozenset(
    """abs coalesce concat concat_ws iif ifnull instr length like glob lower ltrim max min nullif quote replace round
    rtrim sign substr substring trim typeof unicode upper char hex likely unlikely likelihood octet_length
    avg count group_concat string_agg sum total median
    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
    ceil ceiling floor mod pow power sqrt exp ln log log10 log2 trunc pi degrees radians
    sin cos tan asin acos atan atan2
    date time datetime julianday strftime unixepoch""".split()
)
"""Functions a query may call: their value depends on nothing but their arguments."""

_CLOCK = ("date", "time", "datetime", "julianday", "strftime", "unixepoch")
_MOVING = ("now", "localtime", "utc", "subsec", "subsecond")
_LIMITS = {
    "LENGTH": 1_000_000,
    "SQL_LENGTH": 100_000,
    "COLUMN": 100,
    "EXPR_DEPTH": 100,
    "COMPOUND_SELECT": 10,
    "VDBE_OP": 50_000,
    "FUNCTION_ARG": 16,
    "ATTACHED": 0,
    "LIKE_PATTERN_LENGTH": 200,
    "VARIABLE_NUMBER": 50,
    "TRIGGER_DEPTH": 4,
    "WORKER_THREADS": 0,
}
_CONFIG = {
    "DEFENSIVE": True,
    "TRUSTED_SCHEMA": False,
    "ENABLE_LOAD_EXTENSION": False,
    "DQS_DDL": False,
    "DQS_DML": False,
    "WRITABLE_SCHEMA": False,
}
_SYNTAX = re.compile(r"syntax error|unrecognized token|incomplete input|one statement at a time|null character")


class Stop(Exception):  # carries an exit status
    """Ends the run with a status and a text."""


def quoted(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def first_word(sql: str) -> str:
    """Return the first word after blanks and comments, in lower case."""
    at = 0
    while at < len(sql):
        if sql[at] in " \t\n\r\f":
            at += 1
        elif sql.startswith("--", at):
            at = (sql.find("\n", at) + 1) or len(sql)
        elif sql.startswith("/*", at):
            end = sql.find("*/", at + 2)
            at = end + 2 if end >= 0 else len(sql)
        else:
            break
    return sql[at : at + 6].lower()


def build(database: dict[str, Any]) -> sqlite3.Connection:
    """Return a new in-memory database with its rows; one that cannot be built is the caller's fault."""
    try:
        link = sqlite3.connect(":memory:", isolation_level=None)
        link.execute("BEGIN")
        for statement in database["schema"]:
            link.execute(statement)
        for table, rows in database["rows"].items():
            if rows:
                marks = ",".join("?" * len(rows[0]))
                link.executemany(f"INSERT INTO {quoted(table)} VALUES ({marks})", rows)
        link.execute("COMMIT")
    except (sqlite3.Error, sqlite3.Warning, KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise Stop(REFUSED, f"the database cannot be built: {type(error).__name__}: {error}") from None
    return link


def freeze_clock(link: sqlite3.Connection) -> None:
    """Put functions that refuse the present moment in the place of SQLite's date functions."""
    plain = sqlite3.connect(":memory:")

    def frozen(name: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            words = [a.strip().lower() for a in args if isinstance(a, str)]
            moving = any(word in _MOVING for word in words) or any(isinstance(a, bytes) for a in args)
            if moving or len(args) < (2 if name == "strftime" else 1):
                raise ValueError("the present moment is not data")
            return plain.execute(f"SELECT {name}({','.join('?' * len(args))})", args).fetchone()[0]

        return call

    for name in _CLOCK:
        link.create_function(name, -1, frozen(name), deterministic=True)


def harden(link: sqlite3.Connection, heap: int, steps: int) -> None:
    """Close every way but reading the listed tables through the listed functions."""
    for name, value in _LIMITS.items():
        link.setlimit(getattr(sqlite3, f"SQLITE_LIMIT_{name}"), value)
    for name, on in _CONFIG.items():
        if hasattr(link, "setconfig") and hasattr(sqlite3, f"SQLITE_DBCONFIG_{name}"):  # Python 3.12
            link.setconfig(getattr(sqlite3, f"SQLITE_DBCONFIG_{name}"), on)
    freeze_clock(link)
    tables = {row[0].lower() for row in link.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    for pragma in ("trusted_schema=0", "cell_size_check=1", "mmap_size=0", "temp_store=2", "max_page_count=20000"):
        link.execute(f"PRAGMA {pragma}")
    link.execute(f"PRAGMA hard_heap_limit={heap}")
    link.execute("PRAGMA query_only=1")

    def allow(action: int, first: str | None, second: str | None, _db: str | None, _source: str | None) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and first is not None and first.lower() in tables:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and second is not None and second.lower() in FUNCTIONS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    link.set_authorizer(allow)
    left = steps

    def tick() -> int:
        nonlocal left
        left -= 1000
        return left < 0

    link.set_progress_handler(tick, 1000)


def select(link: sqlite3.Connection, sql: str, rows: int, output: int) -> dict[str, Any]:
    """Return columns and rows of the one SELECT; raises ``Stop`` with what went wrong."""
    if first_word(sql)[:4] != "with" and first_word(sql) != "select":
        raise Stop(SYNTAX, "not one SELECT statement")
    try:
        cursor = link.execute(sql)
        if cursor.description is None:
            raise Stop(SYNTAX, "not one SELECT statement")
        kept: list[list[Any]] = []
        for row in cursor:
            output -= 2 + sum(len(cell) if isinstance(cell, (str, bytes)) else 4 for cell in row)
            if len(kept) == rows or output < 0:
                raise Stop(OUTPUT, f"over {rows} rows" if len(kept) == rows else "too much output")
            kept.append(list(row))
        return {"columns": [column[0] for column in cursor.description], "rows": kept}
    except (sqlite3.Error, sqlite3.Warning) as error:
        text = str(error)
        if text == "interrupted":
            raise Stop(STEPS, "too many steps") from None
        raise Stop(SYNTAX if _SYNTAX.search(text) else RUNTIME, f"{type(error).__name__}: {text}") from None
    except (ValueError, UnicodeError, OverflowError) as error:
        raise Stop(SYNTAX, f"{type(error).__name__}: {error}") from None


def lines(payload: bytes, encode: Callable[[object], str]) -> Iterable[str]:
    """Yield the lines to send."""
    sql, databases, steps, rows, output, heap = marshal.loads(payload)
    for index, database in enumerate(databases):
        link = build(database)
        harden(link, heap, steps)
        yield f"[{index},{encode(select(link, sql, rows, output))}]\n"
        link.close()
    yield "END\n"


def answer(payload: bytes, fd: int, encode: Callable[[object], str], malformed: type[Exception]) -> int:
    """Run the query on each database; send ``[index, value]`` lines and ``END``."""
    status = 0
    source = iter(lines(payload, encode))
    while True:
        try:
            line = next(source)
        except StopIteration:
            return status
        except Stop as stop:
            status, text = stop.args
        except malformed as error:
            status, text = MALFORMED, f"it returned {error}"
        except MemoryError:
            status, text = MEMORY, "MemoryError"
        if status:
            line = encode(["!", str(status), text[:280]]) + "\n"
        data = memoryview(line.encode("ascii"))
        while data:
            data = data[os.write(fd, data) :]
        if status:
            return status
