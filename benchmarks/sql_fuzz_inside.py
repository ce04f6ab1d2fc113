"""Random SQL and its trial run: sent into the sandbox by ``sql_fuzz``, so it stands alone (standard library only).

``statement(seed)`` is the same text everywhere, so that only seeds travel.
"""

import random
import sqlite3
import time

SCHEMA = [
    "CREATE TABLE t (a INTEGER, b TEXT, c REAL)",
    "CREATE TABLE u (id INTEGER PRIMARY KEY, a INTEGER, s TEXT COLLATE NOCASE, d BLOB, UNIQUE (a, s))",
    'CREATE TABLE "odd name" ("x y" TEXT, "select" INTEGER CHECK ("select" IS NOT 13))',
    "CREATE VIEW v AS SELECT t.a, u.s FROM t LEFT JOIN u ON u.a = t.a WHERE t.b LIKE '%' OR t.b IS NULL",
    "CREATE TRIGGER g AFTER DELETE ON t BEGIN INSERT INTO u (a, s) VALUES (old.a, old.b); END",
    "CREATE INDEX i ON t (b, a)",
]
ROWS = {
    "t": [[i % 7 if i % 5 else None, ["x", "Ab", "é", None, "2024-02-29"][i % 5], i / 3] for i in range(12)],
    "u": [[i, i % 4, f"key{i}", bytes([i, 0, 255])] for i in range(1, 9)],
    "odd name": [["1", 1], [None, None], ["z" * 300, 9]],
}
COLUMNS = 'a b c t.a t.b u.a u.s s d id "x y" "select" rowid p.a q.b n m v.s "b" nothere t.*'.split(" ")
SOURCES = 't u "odd name" v q p n sqlite_master main.t T'.split(" ")
NUMBERS = """0 1 -1 2 3 7 10 100 0.5 .1 1e3 1e308 9e999 -9e999 1e-320 2147483648 9223372036854775807
    -9223372036854775808 9223372036854775808 0x7fffffffffffffff 0xff 123456789012345678901234567890 1_000""".split()
TEXTS = [
    *(
        "",
        "x",
        "a''b",
        "%",
        "_%a%_",
        "é",
        "日本語",
        "\U0001f600",
        "2024-01-31",
        "+1 month",
        "now",
        "localtime",
        "%Y-%m-%d",
    ),
    *("12:30", "[a-z]*", "*", "\\", "-12.5e3", "0x1F", "NULL", "\x01\x7f", "a\u0301", "\u202e", "utc", "start of year"),
]
KNOWN = """abs coalesce iif ifnull instr length like glob lower ltrim max min nullif quote replace round rtrim sign
    substr substring trim typeof unicode upper char hex likely unlikely likelihood ceil floor mod pow sqrt exp ln log
    log10 log2 trunc pi degrees sin atan2 date time datetime julianday strftime unixepoch concat concat_ws""".split()
TOTALS = "avg count group_concat sum total max min string_agg median".split()
RANKS = "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value".split()
REFUSED = """random randomblob zeroblob printf format load_extension readfile writefile edit fts3_tokenizer
    sqlite_version sqlite_compileoption_get changes total_changes last_insert_rowid json json_extract json_group_array
    soundex sqlite_log current_timestamp nothere""".split()
