import itertools
import math
import random
import sqlite3

import pytest

from gradarium.errors import BadValue
from gradarium.verifiers.sql._rows import close, same_rows, same_tables, top_level_order
from gradarium.verifiers.sql.sql_result import rounded


def same(given, wanted, **kind):
    return same_rows(given, wanted, **{"ordered": False, **kind}) == ""


EQUAL = [
    ([], []),
    ([[1], [1]], [[1], [1]]),
    ([[None]], [[None]]),
    ([[True]], [[1]]),
    ([[1]], [[1.0]]),
    ([[0.1 + 0.2]], [[0.3]]),
    ([[1e15 + 0.5]], [[1e15]]),
    ([["é"]], [["é"]]),
    ([[b"\x01"]], [[b"\x01"]]),
    ([[math.inf]], [[math.inf]]),
    ([[math.nan]], [[math.nan]]),
    ([[-0.0]], [[0]]),
    ([[1, "x"], [2, "y"]], [[2, "y"], [1, "x"]]),
    ([[0.3, 2], [0.1 + 0.2, 1]], [[0.3, 1], [0.3, 2]]),
    ([[1.0, 5], [1.0 + 1e-10, 3]], [[1.0, 3], [1.0 + 1e-10, 5]]),  # pairing in sorted order would fail
    ([[[1, 2]]], [[[1, 2]]]),
    ([[10**400]], [[10**400]]),
]
DIFFERENT = [
    ([[1]], []),
    ([], [[1]]),
    ([[1], [1]], [[1]]),
    ([[1], [1], [2]], [[1], [2], [2]]),
    ([[1]], [["1"]]),
    ([["1"]], [[1]]),
    ([["31"]], [[b"31"]]),
    ([[b"1"]], [["1"]]),
    ([[None]], [[0]]),
    ([[None]], [[""]]),
    ([["null"]], [[None]]),
    ([[1, 2]], [[2, 1]]),
    ([[1, 2]], [[1]]),
    ([[1]], [[1, 1]]),
    ([[1.001]], [[1]]),
    ([["a"]], [["A"]]),
    ([["a "]], [["a"]]),
    ([["e\u0301"]], [["é"]]),
    ([[2**53 + 1]], [[2**53]]),
    ([[math.inf]], [[-math.inf]]),
    ([[math.nan]], [[None]]),
    ([[10**400]], [[1.5]]),
    ([[10**400]], [[10**400 + 1]]),
    ([[1, None]], [[None, 1]]),
]


@pytest.mark.parametrize(("given", "wanted"), EQUAL)
def test_equal(given, wanted):
    assert same(given, wanted) and same(wanted, given) and same(given[::-1], wanted)


@pytest.mark.parametrize(("given", "wanted"), DIFFERENT)
def test_different(given, wanted):
    for kind in ({}, {"ordered": True}, {"types": True}):
        assert not same(given, wanted, **kind) and not same(wanted, given, **kind)


def test_types_on_demand():
    assert not same([[1]], [[1.0]], types=True) and not same([[1.0]], [[1]], types=True)
    assert same([[1], [True], [0.3]], [[1], [1], [0.1 + 0.2]], types=True)


def test_order_and_tie_groups():
    rows = [["a"], ["b"], ["c"], ["d"]]
    swapped = [["b"], ["a"], ["c"], ["d"]]
    assert same(rows, rows, ordered=True) and not same(swapped, rows, ordered=True)
    assert same_rows(swapped, rows, True) == "the rows are right, their order is not"
    assert same(swapped, rows, ordered=[2, 1, 1]) and same(swapped, rows, ordered=[4])
    assert not same(swapped, rows, ordered=[1, 1, 2]) and not same(swapped, rows, ordered=[1, 3])
    assert same([], [], ordered=[]) and same([], [], ordered=True)
    for sizes in ([2], [3, 2], [4, 0], [5, -1], []):
        with pytest.raises(BadValue, match="groups"):
            same_rows(rows, rows, sizes)
    with pytest.raises(BadValue, match="sets"):
        same_rows(rows, rows, True, as_sets=True)


