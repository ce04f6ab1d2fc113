"""Runs inside the sandbox: build each database in DuckDB's memory and run one SELECT on it (stand-alone).

The second dialect beside ``sql``; same payload and answer, needs the package ``duckdb``. DuckDB has no authorizer, so
what a query may do is read off its parse tree: kinds of nodes, functions and tables are those listed, all else is
refused. It has no count of steps either, and its memory limit has holes: processor time, memory and output of the
process around it decide.

Cells come back as plain data: DECIMAL as a float (an int of any size stays an int), DATE, TIME and TIMESTAMP as ISO
text with a blank between date and time, INTERVAL as its seconds, UUID as text, BLOB as bytes, LIST and ARRAY as a list,
STRUCT and MAP as a dict. TIMESTAMP WITH TIME ZONE is not offered.
"""

import datetime
import decimal
import importlib
import json
import marshal
import os
import uuid
from collections.abc import Callable, Iterable
from typing import Any

RUNTIME, SYNTAX, MALFORMED, MEMORY, LEFT, REFUSED, STEPS, OUTPUT = range(10, 18)

MAX_SQL = 100_000
"""Longer statements are refused (characters)."""

FUNCTIONS = frozenset(
    """+ - * / // % ^ ** & | << >> ~ || ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape not_ilike_escape
    abs add subtract multiply divide mod fmod sign round round_even ceil ceiling floor trunc sqrt cbrt pow power exp
    ln log log2 log10 pi degrees radians sin cos tan cot asin acos atan atan2 sinh cosh tanh gcd lcm greatest least
    isnan isinf isfinite xor even concat concat_ws length len strlen char_length character_length lower lcase upper
    ucase substr substring left right trim ltrim rtrim replace reverse instr strpos position starts_with ends_with
    suffix prefix contains ascii chr unicode ord split string_split str_split split_part translate regexp_matches
    regexp_full_match regexp_replace regexp_extract ifnull nullif coalesce if typeof hex unhex count count_star sum
    avg mean min max first last any_value arbitrary median mode quantile quantile_cont quantile_disc stddev
    stddev_samp stddev_pop variance var_samp var_pop corr covar_samp covar_pop product bool_and bool_or bit_and bit_or
    bit_xor string_agg group_concat listagg list array_agg arg_min arg_max min_by max_by count_if sum_no_overflow
    row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead first_value last_value nth_value
    date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add year quarter month week day
    hour minute second dayofweek isodow dayofyear weekofyear yearweek dayname monthname last_day make_date
    make_timestamp strftime strptime try_strptime epoch to_years to_months to_weeks to_days to_hours to_minutes
    to_seconds list_value array_value list_extract array_extract list_contains array_contains list_sum list_avg
    list_min list_max list_sort list_distinct list_concat struct_pack struct_extract row unnest range generate_series
    grouping""".split()
)
"""Functions and operators a query may call: their value depends on nothing but their arguments.

Those that make long text out of a number (``repeat``, ``lpad``, ``format``) are not among them.
"""

_TABLE_FUNCTIONS = frozenset(["unnest", "range", "generate_series"])
_NODES = frozenset(
    """SELECT_NODE SET_OPERATION_NODE CTE_NODE RECURSIVE_CTE_NODE BASE_TABLE SUBQUERY JOIN EXPRESSION_LIST EMPTY
    EMPTY_FROM TABLE_FUNCTION COLUMN_DATA ORDER_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER
    ORDER_DEFAULT ASCENDING DESCENDING ORDER_ASC ORDER_DESC INVALID
    COLUMN_REF VALUE_CONSTANT STAR FUNCTION CASE_EXPR OPERATOR_CAST CAST LAMBDA LAMBDA_REF TYPE POSITIONAL_REFERENCE
    COLLATE BETWEEN ARRAY_CONSTRUCTOR ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT
    CONJUNCTION_AND CONJUNCTION_OR GROUPING_FUNCTION""".split()
)
_NODE_STARTS = ("COMPARE_", "OPERATOR_", "WINDOW_")
_VALUES_OF_THE_SESSION = frozenset(
    """current_date current_time current_timestamp localtime localtimestamp current_catalog current_database
    current_role current_schema current_user session_user user""".split()
)
_OWN_VIEWS = ("duckdb_", "pg_", "pragma_", "sqlite_")
_SETTINGS = (
    *("enable_external_access = false", "disabled_filesystems = 'LocalFileSystem'", "TimeZone = 'UTC'"),
    *("autoinstall_known_extensions = false", "autoload_known_extensions = false", "python_scan_all_frames = false"),
    *("allow_community_extensions = false", "allow_unsigned_extensions = false", "allow_persistent_secrets = false"),
    *("python_enable_replacements = false", "max_temp_directory_size = '0B'", "max_expression_depth = 200"),
    "lock_configuration = true",  # the last one: from here on nothing can be set
)
_ROWS_AT_ONCE = 500
_CGROUP = "/proc/self/cgroup"


