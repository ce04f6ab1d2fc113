"""Runs inside the sandbox: build each database in memory, run one statement on it under SQLite's locks (stand-alone).

A *query* is one SELECT; its value is ``{"columns": [names], "rows": [[cells]]}``. A *modify* is one INSERT, UPDATE,
DELETE or REPLACE, WITH before it allowed; its value is the state of every table afterwards,
``{"tables": {name: {"columns": [names], "rows": [[cells]]}}}``. Foreign keys are not enforced, as is SQLite's default.

What bounds a statement: steps of SQLite's machine, to which the work of long text functions is added, so that the same
statement always comes to the same end; a heap; caps on length, depth, rows and bytes. The process around it bounds the
rest (planning, sorting, long text under plain operators) by processor time and memory.
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
    sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh
    date time datetime julianday strftime unixepoch""".split()
)
"""Functions a statement may call: their value depends on nothing but their arguments.

``printf`` and ``format`` are not among them: a width such as ``%.*c`` is a loop as long as one likes in a single step.
"""

LIMITS = {
    "LENGTH": 100_000,
    "SQL_LENGTH": 100_000,
    "COLUMN": 100,
    "EXPR_DEPTH": 100,
    "COMPOUND_SELECT": 10,
    "VDBE_OP": 25_000,
    "FUNCTION_ARG": 16,
    "ATTACHED": 0,
    "LIKE_PATTERN_LENGTH": 200,
    "VARIABLE_NUMBER": 50,
    "TRIGGER_DEPTH": 4,
    "WORKER_THREADS": 0,
}
"""SQLite's own limits.

LENGTH (bytes of a cell or row) also bounds what one step can cost; it holds for the caller's data too. VDBE_OP bounds
how far a statement can run without a look at its steps: these are counted at jumps.
"""

_CONFIG = {
    "DEFENSIVE": True,
    "ENABLE_LOAD_EXTENSION": False,
    "DQS_DDL": False,
    "DQS_DML": False,
    "WRITABLE_SCHEMA": False,
}
# trusted_schema=0 would refuse our own functions in views, checks and triggers; the authorizer sees into these anyhow.
_PRAGMAS = ("trusted_schema=1", "cell_size_check=1", "mmap_size=0", "temp_store=2", "max_page_count=20000")
_CLOCK = ("date", "time", "datetime", "julianday", "strftime", "unixepoch")
_MOVING = ("now", "localtime", "utc", "subsec", "subsecond")
_CHANGES = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
_FIRST_WORDS = {"query": ("select", "with"), "modify": ("insert", "update", "delete", "replace", "with")}
_WANTED = {"query": "not one SELECT statement", "modify": "not one INSERT, UPDATE, DELETE or REPLACE statement"}
_SYNTAX = re.compile(r"syntax error|unrecognized token|incomplete input|one statement at a time|null character")
_FAILED_CALL = "user-defined function raised exception"
_TICK, _CALL_STEPS, _PART_STEPS = 1000, 50, 20


class Stop(Exception):  # carries an exit status
    """Ends the run with a status and a text."""