BINARY = [
    *"+ - * / % || = == <> != < <= > >= << >> & | AND OR IS LIKE GLOB -> ->> REGEXP MATCH".split(),
    *("IS NOT", "NOT LIKE", "IS DISTINCT FROM", "IS NOT DISTINCT FROM", "NOT GLOB", "COLLATE NOCASE ="),
]
CORPUS = [
    "ATTACH DATABASE '/tmp/x.db' AS x",
    "VACUUM INTO '/tmp/copy.db'",
    "PRAGMA query_only=0",
    "PRAGMA writable_schema=1",
    "PRAGMA hard_heap_limit=0",
    "EXPLAIN QUERY PLAN SELECT * FROM t",
    "SELECT 1; DROP TABLE t",
    "CREATE TEMP TABLE t (a)",
    "SELECT * FROM pragma_table_info('t')",
    "SELECT * FROM json_each('[1,2,3]'), json_tree('[[[[1]]]]')",
    "SELECT name, sql FROM sqlite_master",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n) SELECT i FROM n",
    "SELECT count(*) FROM " + ", ".join(f"t AS t{i}" for i in range(18)),
    "SELECT length(" + "replace(" * 12 + "'xxxxxxxxxx'" + ", 'x', 'xxxxxxxxxx')" * 12 + ")",
    "SELECT length(" + "hex(" * 30 + "'x'" + ")" * 30 + ")",
    "SELECT printf('%.*c', 900000000, 'x'), zeroblob(900000000), randomblob(900000000)",
    "WITH RECURSIVE n(i, s) AS (SELECT 1, '' UNION ALL SELECT i + 1, substr(s || 'xxxxxxxx', 1, 2000) FROM n) "
    "SELECT count(*) FROM (SELECT DISTINCT i, s FROM n)",
    *(
        "WITH RECURSIVE g(s, i) AS (SELECT 'x', 1 UNION ALL SELECT s || s, i + 1 FROM g WHERE i < 17), "
        "n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 2000) "
        f"SELECT sum({slow} IS 0) FROM (SELECT s FROM g WHERE i = 17), n"
        for slow in (
            "instr(s || k, substr(s, 1, 30000) || 'y')",
            "length(replace(s || k, substr(s, 1, 30000) || 'y', 'z'))",
            "length(trim(s || k, substr(replace(s, 'x', 'y'), 1, 30000) || 'x'))",
            "(s || k) LIKE '%' || substr(s, 1, 150) || 'y%'",
            "(s || k) GLOB '*' || substr(s, 1, 150) || 'y*'",
        )
    ),
    "WITH RECURSIVE g(s, i) AS (SELECT 'x', 1 UNION ALL SELECT s || s, i + 1 FROM g WHERE i < 17), n(i) AS (SELECT 1 "
    "UNION ALL SELECT i + 1 FROM n WHERE i < 4000) SELECT max(s || i), upper(s), quote(s) FROM g, n WHERE g.i > 15 "
    "GROUP BY s || n.i COLLATE NOCASE ORDER BY 1 COLLATE NOCASE",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT group_concat(i, '-----') "
    "OVER (ORDER BY i ROWS BETWEEN 5000 PRECEDING AND CURRENT ROW) FROM n",
    "DELETE FROM t WHERE a IN (SELECT a FROM u) RETURNING *",
    "INSERT INTO t SELECT a, b || b, c FROM t, u",
    "INSERT INTO u (a, s) VALUES (1, 'key1') ON CONFLICT (a, s) DO UPDATE SET a = excluded.a + 10, d = x'00'",
    "REPLACE INTO u SELECT id + 1, a, s, d FROM u",
    "UPDATE t SET b = u.s, (a, c) = (1, 2) FROM u WHERE u.a = t.a",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO t SELECT i, i, i FROM n",
    "INSERT INTO sqlite_master VALUES (1, 2, 3, 4, 5)",
    "SELECT CURRENT_TIMESTAMP, date('now'), datetime('now' || char(0)), random()",
    "SELECT 1, '1', 1.0, x'31', CAST(x'ff' AS TEXT)",
    "SELECT load_extension('x'), fts3_tokenizer('simple'), readfile('/etc/passwd')",
    "SELECT " + ", ".join(["1"] * 101),
]


CELLS = {"t": ["a", "b", "c"], "u": ["id", "a", "s", "d"], "v": ["a", "s"], '"odd name"': ['"x y"', '"select"']}
ARITY = {
    **dict.fromkeys(
        "abs lower upper length hex quote typeof unicode sign sqrt ln exp ceil floor date time".split(), (1,)
    ),
    **dict.fromkeys("julianday datetime unixepoch likely unlikely trunc".split(), (1,)),
    **dict.fromkeys("ifnull nullif instr glob mod pow atan2 like".split(), (2,)),
    **dict.fromkeys("coalesce min max strftime".split(), (2, 3, 4)),
    **dict.fromkeys("substr replace iif".split(), (3,)),
    **dict.fromkeys("round trim ltrim rtrim".split(), (1, 2)),
}


