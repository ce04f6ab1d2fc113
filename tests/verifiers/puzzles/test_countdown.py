import ast
import operator
from fractions import Fraction
from itertools import combinations, permutations, product

import pytest

from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.puzzles.countdown import Field, count_expressions
from gradarium.verifiers.expressions import exact_value, read_expression
from gradarium.verifiers.puzzles.countdown import verify

FOUR = {"numbers": [3, 5, 7, 9], "target": 20}
TWICE = {"numbers": [4, 4, 2], "target": 10}
EIGHTS = {"numbers": [8, 3, 8, 3], "target": 24}
NEGATIVE = {"numbers": [2, 9, 10], "target": 3}
ELEVEN = {"numbers": [1, 1, 5], "target": 11}

ACCEPTED = {
    "not all numbers used": ("(7 - 3) * 5", FOUR),
    "another solution": ("3 * 9 - 7", FOUR),
    "no spaces": ("(7-3)*5", FOUR),
    "typographic signs": ("(7 \u2212 3) \u00d7 5", FOUR),
    "division sign": ("8 \u00f7 (3 \u2212 8 \u00f7 3)", EIGHTS),
    "equals the target": ("(7 - 3) * 5 = 20", FOUR),
    "spare brackets": ("(((7) - (3)) * (5))", FOUR),
    "a number given twice used twice": ("4 + 4 + 2", TWICE),
    "fractions on the way": ("8 / (3 - 8 / 3)", EIGHTS),
    "negative on the way": ("2 - 9 + 10", NEGATIVE),
    "line break": ("(7 - 3)\n* 5", FOUR),
}
REJECTED = {
    "number used twice": ("5 * (3 + 5 / 5)", FOUR),
    "number not given": ("4 * 5", FOUR),
    "another puzzle's answer": ("6 * 4 * 1 * 1", FOUR),
    "given numbers ignored": ("20", FOUR),
    "the target itself": ("20 = 20", FOUR),
    "digits joined": ("11", ELEVEN),
    "digits joined by a space": ("1 1", ELEVEN),
    "leading zero": ("(07 - 3) * 5", FOUR),
    "unary minus": ("-3 + 7 + 7 + 9", FOUR),
    "unary minus in brackets": ("9 * (-3) + 7", FOUR),
    "unary plus": ("(7 - +3) * 5", FOUR),
    "power": ("3 ** 2 + 9", FOUR),
    "caret": ("3^2 + 9", FOUR),
    "floor division": ("9 // 3 + 7", FOUR),
    "remainder": ("9 % 5 * 5", FOUR),
    "implicit product": ("5(7 - 3)", FOUR),
    "brackets side by side": ("(7 - 3)(5)", FOUR),
    "square brackets": ("[7 - 3] * 5", FOUR),
    "division by zero": ("5 / (7 - 7)", {"numbers": [5, 7, 7], "target": 5}),
    "zero by zero": ("(3 - 3) / (7 - 7)", {"numbers": [3, 3, 7, 7], "target": 0}),
    "rounded division": ("9 / 5 * 7 + 3", FOUR),
    "off by one": ("(7 - 3) * 5 + 9 / 9", FOUR),
    "equal only in floating point": (
        "1 / 3 * 9007199254740993",
        {"numbers": [1, 3, 9007199254740993], "target": 3002399751580330},
    ),
    "wrong value, right suffix": ("7 + 3 + 5 = 20", FOUR),
    "right value, wrong suffix": ("(7 - 3) * 5 = 21", FOUR),
    "chain of equations": ("7 - 3 = 4 * 5 = 20", FOUR),
    "suffix empty": ("(7 - 3) * 5 =", FOUR),
    "suffix is an expression": ("(7 - 3) * 5 = 4 * 5", FOUR),
    "comparison": ("(7 - 3) * 5 == 20", FOUR),
    "two expressions": ("(7 - 3) * 5, 3 * 9 - 7", FOUR),
    "list of expressions": ("[(7 - 3) * 5]", FOUR),
    "words": ("The answer is (7 - 3) * 5", FOUR),
    "function": ("(3 + 5 + 7 + 9) * floor(1)", FOUR),
    "code": ("__import__('os').getpid()", FOUR),
    "decimal": ("3.0 * 9 - 7", FOUR),
    "scientific": ("2e1", FOUR),
    "letter x for times": ("(7 - 3) x 5", FOUR),
    "bracket left open": ("((7 - 3) * 5", FOUR),
    "bracket closed twice": ("(7 - 3) * 5)", FOUR),
    "brackets around nothing": ("(7 - 3) * 5 + ()", FOUR),
    "operator at the end": ("(7 - 3) * 5 +", FOUR),
    "superscript digit": ("(7 - 3) * 5\u00b9", FOUR),
    "Arabic digits": ("(\u0667 - \u0663) * \u0665", FOUR),
    "full-width digits": ("(\uff17 - \uff13) * \uff15", FOUR),
    "over 200 characters": ("(" * 100 + "(7 - 3) * 5" + ")" * 100, FOUR),
    "comment": ("(7 - 3) * 5 # = 20", FOUR),
    "empty": ("", FOUR),
}
BOMBS = [
    "9**9**9**9",
    "(" * 100_000,
    "9" * 100_000,
    "1e999999",
    "(" * 99 + "7" + ")" * 99,
    "9*" * 99 + "9",
    "\0",
    "=" * 500,
]


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


