import re
from fractions import Fraction
from itertools import permutations, product

import pytest
import sympy

from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.mathematics.linear_equation_system import determinant
from gradarium.verifiers.mathematics.linear_equation_system import verify

ONE = {"names": ["x"], "rows": [[3, 0, 12]]}
TWO = {"names": ["x", "y"], "rows": [[1, 1, 0, 1], [1, -1, 2, 7]]}  # x = 3, y = -2
HALF = {"names": ["x", "y"], "rows": [[2, 0, 0, 1], [1, 4, 0, -1]]}  # x = 1/2, y = -3/8
THIRD = {"names": ["x"], "rows": [[3, 0, 1]]}

ACCEPTED = {
    "one unknown": ("x = 4", ONE),
    "no spaces": ("x=4", ONE),
    "comma": ("x = 3, y = -2", TWO),
    "other order": ("y = -2, x = 3", TWO),
    "lines": ("x = 3\ny = -2\n", TWO),
    "semicolon": ("x=3;y=-2", TWO),
    "and": ("x = 3 and y = -2", TWO),
    "comma and": ("x = 3, and y = -2", TWO),
    "comma at the line's end": ("x = 3,\r\ny = -2", TWO),
    "typographic minus": ("x = 3, y = \u22122", TWO),
    "fractions": ("x = 1/2, y = -3/8", HALF),
    "decimals": ("x = 0.5, y = -0.375", HALF),
    "fraction not in lowest terms": ("x = 2/4, y = -6/16", HALF),
    "whole number as a fraction or decimal": ("x = 6/2, y = -2.0", TWO),
}
REJECTED = {
    "wrong value": ("x = 3, y = 2", TWO),
    "values swapped": ("x = -2, y = 3", TWO),
    "one equation holds": ("x = 1, y = 0", TWO),
    "all zero": ("x = 0, y = 0", TWO),
    "unknown missing": ("x = 3", TWO),
    "second unknown without a value": ("x = 3, y", TWO),
    "unknown twice with another value": ("x = 3, y = -2, y = 4", TWO),
    "every value tried": ("x = 2, x = 3, x = 4, y = -2", TWO),
    "unknown twice with the same value": ("x = 3, y = -2, x = 3", TWO),
    "another unknown": ("x = 3, y = -2, z = 1", TWO),
    "another name": ("a = 3, b = -2", TWO),
    "capital": ("X = 3, Y = -2", TWO),
    "values alone": ("3, -2", TWO),
    "pair": ("(3, -2)", TWO),
    "value alone": ("4", ONE),
    "the equation": ("3x = 12", ONE),
    "unsolved": ("x = 12/3x", ONE),
    "refers to another unknown": ("x = 1 - y, y = -2", TWO),
    "arithmetic": ("x = 2 + 1, y = -2", TWO),
    "comparison": ("x == 3, y == -2", TWO),
    "or": ("x = 3 or y = -2", TWO),
    "two values": ("x = 3 = 4, y = -2", TWO),
    "words": ("x is 3 and y is -2", TWO),
    "sentence around": ("the solution is x = 3, y = -2", TWO),
    "rounded": ("x = 0.333333333333333333", THIRD),
    "division by zero": ("x = 1/0", ONE),
    "nan": ("x = nan", ONE),
    "infinity": ("x = inf", ONE),
    "scientific": ("x = 4e0", ONE),
    "sign below": ("x = 1/2, y = 3/-8", HALF),
    "mixed number": ("x = 1 1/2", {"names": ["x"], "rows": [[2, 0, 3]]}),
    "Arabic digits": ("x = \u0664", ONE),
    "fraction sign": ("x = \u00bd, y = -3/8", HALF),
    "code": ("x = __import__('os').getpid()", ONE),
    "tower": ("x = 9**9**9**9", ONE),
    "over 2,000 characters": ("x = 4" + " " * 2_000, ONE),
    "only separators": (",;\n and ,", ONE),
    "empty": ("", ONE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def solve(payload):
    """Return the solution by Gauss-Jordan elimination with fractions."""
    rows = [[*map(Fraction, row[:-2]), Fraction(row[-1] - row[-2])] for row in payload["rows"]]
    for k in range(len(rows)):
        pivot = next(i for i in range(k, len(rows)) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [number / rows[k][k] for number in rows[k]]
        for i in range(len(rows)):
            if i != k:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]


def oracle(answer, payload):
    """Solve the system and compare; the verifier substitutes instead."""
    if len(answer) > 2_000:
        return False
    number = r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30}|[ \t\r\v\f]{0,3}/[ \t\r\v\f]{0,3}[0-9]{1,30})?"
    answer = re.sub(r"\band\b", ",", answer.replace("\u2212", "-").replace("\u2013", "-"), flags=re.ASCII)
    found = {}
    for part in (part.strip() for part in re.split("[,;\n]", answer)):
        if part:
            match = re.fullmatch(rf"([a-z])\s*=\s*({number})", part)
            if not match or match[1] in found:
                return False
            try:
                found[match[1]] = Fraction("".join(match[2].split()))
            except ZeroDivisionError:
                return False
    return found == dict(zip(payload["names"], solve(payload), strict=True))


