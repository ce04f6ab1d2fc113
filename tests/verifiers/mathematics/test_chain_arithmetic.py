import ast
import operator
from fractions import Fraction
from itertools import product

import pytest

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.verifiers.mathematics.chain_arithmetic import exact_integer, verify

SUM = {"tree": ["+", 7, 5]}
MIXED = {"tree": ["-", 7, ["*", 2, 5]]}
ORDER = {"tree": ["-", ["-", 9, 4], 3]}
BIG = {"tree": ["*", 12345, ["+", 67890, 1]]}

ACCEPTED = {
    "plain": ("12", SUM),
    "spaces around": ("  12\n", SUM),
    "plus sign": ("+12", SUM),
    "leading zero": ("012", SUM),
    "negative": ("-3", MIXED),
    "typographic minus": ("\u22123", MIXED),
    "large": (str(12345 * 67891), BIG),
}
REJECTED = {
    "off by one": ("13", SUM),
    "sign lost": ("3", MIXED),
    "from left to right without rank": ("25", MIXED),
    "from right to left": ("8", ORDER),
    "the expression itself": ("7 + 5", SUM),
    "equation": ("7 + 5 = 12", SUM),
    "right number with another behind": ("12 13", SUM),
    "list of guesses": ("10, 11, 12, 13", SUM),
    "number inside a longer one": ("3128", SUM),
    "decimal": ("12.0", SUM),
    "fraction": ("12/1", SUM),
    "scientific": ("1.2e1", SUM),
    "separators": ("838,114,395", BIG),
    "underscore": ("1_2", SUM),
    "hexadecimal": ("0xc", SUM),
    "words": ("twelve", SUM),
    "nan": ("nan", SUM),
    "code": ("int('12')", SUM),
    "Arabic digits": ("\u0661\u0662", SUM),
    "superscript": ("12\u00b2", SUM),
    "100,000 digits": ("1" * 100_000, SUM),
    "empty": ("", SUM),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def worth(tree):
    """Return the exact value of a structure; written apart from the verifier."""
    return OPERATORS[tree[0]](worth(tree[1]), worth(tree[2])) if isinstance(tree, list) else Fraction(tree)


def oracle(answer, payload):
    """Compare as numbers; no more than 30 digits."""
    digits = answer.strip().replace("\u2212", "-").replace("\u2013", "-")
    sign = -1 if digits[:1] == "-" else 1
    digits = digits[1:] if digits[:1] in ("+", "-") else digits
    if not 1 <= len(digits) <= 30 or set(digits) - set("0123456789"):
        return False
    return sign * int(digits) == worth(payload["tree"])


PYTHON = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def python_tree(node):
    """Return the structure that Python reads in a text."""
    if isinstance(node, ast.BinOp):
        return [PYTHON[type(node.op)], python_tree(node.left), python_tree(node.right)]
    assert type(node.value) is int
    return node.value


@pytest.mark.parametrize("level", range(8))
def test_python_reads_the_same_expression_in_the_text(level):
    for index in range(60):
        instance = get_task("chain_arithmetic").pose(index, level)
        tree = python_tree(ast.parse(instance.brief, mode="eval").body)
        assert tree == instance.payload["tree"]
        assert worth(tree) == int(instance.reference)
        assert instance.brief in instance.question.replace(" ", "")


def leaves(tree):
    return leaves(tree[1]) + leaves(tree[2]) if isinstance(tree, list) else [tree]


@pytest.mark.parametrize("level", range(8))
def test_levels_hold_what_their_parameters_say(level):
    task = get_task("chain_arithmetic")
    params = task.levels[level]
    for index in range(40):
        instance = task.pose(index, level)
        numbers = leaves(instance.payload["tree"])
        assert len(numbers) == params.terms and 1 <= min(numbers) and max(numbers) <= params.largest
        assert set("*/") & set(params.operators) == set("*/") & set(instance.brief)
        nested = deepest = 0
        for char in instance.brief:
            nested += (char == "(") - (char == ")")
            deepest = max(deepest, nested)
        assert deepest == params.depth


def test_all_small_structures_agree_with_the_oracle():
    shapes = [lambda f, g, a, b, c: [f, [g, a, b], c], lambda f, g, a, b, c: [f, a, [g, b, c]]]
    for shape, f, g in product(shapes, "+-*/", "+-*/"):
        for numbers in product((0, 1, 2, 6), repeat=3):
            tree = shape(f, g, *numbers)
            verdicts = [verify(str(n), {"tree": tree}) for n in range(-12, 80)]
            try:
                value = worth(tree)
                inner = worth(tree[1]), worth(tree[2])
                exact = all(v.denominator == 1 for v in (value, *inner))
            except ZeroDivisionError:
                exact = False
            if exact:
                assert [v.score == 1.0 for v in verdicts] == [n == value for n in range(-12, 80)]
            else:
                assert all(v.status == Status.ERROR and v.reward is None for v in verdicts)


def test_all_answers_to_small_instances_agree_with_the_oracle():
    for index in range(50):
        payload = get_task("chain_arithmetic").pose(index, 0).payload
        accepted = [n for n in range(-40, 60) if verify(str(n), payload).score == 1.0]
        assert accepted == [n for n in range(-40, 60) if oracle(str(n), payload)]
        assert len(accepted) == 1


def test_an_oversized_payload_is_no_judgement():
    tree = 9
    for _ in range(900):
        tree = ["*", tree, 99_999]
    assert verify("1", {"tree": tree}).status == Status.ERROR
    for _ in range(1_000):
        tree = ["+", tree, 1]
    with pytest.raises(ValueError, match="too large"):
        exact_integer(tree)


@pytest.mark.parametrize("change", [{"terms": 2}, {"operators": "+^"}, {"operators": ""}])
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("chain_arithmetic").pose(0, 5, params=change)