@pytest.mark.parametrize("answer", BOMBS)
def test_bombs_earn_nothing(answer):
    assert verify(answer, FOUR).score == 0.0


OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def worth(node):
    """Return (value, numbers used) of a Python syntax tree; written apart from the verifier."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return Fraction(node.value), [node.value]
    if isinstance(node, ast.BinOp):
        (a, left), (b, right) = worth(node.left), worth(node.right)
        return OPERATORS[type(node.op)](a, b), left + right
    raise TypeError(node)


def oracle(answer, payload):
    """Judge with Python's own parser and exact fractions."""
    answer = answer.strip()
    for sign, plain in zip("\u00d7\u00f7\u2212\u2013", "*/--", strict=True):
        answer = answer.replace(sign, plain)
    text, equals, stated = answer.translate(dict.fromkeys(b"\t\n\v\f\r", " ")).partition("=")
    if len(answer) > 200 or set(text) - set("0123456789+-*/() "):
        return False
    try:
        value, used = worth(ast.parse(text.strip(), mode="eval").body)
        if equals and (int(stated) != payload["target"] or not stated.strip().isascii() or "_" in stated):
            return False
    except (SyntaxError, TypeError, KeyError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return False
    return value == payload["target"] and all(used.count(n) <= payload["numbers"].count(n) for n in used)


def all_expressions(numbers):
    """Return every fully bracketed expression that uses exactly these numbers in this order."""
    if len(numbers) == 1:
        return [str(numbers[0])]
    return [
        f"({left}{sign}{right})"
        for cut in range(1, len(numbers))
        for left in all_expressions(numbers[:cut])
        for right in all_expressions(numbers[cut:])
        for sign in "+-*/"
    ]


def all_trees(numbers):
    """Return every expression over every arrangement of every part of the numbers, and its flat version."""
    texts = {
        text for size in range(1, len(numbers) + 1) for p in permutations(numbers, size) for text in all_expressions(p)
    }
    return sorted(texts | {text.replace("(", "").replace(")", "") for text in texts} | {text[1:-1] for text in texts})


@pytest.mark.parametrize("numbers", [[7, 3], [2, 2], [1, 12], [2, 3, 6], [4, 4, 2], [1, 5, 9], [0, 3, 7]])
def test_all_expressions_over_few_numbers_agree_with_the_oracle(numbers):
    texts = all_trees(numbers)
    for target in (-2, 0, 1, 3, 10, 12, 21):
        payload = {"numbers": numbers, "target": target}
        assert [verify(text, payload).score == 1.0 for text in texts] == [oracle(text, payload) for text in texts]


def test_all_short_texts_agree_with_the_oracle():
    payload = {"numbers": [2, 2, 3], "target": 4}
    texts = ["".join(chars) for length in range(6) for chars in product("23+-*/()", repeat=length)]
    verdicts = [verify(text, payload).score == 1.0 for text in texts]
    assert verdicts == [oracle(text, payload) for text in texts]
    assert sum(verdicts) == 12  # 2+2 and 2*2, four ways to bracket each; 2*3-2, 3*2-2, 2/2+3, 3+2/2


def reachable(numbers):
    """Return the values of all expressions that use exactly these numbers."""
    if len(numbers) == 1:
        return {Fraction(numbers[0])}
    found = set()
    for size in range(1, len(numbers)):
        for chosen in combinations(range(len(numbers)), size):
            rest = [n for i, n in enumerate(numbers) if i not in chosen]
            for a in reachable([numbers[i] for i in chosen]):
                for b in reachable(rest):
                    found |= {a + b, a - b, a * b} | ({a / b} if b else set())
    return found


def fewest(payload):
    numbers = payload["numbers"]
    return next(
        size
        for size in range(1, len(numbers) + 1)
        if any(payload["target"] in reachable(list(c)) for c in combinations(numbers, size))
    )


@pytest.mark.parametrize(("level", "count"), [(0, 60), (1, 60), (2, 60), (3, 20), (4, 8)])
def test_as_many_numbers_are_needed_as_certified(level, count):
    for index in range(count):
        instance = get_task("countdown").pose(index, level)
        assert fewest(instance.payload) == instance.certificate["needed"]


def test_the_search_modulo_a_prime_agrees_with_fractions():
    numbers = [2, 7, 7, 10]
    exact = reachable(numbers)
    for target in range(1, 400):
        assert Field(numbers).reaches((0, 1, 2, 3), target) == (target in exact)
    five = [1, 2, 3, 5, 9]
    some = reachable(five)
    field = Field(five)
    for target in range(300, 900, 13):
        assert field.reaches((0, 1, 2, 3, 4), target) == (target in some)


def test_expressions_are_counted():
    assert [count_expressions(n, n) for n in (1, 2, 3)] == [1, 2 + 8, 3 + 24 + 6 * 2 * 16]
    assert len(set(all_expressions([1, 2, 3]))) == 2 * 16


@pytest.mark.parametrize("change", [{"needed": 7}, {"needed": 1}, {"largest": 5_000}])
def test_levels_beyond_the_proof_are_refused(change):
    with pytest.raises(BadValue):
        get_task("countdown").pose(0, 5, params=change)


def test_values_follow_the_rules_of_rank():
    for text in ("2 - 3 - 4", "2 - 3 * 4", "8 / 4 / 2", "8 / 4 * 2", "(2 - 3) * 4 - 5 / 6", "2 * (3 - (4 - 5)) / 7"):
        assert exact_value(read_expression(text)) == worth(ast.parse(text, mode="eval").body)[0]