class Writer:
    """Draws one statement; ``left`` bounds its size. A tame one is mostly right: its names are known in their place."""

    def __init__(self, rng, left, tame):
        self.rng, self.left, self.tame = rng, left, tame
        self.scope, self.names, self.totals, self.totals_over = [], 0, False, False

    def literal(self):
        """Return a constant."""
        rng, kind = self.rng, self.rng.random()
        if self.tame:
            return rng.choice(NUMBERS[:-1]) if kind < 0.5 else "'" + rng.choice(TEXTS) + "'" if kind < 0.9 else "NULL"
        if kind < 0.4:
            return rng.choice(NUMBERS)
        if kind < 0.75:
            return "'" + rng.choice(TEXTS) + "'"
        if kind < 0.8:
            return "'" + rng.choice(["x", "xy", "é", "%a", "1"]) * rng.choice([10, 100, 1000, 5000]) + "'"
        return rng.choice(
            ["NULL", "x''", "x'00ff'", "x'e6f7'", "TRUE", "FALSE", "CURRENT_TIMESTAMP", "?", ":p", "'open"]
        )

    def column(self):
        """Return a column; a wild one may not be there."""
        if self.tame:
            return self.rng.choice(self.scope) if self.scope else self.literal()
        return self.rng.choice(COLUMNS)

    def call(self):
        """Return a call of a function."""
        rng = self.rng
        if self.tame:
            name = rng.choice(list(ARITY))
            return f"{name}({', '.join(self.value() for _ in range(rng.choice(ARITY[name])))})"
        name = rng.choice(REFUSED if rng.random() < 0.02 else KNOWN)
        count = {"pi": 0, "replace": 3, "iif": 3, "char": rng.randrange(9)}.get(name, rng.choice([1, 1, 2, 2, 3]))
        return f"{name}({', '.join(self.value() for _ in range(count))})"

    def total(self):
        """Return an aggregate or a window function."""
        rng = self.rng
        if self.tame:
            if not self.totals or not self.scope:
                return self.column()
            self.totals = False
            if rng.random() < 0.5:
                text = f"{rng.choice(TOTALS[:7])}({self.value()})"
                text += f" OVER (ORDER BY {self.value()})" if self.totals_over else ""
            else:
                text = f"{rng.choice(RANKS[:5])}() OVER (PARTITION BY {self.value()} ORDER BY {self.value()})"
            self.totals = True
            return text
        if rng.random() < 0.6:
            arguments = rng.choice(
                ["*", "", "DISTINCT " + self.value(), self.value(), self.value(), self.value() + ", '-'"]
            )
            text = f"{rng.choice(TOTALS)}({arguments})"
        else:
            text = f"{rng.choice(RANKS)}({rng.choice(['', self.value(), self.value() + ', 2, 0'])})"
        if rng.random() < 0.2:
            text += f" FILTER (WHERE {self.value()})"
        return text + self.over() if rng.random() < 0.6 else text

    def over(self):
        """Return an OVER clause."""
        rng = self.rng
        text = f"PARTITION BY {self.value()} " if rng.random() < 0.4 else ""
        text += f"ORDER BY {self.value()} " if rng.random() < 0.7 else ""
        if rng.random() < 0.5:
            unit = rng.choice(["ROWS", "RANGE", "GROUPS"])
            first = rng.choice(["UNBOUNDED PRECEDING", "CURRENT ROW", "3 PRECEDING", "1 FOLLOWING", "1e9 PRECEDING"])
            last = rng.choice(["UNBOUNDED FOLLOWING", "CURRENT ROW", "2 FOLLOWING", "1 PRECEDING", "-1 FOLLOWING"])
            text += f"{unit} BETWEEN {first} AND {last} " + rng.choice(["", "EXCLUDE TIES", "EXCLUDE CURRENT ROW"])
        return rng.choice([" OVER w", f" OVER ({text})", f" OVER ({text})"])

    def bomb(self):
        """Return an expression that wants much text or much time."""
        rng, n = self.rng, self.rng.choice([5, 12, 30])
        seed = "'" + rng.choice(["x", "xy", "é"]) * rng.choice([10, 300, 3000]) + "'"
        return rng.choice(
            [
                "replace(" * n + seed + ", 'x', 'xxxxxxxxxx')" * n,
                rng.choice(["hex(", "quote(", "upper("]) * n + seed + ")" * n,
                "(" + " || ".join([seed] * n) + ")",
                f"instr(replace(hex({seed}), '7', {seed}), {seed} || 'y')",
                f"trim({seed} || {seed}, {seed})",
                f"({seed} || {seed}) LIKE '%' || {seed}",
                f"(SELECT group_concat({seed}) FROM t, u, t AS x)",
                f"substr({seed}, {rng.choice(NUMBERS)}, {rng.choice(NUMBERS)})",
                f"printf('%{10 ** rng.randrange(10)}d', 1)",
                f"zeroblob({rng.choice(NUMBERS)})",
                f"char({', '.join(str(rng.randrange(0x120000)) for _ in range(n))})",
                f"round({rng.choice(NUMBERS)}, {rng.choice(NUMBERS)})",
                f"({seed} GLOB '*[a-z]*' || {seed})",
                f"CAST({seed} AS {rng.choice(['INT', 'REAL', 'NUMERIC', 'BLOB', 'TEXT', 'nothing at all(1,2)'])})",
            ]
        )

    def value(self):
        """Return an expression."""
        rng = self.rng
        self.left -= 1
        if self.left < 0:
            return rng.choice([self.literal, self.column])()
        kind = rng.random()
        if kind < 0.2:
            return self.literal()
        if kind < 0.42:
            return self.column()
        if kind < 0.6:
            return f"({self.value()} {rng.choice(BINARY[:20] if self.tame else BINARY)} {self.value()})"
        if kind < 0.74:
            return self.call()
        if kind < 0.8:
            return self.total()
        if kind < 0.83:
            return self.bomb()
        if kind < 0.87:
            return f"CASE WHEN {self.value()} THEN {self.value()} ELSE {self.value()} END"
        if kind < 0.9:
            return f"{rng.choice(['', 'NOT ', 'EXISTS ', '- '])}({self.select(1)})"
        if kind < 0.93:
            inside = (
                self.select(int(self.tame))
                if rng.random() < 0.5
                else ", ".join(self.value() for _ in range(rng.randrange(1, 6)))
            )
            return f"({self.value()} {rng.choice(['IN', 'NOT IN'])} ({inside}))"
        if kind < 0.95:
            return f"({self.value()} BETWEEN {self.value()} AND {self.value()})"
        if kind < 0.97:
            return f"({rng.choice(['-', '~', 'NOT ', '+', '- - '])}{self.value()})"
        if kind < 0.98 and not self.tame:
            return f"(({self.value()}, {self.value()}) {rng.choice(['=', '<', 'IN'])} ({self.value()}, {self.value()}))"
        return f"CAST({self.value()} AS {rng.choice(['INTEGER', 'TEXT', 'REAL', 'BLOB'])})"

    def source(self):
        """Return a table of a FROM clause."""
        rng = self.rng
        self.left -= 1
        kind = rng.random()
        if self.tame:
            self.names += 1
            alias, table = f"x{self.names}", rng.choice(list(CELLS))
            if kind < 0.15 and self.left > 0:
                count = rng.choice([1, 2])
                inside = f"({self.select(count, [])})"
                self.scope.append(f"{alias}.n0")
                return f"{inside} AS {alias}"
            self.scope += [f"{alias}.{cell}" for cell in CELLS[table]]
            return f"{table} AS {alias}"
        name = rng.choice(["", "", " AS p", " AS q", " AS x"])
        if kind < 0.75 or self.left < 0:
            return rng.choice(SOURCES) + name
        if kind < 0.9:
            return f"({self.select()}){name}"
        if kind < 0.95:
            return "(VALUES (1, 'x'), (2, NULL))" + name
        return rng.choice(["json_each('[1]')", "pragma_table_info('t')", "generate_series(1, 9)", "dbstat"]) + name

    def tables(self):
        """Return a FROM clause."""
        rng = self.rng
        text = self.source()
        for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
            join = rng.choice([",", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "NATURAL JOIN", "CROSS JOIN"])
            text += f" {join} {self.source()}"
            if not self.tame and rng.random() < 0.5:
                text += rng.choice([f" ON {self.value()}", " USING (a)"])
            elif self.tame and join not in (",", "NATURAL JOIN"):
                text += f" ON {self.value()}"
        return text

    def core(self, count=0):
        """Return one SELECT without ORDER BY."""
        rng = self.rng
        count = count or rng.choice([1, 1, 2, 3])
        if rng.random() < 0.03:
            return "VALUES " + ", ".join(
                f"({', '.join(self.value() for _ in range(count))})" for _ in range(rng.randrange(1, 6))
            )
        tables = " FROM " + self.tables() if rng.random() < (0.97 if self.tame else 0.85) else ""
        where = " WHERE " + self.value() if rng.random() < 0.5 else ""
        grouped = rng.random() < 0.25
        self.totals, self.totals_over = True, not grouped
        text = "SELECT " + rng.choice(["", "", "DISTINCT ", "ALL "])
        names = [f" AS n{i}" if self.tame else rng.choice(["", " AS n", " m"]) for i in range(count)]
        text += ", ".join(self.value() + name for name in names) + tables + where
        if grouped:
            self.totals = False
            text += " GROUP BY " + rng.choice([self.value(), "1" if not self.tame else self.column(), self.column()])
            self.totals = True
            text += " HAVING " + self.value() if rng.random() < 0.5 else ""
        if rng.random() < 0.15 and not self.tame:
            text += f" WINDOW w AS (ORDER BY {self.value()})"
        return text

    def select(self, count=0, scope=None):
        """Return a query with so many columns, which sees the columns of ``scope``."""
        rng = self.rng
        saved = self.scope, self.totals, self.totals_over
        self.scope = list(self.scope if scope is None else scope)
        text = self.ctes() if rng.random() < 0.15 and self.left > 0 else ""
        compound = rng.random() < 0.15
        count = count or rng.choice([1, 1, 2, 3])
        text += self.core(count)
        while compound:
            self.scope = list(saved[0] if scope is None else scope)
            text += f" {rng.choice(['UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT'])} {self.core(count)}"
            compound = rng.random() < 0.2
        if rng.random() < 0.4:
            order = rng.choice(["1", "1", "n0"]) if self.tame else rng.choice([self.value(), "1", "1, 2", "n"])
            text += f" ORDER BY {order}{rng.choice(['', ' DESC', ' NULLS LAST', ' COLLATE NOCASE'])}"
        if rng.random() < 0.3:
            text += f" LIMIT {rng.choice(['0', '1', '5', '-1', '7' if self.tame else self.value()])}"
            text += rng.choice(["", " OFFSET 1", " OFFSET 1000000000"])
        self.scope, self.totals, self.totals_over = saved
        return text

    def ctes(self):
        """Return a WITH clause, at times recursive, at times without an end."""
        rng = self.rng
        parts = []
        for name in rng.sample(["q", "p", "n", "t"], rng.choice([1, 1, 2, 3])):
            self.scope, saved = ["a", "b"] if self.tame else self.scope, self.scope
            if rng.random() < 0.4:
                end = rng.choice(["", " WHERE a < 50", " WHERE a < 5000", " LIMIT 100", f" WHERE {self.value()}"])
                step = rng.choice(["a + 1, b", "a + 1, b || b", f"a + 1, {self.value()}", f"{self.value()}, b"])
                union = rng.choice(["UNION ALL", "UNION"])
                parts.append(f"{name}(a, b) AS (SELECT 1, {self.literal()} {union} SELECT {step} FROM {name}{end})")
            else:
                hint = rng.choice(["", "MATERIALIZED ", "NOT MATERIALIZED "])
                parts.append(f"{name} AS {hint}({self.select(0, [])})")
            self.scope = saved
        return f"WITH {rng.choice(['', 'RECURSIVE '])}{', '.join(parts)} "

    def change(self):
        """Return a statement that changes rows."""
        rng = self.rng
        text = self.ctes() if rng.random() < 0.15 else ""
        table = rng.choice(["t", "t", "u"] if self.tame else ["t", "u", '"odd name"', "v", "sqlite_master"])
        cells = CELLS.get(table, ["a"])
        kind = rng.random()
        if kind < 0.5:
            verb = rng.choice(
                ["INSERT INTO", "INSERT INTO", "REPLACE INTO", "INSERT OR IGNORE INTO", "INSERT OR FAIL INTO"]
            )
            names = rng.choice(["", "", " (a)", f" ({', '.join(cells[1:])})"])
            count = names.count(",") + 1 if names else len(cells) if self.tame else rng.choice([2, 3, 3, 4])
            row = f"({', '.join(self.value() for _ in range(count))})"
            text += f"{verb} {table}{names} " + rng.choice(
                [f"VALUES {row}", f"VALUES {row}, {row}", self.select(count)]
            )
            if rng.random() < 0.25:
                text += rng.choice([" ON CONFLICT DO NOTHING", f" ON CONFLICT (a, s) DO UPDATE SET a = {self.value()}"])
        elif kind < 0.75:
            self.scope = [f"{table}.{cell}" for cell in cells]
            names = [rng.choice(cells) for _ in range(rng.choice([1, 1, 2]))]
            text += f"UPDATE {table} SET {', '.join(f'{name} = {self.value()}' for name in names)}"
            text += f" FROM {self.tables()}" if rng.random() < 0.2 else ""
            text += f" WHERE {self.value()}" if rng.random() < 0.7 else ""
        else:
            self.scope = [f"{table}.{cell}" for cell in cells]
            text += f"DELETE FROM {table}" + (f" WHERE {self.value()}" if rng.random() < 0.7 else "")
        return text + (f" RETURNING {self.value()}" if rng.random() < 0.2 else "")

    def wide(self):
        """Return a query that is large in one direction: what it costs is parsing and planning."""
        rng, n = self.rng, self.rng.choice([20, 60, 200, 1000, 4000])
        piece = rng.choice([self.literal, self.column])()
        some = [rng.choice([self.literal, self.column])() for _ in range(min(n, 60))]
        doubling = ["c0(x) AS (SELECT 1)"]
        doubling += [f"c{i}(x) AS (SELECT p.x FROM c{i - 1} p, c{i - 1} q)" for i in range(1, min(n, 40))]
        return rng.choice(
            [
                f"SELECT {' OR '.join(f'a = {item}' for item in some)} FROM t",
                f"SELECT * FROM t WHERE {' AND '.join(f'a <> {item}' for item in some)}",
                f"SELECT a IN ({', '.join([piece] * n)}) FROM t",
                f"SELECT a IN ({', '.join(str(i) for i in range(n))}) FROM t, t AS x",
                "SELECT " + "(" * n + "1" + ")" * n,
                "SELECT " + "- " * n + "1",
                "SELECT " + "NOT " * n + "1",
                "SELECT " + "(SELECT " * min(n, 100) + "1" + ")" * min(n, 100),
                "SELECT * FROM " + "(SELECT * FROM " * min(n, 100) + "t" + ")" * min(n, 100),
                "SELECT " + "CASE WHEN 1 THEN " * min(n, 99) + "1" + " END" * min(n, 99),
                f"SELECT count(*) FROM {', '.join(f't AS t{i}' for i in range(min(n, 64)))} WHERE {piece}",
                "SELECT count(*) FROM t AS t0 "
                + " ".join(f"LEFT JOIN u AS t{i} ON t{i}.a = t{i - 1}.a" for i in range(1, min(n, 63))),
                "SELECT count(*) FROM t AS t0 "
                + " ".join(f"JOIN u AS t{i} ON t{i}.a = t{i // 2}.a AND t{i}.id = 1" for i in range(1, min(n, 63)))
                + f" WHERE {' AND '.join(f't0.a = {item}' for item in some[:20])}",
                f"WITH {', '.join(doubling)} SELECT count(*) FROM c{len(doubling) - 1}",
                f"SELECT {', '.join(some)} FROM t, u",
                " UNION ".join([f"SELECT {piece}"] * min(n, 12)),
                f"VALUES {', '.join([f'({piece})'] * n)}",
                f"SELECT a FROM t GROUP BY {', '.join(some)} ORDER BY {', '.join(some)}",
                f"SELECT {', '.join(f'sum({item}) OVER (ORDER BY {item})' for item in some[:30])} FROM t, u",
                f"SELECT max({', '.join(some[:16])}), coalesce({', '.join(some)}) FROM t, u",
                f"SELECT '{'x' * n * 20}' || a, '{'é' * n}' FROM t",
                f"INSERT INTO t VALUES {', '.join(['(1, 2, 3)'] * n)}",
                f"SELECT ({', '.join(['a'] * min(n, 90))}) = ({', '.join(['b'] * min(n, 90))}) FROM t, u",
                f"SELECT a FROM t WHERE b LIKE '{'%a_' * (n // 4)}' OR b GLOB '{'*[a-z]' * (n // 8)}'",
                "SELECT * FROM t /*" + "*" * n + "/ -- " + "é" * n,
                f"SELECT 1{' ' * n}{'--' * n}",
            ]
        )