def test_sets_on_demand():
    assert same([[1], [1], [2]], [[2], [1.0]], as_sets=True) and same([], [], as_sets=True)
    assert same([[0.1 + 0.2]], [[0.3], [0.3]], as_sets=True)
    assert not same([[1]], [[1], [2]], as_sets=True) and not same([[1], [2]], [[1]], as_sets=True)
    assert not same([], [[1]], as_sets=True) and not same([["1"]], [[1]], as_sets=True)


CELLS = [None, "x", "1", b"1", True, 0, 1, 1.0, 2, 0.3, 0.1 + 0.2, 0.3 + 2e-10, 0.3 + 8e-10, 0.3 + 16e-10, -math.inf]


def plain_equal(a, b, near, types):
    if isinstance(a, bool):
        a = int(a)
    if isinstance(b, bool):
        b = int(b)
    if not (isinstance(a, (int, float)) and isinstance(b, (int, float))):
        return type(a) is type(b) and a == b
    if types and type(a) is not type(b):
        return False
    return a == b or (math.isfinite(a) and math.isfinite(b) and near(a, b))


def by_permutations(given, wanted, near, types):
    def row_equal(a, b):
        return len(a) == len(b) and all(plain_equal(x, y, near, types) for x, y in zip(a, b, strict=True))

    return len(given) == len(wanted) and any(
        all(map(row_equal, order, wanted)) for order in itertools.permutations(given)
    )


def by_groups(given, wanted, sizes, near, types):
    at = 0
    for size in sizes:
        if not by_permutations(given[at : at + size], wanted[at : at + size], near, types):
            return False
        at += size
    return len(given) == len(wanted)


def test_agrees_with_all_permutations():
    rng, seen = random.Random(5), [0, 0]
    for _ in range(6_000):
        cells = rng.sample(CELLS, rng.choice([2, 3, 5]))
        if rng.random() < 0.5:
            cells = CELLS[9:14]  # numbers that are close to their neighbours only
        width = rng.choice([1, 1, 2, 3])
        wanted = [[rng.choice(cells) for _ in range(width)] for _ in range(rng.randrange(6))]
        given = [list(row) for row in wanted]
        rng.shuffle(given)
        for row in given:
            if rng.random() < 0.5:
                row[rng.randrange(width)] = rng.choice(cells)
        if rng.random() < 0.1:
            given = [*given, given[0]] if given else [[1]]
        near, types = rng.choice([close, rounded]), rng.random() < 0.3
        answer = by_permutations(given, wanted, near, types)
        assert same(given, wanted, near=near, types=types) == answer, (given, wanted)
        seen[answer] += 1
        sizes, left = [], len(wanted)
        while left:
            sizes.append(rng.randint(1, left))
            left -= sizes[-1]
        ordered = by_groups(given, wanted, sizes, near, types)
        if sizes:
            assert same(given, wanted, ordered=sizes, near=near, types=types) == ordered, (given, wanted, sizes)
        in_place = by_groups(given, wanted, [1] * len(wanted), near, types)
        assert same(given, wanted, ordered=True, near=near, types=types) == in_place
        as_sets = all(any(by_permutations([a], [b], near, types) for b in wanted) for a in given) and all(
            any(by_permutations([a], [b], near, types) for a in given) for b in wanted
        )
        assert same(given, wanted, near=near, types=types, as_sets=True) == as_sets, (given, wanted)
    assert min(seen) > 500


def test_large_results_need_few_comparisons():
    calls = 0

    def counting(a, b):
        nonlocal calls
        calls += 1
        return close(a, b)

    wanted = [[i / 3, "x", i % 7] for i in range(5_000)]
    given = [[i / 3 + 1e-12, "x", i % 7] for i in reversed(range(5_000))]
    assert same(given, wanted, near=counting) and calls < 100_000
    calls = 0
    given[17][0] += 0.5
    assert not same(given, wanted, near=counting) and calls < 100_000
    calls = 0
    wanted = [[1 + i * 1e-13, i % 2] for i in range(400)]
    given = [[1 + i * 1e-13, 1 - i % 2] for i in range(400)]  # any one may stand for two hundred others
    assert same(given, wanted, near=counting) and calls < 500_000
    given[0][1] = 5
    assert not same(given, wanted, near=counting)
    calls = 0
    wanted = [[1 + i * 1e-13, i % 2] for i in range(3_000)]
    given = [[1 + i * 1e-13, 1 - i % 2] for i in range(3_000)]
    same(given, wanted, near=counting)
    assert calls < 1_000_000  # it gives up