@pytest.mark.parametrize("level", range(8))
def test_systems_have_one_solution_by_sympy(level):
    for index in range(12):
        instance = get_task("linear_equation_system").pose(index, level)
        names, rows = instance.payload["names"], instance.payload["rows"]
        matrix = sympy.Matrix([row[:-2] for row in rows])
        assert matrix.det() == instance.certificate["determinant"] != 0
        values = matrix.LUsolve(sympy.Matrix([row[-1] - row[-2] for row in rows]))
        assert instance.reference == ", ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True))


@pytest.mark.parametrize("level", range(8))
def test_the_text_states_the_payload(level):
    for index in range(20):
        instance = get_task("linear_equation_system").pose(index, level)
        names, rows = instance.payload["names"], instance.payload["rows"]
        for line, (*coefficients, constant, right) in zip(instance.brief.split("\n"), rows, strict=True):
            assert line in instance.question.replace(" ", "")
            left, _, stated = line.partition("=")
            terms = re.findall(r"([+-]?)([0-9]*)([a-z]?)", left)[:-1]
            read = {name: int(f"{sign}{size or 1}") for sign, size, name in terms}
            assert len(read) == len(terms) and int(stated) == right
            assert [read.pop(name, 0) for name in [*names, ""]] == [*coefficients, constant] and not read


def test_all_answers_to_small_instances_agree_with_the_oracle():
    values = [str(Fraction(n, d)) for d in (1, 2) for n in range(-10, 11) if d == 1 or n % 2]
    small = {"unknowns": 2, "coefficient": 3, "solution": 5, "constant": 2}
    for denominator in (1, 2):
        for index in range(3):
            instance = get_task("linear_equation_system").pose(index, 2, params={**small, "denominator": denominator})
            answers = [f"x = {a}, y = {b}" for a, b in product(values, values)]
            accepted = [answer for answer in answers if verify(answer, instance.payload).score == 1.0]
            assert accepted == [answer for answer in answers if oracle(answer, instance.payload)]
            assert accepted == [instance.reference]


def test_one_unknown_has_one_right_integer():
    for level, index in product((0, 1), range(40)):
        instance = get_task("linear_equation_system").pose(index, level)
        accepted = [n for n in range(-60, 60) if verify(f"x = {n}", instance.payload).score == 1.0]
        assert [f"x = {n}" for n in accepted] == [instance.reference]


def test_a_system_with_many_solutions_accepts_each():
    payload = {"names": ["x", "y"], "rows": [[1, 1, 0, 5], [2, 2, 0, 10]]}
    for x, y in product(range(-8, 9), repeat=2):
        assert (verify(f"x = {x}, y = {y}", payload).score == 1.0) == (x + y == 5)


def test_determinants_agree_with_the_sum_over_permutations():
    def by_definition(matrix):
        total = 0
        for p in permutations(range(len(matrix))):
            term = (-1) ** sum(p[i] > p[j] for j in range(len(p)) for i in range(j))
            for i, j in enumerate(p):
                term *= matrix[i][j]
            total += term
        return total

    for entries in product((-1, 0, 2), repeat=9):
        matrix = [list(entries[i : i + 3]) for i in (0, 3, 6)]
        assert determinant(matrix) == by_definition(matrix)


def test_equations_in_another_order_are_the_same_problem():
    task = get_task("linear_equation_system")
    assert task.canonical(TWO) == task.canonical({**TWO, "rows": TWO["rows"][::-1]})


def test_too_many_unknowns_are_refused():
    with pytest.raises(BadValue):
        get_task("linear_equation_system").pose(0, 7, params={"unknowns": 8})