def mutated(rng, text, other):
    """Return a text with bytes flipped, cut out, doubled or taken from another."""
    data = bytearray(text.encode("utf-8", "surrogateescape"))
    for _ in range(rng.choice([1, 1, 2, 4, 10])):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice([1, 2, 5, 20]))
        kind = rng.randrange(6)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at:end] = b""
        elif kind == 2:
            data[at:at] = data[at:end] * rng.choice([1, 2, 50])
        elif kind == 3:
            theirs = other.encode("utf-8", "surrogateescape")
            start = rng.randrange(len(theirs) + 1)
            data[at:end] = theirs[start : start + rng.choice([3, 20, 200])]
        elif kind == 4:
            data[at:at] = bytes([rng.choice(b"()'\"`;,*-/%[]\0\xff\xf0 \n")])
        else:
            del data[at:]
    return data.decode("utf-8", rng.choice(["replace", "surrogateescape"]))


def fresh(rng):
    """Return a new statement."""
    writer = Writer(rng, rng.choice([5, 12, 25, 60]), rng.random() < 0.75)
    kind = rng.random()
    if kind < 0.55:
        return writer.select()
    if kind < 0.8:
        return writer.change()
    return writer.wide() if kind < 0.95 else rng.choice(CORPUS)


def statement(seed):
    """Return the mode and the text that belong to a seed.

    >>> statement(3) == statement(3)
    True
    """
    rng = random.Random(seed)
    text = fresh(rng)
    if rng.random() < 0.3:
        text = mutated(rng, text, fresh(rng))
    head = text.lstrip()[:6].upper()
    mode = (
        "modify"
        if head in ("INSERT", "REPLAC", "UPDATE", "DELETE") or ("INTO" in text and rng.random() < 0.5)
        else "query"
    )
    if rng.random() < 0.02:
        mode = "query" if mode == "modify" else "modify"
    return mode, text