def test_tables():
    def tables(t, u=((1,),), columns=("a",)):
        return {"t": {"columns": list(columns), "rows": t}, "u": {"columns": ["a"], "rows": list(u)}}

    wanted = tables([[1], [2]])
    assert same_tables(tables([[2], [1]]), wanted, ["u"]) == ""
    assert same_tables(tables([[2]]), wanted, ["u"]) == "in table t there are too few rows"
    assert same_tables(tables([[1], [2]], u=[[2]]), wanted, ["u"]) == "table u should have been left as it was"
    assert same_tables(tables([[1], [2]], u=[[2]]), wanted).startswith("in table u a row is given")
    assert same_tables({"t": wanted["t"]}, wanted) == "there is no table u"
    assert same_tables({**wanted, "z": wanted["t"]}, wanted) == "there should be no table z"
    assert same_tables(tables([[1], [2]], columns=["b"]), wanted) == "table t has other columns"
    assert same_tables(tables([[1.0], [2]]), wanted, types=True) != ""


ORDERED = [
    "SELECT a FROM t ORDER BY a",
    "select a from t order\n\tby a limit 3;",
    "SELECT a FROM t UNION SELECT b FROM u ORDER /* so */ BY -- there\n 1",
    "WITH q AS (SELECT a FROM t) SELECT a FROM q OrDeR bY a",
    "SELECT 'it''s', \"a\"\"(\", [x(], `y(` FROM t ORDER BY 1",
    "SELECT (1), ((2)) FROM t ORDER BY 1",
    "SELECT row_number() OVER (ORDER BY a) FROM t ORDER BY a",
    "SELECT ')' FROM t -- (\nORDER BY a",
]
UNORDERED = [
    "",
    "SELECT a FROM t",
    "SELECT * FROM (SELECT a FROM t ORDER BY a)",
    "SELECT a FROM t WHERE a IN (SELECT a FROM t ORDER BY a LIMIT 1)",
    "WITH q AS (SELECT a FROM t ORDER BY a) SELECT a FROM q",
    "SELECT row_number() OVER (PARTITION BY b ORDER BY a) FROM t",
    "SELECT sum(a) OVER w FROM t WINDOW w AS (ORDER BY a)",
    "SELECT group_concat(a ORDER BY a) FROM t",
    "SELECT ' ORDER BY a' FROM t",
    "SELECT 'it''s ORDER BY a' FROM t",
    'SELECT a AS "ORDER BY a" FROM t',
    "SELECT a AS [x ORDER BY a] FROM t",
    "SELECT a AS `x ORDER BY a` FROM t",
    "SELECT a FROM t -- ORDER BY a",
    "SELECT a FROM t /* ORDER BY a */",
    "SELECT a FROM t /* ORDER BY a",
    "SELECT a FROM t WHERE b = 'open ORDER BY a",
    'SELECT "order" by FROM t',
    "SELECT a AS 'order' BY",
    "SELECT a FROM t GROUP BY a",
    "SELECT order_by, orders FROM t",
]


@pytest.mark.parametrize("sql", ORDERED)
def test_top_level_order(sql):
    assert top_level_order(sql) is True


@pytest.mark.parametrize("sql", UNORDERED)
def test_no_top_level_order(sql):
    assert top_level_order(sql) is False


def test_order_of_anything_is_found_in_linear_work():
    rng = random.Random(2)
    pieces = ["ORDER", " BY ", "'", '"', "`", "[", "]", "(", ")", "--", "\n", "/*", "*/", "x", "\0", "\ud800", "é", " "]
    for _ in range(3_000):
        assert top_level_order("".join(rng.choices(pieces, k=rng.randrange(30)))) in (True, False)
    for piece in pieces:  # quadratic work on any of these would not end
        assert top_level_order(piece * 100_000) is False
    assert top_level_order("/*" + "/* '" * 100_000) is False