class Stop(Exception):  # carries an exit status
    """Ends the run with a status and a text."""


def quoted(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def cannot_start() -> str:
    """Return why DuckDB would end the process at once, or "": it looks whether a file is there, then has to read it."""
    try:
        with open(_CGROUP, "rb"):
            return ""
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"DuckDB cannot start where {_CGROUP} can be seen but not read ({error}): use the sandbox 'namespaces'"


def connect(duckdb: Any, heap: int) -> Any:
    """Return a connection to an empty database in memory; nothing about it can be changed any more.

    No other thread is started: each would reserve 64 MB of the address space.
    """
    link = duckdb.connect(":memory:", config={"threads": 1, "async_threads": 0, "memory_limit": f"{heap >> 20}MiB"})
    for setting in _SETTINGS:
        link.execute(f"SET {setting}")
    return link


def build(duckdb: Any, database: dict[str, Any], heap: int) -> Any:
    """Return a new database with its rows; one that cannot be built is the caller's fault."""
    try:
        link = connect(duckdb, heap)
        link.execute("BEGIN")
        for statement in database["schema"]:
            link.execute(statement)
        for table, rows in database["rows"].items():
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                some = rows[start : start + _ROWS_AT_ONCE]
                marks = "(" + ",".join("?" * len(some[0])) + ")"
                cells = [cell for row in some for cell in row]
                link.execute(f"INSERT INTO {quoted(table)} VALUES {','.join([marks] * len(some))}", cells)
        link.execute("COMMIT")
    except (duckdb.Error, LookupError, TypeError, ValueError, AttributeError, RuntimeError, MemoryError) as error:
        raise Stop(REFUSED, f"the database cannot be built: {told(error)}") from None
    return link


def names_of(link: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Return, in lower case, the names of the database's own tables and views, and of their columns."""
    found = link.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    return frozenset(table.lower() for table, _ in found), frozenset(column.lower() for _, column in found)


def parse_tree(duckdb: Any, link: Any, sql: str) -> Any:
    """Return the parse tree of the one SELECT as plain data; raises ``Stop`` for anything else."""
    if len(sql) > MAX_SQL:
        raise Stop(SYNTAX, f"the query is over {MAX_SQL} characters")
    try:
        statements = link.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise Stop(SYNTAX, "not one SELECT statement")
        tree = json.loads(link.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()[0])
    except (duckdb.Error, ValueError, RecursionError, RuntimeError) as error:
        raise Stop(SYNTAX, told(error)) from None
    if tree.get("error") or len(tree.get("statements", ())) != 1:
        raise Stop(SYNTAX, "not one SELECT statement")
    return tree["statements"]


def path_of(node: dict[str, Any]) -> list[str]:
    """Return the parts of the name of a table or function, in lower case."""
    qualified = node.get("qualified_name")
    if isinstance(qualified, dict):
        return [str(part).lower() for part in qualified.get("path", ())]
    keys = ("catalog_name", "schema_name", "table_name") if "table_name" in node else ("catalog", "schema")
    return [str(node[key]).lower() for key in (*keys, "function_name") if node.get(key)]


def ctes(tree: Any) -> set[str]:
    """Return the names of all common table expressions of a parse tree, in lower case."""
    found = set()
    for node in nodes(tree):
        if isinstance(node.get("cte_map"), dict):
            found |= {str(entry.get("key", "")).lower() for entry in node["cte_map"].get("map", ())}
        if node.get("type") in ("CTE_NODE", "RECURSIVE_CTE_NODE"):
            found.add(str(node.get("cte_name", node.get("ctename", ""))).lower())
    return found


def nodes(tree: Any) -> Iterable[dict[str, Any]]:
    """Yield every object of a parse tree, without recursion."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def check(tree: Any, tables: frozenset[str], columns: frozenset[str]) -> str | None:
    """Return what in a parse tree is not allowed, or None."""
    known = ctes(tree)
    for name in sorted(known):
        if name.startswith(_OWN_VIEWS):  # where the WITH does not reach, the name would mean DuckDB's view
            return f"{name} is a name of DuckDB's own"
    for node in nodes(tree):
        kind = node.get("type")
        if isinstance(kind, str) and kind not in _NODES and not kind.startswith(_NODE_STARTS):
            return f"{kind.lower().replace('_', ' ')} is not allowed"
        if node.get("sample") is not None:
            return "a sample is not the same every time"
        if node.get("at_clause") is not None:
            return "AT is not allowed"
        if kind == "BASE_TABLE":
            path = path_of(node)
            if len(path) != 1 or path[0] not in tables | known:
                return f"no such table: {'.'.join(path)}"
        if kind == "TABLE_FUNCTION":
            path = path_of(node.get("function") or {})
            if len(path) != 1 or path[0] not in _TABLE_FUNCTIONS:
                return f"no such table function: {'.'.join(path)}"
        if "function_name" in node:
            path, function = path_of(node), str(node["function_name"]).lower()
            if function not in FUNCTIONS or (path and path != [function]):
                return f"not authorized to use function: {'.'.join(path) or function}"
        if kind == "COLUMN_REF":
            names = [str(part).lower() for part in node.get("column_names", ())]
            if len(names) == 1 and names[0] in _VALUES_OF_THE_SESSION - columns:
                return f"{names[0]} is not data"
    return None


def plain(cell: Any) -> Any:
    """Return a cell as plain data; other types stay, and the caller's encoding refuses them."""
    if cell is None or type(cell) in (int, float, str, bytes, bool):
        return cell
    if isinstance(cell, decimal.Decimal):
        return float(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return cell.total_seconds()
    if isinstance(cell, uuid.UUID):
        return str(cell)
    if isinstance(cell, (list, tuple)):
        return [plain(item) for item in cell]
    if isinstance(cell, dict):
        return {plain(key): plain(value) for key, value in cell.items()}
    return bytes(cell) if isinstance(cell, (bytearray, memoryview)) else cell


def _bytes(cell: Any) -> int:
    if isinstance(cell, str):
        return len(cell) if cell.isascii() else len(cell.encode("utf-8", "replace"))
    if isinstance(cell, (list, tuple)):
        return 2 + sum(map(_bytes, cell))
    if isinstance(cell, dict):
        return 2 + sum(_bytes(key) + _bytes(value) for key, value in cell.items())
    return len(cell) if isinstance(cell, bytes) else 4


def told(error: BaseException) -> str:
    """Return type and first line of an error: further lines repeat the query."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"


def select(duckdb: Any, link: Any, sql: str, rows: int, output: int) -> dict[str, Any]:
    """Return columns and rows of a checked SELECT; raises ``Stop`` with what went wrong."""
    try:
        link.execute(sql)
        names = [column[0] for column in link.description]
        kept: list[list[Any]] = []
        while some := link.fetchmany(_ROWS_AT_ONCE):
            for row in some:
                output -= 2 + sum(map(_bytes, row))
                if len(kept) == rows or output < 0:
                    raise Stop(OUTPUT, f"over {rows} rows" if len(kept) == rows else "too much output")
                kept.append([plain(cell) for cell in row])
        return {"columns": names, "rows": kept}
    except duckdb.OutOfMemoryException:
        raise Stop(MEMORY, "OutOfMemoryException") from None
    except (duckdb.ParserException, duckdb.SyntaxException) as error:
        raise Stop(SYNTAX, told(error)) from None
    except (duckdb.Error, ValueError, TypeError, OverflowError, RuntimeError) as error:
        raise Stop(RUNTIME, told(error)) from None


def lines(payload: bytes, encode: Callable[[object], str]) -> Iterable[str]:
    """Yield the lines to send; steps are not used."""
    mode, sql, databases, _steps, rows, output, heap = marshal.loads(payload)
    if mode != "query":
        raise Stop(REFUSED, f"DuckDB offers query alone, not {mode}")
    if problem := cannot_start():
        raise Stop(REFUSED, problem)
    try:
        duckdb = importlib.import_module("duckdb")
    except ImportError as error:
        raise Stop(REFUSED, f"DuckDB is not installed (pip install duckdb): {error}") from None
    checked: set[tuple[str, ...]] = set()
    for index, database in enumerate(databases):
        link = build(duckdb, database, heap)
        schema = tuple(database["schema"])
        if schema not in checked:  # the databases of one task mostly share theirs
            refusal = check(parse_tree(duckdb, link, sql), *names_of(link))
            if refusal:
                raise Stop(RUNTIME, refusal)
            checked.add(schema)
        yield f"[{index},{encode(select(duckdb, link, sql, rows, output))}]\n"
        link.close()
    yield "END\n"


def answer(payload: bytes, fd: int, encode: Callable[[object], str], malformed: type[Exception]) -> int:
    """Run the query on each database; send ``[index, value]`` lines and ``END``; return the exit status."""
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
