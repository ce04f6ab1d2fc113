import ast
import operator
import re
from collections import Counter
from fractions import Fraction
from itertools import permutations, product

import pytest

from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.puzzles.game24 import count_expressions, whole_values
from gradarium.verifiers.puzzles.game24 import verify

EASY = {"numbers": [4, 6, 1, 1], "target": 24}
EIGHTS = {"numbers": [8, 3, 8, 3], "target": 24}
THREE = {"numbers": [2, 3, 4], "target": 24}
JOINED = {"numbers": [2, 4], "target": 24}
NEGATIVE = {"numbers": [2, 9, 31], "target": 24}
ZERO = {"numbers": [3, 3, 7, 7], "target": 0}

ACCEPTED = {
    "as usual": ("6 * 4 * 1 * 1", EASY),
    "no spaces": ("6*4*1/1", EASY),
    "by fractions": ("8 / (3 - 8 / 3)", EIGHTS),
    "division sign": ("8 \u00f7 (3 \u2212 8 \u00f7 3)", EIGHTS),
    "times sign": ("2 \u00d7 3 \u00d7 4", THREE),
    "LaTeX times": (r"2 \times 3\times4 = 24", THREE),
    "LaTeX dots": (r"2 \cdot 3 \cdot (4)", THREE),
    "middle dots": ("2 \u00b7 3 \u22c5 4", THREE),
    "star operator": ("2 \u2217 3\u22174", THREE),
    "letter x": ("2 x 3x4", THREE),
    "letter x at brackets": ("(2)x(3) x [4]", THREE),
    "square brackets around the whole": ("[6 * 4 * 1 * 1]", EASY),
    "square brackets": ("[2 * 3] * 4", THREE),
    "brackets in brackets": ("8 / [3 - (8 / 3)]", EIGHTS),
    "equals the target": ("2 * 3 * 4 = 24", THREE),
    "spare brackets": ("((2) * (3) * (4))", THREE),
    "negative on the way": ("2 - 9 + 31", NEGATIVE),
    "line break": ("2 * 3\n* 4", THREE),
}
REJECTED = {
    "given numbers ignored": ("6 * 4 * 1 * 1", EIGHTS),
    "not all numbers used": ("8 * 3", EIGHTS),
    "a number used twice": ("6 * 4 * 1 * 1 * 1", EASY),
    "the target itself": ("24", EASY),
    "digits joined": ("24", JOINED),
    "digits joined by a space": ("2 4", JOINED),
    "sum of the numbers": ("4 + 6 + 1 + 1", EASY),
    "near miss": ("8 * 3 + 8 / 3", EIGHTS),
    "rounded division": ("3 * (8 + 3 / 8)", EIGHTS),
    "list of steps": ("6*4=24, 24*1=24, 24*1=24", EASY),
    "list expression": ("[6, 4, 1, 1]", EASY),
    "comma list": ("6 * 4 * 1 * 1, 24", EASY),
    "comparison": ("6 * 4 * 1 * 1 == 24", EASY),
    "or": ("6 * 4 * 1 * 1 or 24", EASY),
    "right value, wrong suffix": ("6 * 4 * 1 * 1 = 25", EASY),
    "wrong value, right suffix": ("4 + 6 + 1 + 1 = 24", EASY),
    "chain of equations": ("6 * 4 = 24 * 1 = 24", EASY),
    "suffix empty": ("6 * 4 * 1 * 1 =", EASY),
    "unary minus": ("-2 + 9 + 31", NEGATIVE),
    "power": ("2 ** 3 + 4", THREE),
    "caret": ("4 ^ 2 + 3", THREE),
    "floor division": ("4 * 6 * 1 // 1", EASY),
    "factorial": ("4! + 6 * (1 - 1)", EASY),
    "concatenation in code": ("int('2' + '4')", JOINED),
    "square root": ("sqrt(4) * 6 * (1 + 1)", EASY),
    "multiplied by zero in disguise": ("6 * 4 + 5 * (1 - 1)", EASY),
    "division by zero": ("3 / (7 - 7) * 3", ZERO),
    "implicit product": ("6(4)(1)(1)", EASY),
    "unlike brackets": ("[2 * 3) * 4", THREE),
    "crossed brackets": ("([2 * 3)] * 4", THREE),
    "square bracket left open": ("[2 * 3 * 4", THREE),
    "square brackets side by side": ("[2 * 3][4]", THREE),
    "braces": ("{2 * 3} * 4", THREE),
    "letter x in front": ("x 2 * 3 * 4", THREE),
    "letter x at the end": ("2 * 3 * 4 x", THREE),
    "letter x twice": ("2 x x 3 * 4", THREE),
    "letter x for a number": ("2 * x * 3 * 4", THREE),
    "capital X": ("2 X 3 X 4", THREE),
    "hexadecimal": ("0x18", THREE),
    "LaTeX dots in a row": (r"2 \cdots 3 * 4", THREE),
    "LaTeX times twice": (r"2 \times \times 3 * 4", THREE),
    "product behind the equals sign": ("2 * 3 * 4 = 6 x 4", THREE),
    "leading zero": ("02 * 3 * 4", THREE),
    "decimal": ("2.0 * 3 * 4", THREE),
    "code": ("__import__('os').getpid()", EASY),
    "words": ("The answer is 2 * 3 * 4", THREE),
    "bracket left open": ("(2 * 3 * 4", THREE),
    "Arabic digits": ("\u0662 * \u0663 * \u0664", THREE),
    "superscript": ("2 * 3 * 4\u00b9", THREE),
    "full-width digits": ("\uff12 * 3 * 4", THREE),
    "over 200 characters": ("(" * 100 + "2 * 3 * 4" + ")" * 100, THREE),
    "empty": ("", EASY),
    "power tower": ("9**9**9**9", EASY),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def worth(node, used):
    """Return the value of a Python syntax tree and note its numbers; written apart from the verifier."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        used.append(node.value)
        return Fraction(node.value)
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](worth(node.left, used), worth(node.right, used))
    raise TypeError(node)


def oracle(answer, payload):
    """Judge with Python's own parser and exact fractions."""
    answer = answer.strip()
    if len(answer) > 200:
        return False
    for sign, plain in zip("\u00d7\u00f7\u2212\u2013", "*/--", strict=True):
        answer = answer.replace(sign, plain)
    text, equals, stated = answer.translate(dict.fromkeys(b"\t\n\v\f\r", " ")).partition("=")
    for sign in (r"\times", r"\cdot", "\u00b7", "\u22c5", "\u2217"):
        text = text.replace(sign, "*")
    text = re.sub(r"([0-9)\]] *)x( *)(?=[0-9(\[])", r"\1*\2", text)
    left, before = re.sub(r"[^()\[\]]", "", text), ""
    while left != before:
        left, before = left.replace("()", "").replace("[]", ""), left
    if not left:
        text = text.replace("[", "(").replace("]", ")")
    if set(text) - set("0123456789+-*/() "):
        return False
    used = []
    try:
        value = worth(ast.parse(text.strip(), mode="eval").body, used)
        if equals and (int(stated) != payload["target"] or not stated.strip().isascii() or "_" in stated):
            return False
    except (SyntaxError, TypeError, KeyError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return False
    return value == payload["target"] and Counter(used) == Counter(payload["numbers"])


def all_expressions(numbers):
    """Return every fully bracketed expression that uses these numbers in this order."""
    if len(numbers) == 1:
        return [str(numbers[0])]
    return [
        f"({left}{sign}{right})"
        for cut in range(1, len(numbers))
        for left in all_expressions(numbers[:cut])
        for right in all_expressions(numbers[cut:])
        for sign in "+-*/"
    ]


def solutions(payload):
    """Yield all fully bracketed expressions that are right; up to four numbers."""
    for order in sorted(set(permutations(payload["numbers"]))):
        for text in all_expressions(order):
            if oracle(text, payload):
                yield text


@pytest.mark.parametrize("level", [0, 1])
def test_all_expressions_of_small_instances(level):
    for index in range(20 if level == 0 else 8):
        payload = get_task("game24").pose(index, level).payload
        texts = [text for order in sorted(set(permutations(payload["numbers"]))) for text in all_expressions(order)]
        texts += [text.replace("(", "").replace(")", "") for text in texts]
        right = [text for text in texts if verify(text, payload).score == 1.0]
        assert right == [text for text in texts if oracle(text, payload)]
        assert right and set(solutions(payload)) <= set(right)


def test_all_short_texts_agree_with_the_oracle():
    payload = {"numbers": [2, 2, 3], "target": 4}
    texts = ["".join(chars) for length in range(6) for chars in product("23+-*/", repeat=length)]
    verdicts = [verify(text, payload).score == 1.0 for text in texts]
    assert verdicts == [oracle(text, payload) for text in texts]
    assert sum(verdicts) == 4  # 2*3-2, 3*2-2, 2/2+3, 3+2/2


def test_where_fractions_are_needed_no_whole_numbers_do():
    payload = {"numbers": [8, 3, 8, 3], "target": 24}
    assert 24 not in whole_values(payload["numbers"]) and {25, 0} <= whole_values(payload["numbers"])
    for index in range(1):
        instance = get_task("game24").pose(index, 5)
        numbers, target = instance.payload["numbers"], instance.payload["target"]
        assert target not in whole(numbers) and verify(instance.reference, instance.payload).score == 1.0


def whole(numbers):
    """Return the values of all expressions with whole numbers at every step: join any two until one is left."""
    if len(numbers) == 1:
        return {numbers[0]}
    found = set()
    for i, j in permutations(range(len(numbers)), 2):
        rest = [n for k, n in enumerate(numbers) if k not in (i, j)]
        a, b = numbers[i], numbers[j]
        for value in {a + b, a - b, a * b} | ({a // b} if b and a % b == 0 else set()):
            found |= whole([*rest, value])
    return found


@pytest.mark.parametrize("numbers", [[1, 2], [2, 3, 6], [8, 4, 2, 1]])
def test_whole_values_are_all_of_them(numbers):
    assert whole_values(numbers) == whole(numbers)


def test_levels_hold_what_their_parameters_say():
    for level, params in enumerate(get_task("game24").levels):
        for index in range(10):
            payload = get_task("game24").pose(index, level).payload
            assert len(payload["numbers"]) == params.numbers and max(payload["numbers"]) <= params.largest
            assert params.least_target <= payload["target"] <= params.most_target


def test_expressions_are_counted():
    assert [count_expressions(n) for n in (1, 2, 3)] == [1, 8, 6 * 2 * 16]


@pytest.mark.parametrize(
    "change", [{"numbers": 1}, {"numbers": 9}, {"largest": 0}, {"fractions": True}, {"least_target": 0}]
)
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("game24").pose(0, 6, params=change)