# What other comparisons let through: a rewrite that is wrong, and the query it is not.
SCHEMA = "CREATE TABLE t (id INTEGER, g TEXT, x INTEGER, y REAL); CREATE TABLE u (id INTEGER, t_id INTEGER, g TEXT);"
WRONG = {
    "DISTINCT dropped": ("SELECT DISTINCT g FROM t", "SELECT g FROM t"),
    "ORDER BY dropped": ("SELECT id FROM t ORDER BY id", "SELECT id FROM t"),
    "order turned": ("SELECT x, id FROM t ORDER BY x, id", "SELECT x, id FROM t ORDER BY x DESC, id"),
    "columns swapped": ("SELECT x, id FROM t", "SELECT id, x FROM t"),
    "at least for greater": ("SELECT g FROM t WHERE x > 3", "SELECT g FROM t WHERE x >= 3"),
    "ties cut by LIMIT 1": (
        "SELECT id FROM t WHERE x = (SELECT max(x) FROM t)",
        "SELECT id FROM t ORDER BY x DESC LIMIT 1",
    ),
    "constant guess of a count": ("SELECT count(*) FROM t", "SELECT 6"),
    "sum by count(*) for avg": ("SELECT avg(y) FROM t", "SELECT sum(y) / count(*) FROM t"),
    "UNION for UNION ALL": ("SELECT g FROM t UNION ALL SELECT g FROM u", "SELECT g FROM t UNION SELECT g FROM u"),
    "constant empty result": ("SELECT id FROM t WHERE x > 4", "SELECT id FROM t WHERE 0"),
    "inner for left join": (
        "SELECT t.id, u.g FROM t LEFT JOIN u ON u.t_id = t.id",
        "SELECT t.id, u.g FROM t JOIN u ON u.t_id = t.id",
    ),
    "count of a column": ("SELECT count(*) FROM t", "SELECT count(y) FROM t"),
    "predicate dropped": ("SELECT id FROM t WHERE x > 2 AND g = 'a'", "SELECT id FROM t WHERE x > 2"),
    "OR for AND": ("SELECT id FROM t WHERE x > 2 AND g = 'a'", "SELECT id FROM t WHERE x > 2 OR g = 'a'"),
    "group key dropped": ("SELECT g, count(*) FROM t GROUP BY g, x", "SELECT g, count(*) FROM t GROUP BY g"),
    "NULL as zero": ("SELECT y FROM t", "SELECT coalesce(y, 0) FROM t"),
    "number as text": ("SELECT x FROM t", "SELECT CAST(x AS TEXT) FROM t"),
}
SUPPOSED = {"integer as float": ("SELECT x FROM t WHERE x IS NOT NULL", "SELECT x * 1.0 FROM t WHERE x IS NOT NULL")}


def databases():
    rng = random.Random(3)
    kinds = [
        *([], [(1, "a", 5, 1.5)], [(2, "a", 3, None), (1, "b", 3, 2.5)], [(i, "a", None, None) for i in (3, 1, 2)]),
        [(4, "a", 5, 0.5), (2, "a", 5, 0.5), (3, "b", 5, None), (1, "b", 2, 4.0)],
        *(
            [(rng.randrange(9), rng.choice("abc"), rng.randrange(6), rng.choice([None, 0.5, 3.0])) for _ in range(n)]
            for n in (3, 6, 12, 20)
        ),
    ]
    for rows in kinds:
        link = sqlite3.connect(":memory:")
        link.executescript(SCHEMA)
        link.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
        link.executemany("INSERT INTO u VALUES (?, ?, ?)", [(i, row[0], "a") for i, row in enumerate(rows[::2])])
        yield link
        link.close()


def accepted(right, wrong, types=False):
    found = []
    for link in databases():
        given, wanted = link.execute(wrong).fetchall(), link.execute(right).fetchall()
        found.append(same_rows(given, wanted, top_level_order(right), types=types) == "")
    return found


@pytest.mark.parametrize("name", WRONG)
def test_wrong_rewrites_are_rejected(name):
    right, wrong = WRONG[name]
    assert all(accepted(right, right))
    assert not all(accepted(right, wrong))


@pytest.mark.parametrize("name", SUPPOSED)
def test_numbers_of_another_type_are_the_task_s_choice(name):
    assert all(accepted(*SUPPOSED[name])) and not all(accepted(*SUPPOSED[name], types=True))
