import importlib.util
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from gradarium.core import Status
from gradarium.generators import get_task
from gradarium.generators.sql.sql_result import LEVELS
from gradarium.sandbox import Outcome, Run, SandboxUnavailable
from gradarium.verifiers.sql import sql_result
from gradarium.verifiers.sql.sql_result import verify

_spec = importlib.util.spec_from_file_location("tiny_sql", Path(__file__).with_name("tiny_sql.py"))
tiny = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiny)

DATABASE = {
    "schema": ["CREATE TABLE t (a INTEGER, b TEXT, c REAL)"],
    "rows": {"t": [[1, "x", 2.5], [2, None, 3.0], [2, "x", 4.5], [3, "Ada", None]]},
}


def posed(sql, ordered=False):
    return {"database": DATABASE, "sql": sql, "ordered": ordered}


BAG = posed("SELECT a, b FROM t WHERE a < 3")  # 1 x, 2 NULL, 2 x
LIST = posed("SELECT a FROM t ORDER BY a DESC", ordered=True)  # 3 2 2 1
MEAN = posed("SELECT avg(c), sum(c) FROM t")  # 3.3333..., 10.0
TWICE = posed("SELECT b FROM t WHERE b = 'x'")  # x x

ACCEPTED = {
    "as asked": ("1 | x\n2 | NULL\n2 | x", BAG),
    "other order where none is asked": ("2 | x\n1 | x\n2 | NULL", BAG),
    "no spaces": ("1|x\n2|NULL\n2|x", BAG),
    "bars around, blank line": ("| 1 | x |\n\n| 2 | NULL |\n| 2 | x |\n", BAG),
    "float for integer": ("1.0 | x\n2 | NULL\n+2.00 | x", BAG),
    "ordered": ("3\n2\n2\n1", LIST),
    "rounded to four": ("3.3333 | 10", MEAN),
    "more digits": ("3.33333333 | 10.0", MEAN),
    "twice": ("x\nx", TWICE),
}
REJECTED = {
    "order turned": ("1\n2\n2\n3", LIST),
    "row missing": ("1 | x\n2 | NULL", BAG),
    "row too many": ("1 | x\n2 | NULL\n2 | x\n3 | Ada", BAG),
    "repeated row once": ("x", TWICE),
    "repeated row thrice": ("x\nx\nx", TWICE),
    "same set, other bag": ("1 | x\n1 | x\n2 | NULL", BAG),
    "column missing": ("1\n2\n2", BAG),
    "columns swapped": ("x | 1\nNULL | 2\nx | 2", BAG),
    "empty cell for NULL": ("1 | x\n2 | \n2 | x", BAG),
    "zero for NULL": ("1 | x\n2 | 0\n2 | x", BAG),
    "None for NULL": ("1 | x\n2 | None\n2 | x", BAG),
    "quotes": ("1 | 'x'\n2 | NULL\n2 | 'x'", BAG),
    "other case": ("1 | X\n2 | NULL\n2 | X", BAG),
    "header": ("a | b\n1 | x\n2 | NULL\n2 | x", BAG),
    "whole table": ("1 | x | 2.5\n2 | NULL | 3.0\n2 | x | 4.5\n3 | Ada | NULL", BAG),
    "rounded to three": ("3.333 | 10", MEAN),
    "cut off": ("3.3334 | 10", MEAN),
    "near an integer": ("3.3333 | 10.0001", MEAN),
    "fraction": ("10/3 | 10", MEAN),
    "exponent": ("3.3333 | 1e1", MEAN),
    "nan": ("nan | 10", MEAN),
    "Arabic digits": ("\u0663\n2\n2\n1", LIST),
    "ragged": ("1 | x\n2\n2 | x", BAG),
    "the query": ("SELECT a, b FROM t WHERE a < 3", BAG),
    "two answers": ("3\n2\n2\n1\n\n3\n2\n2\n1", LIST),
    "on one line": ("3 2 2 1", LIST),
    "many rows": ("1 | x\n" * 600, BAG),
    "long cell": ("1" * 5000, LIST),
    "huge": ("1" * 30000, LIST),
    "bars": ("|" * 1000, BAG),
    "one bar": ("|", LIST),
    "empty": ("", BAG),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    verdict = verify(answer, payload)
    assert verdict.score == 1.0, verdict.reason


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    verdict = verify(answer, payload)
    assert verdict.score == 0.0
    assert verdict.reward == 0.0, verdict.reason


def by_hand(payload):
    database = payload["database"]
    return tiny.rows_of(payload["sql"], tiny.tables_of(database["schema"], database["rows"]))


def oracle(answer, payload):
    """Judge by an SQL evaluator that knows no sqlite, and by text: each wanted row takes one line away."""
    if len(answer) > 20_000:
        return False
    lines = [line.strip() for line in answer.split("\n") if line.strip()]
    lines = [line[1:-1] if len(line) > 1 and line[0] == "|" and line[-1] == "|" else line for line in lines]
    lines = [[cell.strip() for cell in line.split("|")] for line in lines]
    wanted = by_hand(payload)
    if len(lines) != len(wanted):
        return False
    for row in wanted:
        fits = [i for i, line in enumerate(lines) if (i == 0 or not payload["ordered"]) and _fits(line, row)]
        if not fits:
            return False
        del lines[fits[0]]
    return True


def _fits(line, row):
    return len(line) == len(row) and all(map(_cell_fits, line, row))


def _cell_fits(text, cell):
    if cell is None or isinstance(cell, str):
        return text == ("NULL" if cell is None else cell)
    text = text.replace("\u2212", "-").replace("\u2013", "-")
    digits = text[1:] if text[:1] in ("+", "-") else text
    whole, dot, part = digits.partition(".")
    if not whole or set(whole + part) - set("0123456789") or bool(dot) != bool(part) or len(digits) > 30:
        return False
    exact = Decimal(cell)
    slack = Decimal("0.00005") if exact != round(exact, 4) else Decimal(0)
    return abs(Decimal(text) - exact) <= slack + Decimal("0.000000001")


@pytest.mark.parametrize("table", [ACCEPTED, REJECTED])
def test_oracle_agrees_with_the_tables(table):
    for name, (answer, payload) in table.items():
        assert oracle(answer, payload) == (table is ACCEPTED), name


@pytest.mark.parametrize("payload", [BAG, LIST, TWICE, posed("SELECT b, a FROM t WHERE c >= 3.0 ORDER BY a, c", True)])
def test_all_small_answers_agree_with_the_oracle(payload):
    width = len(by_hand(payload)[0])
    cells = ["1", "2", "3", "x", "NULL"] if width == 1 else ["2", "x", "NULL"]
    lines = [" | ".join(row) for row in product(cells, repeat=width)] + ["1 | x", "NULL"]
    right = 0
    for count in range(1, 5 if width == 1 else 4):
        for rows in product(lines, repeat=count):
            answer = "\n".join(rows)
            truth = oracle(answer, payload)
            assert (verify(answer, payload).score == 1.0) == truth, answer
            right += truth
    assert right >= 1


@pytest.mark.parametrize("level", range(len(LEVELS)))
def test_references_by_hand(level):
    for index in range(40):
        instance = get_task("sql_result").pose(index, level)
        assert oracle(instance.reference, instance.payload), instance.payload["sql"]
        assert not oracle(instance.example, instance.payload)


@pytest.mark.parametrize("level", [0, 4, 7])
def test_references_in_the_sandbox(level):
    for index in range(4):
        instance = get_task("sql_result").pose(index, level, "dev")
        assert verify(instance.reference, instance.payload).status is Status.CORRECT
        assert verify(instance.example, instance.payload).status is Status.WRONG


def test_unreadable_answers_start_no_run_and_failures_are_not_kept(monkeypatch):
    class Broken:
        runs = 0

        def query(self, sql, databases):
            Broken.runs += 1
            return Run(Outcome.NOT_JUDGED, message="no room")

    monkeypatch.setattr(sql_result, "default_sandbox", Broken)
    fresh = posed("SELECT c FROM t WHERE a = 1")
    assert verify(" | ", fresh).status is Status.UNREADABLE and Broken.runs == 0
    assert verify("2.5", fresh).reward is None and Broken.runs == 1

    def missing():
        raise SandboxUnavailable("none here")

    monkeypatch.setattr(sql_result, "default_sandbox", missing)
    assert verify("2.5", fresh).reward is None
    monkeypatch.undo()
    assert verify("2.5", fresh).score == 1.0