def database(sql):
    """Return the bytes of the database that all statements start from."""
    link = sql.build({"schema": SCHEMA, "rows": ROWS})
    try:
        return link.serialize()
    finally:
        link.close()


def trial(sql, image, seed, steps, cpu_s, heap, plain):
    """Run one statement on a fresh database; return its outcome, the steps and the processor seconds it took.

    An outcome is a status of ``sql``, 0 for rows, -1 for more than ``cpu_s``, or the text of an error that ``sql``
    should not have let out.
    """
    mode, text = statement(seed)
    meter = sql.Meter(steps)
    link = sql.build({"image": image})
    try:
        seen = sql.harden(link, mode, meter, plain, heap)
        start = time.process_time()
        late = []

        def tick():
            if time.process_time() - start > cpu_s:
                late.append(1)
                return True
            return meter.charge(1000)

        link.set_progress_handler(tick, 1000)
        try:
            sql.run(link, mode, text, meter, seen, sql.Cap(1000, 100_000))
            outcome = 0
        except sql.Stop as stop:
            outcome = -1 if late else stop.args[0]
        except MemoryError:
            outcome = sql.MEMORY
        except Exception as error:
            outcome = f"{type(error).__name__}: {error}"[:200]
        return outcome, steps - meter.left, time.process_time() - start
    finally:
        link.close()