class Meter:
    """Counts the steps that a statement has left; ``why`` says what one of our own functions had against it."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.why = ""

    def charge(self, steps: int) -> bool:
        """Take off steps, at most all and one; return whether there were too few."""
        self.left = max(self.left - steps, -1)
        return self.left < 0


def quoted(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def first_word(sql: str) -> str:
    """Return the first word after blanks and comments, in lower case and cut after ten letters."""
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
    word = re.match(r"[A-Za-z]{0,10}", sql[at : at + 10])
    return word.group().lower() if word else ""


def build(database: dict[str, Any]) -> sqlite3.Connection:
    """Return a new in-memory database with its rows; one that cannot be built is the caller's fault.

    It comes as ``{"schema": [statements], "rows": {table: [[cells]]}}`` or as ``{"image": bytes}``, the bytes of an
    SQLite file that does not use a write-ahead log.
    """
    try:
        link = sqlite3.connect(":memory:", isolation_level=None)
        if "image" in database:
            link.deserialize(database["image"])
            found = link.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise ValueError(found)
            return link
        link.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LIMITS["LENGTH"])
        link.execute("BEGIN")
        for statement in database["schema"]:
            link.execute(statement)
        for table, rows in database["rows"].items():
            if rows:
                marks = ",".join("?" * len(rows[0]))
                link.executemany(f"INSERT INTO {quoted(table)} VALUES ({marks})", rows)
        link.execute("COMMIT")
    except (sqlite3.Error, sqlite3.Warning, LookupError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise Stop(REFUSED, f"the database cannot be built: {type(error).__name__}: {error}") from None
    except MemoryError:
        raise Stop(REFUSED, "the database cannot be built: it does not fit into the memory limit") from None
    return link


def text_cost(name: str, sizes: list[int]) -> int:
    """Return what a call costs in steps; the work of these functions grows with the product of two lengths."""
    if name in ("like", "glob"):
        return sizes[0] * sizes[1] // 10
    if name in ("trim", "ltrim", "rtrim"):
        return sizes[0] * sizes[1] // 5
    return sizes[0] * (sizes[1] + 100) // 500


def size(cell: object) -> int:
    """Return the length of a cell as text, roughly for a number."""
    return len(cell) if isinstance(cell, (str, bytes)) else 8


def replace_functions(link: sqlite3.Connection, plain: sqlite3.Connection, meter: Meter) -> None:
    """Put our own functions in the place of those that know the moment and of those that take long in one step.

    Each asks ``plain``, a connection that nothing else uses, for the value, so that it is SQLite's own.
    """

    def asking(name: str, count: int) -> Callable[..., Any]:
        sql = f"SELECT {name}({','.join('?' * count)})"

        def call(*args: Any) -> Any:
            if meter.charge(_CALL_STEPS + text_cost(name, [size(cell) for cell in args])):
                raise ValueError("too many steps")
            return plain.execute(sql, args).fetchone()[0]

        return call

    def frozen(name: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            words = [a.partition("\0")[0].strip().lower() for a in args if isinstance(a, str)]  # C reads up to a NUL
            moving = any(word in _MOVING for word in words) or any(isinstance(a, bytes) for a in args)
            if moving or len(args) < (2 if name == "strftime" else 1):
                meter.why = f"{name}() of the present moment is not allowed"
                raise ValueError(meter.why)
            if meter.charge(_CALL_STEPS + sum(map(size, args))):
                raise ValueError("too many steps")
            return plain.execute(f"SELECT {name}({','.join('?' * len(args))})", args).fetchone()[0]

        return call

    for name, count in (("instr", 2), ("replace", 3), ("trim", 2), ("ltrim", 2), ("rtrim", 2)):
        link.create_function(name, count, asking(name, count), deterministic=True)
    for name, count in (("like", 2), ("like", 3), ("glob", 2)):
        link.create_function(name, count, asking(name, count), deterministic=True)
    for name in _CLOCK:
        link.create_function(name, -1, frozen(name), deterministic=True)


def set_limits(link: sqlite3.Connection) -> None:
    """Set SQLite's limits on a connection."""
    for name, value in LIMITS.items():
        link.setlimit(getattr(sqlite3, f"SQLITE_LIMIT_{name}"), value)