def batch(sql, first, count, steps, cpu_s, heap):
    """Try the statements of the seeds from ``first`` on.

    Returns how often each outcome came, the most steps and seconds of a statement with their seeds, the seeds that took
    more than 1.2 x ``cpu_s`` three times over, those whose outcome is a text, and the outcome of the first.
    """
    image = database(sql)
    plain = sqlite3.connect(":memory:", isolation_level=None)
    sql.set_limits(plain)
    outcomes, wrong, slow, told = {}, [], [], ""
    most_steps, most_cpu = (0, first), (0.0, first)
    for seed in range(first, first + count):
        outcome, used, cpu = trial(sql, image, seed, steps, cpu_s, heap, plain)
        for _ in range(2):  # a clock of the machine may be wrong once
            if cpu > 1.2 * cpu_s:
                cpu = min(cpu, trial(sql, image, seed, steps, cpu_s, heap, plain)[2])
        outcomes[str(outcome)] = outcomes.get(str(outcome), 0) + 1
        most_steps, most_cpu = max(most_steps, (used, seed)), max(most_cpu, (cpu, seed))
        if cpu > 1.2 * cpu_s:
            slow.append([seed, cpu])
        if seed == first:
            told = str(outcome)
        if isinstance(outcome, str):
            wrong.append([seed, outcome])
    return {"outcomes": outcomes, "steps": most_steps, "cpu": most_cpu, "slow": slow, "wrong": wrong, "first": told}