def table_names(link: sqlite3.Connection, kinds: str = "'table', 'view'") -> list[str]:
    """Return the names of the database's own tables, by name; virtual and internal ones are left out."""
    found = link.execute(
        f"SELECT name FROM sqlite_master WHERE type IN ({kinds}) AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [row[0] for row in found]


def harden(link: sqlite3.Connection, mode: str, meter: Meter, plain: sqlite3.Connection, heap: int) -> dict[str, bool]:
    """Close every way but the listed tables and functions; the returned dict tells whether rows are changed."""
    tables = {name.lower() for name in table_names(link)}
    modules = {row[0].lower() for row in link.execute("PRAGMA module_list")}
    for name, on in _CONFIG.items():
        if hasattr(link, "setconfig") and hasattr(sqlite3, f"SQLITE_DBCONFIG_{name}"):  # Python 3.12
            link.setconfig(getattr(sqlite3, f"SQLITE_DBCONFIG_{name}"), on)
    for pragma in (*_PRAGMAS, f"hard_heap_limit={heap}", f"query_only={int(mode == 'query')}"):
        link.execute(f"PRAGMA {pragma}")
    set_limits(link)
    replace_functions(link, plain, meter)
    seen = {"change": False}

    def allow(action: int, first: str | None, second: str | None, _db: str | None, _source: str | None) -> int:
        if meter.charge(_PART_STEPS):  # also stops a statement that is never done with being prepared
            return sqlite3.SQLITE_DENY
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and first is not None:
            name = first.lower()
            # No column: a table of which only the rows are counted, one that WITH defines too.
            counted = not second and name not in modules and not name.startswith(("sqlite_", "pragma_"))
            return sqlite3.SQLITE_OK if counted or name in tables else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION and second is not None and second.lower() in FUNCTIONS:
            return sqlite3.SQLITE_OK
        if mode == "modify" and action in _CHANGES and first is not None and first.lower() in tables:
            seen["change"] = True
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    link.set_authorizer(allow)
    link.set_progress_handler(lambda: meter.charge(_TICK), _TICK)
    return seen


class Cap:
    """What is left of the bytes that a run may answer."""

    def __init__(self, rows: int, output: int) -> None:
        self.rows, self.output = rows, output

    def take(self, cursor: sqlite3.Cursor) -> dict[str, Any]:
        """Return columns and rows of a cursor; raises ``Stop`` where they are too many."""
        kept: list[list[Any]] = []
        for row in cursor:
            self.output -= 2 + sum(_bytes(cell) for cell in row)
            if len(kept) == self.rows or self.output < 0:
                raise Stop(OUTPUT, f"over {self.rows} rows" if len(kept) == self.rows else "too much output")
            kept.append(list(row))
        return {"columns": [column[0] for column in cursor.description], "rows": kept}


def _bytes(cell: object) -> int:
    if isinstance(cell, str):
        return len(cell) if cell.isascii() else len(cell.encode())
    return len(cell) if isinstance(cell, bytes) else 4


def run(link: sqlite3.Connection, mode: str, sql: str, meter: Meter, seen: dict[str, bool], cap: Cap) -> dict[str, Any]:
    """Return the value of the one statement; raises ``Stop`` with what went wrong."""
    if first_word(sql) not in _FIRST_WORDS[mode]:
        raise Stop(SYNTAX, _WANTED[mode])
    try:
        cursor = link.execute(sql)
        if mode == "query":
            if cursor.description is None:
                raise Stop(SYNTAX, _WANTED[mode])
            return cap.take(cursor)
        if not seen["change"]:
            raise Stop(SYNTAX, _WANTED[mode])
        for _ in cursor:  # RETURNING
            pass
        link.set_authorizer(None)  # the rest is our own
        link.set_progress_handler(None, 0)
        names = table_names(link, "'table'")
        return {"tables": {name: cap.take(link.execute(f"SELECT * FROM {quoted(name)}")) for name in names}}
    except (sqlite3.Error, sqlite3.Warning) as error:
        text = str(error)
        if meter.left < 0:
            raise Stop(STEPS, "too many steps") from None
        if text == _FAILED_CALL and meter.why:
            text = meter.why
        raise Stop(SYNTAX if _SYNTAX.search(text) else RUNTIME, f"{type(error).__name__}: {text}") from None
    except (ValueError, UnicodeError, OverflowError) as error:
        raise Stop(SYNTAX, f"{type(error).__name__}: {error}") from None


def lines(payload: bytes, encode: Callable[[object], str]) -> Iterable[str]:
    """Yield the lines to send."""
    mode, sql, databases, steps, rows, output, heap = marshal.loads(payload)
    plain = sqlite3.connect(":memory:", isolation_level=None)
    set_limits(plain)
    for index, database in enumerate(databases):
        meter = Meter(steps)
        link = build(database)
        seen = harden(link, mode, meter, plain, heap)
        yield f"[{index},{encode(run(link, mode, sql, meter, seen, Cap(rows, output)))}]\n"
        link.close()
    yield "END\n"


def answer(payload: bytes, fd: int, encode: Callable[[object], str], malformed: type[Exception]) -> int:
    """Run the statement on each database; send ``[index, value]`` lines and ``END``; return the exit status."""
    status = size = 0
    kept: list[str] = []  # sent in large pieces: each write wakes the reader
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
        if status:
            kept.clear()
        kept.append(line)
        size += len(line)
        if status or line == "END\n" or size > 32_000:
            data = memoryview("".join(kept).encode("ascii"))
            kept, size = [], 0
            while data:
                data = data[os.write(fd, data) :]
        if status:
            return status
